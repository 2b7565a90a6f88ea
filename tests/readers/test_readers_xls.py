"""Old workbooks (.xls, .et): read like new ones, and never trusted."""

from __future__ import annotations

import struct
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.forms.definition.load import load_forms
from perfxl.model.finding import Finding
from perfxl.model.grid import Book, CellKind
from perfxl.package.limits import DEFAULT
from perfxl.package.unreadable import Unreadable
from perfxl.readers.biff import read_records
from perfxl.readers.book import read_book
from perfxl.receive.library import Library
from perfxl.receive.pipeline import process

FOREIGN = Path(__file__).parent / "foreign"
OLD = (FOREIGN / "jilin-dept-self-eval.xls").read_bytes()


def record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


BEGIN = record(0x0809, struct.pack("<HH", 0x0600, 0x0005) + bytes(12))
SHEET = record(0x0809, struct.pack("<HH", 0x0600, 0x0010) + bytes(12))
END = record(0x000A)


def test_a_form_saved_as_an_old_workbook_is_known_by_its_stamp_and_read() -> None:
    forms = load_forms()
    found = process(OLD, "表.xls", Library.of(forms))
    (form,) = found.forms
    assert (found.source.format, form.form, form.by.value) == ("xls", "jilin-dept-self-eval", "stamp")
    assert form.data["indicators"]
    assert "F12" not in {finding.code for finding in found.findings}


def test_cells_formats_merges_and_hidden_sheets() -> None:
    book = read_book(OLD)
    assert isinstance(book, Book)
    sheet, own = book.sheets
    assert (sheet.hidden, own.hidden, own.name) == (False, True, "_perfxl")
    assert sheet.merges
    assert sheet.names["_perfxl"].startswith('"perfxl1|jilin-dept-self-eval')
    assert {cell.kind for cell in sheet.cells.values()} >= {CellKind.TEXT, CellKind.NUMBER}
    assert any("0" in cell.format for cell in sheet.cells.values())
    assert any(cell.formula == "" for cell in sheet.cells.values())
    assert list(sheet.cells) == sorted(sheet.cells)


def test_limits() -> None:
    for limits in (replace(DEFAULT, max_bytes=100), replace(DEFAULT, max_cells=20), replace(DEFAULT, max_elements=20)):
        found = read_book(OLD, limits)
        assert isinstance(found, Finding)
        assert found.code == "F03"


def test_a_password_is_told() -> None:
    found = read_book(BEGIN + record(0x002F, bytes(54)) + END)
    assert isinstance(found, Finding)
    assert found.code == "F02"


def test_links_to_other_files() -> None:
    own, other = struct.pack("<H", 1) + b"\x01\x04", struct.pack("<H", 1) + b"\x05\x00\x00b.xls"
    assert not read_records(BEGIN + record(0x01AE, own) + END, DEFAULT).external_links
    assert read_records(BEGIN + record(0x01AE, other) + END, DEFAULT).external_links


@pytest.mark.parametrize(
    "bad",
    [
        record(0x0203, struct.pack("<HHH", 0, 60000, 0) + bytes(8)),
        b"".join(record(0x01B8, struct.pack("<4H", 0, 65535, 0, 255)) for _ in range(2)),
    ],
)
def test_what_would_take_all_memory_is_refused(bad: bytes) -> None:
    with pytest.raises(Unreadable):
        read_records(SHEET + bad + END, DEFAULT)


@settings(max_examples=60, deadline=None)
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
