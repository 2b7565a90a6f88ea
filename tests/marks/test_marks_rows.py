from __future__ import annotations

import pytest

from perfxl.marks.mark import mark
from perfxl.marks.rows import SheetRows, seen
from support import corpus

SHEET = (
    b'<x:worksheet><x:sheetData ><x:row spans="1:2" r="2" ht="20"><x:c r="A2"/></x:row><x:row r="5"/>'
    b"<x:row r='7'><x:c/></x:row></x:sheetData><x:conditionalFormatting a='1'><x:cfRule/></x:conditionalFormatting>"
    b"<x:conditionalFormatting/><x:conditionalFormatting><x:cfRule/></x:conditionalFormatting></x:worksheet>"
)


def test_rows_are_told_by_their_tags() -> None:
    rows = SheetRows.of(SHEET)
    assert rows is not None
    assert {number: SHEET[start : start + 6] for number, start in rows.starts.items()} == {
        2: b"<x:row",
        5: b"<x:row",
        7: b"<x:row",
    }
    assert SHEET[rows.end :].startswith(b"</x:sheetData>")


@pytest.mark.parametrize(
    "sheet",
    [
        b"<w><sheetData><row><c/></row></sheetData></w>",
        b'<w><sheetData><row r="2"/><row r="1"/></sheetData></w>',
        b'<w><sheetData><!-- --><row r="2"/></sheetData></w>',
        b'<w><sheetData><row r="2"/></w>',
        b"<w><sheetData/></w>",
    ],
)
def test_where_they_cannot_be_told_the_sheet_is_seen_whole(sheet: bytes) -> None:
    assert SheetRows.of(sheet) is None
    assert seen(sheet, None, {2}) is sheet


def test_only_wanted_rows_and_the_first_rule_are_seen() -> None:
    part = seen(SHEET, SheetRows.of(SHEET), {5})
    assert len(part) == len(SHEET)
    assert b"".join(part.split()) == (
        b'<x:worksheet><x:sheetData><x:rowr="5"/></x:sheetData>'
        b"<x:conditionalFormattinga='1'></x:conditionalFormatting></x:worksheet>"
    )
    assert b"cfRule" in seen(SHEET, None, None)


@pytest.mark.slow
@pytest.mark.parametrize("name", corpus.OPEN)
def test_what_is_not_seen_makes_no_difference(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = corpus.FILES[name]
    found = corpus.findings(data)[::3]
    quick = mark(data, found, {})
    monkeypatch.setattr(SheetRows, "of", lambda _: None)
    assert mark(data, found, {}) == quick
