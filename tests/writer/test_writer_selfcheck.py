"""The live half of a workbook: what it watches, what it says as written, and what Excel takes."""

from __future__ import annotations

import io
import json
import re
import zipfile
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from perfxl.api import generate, layout
from perfxl.expr.excel import to_excel_broken
from perfxl.expr.rounding import to_excel_explained
from perfxl.forms.definition.load import load_forms, shipped
from perfxl.model.stamp import ROWS, SELF_CHECK
from perfxl.rules.live import live
from perfxl.values.indicator import parse_indicator
from perfxl.writer.places import Places
from perfxl.writer.selfcheck.figures import DOUBT, taken_apart
from perfxl.writer.selfcheck.formula import record_of
from perfxl.writer.selfcheck.hidden import Hidden
from perfxl.writer.selfcheck.lines import CheckLine, watch
from support.cases import form_of

FORMS = load_forms()
FILLED = {name: form for name, form in FORMS.items() if not form.issued}
LONGEST_FORMULA, LONGEST_TEST = 8192, 255


def sample(name: str) -> dict[str, Any]:
    text = (shipped() / name / "sample.json").read_text(encoding="utf-8")
    given: dict[str, Any] = json.loads(text, parse_float=Decimal)
    return given


def lines(name: str, data: dict[str, Any] | None = None) -> tuple[CheckLine, ...]:
    placed = layout(FORMS[name], year=2023, data=data)
    return watch(placed, placed.sheet, Hidden()).lines


def wrong(found: tuple[CheckLine, ...]) -> list[tuple[str, str, Any, Any]]:
    return [
        (line.code, line.path, line.errors.value, line.warnings.value)
        for line in found
        if line.errors.value or line.warnings.value
    ]


def sheet(workbook: bytes, name: str) -> Worksheet:
    found = openpyxl.load_workbook(io.BytesIO(workbook))[name]
    assert isinstance(found, Worksheet)
    return found


def test_what_is_issued_watches_nothing() -> None:
    issued = [form for form in FORMS.values() if form.issued]
    assert issued
    assert not any(live(form) for form in issued)
    assert SELF_CHECK not in openpyxl.load_workbook(io.BytesIO(generate(issued[0], year=2024))).sheetnames


@pytest.mark.parametrize("name", FILLED)
def test_what_must_hold_is_said_in_words(name: str) -> None:
    for line in lines(name):
        assert re.search("[一-鿿]", line.want), line
        assert not re.search(r"[{}=]|\w+\.\w+\[|_", line.want), line.want


@pytest.mark.parametrize("name", FILLED)
def test_a_blank_has_no_errors_and_something_left(name: str) -> None:
    found = lines(name)
    assert wrong(found) == []
    assert sum(int(line.missing.value) for line in found) > 0


@pytest.mark.parametrize("name", FILLED)
def test_a_sample_has_no_errors(name: str) -> None:
    known = {"hunan-self-eval-report": [("M01", "spending.final")]}  # 1051.47 + 5506.86 is not 6558.50
    found = [(code, path) for code, path, errors, _ in wrong(lines(name, sample(name))) if errors]
    assert found == known.get(name, [])


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"funds.total.executed": Decimal(7000)}, ("M05", "funds.total.executed", 1, 0)),
        ({"funds.by_income.general": Decimal("6463.08")}, None),
        ({"funds.by_income.general": Decimal("6363.08")}, ("M06", "funds.by_income", 1, 0)),
        ({"indicators[0].score": Decimal(11)}, ("P02", "indicators[].score", 1, 0)),
        ({"indicators[0].score": Decimal(9)}, ("P06", "indicators[].reason", 1, 0)),
        ({"indicators[0].score": Decimal(9), "indicators[0].reason": "项目推迟"}, ("P03", "indicators[].score", 1, 0)),
        ({"indicators[0].weight": Decimal(9)}, ("P01", "total.weight", 1, 0)),
        ({"indicators[0].target": "≥95%", "indicators[0].actual": "90%"}, ("C04", "indicators[].actual", 1, 0)),
        ({"indicators[0].target": "≤95%", "indicators[0].actual": "90%"}, None),
    ],
)
def test_a_mistake_is_told(change: dict[str, Any], expected: tuple[str, str, int, int] | None) -> None:
    data = sample("hunan-dept-self-eval")
    for path, value in change.items():
        here: Any = data
        *above, last = re.findall(r"[a-z_]+|\d+", path)
        for key in above:
            here = here[int(key) if key.isdigit() else key]
        here[last] = {"text": value} if last in {"target", "actual"} else value
    before = {found for found in wrong(lines("hunan-dept-self-eval", sample("hunan-dept-self-eval"))) if found[2]}
    after = {found for found in wrong(lines("hunan-dept-self-eval", data)) if found[2]}
    assert (expected in after) if expected else after == before


