"""Tables below heads: growing ones, matrices, those of indicators with printed levels."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum
from itertools import pairwise

from msgspec import Struct

from perfxl.adopt.draft import Area, Draft
from perfxl.adopt.grid import Grid, Kind, Spot
from perfxl.adopt.growing import growing, without_heads
from perfxl.adopt.heads import Head, Heads, body_end, heads_of, own_spots
from perfxl.adopt.levels import nested
from perfxl.adopt.matrices import fits_marks, matrix
from perfxl.adopt.matrix_columns import Printed, is_matrix, printed_in
from perfxl.forms.definition.language import BandSpec
from perfxl.values.label_text import flat

_FEWEST_ROWS, _FEWEST_COLUMNS = 5, 2
"""A table whose heads stand further up has at least so many equal rows, and columns to be filled in."""
_SAMPLE = re.compile(r"(?:任务|项目|目标|指标|问题|措施|职能)\d{1,2}|[….。]+")
_AND_SO_ON = re.compile(r"[….。]+")
_LEVEL = re.compile(r"[一二三四]级|级指标|指标级")
"""Heads of levels; 上级 and 级别 are none."""


class Read(Struct, frozen=True):
    """What was read of an area: its bands, and the row at which reading goes on."""

    bands: tuple[BandSpec, ...]
    next: int


def table(draft: Draft, area: Area) -> Read | None:
    """Read the table with which an area begins, None where it begins with none."""
    heads = heads_of(draft.grid, area)
    if heads is None:
        return None
    body = range(heads.bottom + 1, body_end(draft.grid, heads, area) + 1)
    rows = _above_pairs(draft.grid, heads, area, body)
    if not rows:
        return None
    last = rows[-1]
    printed = _printed_columns(draft.grid, heads, rows)
    if _cut_up(draft.grid, heads, rows) and not _is_nested(draft.grid, heads, rows, printed):
        return None
    said = _said_by_marks(draft, area, rows)
    if said is not _Said.SINGLE and _is_nested(draft.grid, heads, rows, printed):
        return Read(nested(draft, heads, rows), last + 1)
    if printed[0] and _only_samples(draft.grid, heads, rows):
        spots = own_spots(draft.grid, rows, heads.leaves[0].spot)
        draft.remark(spots[0], f"“{'、'.join(flat(spot.text) for spot in spots)}”当作示例，没有印，这一列由单位填写")
        printed[0] = False
    if any(printed):
        may_be = said is _Said.NOTHING or (said is _Said.SINGLE and fits_marks(draft, heads, rows))
        if may_be and is_matrix(draft.grid, heads, rows):
            return Read(matrix(draft, heads, rows), last + 1)
    if printed[0]:
        rows = _above_labels(draft.grid, area, rows)
    if said is _Said.SINGLE or not rows or (len(rows) < 2 and said is not _Said.LISTED):
        return None
    if not _alike(draft.grid, area, rows):
        return None
    return Read(growing(draft, heads, rows), rows[-1] + 1)


def table_below_notes(draft: Draft, area: Area) -> Read | None:
    """Read the equal blank rows with which an area begins as a table whose heads stand further up, None where it begins with none.

    Between its heads and its rows a form may explain its columns, number them or show an example.
    """
    grid = draft.grid
    spots = grid.row(area.top, area.left, area.right)
    asked = [spot for spot in spots if spot.kind in {Kind.INPUT, Kind.COMPUTED}]
    if any(spot.kind is Kind.LABEL or spot.cell.marks for spot in spots):
        return None
    if sum(spot.kind is Kind.INPUT for spot in asked) < _FEWEST_COLUMNS:
        return None
    last = area.top
    while last < area.bottom and _alike(grid, area, (area.top, last + 1)):
        last += 1
    rows = range(area.top, last + 1)
    heads = [(spot, _head_above(grid, spot)) for spot in asked]
    if len(rows) < _FEWEST_ROWS or any(head is None and spot.kind is Kind.INPUT for spot, head in heads):
        return None
    found = Heads(tuple(Head(head) for _, head in heads if head is not None), area.top - 1, area.top - 1)
    return Read(tuple(without_heads(band) for band in growing(draft, found, rows)), last + 1)


def _head_above(grid: Grid, spot: Spot) -> Spot | None:
    """Return the lowest text above a spot in the same columns."""
    for row in range(spot.top - 1, 0, -1):
        above = grid.at(row, spot.left)
        if above.kind is Kind.LABEL:
            return above if (above.left, above.right) == (spot.left, spot.right) else None
    return None


def _cut_up(grid: Grid, heads: Heads, rows: Sequence[int]) -> bool:
    """Tell whether several values stand next to each other below one head: a column of a table holds one."""
    return any(
        sum(spot.asked for spot in grid.row(row, leaf.spot.left, leaf.spot.right)) > 1
        for leaf in heads.leaves
        if leaf.spot.width > 1
        for row in rows
    )


class _Said(Enum):
    """What marks say of the values in some rows: that they are columns of a table, that each stands once."""

    NOTHING = 0
    LISTED = 1
    SINGLE = 2


def _said_by_marks(draft: Draft, area: Area, rows: Sequence[int]) -> _Said:
    marks = [mark for row in rows for spot in draft.grid.row(row, area.left, area.right) for mark in spot.cell.marks]
    if not marks:
        return _Said.NOTHING
    return _Said.LISTED if all(draft.listed(mark) for mark in marks) else _Said.SINGLE


def _printed_columns(grid: Grid, heads: Heads, rows: Sequence[int]) -> list[bool]:
    """Tell of each column whether labels stand in it; numbers of the rows are none."""
    return [printed_in(grid, rows, leaf.spot) in {Printed.SOME, Printed.ALL} for leaf in heads.leaves]


def _is_nested(grid: Grid, heads: Heads, rows: Sequence[int], printed: Sequence[bool]) -> bool:
    """Tell whether the first columns are 一级 and 二级: both printed, the first merged down or called so."""
    leaves = heads.leaves
    if len(leaves) < 3 or not (printed[0] and printed[1]) or all(printed):
        return False
    called = any(_LEVEL.search(flat(leaf.spot.text)) for leaf in leaves[:2])
    return called or any(spot.height > 1 for spot in own_spots(grid, rows, leaves[0].spot))


def _above_pairs(grid: Grid, heads: Heads, area: Area, rows: Sequence[int]) -> Sequence[int]:
    """Return the rows down to the first of labels that each lead to a blank, where the second column is printed above it."""
    for before, row in pairwise(rows):
        spots = grid.row(row, area.left, area.right)
        labels, blanks = spots[::2], spots[1::2]
        pairs = len(labels) == len(blanks) > 1
        pairs = pairs and all(spot.kind is Kind.LABEL for spot in labels)
        pairs = pairs and all(spot.kind is Kind.INPUT for spot in blanks)
        if pairs and len(heads.leaves) > 1 and grid.at(before, heads.leaves[1].spot.left).kind is Kind.LABEL:
            return range(rows[0], row)
    return rows


def _only_samples(grid: Grid, heads: Heads, rows: Sequence[int]) -> bool:
    """Tell whether the first column holds nothing but 任务1, 任务2, ……: an example of what is written there."""
    texts = [flat(spot.text) for spot in own_spots(grid, rows, heads.leaves[0].spot)]
    return all(map(_SAMPLE.fullmatch, texts)) and any(map(_AND_SO_ON.fullmatch, texts))


def _above_labels(grid: Grid, area: Area, rows: Sequence[int]) -> Sequence[int]:
    """Return the rows down to the first that holds a label: a sum closes a growing table."""
    for number, row in enumerate(rows):
        if any(spot.kind is Kind.LABEL and spot.top == row for spot in grid.row(row, area.left, area.right)):
            return rows[:number]
    return rows


def _alike(grid: Grid, area: Area, rows: Sequence[int]) -> bool:
    """Tell whether rows have the same cells in the same roles, each in one row."""
    shapes = {
        tuple((spot.left, spot.right, spot.role, spot.height) for spot in grid.row(row, area.left, area.right))
        for row in rows
    }
    return len(shapes) == 1 and all(height == 1 for *_, height in next(iter(shapes)))
