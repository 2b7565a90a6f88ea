"""Long sheets are packed in two pieces, the same in a rendering and in a workbook that is made from another one's bytes."""

from __future__ import annotations

import io
import zipfile
import zlib
from decimal import Decimal

import pytest

from perfxl.forms.outgoing import Outgoing, Own
from perfxl.forms.stock import load_forms
from perfxl.model.field_type import Type
from perfxl.package import zip_writer
from perfxl.package.zip_writer import Parted, archive
from perfxl.send.series import Series
from perfxl.writer.parted_sheet import is_parted, parted
from perfxl.writer.write import write

HUBEI = load_forms()["hubei-dept-goal"]


def sheet(rows: int) -> bytes:
    return b"<sheetData>%s</sheetData>" % b"".join(
        b'<row r="%d">%s</row>' % (number, b"<c/>" * 400) for number in range(1, rows + 1)
    )


def test_where_a_long_sheet_is_parted() -> None:
    long = sheet(60)
    found = parted(long)
    assert isinstance(found, Parted)
    assert found.head + found.tail == long
    assert found.tail.startswith(b'<row r="33">')
    assert is_parted(*found)
    assert not is_parted(found.head + found.tail[:9], found.tail[9:])
    assert not is_parted(found.head + found.tail, found.tail)


@pytest.mark.parametrize("whole", [sheet(32), sheet(32) * 3, sheet(33)[:65_536]])
def test_what_is_short_or_has_no_later_rows_is_packed_whole(whole: bytes) -> None:
    assert parted(whole) is whole


def test_a_parted_part_is_read_as_any_other() -> None:
    found = parted(sheet(60))
    with zipfile.ZipFile(io.BytesIO(archive({"a.xml": found, "b.xml": b"<b/>"}))) as package:
        assert package.testzip() is None
        assert package.read("a.xml") == sheet(60)
        assert zlib.crc32(sheet(60)) == package.getinfo("a.xml").CRC


def test_what_parts_share_is_packed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    zip_writer._recently_deflated.cache_clear()  # noqa: SLF001 - which is what is looked at
    tail = b"<row/>" * 20_000
    for number in range(5):
        archive({"a.xml": Parted(b"%d" % number, tail)})
    assert zip_writer._recently_deflated.cache_info().misses == 1  # noqa: SLF001
    monkeypatch.setattr(zip_writer, "_MOST_SHARED", 1000)
    archive({"a.xml": Parted(b"", b"<other/>" * 1000)})
    assert zip_writer._recently_deflated.cache_info().misses == 1  # noqa: SLF001 - much is not remembered


def test_units_of_a_long_form_are_as_rendered() -> None:
    outgoing = Outgoing.of(HUBEI, year=2024)
    fields = HUBEI.fields.items()
    paths = [path for path, spec in fields if spec.type is Type.MONEY and "[" not in path and not spec.computed]
    made = Series([outgoing])
    for number in range(4):
        own = Own(f"第{number}中学", f"{number:03}", {path: Decimal(1000 + number) for path in paths})
        assert made.workbook([own]) == write(outgoing.layouts(own))
