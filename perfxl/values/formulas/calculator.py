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
_MOST_TEXTS: Final = 500
"""Cells among which those with text are looked for."""
_MOST_WORK: Final = 100_000
"""Cells and steps that one result may take."""


class Result(NamedTuple):
    """What a formula gives now; ``texts`` are the cells with text on its sheet that it depends on."""

    kind: CellKind
    value: Content
    texts: frozenset[str] = frozenset()


class Calculator:
    """Works out formulas of one workbook."""

    def __init__(self, sheets: Sequence[Grid]) -> None:
        self._sheets: Mapping[str, Grid] = {grid.name.lower(): grid for grid in reversed(sheets)}
        self._known: dict[tuple[str, int, int], Scalar | Unknown] = {}
        self._open: set[tuple[str, int, int]] = set()
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
        kind, number = number_of(value or 0.0)
        return Result(kind, number, frozenset(self._texts(sheet.lower(), cell, set())))

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

    def _grid(self, sheet: str) -> Grid:
        if sheet not in self._sheets:
            raise Unknown(sheet)
        return self._sheets[sheet]

    def _texts(self, sheet: str, cell: GridCell, seen: set[tuple[int, int]]) -> Iterator[str]:
        """Yield the cells with text, by name, that a formula depends on."""
        try:
            areas = list(ParsedFormula(self, sheet, cell.formula or "").areas())
            places = [place for area in areas if area.sheet == sheet for place in self.cells(area)]
        except Unknown:
            return
        for place in places:
            if place in seen or len(seen) > _MOST_TEXTS:
                continue
            seen.add(place)
            found = self._grid(sheet).cells[place]
            if found.formula is not None:
                yield from self._texts(sheet, found, seen)
            elif found.kind is CellKind.TEXT:
                yield found.name


def _plain(cell: GridCell | None) -> Scalar:
    if cell is None or cell.kind is CellKind.BLANK:
        return None
    if cell.kind is CellKind.ERROR:
        return Failed(cell.value)
    return float(cell.value) if isinstance(cell.value, Decimal) else cell.value
