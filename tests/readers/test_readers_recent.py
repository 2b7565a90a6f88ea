from __future__ import annotations

import io
import zipfile

import pytest

from perfxl.package.limits import DEFAULT, Limits
from perfxl.package.outline import read_outline
from perfxl.package.package import Package
from perfxl.package.unreadable import Unreadable
from perfxl.readers.computed import is_computed
from perfxl.readers.recent import (
    recent_formats,
    recent_outline,
    recent_strings,
    recent_worksheet,
    recently_computed,
)
from perfxl.readers.worksheet import read_worksheet
from perfxl.readers.worksheet_scan import Shared

SHEET = b'<worksheet><sheetData><row r="1"><c r="A1" s="1" t="s"><v>0</v></c><c r="B1" s="2"><v>45292</v></c></row></sheetData></worksheet>'


@pytest.mark.parametrize(
    "shared",
    [
        Shared(("a", "b"), ("General", "0%", "0.00")),
        Shared(("a", "b"), ("General", "0%", "0.00", "yyyy")),
        Shared(("c", "b"), ("General", "0%", "0.00")),
        Shared(("a", "b"), ("General", "0", "0.00")),
        Shared(("a", "b"), ("General", "0%", "yyyy/m/d"), date1904=True),
        Shared(("a",), ("General", "0%")),
        Shared((), ()),
    ],
)
def test_a_sheet_reads_the_same_whatever_was_read_before(shared: Shared) -> None:
    before = Shared(("a", "b"), ("General", "0%", "0.00"))
    for first in (before, Shared(("a",), ("General",)), shared):
        recent_worksheet(SHEET, first, DEFAULT)
        assert recent_worksheet(SHEET, shared, DEFAULT) == read_worksheet(SHEET, shared, DEFAULT)


def test_limits_hold_for_what_was_read_before() -> None:
    assert len(recent_worksheet(SHEET, Shared(("a",)), DEFAULT).cells) == 2
    with pytest.raises(Unreadable):
        recent_worksheet(SHEET, Shared(("a",)), Limits(max_cells=1))
    strings = b"<sst><si><t>a</t></si><si><t>b</t></si></sst>"
    assert list(recent_strings(strings, DEFAULT)) == ["a", "b"]
    with pytest.raises(Unreadable):
        recent_strings(strings, Limits(max_cells=1))
    styles = b'<styleSheet><cellXfs><xf numFmtId="9"/><xf numFmtId="10"/></cellXfs></styleSheet>'
    assert recent_formats(styles, DEFAULT) == ("0%", "0.00%")
    with pytest.raises(Unreadable):
        recent_formats(styles, Limits(max_cells=1))


def test_what_is_large_is_read_each_time() -> None:
    large = SHEET.replace(b"</worksheet>", b"<x>" + b" " * 1_000_000 + b"</x></worksheet>")
    assert (
        recent_worksheet(large, Shared(("a",)), DEFAULT).cells == read_worksheet(large, Shared(("a",)), DEFAULT).cells
    )


@pytest.mark.parametrize("sheet", [SHEET, SHEET.replace(b"<v>", b"<f>A1</f><v>")])
def test_a_sheet_of_formulas_is_told_by_what_lies_in_the_package(sheet: bytes) -> None:
    for _ in range(2):
        assert recently_computed(Package.open(_packed(sheet), DEFAULT), "sheet") is is_computed(sheet)


def test_what_is_damaged_is_not_taken_for_what_was_read_before() -> None:
    sound = _packed(SHEET)
    assert not recently_computed(Package.open(sound, DEFAULT), "sheet")
    (info,) = zipfile.ZipFile(io.BytesIO(sound)).infolist()
    damaged = sound.replace(info.CRC.to_bytes(4, "little"), (info.CRC ^ 1).to_bytes(4, "little"))
    with pytest.raises(Unreadable):
        recently_computed(Package.open(damaged, DEFAULT), "sheet")


def _packed(sheet: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("sheet", sheet)
    return buffer.getvalue()


def test_an_outline_is_remembered_by_its_bytes_and_limits() -> None:
    part = b'<workbook><sheets><sheet name="a" r:id="1"/></sheets>%s</workbook>'
    names = b'<definedNames><definedName name="n">a!A1</definedName></definedNames>'
    for data in (part % b"", part % names, part % b""):
        assert recent_outline(data, DEFAULT) == read_outline(data, DEFAULT)
    with pytest.raises(Unreadable):
        recent_outline(part % names, Limits(max_cells=0))
