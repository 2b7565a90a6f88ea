"""M10: which figure is off by a power of ten, in short sums and in long ones. M12: blanks in sums."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec.structs import replace

from perfxl.expr.parse import parse
from perfxl.expr.scope import Scope
from perfxl.model.finding import Finding
from perfxl.rules.run import check
from support.cases import Typed, case_of, form_of

TEXT = """
form: tiny-slips
version: "1"
title: 表
region: 试验
stage: declaration
year_basis: 年度
sheet: 表
money: 万元
columns: {A: 8, B: 8, C: 8, D: 8}
bands:
- table: projects
  columns:
  - {at: A, label: 项目, field: name, type: text}
  - {at: "B:C", label: 金额, field: amount, type: money}
  - {at: D, label: 份额, field: share, type: number}
  rows: 3
- row:
  - {at: A, label: 合计}
  - {at: B, field: whole.total, type: money}
  - {at: C, label: 其中}
  - {at: D, field: whole.part, type: money}
rules:
- code: M06
  must: SUM(projects.amount) = whole.total
  at: whole.total
  say: 合计 {left} 与 {right} 相差 {gap}
- {code: M06, must: "COUNT(projects.share) = 0 OR SUM(projects.share) = 100", at: projects, say: 份额合计应为 100}
- {code: M10, over: projects}
"""
FORM = form_of(TEXT)
ADDED_UP = form_of(
    TEXT.replace("field: whole.total, type: money", "field: whole.total, type: money, formula: SUM(projects.amount)")
    .replace(
        "- code: M06\n  must: SUM(projects.amount) = whole.total\n  at: whole.total\n",
        "- code: M06\n  must: whole.part <= whole.total\n  at: whole.part\n",
    )
    .replace("合计 {left} 与 {right} 相差 {gap}", "其中 {left} 大于合计 {right}")
    .replace("over: projects}", "over: whole}")
)
"""The same where the total is a formula of the form."""
TOLD_APART = form_of(
    TEXT.replace("field: whole.total, type: money", "field: whole.total, type: money, formula: SUM(projects.amount)")
    .replace("must: SUM(projects.amount) = whole.total", "must: whole.part = whole.total")
    .replace("over: projects}", "over: projects}\n- {code: M10, over: whole}")
)
"""A figure that should be equal to that formula."""


def found(code: str, amounts: list[Typed], total: Typed) -> list[Finding]:
    typed: dict[str, Typed] = {f"projects[{number}].amount": amount for number, amount in enumerate(amounts)}
    typed |= {f"projects[{number}].name": f"项目{number}" for number in range(len(amounts))}
    return [one for one in check(case_of(FORM, {**typed, "whole.total": total})) if one.code == code]


def slipped(amounts: list[Typed], total: Typed) -> list[tuple[str | None, object]]:
    return [(one.path, one.fix.value) for one in found("M10", amounts, total)]


@pytest.mark.parametrize("number", [2, 3, 39, 40, 41, 60])
@pytest.mark.parametrize(
    ("typed", "right"),
    [("70", 7), ("700", 7), ("7000", 7), ("70000", 7), ("0.7", 7), ("0.07", 7), ("0.7", Decimal("0.07"))],
)
def test_the_one_figure_that_a_power_of_ten_repairs(number: int, typed: str, right: Decimal) -> None:
    others: list[Typed] = [3] * (number - 1)
    assert slipped([*others, Decimal(typed)], 3 * (number - 1) + Decimal(right)) == [
        (f"projects[{number - 1}].amount", Decimal(right))
    ]


@pytest.mark.parametrize("number", [3, 60])
def test_where_two_figures_may_have_slipped_nothing_is_suggested(number: int) -> None:
    others: list[Typed] = [3] * (number - 2)
    assert slipped([*others, 70, 70], 3 * (number - 2) + 77) == []
    assert slipped([*others, 70, 50], 3 * (number - 2) + 77) == []
    assert slipped([*others, 700000, 50], 3 * (number - 2) + 57) == []


def test_only_amounts_slip() -> None:
    typed: dict[str, Typed] = {"projects[0].amount": 3, "projects[1].amount": 7, "whole.total": 10}
    shares: dict[str, Typed] = {"projects[0].share": 500, "projects[1].share": 50}
    assert [one.code for one in check(case_of(FORM, typed | shares))] == ["M06"]


def test_what_is_no_amount_any_more_is_no_repair() -> None:
    assert slipped([3, Decimal("0.05")], Decimal("3.005")) == []
    assert slipped([3, Decimal("0.1")], Decimal("3.01")) == [("projects[1].amount", Decimal("0.01"))]


def test_a_figure_in_yuan_is_told_as_such() -> None:
    (one,) = found("M10", [3, 70000], 10)
    assert "疑似以元填报" in one.message
    assert one.unit == "万元"
    (one,) = found("M10", [3, 7000], 10)
    assert "疑似小数点错位" in one.message


def test_each_blank_in_a_sum_is_told_once_where_another_is_filled() -> None:
    assert [one.path for one in found("M12", [3, None, None], 3)] == ["projects[1].amount", "projects[2].amount"]
    assert found("M12", [None, None], 3) == []
    assert found("M12", [3, 0], 3) == []
    assert found("M12", [3, "无"], 3) == []


def test_a_figure_of_the_rule_itself_has_not_slipped() -> None:
    must = parse("SUM(projects.amount) = 100", Scope({path: field.type for path, field in FORM.fields.items()}, ""))
    form = replace(FORM, rules=(replace(FORM.rules[0], must=must), *FORM.rules[1:]))
    typed: dict[str, Typed] = {"projects[0].amount": 3, "projects[1].amount": 7, "whole.total": 10}
    codes = [one.code for one in check(case_of(form, typed))]
    assert "M06" in codes
    assert "M10" not in codes


@pytest.mark.parametrize(
    ("amounts", "typed", "repaired"),
    [
        (["30.09", "0.01"], "3.01", [("whole.total", Decimal("30.1"))]),  # 30.09 → 3.009 would leave a gap of rounding
        (["30", "5"], "350", [("whole.total", Decimal(35))]),
        (["30", "5"], "351", []),
    ],
)
def test_a_repair_that_is_exact_comes_before_one_that_leaves_a_gap_of_rounding(
    amounts: list[str], typed: str, repaired: list[tuple[str, Decimal]]
) -> None:
    cells: dict[str, Typed] = {f"projects[{number}].amount": Decimal(amount) for number, amount in enumerate(amounts)}
    cells |= {f"projects[{number}].name": f"项目{number}" for number in range(len(amounts))}
    case = case_of(ADDED_UP, {**cells, "whole.total": Decimal(typed)}, stamped=False)
    assert [(one.path, one.fix.value) for one in check(case) if one.code == "M10"] == repaired


def test_what_a_formula_sums_up_slips_through_it() -> None:
    cells: dict[str, Typed] = {"projects[0].name": "甲", "projects[1].name": "乙"}
    amounts: dict[str, Typed] = {"projects[0].amount": 3, "projects[1].amount": 70}
    found = check(case_of(TOLD_APART, {**cells, **amounts, "whole.part": 10}))
    assert [(one.path, one.fix.value) for one in found if one.code == "M10"] == [("projects[1].amount", Decimal(7))]


IN_TWO_STEPS = form_of(
    TEXT.replace("field: whole.total, type: money", "field: whole.total, type: money, formula: SUM(projects.amount)")
    .replace("field: whole.part, type: money", "field: whole.part, type: money, formula: whole.total + 1")
    .replace(
        "rules:\n",
        '- row:\n  - {at: A, label: 批复数}\n  - {at: "B:D", field: approved, type: money}\nrules:\n',
    )
    .replace("must: SUM(projects.amount) = whole.total", "must: whole.part = approved")
    .replace("over: projects}", "over: whole}")
)
"""A figure that should be equal to a formula which reads another one."""


@pytest.mark.parametrize(("typed", "repaired"), [(70, [("projects[1].amount", Decimal(7))]), (71, [])])
def test_what_a_formula_reads_slips_through_the_next_one(typed: int, repaired: list[tuple[str, Decimal]]) -> None:
    cells: dict[str, Typed] = {"projects[0].name": "甲", "projects[1].name": "乙", "approved": 11}
    found = check(case_of(IN_TWO_STEPS, {**cells, "projects[0].amount": 3, "projects[1].amount": typed}))
    assert [(one.path, one.fix.value) for one in found if one.code == "M10"] == repaired
