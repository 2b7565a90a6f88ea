"""Submissions that were accepted earlier, found by unit, year and project: what a return is held against."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from perfxl.model.form import Form
from perfxl.model.roster import code_key, name_key
from perfxl.model.stage import Stage
from perfxl.model.submission import FormReturn, Unit


@dataclass(frozen=True, slots=True)
class AcceptedForm:
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


@dataclass(frozen=True)
class Accepted:
    """What was accepted earlier, later versions only, in the order of the files."""

    filed: tuple[AcceptedForm, ...] = ()

    def of(self, filed: AcceptedForm) -> tuple[AcceptedForm, ...]:
        """Return what the same unit has filed for the same year (any, where one of them names none), not of that form.

        Forms of projects go with those of the same project, forms of the whole unit with forms of the whole unit.
        """
        about, year = _subject(filed), filed.returned.year
        return tuple(
            other
            for other in self._named(filed.returned.unit)
            if other.form.id != filed.form.id
            and _subject(other) == about
            and (other.returned.year == year or year is None or other.returned.year is None)
        )

    def like(self, filed: AcceptedForm) -> tuple[AcceptedForm, ...]:
        """Return all that was filed on the same form for the same year, by whatever unit."""
        wanted = filed.form.id, filed.returned.year
        return tuple(other for other in self.filed if (other.form.id, other.returned.year) == wanted)

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
    """Return the project that a form is about, "" where it is about the whole unit or names none."""
    name = returned.record[returned.definition.project_path]
    return name if isinstance(name, str) else ""


def _subject(filed: AcceptedForm) -> tuple[bool, str]:
    return filed.form.many, name_key(project(filed.returned))


def at_stage(found: Iterable[AcceptedForm], *stages: Stage) -> tuple[AcceptedForm, ...]:
    """Return what was filed at the first of some stages at which anything was."""
    known = tuple(found)
    return next((some for stage in stages if (some := tuple(f for f in known if f.form.stage == stage))), ())
