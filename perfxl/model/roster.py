"""Who and what is expected in a round: the units, as the bureau keeps them (the roster), and the form and year collected."""

from __future__ import annotations

import dataclasses
import difflib
from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property

from msgspec import Struct, field

from perfxl.model.period import WHOLE_YEAR, Period, Span
from perfxl.model.regex import deferred
from perfxl.model.words import squeezed, without_scope

_WHOLE = deferred(r"(\d+)\.0+")


def code_key(text: str) -> str:
    """Return a unit's code as it is compared: NFKC, without blanks; 430407.0 is 430407, leading zeros stay."""
    code = squeezed(text)
    whole = _WHOLE.fullmatch(code)
    return whole[1] if whole else code


def name_key(text: str) -> str:
    """Return a unit's name as it is compared: NFKC, without blanks and without （汇总）, （本级） at its end."""
    return without_scope(squeezed(text))


class RosterUnit(Struct, frozen=True):
    """A unit that is expected to hand in.

    ``row`` is its row in the roster's file. ``prefill`` is what stands in the further columns, by their heads (field
    paths), as it would be typed; blanks are left out.
    """

    name: str
    code: str | None
    row: int
    prefill: Mapping[str, str] = field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Roster:
    """The units in the order of their rows; no code stands twice, nor a name without codes to tell the units apart.

    ``notes`` say in Chinese what about the list is probably not meant, and can be used all the same.
    """

    units: tuple[RosterUnit, ...]
    notes: tuple[str, ...] = dataclasses.field(default=(), compare=False)

    def by_code(self, code: str) -> RosterUnit | None:
        """Return the unit with a code, however it is spelled."""
        return self._codes.get(code_key(code))

    def by_name(self, name: str) -> tuple[RosterUnit, ...]:
        """Return the units with a name; several where units with codes of their own are called the same."""
        return self._names.get(name_key(name), ())

    def nearest(self, name: str) -> RosterUnit | None:
        """Return the unit whose name is most like a name that is not in the roster; None where none is like it."""
        near = difflib.get_close_matches(name_key(name), self._names, 1)
        return self._names[near[0]][0] if near else None

    @cached_property
    def _codes(self) -> Mapping[str, RosterUnit]:
        return {code_key(unit.code): unit for unit in self.units if unit.code}

    @cached_property
    def _names(self) -> Mapping[str, tuple[RosterUnit, ...]]:
        names: dict[str, list[RosterUnit]] = defaultdict(list)
        for unit in self.units:
            names[name_key(unit.name)].append(unit)
        return {name: tuple(units) for name, units in names.items()}


class Expected(Struct, frozen=True):
    """A form that is expected, of one year or (None) of any, of all its parts or one; others do not count as handed in."""

    form: str
    year: int | None = None
    span: Span = WHOLE_YEAR

    @property
    def period(self) -> Period:
        return Period(self.year, *self.span)

    def is_met_by(self, form: str, year: int | None, span: Span = WHOLE_YEAR) -> bool:
        """Tell whether a form of a year and a part of it is the expected one; what nothing tells is no other one."""
        return form == self.form and self.period.meets(Period(year, *span))
