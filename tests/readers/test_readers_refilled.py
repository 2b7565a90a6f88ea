"""Rows of which only the values are read anew read as they do by themselves, whatever was read before and whatever is in them."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from random import Random

import pytest

from perfxl.package.limits import DEFAULT, Limits
from perfxl.package.unreadable import Unreadable
from perfxl.readers.refilled import refilled_rows
from perfxl.readers.worksheet import read_worksheet
from perfxl.readers.worksheet_scan import Shared, WorksheetContent, read_any_worksheet

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
STRINGS = tuple(f"第{number}个" for number in range(400))
SHARED = Shared(STRINGS, ("General", "0%", "yyyy/m/d") * 100)
OTHERS = (
    SHARED,
    Shared(STRINGS[5:], SHARED.formats),
    Shared(STRINGS, ("0%", *SHARED.formats)),
    Shared(("",) * 400, SHARED.formats),
    Shared(STRINGS, SHARED.formats, date1904=True),
    Shared(),
)
VALUES = (
    b"",
    b"0",
    b"12",
    b"-3.5",
    b"1E999",
    b"x",
    b" 7 ",
    b"399",
    b"400",
    b"-1",
    b"a&amp;b",
    b"a&lt",
    b"]]>",
    b"\xff",
    b"\x01",
    b"a\nb",
    b"_x0041_",
    "国".encode(),
    "\ufffe".encode(),
    b"9" * 40,
    b"#REF!",
    b"true",
)


def refilled_worksheet(data: bytes, shared: Shared, limits: Limits) -> WorksheetContent:
    return read_worksheet(data, shared, limits, refilled_rows)


def _told(read: object, data: bytes, shared: Shared, limits: Limits) -> WorksheetContent | tuple[object, ...]:
    assert callable(read)
    try:
        found: WorksheetContent = read(data, shared, limits)
    except Unreadable as problem:
        return problem.reason, problem.detail
    return found._replace(cells=dict(found.cells)), list(found.cells)


def _same(data: bytes, shared: Shared = SHARED, limits: Limits = DEFAULT) -> bool:
    return _told(refilled_worksheet, data, shared, limits) == _told(read_any_worksheet, data, shared, limits)


def _sheets() -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for path in sorted(CORPUS.rglob("*.xls[xm]")):
        with zipfile.ZipFile(path) as package:
            names = (name for name in package.namelist() if name.startswith("xl/worksheets/sheet"))
            found |= {f"{path.stem}/{name}": package.read(name) for name in names}
    return {name: data for name, data in found.items() if len(data) < 100_000}


def test_every_sheet_of_the_corpus_reads_the_same_with_other_values() -> None:
    rng = Random(21)
    for name, data in _sheets().items():
        pieces = re.split(rb"<v>([^<]*)</v>", data)
        typed = (*pieces[1::2], *VALUES)
        for _ in range(3):
            changed = [*pieces]
            for at in rng.sample(range(1, len(pieces), 2), k=min(4, len(pieces) // 2)):
                changed[at] = rng.choice(typed)
            for one in (pieces, changed):
                values = [b"<v>" + value + b"</v>" for value in one[1::2]]
                assert _same(
                    b"".join(piece for pair in zip(one[::2], [*values, b""], strict=True) for piece in pair)
                ), name


@pytest.mark.parametrize("written_type", ["", "n", "s", "str", "b", "e", "d", "odd"])
@pytest.mark.parametrize("formula", ["", "<f>A1</f>", "<f/>"])
def test_every_value_reads_the_same(written_type: str, formula: str) -> None:
    kind = f' t="{written_type}"' if written_type else ""
    for first in (b"5", b""):
        for value in VALUES:
            for one in (first, value):
                cell = f'<row r="2" hidden="1"><c r="B2" s="2"{kind}>{formula}<v>'.encode() + one + b"</v></c></row>"
                other = b'<row r="3"><c r="A3" t="s"><v>7</v></c></row>'
                sheet = b"<worksheet><sheetData>" + cell + other + b"</sheetData></worksheet>"
                assert all(_same(sheet, shared) for shared in OTHERS), (one, written_type)


def test_what_is_around_rows_is_looked_at_each_time() -> None:
    rows = b'<row r="1"><c r="A1"><v>1</v></c></row>'
    for before, after in (
        (b"", b""),
        (b'<cols><col min="1" max="1" hidden="1"/></cols>', b'<mergeCells><mergeCell ref="A1:B1"/></mergeCells>'),
        (b"<!-- -->", b""),
        (b"<x>", b""),
    ):
        assert _same(b"<worksheet>" + before + b"<sheetData>" + rows + b"</sheetData>" + after + b"</worksheet>")


def test_limits_hold_for_what_was_read_before() -> None:
    sheet = b'<worksheet><sheetData><row r="1"><c r="A1"><v>12345</v></c><c r="B1"><v>1</v></c></row></sheetData></worksheet>'
    for limits in (DEFAULT, Limits(max_text=4), Limits(max_cells=1), Limits(max_depth=4), DEFAULT):
        assert _same(sheet, limits=limits)
        assert _same(sheet.replace(b"12345", b"54321"), limits=limits)


def test_only_what_changed_is_read() -> None:
    sheet = b'<worksheet><sheetData><row r="9"><c r="A9"><f>B9</f><v>1</v></c><c r="B9"><v>1</v></c></row></sheetData></worksheet>'
    first = refilled_worksheet(sheet, SHARED, DEFAULT)
    assert refilled_worksheet(sheet, SHARED, DEFAULT).cells is first.cells
    second = refilled_worksheet(sheet.replace(b"</f><v>1", b"</f><v>2"), SHARED, DEFAULT)
    assert str(second.cells[9, 1].value) == "2"
    assert second.cells[9, 2] is first.cells[9, 2]
