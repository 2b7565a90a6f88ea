"""The cells and merges of one worksheet of an old workbook."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct, field

from perfxl.model.address import Box
from perfxl.model.grid import ALL_SEEN, CellKind, Content, GridCell, Unseen
from perfxl.package.limits import Limits
from perfxl.package.unreadable import check_count, check_length
from perfxl.readers.biff import BiffRecord, BiffStream, Segments
from perfxl.readers.biff12 import packed_number
from perfxl.readers.biff_formula import formula_text, shared_cell
from perfxl.readers.cell_value import ERRORS, shared_text
from perfxl.readers.code_page import CodePage
from perfxl.readers.merges import Merges
from perfxl.readers.styles import GENERAL
from perfxl.values.dates import from_1904
from perfxl.values.double import number_of

_NUMBERS: Final = frozenset({0x0003, 0x0203})
_TEXTS: Final = frozenset({0x0004, 0x0204, 0x00D6})
_BOOLEANS_AND_ERRORS: Final = frozenset({0x0005, 0x0205})
_FORMULAS: Final = frozenset({0x0006, 0x0206, 0x0406})
_RESULTS: Final = frozenset({0x0007, 0x0207})
_WHOLE_NUMBER, _PACKED, _SHARED, _SEVERAL_PACKED = 0x0002, 0x027E, 0x00FD, 0x00BD
_ONE_CELL: Final = frozenset({_WHOLE_NUMBER, _PACKED, _SHARED, *_NUMBERS, *_TEXTS, *_BOOLEANS_AND_ERRORS, *_FORMULAS})
_MERGES = 0x00E5
_SHARED_FORMULAS: Final = frozenset({0x04BC, 0x00BC})
_ROW, _COLUMN_INFO = 0x0208, 0x007D
_ROW_FLAGS, _NOT_SHOWN, _COLUMN_FLAGS = 12, 0x20, 8
"""Where the flags of a row and of columns stand, and the bit of a row that is not shown ([MS-XLS] 2.4.221, 2.4.53)."""
_COLUMNS = 256
_SPECIAL = 0xFFFF
"""Instead of the exponent of a formula's result: it is no number."""
_BY_ITSELF, _TRUTH, _ERROR = 0, 1, 2

_PLACE = struct.Struct("<HHH")
_DOUBLE = struct.Struct("<d")


class XlsContent(Struct, frozen=True):
    """Used cells by (row, column) in reading order, and merges as they stand."""

    cells: Mapping[tuple[int, int], GridCell] = field(default_factory=dict)
    merges: tuple[Box, ...] = ()
    unseen: Unseen = ALL_SEEN


class Tables(Struct):
    """What the cells of all sheets refer to: formats by style, shared strings, names, how texts and days are written."""

    edition: int = 8
    page: CodePage = field(default_factory=lambda: CodePage(0, ()))
    formats: Sequence[str] = ()
    strings: Sequence[str] = ()
    date1904: bool = False
    names: list[str] = field(default_factory=list)
    """The names of the workbook in the order of their records, "" for what no formula calls a function by."""


def read_sheet(stream: BiffStream, position: int, tables: Tables, limits: Limits) -> XlsContent:
    """Return what the sheet at a position holds.

    Raises Unreadable over a limit; ValueError, LookupError or struct.error where the sheet is damaged.
    """
    reader = _Reader(tables, limits)
    for record in stream.records(position):
        reader.take(record)
    return reader.content()


