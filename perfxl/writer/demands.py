"""Where a condition decides on a cell: filled lightly while it must be filled in and is blank, grey where it stays blank."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from perfxl.expr.evaluate import references
from perfxl.expr.excel import is_short, to_excel_broken
from perfxl.model.address import Box
from perfxl.model.expression import Call, Expr, Function
from perfxl.model.form import Field
from perfxl.model.layout import Layout, PlacedCell, Role
from perfxl.model.path import row_of, table_of
from perfxl.rules.demands import filled_where
from perfxl.writer.places import Places, column_of


class Cue(NamedTuple):
    """An area, the condition on its first cell, and whether it turns grey rather than light blue."""

    box: Box
    formula: str
    grey: bool


def cues(layout: Layout, places: Places) -> Iterator[Cue]:
    """Yield the cells whose fill depends on others, columns of tables as one area where they depend on their row only."""
    for cell in layout.cells:
        field = cell.field
        if field is None or cell.role is not Role.INPUT:
            continue
        for must, grey in _conditions(field):
            column = places.columns.get(column_of(cell.path), ())
            if not column or not _of_row(must, field):
                yield from _cue(cell, cell, must, places, grey=grey)
            elif cell is column[0]:
                yield from _cue(cell, column[-1], must, places, grey=grey)


def _conditions(field: Field) -> Iterator[tuple[Expr, bool]]:
    if field.needed is not None:
        yield filled_where(field, field.needed), False
    if field.barred is not None:
        yield Call(Function.NOT, (field.barred,)), True


def _of_row(must: Expr, field: Field) -> bool:
    """Tell whether a condition reads nothing but the row of its cell."""
    return all(table_of(path) == table_of(field.path) for path in references(must))


def _cue(first: PlacedCell, last: PlacedCell, must: Expr, places: Places, *, grey: bool) -> Iterator[Cue]:
    formula = to_excel_broken(must, places, row_of(first.path))
    if is_short(formula):
        yield Cue(Box(first.box.row, first.box.column, last.box.last_row, first.box.last_column), formula, grey)
