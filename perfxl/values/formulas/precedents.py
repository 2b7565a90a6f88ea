"""Which cells of a sheet its formulas depend on, themselves or through other formulas."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple, TypeAlias

from perfxl.model.address import Box
from perfxl.model.grid import Grid, GridCell
from perfxl.values.formulas.calculator import Calculator

_MOST_STEPS: Final = 100_000
"""Formulas that are looked into for one sheet."""

Spot: TypeAlias = tuple[int, int]


class _Sheet(NamedTuple):
    """A sheet: its cells, by column the rows of those that are asked about, and of those with formulas."""

    grid: Grid
    among: dict[int, Sequence[int]]
    formulas: dict[int, Sequence[int]]


class Precedents:
    """Tells which of some cells (row and column) the formulas of a sheet depend on, of it or of ``others`` with theirs."""

    def __init__(
        self,
        calculator: Calculator,
        grid: Grid,
        among: Iterable[Spot],
        others: Sequence[tuple[Grid, Iterable[Spot]]] = (),
    ) -> None:
        self._calculator, self._grid = calculator, grid
        self._sheets = {one.name.lower(): _sheet(one, spots) for one, spots in ((grid, among), *others)}
        self._asked = any(one.among for one in self._sheets.values())
        self._steps = 0

    def of(self, cell: GridCell) -> frozenset[Spot]:
        """Return those of the cells on the sheet itself that a cell's formula depends on."""
        return frozenset((row, column) for sheet, row, column in self.everywhere(cell) if sheet == self._grid.name)

    def everywhere(self, cell: GridCell) -> frozenset[tuple[str, int, int]]:
        """Return those of the cells that a cell's formula depends on, each with its sheet.

        Where that is too much work, those found so far.
        """
        found: set[tuple[str, int, int]] = set()
        seen = {(self._grid.name.lower(), cell.row, cell.column)}
        waiting = [(self._grid.name, cell)] if self._asked else []
        while waiting and self._steps < _MOST_STEPS:
            self._steps += 1
            for area in self._calculator.references(*waiting.pop()):
                sheet = self._sheets.get(area.sheet)
                if sheet is None:
                    continue
                found.update((sheet.grid.name, *at) for at in _inside(sheet.among, area.box))
                for at in _inside(sheet.formulas, area.box):
                    if (area.sheet, *at) not in seen:
                        seen.add((area.sheet, *at))
                        waiting.append((sheet.grid.name, sheet.grid.cells[at]))
        return frozenset(found)


def _sheet(grid: Grid, among: Iterable[Spot]) -> _Sheet:
    return _Sheet(grid, _by_column(among), _by_column(at for at, one in grid.cells.items() if one.formula is not None))


def _by_column(spots: Iterable[Spot]) -> dict[int, Sequence[int]]:
    """Return the rows in each column, in order."""
    columns: dict[int, list[int]] = defaultdict(list)
    for row, column in spots:
        columns[column].append(row)
    return {column: sorted(rows) for column, rows in columns.items()}


def _inside(columns: dict[int, Sequence[int]], box: Box) -> Iterator[Spot]:
    for column, rows in columns.items():
        if box.column <= column <= box.last_column:
            for row in rows[bisect_left(rows, box.row) : bisect_right(rows, box.last_row)]:
                yield row, column
