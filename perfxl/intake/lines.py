"""A grid as lines of logical cells: merges taken as one, covered copies left out, each cell as it reads as a label."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from perfxl.intake.numberformat import literals
from perfxl.intake.text import LONGEST_LABEL, flat, key
from perfxl.model.address import Box
from perfxl.model.grid import CellKind, Grid, GridCell

_WIDEST_MERGE = 20_000
"""Cells of a merge that are looked at one by one; a wider one is kept as a box only."""


@dataclass(slots=True, eq=False)
class Spot:
    """A logical cell: its extent, what stands in it, and how it reads as a label.

    ``flat`` is its text without blanks (what the number format prints around a number included), ``key`` that in letters
    and digits only, ``stem`` the key of what stands before a colon where something stands behind it.
    """

    box: Box
    cell: GridCell
    flat: str
    key: str
    stem: str

    @property
    def row(self) -> int:
        return self.box.row

    @property
    def column(self) -> int:
        return self.box.column

    @property
    def last_column(self) -> int:
        return self.box.last_column


@dataclass(frozen=True, slots=True)
class Lines:
    """The filled rows of a sheet. ``tall`` has the spots that cover several rows, at every place that they cover."""

    rows: Mapping[int, tuple[Spot, ...]]
    tall: Mapping[tuple[int, int], Spot]
    copies: tuple[GridCell, ...]
    boxes: Mapping[tuple[int, int], Box]
    """Each merge by its first cell."""


def lines(grid: Grid) -> Lines:
    """Read a grid as lines. Of overlapping merges the first counts; a covered cell that differs stands for itself."""
    boxes: dict[tuple[int, int], Box] = {}
    home: dict[tuple[int, int], tuple[int, int]] = {}
    for box in sorted(grid.merges):
        size = (box.last_row - box.row + 1) * (box.last_column - box.column + 1)
        if size > _WIDEST_MERGE:
            continue
        area = [(r, c) for r in range(box.row, box.last_row + 1) for c in range(box.column, box.last_column + 1)]
        if not any(at in home for at in area):
            boxes[box.row, box.column] = box
            home.update(dict.fromkeys(area, (box.row, box.column)))
    rows: dict[int, list[Spot]] = {}
    tall: dict[tuple[int, int], Spot] = {}
    copies: list[GridCell] = []
    for at, cell in sorted(grid.cells.items()):
        if cell.kind is CellKind.BLANK and cell.formula is None:
            continue
        first = home.get(at, at)
        if first != at:
            held = grid.cells.get(first)
            if held is not None and held.value == cell.value:
                copies.append(cell)
                continue
        box = boxes.get(at) or Box(*at, *at)
        spot = _spot(box, cell)
        if not spot.flat and cell.formula is None:
            continue
        rows.setdefault(at[0], []).append(spot)
        if box.last_row > box.row:
            tall |= {
                (r, c): spot for r in range(box.row, box.last_row + 1) for c in range(box.column, box.last_column + 1)
            }
    return Lines({r: tuple(spots) for r, spots in rows.items()}, tall, tuple(copies), boxes)


def _spot(box: Box, cell: GridCell) -> Spot:
    if cell.kind is CellKind.TEXT and isinstance(cell.value, str):
        text = flat(cell.value[:400])
    elif cell.value is None:
        text = ""
    else:
        before, after = literals(cell.format) if cell.kind is CellKind.NUMBER else ("", "")
        text = flat(f"{before}{cell.value}{after}")
    before, colon, behind = text.partition(":")
    while behind and before == "其中":
        before, colon, behind = behind.partition(":")
    return Spot(box, cell, text, key(text[:LONGEST_LABEL]), key(before[:LONGEST_LABEL]) if colon and behind else "")
