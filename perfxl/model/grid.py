"""A workbook as it came: cells with their values and formats, before anybody knows what form it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from msgspec import Struct, field

from perfxl.model.address import Box, cell_name

WIDEST_MERGE = 20_000
"""Cells of a merge that are looked at one by one; a wider one is no cell of a form."""

Content: TypeAlias = str | Decimal | bool | None


class CellKind(StrEnum):
    """What a cell holds."""

    NUMBER = "number"
    TEXT = "text"
    BOOLEAN = "boolean"
    ERROR = "error"
    BLANK = "blank"


class GridCell(NamedTuple):
    """A cell that holds something: a constant, a formula, or both sides of one.

    value: NUMBER → Decimal at 15 significant digits, TEXT → str untouched (rich text joined, phonetics left out),
    BOOLEAN → bool, ERROR → its text (``#REF!``), BLANK → None (a formula without a cached result).
    ``format`` is the number format code (``General`` where none); built-in ids are resolved, the date formats of
    Chinese Excel (27–36, 50–58) too. ``formula`` is None for a constant, else its text without ``=``, as Excel
    writes it ("" in the cells of an array formula that do not carry it, and where it is not known: in .xlsb files, and
    for some formulas of .xls files).
    """

    row: int
    column: int
    kind: CellKind
    value: Content
    format: str = "General"
    formula: str | None = None

    @property
    def name(self) -> str:
        return cell_name(self.row, self.column)


class Unseen(NamedTuple):
    """Rows and columns of a sheet that are hidden; rows only as far as they hold something."""

    rows: frozenset[int] = frozenset()
    columns: frozenset[int] = frozenset()


ALL_SEEN = Unseen()


class Grid(Struct, frozen=True):
    """One sheet. ``cells`` by (row, column), in reading order; ``merges`` as they stand in the file."""

    name: str
    cells: Mapping[tuple[int, int], GridCell]
    merges: tuple[Box, ...] = ()
    hidden: bool = False
    names: Mapping[str, str] = field(default_factory=dict)
    """Names defined for this sheet only: name → what it refers to."""
    damaged: bool = False
    """Whether the file has lost what the sheet holds: no cell of it could be read."""
    unseen: Unseen = ALL_SEEN
    widths: Mapping[int, float] = field(default_factory=dict)
    """Columns that say how wide they are, in characters: to draw the sheet, not to read it. Only .xlsx files tell."""


class Book(Struct, frozen=True):
    """A workbook that could be opened. ``format``: ``xlsx``, ``xlsm``, ``xls``, ``ods`` or ``xlsb``, told by content."""

    format: str
    sheets: tuple[Grid, ...]
    properties: Mapping[str, str] = field(default_factory=dict)
    """Custom document properties."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Names defined for the whole workbook."""
    macros: bool = False
    external_links: bool = False
    modified: dt.datetime | None = None
    """When it was saved last, by its own account, in UTC; None where it does not say."""
