"""Which cells of a sheet its formulas depend on, themselves or through other formulas."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeAlias

from perfxl.model.address import Box
from perfxl.model.grid import Grid, GridCell
from perfxl.values.formulas.calculator import Calculator

_MOST_STEPS: Final = 100_000
"""Formulas that are looked into for one sheet."""

Spot: TypeAlias = tuple[int, int]


class Precedents:
    """Tells which of some cells (row and column) of a sheet its formulas depend on."""

    def __init__(self, calculator: Calculator, grid: Grid, among: Iterable[Spot]) -> None:
        self._calculator, self._grid = calculator, grid
        self._among = _by_column(among)
        self._formulas = _by_column(at for at, cell in grid.cells.items() if cell.formula is not None)
        self._steps = 0

    def of(self, cell: GridCell) -> frozenset[Spot]:
        """Return those of the cells that a cell's formula depends on; where that is too much work, those found so far."""
        found: set[Spot] = set()
        seen = {(cell.row, cell.column)}
        waiting = [cell] if self._among else []
        while waiting and self._steps < _MOST_STEPS:
            self._steps += 1
            for area in self._calculator.references(self._grid.name, waiting.pop()):
                if area.sheet != self._grid.name.lower():
                    continue
                found.update(_inside(self._among, area.box))
                for at in _inside(self._formulas, area.box):
                    if at not in seen:
                        seen.add(at)
                        waiting.append(self._grid.cells[at])
        return frozenset(found)


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
