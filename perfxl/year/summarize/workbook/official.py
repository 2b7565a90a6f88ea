"""S汇总: the form in its official layout, through the same Layout as a blank, every amount and count a live sum over 明细."""

from __future__ import annotations

from decimal import Decimal
from itertools import zip_longest

from msgspec.structs import replace
from xlsxwriter.worksheet import Worksheet

from perfxl.forms.layout.place import place_sheets
from perfxl.forms.layout.row_heights import LINE, SNUG, count_lines, texts
from perfxl.forms.layout.set_out import set_out
from perfxl.ledger.additive import adds_up, is_added_as_it_stands
from perfxl.ledger.sums import first_row, is_averaged
from perfxl.model.layout import Layout, PlacedCell, PlacedRow, Role
from perfxl.model.path import generic
from perfxl.model.period import Period
from perfxl.writer.cells import computed, write_cell
from perfxl.writer.formats import CellStyle
from perfxl.writer.lists.book import ListBook
from perfxl.writer.paper import set_paper
from perfxl.writer.places import Places, places_of
from perfxl.year.summarize.workbook.below import LEAST_COLUMNS, Below
from perfxl.year.summarize.workbook.plan import FormPlan

_EXTRA_WIDTH = Decimal(12)
_AVERAGE = "0.00"


def write_official(book: ListBook, plan: FormPlan) -> None:
    """Write a form's 汇总, a block for each period, the latest first; below each block from how many returns it comes.

    A form on several sheets has as many here; what comes below the blocks stands on the first.
    """
    sheets = [book.sheet(name) for name in plan.officials]
    layouts = {
        period: [
            _folded(set_out(layout)) for layout in place_sheets(plan.form, plan.sums[period].record, year=period.year)
        ]
        for period in plan.periods
    }
    first = layouts[plan.periods[0]]
    widths = [list(layout.widths) for layout in first]
    widths[0] += [_EXTRA_WIDTH for _ in range(LEAST_COLUMNS - len(widths[0]))]
    for sheet, own in zip(sheets, widths, strict=True):
        for number, width in enumerate(own):
            sheet.set_column(number, number, float(width))
    down = [0 for _ in sheets]
    breaks: list[list[int]] = [[] for _ in sheets]
    for period, placed in layouts.items():
        moved = [layout.moved_down(rows) for layout, rows in zip(placed, down, strict=True)]
        places = places_of(list(zip(moved, plan.officials, strict=True)))
        for number, (layout, there) in enumerate(zip(moved, places, strict=True)):
            breaks[number] += [down[number], layout.rows[-1].number]
            _write_form(book, sheets[number], layout, there, plan, period)
            down[number] = layout.rows[-1].number + 1
        down[0] = Below(book, sheets[0], plan, period, widths[0]).write(moved[0].rows[-1].number + 2) + 1
    for number, (sheet, layout, part) in enumerate(zip(sheets, first, plan.form.parts, strict=True)):
        set_paper(sheet, replace(part.page, single=False), layout.scale)
        sheet.print_area(0, 0, down[number] - 2, len(widths[number]) - 1)
        sheet.set_h_pagebreaks(breaks[number][1:])


def _write_form(
    book: ListBook, sheet: Worksheet, layout: Layout, there: Places, plan: FormPlan, period: Period
) -> None:
    _set_rows(sheet, layout)
    places = replace(there, lists={})  # the lists themselves are not handed on
    for cell in layout.cells:
        own = _sum_of(cell, plan, period)
        # The caption of an amount stands around it by its format; what is printed for a blank would cover the sum.
        shown = replace(cell, text="") if own is not None else cell
        points = {"num_format": _AVERAGE} if cell.field is not None and is_averaged(cell.field) else {}
        style = book.format(CellStyle.of(cell).properties | points)
        write_cell(sheet, shown, style, own if own is not None else computed(cell, places))


def _folded(layout: Layout) -> Layout:
    """Fold away what holds no sum: blank rows of growing tables, all repetitions of a block but the first.

    Every cell stays where it stands in a blank; pages end by themselves.
    """
    rows = tuple(replace(row, fold=row.fold or int(_repeated(row))) for row in layout.rows)
    return replace(layout, rows=rows, cells=tuple(replace(cell, parts=()) for cell in layout.cells), breaks=())


def _repeated(row: PlacedRow) -> bool:
    return bool(row.block) and not row.record.startswith(f"{row.block}[0]")


def _set_rows(sheet: Worksheet, layout: Layout) -> None:
    """Give the rows their heights, those that stay the room of what is printed over them and the folded ones."""
    heights = {row.number: float(row.height) for row in layout.rows if not row.fold}
    for text in texts(layout.cells):
        seen = [number for number in range(text.box.row, text.box.last_row + 1) if number in heights]
        lines = count_lines(text.paragraphs, (text.box.column, text.box.last_column), layout.widths)
        lacking = LINE * text.size * lines + SNUG - sum(heights[number] for number in seen)
        if seen and lacking > 0:
            heights[seen[0]] += lacking
    for row, below in zip_longest(layout.rows, layout.rows[1:]):
        more = below is not None and below.fold > row.fold
        options = {"level": row.fold, "hidden": row.fold > 0, "collapsed": more}
        sheet.set_row(row.number - 1, heights.get(row.number, float(row.height)), None, options)
    sheet.outline_settings(symbols_below=False)


def _sum_of(cell: PlacedCell, plan: FormPlan, period: Period) -> str | None:
    """Return the live sum over the list of returns, or of a growing table's rows; None for a cell that holds none."""
    field = cell.field
    if field is None:
        return None
    path = generic(cell.path)
    if is_averaged(field):
        return plan.over(path, period, "AVERAGE")
    if cell.role is not Role.INPUT and not is_added_as_it_stands(field):
        return None
    if "[]" in path and cell.path != first_row(path):
        return None
    return plan.over(path, period, "SUM") if adds_up(field) else None
