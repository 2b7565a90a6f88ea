"""The direct path: a sheet on which every printed text stands where the form has it is read without alignment.

Growing tables and repeated blocks may have any number of rows; all else must be in place, column by column. Whatever
is not leads to the aligner.
"""

from __future__ import annotations

from collections.abc import Mapping

from perfxl.align.lines import Lines, Spot
from perfxl.align.row_states import Explained, Pattern, SkeletonCell, SkeletonRow
from perfxl.model.address import Box
from perfxl.model.grid import CellKind

_BLANK_ROWS = 2000
"""More blank rows than any form has: something stands far below it."""


def by_place(pattern: Pattern, lines: Lines) -> tuple[Explained, ...] | None:
    """Return the rows of an untouched skeleton explained, None where anything is not in its place."""
    skeleton = pattern.skeleton
    last = max(lines.rows, default=0)
    if last - len(lines.rows) > _BLANK_ROWS:
        return None
    found: list[Explained] = []
    spines: dict[int, str] = {}
    at, row = -1, 1
    while row <= last or at + 1 < len(skeleton):
        explained = None
        for number, again in pattern.following[at]:
            if row > last and number <= at:
                continue  # below the last filled row only what is left of the form may follow
            explained = _match(skeleton[number], lines, row, spines, again=again)
            if explained is not None and _repeats_heads(pattern, skeleton[number], lines, explained):
                return None
            if explained is not None:
                at = number
                break
        if explained is None:
            return None
        if explained.marks or explained.labels:
            spines |= {spot.column: spot.flat for spot in (*explained.marks, *explained.labels.values())}
        blank = skeleton[at].repeats and row not in lines.rows  # a blank row of a table tells nothing
        if not blank and skeleton[at].state >= 0:
            found.append(explained)
        row += 1
    return tuple(found)


def _match(
    expected: SkeletonRow, lines: Lines, row: int, spines: Mapping[int, str], *, again: bool
) -> Explained | None:
    """Return a row as one of the skeleton, None where something stands beside the places that it has.

    ``spines`` are the labels down the left by column: where a page begins among their rows they stand again.
    """
    spots = lines.rows.get(row, ())
    if not spots and (expected.fixed or expected.repeats):
        return None if expected.fixed else Explained(row, expected.state, {}, {}, {}, {})
    standing: dict[int, Spot] = {}
    typed_over: set[int] = set()
    marks: list[Spot] = []
    for spot in spots:
        cell = expected.cells.get(spot.column)
        if cell is None and spines.get(spot.column) == spot.flat:
            marks.append(spot)
            continue
        if cell is None or spot.last_column != cell.last_column:
            return None
        if cell.sign is not None and not cell.sign.means(spot):
            if not _may_stand(cell, spot, table=expected.repeats):
                return None
            if not cell.sign.open and cell.item is not None:
                typed_over.add(cell.item)
        standing[spot.column] = spot
    labels: dict[int, Spot] = {}
    beside: dict[int, tuple[Box, Spot | None]] = {}
    further: dict[int, tuple[tuple[Box, Spot | None], ...]] = {}
    under = {head: standing[column] for column, head in expected.headed if column in standing}
    if not expected.required <= standing.keys():
        return None
    for column, cell in expected.others:
        held = standing.get(column)
        if cell.item is None:
            marks += [held] if held is not None and cell.label else []
        elif cell.nth:
            further[cell.item] = (*further.get(cell.item, ()), (lines.box(row, column), held))
        elif held is None or cell.sign is None:
            beside[cell.item] = lines.box(row, column), held
        else:
            labels[cell.item] = held
    return Explained(
        row,
        expected.state,
        labels,
        beside,
        under,
        expected.reach,
        tuple(marks),
        tuple(sorted(typed_over)),
        again,
        further=further,
    )


def _repeats_heads(pattern: Pattern, expected: SkeletonRow, lines: Lines, explained: Explained) -> bool:
    """Tell whether a table's row holds heads, as at the top of a page: two of its first texts are such."""
    if not expected.repeats:
        return False
    heads = pattern.merged_down
    first, *others = [spot for spot in lines.rows.get(explained.row, ()) if spot not in explained.marks][:3] or (None,)
    if first is None:
        return False
    if first.key in heads:
        return any(spot.key in heads for spot in others)
    return len(others) > 1 and all(spot.key in heads for spot in others)


def _may_stand(cell: SkeletonCell, spot: Spot, *, table: bool) -> bool:
    """Tell whether a spot may stand in a cell that has another text, or other words around its value.

    What tells blocks apart must say so: below a table it may be a remark.
    """
    if cell.sign is not None and cell.sign.open and not table:
        return True
    return not cell.label and spot.cell.kind is CellKind.NUMBER
