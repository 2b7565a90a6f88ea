"""Heads of columns: from one to three rows of labels, the lowest with a column each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from perfxl.adopt.draft import Area, Draft, at
from perfxl.adopt.grid import Grid, Kind, Spot
from perfxl.forms.definition.language import CellSpec

_DEEPEST = 4
_EMPTY = {Kind.INPUT, Kind.FRAME, Kind.VOID}


class Head(Struct, frozen=True):
    """A head: its cell, and the heads below it."""

    spot: Spot
    below: tuple[Head, ...] = ()

    def leaves(self) -> Iterator[Head]:
        if not self.below:
            yield self
        for head in self.below:
            yield from head.leaves()


class Heads(Struct, frozen=True):
    """All heads of a table, and the row in which they end."""

    heads: tuple[Head, ...]
    top: int
    bottom: int

    @property
    def leaves(self) -> tuple[Head, ...]:
        return tuple(leaf for head in self.heads for leaf in head.leaves())

    def above(self, rows: Sequence[int], leaves: Sequence[Head] | None = None) -> Area:
        """Return the area of some rows below the heads, or below some of their columns."""
        spots = [leaf.spot for leaf in (leaves or self.leaves)]
        return Area(rows[0], rows[-1], min(spot.left for spot in spots), max(spot.right for spot in spots))

    def specs(self, draft: Draft, columns: Mapping[Spot, CellSpec]) -> tuple[CellSpec, ...]:
        """Return the heads as the language writes them; ``columns`` are those of the leaves."""
        return tuple(_spec(head, draft, columns) for head in self.heads)


def _spec(head: Head, draft: Draft, columns: Mapping[Spot, CellSpec]) -> CellSpec:
    text = draft.printed(head.spot.text)
    if head.below:
        return CellSpec(label=text, columns=tuple(_spec(inner, draft, columns) for inner in head.below))
    own = columns.get(head.spot, CellSpec())
    return replace(own, at=own.at or at(head.spot), label=text or None)


def heads_of(grid: Grid, area: Area) -> Heads | None:
    """Return the heads with which an area begins, None where it begins with none.

    They are closed under their merges and have one blank cell at most, the corner; a further row belongs to them only
    below a head over several columns.
    """
    depth = _depth(grid, area)
    if depth is None:
        return None
    last = area.top + depth - 1
    bottom = grid.row(last, area.left, area.right)
    blank = [spot for spot in bottom if spot.kind is not Kind.LABEL]
    if len(bottom) < 2 or len(blank) > 1:
        return None
    if blank and (blank[0] is not bottom[0] or blank[0].kind not in _EMPTY or blank[0].text):
        return None
    everything = [spot for row in range(area.top, last + 1) for spot in grid.row(row, area.left, area.right)]
    if any(spot.kind is not Kind.LABEL or grid.places(spot) for spot in everything if spot not in blank):
        return None
    return Heads(_below(grid, area.top, last, area.left, area.right), area.top, last)


def _depth(grid: Grid, area: Area) -> int | None:
    """Return in how many rows the heads stand."""
    depth = 1
    for _ in range(_DEEPEST):
        last = min(area.top + depth - 1, area.bottom)
        inside = [spot for row in range(area.top, last + 1) for spot in grid.row(row, area.left, area.right)]
        if any(spot.top < area.top for spot in inside):
            return None
        lowest = max(spot.bottom for spot in inside)
        if lowest > area.bottom:
            return None
        reach = lowest - area.top + 1
        if reach == depth:
            if not _goes_on(grid, area, depth):
                return depth
            reach = depth + 1
        depth = reach
        if depth > _DEEPEST:
            return None
    return None


def _goes_on(grid: Grid, area: Area, depth: int) -> bool:
    """Tell whether the next row is one of heads, too: below a wide head stand several labels, and all of it is labels."""
    row = area.top + depth
    if row > area.bottom:
        return False
    following = grid.row(row, area.left, area.right)
    if any(spot.kind is not Kind.LABEL or spot.top != row for spot in following):
        return False
    for spot in grid.row(row - 1, area.left, area.right):
        if grid.places(spot):
            return False
        below = grid.row(row, spot.left, min(spot.right, area.right))
        if spot.width > 1 and spot.kind is Kind.LABEL and len(below) > 1:
            return True
    return False


def _below(grid: Grid, row: int, last: int, left: int, right: int) -> tuple[Head, ...]:
    found = []
    for spot in grid.row(row, left, right):
        below = _below(grid, spot.bottom + 1, last, spot.left, spot.right) if spot.bottom < last else ()
        found.append(Head(spot, below))
    return tuple(found)


def body_end(grid: Grid, heads: Heads, area: Area) -> int:
    """Return the row in which the body below some heads ends: the last that has all the columns' left edges.

    A row with an edge missing, one of labels that begins a new head, and one in which nothing is asked end it; no
    merged cell is cut.
    """
    edges = {leaf.spot.left for leaf in heads.leaves}
    row = heads.bottom + 1
    while row <= area.bottom and _continues(grid, heads, area, edges, row):
        row += 1
    while row > heads.bottom + 1 and any(spot.bottom >= row for spot in grid.row(row - 1, area.left, area.right)):
        row -= 1
    return row - 1


def _continues(grid: Grid, heads: Heads, area: Area, edges: set[int], row: int) -> bool:
    spots = grid.row(row, area.left, area.right)
    if any(spot.top <= heads.bottom for spot in spots) or not edges <= {spot.left for spot in spots}:
        return False
    if all(spot.kind in {Kind.FRAME, Kind.VOID} for spot in spots):
        return False
    all_labels = all(spot.kind is Kind.LABEL for spot in spots) and any(spot.top == row for spot in spots)
    begins = all_labels and row > heads.bottom + 1 and len(spots) >= len(heads.leaves)
    return not (begins and heads_of(grid, Area(row, area.bottom, area.left, area.right)) is not None)


def own_spots(grid: Grid, rows: Sequence[int], leaf: Spot) -> list[Spot]:
    """Return the spots of a column in some rows, each once."""
    return [spot for row in rows for spot in grid.row(row, leaf.left, leaf.right) if spot.top == row]


def marked_or(spots: Sequence[Spot], other: Spot) -> Spot:
    """Return the cell of a column in which a mark says what it is, another where none does."""
    return next((spot for spot in spots if spot.mark is not None), other)
