"""A filled sheet as it may come back: whole, with cells left blank, with rows that the officer inserted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from decimal import Decimal
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from perfxl.forms.layout.place import captioned
from perfxl.model.address import Box
from perfxl.model.grid import CellKind, Grid, GridCell
from perfxl.model.layout import Layout, PlacedCell, PlacedRow, RowKind
from perfxl.model.path import index_of, row_of, table_of, tables_in
from perfxl.model.value import Value
from perfxl.trial.answers import Answer, entered, renumbered, together
from perfxl.trial.samples import sample
from perfxl.values.formulas.references import after_insertion


class Filled(Struct, frozen=True):
    """A sheet that somebody filled in, with what he typed; paths are those that it has in the data."""

    grid: Grid
    answers: tuple[Answer, ...]


def without(filled: Filled, layout: Layout, left_blank: Collection[Answer]) -> Grid:
    """Return the sheet with some answers taken out again: printed text that stands around them stays."""
    cells = dict(filled.grid.cells)
    placed = {(cell.box.row, cell.box.column): cell for cell in layout.cells}
    blank = {answer.path for answer in left_blank}
    kept = {answer.path: answer.value for answer in filled.answers if answer.path not in blank}
    for answer in left_blank:
        at = (answer.box.row, answer.box.column)
        cell, held = placed[at], cells.pop(at, None)
        if cell.others and held is not None:
            cells[at] = held._replace(value=together(cell, kept).text)
            continue
        text = captioned(cell.caption, answer.field.type, None) if answer.field.type.traits.in_words else ""
        if text and held is not None:
            cells[at] = held._replace(kind=CellKind.TEXT, value=text)
    return replace(filled.grid, cells=cells)


def with_inserted_rows(filled: Filled, layout: Layout) -> Filled:
    """Return the sheet with a row on top and one in each growing table, filled in as the others are.

    A row that a program inserts is formatted as its neighbour and merged with none of it: it is filled in where the
    columns begin. What is merged down over the rows around it holds for it, too.
    """
    for first in sorted(_to_insert(layout), key=lambda row: -row.number):
        filled = _inserted(filled, layout, first)
    return Filled(_shifted(filled.grid), tuple(_moved(answer, 1) for answer in filled.answers))


def _to_insert(layout: Layout) -> Iterator[PlacedRow]:
    """Yield the row of each table below which another one is inserted: within a group where there is one of two rows."""
    tall = [cell.box for cell in layout.cells if cell.box.row < cell.box.last_row]
    rows: dict[str, list[PlacedRow]] = defaultdict(list)
    for row in layout.rows:
        if row.kind is RowKind.TABLE:
            rows[table_of(row.record)].append(row)
    for found in rows.values():
        grouped = (
            row
            for row, below in pairwise(found)
            if any(box.row <= row.number < below.number <= box.last_row for box in tall)
        )
        yield next(grouped, found[0])


def _inserted(filled: Filled, layout: Layout, row: PlacedRow) -> Filled:
    """Return a sheet with a row below one of a growing table."""
    ranks = {}
    for record in filter(None, (row.record, row.beside_record)):
        at = index_of(record)
        numbers = (
            index for answer in filled.answers for table, index in tables_in(answer.path) if table == table_of(record)
        )
        ranks[table_of(record)] = {index: index + (index > at) for index in {*numbers}}
    moved = [
        replace(answer, path=renumbered(answer.path, ranks), box=_stretched(answer.box, row.number))
        for answer in filled.answers
    ]
    more = tuple(_own(layout, row, len(filled.answers)))
    cells = _lowered(filled.grid, row.number)
    typed = {answer.box.column: answer for answer in more}
    for column, answer in typed.items():
        cells[row.number + 1, column] = _holding(filled.grid.cells.get((row.number, column)), answer)
    merges = tuple(_stretched(box, row.number) for box in filled.grid.merges)
    grid = replace(filled.grid, cells=dict(sorted(cells.items())), merges=merges)
    return Filled(grid, (*moved, *more))


def _own(layout: Layout, row: PlacedRow, number: int) -> Iterator[Answer]:
    """Yield what is typed into a row inserted below another one: where that has inputs that are its own."""
    ticked: dict[str, Value] = {}
    for cell in _inputs(layout, row):
        spec, table = cell.field, table_of(cell.path)
        if spec is None:
            continue
        number += 1
        path = f"{table}[{index_of(row_of(cell.path)) + 1}]{cell.path.rpartition(']')[2]}"
        value = sample(spec, number)
        if cell.option:
            value = ticked.setdefault(path, value)
            if value != cell.option:
                continue
        column = cell.box.column
        yield Answer(Box(row.number + 1, column, row.number + 1, column), spec, path, value)


def _inputs(layout: Layout, row: PlacedRow) -> Iterator[PlacedCell]:
    """Yield the cells of a row of a table that are typed in; one whose text the form prints is typed below it."""
    for cell in layout.cells:
        spec = cell.field
        if spec is None or spec.hidden or spec.level or spec.spread or spec.computed:
            continue
        if cell.box.row == cell.box.last_row == row.number and "[" in cell.path:
            yield cell


def _holding(cell: GridCell | None, answer: Answer) -> GridCell:
    """Return a cell with an answer, formatted as another one."""
    content = entered(answer.value)
    kind = CellKind.NUMBER if isinstance(content, Decimal) else CellKind.TEXT
    return GridCell(answer.box.row, answer.box.column, kind, content, cell.format if cell is not None else "General")


def _stretched(box: Box, row: int) -> Box:
    """Return a box as it lies after a row was inserted below a row of the sheet."""
    return box._replace(row=box.row + (box.row > row), last_row=box.last_row + (box.last_row > row))


def _moved(answer: Answer, rows: int) -> Answer:
    return replace(answer, box=answer.box.moved_down(rows))


def _shifted(grid: Grid) -> Grid:
    """Return a sheet with a row on top."""
    return replace(grid, cells=_lowered(grid, 0), merges=tuple(box.moved_down(1) for box in grid.merges))


def _lowered(grid: Grid, row: int) -> dict[tuple[int, int], GridCell]:
    """Return the cells as they stand after a row was inserted below one of their sheet; formulas go with them."""
    cells: dict[tuple[int, int], GridCell] = {}
    for (at, column), cell in grid.cells.items():
        now = at + (at > row)
        formula = after_insertion(cell.formula, row) if cell.formula else cell.formula
        cells[now, column] = cell._replace(row=now, formula=formula)
    return cells
