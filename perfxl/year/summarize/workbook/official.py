"""S汇总: the form in its official layout, through the same Layout as a blank, every amount and count a live sum over 明细."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from xlsxwriter.worksheet import Worksheet

from perfxl.forms.layout.place import place
from perfxl.model.field_type import Type
from perfxl.model.layout import Layout, PlacedCell, Role
from perfxl.model.path import generic
from perfxl.writer.cells import computed, write_cell
from perfxl.writer.formats import properties
from perfxl.writer.paper import set_paper
from perfxl.writer.places import Places
from perfxl.year.summarize.sums import first_row
from perfxl.year.summarize.workbook.below import LEAST_COLUMNS, Below
from perfxl.year.summarize.workbook.book import Book
from perfxl.year.summarize.workbook.plan import FormPlan

_EXTRA_WIDTH = Decimal(12)


def write_official(book: Book, plan: FormPlan) -> None:
    """Write a form's 汇总, a block for each year, the latest first; below each block from how many returns it comes."""
    sheet = book.sheet(plan.official)
    widths = [*plan.form.widths, *(_EXTRA_WIDTH for _ in range(LEAST_COLUMNS - len(plan.form.widths)))]
    for number, width in enumerate(widths):
        sheet.set_column(number, number, float(width))
    down, scale = 0, 100
    breaks: list[int] = []
    for year in plan.years:
        layout = place(plan.form, plan.sums[year].record, year=year).moved_down(down)
        if down:
            breaks.append(down)
        scale = layout.scale
        _write_form(book, sheet, layout, plan, year)
        down = Below(book, sheet, plan, year, widths).write(layout.rows[-1].number + 2) + 1
    set_paper(sheet, plan.form.page, scale)
    sheet.print_area(0, 0, down - 2, len(widths) - 1)
    if breaks:
        sheet.set_h_pagebreaks(breaks)


def _write_form(book: Book, sheet: Worksheet, layout: Layout, plan: FormPlan, year: int | None) -> None:
    for row in layout.rows:
        sheet.set_row(row.number - 1, float(row.height))
    places = Places.of(layout)
    for cell in layout.cells:
        own = _sum_of(cell, plan, year)
        # The caption of an amount stands around it by its format; what is printed for a blank would cover the sum.
        shown = replace(cell, text="") if own is not None else cell
        write_cell(sheet, shown, book.format(properties(cell)), own if own is not None else computed(cell, places))


def _sum_of(cell: PlacedCell, plan: FormPlan, year: int | None) -> str | None:
    """Return the live sum over the list of returns, or of a growing table's rows; None for a cell that holds none."""
    field = cell.field
    if field is None or cell.role is not Role.INPUT:
        return None
    path = generic(cell.path)
    if "[]" in path and cell.path != first_row(path):
        return None
    if field.type.traits.summed:
        return plan.over(path, year, "SUM")
    return plan.over(path, year, "AVERAGE") if field.type is Type.NUMBER and "[]" not in path else None
