"""What a cell's formula gives, as the cells that it refers to stand now.

Programs hand over formulas with a result of long ago, with 0 for a result, or with none: what can be worked out is worked
out. That is plain arithmetic, references to cells of the workbook, and the functions that stand in forms; whatever else
there is in a formula makes it unknown. Numbers are doubles here, as they are in every spreadsheet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from perfxl.model.grid import CellKind, Content, Grid, GridCell
from perfxl.values.double import number_of
from perfxl.values.formulas.operands import Failed, Scalar, Unknown, ValueArea
from perfxl.values.formulas.parser import ParsedFormula

_DEEPEST: Final = 40
"""Cells that depend on each other, one after the other."""
_MOST_WORK: Final = 100_000
"""Cells and steps that one result may take."""


class Result(NamedTuple):
    """What a formula gives now."""

    kind: CellKind
    value: Content


class Calculator:
    """Works out formulas of one workbook."""

    def __init__(self, sheets: Sequence[Grid]) -> None:
        self._sheets: Mapping[str, Grid] = {grid.name.lower(): grid for grid in reversed(sheets)}
        self._known: dict[tuple[str, int, int], Scalar | Unknown] = {}
        self._open: set[tuple[str, int, int]] = set()
        self._counted: dict[tuple[str, int, int], tuple[int, int, int]] = {}
        self._work = 0

    def result(self, sheet: str, cell: GridCell) -> Result | None:
        """Return what a cell's formula gives, None where that is unknown or the cell has none."""
        if not cell.formula:
            return None
        self._work = 0
        value = self._given(sheet.lower(), cell)
        if isinstance(value, Unknown):
            return None
        if isinstance(value, Failed):
            return Result(CellKind.ERROR, str(value))
        if isinstance(value, bool):
            return Result(CellKind.BOOLEAN, value)
        if isinstance(value, str):
            return Result(CellKind.TEXT, value)
        return Result(*number_of(value or 0.0))

    def value(self, sheet: str, row: int, column: int) -> Scalar:
        """Return what stands in a cell: what it holds, or what its formula gives. Raises Unknown.

        Of a formula that is unknown the stored result counts where it says something: a program that works nothing out
        stores nothing, or 0.
        """
        cell = self._grid(sheet).cells.get((row, column))
        if cell is None or cell.formula is None:
            return _plain(cell)
        given = self._given(sheet, cell)
        if not isinstance(given, Unknown):
            return given
        stored = _plain(cell)
        if not stored:
            raise given
        return stored

    def _given(self, sheet: str, cell: GridCell) -> Scalar | Unknown:
        place = (sheet, cell.row, cell.column)
        if place not in self._known:
            if place in self._open or len(self._open) >= _DEEPEST:
                return Unknown(cell.name)  # it leads back to itself
            self._open.add(place)
            try:
                self._known[place] = ParsedFormula(self, sheet, cell.formula or "").value()
            except Unknown as unknown:
                self._known[place] = unknown
            finally:
                self._open.discard(place)
        return self._known[place]

    def cells(self, area: ValueArea) -> Iterator[tuple[int, int]]:
        """Yield the places in an area that hold something, in order. Raises Unknown."""
        cells, box = self._grid(area.sheet).cells, area.box
        if box.area > len(cells):
            yield from (place for place in cells if box.holds(*place))
            return
        for row in range(box.row, box.last_row + 1):
            for column in range(box.column, box.last_column + 1):
                if (row, column) in cells:
                    yield row, column

    def step(self) -> None:
        """Count work. Raises Unknown where it becomes too much."""
        self._work += 1
        if self._work > _MOST_WORK:
            raise Unknown

    def values(self, area: ValueArea) -> Iterator[Scalar]:
        """Yield what stands in the cells of an area that hold something. Raises Unknown."""
        for row, column in self.cells(area):
            self.step()
            yield self.value(area.sheet, row, column)

    def counts(self, area: ValueArea) -> tuple[int, int]:
        """Return how many cells of an area hold something, and how many of them a number. Raises Unknown.

        The rows of a table are numbered by counts from its first row down: each goes on from where another ended.
        """
        box, start, filled, numbers = area.box, area.box.row, 0, 0
        down = (area.sheet, box.row, box.column)
        if box.column == box.last_column and down in self._counted:
            last, *counted = self._counted[down]
            if last <= box.last_row:
                start, (filled, numbers) = last + 1, counted
        for value in self.values(area._replace(box=box._replace(row=start))) if start <= box.last_row else ():
            filled += value is not None
            numbers += isinstance(value, float)
        if box.column == box.last_column:
            self._counted[down] = box.last_row, filled, numbers
        return filled, numbers

    def references(self, sheet: str, cell: GridCell) -> Sequence[ValueArea]:
        """Return the areas that a cell's formula refers to, () where that is unknown."""
        self._work = 0
        try:
            return tuple(ParsedFormula(self, sheet.lower(), cell.formula or "").areas())
        except Unknown:
            return ()

    def _grid(self, sheet: str) -> Grid:
        if sheet not in self._sheets:
            raise Unknown(sheet)
        return self._sheets[sheet]


def _plain(cell: GridCell | None) -> Scalar:
    if cell is None or cell.kind is CellKind.BLANK:
        return None
    if cell.kind is CellKind.ERROR:
        return Failed(cell.value)
    return float(cell.value) if isinstance(cell.value, Decimal) else cell.value
