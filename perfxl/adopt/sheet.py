"""A sheet as its maker left it: every cell with its place, what stands in it, and how it looks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from perfxl.adopt.mark import Mark
from perfxl.model.address import Box

Content: TypeAlias = str | Decimal | dt.date | bool | None


@dataclass(frozen=True, slots=True)
class Style:
    """How a cell looks. ``sides`` are those of its four edges that have a line: left, right, top, bottom."""

    format: str = "General"
    size: float = 11.0
    bold: bool = False
    align: str = ""
    sides: frozenset[str] = frozenset()
    locked: bool = True

    @property
    def boxed(self) -> bool:
        """Whether the cell stands in a box: a line on any side but the right, which may be its neighbour's."""
        return bool(self.sides - {"right"})


@dataclass(frozen=True, slots=True)
class Limit:
    """What may be typed into a cell: the kind of a data validation, the choices of a list, the bounds of a number."""

    kind: str
    choices: tuple[str, ...] = ()
    least: Decimal | None = None
    most: Decimal | None = None
    prompt: str = ""


PLAIN = Style()


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
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


@dataclass(frozen=True, slots=True)
class Paper:
    """How a sheet is printed; margins left, right, top, bottom in centimetres, () where they are the program's own."""

    landscape: bool = False
    margins: tuple[Decimal, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as far as it is in use. ``cells`` has every place in it, covered ones too, by (row, column).

    ``widths`` are in characters by column, ``heights`` in points by row, as far as they are set. ``told``: the sheet is
    protected, and open cells in it say which are filled in; ``closed``: it is protected and no cell is open.
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

    def anchors(self) -> Iterator[Cell]:
        """Yield each cell once, in reading order."""
        for (row, column), cell in self.cells.items():
            if cell.box.row == row and cell.box.column == column:
                yield cell


def lay(
    name: str,
    found: Mapping[tuple[int, int], Cell],
    merges: Mapping[tuple[int, int], Box],
    widths: Mapping[int, float],
    heights: Mapping[int, float],
    paper: Paper,
    *,
    guarded: bool,
) -> Sheet:
    """Return a sheet from the cells that a file has, by their own place, and its merges by their first.

    What is in use ends with the last cell that holds, frames or opens something; formats strewn beyond it do not count.
    A merge that overlaps another is left out, as Excel leaves it out.
    """
    is_open = any(not cell.style.locked for cell in found.values())
    told = guarded and is_open
    used = [
        place
        for place, cell in found.items()
        if cell.value is not None or cell.formula or cell.style.boxed or (told and not cell.style.locked)
    ]
    rows, columns = max((row for row, _ in used), default=0), max((column for _, column in used), default=0)
    cells: dict[tuple[int, int], Cell] = {}
    for place, box in sorted(merges.items()):
        if box.row > rows or box.column > columns:
            continue
        covered = _covered(box, rows, columns)
        if any(one in cells for one in covered):
            continue
        whole = _merged(found, place, box)
        cells |= dict.fromkeys(covered, whole)
    for row in range(1, rows + 1):
        for column in range(1, columns + 1):
            place = (row, column)
            if place not in cells:
                cells[place] = found.get(place) or Cell(Box(row, column, row, column))
    return Sheet(
        name, dict(sorted(cells.items())), rows, columns, widths, heights, paper, told, guarded and not is_open
    )


def _covered(box: Box, rows: int, columns: int) -> list[tuple[int, int]]:
    """Return the places of a merge as far as the sheet is in use."""
    return [
        (row, column)
        for row in range(box.row, min(box.last_row, rows) + 1)
        for column in range(box.column, min(box.last_column, columns) + 1)
    ]


def _merged(found: Mapping[tuple[int, int], Cell], place: tuple[int, int], box: Box) -> Cell:
    """Return the cell of a merge: what its first cell holds, with the lines of all that it covers."""
    first = found.get(place) or Cell(Box(*place, *place))
    sides = set(first.style.sides)
    for row, column in ((box.row, box.last_column), (box.last_row, box.column), (box.last_row, box.last_column)):
        other = found.get((row, column))
        sides |= other.style.sides if other is not None else set()
    style = first.style
    style = Style(style.format, style.size, style.bold, style.align, frozenset(sides), style.locked)
    return Cell(box, first.value, first.formula, style, first.limit)
