"""An old workbook (.xls, .et; BIFF in a compound file or by itself) as a Book.

Read by what its records say, one after the other: counts, sizes and pointers that do not fit, and records outside the
cells, are no reason to refuse a file that other programs open.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

from msgspec import Struct, field

from perfxl.model.grid import Book, Grid
from perfxl.package.encryption import record_cipher
from perfxl.package.limits import Limits
from perfxl.package.ole import SIGNATURE, Compound
from perfxl.package.unreadable import Unreadable, UnreadableReason, check_count, check_length, check_size
from perfxl.readers.biff import BOUNDSHEET, FILEPASS, BiffRecord, BiffStream, Segments, deciphered
from perfxl.readers.code_page import CodePage
from perfxl.readers.styles import BUILT_IN, GENERAL
from perfxl.readers.xls_sheet import Tables, XlsContent, read_sheet

STREAMS: Final = ("Workbook", "Book")
_MACRO_STORAGES: Final = frozenset({"_vba_project_cur", "_vba_project", "vba", "macros"})
_CODEPAGE, _DATEMODE, _FONT = 0x0042, 0x0022, 0x0031
_SHEETHDR, _SUPBOOK, _SST = 0x008F, 0x01AE, 0x00FC
_NAMES: Final = frozenset({0x0018, 0x0218})
_FORMATS: Final = frozenset({0x001E, 0x041E})
_STYLES: Final = {0x0043: 2, 0x0243: 1, 0x0443: 1, 0x00E0: 2}
"""The records of cell styles, and where in them their number format stands."""
_OWN_BOOK: Final = frozenset({b"\x01\x04", b"\x01\x3a"})
"""Instead of a file's name: the workbook itself, and functions that are added in."""
_WORKSHEET, _MACRO_SHEET = 0, 1
_FIRST_WITH_NUMBERED_FORMATS = 5
_BUILT_IN_NAME = 0x20
_TEXT_TOKEN = 0x17


def read_xls(data: bytes, limits: Limits) -> Book:
    """Read an old workbook. Raises Unreadable: encrypted, over a limit, or without anything that could be read."""
    check_size(data, limits)
    compound = Compound(data) if data.startswith(SIGNATURE) else None
    whole = _opened(data, compound, limits)
    storages = {name.lower() for name in compound.names} if compound is not None else set()
    return Book(
        format="xls",
        sheets=tuple(whole.grids(limits)),
        names=whole.names.get(0, {}),
        macros=whole.macro_sheets or not storages.isdisjoint(_MACRO_STORAGES),
        external_links=whole.external_links,
    )


def open_xls(data: bytes, limits: Limits) -> XlsWorkbook:
    """Return what an old workbook says of the whole, with the stream in which its sheets are. Raises Unreadable."""
    check_size(data, limits)
    return _opened(data, Compound(data) if data.startswith(SIGNATURE) else None, limits)


def _opened(data: bytes, compound: Compound | None, limits: Limits) -> XlsWorkbook:
    stream = data if compound is None else next(filter(None, map(compound.stream, STREAMS)), b"")
    try:
        return XlsWorkbook.of(BiffStream(_unlocked(stream, limits), limits), limits)
    except (ValueError, LookupError, struct.error) as error:
        raise Unreadable(UnreadableReason.DAMAGED, "旧版工作簿已损坏") from error


def _unlocked(stream: bytes, limits: Limits) -> bytes:
    """Return a stream that can be read. Raises Unreadable where it has a password of its own."""
    whole = _of_the_whole(BiffStream(stream, limits), 0)
    filepass = next((record.body for record in whole if record.kind == FILEPASS), None)
    if filepass is None:
        return stream
    cipher = record_cipher(filepass, len(stream))
    if cipher is None:
        raise Unreadable(UnreadableReason.ENCRYPTED, "文件已加密")
    return deciphered(stream, cipher)


class XlsTab(Struct, frozen=True):
    """A worksheet's tab: its name, its number among all sheets (from 1), where its part begins."""

    name: str
    number: int
    position: int
    hidden: bool


