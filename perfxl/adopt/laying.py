"""A sheet as its maker left it, put together from its values and its looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from perfxl.adopt.sheet import PLAIN, UNKNOWN, Cell, Content, Looks, Sheet
from perfxl.model.address import Box
from perfxl.model.grid import CellKind, Grid, GridCell
from perfxl.values.dates import serial_date
from perfxl.values.number_format import is_date

MOST_COLUMNS = 256
"""Columns of a sheet that are looked at."""


def lay(grid: Grid, looks: Looks) -> Sheet:
    """Return a sheet from the values that it holds and from how it looks.

    What is in use ends with the last cell that holds, frames or opens something; formats strewn beyond it do not count.
    A merge that overlaps another is left out, as Excel leaves it out.
    """
    found = _found(grid, looks)
    is_open = any(not cell.style.locked for cell in found.values())
    told = looks.guarded and is_open
    used = [
        place
        for place, cell in found.items()
        if cell.value is not None or cell.formula or cell.style.boxed or (told and not cell.style.locked)
    ]
    rows, columns = max((row for row, _ in used), default=0), max((column for _, column in used), default=0)
    cells: dict[tuple[int, int], Cell] = {}
    for box in sorted(grid.merges):
        if box.row > rows or box.column > columns:
            continue
        covered = _covered(box, rows, columns)
        if any(one in cells for one in covered):
            continue
        cells |= dict.fromkeys(covered, _merged(found, box))
    for row in range(1, rows + 1):
        for column in range(1, columns + 1):
            place = (row, column)
            if place not in cells:
                cells[place] = found.get(place) or Cell(Box(row, column, row, column))
    return Sheet(
        grid.name,
        dict(sorted(cells.items())),
        rows,
        columns,
        looks.widths,
        looks.heights,
        looks.paper,
        told,
        looks.guarded and not is_open,
    )


def _found(grid: Grid, looks: Looks) -> dict[tuple[int, int], Cell]:
    """Return the cells that a file has, by their own place."""
    found: dict[tuple[int, int], Cell] = {}
    for place in looks.styles.keys() | looks.limits.keys() | grid.cells.keys():
        row, column = place
        if column > MOST_COLUMNS:
            continue
        value, formula = _content(grid.cells.get(place))
        style = looks.styles.get(place, PLAIN)
        found[place] = Cell(Box(row, column, row, column), value, formula, style, looks.limits.get(place))
    return found


def _content(cell: GridCell | None) -> tuple[Content, str]:
    """Return the value of a cell, and its formula where it has one: what a formula gave last is not the form's."""
    if cell is None:
        return None, ""
    if cell.formula is not None:
        return None, cell.formula or UNKNOWN
    value = cell.value
    if isinstance(value, Decimal) and cell.kind is CellKind.NUMBER and is_date(cell.format):
        day = serial_date(value)
        return (value if day is None else day), ""
    if isinstance(value, str):
        return (value if value.strip() else None), ""
    return value, ""


def _covered(box: Box, rows: int, columns: int) -> list[tuple[int, int]]:
    """Return the places of a merge as far as the sheet is in use."""
    return [
        (row, column)
        for row in range(box.row, min(box.last_row, rows) + 1)
        for column in range(box.column, min(box.last_column, columns) + 1)
    ]


def _merged(found: Mapping[tuple[int, int], Cell], box: Box) -> Cell:
    """Return the cell of a merge: what its first cell holds, with the lines of all that it covers."""
    first = found.get(box[:2]) or Cell(Box(*box[:2], *box[:2]))
    sides = set(first.style.sides)
    for place in ((box.row, box.last_column), (box.last_row, box.column), box[2:]):
        other = found.get(place)
        sides |= other.style.sides if other is not None else set()
    return replace(first, box=box, style=replace(first.style, sides=frozenset(sides)))
