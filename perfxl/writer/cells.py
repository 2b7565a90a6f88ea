"""The cells of a layout on a sheet of XlsxWriter: merges, constants, live formulas with their results."""

from __future__ import annotations

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from perfxl.expr.excel import to_excel
from perfxl.expr.from_inputs import from_inputs
from perfxl.model.address import column_letter
from perfxl.model.form import Field
from perfxl.model.layout import PlacedCell, Role
from perfxl.model.path import in_row, row_of
from perfxl.writer.content import cached, constant, plain
from perfxl.writer.list_ranges import BETWEEN, Part
from perfxl.writer.places import Places, column_of


def write_cell(sheet: Worksheet, cell: PlacedCell, style: Format, formula: str | None) -> None:
    """Write a cell where it is placed: a formula (without ``=``) and its result, else what it holds."""
    box = cell.box
    row, column = box.row - 1, box.column - 1
    if not box.single:
        sheet.merge_range(row, column, box.last_row - 1, box.last_column - 1, "", style)
    if formula is not None:
        sheet.write_formula(row, column, f"={formula}", style, cached(cell.value))
        return
    match constant(cell):
        case None:
            sheet.write_blank(row, column, None, style)
        case str() as text:
            sheet.write_string(row, column, plain(text), style)
        case float() as number:
            sheet.write_number(row, column, number, style)
        case day:
            sheet.write_datetime(row, column, day, style)


def computed(cell: PlacedCell, places: Places) -> str | None:
    """Return the live formula of a computed cell, None for others; the number of a row counts the used rows down to it."""
    field = cell.field
    if field is None or cell.role is not Role.COMPUTED:
        return None
    if field.formula is not None:
        return to_excel(from_inputs(field.formula, places.formula), places, row_of(cell.path))
    if field.lookup:
        return _name_of(cell, field, places)
    name = places.names(cell.path)
    if name is None:
        return None
    letter = column_letter(name.box.column)
    first = places.columns[column_of(name.path)][0].box.row
    return f'IF({letter}{name.box.row}="","",COUNTA({letter}${first}:{letter}{name.box.row}))'


def _name_of(cell: PlacedCell, field: Field, places: Places) -> str | None:
    """Return the formula of what a code is called in its list, None where the list is not in the workbook."""
    coded = places.cells[in_row(field.lookup, row_of(cell.path))]
    if coded.field is None or not places.list_range(coded.field.list, Part.NAME):
        return None
    names = places.list_range(coded.field.list, Part.NAME)
    code, codes = f"TRIM({places.name(coded.path)})", places.list_range(coded.field.list, Part.CODE)
    row = f"MATCH({code},{codes},0)"
    if coded.field.within:  # where nothing is said of its group, the code alone says what it is
        group, keys = places.beside(coded.path, coded.field.within), places.list_range(coded.field.list, Part.KEY)
        row = f'IF(LEN({group})=0,{row},MATCH(TRIM({group})&"{BETWEEN}"&{code},{keys},0))'
    return f'IF(LEN({places.name(coded.path)})=0,"",IFERROR(INDEX({names},{row})&"",""))'