@pytest.mark.slow
@pytest.mark.parametrize("name", FILLED)
def test_excel_takes_the_formulas(name: str) -> None:
    workbook = generate(FORMS[name], year=2024, data=sample(name))
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    for tab in (SELF_CHECK, ROWS):
        for row in sheet(workbook, tab).iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    assert len(str(cell.value)) <= LONGEST_FORMULA, cell.coordinate
                    bare = re.sub('"[^"]*"', "", str(cell.value))
                    assert bare.count("(") == bare.count(")"), cell.value
    for area in sheet(workbook, FORMS[name].sheet).conditional_formatting:
        for rule in area.rules:
            (formula,) = rule.formula
            assert len(formula) <= LONGEST_TEST, formula
            assert "{" not in formula
            for used in re.findall(r"_perfxl_\w+", formula):
                assert used in {*book.defined_names, *(own for sheet in book.worksheets for own in sheet.defined_names)}


@pytest.mark.slow
@pytest.mark.parametrize("name", FILLED)
def test_conditions_are_told_on_their_own_sheet_as_if_they_were_printed_there(name: str) -> None:
    placed = layout(FORMS[name], year=2023)
    places = Places.of(placed)
    reds = [red for red in watch(placed, placed.sheet, Hidden()).reds if red.rule is not None and red.at is not None]
    for red in reds:
        assert red.rule is not None
        must, rows = red.rule.must, [*record_of(placed).rows(red.rule.each)] if red.rule.each else [""]
        assert red.broken in {to_excel_broken(must, places, row) for row in rows}
        assert red.rounding in {"", *(to_excel_explained(must, places, row) for row in rows)}


def test_a_formula_with_the_name_of_its_sheet_in_a_text_is_printed_anew() -> None:
    places = Places({}, {}, {}, {}).elsewhere("表")
    assert places.at_home("IF('表'!A1=\"甲\",'表'!B1:C2,\"\")") == 'IF(A1="甲",B1:C2,"")'
    assert places.at_home("IF('表'!A1=\"'表'!\",1,2)") is None
    assert places.at_home("IF('表'!A1=\"甲\"\"'表'!\",1,2)") is None
    assert Places({}, {}, {}, {}).elsewhere('"').at_home("'\"'!A1") is None
    assert Places({}, {}, {}, {}, numbers={"附表": 2}).elsewhere("表").at_home("'表'!A1") is None


def test_sheets_of_one_form_have_parts_of_their_own() -> None:
    form = FORMS["jilin-project-self-eval"]
    tab = sheet(generate([form, form], year=2024), SELF_CHECK)
    heads = [str(row[0].value) for row in tab.iter_rows() if str(row[0].value).endswith(f"（{form.title}）")]
    assert heads == [f"{form.sheet}（{form.title}）", f"{form.sheet}(2)（{form.title}）"]


@pytest.mark.parametrize(
    ("typed", "sign", "number", "unit"),
    [
        ("≥95%", "≥", "95", "%"),
        (">= 1,200 万元", "≥", "1200", "万元"),
        ("18个", "", "18", "个"),
        ("18", "", "18", ""),
        ("≤9.5分", "≤", "9.5", "分"),
    ],
)
def test_figures_in_values(typed: str, sign: str, number: str, unit: str) -> None:
    parts = taken_apart(parse_indicator(typed))
    assert (parts.sign, parts.number, parts.unit) == (sign, Decimal(number), unit)


