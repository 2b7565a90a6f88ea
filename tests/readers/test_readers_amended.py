"""Rows of which another state was read before read as they do by themselves."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from random import Random

import pytest

from perfxl.package.limits import DEFAULT, Limits
from perfxl.package.unreadable import Unreadable
from perfxl.readers.amended import amended_rows
from perfxl.readers.worksheet import read_worksheet
from perfxl.readers.worksheet_scan import Shared, WorksheetContent, read_any_worksheet

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
STRINGS = tuple(f"第{number}个" for number in range(400))
SHARED = Shared(STRINGS, ("General", "0%", "yyyy/m/d") * 100)
OTHERS = (
    SHARED,
    Shared(STRINGS, ("0%", *SHARED.formats)),
    Shared((*STRINGS, ""), SHARED.formats),
    Shared(STRINGS, SHARED.formats, date1904=True),
    Shared(STRINGS),
)
ROWS = (
    '<row r="1" hidden="1"><c r="A1" s="1"><v>1</v></c><c r="C1" t="s"><v>7</v></c></row>',
    '<row r="2"><c r="B2" s="2"><f>A1</f><v>2</v></c></row>',
    '<row r="3"/>',
    '<row r="4"><c r="A4" s="5"/></row>',
    '<row r="5" ht="9"><c r="A5" s="5"><v>5</v></c></row>',
)


def _told(data: bytes, shared: Shared, limits: Limits, *, plainly: bool) -> WorksheetContent | tuple[object, ...]:
    try:
        read = (
            read_worksheet(data, shared, limits, amended_rows) if plainly else read_any_worksheet(data, shared, limits)
        )
    except Unreadable as problem:
        return problem.reason, problem.detail
    return read._replace(cells=dict(read.cells), last_style=0), list(read.cells)


def _same(data: bytes, shared: Shared = SHARED, limits: Limits = DEFAULT) -> bool:
    return _told(data, shared, limits, plainly=True) == _told(data, shared, limits, plainly=False)


def _sheet(*rows: str) -> bytes:
    return f"<worksheet><sheetData>{''.join(rows)}</sheetData></worksheet>".encode()


@pytest.mark.parametrize("shared", OTHERS)
@pytest.mark.parametrize(
    "row",
    [
        '<row r="2"><c r="B2" s="3"><f>A1</f><v>2</v></c></row>',
        '<row r="2" hidden="1"><c r="B2" s="299"><v>2</v></c></row>',
        '<row r="2"><c r="B2" s="999"><v>2</v></c><c r="A2" t="s"><v>1</v></c></row>',
        '<row r="2"/>',
        '<row r="2"><c r="B3"><v>2</v></c></row>',
        '<row r="6"><c r="B6"><v>2</v></c></row>',
        '<row r="1"><c r="B1"><v>2</v></c></row>',
        '<row r="2"><c r="B2"><v>2</v></c>',
        '<row r="2"><c r="B2"><v>2</v></c></row><c r="A2"><v>1</v></c>',
        '<row r="2"><c r="B2"><v>2</v></c></row> ',
        '<row r="2"><c r="B2"><v>&x;</v></c></row>',
        '<row><c r="B2"><v>2</v></c></row>',
        "<row r='2'><c r='B2'><v>2</v></c></row>",
        "",
        '<row r="2"><c r="B2"><v>2</v></c></row><row r="2"><c r="B2"><v>3</v></c></row>',
    ],
)
def test_a_row_that_was_changed_is_read(row: str, shared: Shared) -> None:
    first, _, *others = ROWS
    for sheet in (
        _sheet(*ROWS),
        _sheet(first, row, *others),
        _sheet(first, row, row, *others[1:]),
        _sheet(row, *others),
    ):
        assert _same(_sheet(*ROWS), shared)
        assert _same(sheet, shared)
        assert _same(sheet, SHARED)


def test_only_what_changed_is_read() -> None:
    sheet = _sheet(*ROWS)
    first = read_worksheet(sheet, SHARED, DEFAULT, amended_rows)
    second = read_worksheet(sheet.replace(b"<v>2", b"<v>3"), SHARED, DEFAULT, amended_rows)
    assert str(second.cells[2, 2].value) == "3"
    assert second.cells[5, 1] is first.cells[5, 1]


def test_every_sheet_of_the_corpus_reads_the_same_with_other_styles_and_values() -> None:
    rng = Random(22)
    for path in sorted(CORPUS.rglob("*.xls[xm]")):
        with zipfile.ZipFile(path) as package:
            names = [name for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
            sheets = [data for data in map(package.read, names) if len(data) < 60_000]
        for data in sheets:
            assert _same(data), path
            pieces = re.split(rb'( s="\d+"| hidden="1"|<v>[^<]*</v>)', data)
            for at in rng.sample(range(1, len(pieces), 2), k=min(3, len(pieces) // 2)):
                pieces[at] = rng.choice((b' s="17"', b"", pieces[rng.randrange(1, len(pieces), 2)]))
            assert _same(b"".join(pieces)), path


def test_limits_hold_for_what_was_read_before() -> None:
    for limits in (DEFAULT, Limits(max_text=0), Limits(max_cells=2), Limits(max_depth=4), DEFAULT):
        assert _same(_sheet(*ROWS), limits=limits)
