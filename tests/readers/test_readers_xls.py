"""Old workbooks (.xls, .et): read like new ones, and never trusted."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
import xlrd
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from perfxl.forms.definition.load import load_forms
from perfxl.model.address import Box
from perfxl.model.finding import Finding
from perfxl.model.grid import Book, CellKind, Grid
from perfxl.package.limits import DEFAULT
from perfxl.readers.book import read_book
from perfxl.receive.library import Library
from perfxl.receive.pipeline import process
from support.effort import examples
from support.records import END, begin, cell, number, record, wide, workbook

TESTS = Path(__file__).parent.parent
OLD = (TESTS / "readers" / "foreign" / "jilin-dept-self-eval.xls").read_bytes()
FILES = [TESTS / "readers" / "foreign" / "jilin-dept-self-eval.xls", *sorted((TESTS / "returns").glob("*.xls"))]
GBK = "指标"


def opened(data: bytes) -> Book:
    found = read_book(data)
    assert isinstance(found, Book), found
    return found


def grid(*cells: bytes, whole: tuple[bytes, ...] = (), edition: int = 8) -> Grid:
    (sheet,) = opened(workbook([b"".join(cells)], *whole, edition=edition)).sheets
    return sheet


def values(sheet: Grid) -> dict[str, object]:
    return {found.name: found.value for found in sheet.cells.values()}


def test_a_form_saved_as_an_old_workbook_is_known_by_its_stamp_and_read() -> None:
    forms = load_forms()
    found = process(OLD, "表.xls", Library.of(forms))
    (form,) = found.forms
    assert (found.source.format, form.form, form.by.value) == ("xls", "jilin-dept-self-eval", "stamp")
    assert form.data["indicators"]
    assert "F12" not in {finding.code for finding in found.findings}


def test_cells_formats_merges_and_hidden_sheets() -> None:
    sheet, own = opened(OLD).sheets
    assert (sheet.hidden, own.hidden, own.name) == (False, True, "_perfxl")
    assert sheet.merges
    assert sheet.names["_perfxl"].startswith('"perfxl1|jilin-dept-self-eval')
    assert {found.kind for found in sheet.cells.values()} >= {CellKind.TEXT, CellKind.NUMBER}
    assert any("0" in found.format for found in sheet.cells.values())
    assert any(found.formula is not None for found in sheet.cells.values())
    assert list(sheet.cells) == sorted(sheet.cells)


# -- the same as another reader ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_cells_and_merges_are_those_that_xlrd_reads(path: Path) -> None:
    data = path.read_bytes()
    theirs = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=io.StringIO())
    for sheet in opened(data).sheets:
        other = theirs.sheet_by_name(sheet.name)
        ours = {place: found for place, found in sheet.cells.items() if found.value not in {None, ""}}
        assert {place: _plain(found.value) for place, found in ours.items()} == dict(_theirs(other))
        assert set(sheet.merges) == {Box(a + 1, c + 1, b, d) for a, b, c, d in other.merged_cells}


def _plain(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else value


def _theirs(sheet: xlrd.sheet.Sheet) -> Iterator[tuple[tuple[int, int], object]]:
    for row in range(sheet.nrows):
        for column in range(sheet.ncols):
            found = sheet.cell(row, column)
            if found.ctype == xlrd.XL_CELL_ERROR:
                yield (row + 1, column + 1), xlrd.error_text_from_code[found.value]
            elif found.ctype not in {xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK} and found.value != "":
                value = found.value
                yield (row + 1, column + 1), float(f"{value:.15g}") if isinstance(value, float) else value


# -- records ----------------------------------------------------------------------------------------------------------


def test_every_kind_of_cell() -> None:
    result = struct.pack("<d", 2.5) + bytes(6) + b"\0\0"
    text_follows = b"\0\0\0\0\0\0\xff\xff" + bytes(6) + b"\0\0"
    found = grid(
        number(1, 1, 6558.5100000000002),
        cell(0x027E, 1, 2, struct.pack("<i", 560 << 2 | 2)),
        record(0x00BD, struct.pack("<HH", 0, 2), *(struct.pack("<Hi", 0, n << 2 | 3) for n in (150, 275)), b"\3\0"),
        cell(0x0204, 2, 1, wide(GBK)),
        cell(0x0205, 2, 2, b"\1\0"),
        cell(0x0205, 2, 3, b"\x17\1"),
        cell(0x0006, 3, 1, result),
        cell(0x0006, 3, 2, text_follows),
        record(0x0207, wide("达成")),
        cell(0x0006, 3, 3, text_follows),
        cell(0x0006, 3, 4, b"\1\0\1\0\0\0\xff\xff" + bytes(8)),
        cell(0x0006, 3, 5, b"\2\0\x07\0\0\0\xff\xff" + bytes(8)),
        cell(0x0006, 3, 6, b"\3\0\0\0\0\0\xff\xff" + bytes(8)),
        cell(0x0201, 4, 1),
        cell(0x0204, 4, 2, wide("")),
        record(0x00E5, struct.pack("<H4H4H", 2, 0, 1, 0, 2, 5, 4, 0, 0)),
    )
    assert values(found) == {
        "A1": Decimal("6558.51"),
        "B1": Decimal(560),
        "C1": Decimal("1.5"),
        "D1": Decimal("2.75"),
        "A2": GBK,
        "B2": True,
        "C2": "#REF!",
        "A3": Decimal("2.5"),
        "B3": "达成",
        "C3": None,
        "D3": True,
        "E3": "#DIV/0!",
        "F3": "",
    }
    assert [place.name for place in found.cells.values() if place.formula is not None] == [f"{c}3" for c in "ABCDEF"]
    assert found.merges == (Box(1, 1, 2, 3),)


def test_number_formats_built_in_and_declared() -> None:
    style = [record(0x00E0, struct.pack("<HH", 0, code), bytes(16)) for code in (0, 10, 14, 176)]
    declared = record(0x041E, struct.pack("<H", 176), wide('0.0"万元"'))
    cells = [number(1, column, 1, style=column - 1) for column in range(1, 6)]
    found = grid(*cells, whole=(declared, *style))
    assert [place.format for place in found.cells.values()] == ["General", "0.00%", "yyyy/m/d", '0.0"万元"', "General"]


@pytest.mark.parametrize(("system", "date"), [(0, 43845), (1, 45307)])
def test_days_are_counted_from_1900(system: int, date: int) -> None:
    style = [record(0x00E0, struct.pack("<HH", 0, code), bytes(16)) for code in (0, 14)]
    found = grid(
        number(1, 1, 43845, style=1), number(1, 2, 43845), whole=(record(0x0022, struct.pack("<H", system)), *style)
    )
    assert values(found) == {"A1": date, "B1": 43845}


def test_shared_strings_over_several_records_and_wrongly_counted() -> None:
    """A text that goes on in a second record has its width said anew there; fonts and phonetics are passed over."""
    first = struct.pack("<II", 9000, 9000) + wide(GBK) + struct.pack("<HBH", 4, 9, 1) + "甲乙".encode("utf-16-le")
    second = b"\0ab" + b"\0\0\0\0" + struct.pack("<HBI", 2, 4, 3) + b"cd" + b"xyz" + struct.pack("<HB", 2, 0)
    third = b"\1" + "丙丁".encode("utf-16-le")
    strings = record(0x00FC, first) + record(0x003C, second) + record(0x003C) + record(0x003C, third)
    found = grid(*(cell(0x00FD, 1, n + 1, struct.pack("<I", n)) for n in range(5)), whole=(strings,))
    assert list(values(found).values()) == [GBK, "甲乙ab", "cd", "丙丁", "#REF!"]
    assert found.cells[1, 5].kind is CellKind.ERROR


@pytest.mark.parametrize("page", [936, 10008, 1252, 10000, 0])
@pytest.mark.parametrize("charset", [0, 134])
def test_texts_of_before_1997_are_chinese_whatever_page_they_are_said_to_be_on(page: int, charset: int) -> None:
    raw = GBK.encode("gbk")
    font = record(0x0031, bytes(12) + bytes([charset, 0, 4]) + b"Song")
    text = cell(0x0204, 1, 1, struct.pack("<H", len(raw)), raw)
    whole = (record(0x0042, struct.pack("<H", page)), font)
    assert values(grid(text, whole=whole, edition=5)) == {"A1": GBK}


def test_texts_of_other_pages_stay_what_they_are() -> None:
    cyrillic, western = "Показатель".encode("cp1251"), "Überschuß".encode("cp1252")
    for page, raw, expected in ((1251, cyrillic, "Показатель"), (1252, western, "Überschuß")):
        text = cell(0x0204, 1, 1, struct.pack("<H", len(raw)), raw)
        found = grid(text, whole=(record(0x0042, struct.pack("<H", page)),), edition=5)
        assert values(found) == {"A1": expected}


def test_the_first_editions() -> None:
    """One sheet and nothing around it; attributes instead of a style, formats counted as they stand."""
    formats = record(0x001E, b"\7General") + record(0x001E, b"\x050.00%")
    cells = [
        record(0x0003, struct.pack("<HH", 0, 0), b"\0\1\0", struct.pack("<d", 0.95)),
        record(0x0002, struct.pack("<HH", 0, 1), bytes(3), struct.pack("<H", 12)),
        record(0x0004, struct.pack("<HH", 0, 2), bytes(3), b"\4", GBK.encode("gbk")),
    ]
    (sheet,) = opened(begin(0x0010, 2) + formats + b"".join(cells) + END).sheets
    assert [(found.value, found.format) for found in sheet.cells.values()] == [
        (Decimal("0.95"), "0.00%"),
        (Decimal(12), "General"),
        (GBK, "General"),
    ]


def test_several_sheets_one_of_them_damaged() -> None:
    whole = workbook([number(1, 1, 1), number(1, 1, 2)])
    first, second = opened(whole).sheets
    assert (values(first), values(second)) == ({"A1": Decimal(1)}, {"A1": Decimal(2)})
    first, second = opened(whole[:-6]).sheets
    assert (values(first), first.damaged, values(second), second.damaged) == ({"A1": Decimal(1)}, False, {}, True)


def test_names_that_are_texts() -> None:
    def name(flags: int, sheet: int, called: str, text: str) -> bytes:
        formula = bytes([0x17, len(text), 0]) + text.encode()
        head = struct.pack("<HBBHHH4x", flags, 0, len(called), len(formula), 0, sheet)
        return record(0x0018, head, b"\0", called.encode(), formula)

    book = opened(workbook([number(1, 1, 1)], name(0, 0, "all", "a"), name(0, 1, "one", "b"), name(0x20, 1, "\6", "c")))
    assert (book.names, book.sheets[0].names) == ({"all": '"a"'}, {"one": '"b"'})


def test_limits() -> None:
    for limits in (replace(DEFAULT, max_bytes=100), replace(DEFAULT, max_cells=20), replace(DEFAULT, max_elements=20)):
        found = read_book(OLD, limits)
        assert isinstance(found, Finding)
        assert found.code == "F03"


def test_sheets_that_share_their_records_are_read_once() -> None:
    """Thousands of tabs that lead to one large part are cheap to forge."""
    whole = workbook([number(1, 1, 1)])
    place = whole.index(b"\x85\0")
    tab = whole[place : place + 4 + whole[place + 2]]
    position = struct.unpack_from("<I", tab, 4)[0]
    shifted = tab[:4] + struct.pack("<I", position + len(tab)) + tab[8:]
    first, second = opened(whole[:place] + shifted + shifted + whole[place + len(tab) :]).sheets
    assert (len(first.cells), len(second.cells), second.damaged) == (1, 0, True)


def test_links_to_other_files() -> None:
    own, other = struct.pack("<H", 1) + b"\x01\x04", struct.pack("<H", 1) + b"\x05\x00\x00b.xls"
    assert not opened(workbook([number(1, 1, 1)], record(0x01AE, own))).external_links
    assert opened(workbook([number(1, 1, 1)], record(0x01AE, other))).external_links


def test_a_cell_outside_the_sheet_is_damage() -> None:
    found = read_book(workbook([number(1, 60_000, 1)]))
    assert isinstance(found, Finding)
    assert found.code == "F01"


@settings(max_examples=examples(60))
@given(
    st.lists(st.tuples(st.integers(0, len(OLD) - 1), st.binary(min_size=1, max_size=4)), min_size=1, max_size=8),
    st.integers(0, len(OLD)),
)
def test_damaged_in_any_way(changes: list[tuple[int, bytes]], end: int) -> None:
    data = bytearray(OLD)
    for place, piece in changes:
        data[place : place + len(piece)] = piece
    for damaged in (bytes(data), bytes(data[:end])):
        found = read_book(damaged)
        assert isinstance(found, Book) or found.code in {"F01", "F02", "F03"}
