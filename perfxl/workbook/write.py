"""Writing layouts as a workbook with XlsxWriter: as printed officially, guarded, with live formulas and a stamp."""

from __future__ import annotations

import datetime as dt
import io
import warnings
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from perfxl.expr.excel import to_excel
from perfxl.model import stamp
from perfxl.model.address import Box, column_letter
from perfxl.model.form import Required
from perfxl.model.layout import Layout, PlacedCell, PlacedRow, Role, RowKind
from perfxl.model.record import generic, row_of
from perfxl.model.value import IndicatorValue, Value
from perfxl.workbook.guard import validation
from perfxl.workbook.looks import BLANK_FILL, properties

_EPOCH = dt.datetime(2020, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)
"""The creation time that every workbook carries: the same input gives the same bytes."""
_CENTIMETRE = 2.54
_PROTECTION = {
    "insert_rows": True,
    "delete_rows": True,
    "format_rows": True,
    "format_columns": True,
    "format_cells": True,
    "select_locked_cells": True,
    "select_unlocked_cells": True,
}


def write(layouts: Sequence[Layout]) -> bytes:
    """Return a workbook with one sheet for each layout. Layouts of equal sheet names get a number behind."""
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        # XlsxWriter warns and goes on where it leaves something out: a form must not lose anything in silence.
        warnings.simplefilter("error")
        book = xlsxwriter.Workbook(
            buffer,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        writer = _Writer(book, {})
        names = _sheet_names(layouts)
        for layout, name in zip(layouts, names, strict=True):
            writer.sheet(layout, name)
        writer.identity(layouts, names)
        book.close()
    return buffer.getvalue()


def _sheet_names(layouts: Sequence[Layout]) -> list[str]:
    names: list[str] = []
    for layout in layouts:
        name, number = layout.sheet, 1
        while name in names:
            number += 1
            name = f"{layout.sheet[:27]}({number})"
        names.append(name)
    return names


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the values of a layout stand, for the formula printer."""

    cells: Mapping[str, PlacedCell]
    columns: Mapping[str, tuple[PlacedCell, ...]]
    heads: Mapping[str, int]
    rows: Mapping[int, PlacedRow]

    @classmethod
    def of(cls, layout: Layout) -> _Places:
        columns: dict[str, list[PlacedCell]] = defaultdict(list)
        for cell in layout.cells:
            if cell.field is not None:
                columns[generic(cell.path)].append(cell)
        heads = {row.table: row.number for row in layout.rows if row.kind is RowKind.HEAD and row.table}
        return cls(
            {cell.path: cell for cell in layout.cells if cell.field is not None},
            {path: tuple(cells) for path, cells in columns.items()},
            heads,
            {row.number: row for row in layout.rows},
        )

    def cell(self, path: str) -> str:
        return self.cells[path].box.name

    def ranges(self, path: str) -> tuple[str, ...]:
        """The cells of a column of a growing table, from the locked head to the row that closes the table.

        Rows inserted anywhere below the head, also behind the last one, are inside: the head's text and the blank or
        text cell of the closing row do not count. Where the closing row itself holds the total, the span ends one row
        above wherever that is.
        """
        cells = self.columns[path]
        first, last = cells[0].box, cells[-1].box
        head = self.heads.get(self.rows[first.row].table)
        if head is None:
            return tuple(cell.box.name for cell in cells)
        letter = column_letter(first.column)
        return (f"{letter}${head}:INDEX({letter}:{letter},ROW({letter}{last.last_row + 1})-1)",)

    def printed(self, path: str) -> int:
        """The head, which begins the span, is printed text."""
        return 1 if self.rows[self.columns[path][0].box.row].table in self.heads else 0


@dataclass(frozen=True, slots=True)
class _Writer:
    book: xlsxwriter.Workbook
    formats: dict[tuple[tuple[str, object], ...], Format]

    def format(self, props: Mapping[str, object]) -> Format:
        key = tuple(sorted(props.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format(dict(props))
        return self.formats[key]

    # -- one sheet --------------------------------------------------------------------------------------------------

    def sheet(self, layout: Layout, name: str) -> None:
        sheet = self.book.add_worksheet(name)
        for number, width in enumerate(layout.widths):
            sheet.set_column(number, number, float(width))
        for row in layout.rows:
            sheet.set_row(row.number - 1, float(row.height))
        places = _Places.of(layout)
        for cell in layout.cells:
            self.cell(sheet, cell, places)
        self.guards(sheet, layout)
        self.blanks(sheet, layout)
        self.page(sheet, layout)
        sheet.protect("", _PROTECTION)
        self.book.define_name(f"'{name}'!{stamp.NAME}", f'="{stamp.encode(layout.stamp)}"')

    def cell(self, sheet: Worksheet, cell: PlacedCell, places: _Places) -> None:
        style = self.format(properties(cell))
        row, column = cell.box.row - 1, cell.box.column - 1
        if not cell.box.single:
            sheet.merge_range(row, column, cell.box.last_row - 1, cell.box.last_column - 1, "", style)
        if cell.role is Role.COMPUTED and cell.field is not None and cell.field.formula is not None:
            formula = to_excel(cell.field.formula, places, row_of(cell.path))
            sheet.write_formula(row, column, f"={formula}", style, _cached(cell.value))
        elif cell.value is None or cell.role in {Role.LABEL, Role.PRINTED}:
            if cell.text:
                sheet.write_string(row, column, cell.text, style)
            else:
                sheet.write_blank(row, column, None, style)
        elif isinstance(cell.value, Decimal):
            sheet.write_number(row, column, float(cell.value), style)
        elif isinstance(cell.value, dt.date):
            sheet.write_datetime(row, column, cell.value, style)
        else:
            sheet.write_string(row, column, _text(cell.value), style)

    def guards(self, sheet: Worksheet, layout: Layout) -> None:
        """Put one validation over each run of cells of a field, so that inserted rows get it too."""
        runs: dict[str, list[PlacedCell]] = defaultdict(list)
        for cell in layout.cells:
            if cell.field is not None and cell.role is Role.INPUT and not cell.field.level:
                runs[cell.field.path].append(cell)
        for cells in runs.values():
            field = cells[0].field
            options = validation(field, layout.money) if field is not None else None
            if options is not None:
                first, last = cells[0].box, cells[-1].box
                sheet.data_validation(first.row - 1, first.column - 1, last.last_row - 1, first.column - 1, options)

    def blanks(self, sheet: Worksheet, layout: Layout) -> None:
        """Fill lightly what is still to be filled in; the fill goes as soon as something stands there."""
        fill = self.book.add_format({"bg_color": BLANK_FILL})
        for box, formula in blank_tests(layout):
            sheet.conditional_format(
                box.row - 1,
                box.column - 1,
                box.last_row - 1,
                box.last_column - 1,
                {"type": "formula", "criteria": f"={formula}", "format": fill},
            )

    def page(self, sheet: Worksheet, layout: Layout) -> None:
        """Set up printing: A4, one page wide, heads of a long table on every page, page numbers."""
        page = layout.page
        if page.landscape:
            sheet.set_landscape()
        else:
            sheet.set_portrait()
        sheet.set_paper(9)
        left, right, top, bottom = (float(margin) / _CENTIMETRE for margin in page.margins)
        sheet.set_margins(left=left, right=right, top=top, bottom=bottom)
        sheet.center_horizontally()
        sheet.fit_to_pages(1, 0)
        sheet.hide_gridlines(2)
        sheet.set_footer("&C第 &P 页，共 &N 页")
        sheet.print_area(0, 0, layout.rows[-1].number - 1, len(layout.widths) - 1)
        heads = [row.number for row in layout.rows if row.kind is RowKind.HEAD and row.table]
        if heads:
            last = heads[-1]
            first = last
            while first - 1 in heads:
                first -= 1
            sheet.repeat_rows(first - 1, last - 1)
        inputs = [cell.box for cell in layout.cells if cell.role is Role.INPUT]
        if inputs:
            sheet.set_selection(inputs[0].row - 1, inputs[0].column - 1, inputs[0].row - 1, inputs[0].column - 1)

    # -- identity ---------------------------------------------------------------------------------------------------

    def identity(self, layouts: Sequence[Layout], names: Sequence[str]) -> None:
        """Write who the sheets are into a hidden sheet and the document's properties too: any one of them may get lost."""
        sheet = self.book.add_worksheet(stamp.NAME)
        sheet.very_hidden()
        for row, (layout, name) in enumerate(zip(layouts, names, strict=True)):
            sheet.write_string(row, 0, name)
            sheet.write_string(row, 1, stamp.encode(layout.stamp))
        sheet.protect()
        first = layouts[0]
        self.book.set_properties({"title": first.title, "author": "", "created": _EPOCH})
        for number, (layout, name) in enumerate(zip(layouts, names, strict=True), start=1):
            self.book.set_custom_property(f"{stamp.NAME}{number}", stamp.encode(layout.stamp), "text")
            self.book.set_custom_property(f"{stamp.NAME}{number}_sheet", name, "text")


def blank_tests(layout: Layout) -> list[tuple[Box, str]]:
    """Return where something is still to be filled in, as areas with the test of their first cell."""
    tests: list[tuple[Box, str]] = []
    tables: dict[str, list[PlacedCell]] = defaultdict(list)
    for cell in layout.cells:
        if cell.role is not Role.INPUT or cell.field is None:
            continue
        if "[" in cell.path:
            if not cell.field.level:
                tables[generic(cell.path)].append(cell)
        else:
            at = cell.box.name
            test = f"NOT(ISNUMBER({at}))" if cell.field.caption else f"LEN(TRIM({at}))=0"
            tests.append((cell.box, test))
    for path, cells in tables.items():
        name = tables.get(f"{path.rpartition('.')[0]}.name")
        field = cells[0].field
        if name is None or field is None or field.required is not Required.IN_USE:
            continue
        first, last = cells[0].box, cells[-1].box
        named = f"${column_letter(name[0].box.column)}{first.row}"
        area = Box(first.row, first.column, last.last_row, first.last_column)
        tests.append((area, f'AND(LEN(TRIM({named}))>0,TRIM({named})<>"无",LEN(TRIM({first.name}))=0)'))
    for cell in layout.cells:
        if cell.field is not None and cell.field.level == 2 and cell.role is Role.PRINTED:
            names = tables.get(f"{generic(cell.path).rpartition('.')[0]}.name")
            if names:
                column = names[0].box.column
                letter = column_letter(column)
                span = f"${letter}${cell.box.row}:${letter}${cell.box.last_row}"
                tests.append((Box(cell.box.row, column, cell.box.row, names[0].box.last_column), f"COUNTA({span})=0"))
    return tests


def _cached(value: Value) -> float | str:
    return float(value) if isinstance(value, Decimal) else _text(value)


def _text(value: Value) -> str:
    if isinstance(value, IndicatorValue):
        return value.text
    if value is True:
        return "✔"
    return "" if value is None else str(value)
