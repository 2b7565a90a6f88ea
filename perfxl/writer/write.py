"""Writing layouts as a workbook with XlsxWriter: as printed officially, guarded, with live formulas and a stamp."""

from __future__ import annotations

import datetime as dt
import re
import warnings
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import partial

from msgspec import Struct, field
from msgspec.structs import replace
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from perfxl.model import stamp
from perfxl.model.address import Box, column_letter
from perfxl.model.form import Field
from perfxl.model.layout import Layout, PlacedCell, Role
from perfxl.model.live import LiveRule
from perfxl.model.stamp import INSTRUCTIONS, SELF_CHECK
from perfxl.package.zip_writer import Parted, archive
from perfxl.writer.cells import computed, write_cell
from perfxl.writer.code_lists import write_lists
from perfxl.writer.demands import cues
from perfxl.writer.far_cells import by_names
from perfxl.writer.form_book import FormBook
from perfxl.writer.formats import BLANK_FILL, UNUSED_FILL, CellStyle
from perfxl.writer.front import write_front
from perfxl.writer.instructions import write_instructions
from perfxl.writer.list_ranges import Part, offered
from perfxl.writer.paper import set_paper
from perfxl.writer.parted_sheet import parted
from perfxl.writer.places import Places, column_of, places_of
from perfxl.writer.selfcheck.conditional_formats import coloured
from perfxl.writer.selfcheck.hidden import Hidden
from perfxl.writer.selfcheck.inlay import Cells, on_empty, over_blanks
from perfxl.writer.selfcheck.lines import Watch, watch_sheets
from perfxl.writer.selfcheck.sheet import AMBER, AMBER_INK, RED, RED_INK, SheetLines, write_sheet
from perfxl.writer.unfilled import UNFINISHED, blank_tests, unfinished
from perfxl.writer.validation import several, taken_over, validation

_ROW = re.compile(rb'<row r="(\d+)"[^>]*>')
_EPOCH = dt.datetime(2020, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)
"""The creation time that every workbook carries: the same input gives the same bytes."""
_PROTECTION = {
    "insert_rows": True,
    "delete_rows": True,
    "format_rows": True,
    "format_columns": True,
    "format_cells": True,
    "select_locked_cells": True,
    "select_unlocked_cells": True,
}


def write(layouts: Sequence[Layout], contact: str = "") -> bytes:
    """Return a workbook with one sheet for each layout. Layouts of equal sheet names get a number behind.

    ``contact`` says who answers an officer's questions.
    """
    with warnings.catch_warnings():
        # XlsxWriter warns and goes on where it leaves something out: a form must not lose anything in silence.
        warnings.simplefilter("error")
        book = FormBook()
        writer = _Writer(book, {})
        names = sheet_names(layouts)
        places = _places(layouts, names)
        front = write_front(book, layouts, names, places, writer.format)
        for layout, name, there in zip(layouts, names, places, strict=True):
            writer.sheet(layout, name, there)
        laid = writer.watch(layouts, names, places)
        writer.identity(layouts, names)
        writer.instructions(layouts, contact)
        write_lists(book, layouts)
        parts = book.finished()
    return _finished(parts, layouts, laid, front)


def _finished(parts: Mapping[str, bytes], layouts: Sequence[Layout], laid: _Laid, front: int) -> bytes:
    """Lay in the formulas that watch the forms, and let the rows of growing tables grow with what is typed.

    XlsxWriter fixes every height that it is given; without the fixing a row stands as high as it is told until somebody
    types more than it holds.
    """
    changes: dict[str, bytes | Parted] = {**parts}
    if laid.self_check:
        check, rows = (f"xl/worksheets/sheet{front + len(layouts) + number}.xml" for number in (1, 2))
        changes[check] = over_blanks(parts[check], laid.self_check)
        changes[rows] = on_empty(parts[rows], laid.rows)
    for number, layout in enumerate(layouts, start=front + 1):
        part = f"xl/worksheets/sheet{number}.xml"
        growing = {b"%d" % row.number for row in layout.rows if not row.fixed}
        changes[part] = parted(_ROW.sub(partial(_unfixed, growing), parts[part]))
    return archive(changes)


