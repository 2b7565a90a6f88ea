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
"""A table whose heads stand further up has at least so many rows that ask alike, and columns."""
_FEWEST_IN_A_ROW = 3
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
    """Read the rows that ask alike with which an area begins as a table whose heads stand further up, None where it begins with none.

    Between its heads and its rows a form may explain its columns, number them or show an example.
    """
    grid = draft.grid
    spots = grid.row(area.top, area.left, area.right)
    asked = [spot for spot in spots if spot.kind in {Kind.INPUT, Kind.COMPUTED}]
    if any(spot.kind is Kind.LABEL or spot.cell.marks for spot in spots):
        return None
    if len(asked) < _FEWEST_COLUMNS or not any(spot.kind is Kind.INPUT for spot in asked):
        return None
    last = area.top
    while last < area.bottom and _asks_alike(grid, area, (area.top, last + 1)):
        last += 1
    rows = range(area.top, last + 1)
    heads = _heads_above(grid, area.top, asked)
    over = [head for spot, head in heads if spot.kind is Kind.INPUT]
    if None in over or (len(rows) < _FEWEST_ROWS and not _one_row_of_heads(area.top, over)):
        return None
    found = Heads(tuple(Head(head) for _, head in heads if head is not None), area.top - 1, area.top - 1)
    return Read(tuple(without_heads(band) for band in growing(draft, found, rows)), last + 1)


def _one_row_of_heads(top: int, heads: Sequence[Spot | None]) -> bool:
    """Tell whether the heads of several inputs stand in one row, with others between: then one row is a table, too."""
    tops = {head.top for head in heads if head is not None}
    return len(heads) >= _FEWEST_IN_A_ROW and len(tops) == 1 and max(tops) < top - 1


def _heads_above(grid: Grid, top: int, spots: Sequence[Spot]) -> list[tuple[Spot, Spot | None]]:
    """Return spots with their heads: the texts of the row above that heads all of them in the fewest words, else the lowest of each.

    Heads name columns; what stands over or below them tells at length what belongs there, or shows it by an example.
    """
    inputs = [spot for spot in spots if spot.kind is Kind.INPUT]
    rows: list[list[Spot | None]] = []
    for row in range(top - 1, 0, -1):
        own = [_head_in(grid, row, spot) for spot in spots]
        if 2 * sum(grid.at(row, spot.left).kind in {Kind.INPUT, Kind.COMPUTED} for spot in inputs) > len(inputs):
            break  # another table; of an example single values may have been left out
        if all(head is not None for spot, head in zip(spots, own, strict=True) if spot.kind is Kind.INPUT):
            rows.append(own)
    if not rows:
        return [(spot, _head_above(grid, spot)) for spot in spots]
    fewest = min(rows, key=lambda own: sum(len(head.text) for head in own if head is not None))
    return list(zip(spots, fewest, strict=True))


def _head_in(grid: Grid, row: int, spot: Spot) -> Spot | None:
    above = grid.at(row, spot.left)
    return above if above.kind is Kind.LABEL and (above.left, above.right) == (spot.left, spot.right) else None


def _head_above(grid: Grid, spot: Spot) -> Spot | None:
    """Return the lowest text above a spot in the same columns."""
    for row in range(spot.top - 1, 0, -1):
        if grid.at(row, spot.left).kind is Kind.LABEL:
            return _head_in(grid, row, spot)
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


def _asks_alike(grid: Grid, area: Area, rows: Sequence[int]) -> bool:
    """Tell whether rows have the same cells, each in one row, and ask in the same; a formula may stand in some rows only."""
    spots = [grid.row(row, area.left, area.right) for row in rows]
    shapes = {tuple((spot.left, spot.right, spot.kind is Kind.INPUT, spot.height) for spot in row) for row in spots}
    printed = any(spot.printed for row in spots for spot in row)
    return len(shapes) == 1 and not printed and all(height == 1 for *_, height in next(iter(shapes)))
