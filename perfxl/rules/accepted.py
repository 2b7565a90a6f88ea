"""Submissions that were accepted earlier, found by unit, period and project: what a return is held against."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cached_property

from msgspec import Struct

from perfxl.model.form import Form
from perfxl.model.roster import code_key, name_key
from perfxl.model.stage import Stage
from perfxl.model.submission import FormReturn, Unit
from perfxl.model.value import Value


class AcceptedForm(Struct, frozen=True):
    """A form that a unit has filed, and the file that it was in."""

    file: str
    returned: FormReturn

    @property
    def form(self) -> Form:
        return self.returned.definition

    @property
    def named(self) -> str:
        """The form as a message speaks of it."""
        return f"《{self.form.title}》"


class Accepted(Struct, frozen=True, dict=True):
    """What was accepted earlier, later versions only, in the order of the files."""

    filed: tuple[AcceptedForm, ...] = ()

    def of(self, filed: AcceptedForm) -> tuple[AcceptedForm, ...]:
        """Return what the same unit has filed for the same time (any, where one of them names none), not of that form.

        Forms of projects go with those of the same project, forms of the whole unit with forms of the whole unit. What
        is about a part of the time goes with what is about all of it; of several such parts the latest comes first.
        """
        if not self.filed:
            return ()
        about, period = _subject(filed), filed.returned.period
        found = (
            other
            for other in self._named(filed.returned.unit)
            if other.form.id != filed.form.id and _subject(other) == about and other.returned.period.meets(period)
        )
        return tuple(sorted(found, key=lambda other: -other.returned.span[0]))

    def like(self, filed: AcceptedForm) -> tuple[AcceptedForm, ...]:
        """Return all that was filed on the same form for the same time, by whatever unit."""
        wanted = filed.form.id, filed.returned.period
        return tuple(other for other in self.filed if (other.form.id, other.returned.period) == wanted)

    def _named(self, unit: Unit) -> Iterable[AcceptedForm]:
        keys = (code_key(unit.code or ""), name_key(unit.name or ""))
        return [self.filed[number] for number in sorted({n for key in keys for n in self._units.get(key, ())})]

    @cached_property
    def _units(self) -> Mapping[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for number, filed in enumerate(self.filed):
            unit = filed.returned.unit
            for key in {code_key(unit.code or ""), name_key(unit.name or "")} - {""}:
                found[key].append(number)
        return found


NOTHING_ACCEPTED = Accepted()


def project(returned: FormReturn) -> str:
    """Return what a form is about besides unit and period: the project, a contract; "" where it names none.

    Of several such fields each has to be there.
    """
    texts = [_text(returned.record[path]) for path in returned.definition.identity.keys]
    return " ".join(texts) if all(texts) else ""


def _text(value: Value) -> str:
    match value:
        case str():
            return value
        case Decimal():
            return f"{value:f}"
        case dt.date():
            return value.isoformat()
        case _:
            return ""


def _subject(filed: AcceptedForm) -> tuple[bool, str]:
    """Return what forms about the same have in common: the project where both name one."""
    form, returned = filed.form, filed.returned
    named = returned.record[form.project_path] if form.project_path else None
    return form.many, name_key(named if isinstance(named, str) else project(returned))


def at_stage(found: Iterable[AcceptedForm], *stages: Stage) -> tuple[AcceptedForm, ...]:
    """Return what was filed at the first of some stages at which anything was."""
    known = tuple(found)
    return next((some for stage in stages if (some := tuple(f for f in known if f.form.stage == stage))), ())