def _unfixed(growing: AbstractSet[bytes], row: re.Match[bytes]) -> bytes:
    return row[0].replace(b' customHeight="1"', b"") if row[1] in growing else row[0]


def sheet_names(layouts: Sequence[Layout]) -> list[str]:
    """Return what the sheets of layouts are called in their workbook."""
    names: list[str] = []
    for layout in layouts:
        name, number = layout.sheet, 1
        while name in names:
            number += 1
            name = f"{layout.sheet[:27]}({number})"
        names.append(name)
    return names


def _by_form(layouts: Sequence[Layout]) -> list[range]:
    """Return the numbers of the layouts that are one form each: the sheets of one on several follow each other."""
    firsts = [number for number, layout in enumerate(layouts) if layout.stamp.part <= 1]
    return [range(first, end) for first, end in zip(firsts, (*firsts[1:], len(layouts)), strict=True)]


def _places(layouts: Sequence[Layout], names: Sequence[str]) -> list[Places]:
    """Return where the values stand that the formulas of each sheet may name."""
    forms = _by_form(layouts)
    return [one for form in forms for one in places_of([(layouts[n], names[n]) for n in form], form.start)]


class _Laid(Struct, frozen=True):
    """The formulas that are laid into the finished workbook: those of 填报自检, those of the hidden sheet behind it."""

    self_check: Cells
    rows: Hidden


