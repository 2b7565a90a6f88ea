"""How the sheets of an old workbook look (.xls, .et): its styles, validations and page ([MS-XLS])."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from perfxl.adopt.laying import MOST_COLUMNS
from perfxl.adopt.limits import PRINT_AREA, Validation, limit_of, places_of
from perfxl.adopt.page_lines import page_line
from perfxl.adopt.sheet import PLAIN, Limit, Looks, Paper, Style
from perfxl.model.address import Box, cell_name
from perfxl.model.grid import Book, Grid
from perfxl.package.limits import Limits
from perfxl.readers.biff import BiffRecord, Segments
from perfxl.readers.biff_formula import formula_text
from perfxl.readers.styles import GENERAL
from perfxl.readers.xls import XlsWorkbook, open_xls

_FONT, _XF, _EXTERN_SHEET, _SUP_BOOK, _NAME = 0x0031, 0x00E0, 0x0017, 0x01AE, 0x0018
_BUILT_IN, _BUILT_IN_PRINT_AREA = 0x20, "\x06"
_ONE_CELL: Final = frozenset(
    {0x0201, 0x0001, 0x0002, 0x0003, 0x0203, 0x0004, 0x0204, 0x00D6, 0x0005, 0x0205, 0x0006, 0x0206, 0x0406}
    | {0x027E, 0x00FD}
)
"""Records of one cell: its row, its column, its style."""
_BLANKS, _NUMBERS = 0x00BE, 0x00BD
"""Records of several cells in a row: blank ones, and packed numbers."""
_ROW, _COLUMNS, _PROTECT, _SETUP, _VALIDATION = 0x0208, 0x007D, 0x0012, 0x00A1, 0x01BE
_USUAL_HEIGHT, _ROW_FLAGS, _BY_HAND, _FONT_NAME = 0x0225, 12, 0x40, 14
"""The record of rows that have none; in that of a row where its flags stand, and the one of a height that somebody has set."""
_HEADER, _FOOTER, _A3 = 0x0014, 0x0015, 8
_MARGINS: Final = (0x0026, 0x0027, 0x0028, 0x0029)
"""Left, right, top, bottom."""
_INCH = Decimal("2.54")
_PADDING = 0.71
_TWIPS, _WIDTHS, _BOLD = 20, 256, 600
_ALIGNS: Final = ("", "left", "center", "right", "fill", "justify", "centerContinuous", "distributed")
_KINDS: Final = ("any", "whole", "decimal", "list", "date", "time", "textLength", "custom")
_OPERATORS: Final = (
    *("between", "notBetween", "equal", "notEqual"),
    *("greaterThan", "lessThan", "greaterThanOrEqual", "lessThanOrEqual"),
)
_TEXT_TOKEN, _FIRST_CELL, _FIRST_AREA = 0x17, 0x1A, 0x1B
"""Pieces of formulas: a text, a cell and an area of another sheet (without the bits of their class)."""


def looks_of_xls(data: bytes, book: Book, limits: Limits) -> Iterator[Looks]:
    """Yield the looks of each sheet of a workbook, in the order of its sheets; of a damaged one none.

    Raises Unreadable over a limit.
    """
    workbook = open_xls(data, limits)
    shared = _Shared.of(workbook)
    for tab, grid in zip(workbook.tabs, book.sheets, strict=False):
        reader = _Reader(shared, book, grid)
        try:
            for record in workbook.stream.records(tab.position):
                reader.take(record)
        except (ValueError, LookupError, struct.error):
            yield Looks()
        else:
            yield replace(reader.looks(), printed=shared.printed.get(tab.number))


class _Shared(Struct):
    """What all sheets refer to: the styles of cells, and the sheets that formulas of other sheets mean."""

    edition: int
    styles: tuple[Style, ...] = ()
    sheets: list[str] = field(default_factory=list)
    printed: dict[int, Box] = field(default_factory=dict)
    """What is printed of a sheet, by its number."""

    @classmethod
    def of(cls, workbook: XlsWorkbook) -> _Shared:
        fonts: list[_Font] = []
        raw: list[bytes] = []
        own_books: list[bool] = []
        made = cls(workbook.edition)
        for record in workbook.whole():
            body = record.body
            if record.kind == _FONT and len(body) >= 8:
                fonts.append(_font(body, workbook.edition))
            elif record.kind == _XF:
                raw.append(body)
            elif record.kind == _SUP_BOOK:
                own_books.append(body[2:4] == b"\x01\x04")
            elif record.kind == _NAME and workbook.edition == 8:
                made.printed |= _print_area(body)
            elif record.kind == _EXTERN_SHEET and workbook.edition == 8:
                made.sheets = list(_sheets(b"".join((body, *record.more)), own_books, workbook))
        codes = workbook.tables.formats
        made.styles = tuple(
            _style(body, workbook.edition, fonts, codes[number] if number < len(codes) else GENERAL)
            for number, body in enumerate(raw)
        )
        return made

    def style(self, number: int) -> Style:
        return self.styles[number] if number < len(self.styles) else PLAIN


def _print_area(body: bytes) -> dict[int, Box]:
    """Return what is printed of a sheet, by its number from 1, {} for any other name ([MS-XLS] 2.4.150, Lbl; 2.5.198.28)."""
    if len(body) < 15:
        return {}
    length, size, sheet = body[3], *struct.unpack_from("<H2xH", body, 4)
    data = Segments((body,), 14)
    name, formula = data.text(length), data.take(size)
    built_in = bool(body[0] & _BUILT_IN) and name == _BUILT_IN_PRINT_AREA
    if not sheet or not (built_in or name == PRINT_AREA) or len(formula) != 11 or formula[0] & 0x1F != _FIRST_AREA:
        return {}
    first_row, last_row, first, last = struct.unpack_from("<4H", formula, 3)
    return {sheet: Box(first_row + 1, (first & 0xFF) + 1, last_row + 1, (last & 0xFF) + 1)}


def _sheets(body: bytes, own_books: Sequence[bool], workbook: XlsWorkbook) -> Iterator[str]:
    """Yield the names of the sheets that formulas refer to by a number, "" for those of other files and for several."""
    names = {tab.number - 1: tab.name for tab in workbook.tabs}
    for at in range(2, len(body) - 5, 6):
        book, first, last = struct.unpack_from("<3H", body, at)
        own = book < len(own_books) and own_books[book]
        yield names.get(first, "") if own and first == last else ""


class _Font(NamedTuple):
    """A font: its size in points, whether it is bold, its name."""

    size: float
    bold: bool
    face: str


def _font(body: bytes, edition: int) -> _Font:
    """Return a font as its record has it ([MS-XLS] 2.4.122); the name of one from before 1997 is in bytes of its code page."""
    height, _, _, weight = struct.unpack_from("<4H", body)
    name = Segments((body,), _FONT_NAME)
    length = name.number(1)
    face = name.text(length) if edition == 8 else name.take(length).decode("gb18030", "replace")
    return _Font(height / _TWIPS, weight >= _BOLD, face)


def _style(body: bytes, edition: int, fonts: Sequence[_Font], code: str) -> Style:
    """Return a style as its record has it ([MS-XLS] 2.4.353; before 1997 likewise, its lines elsewhere)."""
    if len(body) < (20 if edition == 8 else 16) or edition < 5:
        return Style(format=code)
    font, _, flags = struct.unpack_from("<3H", body)
    number = font if font < 4 else font - 1  # the fifth font of the list has the number 5: there is none with 4
    size, bold, face = fonts[number] if number < len(fonts) else _Font(PLAIN.size, bold=False, face="")
    if edition == 8:
        (lines,) = struct.unpack_from("<H", body, 10)
        left, right, top, bottom = (lines >> shift & 0xF for shift in (0, 4, 8, 12))
        pattern, colour = body[17] >> 2, body[18] & 0x7F
    else:
        first, lines = struct.unpack_from("<2I", body, 8)
        bottom, top, left, right = first >> 22 & 7, lines & 7, lines >> 3 & 7, lines >> 6 & 7
        pattern, colour = first >> 16 & 0x3F, first & 0x7F
    sides = {"left": left, "right": right, "top": top, "bottom": bottom}
    return Style(
        format=code,
        size=size,
        bold=bold,
        align=_ALIGNS[body[6] & 7],
        sides=frozenset(side for side, line in sides.items() if line),
        locked=bool(flags & 1),
        fill=f"indexed={colour}" if pattern else "",
        face=face,
    )


class _Reader(Struct):
    """What the records of one sheet say of its looks."""

    shared: _Shared
    book: Book
    grid: Grid
    styles: dict[tuple[int, int], Style] = field(default_factory=dict)
    limits: dict[tuple[int, int], Limit] = field(default_factory=dict)
    widths: dict[int, float] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)
    exact: set[int] = field(default_factory=set)
    rest: float = 0.0
    margins: dict[int, Decimal] = field(default_factory=dict)
    landscape: bool = False
    large: bool = False
    lines: dict[int, str] = field(default_factory=dict)
    guarded: bool = False

    def take(self, record: BiffRecord) -> None:
        """Take in a record. Raises ValueError, LookupError or struct.error where it is damaged."""
        kind, body = record.kind, record.body
        if kind in _ONE_CELL and self.shared.edition >= 5:
            row, column, style = struct.unpack_from("<3H", body)
            self._note(row, column, style)
        elif kind in {_BLANKS, _NUMBERS}:
            row, first = struct.unpack_from("<2H", body)
            for number, at in enumerate(range(4, len(body) - 3, 2 if kind == _BLANKS else 6)):
                self._note(row, first + number, int.from_bytes(body[at : at + 2], "little"))
        elif kind == _ROW and len(body) >= 8 and not body[7] & 0x80:
            row, height = struct.unpack_from("<H4xH", body)
            self.heights[row + 1] = height / _TWIPS
            if len(body) > _ROW_FLAGS and body[_ROW_FLAGS] & _BY_HAND:
                self.exact.add(row + 1)
        elif kind == _USUAL_HEIGHT and len(body) >= 4 and body[0] & 1:
            self.rest = struct.unpack_from("<H", body, 2)[0] / _TWIPS
        elif kind == _COLUMNS:
            first, last, width = struct.unpack_from("<3H", body)
            for column in range(first + 1, min(last + 1, MOST_COLUMNS) + 1):
                self.widths[column] = width / _WIDTHS - _PADDING
        elif kind == _PROTECT:
            self.guarded = any(body[:2])
        elif kind == _SETUP and len(body) >= 12 and not body[10] & 0x44:
            self.landscape = not body[10] & 2
            self.large = int.from_bytes(body[:2], "little") == _A3
        elif kind in {_HEADER, _FOOTER} and self.shared.edition == 8:
            data = Segments((body, *record.more))
            self.lines[kind] = page_line(data.text(data.number(2))) if len(body) > 2 else ""
        elif kind in _MARGINS:
            self.margins[kind] = _centimetres(struct.unpack_from("<d", body)[0])
        elif kind == _VALIDATION and self.shared.edition == 8:
            self._limit(Segments((body, *record.more)))

    def _note(self, row: int, column: int, style: int) -> None:
        if column < MOST_COLUMNS:
            self.styles[row + 1, column + 1] = self.shared.style(style)

    def _limit(self, data: Segments) -> None:
        """Take in a validation ([MS-XLS] 2.4.83, Dv)."""
        flags = data.number(4)
        _, _, prompt, _ = (data.text(data.number(2)) for _ in range(4))
        formulas = []
        for _ in range(2):
            size = data.number(2)
            data.take(2)
            formulas.append(data.take(size))
        for _ in range(data.number(2)):
            first_row, last_row, first, last = struct.unpack("<4H", data.take(8))
            area = Box(first_row + 1, first + 1, last_row + 1, last + 1)
            first_said, second_said = (self._formula(formula, area) for formula in formulas)
            operator = _OPERATORS[flags >> 20 & 7]
            rule = Validation(_KINDS[flags & 7], operator, first_said, second_said, prompt.strip("\0"))
            self.limits |= dict.fromkeys(places_of(area), limit_of(rule, self.book, self.grid))

    def _formula(self, pieces: bytes, area: Box) -> str:
        """Return a formula of a validation as typed, "" where it is not known; choices by themselves with commas."""
        kind = pieces[0] & 0x1F if pieces else 0
        if kind in {_FIRST_CELL, _FIRST_AREA} and pieces[0] >= 0x20:
            return self._of_another_sheet(pieces, kind)
        text = formula_text(pieces, self.shared.edition, area.row, area.column)
        return text.replace("\0", ",") if kind == _TEXT_TOKEN else text.removeprefix("(").removesuffix(")")

    def _of_another_sheet(self, pieces: bytes, kind: int) -> str:
        """Return a cell or an area of another sheet as typed ([MS-XLS] 2.5.198.87, 2.5.198.28)."""
        (number,) = struct.unpack_from("<H", pieces, 1)
        count = 1 if kind == _FIRST_CELL else 2
        if len(pieces) != 3 + 4 * count or number >= len(self.shared.sheets) or not self.shared.sheets[number]:
            return ""
        rows = struct.unpack_from(f"<{count}H", pieces, 3)
        columns = struct.unpack_from(f"<{count}H", pieces, 3 + 2 * count)
        cells = (cell_name(row + 1, (column & 0xFF) + 1) for row, column in zip(rows, columns, strict=True))
        return f"'{self.shared.sheets[number]}'!{':'.join(cells)}"

    def looks(self) -> Looks:
        """Return the looks of the sheet, once all records were taken in."""
        margins = tuple(self.margins[kind] for kind in _MARGINS) if len(self.margins) == len(_MARGINS) else ()
        lines = (self.lines.get(kind, "") for kind in (_HEADER, _FOOTER))
        paper = Paper(self.landscape, margins, self.large, *lines)
        return Looks(
            *(self.styles, self.limits, self.widths, self.heights, paper, self.guarded),
            exact=self.exact,
            rest=self.rest,
        )


def _centimetres(inches: float) -> Decimal:
    return (Decimal(str(inches)) * _INCH).quantize(Decimal("0.1"))
