"""Rows that are read by one expression read as they do event by event, whatever they hold and however they are written."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from random import Random
from typing import TypeAlias

import pytest

from perfxl.package.limits import DEFAULT, Limits
from perfxl.package.unreadable import Unreadable
from perfxl.readers.amended import amended_rows
from perfxl.readers.plain_rows import framed_rows
from perfxl.readers.refilled import refilled_rows
from perfxl.readers.worksheet import ReadRows, read_rows, read_worksheet
from perfxl.readers.worksheet_scan import Shared, WorksheetContent, read_any_worksheet
from support.effort import examples

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
SHARED = Shared(tuple(f"第{number}个" for number in range(2000)), ("General", "0%", "yyyy/m/d") * 400, date1904=True)


def _sheets() -> Iterator[tuple[str, bytes]]:
    for path in sorted(CORPUS.rglob("*.xls[xm]")):
        with zipfile.ZipFile(path) as package:
            for name in package.namelist():
                if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                    yield f"{path.stem}/{name}", package.read(name)


ReadWorksheet: TypeAlias = Callable[[bytes, Shared, Limits], WorksheetContent]
SHEETS = dict(_sheets())
PLAIN = [name for name, data in SHEETS.items() if framed_rows(data, DEFAULT) is not None]


def _told(data: bytes, limits: Limits, read: ReadWorksheet) -> WorksheetContent | tuple[object, ...]:
    try:
        found = read(data, SHARED, limits)
    except Unreadable as problem:
        return problem.reason, problem.detail
    return found._replace(cells=dict(found.cells)), list(found.cells)


def _same(data: bytes, limits: Limits = DEFAULT, read_rows: ReadRows = read_rows) -> bool:
    return _told(data, limits, partial(read_worksheet, read_rows=read_rows)) == _told(data, limits, read_any_worksheet)


def test_every_sheet_of_the_corpus_reads_the_same() -> None:
    assert [name for name, data in SHEETS.items() if not _same(data)] == []
    assert len(PLAIN) > len(SHEETS) / 2


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="A1"><v>1</v></c></row>',
        '<row r="1" spans="1:2" hidden="1"><c r="A1" s="4" t="s"><v>2</v></c><c r="B1"/></row><row r="3"/>',
        '<row r="1"><c r="A1" s="1" /><c r="B1" t="n" ><v>1</v></c></row>',
        '<row r="2"><c r="B2" t="str"><f>IF(A1&gt;1,"a&amp;lt;",&quot;&#22269;&quot;)</f><v>a&#x4E2D;_x000D_</v></c></row>',
        '<row r="2"><c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="C2" t="b"><v>1</v></c><c r="D2"><f>=A1</f></c></row>',
        '<row r="2"><c r="B2"><f></f><v/></c><c r="B2"><v>7</v></c><c r="A1"><v>8</v></c></row>',
        '<row r="1"><c r="A1" t="str"><v></v></c><c r="B1" t="s"><v> 1 </v></c><c r="C1" t="s"><v>99999</v></c></row>',
        '<row r="1"><c r="A1" s="999999"><v>1E3</v></c><c r="B1"><v>x</v></c></row>',
        '<c r="A1"><v>1</v></c>',
        '<row r="1"><row r="2"><c r="A1"><v>1</v></c></row></row>',
        '<row r="1"><c r="A1"><v>1</v></c></row><c r="A2"><v>2</v></c>',
        '<row r="1"><c><v>1</v></c><c><v>2</v></c></row>',
        '<row><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="XFE1"><v>1</v></c></row>',
        '<row r="1048577"><c r="A1048577"><v>1</v></c></row>',
        '<row r="1"><c r="A0"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1<x/>2</v></c></row>',
        '<row r="1"><c r="A1"><v>1&nbsp;</v></c></row>',
        '<row r="1"><c r="A1"><v>]]></v></c></row>',
        '<row r="1"><c r="A1"><v>\x01</v></c></row>',
        '<row r="1"><c r="A1"><v>\ufffe</v></c></row>',
        '<row r="1"><c r="A1" t="str"><f>A2&#x3E;1&amp;"&undeclared;"</f><v>1</v></c></row>',
        '<row r="1" ht="1" ht="2"><c r="A1"><v>1</v></c></row>',
        '<row r="1" r="2"><c r="A1"><v>1</v></c></row>',
        '<row r="1" ht="1" x:ht="2" spans="1:2 ht="><c r="A1"><v>1</v></c></row><row r="2" ht="1" x:ht="2"/>',
        '<row r="1" 1="1"><c r="A1"><v>1</v></c></row>',
        '<row r="1" x="&nbsp;"><c r="A1"><v>1</v></c></row>',
        '<row r="1" x="\x02"><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c></row><sheetData></sheetData><row r="2"/>',
        '<row r="1"><c r="A1"><v>1</v></c></row></sheetData><sheetData><row r="2"><c r="A2"><v>1</v></c></row>',
        '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>',
        '<row r="1"><c r="A1" s="2" t="inlineStr"><is><t xml:space="preserve"> a_x000D_&amp;lt;</t></is></c></row>',
        '<row r="1"><c r="A1" t="inlineStr"><is><t></t></is></c><c r="B1" t="inlineStr"><is><t/></is></c></row>',
        '<row r="1"><c r="A1" t="inlineStr"><is><r><t>a</t></r></is></c><c r="B1" t="n"><is><t>1</t></is></c></row>',
        '<row r="1"><c r="A1" t="inlineStr"><v>a</v></c><c r="B1" t="inlineStr"><f>A1</f><is><t>1</t></is></c></row>',
        '<row r="1"><c r="A1"><f t="shared" ref="A1:A2" si="0">B1</f><v>1</v></c><c r="A2"><f t="shared" si="0"/></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c>',
        "<row r='1' hidden='1'><c r='A1'><v>1</v></c></row>",
        '<row r="1" hidden = "1"><c r="A1"><v>1</v></c></row>',
        '<row r="1" x=" hidden=&quot;1&quot;"><c r="A1"><v>1</v></c></row>',
        '<row r="1">\n<c r="A1">\n<v>1</v></c></row>',
        '<row r="1"><c r="A1"><!-- 1 --><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c></row><?x?>',
        '<row r="1"><c r="A1" t="d"><v>2024-01-01</v></c><c r="B1" s="2"><v>45292</v></c></row>',
    ],
)
def test_rows_read_the_same__however_they_are_written(rows: str) -> None:
    for before, after in (
        ("", ""),
        ('<cols><col min="1" max="2" hidden="1"/></cols>', '<mergeCells><mergeCell ref="A1:B2"/></mergeCells>'),
    ):
        sheet = f"<worksheet>{before}<sheetData>{rows}</sheetData>{after}</worksheet>"
        assert _same(sheet.encode())
    assert _same(f"<worksheet><x><sheetData>{rows}</sheetData></x></worksheet>".encode())
    assert _same(
        f'<?xml version="1.0" encoding="latin-1"?><worksheet><sheetData>{rows}</sheetData></worksheet>'.encode()
    )


# What may stand anywhere in a part, and looks like the beginning or the end of its rows.
PIECES = (
    *("", "", "", "\r\n", "<x/>", "<sheetData/>", "</sheetData>", "<sheetData>", "<!-- <row r='2'> -->"),
    *("<!-- <sheetData> -->", "<!-- </sheetData> -->", "<?x <sheetData>?>", "<?x </sheetData>?>", "<?x?>"),
    *("<![CDATA[<sheetData>]]>", "<![CDATA[</sheetData>]]>", "</sheetData><sheetData>", "</sheetData><x/><sheetData>"),
    '<sheetData><row r="9"><c r="A9"><v>9</v></c></row></sheetData>',
    '<x><sheetData><row r="9"><c r="A9"><v>9</v></c></row></sheetData></x>',
    '</sheetData ><mergeCells><mergeCell ref="A1:B2"/></mergeCells><sheetData >',
    '<mergeCells><mergeCell ref="A1:B2"/></mergeCells>',
    '<row r="2"><c r="B2"><v><!-- 1 -->2</v></c></row>',
    '<row r="2"><c r="B2"><v><![CDATA[2]]></v></c></row>',
)


@pytest.mark.parametrize("read_rows", [read_rows, amended_rows, refilled_rows])
def test_where_rows_begin_and_end_is_not_mistaken(read_rows: ReadRows) -> None:
    rng = Random(1311)
    for _ in range(examples(6000)):
        head, before, between, after, tail = rng.choices(PIECES, k=5)
        rows = '<row r="1"><c r="A1"><v>1</v></c></row>', '<row r="3"><c r="A3"><v>3</v></c></row>'
        inside = f"<sheetData>{before}{rows[0]}{between}{rows[1]}{after}</sheetData>"
        assert _same(f"<worksheet>{head}{inside}{tail}</worksheet>".encode(), read_rows=read_rows)


def test_limits_hold() -> None:
    cells = "".join(f'<c r="A{row}"><v>{row}</v></c>' for row in range(1, 30))
    sheet = f'<worksheet><sheetData><row r="1">{cells}</row></sheetData></worksheet>'.encode()
    for limits in (
        Limits(max_cells=28),
        Limits(max_cells=29),
        Limits(max_text=1),
        Limits(max_elements=31),
        Limits(max_depth=3),
        Limits(max_depth=5),
    ):
        assert _same(sheet, limits)


def test_damaged_rows_read_the_same() -> None:
    rng = Random(20)
    smallest = sorted(PLAIN, key=lambda name: len(SHEETS[name]))[:12]
    pieces = (
        b"<",
        b">",
        b"/",
        b'"',
        b"&",
        b"<c>",
        b"</c>",
        b"</row>",
        b"<row>",
        b"1",
        b"A",
        b"\xff",
        b"",
        b"<v>",
        b" ",
    )
    for name in smallest:
        data = SHEETS[name]
        for _ in range(40):
            at = rng.randrange(len(data))
            changed = data[:at] + rng.choice(pieces) + data[at + rng.randrange(3) :]
            assert _same(changed), changed
