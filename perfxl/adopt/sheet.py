"""A sheet as its maker left it: every cell with its place, what stands in it, and how it looks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from decimal import Decimal
from typing import TypeAlias

from msgspec import Struct, field

from perfxl.adopt.mark import Mark
from perfxl.model.address import Box

UNKNOWN = "?"
"""The formula of a cell that has one which the file does not tell."""
MOST_LOOKS = 4_000
"""Rows of a sheet whose looks are read: programs repeat the last one down to the end of the sheet."""
Content: TypeAlias = str | Decimal | dt.date | bool | None


class Style(Struct, frozen=True):
    """How a cell looks. ``face`` is the name of its font as its file writes it, "" where that is not said; ``size`` is in points.

    ``sides`` are those of its four edges that have a line: left, right, top, bottom.

    ``fill`` is the colour of its ground as its file writes it, "" where it has none.
    """

    format: str = "General"
    size: float = 11.0
    bold: bool = False
    align: str = ""
    sides: frozenset[str] = frozenset()
    locked: bool = True
    fill: str = ""
    face: str = ""

    @property
    def boxed(self) -> bool:
        """Whether the cell stands in a box: a line on any side but the right, which may be its neighbour's."""
        return bool(self.sides - {"right"})


class Limit(Struct, frozen=True):
    """What may be typed into a cell: the kind of a data validation, the choices of a list, the bounds of a number."""

    kind: str
    choices: tuple[str, ...] = ()
    least: Decimal | None = None
    most: Decimal | None = None
    prompt: str = ""


PLAIN = Style()


class Cell(Struct, frozen=True, eq=False):
    """A cell with its merge: its value, or the formula (without ``=``) that gives it; ``marks`` settle what it is for."""

    box: Box
    value: Content = None
    formula: str = ""
    style: Style = PLAIN
    limit: Limit | None = None
    marks: tuple[Mark, ...] = ()

    @property
    def text(self) -> str:
        return self.value if isinstance(self.value, str) else ""


class Paper(Struct, frozen=True):
    """How a sheet is printed; margins left, right, top, bottom in centimetres, () where they are the program's own.

    ``header`` and ``footer`` are as a definition says them, "" for none.
    """

    landscape: bool = False
    margins: tuple[Decimal, ...] = ()
    large: bool = False
    """Whether it is printed on A3."""
    header: str = ""
    footer: str = ""


class Sheet(Struct, frozen=True):
    """A sheet as far as it is in use. ``cells`` has every place in it, covered ones too, by (row, column).

    ``widths`` are in characters by column, ``heights`` in points by row, as far as they are set; the rows of ``exact`` are as
    high as somebody has made them, others as what stands in them. ``told``: the sheet is protected, and open cells in it say
    which are filled in; ``closed``: it is protected and no cell is open. ``cut``: how many rows at its end were left out, all
    blank and the same as the last; ``hides``: some of its rows or columns are hidden, and what they hold was left out;
    ``unprinted``: cells with content that were left out since they are not printed.
    """

    name: str
    cells: Mapping[tuple[int, int], Cell]
    rows: int
    columns: int
    widths: Mapping[int, float]
    heights: Mapping[int, float]
    paper: Paper = Paper()
    told: bool = False
    closed: bool = False
    cut: int = 0
    hides: bool = False
    unprinted: tuple[str, ...] = ()
    exact: AbstractSet[int] = frozenset()

    def row(self, number: int) -> list[Cell]:
        """Return the cells of a row, each merge once."""
        return list(dict.fromkeys(self.cells[number, column] for column in range(1, self.columns + 1)))

    def anchors(self) -> Iterator[Cell]:
        """Yield each cell once, in reading order."""
        for (row, column), cell in self.cells.items():
            if cell.box.row == row and cell.box.column == column:
                yield cell


class Looks(Struct, frozen=True):
    """How a sheet looks, as its file says it: what a reader of each format delivers beside the values.

    Styles and limits by (row, column), also of cells that hold nothing; ``widths`` in characters by column, ``heights`` in
    points by row, as far as they are set, those of ``exact`` by somebody; ``rest`` is how high somebody has made all other rows,
    0 where nobody has. ``guarded``: the sheet is protected; ``printed``: what of it is printed, None for all.
    """

    styles: Mapping[tuple[int, int], Style] = field(default_factory=dict)
    limits: Mapping[tuple[int, int], Limit] = field(default_factory=dict)
    widths: Mapping[int, float] = field(default_factory=dict)
    heights: Mapping[int, float] = field(default_factory=dict)
    paper: Paper = Paper()
    guarded: bool = False
    printed: Box | None = None
    exact: AbstractSet[int] = frozenset()
    rest: float = 0.0
