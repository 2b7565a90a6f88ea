"""Rows of which another state was read before read as they do by themselves."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest

from perfxl.package.limits import DEFAULT, Limits
from perfxl.package.unreadable import Unreadable
from perfxl.readers.amended import amended_rows
from perfxl.readers.worksheet import read_worksheet
from perfxl.readers.worksheet_scan import Shared, WorksheetContent, read_any_worksheet
from support.effort import examples

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


# Rows as programs write them, and as nobody should: of these one may depend on another. {n} is the row's own number.
ODD = (
    '<row r="{n}"><c r="A{n}" s="1"><v>1</v></c><c r="C{n}" t="s"><v>7</v></c></row>',
    '\n  <row r="{n}" spans="1:2">\n <c r="A{n}" t="inlineStr">\n<is>\n<t>a</t></is></c>\n<c r="B{n}"><v>{n}</v>\n</c></row>\n',
    '<row r="{n}" hidden="1"><c r="A{n}" t="inlineStr"><is><r><t>a</t></r><rPh sb="0"><t>b</t></rPh></is></c></row>',
    "<row ht='9' r='{n}'><c r='A{n}' s='2'><v>3</v></c></row>",
    '<row ht="9" r="{n}"><c s="2" r="A{n}"><v>3</v></c><c r="B{n}" t="d"><v>2024-01-01</v></c></row>',
    '<row r="{n}"/>',
    '<row r="{n}"></row>',
    '<row\n r="{n}"><c r="A{n}"><v>{n}</v></c></row>',
    '<row r="{n}"><c r="A{n}"><f t="shared" ref="A1:A9" si="0">B1+{n}</f><v>1</v></c></row>',
    '<row r="{n}"><c r="A{n}"><f t="shared" si="0"/><v>1</v></c></row>',
    '<row r="{n}"><c r="A{n}"><f t="&#115;hared" ref="A1:A9" si="0">B2+{n}</f><v>1</v></c></row>',
    '<row r="{n}"><c r="A{n}"><f t="&#115;hared" si="0"/><v>1</v></c></row>',
    '<row r="{n}"><c r="B{n}"><f t="array" ref="A1:C9">B1</f><v>1</v></c></row>',
    '<row r="{n}"><c r="B{n}"><f t="&#97;rray" ref="A1:C9">B1</f><v>1</v></c></row>',
    '<row r="{n}"><c r="B3"><v>{n}</v></c></row>',
    '<row r="{n}"><c><v>{n}</v></c><c r="D"><v>1</v></c></row>',
    "<row><c><v>1</v></c></row>",
    '<row r="3"><c r="A3"><v>{n}</v></c></row>',
    '<row r=" {n}"><c><v>1</v></c></row>',
    '<row r="x"><c><v>1</v></c></row>',
    '<row x=\' r="3"\' r="{n}"><c><v>{n}</v></c></row>',
    '<row r="{n}"><row r="4"><c r="A4"><v>{n}</v></c></row></row>',
    '<row r="{n}"><x><row r="4"><c r="A4"><v>{n}</v></c></row></x></row>',
    '<row r="{n}"><c r="A{n}"><is><row r="4"/><t>{n}</t></is></c></row>',
    '<row r="{n}"><x>',
    "</x></row>",
    '<x:row r="{n}"><c r="B{n}"><v>{n}</v></c></x:row>',
    '<x:row r="{n}"><x:c r="B{n}"><x:v>{n}</x:v></x:c></x:row>',
    '<?x <row r="3"?>',
    '</sheetData><mergeCells><mergeCell ref="A{n}:B{n}"/></mergeCells><sheetData >',
    '</sheetData><cols><row r="{n}"/></cols><sheetData >',
    '<c r="A{n}"><v>{n}</v></c>',
    "\r\n",
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


@pytest.mark.parametrize("sheet", ["<worksheet>{}</worksheet>", "<worksheet><x>{}</x></worksheet>"])
@pytest.mark.parametrize("prefix", ["", "x:"])
def test_rows_of_any_writing_read_as_they_do_among_the_others(sheet: str, prefix: str) -> None:
    rng = Random(1117)
    plain = ODD[0], ODD[1], ODD[4], ODD[27]
    for _ in range(examples(1500)):
        few = rng.random() < 0.5
        kinds = [
            rng.choice(plain) if few and rng.random() < 0.7 else rng.choice(ODD) for _ in range(rng.randrange(2, 7))
        ]
        one, other = _shown(kinds), list(kinds)
        for at in rng.sample(range(len(kinds)), k=rng.randrange(1, 3)):
            other[at] = rng.choice((kinds[at].replace("<v>", "<v>1"), rng.choice(ODD)))
        for rows in (one, _shown(other), one):
            data = sheet.format(f"<{prefix}sheetData>{rows}</{prefix}sheetData>")
            assert _same(data.encode()), (one, rows)


def test_what_is_called_a_row_inside_a_cell_is_none() -> None:
    inside = '<row r="7"/><row r="8"><c r="A8"><v>1</v></c></row><row r="9"/>'
    rows = f'<row r="1"><c r="A1"><is>{inside}</is></c></row>' + "".join(f'<row\n r="{n}"/>' for n in (2, 3, 4))
    for sheet in (_sheet(rows), _sheet(rows.replace("<v>1", "<v>2"))):
        assert _same(sheet)


def _shown(kinds: Sequence[str]) -> str:
    return "".join(kind.replace("{n}", str(number)) for number, kind in enumerate(kinds, start=1))


@pytest.mark.parametrize("row", [ODD[1], ODD[2], ODD[4], ODD[27]])
def test_only_what_changed_is_read_however_it_is_written(row: str) -> None:
    prefix = "x:" if "x:" in row else ""
    rows = "".join(row.replace("{n}", str(number)) for number in range(1, 7))
    sheet = f"<worksheet><{prefix}sheetData>{rows}</{prefix}sheetData></worksheet>"
    first = read_worksheet(sheet.encode(), SHARED, DEFAULT, amended_rows)
    other = sheet.replace('r="2"', 'x="7" r="2"').replace('B2"', 'B2" s="9"')
    second = read_worksheet(other.encode(), SHARED, DEFAULT, amended_rows)
    assert len(second.cells) == len(first.cells) > 5
    assert all(second.cells[place] is cell for place, cell in first.cells.items() if place[0] != 2)


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