class _Writer(Struct, frozen=True):
    book: FormBook
    formats: dict[tuple[tuple[str, object], ...], Format]
    names: dict[str, str] = field(default_factory=dict)
    """The names that are defined for the workbook: one that stands twice is damage to Excel."""
    styles: dict[CellStyle, Format] = field(default_factory=dict)

    def name(self, name: str, cells: str) -> None:
        if name not in self.names:
            self.book.define_name(name, f"={cells}")
            self.names[name] = cells

    def format(self, props: Mapping[str, object]) -> Format:
        key = tuple(sorted(props.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format(dict(props))
        return self.formats[key]

    def styled(self, style: CellStyle) -> Format:
        if style not in self.styles:
            self.styles[style] = self.format(style.properties)
        return self.styles[style]

    # -- one sheet --------------------------------------------------------------------------------------------------

    def sheet(self, layout: Layout, name: str, places: Places) -> None:
        sheet = self.book.add_worksheet(name)
        for number, width in enumerate(layout.widths):
            hidden = {} if width else {"hidden": True}
            sheet.set_column(number, number, float(width) or None, None, hidden)
        for row in layout.rows:
            sheet.set_row(row.number - 1, float(row.height) or None, None, {"level": row.fold})
        # The sign to fold rows by stands above them, beside the row that stays.
        sheet.outline_settings(symbols_below=False)
        for cell in layout.cells:
            self.cell(sheet, cell, places, layout)
        self.origins(sheet, layout)
        if not layout.issued:
            self.guards(sheet, layout, places)
            self.blanks(sheet, layout, places, name)
        self.page(sheet, layout)
        sheet.protect("", _PROTECTION)
        self.book.define_name(f"'{name}'!{stamp.NAME}", f'="{stamp.encode(layout.stamp)}"')

    def cell(self, sheet: Worksheet, cell: PlacedCell, places: Places, layout: Layout) -> None:
        style = CellStyle.of(cell)
        style = style._replace(locked=True) if layout.issued else style
        formula = computed(cell, places)
        if not cell.parts:
            write_cell(sheet, cell, self.styled(style), formula)
        for part in cell.parts:
            # Of a part that begins beside repeated heads each further page shows the top: its text stands below that.
            low = {"valign": "bottom"} if _repeated(part, layout) else {}
            write_cell(sheet, replace(cell, box=part), self.format(style.properties | low), formula)

    def guards(self, sheet: Worksheet, layout: Layout, places: Places) -> None:
        """Put one validation over each run of cells of a field, so that inserted rows get it too."""
        wants: dict[str, list[str]] = defaultdict(list)
        for rule in layout.live:
            if isinstance(rule, LiveRule) and not rule.left:
                wants[rule.at].append(rule.want)
        runs: dict[tuple[str, str, str], list[PlacedCell]] = defaultdict(list)
        for cell in layout.cells:
            if cell.field is None or cell.field.level or cell.until is not None or _closed(cell):
                continue
            if cell.role is Role.INPUT or (cell.role is Role.COMPUTED and cell.field.path in wants):
                # A row with a hint of its own (a printed indicator's standard) has its own validation.
                runs[column_of(cell.path) + cell.option, cell.field.hint, cell.origin].append(cell)
        for cell in layout.cells:
            if cell.others:
                box = cell.box
                sheet.data_validation(box.row - 1, box.column - 1, box.row - 1, box.column - 1, several(cell))
        for cells in runs.values():
            field = cells[0].field
            if field is None:
                continue
            options = validation(field, layout.money, cells[0].option, wants[field.path], cells[0].origin)
            if options is None:
                continue
            for first, last in _areas([cell.box for cell in cells]):
                if field.list and not cells[0].option and options["validate"] == "list":
                    source, names = by_names(_offered(places, field, first), places.numbers)
                    for name, cells_there in names.items():
                        self.name(name, cells_there)
                    options = {**options, "source": source}
                sheet.data_validation(first.row - 1, first.column - 1, last.last_row - 1, first.column - 1, options)

    def origins(self, sheet: Worksheet, layout: Layout) -> None:
        """Say at cells that are closed to the officer where their values were taken over from."""
        for cell in layout.cells:
            if cell.field is not None and (_closed(cell) or (cell.origin and layout.issued)):
                box = cell.box
                sheet.data_validation(
                    box.row - 1, box.column - 1, box.last_row - 1, box.column - 1, taken_over(cell.field, cell.origin)
                )

    def blanks(self, sheet: Worksheet, layout: Layout, places: Places, name: str) -> None:
        """Fill lightly what is still to be filled in; the fill goes as soon as something stands there."""
        self.book.define_name(f"'{name}'!{UNFINISHED}", f"={unfinished(layout, places.elsewhere(name))}")
        fill = self.book.add_format({"bg_color": BLANK_FILL})
        found = list(cues(layout, places))
        barred = [(cue.box, cue.formula) for cue in found if cue.grey]
        for cue in found:
            for named, cells in cue.names.items():
                self.name(named, cells)
        # The first that holds is what is seen: what is to stay blank is not asked for, whatever else is lacking.
        if barred:
            _fill(sheet, barred, self.book.add_format({"bg_color": UNUSED_FILL}))
        _fill(sheet, blank_tests(layout, places), fill)
        _fill(sheet, [(cue.box, cue.formula) for cue in found if not cue.grey], fill)

    def page(self, sheet: Worksheet, layout: Layout) -> None:
        """Set up printing: one page wide, heads of a long table on every page."""
        set_paper(sheet, layout.page, layout.scale)
        if layout.breaks:
            sheet.set_h_pagebreaks(list(layout.breaks))
        top, left = layout.origin
        sheet.print_area(top - 1, left - 1, layout.rows[-1].number - 1, len(layout.widths) - 1)
        repeated = layout.repeated_heads
        if repeated is not None:
            sheet.repeat_rows(repeated[0] - 1, repeated[1] - 1)
        inputs = [cell.box for cell in layout.cells if cell.role is Role.INPUT]
        if inputs:
            sheet.set_selection(inputs[0].row - 1, inputs[0].column - 1, inputs[0].row - 1, inputs[0].column - 1)

    # -- live checks ------------------------------------------------------------------------------------------------

    def watch(self, layouts: Sequence[Layout], names: Sequence[str], places: Sequence[Places]) -> _Laid:
        """Write 填报自检 and the hidden sheet behind it, and let the cells of the forms turn red."""
        hidden = Hidden()
        parts: list[SheetLines] = []
        for form in (form for form in _by_form(layouts) if not layouts[form.start].issued):
            watches = watch_sheets([(layouts[number], names[number], places[number]) for number in form], hidden)
            for number, watched in zip(form, watches, strict=True):
                parts.append(SheetLines(names[number], layouts[number].title, watched.lines))
                sheet = self.book.get_worksheet_by_name(names[number])
                self.colour(sheet, watched, places[number], f"{stamp.NAME}_{number}_")
        if not parts:
            return _Laid({}, hidden)
        formulas = write_sheet(self.book.add_worksheet(SELF_CHECK), parts, self.format)
        rows = self.book.add_worksheet(stamp.ROWS)
        rows.very_hidden()
        rows.protect()
        return _Laid(formulas, hidden)

    def colour(self, sheet: Worksheet, watched: Watch, places: Places, prefix: str) -> None:
        """Let cells turn red or yellow while a rule is broken."""
        areas = list(coloured(watched, places, prefix))
        for name, cells in (named for area in areas for named in area.names):
            self.name(name, cells)
        red, amber = (
            self.book.add_format({"bg_color": fill, "font_color": ink})
            for fill, ink in ((RED, RED_INK), (AMBER, AMBER_INK))
        )
        for area in areas:
            _fill(sheet, [(area.box, area.formula)], red if area.error else amber)

    def instructions(self, layouts: Sequence[Layout], contact: str) -> None:
        """Write 填表说明 behind the other sheets, where there is something to be filled in."""
        asked = [layout for layout in layouts if not layout.issued]
        if asked:
            write_instructions(self.book.add_worksheet(INSTRUCTIONS), asked, contact, self.format)

    # -- identity ---------------------------------------------------------------------------------------------------

    def identity(self, layouts: Sequence[Layout], names: Sequence[str]) -> None:
        """Write who the sheets are into a hidden sheet and the document's properties too: one may get lost."""
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


def _fill(sheet: Worksheet, areas: Iterable[tuple[Box, str]], look: Format) -> None:
    """Give areas another look where the condition on their first cell holds."""
    for box, formula in areas:
        options = {"type": "formula", "criteria": f"={formula}", "format": look}
        sheet.conditional_format(box.row - 1, box.column - 1, box.last_row - 1, box.last_column - 1, options)


def _repeated(part: Box, layout: Layout) -> bool:
    """Tell whether the top of a part is printed again on each page."""
    _, last = layout.repeated_heads or (0, 0)
    return part.row <= last < part.last_row


def _closed(cell: PlacedCell) -> bool:
    """Tell whether a cell with a value that was taken over has a hint and nothing else: it is approved, or a level."""
    return bool(cell.origin) and cell.field is not None and (cell.fixed or cell.field.level > 0)


def _offered(places: Places, field: Field, first: Box) -> str:
    """Return what the drop-downs of a run of cells offer, as a formula of the first of them."""
    codes, groups = (places.list_range(field.list, part) for part in (Part.OFFERED, Part.UNDER))
    above = ""
    if field.within:
        path, there = next((p, c.box) for p, c in places.cells.items() if c.field and c.field.path == field.within)
        row = f"{first.row}" if "[]" in field.within else f"${there.row}"
        above = f"{places.away.get(path, '')}${column_letter(there.column)}{row}"
    return offered(codes, groups, above)


def _areas(boxes: Sequence[Box]) -> list[tuple[Box, Box]]:
    """Runs of boxes that stand right below each other, as their first and last."""
    found: list[tuple[Box, Box]] = []
    for box in boxes:
        if found and found[-1][1].last_row + 1 == box.row:
            found[-1] = found[-1][0], box
        else:
            found.append((box, box))
    return found