class XlsWorkbook(Struct):
    """What the records of the whole say."""

    stream: BiffStream
    edition: int
    tabs: list[XlsTab] = field(default_factory=list)
    names: dict[int, dict[str, str]] = field(default_factory=dict)
    """Names by the number of the sheet that they are defined for, 0 for all."""
    tables: Tables = field(default_factory=Tables)
    macro_sheets: bool = False
    external_links: bool = False

    @classmethod
    def of(cls, stream: BiffStream, limits: Limits) -> XlsWorkbook:
        """Read the first part of a stream. Raises ValueError, LookupError, struct.error or Unreadable."""
        made = cls(stream, stream.edition(0))
        if not made.edition:
            raise ValueError("BOF")
        made.read(0, limits)
        return made

    def whole(self) -> Iterator[BiffRecord]:
        """Yield the records that say something of the whole workbook."""
        yield from _of_the_whole(self.stream, 0)

    def read(self, position: int, limits: Limits) -> None:
        """Take in what a part says of the whole: of a workbook that has a part for itself, or of a single sheet."""
        found = list(_of_the_whole(self.stream, position))
        charsets = {record.body[12] for record in found if record.kind == _FONT and len(record.body) > 12}
        page = next((record.body for record in found if record.kind == _CODEPAGE), b"")
        code_page = CodePage(int.from_bytes(page[:2], "little"), charsets)
        self.tables = Tables(self.edition, code_page, date1904=self.tables.date1904)
        declared: list[tuple[int, str]] = []
        styles: list[int] = []
        number = count = 0
        for record in found:
            kind, body = record.kind, record.body
            if kind == _DATEMODE:
                self.tables.date1904 = body[:1] == b"\1"
            elif kind in _FORMATS:
                declared.append(self._format(record, len(declared)))
            elif kind in _STYLES and (at := _STYLES[kind]) < len(body):
                styles.append(int.from_bytes(body[at : at + (2 if kind == 0x00E0 else 1)], "little"))
            elif kind == _SST:
                self.tables.strings = _shared_strings(record, limits)
            elif kind == _SUPBOOK:
                self.external_links = self.external_links or body[2:4] not in _OWN_BOOK
            elif kind == BOUNDSHEET and len(body) > 6:
                number += 1
                self._sheet(body, number)
            elif kind == _SHEETHDR and len(body) > 4:
                number += 1
                name = self.tables.page.decode(body[5 : 5 + body[4]])
                self.tabs.append(XlsTab(name, number, record.start + 4 + len(body), hidden=False))
            elif kind in _NAMES:
                self._name(body)
                count += 1
        check_count(max(len(declared), len(styles), count, number), limits)
        codes = dict(declared) if self.edition < _FIRST_WITH_NUMBERED_FORMATS else {**BUILT_IN, **dict(declared)}
        self.tables.formats = tuple(codes.get(style) or GENERAL for style in styles)
        if self.edition == 2:
            self.tables.formats = tuple(code for _, code in declared)

    def grids(self, limits: Limits) -> Iterator[Grid]:
        """Yield the worksheets in the order of their tabs; one that is damaged has no cells and says so.

        Raises Unreadable over a limit.
        """
        used = 0
        seen: set[int] = set()
        # The oldest have one sheet and nothing around it.
        for tab in self.tabs or [XlsTab("Sheet1", 1, 0, hidden=False)]:
            content, damaged = XlsContent(), tab.position in seen
            seen.add(tab.position)
            try:
                if self.edition < _FIRST_WITH_NUMBERED_FORMATS and tab.position:
                    self.read(tab.position, limits)  # bound together in one file, each has formats of its own
                content = content if damaged else read_sheet(self.stream, tab.position, self.tables, limits)
            except (ValueError, LookupError, struct.error):
                damaged = True
            used += len(content.cells)
            check_count(used, limits)
            names = self.names.get(tab.number, {})
            yield Grid(tab.name, content.cells, content.merges, tab.hidden, names, damaged, content.unseen)

    def _format(self, record: BiffRecord, position: int) -> tuple[int, str]:
        """Return number and code of a format: before the fifth edition they were counted as they stand."""
        body = record.body
        if self.edition == 8:
            return int.from_bytes(body[:2], "little"), Segments((body,), 4).text(int.from_bytes(body[2:4], "little"))
        if self.edition == 5:
            return int.from_bytes(body[:2], "little"), self.tables.page.decode(body[3 : 3 + body[2]])
        at = 2 if self.edition == 4 else 0
        return position, self.tables.page.decode(body[at + 1 : at + 1 + body[at]])

    def _sheet(self, body: bytes, number: int) -> None:
        (position,) = struct.unpack_from("<I", body)
        kind, length = body[5], body[6]
        self.macro_sheets = self.macro_sheets or kind == _MACRO_SHEET
        if kind != _WORKSHEET:
            return
        name = Segments((body,), 7).text(length) if self.edition == 8 else self.tables.page.decode(body[7 : 7 + length])
        self.tabs.append(XlsTab(name, number, position, hidden=body[4] & 3 != 0))

    def _name(self, body: bytes) -> None:
        """Note a name that somebody gave; of what it refers to only a text."""
        if self.edition < _FIRST_WITH_NUMBERED_FORMATS or len(body) < 14 or body[0] & _BUILT_IN_NAME:
            self.tables.names.append("")
            return
        length = body[3]
        size, sheet = struct.unpack_from("<H2xH", body, 4)
        if self.edition == 8:
            segments = Segments((body,), 14)
            name, formula = segments.text(length), segments.take(size)
        else:
            name, formula = self.tables.page.decode(body[14 : 14 + length]), body[14 + length : 14 + length + size]
        self.tables.names.append(name)
        self.names.setdefault(sheet, {})[name] = self._text_constant(formula)

    def _text_constant(self, formula: bytes) -> str:
        """Return a name's formula that is a text, in quotes; "" for any other ([MS-XLS] 2.5.198.89, PtgStr)."""
        if len(formula) < 3 or formula[0] != _TEXT_TOKEN:
            return ""
        if self.edition != 8:
            return f'"{self.tables.page.decode(formula[2 : 2 + formula[1]])}"'
        return f'"{Segments((formula,), 2).text(formula[1])}"'


def _of_the_whole(stream: BiffStream, position: int) -> Iterator[BiffRecord]:
    """Yield the records of a part, as far as it goes: what a workbook says of itself may break off behind its sheets."""
    try:
        yield from stream.records(position)
    except ValueError:
        return


def _shared_strings(record: BiffRecord, limits: Limits) -> list[str]:
    """Return the shared strings; how many there are is found out by reading them."""
    segments = Segments((record.body, *record.more), 8)
    strings: list[str] = []
    while not segments.ended:
        strings.append(check_length(segments.text(segments.number(2)), limits))
        check_count(len(strings), limits)
    return strings