@pytest.mark.parametrize("typed", ["12月底前", "5-10次", "2024年", "≥95%且≤100%", "每月1次", "15日内"])
def test_what_is_more_than_a_figure_is_left_to_the_import(typed: str) -> None:
    parts = taken_apart(parse_indicator(typed))
    assert parts.number is None or parts.unit == DOUBT


@pytest.mark.parametrize("typed", ["长期", "达成", "", "1.2.3个"])
def test_what_has_no_figure(typed: str) -> None:
    assert taken_apart(parse_indicator(typed) if typed else None).number is None


@pytest.mark.slow
@pytest.mark.parametrize("name", FILLED)
def test_no_name_of_a_workbook_stands_twice(name: str) -> None:
    with zipfile.ZipFile(io.BytesIO(generate(FORMS[name], year=2024))) as package:
        text = package.read("xl/workbook.xml").decode()
    names = re.findall("<definedName ([^>]*)>", text)
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("name", FILLED)
def test_what_is_said_has_the_figures(name: str) -> None:
    for line in lines(name):
        assert "与左边的要求不符" not in str(line.say.value) or "IFERROR" in line.say.text, line.want


COLOURED = """\
form: tiny-coloured
version: "1"
title: 采购计划
region: 试验
stage: declaration
year_basis: 预算年度
sheet: 表
money: 万元
columns: {A: 12, B: 20, C: 12}
bands:
- row:
  - {at: A, label: 限价}
  - {at: B:C, field: most, type: money}
- table: items
  columns:
  - {at: A, label: 名称, field: name, type: text}
  - {at: B, label: 单价, field: price, type: money, required: "most > 5"}
  - {at: C, label: 数量, field: count, type: integer}
  rows: 3
rules:
- {code: M05, each: items, must: price <= most, at: price, say: 单价高于限价}
- {code: M13, each: items, must: count <= SUM(items.count) / 2, at: count, say: 占了一半以上}
"""


def test_only_what_is_in_the_row_moves_with_it() -> None:
    workbook = generate(form_of(COLOURED))
    formulas = [
        (str(area.sqref), rule.formula[0])
        for area in sheet(workbook, "表").conditional_formatting
        for rule in area.rules
    ]
    assert ("B3:B5", "IF(COUNT($B$1,B3)<2,FALSE,ROUND(B3-$B$1,6)>0)") in formulas
    assert any(
        area == "C3:C5" and "$C$2:INDEX($C:$C,ROW($C$6)-1)" in formula and "C3" in formula for area, formula in formulas
    )
    assert any(area == "B3:B5" and "$B$1-5" in formula and "COUNT(B3)=0" in formula for area, formula in formulas)


BARRED = """
- row:
  - {at: A, label: 限时供水}
  - {at: B:C, field: limited, type: choice, choices: [是, 否], preset: 否, required: true}
- row:
  - {at: A, label: 原因}
  - {at: B:C, field: why, type: text, required: "limited = '是'", blank: "limited = '否'"}
"""


def test_what_stays_blank_is_grey_though_something_is_lacking_and_red_once_it_is_filled_in() -> None:
    """The first condition that holds is what is seen."""
    bands = COLOURED.partition("rules:")[0]
    workbook = generate(form_of(f"{bands}{BARRED}"))
    (area,) = [one for one in sheet(workbook, "表").conditional_formatting if str(one.sqref) == "B7:C7"]
    first, *others = sorted(area.rules, key=lambda rule: rule.priority)
    assert first.dxf.fill.bgColor.rgb == "FFE3E3E3"
    assert first.formula[0].startswith("AND(LEN(TRIM(B7))=0,")
    assert any("_perfxl_unfinished" in other.formula[0] for other in others)


def test_what_is_asked_for_under_a_condition_is_so_in_rows_that_are_used() -> None:
    placed = layout(form_of(COLOURED), data={"most": 9})
    assert not any(line.missing.value for line in watch(placed, placed.sheet, Hidden()).lines)
    placed = layout(form_of(COLOURED), data={"most": 9, "items": [{"name": "甲", "count": 1}]})
    assert [line.missing.value for line in watch(placed, placed.sheet, Hidden()).lines if line.missing.value] == [1]
