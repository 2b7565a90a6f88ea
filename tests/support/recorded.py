"""A draft that remembers how a person would do the same at LibreOffice (the steps of ``clients/typist.py``).

Rows and columns are inserted and deleted with the commands of the menu, so that merges stretch and shrink as they do
there; what else differs in the end is typed, cleared, merged, unmerged.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any, TypeAlias

from perfxl.model.grid import CellKind, Grid, GridCell
from perfxl.model.layout import Layout
from support.draft import Draft, Line

Steps: TypeAlias = list[dict[str, Any]]


class Recorded(Draft):
    """A draft beside its own beginnings, to which only rows and columns are done."""

    steps: Steps
    shadow: Draft

    @classmethod
    def of(cls, layout: Layout, grid: Grid, data: Mapping[str, Any]) -> Recorded:
        made = super().of(layout, grid, data)
        assert isinstance(made, Recorded)
        made.steps, made.shadow = [], copy.deepcopy(Draft.of(layout, grid, data))
        return made

    def insert_row(self, at: int, line: Line | None = None) -> None:
        self.steps.append({"insert_rows": 1, "before": at})
        self.shadow.insert_row(at)
        super().insert_row(at, line)

    def delete_row(self, at: int) -> None:
        self.steps.append({"delete_rows": 1, "from": at})
        self.shadow.delete_row(at)
        super().delete_row(at)

    def insert_column(self, at: int, *, stretch: bool = False) -> None:
        self.steps.append({"insert_columns": 1, "before": at})
        self.shadow.insert_column(at)
        super().insert_column(at, stretch=stretch)

    def delete_column(self, at: int) -> None:
        self.steps.append({"delete_columns": 1, "from": at})
        self.shadow.delete_column(at)
        super().delete_column(at)

    def done(self) -> Steps:
        """Return all steps: those so far, and what is left to be typed and merged."""
        before, after = self.shadow.grid(), self.grid()
        merged, unmerged = set(after.merges) - set(before.merges), set(before.merges) - set(after.merges)
        gone = [cell.name for at, cell in before.cells.items() if at not in after.cells]
        typed = [cell for at, cell in after.cells.items() if not _same(before.cells.get(at), cell)]
        return [
            *self.steps,
            *({"unmerge": box.range_name} for box in sorted(unmerged)),
            *({"clear": name} for name in gone),
            *map(_put, typed),
            *({"merge": box.range_name} for box in sorted(merged) if not box.single),
            {"rename": self.name},
        ]


def _same(before: GridCell | None, after: GridCell) -> bool:
    return before is not None and (before.value, before.format) == (after.value, after.format)


def _put(cell: GridCell) -> dict[str, Any]:
    if cell.kind is CellKind.NUMBER:
        return {"put": float(str(cell.value)), "cell": cell.name, "format": cell.format}
    return {"put": "" if cell.value is None else str(cell.value), "cell": cell.name}
