"""A sheet that can be edited as in a spreadsheet program, with the data that it holds.

Inserted rows stretch the merges that they fall into, deleted ones shrink them. Each piece knows the cell of the layout
that it was.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from perfxl.model.address import Box
from perfxl.model.grid import CellKind, Grid, GridCell
from perfxl.model.layout import Layout, PlacedCell, PlacedRow, Role, RowKind


@dataclass(slots=True)
class Piece:
    """A filled cell, and what it was on the layout (None: somebody's own)."""

    cell: GridCell
    placed: PlacedCell | None

    @property
    def label(self) -> bool:
        return self.placed is not None and self.placed.role is Role.LABEL


@dataclass(slots=True)
class Line:
    """A row of the sheet: its pieces by column, and what row of the layout it was."""

    pieces: dict[int, Piece] = field(default_factory=dict)
    placed: PlacedRow | None = None


@dataclass(slots=True)
class Draft:
    """A sheet being edited, with the data that it holds."""

    layout: Layout
    lines: list[Line]
    merges: list[Box]
    data: dict[str, Any]
    name: str = "Sheet1"

    @classmethod
    def of(cls, layout: Layout, grid: Grid, data: Mapping[str, Any]) -> Draft:
        """Begin with a workbook as it was written."""
        placed = {(cell.box.row, cell.box.column): cell for cell in layout.cells}
        lines = [Line(placed=row) for row in layout.rows]
        for at, cell in grid.cells.items():
            lines[at[0] - 1].pieces[at[1]] = Piece(cell, placed.get(at))
        return cls(layout, lines, list(grid.merges), copy.deepcopy(dict(data)))

    def grid(self) -> Grid:
        """Return the sheet as it is now."""
        cells = {
            (row, column): piece.cell._replace(row=row, column=column)
            for row, line in enumerate(self.lines, start=1)
            for column, piece in sorted(line.pieces.items())
        }
        return Grid(self.name, cells, tuple(self.merges))

    def insert_row(self, at: int, line: Line | None = None) -> None:
        """Insert a row before row ``at`` (from 1)."""
        self.lines.insert(at - 1, line or Line())
        self.merges = [
            box._replace(row=box.row + (box.row >= at), last_row=box.last_row + (box.last_row >= at))
            for box in self.merges
        ]

    def delete_row(self, at: int) -> None:
        """Delete row ``at``; merges that cover it shrink."""
        del self.lines[at - 1]
        shrunk = [
            box._replace(row=box.row - (box.row > at), last_row=box.last_row - (box.last_row >= at))
            for box in self.merges
        ]
        self.merges = [box for box in shrunk if box.last_row >= box.row and not box.single]

    def insert_column(self, at: int, *, stretch: bool = False) -> None:
        """Insert a column before column ``at``; ``stretch``: what ends before it is merged over it."""
        for line in self.lines:
            line.pieces = {column + (column >= at): piece for column, piece in line.pieces.items()}
        moved = [
            box._replace(column=box.column + (box.column >= at), last_column=box.last_column + (box.last_column >= at))
            for box in self.merges
        ]
        if stretch:
            ends = {(box.row, box.column) for box in moved if box.last_column == at - 1}
            moved = [box._replace(last_column=at) if (box.row, box.column) in ends else box for box in moved]
            inside = {
                (r, c) for b in moved for r in range(b.row, b.last_row + 1) for c in range(b.column, b.last_column + 1)
            }
            moved += [
                Box(row, at - 1, row, at)
                for row, line in enumerate(self.lines, start=1)
                if at - 1 in line.pieces and (row, at - 1) not in inside
            ]
        self.merges = moved

    def delete_column(self, at: int) -> None:
        """Delete column ``at`` with what stands in it; merges that cover it shrink."""
        for line in self.lines:
            line.pieces = {column - (column > at): piece for column, piece in line.pieces.items() if column != at}
        shrunk = [
            box._replace(column=box.column - (box.column > at), last_column=box.last_column - (box.last_column >= at))
            for box in self.merges
        ]
        self.merges = [box for box in shrunk if box.last_column >= box.column and not box.single]

    def merge_of(self, row: int, column: int) -> Box:
        """Return the merge that begins at a cell, or the cell."""
        found = (box for box in self.merges if (box.row, box.column) == (row, column))
        return next(found, Box(row, column, row, column))

    def last_column(self) -> int:
        return max((column for line in self.lines for column in line.pieces), default=1)

    def say(self, row: int, column: int, text: str) -> None:
        self.lines[row - 1].pieces[column] = Piece(text_cell(text), None)

    def rows(self, kind: RowKind) -> list[int]:
        return [n for n, line in enumerate(self.lines, start=1) if line.placed is not None and line.placed.kind is kind]

    def labels(self) -> list[tuple[int, int, Piece]]:
        return [(n, c, p) for n, line in enumerate(self.lines, start=1) for c, p in line.pieces.items() if p.label]


def text_cell(text: str) -> GridCell:
    """Return a cell with a text; its place is given when the draft becomes a grid."""
    return GridCell(1, 1, CellKind.TEXT, text)
