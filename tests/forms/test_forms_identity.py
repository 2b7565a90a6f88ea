"""What tells two returns apart, as definitions say it: refused where it could not be read back."""

from __future__ import annotations

import pytest

from perfxl.forms.data import from_data
from perfxl.forms.definition.load import load_forms, parse
from perfxl.forms.periods import part_values
from perfxl.model.form import Form
from perfxl.model.period import Identity, Part, Period
from perfxl.model.submission import span_of

QUARTER = "{at: D, field: quarter, type: choice, choices: [一季度, 二季度, 三季度, 四季度], required: true}"
FORM = f"""
form: quarterly
version: "1"
title: 季报
region: 某县
stage: report
year_basis: 年度
sheet: 季报
unit: unit_name
year: year
quarter: quarter
columns: {{A: 20, B: 30, C: 20, D: 30}}
bands:
- row:
  - {{at: A, label: 年度}}
  - {{at: B, field: year, type: year, required: true}}
  - {{at: C, label: 季度}}
  - {QUARTER}
- row:
  - {{at: A, label: 单位名称}}
  - {{at: B, field: unit_name, type: text, required: true}}
  - {{at: C, label: 合同编号}}
  - {{at: D, field: contract, type: text, required: true}}
- row:
  - {{at: A, label: 金额}}
  - {{at: B, field: amount, type: money, required: true}}
  - {{at: C, label: 备注}}
  - {{at: D, field: remark, type: text}}
- table: items
  columns:
  - {{at: A:B, label: 名称, field: name, type: text, required: true}}
  - {{at: C:D, label: 数量, field: count, type: integer}}
  rows: 3
"""


def form(*changes: tuple[str, str]) -> Form:
    made, problems = parse(_changed(*changes), "form.yaml")
    assert made is not None, [str(problem) for problem in problems]
    return made


def said(*changes: tuple[str, str]) -> list[str]:
    _, problems = parse(_changed(*changes), "form.yaml")
    return [f"{problem.message}（{problem.remedy}）" for problem in problems]


def _changed(*changes: tuple[str, str]) -> str:
    text = FORM
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def test_it_is_unit_year_and_part_where_nothing_else_is_said() -> None:
    made = form()
    assert made.identity == Identity(parts={Part.QUARTER: "quarter"})
    assert made.fields["quarter"].identifies
    assert not made.many


def test_the_shipped_forms_go_by_unit_and_year_and_those_of_projects_by_project() -> None:
    for one in load_forms().values():
        keys = (one.project_path,) if one.many else ()
        assert one.identity == Identity(keys=keys), one.id


def test_further_fields_make_several_returns_of_a_unit() -> None:
    made = form(("quarter: quarter\n", "quarter: quarter\nidentity: [unit, year, quarter, contract]\n"))
    assert (made.identity.keys, made.identity.declared, made.many) == (("contract",), True, True)


def test_without_the_year_it_is_of_no_year() -> None:
    made = form(("quarter: quarter\n", "identity: [unit, contract]\n"))
    assert (made.identity.dated, made.identity.parts) == (False, {})


@pytest.mark.parametrize("typed", ["二季度", None])
def test_the_part_is_read_from_its_field(typed: str | None) -> None:
    made = form()
    record, _ = from_data(made, {"quarter": typed})
    assert span_of(made, record) == ((10, 18) if typed else (0, 0))


def test_a_period_is_written_as_its_field_has_it() -> None:
    whole = (QUARTER, "{at: D, field: quarter, type: integer, min: 1, max: 4, required: true}")
    assert part_values(form(), Period(2024, 10, 18)) == {"quarter": "二季度"}
    assert part_values(form(whole), Period(2024, 10, 18)) == {"quarter": 2}
    assert part_values(form(), Period(2024)) == {}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            (", required: true}\n- row:\n  - {at: A, label: 单位", "}\n- row:\n  - {at: A, label: 单位"),
            "可以不填，不填就认不出是哪一份",
        ),
        (("[一季度, 二季度, 三季度, 四季度]", "[一季度, 二季度, 全年]"), "“quarter”的选项“全年”看不出是第几个季度"),
        (("[一季度, 二季度, 三季度, 四季度]", "[一季度, Q1, 二季度]"), "有两个选项说的是同一个季度"),
        ((QUARTER, "{at: D, field: quarter, type: text, required: true}"), "“quarter”不能说明是第几个季度"),
        ((QUARTER, "{at: D, field: quarter, type: integer, required: true}"), "可以填不是个季度的数"),
        (("quarter: quarter\n", "quarter: items.count\n"), "quarter 的“items.count”不是这张表的项"),
        (("quarter: quarter\n", "ten_days: quarter\n"), "写了 ten_days，没有写 month"),
        (("quarter: quarter\n", "quarter: quarter\nmonth: contract\n"), "quarter 和 month 不能都写"),
        (("quarter: quarter\n", "identity: [year, contract]\n"), "identity 里没有 unit"),
        (("quarter: quarter\n", "identity: [unit, year, quarter]\n"), "identity 里有 quarter，没有写 quarter 是哪一项"),
        (("quarter: quarter\n", "identity: [unit, year, contrct]\n"), "identity 的“contrct”不是这张表的项"),
        (("quarter: quarter\n", "identity: [unit, year, amount]\n"), "“amount”不能用来区分两份表"),
        (("quarter: quarter\n", "identity: [unit, year, remark]\n"), "“remark”可以不填"),
        (("quarter: quarter\n", "identity: [unit, unit, contract]\n"), "identity 里有一项写了两次"),
        (("year: year\nquarter: quarter\n", "identity: [unit, year]\n"), "identity 里有 year，表上却看不出年度"),
        (("quarter: quarter\n", "project: contract\nmany: true\nidentity: [unit, year]\n"), "identity 里没有 project"),
    ],
)
def test_what_could_not_be_read_back_is_refused_with_what_to_do(change: tuple[str, str], message: str) -> None:
    found = said(change)
    assert any(message in one for one in found), found
    assert all("（" in one for one in found)
