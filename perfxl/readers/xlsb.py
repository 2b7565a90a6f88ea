"""The binary parts of an .xlsb: what their XML counterparts say in an .xlsx, in the same words ([MS-XLSB] 2.1.7)."""

from __future__ import annotations

import struct
from typing import Final

from perfxl.model.address import MAX_COLUMN, MAX_ROW, Box
from perfxl.model.grid import CellKind, Content, GridCell, Unseen
from perfxl.package.limits import Limits
from perfxl.package.outline import Outline, SheetEntry
from perfxl.package.unreadable import check_count
from perfxl.readers.biff12 import double, packed_number, text, u32, walk
from perfxl.readers.cell_value import ERRORS, shared_text
from perfxl.readers.merges import Merges
from perfxl.readers.styles import BUILT_IN, GENERAL
from perfxl.readers.worksheet_scan import Shared, WorksheetContent
from perfxl.values.dates import from_1904
from perfxl.values.double import number_of

_SHEET, _BOOK, _STRINGS, _STYLES = 0x81, 0x83, 0x9F, 0x116
"""The records that open the parts; the next number ends each."""
_SHEET_TAB, _BOOK_SETTINGS, _NAME = 0x9C, 0x99, 0x27
_STRING_ITEM = 0x13
_FORMAT, _STYLE, _CELL_STYLES, _CELL_STYLES_END = 0x2C, 0x2F, 0x269, 0x26A
_ROW, _MERGE, _COLUMNS = 0x00, 0xB0, 0x3C
_ROW_FLAGS, _ZERO_HIGH, _COLUMN_FLAGS = 11, 0x10, 16
"""Where the flags of a row and of columns stand, and the bit of a row that is not shown ([MS-XLSB] 2.4.698, 2.4.323)."""

_WHOLE_BOOK = 0xFFFFFFFF
_TEXT_TOKEN = 0x17

_LONG, _SHORT = 8, 4
"""Bytes before a cell's value: a column and a style, or a style for the column behind the last."""
_FORMULAS: Final = frozenset({0x08, 0x09, 0x0A, 0x0B})
_SHORTENED: Final = range(0x0C, 0x13)
_RICH = 0x3E
_CELLS: Final = frozenset({*range(0x01, 0x13), _RICH})


def read_binary_outline(data: bytes, limits: Limits) -> Outline:
    """Return what a workbook part says; of names those that are a text, all others refer to "". Raises Unreadable."""
    outline = Outline()
    count = 0

    def take(kind: int, body: bytes) -> None:
        nonlocal count
        if kind == _SHEET_TAB:
            relation, place = text(body, 8, limits)
            name, _ = text(body, place, limits)
            outline.sheets.append(SheetEntry(name, relation, hidden=u32(body, 0) != 0))
        elif kind == _BOOK_SETTINGS:
            outline.date1904 = bool(u32(body, 0) & 1)
        elif kind == _NAME:
            count += 1
            check_count(count, limits)
            sheet = u32(body, 5)
            name, place = text(body, 9, limits)
            target = outline.names if sheet == _WHOLE_BOOK else outline.local_names.setdefault(sheet, {})
            target[name] = _text_constant(body[place + 4 : place + 4 + u32(body, place)])

    walk(data, limits, _BOOK, take)
    return outline


def _text_constant(formula: bytes) -> str:
    """Return a name's formula that is a text, in quotes; "" for any other ([MS-XLSB] 2.5.98.83, PtgStr)."""
    if len(formula) < 3 or formula[0] != _TEXT_TOKEN:
        return ""
    length = int.from_bytes(formula[1:3], "little")
    return f'"{formula[3 : 3 + 2 * length].decode("utf-16-le", "replace")}"'


def read_binary_strings(data: bytes, limits: Limits) -> list[str]:
    """Return the shared strings in order, without fonts and phonetics. Raises Unreadable."""
    strings: list[str] = []

    def take(kind: int, body: bytes) -> None:
        if kind == _STRING_ITEM:
            strings.append(text(body, 1, limits)[0])
            check_count(len(strings), limits)

    walk(data, limits, _STRINGS, take)
    return strings


def read_binary_formats(data: bytes, limits: Limits) -> tuple[str, ...]:
    """Return the number format code of each cell style, by the index that cells carry. Raises Unreadable."""
    declared: dict[int, str] = {}
    styles: list[int] = []
    of_cells = False

    def take(kind: int, body: bytes) -> None:
        nonlocal of_cells
        if kind == _FORMAT:
            declared[_u16(body, 0)] = text(body, 2, limits)[0]
        elif kind == _STYLE and of_cells:
            styles.append(_u16(body, 2))
            check_count(len(styles), limits)
        elif kind in {_CELL_STYLES, _CELL_STYLES_END}:
            of_cells = kind == _CELL_STYLES

    walk(data, limits, _STYLES, take)
    codes = {**BUILT_IN, **declared}
    return tuple(codes.get(style, GENERAL) for style in styles)


