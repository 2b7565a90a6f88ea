"""Where something is still to be filled in: the tests behind the light fill of a generated workbook."""

from __future__ import annotations

from collections import defaultdict

from perfxl.expr.pieces import BLANK_OR_NOTHING, none_of
from perfxl.model.address import Box, column_letter
from perfxl.model.form import Required
from perfxl.model.layout import Layout, PlacedCell, Role, RowKind
from perfxl.model.value import NUMERIC, Type
from perfxl.writer.places import Places, column_of


def blank_tests(layout: Layout, places: Places) -> list[tuple[Box, str]]:
    """Return where something is still to be filled in, as areas with the formula that tests their first cell.

    A cell that stands once is tested by itself; a required cell of a growing table counts once its row has a name; a
    printed 二级 wants a first name.
    """
    tests = [
        (cell.box, unfilled(cell, cell.box.name))
        for cell in layout.cells
        if cell.role is Role.INPUT and cell.field is not None and not _in_table(cell, places)
    ]
    for cells in places.columns.values():
        tests += _required(cells, places)
    tests += _groups(layout, places)
    return tests


def _in_table(cell: PlacedCell, places: Places) -> bool:
    return places.rows[cell.box.row].kind is RowKind.TABLE and column_of(cell.path) in places.columns


def unfilled(cell: PlacedCell, at: str) -> str:
    """Return the condition that a cell that stands once is still to be filled; ``at`` is its name in the formula."""
    if cell.caption is None:
        return f"LEN(TRIM({at}))=0"
    if cell.field is not None and cell.field.type in NUMERIC | {Type.DATE}:
        return f"NOT(ISNUMBER({at}))"
    printed = cell.caption.before + cell.caption.after
    return f'LEN(TRIM(SUBSTITUTE({at},"　","")))<={len(printed.replace("　", "").strip())}'


def _required(cells: tuple[PlacedCell, ...], places: Places) -> list[tuple[Box, str]]:
    field = cells[0].field
    if field is None or field.required is not Required.IN_USE or field.computed or field.level:
        return []
    first, last = cells[0].box, cells[-1].box
    name = places.names(cells[0].path)
    if name is None or name.path == cells[0].path:
        return []
    named = f"${column_letter(name.box.column)}{first.row}"
    area = Box(first.row, first.column, last.last_row, first.last_column)
    return [(area, f"AND({none_of(named, BLANK_OR_NOTHING)},LEN(TRIM({first.name}))=0)")]


def _groups(layout: Layout, places: Places) -> list[tuple[Box, str]]:
    """The first name of each printed 二级; a table without any wants one in its first row."""
    tests = []
    columns: dict[str, list[PlacedCell]] = defaultdict(list)
    for cell in layout.cells:
        if cell.field is not None and cell.field.level == 2 and cell.role is Role.PRINTED:
            columns[column_of(cell.path)].append(cell)
    for cells in columns.values():
        for cell in cells:
            name = places.cells.get(f"{cell.path.rpartition('.')[0]}.name")
            if name is not None and name.role is Role.INPUT:
                letter = column_letter(name.box.column)
                span = f"${letter}${cell.box.row}:${letter}${cell.box.last_row}"
                box = Box(cell.box.row, name.box.column, cell.box.row, name.box.last_column)
                tests.append((box, f"COUNTA({span})=0"))
    return tests
