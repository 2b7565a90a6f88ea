"""One date system for all that is read: days are counted from 1900, as Excel on Windows does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from perfxl.model.grid import CellKind, Grid, GridCell
from perfxl.values.number_format import is_date

_BETWEEN = Decimal(1462)
"""Days from the first day of the one system to that of the other."""


def from_1904(grids: Iterable[Grid]) -> tuple[Grid, ...]:
    """Return the sheets of a workbook that counts days from 1904, counted from 1900: the cells that show a date."""
    return tuple(replace(grid, cells={place: _moved(cell) for place, cell in grid.cells.items()}) for grid in grids)


def _moved(cell: GridCell) -> GridCell:
    if cell.kind is CellKind.NUMBER and isinstance(cell.value, Decimal) and is_date(cell.format):
        return cell._replace(value=cell.value + _BETWEEN)
    return cell
