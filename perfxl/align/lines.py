"""A grid as lines of logical cells: merges taken as one, covered copies left out, each cell as it reads as a label."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from operator import attrgetter

from msgspec import Struct

from perfxl.model.address import Box, cell_box
from perfxl.model.grid import WIDEST_MERGE, CellKind, Grid, GridCell
from perfxl.model.regex import deferred
from perfxl.values.label_text import LONGEST_LABEL, bare, flat, key
from perfxl.values.number_format import is_date, literals

_LONGEST_READ = 400
"""Characters of a text that are looked at when it is read as a label."""
_FEW = 20_000
"""Cells under merges that are remembered: the same in all returns of a form."""
_COLUMN = attrgetter("column")
_BEFORE_DATE = deferred(r'(?:"[^"]*"|\\.|\[[^\]]*\])+')


class Spot:
    """A logical cell: its extent, what stands in it, and how it reads as a label (worked out when asked for)."""

    __slots__ = ("_bare", "_before", "_flat", "_key", "box", "cell", "column", "last_column", "row")

    def __init__(self, box: Box, cell: GridCell) -> None:
        self.box = box
        self.cell = cell
        self.row, self.column, _, self.last_column = box
        self._flat: str | None = None
        self._key: str | None = None
        self._bare: str | None = None
        self._before: str | None = None

    @property
    def flat(self) -> str:
        """Its text without blanks; what the number format prints around a number is part of it."""
        if self._flat is None:
            self._flat = _flat(self.cell)
        return self._flat

    @property
    def key(self) -> str:
        """Letters and digits only."""
        if self._key is None:
            self._key = key(self.flat[:LONGEST_LABEL])
        return self._key

    @property
    def bare(self) -> str:
        """Its key without a unit or years in brackets behind it."""
        if self._bare is None:
            short = self.flat[-1:] in {")", "]"} and len(self.flat) <= LONGEST_LABEL
            self._bare = bare(self.flat) if short else self.key
        return self._bare

    @property
    def before(self) -> str:
        """What stands before a colon (flat) where something stands behind it, else "": a label with its value."""
        if self._before is None:
            before, colon, behind = self.flat.partition(":")
            while behind and before == "其中":
                before, colon, behind = behind.partition(":")
            self._before = before[:LONGEST_LABEL] if colon and behind else ""
        return self._before

    @property
    def text(self) -> str:
        """What stands in it, to be quoted; "" for a formula without a result."""
        return "" if self.cell.value is None else str(self.cell.value)

    def __repr__(self) -> str:
        return f"<{self.box.range_name} {self.flat[:20]!r}>"


class Lines(Struct, frozen=True):
    """The filled rows of a sheet. ``tall`` has the spots that cover several rows, at every place that they cover.

    ``copies`` are covered cells of merges that hold what the first one holds, ``hidden`` those that hold something else
    that nobody sees.
    """

    rows: Mapping[int, tuple[Spot, ...]]
    tall: Mapping[tuple[int, int], Spot]
    copies: tuple[GridCell, ...]
    hidden: tuple[GridCell, ...]
    boxes: Mapping[tuple[int, int], Box]
    """Each merge by its first cell."""

    def box(self, row: int, column: int) -> Box:
        """Return the extent of the cell at a place, blank or not."""
        return self.boxes.get((row, column)) or cell_box(row, column)


def lines(grid: Grid) -> Lines:
    """Read a grid as lines. Of overlapping merges the first counts; under a blank one a value stands for itself."""
    few = sum(box.area for box in grid.merges) <= _FEW
    boxes, home = _recent_merges(grid.merges) if few else _merges(grid.merges)
    rows: dict[int, list[Spot]] = {}
    tall: dict[tuple[int, int], Spot] = {}
    copies: list[GridCell] = []
    hidden: list[GridCell] = []
    for at, cell in grid.cells.items():
        if _blank(cell):
            continue
        box = boxes.get(at)
        if box is None:
            held = grid.cells.get(home[at]) if at in home else None
            if held is not None and not _blank(held):
                (copies if held.value == cell.value else hidden).append(cell)
                continue
            box = cell_box(*at)
        spot = Spot(box, cell)
        rows.setdefault(at[0], []).append(spot)
        if box.last_row > box.row:
            for row in range(box.row, box.last_row + 1):
                for column in range(box.column, box.last_column + 1):
                    tall[row, column] = spot
    ordered = {row: tuple(sorted(rows[row], key=_COLUMN)) for row in sorted(rows)}
    return Lines(ordered, tall, tuple(copies), tuple(hidden), boxes)


def _merges(
    merges: tuple[Box, ...],
) -> tuple[Mapping[tuple[int, int], Box], Mapping[tuple[int, int], tuple[int, int]]]:
    """Return the merges by their first cell, and for each cell that one covers that first cell."""
    boxes: dict[tuple[int, int], Box] = {}
    home: dict[tuple[int, int], tuple[int, int]] = {}
    for box in sorted(merges):
        row, column, last_row, last_column = box
        if box.area > WIDEST_MERGE:
            continue
        area = [(r, c) for r in range(row, last_row + 1) for c in range(column, last_column + 1)]
        if home.keys().isdisjoint(area):
            boxes[row, column] = box
            home.update(dict.fromkeys(area, (row, column)))
    return boxes, home


_recent_merges = lru_cache(maxsize=32)(_merges)


def _blank(cell: GridCell) -> bool:
    value = cell.value
    if value is None:
        return cell.formula is None
    if not isinstance(value, str) or cell.formula is not None:
        return False
    if "一" <= value[:1] <= "鿿":
        return False  # so do most texts begin
    return not value or (not flat(value[0]) and not flat(value))


def _flat(cell: GridCell) -> str:
    value = cell.value
    if isinstance(value, str):
        return flat(value[:_LONGEST_READ])
    if value is None:
        return ""
    if cell.kind is not CellKind.NUMBER or cell.format == "General":
        return flat(str(value))
    if is_date(cell.format):
        found = _BEFORE_DATE.match(cell.format)
        before, after = (re.sub(r'["\\]|\[[^\[\]]*\]', "", found[0]) if found else ""), ""
    else:
        before, after = literals(cell.format)
    return flat(f"{before}{value}{after}")
