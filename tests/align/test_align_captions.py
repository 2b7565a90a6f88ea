"""Several captions in one cell: each value comes to its field."""

from __future__ import annotations

import datetime as dt

import pytest
from msgspec.structs import replace

from perfxl.align.captions import parted
from perfxl.align.lines import lines
from perfxl.align.pattern import compile_pattern
from perfxl.align.read import read
from perfxl.forms.definition.load import load_forms
from perfxl.forms.layout.place import place, place_live
from perfxl.model.address import parse_cell
from perfxl.model.grid import CellKind, Grid, GridCell
from perfxl.model.reading import Oddity, Reading
from perfxl.values.bind import bind
from perfxl.writer.write import write
from support import corpus

HUBEI = load_forms()["hubei-dept-goal"]
PATTERN = compile_pattern(place(HUBEI))
BLANKS = ("　　　　　　", " ", "\u00a0\u00a0", "\t", "\n", "，", "")


def grid(**texts: str | None) -> Grid:
    """Return the blank with other texts in some cells, by name; None clears one."""
    whole = corpus.book(write([place_live(HUBEI)])).sheets[0]
    cells = dict(whole.cells)
    for name, text in texts.items():
        at = parse_cell(name)
        cells.pop(at, None)
        if text is not None:
            cells[at] = GridCell(*at, CellKind.TEXT, text)
    return replace(whole, cells=dict(sorted(cells.items())))


def values(reading: Reading) -> dict[str, object]:
    return dict(bind(HUBEI, reading).record.values)


def place_of(path: str) -> str:
    return read(PATTERN, grid()).seen[path].name


def missing(reading: Reading) -> list[str]:
    return [notice.label for notice in reading.notices if notice.oddity is Oddity.MISSING]


@pytest.mark.slow
@pytest.mark.parametrize("blanks", BLANKS)
@pytest.mark.parametrize("unit", ["单位：万元", "单位: 万元", "金额单位：万元", "单位：元"])
def test_a_date_and_the_unit_of_amounts(blanks: str, unit: str) -> None:
    date = place_of("fill_date")
    reading = read(PATTERN, grid(**{date: f"填报日期：2024年3月5日{blanks}{unit}", f"F{date[1:]}": None}))
    assert values(reading)["fill_date"] == dt.date(2024, 3, 5)
    assert not missing(reading)


@pytest.mark.slow
def test_the_other_way_round() -> None:
    date = place_of("fill_date")
    reading = read(PATTERN, grid(**{date: "单位：万元　　　填报日期：2024年3月5日", f"F{date[1:]}": None}))
    assert values(reading)["fill_date"] == dt.date(2024, 3, 5)
    assert not missing(reading)


@pytest.mark.slow
@pytest.mark.parametrize("date", ["日期：2024.3.5", "填表日期：2024-3-5", "填报日期:2024年3月5日"])
@pytest.mark.parametrize("blanks", ["　　", "  ", "；"])
def test_a_line_of_signatures(date: str, blanks: str) -> None:
    """One line with what the form asks for in cells of their own, and nothing in these."""
    named = place_of("preparer")
    row = named[1:]
    line = blanks.join(("填报人：周敏", "联系电话：0731-88880000", date))
    blank = {f"{column}{row}": None for column in "ABCDEFGHI"}
    reading = read(PATTERN, grid(**{**blank, f"A{row}": line, place_of("fill_date"): "填报日期："}))
    found = values(reading)
    assert (found["preparer"], found["phone"], found["fill_date"]) == ("周敏", "0731-88880000", dt.date(2024, 3, 5))
    assert not missing(reading)


@pytest.mark.slow
def test_a_value_in_its_own_place_is_not_touched() -> None:
    named, date = place_of("preparer"), place_of("fill_date")
    reading = read(PATTERN, grid(**{named: "周敏", date: "填报日期：2024年3月5日　填报人：李强"}))
    assert values(reading)["preparer"] == "周敏"


@pytest.mark.slow
def test_brackets_around_a_caption() -> None:
    row = place_of("preparer")[1:]
    blank = {f"{column}{row}": None for column in "ABCDEFGHI"}
    reading = read(PATTERN, grid(**{**blank, f"A{row}": "填报人：周敏（联系电话：88880000）"}))
    found = values(reading)
    assert (found["preparer"], found["phone"]) == ("周敏", "88880000")


@pytest.mark.parametrize(
    "text",
    [
        "按期完成，填报人：周敏，联系电话：8888",  # does not begin with a caption
        "填报日期：2024年3月5日",
        "单位：万元",
        "工作任务：第一，提高单位：人均水平",
        "联系电话：8888 日期",
    ],
)
def test_other_texts_stay_whole(text: str) -> None:
    rows = lines(Grid("表", {(1, 1): GridCell(1, 1, CellKind.TEXT, text)}))
    assert parted(PATTERN.captions, rows) == (rows, ())


def test_amounts_in_one_cell() -> None:
    form = load_forms()["hunan-dept-self-eval"]
    pattern = compile_pattern(place(form))
    text = "其中：一般公共预算：6463.09万元　　　政府性基金拨款：0万元　　其他资金：95.42万元"
    rows = lines(Grid("表", {(1, 1): GridCell(1, 1, CellKind.TEXT, text)}))
    (changed, pieces) = parted(pattern.captions, rows)
    assert [changed.rows[1][0].text, *(piece.spot.text for piece in pieces)] == [
        "其中：一般公共预算：6463.09万元",
        "政府性基金拨款：0万元",
        "其他资金：95.42万元",
    ]