class _Reader:
    def __init__(self, tables: Tables, limits: Limits) -> None:
        self._tables = tables
        self._limits = limits
        self._waiting: GridCell | None = None
        """A formula whose result is a text: that stands in a record of its own."""
        self._last: tuple[int, int] | None = None
        """The formula cell read last: what is shared stands behind the first that shares it."""
        self._sharing: dict[tuple[int, int], tuple[int, int]] = {}
        """Cells whose formula stands in another one's record: that is the first of them."""
        self._shared: dict[tuple[int, int], bytes] = {}
        self.cells: dict[tuple[int, int], GridCell] = {}
        self.merges = Merges(limits)
        self._hidden_rows: set[int] = set()
        self._hidden_columns: set[int] = set()

    def take(self, record: BiffRecord) -> None:
        """Take in a record; those that say nothing about cells are passed over."""
        kind, body = record.kind, record.body
        if kind in _ONE_CELL:
            self._cell(record)
        elif kind == _SEVERAL_PACKED:
            row, first = struct.unpack_from("<HH", body)
            for number, at in enumerate(range(4, len(body) - 7, 6)):
                (style,) = struct.unpack_from("<H", body, at)
                self._note(row, first + number, style, *number_of(packed_number(body, at + 2)))
        elif kind in _RESULTS and self._waiting is not None:
            text = self._result(record)
            cell, self._waiting = self._waiting._replace(kind=CellKind.TEXT, value=text), None
            self.cells[cell.row, cell.column] = cell
        elif kind == _ROW and len(body) > _ROW_FLAGS and body[_ROW_FLAGS] & _NOT_SHOWN:
            self._hidden_rows.add(int.from_bytes(body[:2], "little") + 1)
        elif kind == _COLUMN_INFO and len(body) > _COLUMN_FLAGS and body[_COLUMN_FLAGS] & 1:
            first, last = struct.unpack_from("<HH", body)
            self._hidden_columns.update(range(first + 1, min(last + 1, _COLUMNS) + 1))
        elif kind in _SHARED_FORMULAS and self._last is not None:
            self._shared[self._last] = body[10 : 10 + int.from_bytes(body[8:10], "little")]
        elif kind == _MERGES:
            for at in range(2, len(body) - 7, 8):
                first, last, left, right = struct.unpack_from("<4H", body, at)
                if first <= last and left <= right:
                    self.merges.add(Box(first + 1, left + 1, last + 1, right + 1))

    def content(self) -> XlsContent:
        """Return what the sheet holds, once all records were taken in."""
        self._share()
        unseen = Unseen(frozenset(self._hidden_rows), frozenset(self._hidden_columns))
        return XlsContent(dict(sorted(self.cells.items())), tuple(self.merges.found), unseen)

    def _cell(self, record: BiffRecord) -> None:
        kind, body = record.kind, record.body
        row, column, style = _PLACE.unpack_from(body)
        at = 6
        if self._tables.edition == 2:  # attributes instead of a style: the format is in the second byte of three
            style, at = body[5] & 0x3F, 7
        if kind in _FORMULAS:
            self._formula(row, column, style, body, at)
        elif kind in _NUMBERS:
            self._note(row, column, style, *number_of(_DOUBLE.unpack_from(body, at)[0]))
        elif kind == _PACKED:
            self._note(row, column, style, *number_of(packed_number(body, at)))
        elif kind == _WHOLE_NUMBER:
            self._note(row, column, style, *number_of(float(struct.unpack_from("<H", body, at)[0])))
        elif kind == _SHARED:
            self._note(row, column, style, *shared_text(struct.unpack_from("<I", body, at)[0], self._tables.strings))
        elif kind in _TEXTS:
            self._note(row, column, style, CellKind.TEXT, self._text(record, at))
        else:
            self._note(row, column, style, *_truth_or_error(body[at], is_error=body[at + 1] != 0))

    def _formula(self, row: int, column: int, style: int, body: bytes, at: int) -> None:
        result = body[at : at + 8]
        pieces = self._pieces(body, at)
        self._last = (row + 1, column + 1)
        shared = shared_cell(pieces)
        if shared is not None:
            self._sharing[row + 1, column + 1] = shared
        formula = formula_text(pieces, self._tables.edition, row + 1, column + 1, self._tables.names)
        if int.from_bytes(result[6:8], "little") != _SPECIAL:
            self._note(row, column, style, *number_of(_DOUBLE.unpack(result)[0]), formula=formula)
        elif result[0] in {_TRUTH, _ERROR}:
            self._note(row, column, style, *_truth_or_error(result[2], is_error=result[0] == _ERROR), formula=formula)
        elif result[0] == _BY_ITSELF:
            self._note(row, column, style, CellKind.BLANK, None, formula=formula)
            self._waiting = self.cells[row + 1, column + 1]
        else:
            self._note(row, column, style, CellKind.TEXT, "", formula=formula)

    def _pieces(self, body: bytes, at: int) -> bytes:
        """Return a formula as it is stored, behind its result: after flags and, later on, what helps to work it out."""
        start = at + {2: 9, 3: 10, 4: 10}.get(self._tables.edition, 14)
        size = 1 if self._tables.edition == 2 else 2
        length = int.from_bytes(body[start : start + size], "little")
        return body[start + size : start + size + length]

    def _share(self) -> None:
        """Give the cells that share a formula what it is in each of them."""
        for (row, column), first in self._sharing.items():
            cell = self.cells.get((row, column))
            if cell is not None and first in self._shared:
                text = formula_text(self._shared[first], self._tables.edition, row, column, self._tables.names)
                self.cells[row, column] = cell._replace(formula=text)

    def _note(
        self, row: int, column: int, style: int, kind: CellKind, value: Content, formula: str | None = None
    ) -> None:
        if column >= _COLUMNS:
            raise ValueError(column)
        self._waiting = None
        if formula is None and (value is None or value == ""):
            return  # a text of no characters
        formats = self._tables.formats
        code = formats[style] if style < len(formats) else GENERAL
        place = (row + 1, column + 1)
        cell = GridCell(*place, kind, value, code, formula)
        self.cells[place] = from_1904(cell) if self._tables.date1904 else cell
        check_count(len(self.cells), self._limits)

    def _text(self, record: BiffRecord, at: int) -> str:
        """Return the text of a cell that holds it itself."""
        if self._tables.edition == 8:
            segments = Segments((record.body, *record.more), at)
            return check_length(segments.text(segments.number(2)), self._limits)
        size = 1 if self._tables.edition == 2 else 2
        return self._bytes(record, at, size)

    def _result(self, record: BiffRecord) -> str:
        """Return the text that a formula gives."""
        if self._tables.edition == 8:
            return self._text(record, 0)
        return self._bytes(record, 0, 1 if record.kind == 0x0007 else 2)

    def _bytes(self, record: BiffRecord, at: int, size: int) -> str:
        whole = b"".join((record.body, *record.more))
        length = int.from_bytes(whole[at : at + size], "little")
        return check_length(self._tables.page.decode(whole[at + size : at + size + length]), self._limits)


def _truth_or_error(value: int, *, is_error: bool) -> tuple[CellKind, Content]:
    return (CellKind.ERROR, ERRORS.get(value, "#VALUE!")) if is_error else (CellKind.BOOLEAN, value != 0)
