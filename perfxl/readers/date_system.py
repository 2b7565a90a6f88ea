"""One date system for all that is read: days are counted from 1900, as Excel on Windows does."""

from __future__ import annotations

from decimal import Decimal

from perfxl.model.grid import CellKind, GridCell
from perfxl.values.number_format import is_date

_BETWEEN = Decimal(1462)
"""Days from the first day of the one system to that of the other."""


def from_1904(cell: GridCell) -> GridCell:
    """Return a cell of a workbook that counts days from 1904 as one that counts them from 1900, where it shows a date."""
    if cell.kind is CellKind.NUMBER and isinstance(cell.value, Decimal) and is_date(cell.format):
        return cell._replace(value=cell.value + _BETWEEN)
    return cell
