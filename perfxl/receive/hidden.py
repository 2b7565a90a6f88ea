"""The way to a marked cell that nobody sees: what is hidden stays hidden, and the mark says how it is shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from perfxl.model.address import Box, column_letter, parse_cell
from perfxl.model.finding import Finding
from perfxl.model.grid import Grid
from perfxl.rules.structure import S13


def with_the_way(findings: Sequence[Finding], grids: Sequence[Grid]) -> tuple[Finding, ...]:
    """Return findings of which those at hidden cells say how these are shown; S13 says so by itself."""
    sheets = {grid.name: grid for grid in grids}
    return tuple(_with_the_way(finding, sheets) for finding in findings)


def _with_the_way(finding: Finding, sheets: Mapping[str, Grid]) -> Finding:
    grid = sheets.get(finding.sheet or "")
    if grid is None or not finding.cell or finding.code == S13.code:
        return finding
    if not (grid.hidden or grid.unseen.rows or grid.unseen.columns):
        return finding
    said = "；".join(_ways(grid, _box(grid, *parse_cell(finding.cell))))
    return replace(finding, message=f"{finding.message}（{said}）") if said else finding


def _ways(grid: Grid, box: Box) -> Iterator[str]:
    if grid.hidden:
        yield "这张工作表被隐藏，先右键任一工作表标签，“取消隐藏”"
    if grid.unseen.rows.issuperset(range(box.row, box.last_row + 1)):
        yield f"第 {box.row} 行被隐藏，先选中上下两行，右键“取消隐藏”"
    if grid.unseen.columns.issuperset(range(box.column, box.last_column + 1)):
        yield f"{column_letter(box.column)} 列被隐藏，先选中左右两列，右键“取消隐藏”"


def _box(grid: Grid, row: int, column: int) -> Box:
    """Return the cell, merged as it is."""
    own = (box for box in grid.merges if box.holds(row, column))
    return next(own, Box(row, column, row, column))
