"""Binary workbooks (.xlsb): read like those in XML, and never trusted."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path

import pytest
import python_calamine
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from perfxl.api import generate
from perfxl.forms.definition.load import load_forms
from perfxl.model.address import Box
from perfxl.model.finding import Finding
from perfxl.model.grid import Book, CellKind, GridCell
from perfxl.model.stamp import OWN
from perfxl.package.limits import DEFAULT, Limits
from perfxl.package.package import Package
from perfxl.readers.book import read_book
from perfxl.receive.library import Library
from perfxl.receive.pipeline import process
from perfxl.values.dates import from_1904
from support.effort import examples

FOREIGN = Path(__file__).parent / "foreign"
TEMPLATES = Path(__file__).parent.parent.parent / "templates"
FORM = "jilin-dept-self-eval"
SAVED = (FOREIGN / f"{FORM}.xlsb").read_bytes()
KINDS = (FOREIGN / "kinds.xlsb").read_bytes()


def record(kind: int, body: bytes = b"") -> bytes:
    """A record as Excel writes it: type and size in seven bits a byte."""
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size = len(body)
    sizes = bytes([size]) if size < 0x80 else bytes([size & 0x7F | 0x80, size >> 7])
    return head + sizes + body


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text.encode("utf-16-le")) // 2) + text.encode("utf-16-le")


def cell(kind: int, column: int, value: bytes, style: int = 0) -> bytes:
    return record(kind, struct.pack("<II", column, style) + value)


def row(number: int) -> bytes:
    return record(0x00, struct.pack("<IIHBBBI", number, 0, 320, 0, 0, 0, 0))


def part(begin: int, *records: bytes, counts: bytes = b"") -> bytes:
    return record(begin, counts) + b"".join(records) + record(begin + 1)


def tab(name: str, state: int = 0) -> bytes:
    return record(0x9C, struct.pack("<II", state, 1) + wide("rId1") + wide(name))


def name(word: str, formula: bytes, sheet: int = 0xFFFFFFFF) -> bytes:
    body = struct.pack("<IBI", 0, 0, sheet) + wide(word) + struct.pack("<I", len(formula)) + formula
    return record(0x27, body + bytes(4) + b"\xff\xff\xff\xff")


RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def related(*targets: tuple[str, str]) -> str:
    lines = "".join(
        f'<Relationship Id="rId{n}" Type="{RELATIONS}{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, start=1)
    )
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{lines}</Relationships>'
    )


STRINGS = part(
    0x9F,
    record(0x13, b"\x00" + wide("达到95%")),
    # Fonts and phonetics behind the text: a run each.
    record(0x13, b"\x03" + wide("富文本") + struct.pack("<IHH", 1, 1, 1) + wide("ふ") + bytes(10)),
    counts=struct.pack("<II", 2, 2),
)
STYLES = part(
    0x116,
    record(0x2C, struct.pack("<H", 176) + wide('0.0"分"')),
    record(0x272, struct.pack("<I", 1)),
    record(0x2F, struct.pack("<HH", 0xFFFF, 10) + bytes(12)),
    record(0x273),
    record(0x269, struct.pack("<I", 4)),
    *(record(0x2F, struct.pack("<HH", 0, number) + bytes(12)) for number in (0, 9, 31, 176)),
    record(0x26A),
)


def workbook(*cells: bytes, tabs: bytes | None = None, flags: int = 0, names: bytes = b"") -> bytes:
    """A package as Excel makes it, with one worksheet."""
    sheets = record(0x8F) + (tab("表") if tabs is None else tabs) + record(0x90)
    area = record(0x94, struct.pack("<4I", 0, 4, 0, 4))
    settings_ = record(0x99, struct.pack("<II", flags, 0) + wide(""))
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": '<Types><Default Extension="bin" ContentType='
        '"application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>',
        "_rels/.rels": related(("officeDocument", "xl/workbook.bin")),
        "xl/workbook.bin": part(0x83, settings_, sheets, names),
        "xl/_rels/workbook.bin.rels": related(
            ("worksheet", "worksheets/sheet1.bin"), ("sharedStrings", "sharedStrings.bin"), ("styles", "styles.bin")
        ),
        "xl/worksheets/sheet1.bin": part(0x81, area, record(0x91), *cells, record(0x92)),
        "xl/sharedStrings.bin": STRINGS,
        "xl/styles.bin": STYLES,
    }
    return zipped(parts)


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for path, content in parts.items():
            archive.writestr(path, content)
    return file.getvalue()


def read(data: bytes) -> Book:
    book = read_book(data)
    assert isinstance(book, Book)
    return book


def code(data: bytes, limits: Limits = DEFAULT) -> str:
    found = read_book(data, limits)
    assert isinstance(found, Finding)
    return found.code


def rk(number: int) -> bytes:
    return struct.pack("<i", number << 2 | 2)


EVERY_KIND = (
    row(0),
    cell(0x07, 0, struct.pack("<I", 0)),
    cell(0x06, 1, wide("单元格内")),
    cell(0x07, 2, struct.pack("<I", 1)),
    cell(0x3E, 3, b"\x00" + wide("富")),
    row(2),
    cell(0x02, 0, rk(-5)),
    cell(0x02, 1, struct.pack("<i", 9550 << 2 | 3), style=1),
    cell(0x02, 2, struct.pack("<d", 0.25)[4:], style=3),
    cell(0x05, 3, struct.pack("<d", 43830), style=2),
    cell(0x01, 4, b"", style=1),
    row(3),
    cell(0x03, 0, b"\x07"),
    cell(0x04, 1, b"\x01"),
    cell(0x06, 2, wide("")),
    row(4),
    cell(0x08, 0, wide("算出") + bytes(10)),
    cell(0x09, 1, struct.pack("<d", 0.1 + 0.2) + bytes(10)),
    cell(0x0A, 2, b"\x00" + bytes(10)),
    cell(0x0B, 3, b"\x17" + bytes(10)),
    cell(0x08, 4, wide("") + bytes(10)),
)
EXPECTED = (
    GridCell(1, 1, CellKind.TEXT, "达到95%"),
    GridCell(1, 2, CellKind.TEXT, "单元格内"),
    GridCell(1, 3, CellKind.TEXT, "富文本"),
    GridCell(1, 4, CellKind.TEXT, "富"),
    GridCell(3, 1, CellKind.NUMBER, Decimal(-5)),
    GridCell(3, 2, CellKind.NUMBER, Decimal("95.5"), "0%"),
    GridCell(3, 3, CellKind.NUMBER, Decimal("0.25"), '0.0"分"'),
    GridCell(3, 4, CellKind.NUMBER, Decimal(43830), 'yyyy"年"m"月"d"日"'),
    GridCell(4, 1, CellKind.ERROR, "#DIV/0!"),
    GridCell(4, 2, CellKind.BOOLEAN, value=True),
    GridCell(5, 1, CellKind.TEXT, "算出", formula=""),
    GridCell(5, 2, CellKind.NUMBER, Decimal("0.3"), formula=""),
    GridCell(5, 3, CellKind.BOOLEAN, value=False, formula=""),
    GridCell(5, 4, CellKind.ERROR, "#REF!", formula=""),
    GridCell(5, 5, CellKind.TEXT, "", formula=""),
)


def test_a_form_saved_as_a_binary_workbook_is_known_and_read_as_before() -> None:
    forms = load_forms()
    sample = json.loads((TEMPLATES / FORM / "sample.json").read_text(encoding="utf-8"))
    before = process(generate(forms[FORM], data=sample), "表.xlsx", Library.of(forms))
    after = process(SAVED, "表.xlsb", Library.of(forms))
    (form,) = after.forms
    assert (after.source.format, form.form, form.by.value) == ("xlsb", FORM, "stamp")
    assert form.data == before.forms[0].data
    assert {finding.code for finding in after.findings} >= {"F12"}
    assert {f.severity.value for f in after.findings if f.code == "F12"} == {"warning"}


def test_kinds_formats_merges_and_hidden_sheets_are_those_of_the_xlsx() -> None:
    binary, plain = read(KINDS), read((FOREIGN / "kinds.xlsx").read_bytes())
    # Both count days from 1904; only the .xlsx says so.
    dated = [
        replace(sheet, cells={place: from_1904(cell) for place, cell in sheet.cells.items()}) for sheet in binary.sheets
    ]
    assert tuple(dated) == plain.sheets
    assert [sheet.hidden for sheet in binary.sheets] == [False, True, True]
    assert binary.sheets[0].merges == (Box(6, 1, 7, 2),)
    assert {cell.format for cell in binary.sheets[0].cells.values()} >= {"0.00%", 'yyyy"年"m"月"d"日"', "yyyy/m/d"}


def test_records_as_excel_writes_them() -> None:
    (sheet,) = read(workbook(*EVERY_KIND)).sheets
    assert tuple(sheet.cells.values()) == EXPECTED


@pytest.mark.parametrize("data", [workbook(*EVERY_KIND), KINDS, SAVED])
def test_another_reader_finds_the_same_values(data: bytes) -> None:
    """It leaves out errors, rich texts in a cell, and what SheetJS writes shortened."""
    peer = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    compared = 0
    for sheet in read(data).sheets:
        if sheet.name in OWN:
            continue  # not read
        lines = peer.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
        theirs = {(r, c): v for r, line in enumerate(lines, start=1) for c, v in enumerate(line, start=1)}
        for place, value in theirs.items():
            if isinstance(value, str | float | int) and value != "":
                ours = sheet.cells[place].value
                assert float(ours) == pytest.approx(value) if isinstance(ours, Decimal) else ours == value
                compared += 1
    assert compared > 5


def test_the_stamp_in_a_sheets_own_name() -> None:
    text = b"\x17" + struct.pack("<H", 3) + "甲|乙".encode("utf-16-le")
    names = name("_perfxl", text, sheet=0) + name("区域", b"\x3b" + bytes(14))
    book = read(workbook(names=names, flags=1))
    assert book.sheets[0].names == {"_perfxl": '"甲|乙"'}
    assert book.names == {"区域": ""}


def test_what_later_versions_added_is_passed_over() -> None:
    later = record(0x23, bytes(4)) + record(0x02, b"?") + record(0x24)
    (sheet,) = read(workbook(row(0), later, cell(0x02, 0, rk(1)))).sheets
    assert [cell.value for cell in sheet.cells.values()] == [1]


def test_macros_do_not_follow_from_the_format() -> None:
    assert not read(workbook()).macros


@pytest.mark.parametrize(
    "cells",
    [
        (cell(0x02, 0, rk(1)),),  # in no row
        (row(1 << 20),),
        (row(0), cell(0x02, 1 << 14, rk(1))),
        (row(0), cell(0x06, 0, struct.pack("<I", 9) + b"ab")),
        (row(0), cell(0x05, 0, b"1234")),
        (record(0xB0, struct.pack("<4I", 3, 1, 0, 0)),),
    ],
)
def test_what_cannot_be_is_damaged(cells: tuple[bytes, ...]) -> None:
    assert code(workbook(*cells)) == "F01"


@pytest.mark.parametrize(
    "path", ["xl/workbook.bin", "xl/worksheets/sheet1.bin", "xl/styles.bin", "xl/sharedStrings.bin"]
)
@pytest.mark.parametrize("cut", [lambda body: body[:-2], lambda body: body[:-3], lambda _: b"", lambda _: b"\x05\x00"])
def test_parts_cut_short(path: str, cut: Callable[[bytes], bytes]) -> None:
    package = Package.open(workbook(*EVERY_KIND), DEFAULT)
    assert code(package.rebuilt({path: cut(package.read(path))})) == "F01"


def test_limits() -> None:
    for limits in (replace(DEFAULT, max_cells=20), replace(DEFAULT, max_text=3), replace(DEFAULT, max_records=20)):
        assert code(SAVED, limits) == "F03"


def test_a_workbook_that_lost_its_part() -> None:
    package = Package.open(workbook(), DEFAULT)
    assert code(package.rebuilt({}, removed=["xl/workbook.bin"])) == "F01"


@settings(max_examples=examples(80))
@given(
    st.sampled_from([SAVED, KINDS, workbook(*EVERY_KIND)]),
    st.integers(0, 20),
    st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=4)), min_size=1, max_size=6),
    st.floats(0, 1),
)
def test_damaged_in_any_way(data: bytes, which: int, changes: list[tuple[float, bytes]], end: float) -> None:
    package = Package.open(data, DEFAULT)
    parts = [path for path in package.names if path.endswith(".bin")]
    path = parts[which % len(parts)]
    body = bytearray(package.read(path))
    for place, piece in changes:
        start = int(place * len(body))
        body[start : start + len(piece)] = piece
    for damaged in (bytes(body), bytes(body[: int(end * len(body))])):
        found = read_book(package.rebuilt({path: damaged}))
        assert isinstance(found, Book) or found.code in {"F01", "F03"}


@pytest.mark.parametrize(("flags", "serial"), [(0, 43_845), (1, 45_307)])
def test_days_are_counted_from_1900(flags: int, serial: int) -> None:
    book = read(workbook(row(0), cell(0x02, 0, rk(43_845), style=2), flags=flags))
    assert book.sheets[0].cells[1, 1].value == serial
