"""Sheets that perfxl itself put into a workbook, told by what is on them: anybody can give a sheet their name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType

from perfxl.model import stamp as stamps
from perfxl.model.grid import CellKind, Grid, GridCell

SELF_CHECK_HEADS = ("序号", "检查内容", "结果", "说明", "查看")
"""The heads of 填报自检; what it says below the last three of them is worked out by formulas."""
_SHEET_COLUMN = 11
"""The hidden column of 填报自检 that says on which sheet a line looks."""
_LOWEST_HEAD = 20
_TYPED_ABOVE = frozenset({1, 2})
"""Columns in which there are words above the heads."""


def is_own(grid: Grid) -> bool:
    """Tell whether a sheet is one that perfxl added: 封面, 目录, 填报自检, 填表说明, or a hidden one."""
    if grid.damaged:
        return False
    if not grid.cells:
        return grid.name in stamps.OWN
    if stamps.FRONT in grid.names:
        return _is_computed(grid)
    title = grid.cells.get((1, 1))
    if title is not None and title.value == stamps.SELF_CHECK:
        return _is_self_check(grid)
    if title is not None and title.value == stamps.INSTRUCTIONS:
        return _is_instructions(grid)
    return _BY_NAME.get(grid.name, _is_none)(grid)


def _is_self_check(grid: Grid) -> bool:
    head = next((row for row in range(2, _LOWEST_HEAD + 1) if _heads(grid, row) == SELF_CHECK_HEADS), None)
    # Most of its cells hold formulas.
    given = (cell for cell in grid.cells.values() if cell.formula is None) if head is not None else ()
    return head is not None and not any(_is_typed_in(cell, head) for cell in given if cell.row != head)


def _is_instructions(grid: Grid) -> bool:
    """Tell whether a sheet has our topics down its left, a text beside each, and nothing else."""
    topics = {row: cell.value for (row, column), cell in grid.cells.items() if column == 1 and row > 1}
    beside = {row for row, column in grid.cells if column > 1}
    known = set(topics.values()) <= set(stamps.TOPICS)
    return bool(topics) and known and beside == set(topics) and all(column <= 2 for _, column in grid.cells)


def _heads(grid: Grid, row: int) -> tuple[object, ...]:
    cells = (grid.cells.get((row, column)) for column in range(1, len(SELF_CHECK_HEADS) + 1))
    return tuple(cell.value if cell else None for cell in cells)


def _is_typed_in(cell: GridCell, head: int) -> bool:
    """Tell whether a cell of 填报自检 that holds no formula holds what perfxl does not write there."""
    if cell.row < head or cell.column <= 2:
        return cell.column not in _TYPED_ABOVE
    if cell.column == _SHEET_COLUMN:
        return cell.kind is not CellKind.TEXT
    return cell.column <= len(SELF_CHECK_HEADS) or not isinstance(cell.value, Decimal)


def _is_of_stamps(grid: Grid) -> bool:
    """Tell whether a sheet holds nothing but names of sheets and their stamps."""
    return all(
        column == 1 or (column == 2 and cell.kind is CellKind.TEXT and stamps.decode(str(cell.value)) is not None)
        for (_, column), cell in grid.cells.items()
    )


def _is_of_lists(grid: Grid) -> bool:
    """Tell whether a hidden sheet holds nothing but texts below our own heads."""
    heads = [cell.value for (row, _), cell in grid.cells.items() if row == 1]
    texts = all(cell.kind is CellKind.TEXT and cell.formula is None for cell in grid.cells.values())
    return grid.hidden and texts and set(heads) == {stamps.LISTS}


def _is_computed(grid: Grid) -> bool:
    return all(cell.formula is not None for cell in grid.cells.values())


def _is_none(grid: Grid) -> bool:
    del grid
    return False


_BY_NAME: Mapping[str, Callable[[Grid], bool]] = MappingProxyType(
    {stamps.NAME: _is_of_stamps, stamps.ROWS: _is_computed, stamps.LISTS: _is_of_lists}
)
