"""Lines of every form typed into one cell each: what stood in cells of its own comes to its field all the same."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from itertools import combinations, cycle
from typing import NamedTuple

import pytest
from msgspec.structs import replace

from perfxl.align.pattern import compile_pattern
from perfxl.align.read import read
from perfxl.forms.data import from_data
from perfxl.forms.definition.load import load_forms, shipped
from perfxl.forms.layout.place import place, place_live
from perfxl.model.form import Look
from perfxl.model.grid import CellKind, Grid, GridCell
from perfxl.model.layout import Layout, PlacedCell, Role, RowKind
from perfxl.model.reading import Oddity
from perfxl.values.bind import bind
from perfxl.writer.write import write
from support import corpus

BLANKS = ("　　　", " ", "，", "", "\n", "\u00a0\u00a0")
_LONGEST = 60
_HEAD = 5
"""Rows from the top in which people draw lines together."""


class Said(NamedTuple):
    """What people would type for some cells of a form: words before a value, a title, the unit of amounts."""

    text: str
    cells: tuple[PlacedCell, ...]


@cache
def sample(form: str) -> tuple[Layout, Grid]:
    data = json.loads((shipped() / form / "sample.json").read_text(encoding="utf-8"), parse_float=Decimal)
    record, _ = from_data(load_forms()[form], data)
    layout = place_live(load_forms()[form], record, year=2024)
    return layout, corpus.book(write([layout])).sheets[0]


def lines(layout: Layout) -> Iterator[list[Said]]:
    """Yield what can be typed together: what stands in one row, and all that stands above the table."""
    rows = defaultdict(list)
    fixed = {row.number for row in layout.rows if row.kind is RowKind.FIXED and not row.block}
    for cell in layout.cells:
        if cell.box.row in fixed:
            rows[cell.box.row].append(cell)
    said = {row: list(_said(cells)) for row, cells in rows.items()}
    yield from (line for line in said.values() if len(line) > 1)
    head = [one for row, line in said.items() if row <= _HEAD for one in line if "funds" not in one.cells[-1].path]
    yield from (list(pair) for pair in combinations(head, 2))
    yield head
    yield from ([one, Said("单位：万元", ())] for one in head)
    yield from ([Said("单位：万元", ()), one] for one in head if one.cells[-1].role is Role.INPUT)


def _said(cells: list[PlacedCell]) -> Iterator[Said]:
    before = None
    for cell in cells:
        text = _typed(cell.value)
        if cell.role is Role.INPUT and len(text) <= _LONGEST and "\n" not in text:
            if cell.caption is not None:
                words = f"{cell.caption.before}{text}{cell.caption.after}".replace("\n", "")
                yield Said(words, (cell,))
            elif before is not None and before.role is Role.LABEL:
                yield Said(f"{before.text.replace(chr(10), '').rstrip('：:')}：{text}", (before, cell))
        elif cell.role is Role.LABEL and (
            cell.look is Look.TITLE or "{year}" in cell.template or "单位：" in cell.text
        ):
            yield Said(cell.text, (cell,))
        before = cell


def _typed(value: object) -> str:
    if isinstance(value, dt.date):
        return f"{value.year}年{value.month}月{value.day}日"
    return "" if value is None else str(value)


def joined(grid: Grid, line: list[Said], blanks: str) -> Grid:
    cells = dict(grid.cells)
    places = [(cell.box.row, cell.box.column) for one in line for cell in one.cells]
    for place_ in places:
        cells.pop(place_, None)
    cells[min(places)] = GridCell(*min(places), CellKind.TEXT, blanks.join(one.text for one in line))
    return replace(grid, cells=dict(sorted(cells.items())))


@pytest.mark.slow
@pytest.mark.parametrize("form", load_forms())
def test_what_is_typed_into_one_cell_comes_to_its_fields(form: str) -> None:
    layout, grid = sample(form)
    definition = load_forms()[form]
    pattern = compile_pattern(place(definition))
    whole = bind(definition, read(pattern, grid)).record.values
    for line, blanks in zip(lines(layout), cycle(BLANKS), strict=False):
        twice = Counter(one.text.partition("：")[0].strip() for one in line).most_common(1)[0][1] > 1
        if twice:
            continue  # two columns with the same words: they say nothing
        altered = joined(grid, line, blanks)
        reading = read(pattern, altered)
        assert bind(definition, reading).record.values == whole, (blanks, line)
        assert not [notice for notice in reading.notices if notice.oddity is Oddity.MISSING], (blanks, line)


def test_words_of_a_text_are_no_captions_where_something_stands_for_them_elsewhere() -> None:
    form = load_forms()["hunan-self-eval-report"]
    layout, grid = sample(form.id)
    text = "部门主要职能：管理全区教育，年初预算：100万元，年终决算支出：90万元"
    at = next((cell.box.row, cell.box.column) for cell in layout.cells if cell.path == "functions")
    altered = replace(grid, cells={**grid.cells, at: GridCell(*at, CellKind.TEXT, text)})
    values = bind(form, read(compile_pattern(place(form)), altered)).record.values
    assert values["functions"] == text
    assert (values["spending.initial"], values["spending.final"]) == (Decimal("1616.43"), Decimal("6558.50"))


@pytest.mark.parametrize(
    ("form", "title"),
    [
        ("henan-dept-goal", "市级部门整体绩效目标申报表（2023年度）"),
        ("hubei-dept-goal", "部门整体支出绩效目标申报表 2023年"),
        ("hubei-dept-goal", "2023年度部门整体支出绩效目标申报表"),
        ("qinghai-dept-approval", "部门整体支出绩效目标批复表（2023年度）"),
        ("mof-project-goal", "项目支出绩效目标申报表(2023年)"),
    ],
)
def test_a_year_before_or_behind_the_title(form: str, title: str) -> None:
    layout = place(load_forms()[form])
    cells = dict(corpus.book(write([layout])).sheets[0].cells)
    for cell in layout.cells:
        at = cell.box.row, cell.box.column
        if cell.look is Look.TITLE:
            cells[at] = GridCell(*at, CellKind.TEXT, title)
        elif cell.path == "year" or cell.template == "({year}年度)":
            cells.pop(at, None)
    reading = read(compile_pattern(layout), Grid("表", cells))
    year = reading.seen.get("year")
    assert (year.content if year is not None else reading.year) == 2023
