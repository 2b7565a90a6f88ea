"""Whatever the bytes are: a workbook or one finding, and soon."""

from __future__ import annotations

import io
from functools import cache

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.model.finding import Finding
from perfxl.model.grid import Book
from perfxl.readers.book import read_book
from support.compound import compound
from support.effort import examples
from support.handmade import MAIN, book, zipped
from support.packages import parts


@cache
def workbook() -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as made:
        percent = made.add_format({"num_format": '0.0"分"'})
        for name in ("甲", "乙"):
            sheet = made.add_worksheet(name)
            sheet.merge_range("A1:B2", "标题", percent)
            sheet.write_rich_string("C1", percent, "富", "文本")
            sheet.write("D1", 6558.51, percent)
            sheet.write_formula("E1", "=D1*2", None, 13117.02)
            sheet.write_array_formula("F1:F2", "{=D1:D2}", None, 1)
            sheet.write_boolean("G1", True)
        made.define_name("stamp", '="a|b"')
        made.set_custom_property("form", "a")
    return file.getvalue()


def settled(data: bytes) -> Book | Finding:
    found = read_book(data)
    assert isinstance(found, Book | Finding)
    if isinstance(found, Finding):
        assert found.code in {"F01", "F02", "F03"}
    return found


def test_the_workbook_that_is_damaged_below_is_sound() -> None:
    assert isinstance(settled(workbook()), Book)


@pytest.mark.parametrize("tenth", range(10))
def test_truncated(tenth: int) -> None:
    found = settled(workbook()[: len(workbook()) * tenth // 10])
    assert isinstance(found, Finding)
    assert found.code == "F01"
    assert ("损坏" if tenth else "空的") in found.message


@settings(max_examples=examples(150))
@given(st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(0, 7)), min_size=1, max_size=6))
def test_flipped_bits(flips: list[tuple[int, int]]) -> None:
    data = bytearray(workbook())
    for place, bit in flips:
        data[place % len(data)] ^= 1 << bit
    settled(bytes(data))


PIECES = [
    b"",
    b"-1",
    b"99999999999999999999",
    b"<",
    b'"',
    b"</c>",
    b"<c>",
    b'<c r="A1">',
    b"<is>",
    b"<v>",
    b"<f>",
    b'<f t="array" ref="A1:XFD1048576">',
    b"<row/>",
    b"&#0;",
    b"&x;",
    b"\xff",
    b"\x00",
    b"<!DOCTYPE a>",
    b"xml:space",
    b"_x0000_",
    b' r:id="rId1"',
    b'Target="',
    b"rId1",
    "汉".encode(),
]


@pytest.mark.slow
@settings(max_examples=examples(300))
@given(data=st.data())
def test_altered_parts_under_a_sound_checksum(data: st.DataObject) -> None:
    inside = parts(workbook())
    for _ in range(data.draw(st.integers(1, 3))):
        name = data.draw(st.sampled_from(sorted(inside)))
        part = inside[name]
        start = data.draw(st.integers(0, len(part)))
        end = data.draw(st.integers(start, min(start + 12, len(part))))
        inside[name] = part[:start] + data.draw(st.sampled_from(PIECES)) + part[end:]
    settled(zipped(inside))


@settings(max_examples=examples(60))
@given(st.sets(st.integers(0, 30), max_size=6))
def test_missing_parts(missing: set[int]) -> None:
    inside = list(parts(workbook()).items())
    settled(zipped({name: part for number, (name, part) in enumerate(inside) if number not in missing}))


STARTS = [b"", b"PK\x03\x04", b"PK\x05\x06", compound("Workbook")[:512], b"<?xml", b"\xff\xfe", b"\xef\xbb\xbf", b"BM"]


@settings(max_examples=examples(200))
@given(st.sampled_from(STARTS), st.binary(max_size=600))
def test_any_bytes(start: bytes, rest: bytes) -> None:
    assert isinstance(settled(start + rest), Finding)


@settings(max_examples=examples(100))
@given(st.text(max_size=200), st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]))
def test_any_text(text: str, encoding: str) -> None:
    assert isinstance(settled(text.encode(encoding, "ignore")), Finding)


def test_entity_bomb() -> None:
    entities = '<!ENTITY a0 "ha">' + "".join(
        f'<!ENTITY a{number} "{f"&a{number - 1};" * 10}">' for number in range(1, 10)
    )
    strings = f'<!DOCTYPE sst [{entities}]><sst xmlns="{MAIN}"><si><t>&a9;</t></si></sst>'
    data = book(
        '<row r="1"><c r="A1" t="s"><v>0</v></c></row>',
        strings=strings,
    )
    found = settled(data)
    assert isinstance(found, Finding)
    assert found.code == "F01"


def test_workbook_in_a_workbook_is_not_taken_for_it() -> None:
    """An old file that is damaged, with a new one at its end: what the file begins with counts."""
    found = settled(compound("Workbook") + workbook())
    assert isinstance(found, Finding)
    assert "损坏" in found.message