def _u16(body: bytes, place: int) -> int:
    return int(struct.unpack_from("<H", body, place)[0])


def read_binary_worksheet(data: bytes, shared: Shared, limits: Limits) -> WorksheetContent:
    """Return what a worksheet holds; of a formula its result. Raises Unreadable, also for places on no sheet."""
    reader = _Reader(shared, limits)
    walk(data, limits, _SHEET, reader.take)
    return WorksheetContent(dict(sorted(reader.cells.items())), tuple(reader.merges.found), reader.unseen())


class _Reader:
    def __init__(self, shared: Shared, limits: Limits) -> None:
        self._shared = shared
        self._limits = limits
        self._row = 0
        self._column = 0
        self.cells: dict[tuple[int, int], GridCell] = {}
        self.merges = Merges(limits)
        self._row_hidden = False
        self._hidden_rows: set[int] = set()
        self._hidden_columns: set[int] = set()

    def unseen(self) -> Unseen:
        return Unseen(frozenset(self._hidden_rows), frozenset(self._hidden_columns))

    def take(self, kind: int, body: bytes) -> None:
        if kind in _CELLS:
            self._cell(kind, body)
        elif kind == _ROW:
            self._row, self._column = _bounded(u32(body, 0), MAX_ROW), 0
            self._row_hidden = len(body) > _ROW_FLAGS and bool(body[_ROW_FLAGS] & _ZERO_HIGH)
        elif kind == _COLUMNS and body[_COLUMN_FLAGS] & 1:
            first, last = (_bounded(u32(body, place), MAX_COLUMN) for place in (0, 4))
            self._hidden_columns.update(range(first, last + 1))
        elif kind == _MERGE:
            first, last, left, right = (u32(body, place) for place in (0, 4, 8, 12))
            box = Box(
                _bounded(first, MAX_ROW),
                _bounded(left, MAX_COLUMN),
                _bounded(last, MAX_ROW),
                _bounded(right, MAX_COLUMN),
            )
            if box.row > box.last_row or box.column > box.last_column:
                raise ValueError(box)
            self.merges.add(box)

    def _cell(self, kind: int, body: bytes) -> None:
        """Note a cell; its style is 24 bits wide, behind the column where that is written."""
        if not self._row:
            raise ValueError(kind)
        if kind in _SHORTENED:
            start = _SHORT
            self._column = _bounded(self._column, MAX_COLUMN)
        else:
            start = _LONG
            self._column = _bounded(u32(body, 0), MAX_COLUMN)
        found, value = self._value(kind, body, start)
        computed = kind in _FORMULAS
        if not computed and (value is None or value == ""):
            return  # a style only, or a text of no characters
        formats = self._shared.formats
        style = u32(body, start - 4) & 0xFFFFFF
        code = formats[style] if style < len(formats) else GENERAL
        place = (self._row, self._column)
        cell = GridCell(*place, found, value, code, "" if computed else None)
        self.cells[place] = from_1904(cell) if self._shared.date1904 else cell
        if self._row_hidden:
            self._hidden_rows.add(place[0])
        check_count(len(self.cells), self._limits)

    def _value(self, kind: int, body: bytes, start: int) -> tuple[CellKind, Content]:
        match kind:
            case 0x01 | 0x0C:
                return CellKind.BLANK, None
            case 0x02 | 0x0D:
                return number_of(packed_number(body, start))
            case 0x05 | 0x09 | 0x10:
                return number_of(double(body, start))
            case 0x03 | 0x0B | 0x0E:
                return CellKind.ERROR, ERRORS.get(body[start], "#VALUE!")
            case 0x04 | 0x0A | 0x0F:
                return CellKind.BOOLEAN, body[start] != 0
            case 0x07 | 0x12:
                return shared_text(u32(body, start), self._shared.strings)
            case _:  # a text in the cell itself, behind a byte of flags where it has fonts
                return CellKind.TEXT, text(body, start + (kind == _RICH), self._limits)[0]


def _bounded(number: int, last: int) -> int:
    """Return a row or column, which the file counts from 0, counted from 1. Raises ValueError where no sheet has it."""
    if not 0 <= number < last:
        raise ValueError(number)
    return number + 1
