"""The workbook put together: sheets that XlsxWriter writes, lists whose rows are streamed, tables and pivots laid in."""

from __future__ import annotations

import datetime as dt
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import BinaryIO
from urllib.parse import quote

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from perfxl.model.address import Box, cell_name
from perfxl.model.form import Page
from perfxl.package.draft import PackageDraft
from perfxl.package.limits import DEFAULT
from perfxl.package.package import Package, relations_name
from perfxl.package.splice import Splices, quoted
from perfxl.writer.lists.looks import LOOKS, CellLook
from perfxl.writer.lists.pivots import Pivot, add_pivots
from perfxl.writer.lists.sheet import Link, ListSheet, ListTable, line_xml
from perfxl.writer.memory_book import MemoryBook
from perfxl.writer.paper import set_paper

_EPOCH = dt.datetime(2020, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)
"""The creation time that every workbook carries: the same input gives the same bytes."""
_PAGE = Page(landscape=True)
_UPRIGHT = Page()
_WIDE_SCALE = 75
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TABLE_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.table+xml"
_ROWS = re.compile(rb"<sheetData\s*/>|<sheetData>.*?</sheetData>", re.DOTALL)
_DIMENSION = re.compile(rb'<dimension ref="[^"]*"/>')
_AFTER_LINKS = re.compile(rb"<(?:printOptions|pageMargins)\b")
_LOOKS_ROW = 2
"""The row of the first list in which a cell of each look is written: it has no merged cells."""
_STYLE = re.compile(rb'<c r="[A-Z]+%d" s="(\d+)"/>' % _LOOKS_ROW)
_PIECE = 1 << 16


class ListBook:
    """A workbook in the making: sheets come in the order in which they are asked for."""

    def __init__(self, title: str) -> None:
        self.book = MemoryBook()
        self.book.set_properties({"title": title, "author": "", "created": _EPOCH})
        self._formats: dict[tuple[tuple[str, object], ...], Format] = {}
        self.names: list[str] = []
        self._lists: list[ListSheet] = []
        self._pivots: list[Pivot] = []

    def format(self, properties: Mapping[str, object]) -> Format:
        """Return a format of XlsxWriter, the same one for the same properties."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format(dict(properties))
        return self._formats[key]

    def look(self, look: CellLook) -> Format:
        """Return the format of a look."""
        return self.format(LOOKS[look])

    def sheet(self, name: str) -> Worksheet:
        """Add a sheet that XlsxWriter writes."""
        self.names.append(name)
        return self.book.add_worksheet(name)

    def list(self, found: ListSheet) -> None:
        """Add a sheet that is a list."""
        sheet = self.sheet(found.name)
        if not self._lists:
            for column, look in enumerate(CellLook):
                sheet.write_blank(_LOOKS_ROW - 1, column, None, self.look(look))
        self._lists.append(found)
        for column, width in enumerate(found.widths):
            sheet.set_column(column, column, width)
        for box in found.merges:
            sheet.merge_range(box.row - 1, box.column - 1, box.last_row - 1, box.last_column - 1, "")
        sheet.set_h_pagebreaks(found.breaks)
        sheet.print_area(0, 0, found.last - 1, (found.printed or len(found.widths)) - 1)
        set_paper(sheet, _UPRIGHT if found.portrait else _PAGE, 100)
        row, column = found.frozen
        if (row, column) != (1, 1):
            sheet.freeze_panes(row - 1, column - 1)
        sheet.repeat_rows(found.heads[0] - 1, found.heads[1] - 1)
        if found.wide:
            sheet.fit_page = False
            sheet.set_print_scale(_WIDE_SCALE)
            sheet.repeat_columns(0, column - 2)

    def pivot(self, found: Pivot) -> None:
        """Lay a pivot table into a sheet that was added before."""
        self._pivots.append(found)

    def write(self, file: BinaryIO) -> None:
        """Write the workbook to a file that can be sought in; nothing can be added after it. Raises OSError."""
        draft = PackageDraft(Package.open(self.book.written(), DEFAULT))
        parts = {name: f"xl/worksheets/sheet{number}.xml" for number, name in enumerate(self.names, start=1)}
        number = 0
        for found in self._lists:
            part, relations = parts[found.name], []
            for table in found.tables:
                number += 1
                target = f"xl/tables/table{number}.xml"
                draft.add(target, Splices(_table_xml(table, number)), _TABLE_TYPE)
                relations.append(draft.relate(part, f"{_RELATIONS}/table", target))
            if relations:
                inside = "".join(f'<tablePart r:id="{identity}"/>' for identity in relations)
                markup = draft.markup(part)
                markup.append(markup.root, f'<tableParts count="{len(relations)}">{inside}</tableParts>')
        add_pivots(draft, self._pivots, parts)
        package = Package.open(draft.finish(), DEFAULT)
        styles = self._styles(package, parts)
        streams: dict[str, Iterable[bytes]] = {}
        for found in self._lists:
            part = parts[found.name]
            streams[part] = _pieces(_sheet(package.read(part), found, styles))
            relations_part = relations_name(part)
            if relations_part in package:
                streams[relations_part] = _relations(package.read(relations_part), found)
        package.stream(streams, file)

    def _styles(self, package: Package, parts: Mapping[str, str]) -> dict[CellLook, int]:
        """The numbers that XlsxWriter gave the looks: it wrote a cell of each into the first list."""
        if not self._lists:
            return {}
        numbers = _STYLE.findall(package.read(parts[self._lists[0].name]))
        return {look: int(number) for look, number in zip(CellLook, numbers, strict=True)}


@contextmanager
def lossless() -> Iterator[None]:
    """Make an error of what XlsxWriter only warns of: that it has left something out."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def _sheet(frame: bytes, found: ListSheet, styles: dict[CellLook, int]) -> Iterator[bytes]:
    """Yield the part of a list: the frame with the rows in it, and its links."""
    rows = _ROWS.search(frame)
    if rows is None:
        raise ValueError(found.name)
    dimension = f'<dimension ref="A1:{cell_name(found.last, len(found.widths))}"/>'.encode()
    yield _DIMENSION.sub(dimension, frame[: rows.start()])
    yield b"<sheetData>"
    for line in found.lines():
        yield line_xml(line, styles).encode()
    yield b"</sheetData>"
    tail = frame[rows.end() :]
    place = _AFTER_LINKS.search(tail)
    cut = place.start() if place else 0
    yield tail[:cut]
    first = True
    for number, link in enumerate(found.links(), start=1):
        if first:
            yield b"<hyperlinks>"
            first = False
        yield _link_xml(number, link)
    if not first:
        yield b"</hyperlinks>"
    yield tail[cut:]


