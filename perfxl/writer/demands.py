"""Where a condition decides on a cell: filled lightly while it must be filled in and is blank, grey where it stays blank."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from perfxl.expr.excel import is_short, to_excel_broken
from perfxl.model.address import Box
from perfxl.model.expression import Call, Expr, Function
from perfxl.model.form import Field
from perfxl.model.layout import Layout, PlacedCell, Role
from perfxl.model.live import LiveRule
from perfxl.model.path import row_of
from perfxl.writer.far_cells import by_names
from perfxl.writer.places import Places, column_of
from perfxl.writer.unfilled import unfilled


class Cue(NamedTuple):
    """An area, the condition on its first cell, and whether it turns grey rather than light blue."""

    box: Box
    formula: str
    grey: bool
    names: Mapping[str, str]
    """The names that it uses for cells of other sheets."""


def cues(layout: Layout, places: Places) -> Iterator[Cue]:
    """Yield the cells whose fill depends on others, columns of tables as one area."""
    # Demands come first of all that a layout watches.
    wanted = {rule.at: rule.must for rule in reversed(layout.live) if isinstance(rule, LiveRule) and rule.left}
    for cell in layout.cells:
        field = cell.field
        if field is None or cell.role is not Role.INPUT:
            continue
        for must, grey in _conditions(field, wanted):
            column = places.columns.get(column_of(cell.path), (cell,))
            if cell is column[0]:
                yield from _cue(cell, column[-1], must, places, grey=grey)


def _conditions(field: Field, wanted: Mapping[str, Expr]) -> Iterator[tuple[Expr, bool]]:
    if field.needed is not None:
        yield wanted[field.path], False
    if field.barred is not None:
        yield Call(Function.NOT, (field.barred,)), True


def _cue(first: PlacedCell, last: PlacedCell, must: Expr, places: Places, *, grey: bool) -> Iterator[Cue]:
    row = row_of(first.path)
    formula, names = by_names(to_excel_broken(must, places.from_row(row), row), places.numbers)
    if grey:  # what was typed there all the same is seen: red, for it is wrong
        formula = f"AND({unfilled(first, first.box.name)},{formula})"
    if is_short(formula):
        box = Box(first.box.row, first.box.column, last.box.last_row, first.box.last_column)
        yield Cue(box, formula, grey, names)
