"""What a form takes over from others: where each value comes from, which rows belong together, what is approved."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from perfxl.model.expression import Expr, FieldRef
from perfxl.model.field_type import Type
from perfxl.model.period import Period

NEW_YEAR = "new_year"
"""What the year of the receiving form is called in the expressions of a mapping."""


class YearSpan(StrEnum):
    """From when to when: the receiving form is of the same time as its source, of the next year, of the time that follows."""

    SAME = "same"
    NEXT = "next"
    FOLLOWING = "following"

    def period(self, period: Period, length: int) -> Period:
        """Return the period of the receiving form for a source of some period; ``length`` is how long its periods are.

        Where these are shorter it is not known which of them is meant.
        """
        moved = period.after if self is YearSpan.FOLLOWING else period
        if self is YearSpan.NEXT and moved.year is not None:
            moved = replace(moved, year=moved.year + 1)
        return moved.of_length(length) or Period(moved.year, 0, 0)


class Only(StrEnum):
    """Which rows a mapping is about, where the receiving form prints some itself."""

    OWN = "own"
    PRINTED = "printed"


class Take(Struct, frozen=True):
    """One value that is taken over: its generic path in the receiving form, an expression over the source.

    ``kind`` is the source field's type where the expression is that field and nothing else, so that the value goes over
    as it is. A ``locked`` value is approved: the officer cannot change it.
    """

    path: str
    value: Expr
    kind: Type | None = None
    locked: bool = False

    @property
    def copies(self) -> bool:
        return isinstance(self.value, FieldRef)


class RowTake(Struct, frozen=True):
    """Rows of a growing table that are taken over; paths are generic, with the brackets of what is above them.

    ``table`` is the receiving one, ``rows`` the source's ("" : the source as a whole is one row). Rows are the same
    where the keys ``match`` are equal inside their parents. ``adds`` false: rows that are not there are not made.
    """

    table: str
    rows: str
    match: tuple[str, ...]
    takes: tuple[Take, ...]
    only: Only | None = None
    adds: bool = True


class Carry(Struct, frozen=True):
    """All that a form takes over from one other form; ``line`` is where its definition says so."""

    source: str
    span: YearSpan
    takes: tuple[Take, ...] = ()
    tables: tuple[RowTake, ...] = ()
    line: int = 0

    @property
    def supplements(self) -> bool:
        """Whether it only completes rows that other sources have brought: by itself it makes no workbook."""
        return not self.takes and not any(rows.adds for rows in self.tables)