def _pieces(parts: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the same bytes in pieces that are worth packing."""
    waiting: list[bytes] = []
    size = 0
    for part in parts:
        waiting.append(part)
        size += len(part)
        if size >= _PIECE:
            yield b"".join(waiting)
            waiting, size = [], 0
    yield b"".join(waiting)


def _link_xml(number: int, link: Link) -> bytes:
    where = f'r:id="rIdLink{number}"' if link.target else f'location="{quoted(link.place)}"'
    return f'<hyperlink ref="{cell_name(link.row, link.column)}" {where}/>'.encode()


def _relations(own: bytes, found: ListSheet) -> Iterator[bytes]:
    """Yield the relations of a list's part: its tables and pivots, and a file for each link."""
    head, _, _ = own.rpartition(b"</Relationships>")
    yield head
    for number, link in enumerate(found.links(), start=1):
        if link.target:
            target = quoted(link.target if link.target.startswith("file:") else quote(link.target, safe="/"))
            yield (
                f'<Relationship Id="rIdLink{number}" Type="{_RELATIONS}/hyperlink" Target="{target}" TargetMode="External"/>'
            ).encode()
    yield b"</Relationships>"


def _table_xml(table: ListTable, number: int) -> bytes:
    box = table.box
    data = Box(box.row, box.column, box.last_row - bool(table.totals), box.last_column)
    columns = "".join(
        _table_column(place, head, table.totals[place - 1] if table.totals else None)
        for place, head in enumerate(table.heads, start=1)
    )
    totals = ' totalsRowCount="1"' if table.totals else ' totalsRowShown="0"'
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<table xmlns="{_MAIN}" id="{number}" name="{quoted(table.name)}" displayName="{quoted(table.name)}" '
        f'ref="{box.range_name}"{totals}><autoFilter ref="{data.range_name}"/>'
        f'<tableColumns count="{len(table.heads)}">{columns}</tableColumns>'
        '<tableStyleInfo showFirstColumn="0" showLastColumn="0" showRowStripes="0" showColumnStripes="0"/></table>'
    ).encode()


def _table_column(place: int, head: str, total: object) -> str:
    start = f'<tableColumn id="{place}" name="{quoted(head)}"'
    label, formula = getattr(total, "label", ""), getattr(total, "formula", "")
    if formula:
        return (
            f'{start} totalsRowFunction="custom"><totalsRowFormula>{quoted(formula)}</totalsRowFormula></tableColumn>'
        )
    return f'{start} totalsRowLabel="{quoted(label)}"/>' if label else f"{start}/>"


def distinct(heads: Sequence[str]) -> tuple[str, ...]:
    """Return heads of columns as a table needs them: no two alike, whatever their case."""
    taken: set[str] = set()
    found = []
    for head in heads:
        own, number = head, 1
        while own.lower() in taken:
            number += 1
            own = f"{head}（{number}）"
        taken.add(own.lower())
        found.append(own)
    return tuple(found)
