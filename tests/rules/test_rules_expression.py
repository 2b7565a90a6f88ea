"""Tolerance, alternatives, parts, messages of rules that are expressions."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.model.field_type import Measure
from perfxl.model.finding import Severity
from perfxl.model.form import Form
from perfxl.rules.catalog import CATALOG
from perfxl.rules.expression import Breach, findings, judge
from support.cases import Typed, case_of, cell_of, form_of
from support.effort import examples

ERROR, WARNING = Severity.ERROR, Severity.WARNING
CENT = Decimal("0.01")

BANDS = """
form: tiny
version: "1"
title: 表
region: 试验
stage: declaration
year_basis: 年度
sheet: 表
money: 万元
columns: {A: 8, B: 8, C: 8, D: 8, E: 8, F: 8}
bands:
- row:
  - {at: A, label: 各项, names: parts}
  - {at: B, label: 甲}
  - {at: C, field: parts.a, type: money}
  - {at: D, label: 乙}
  - {at: E:F, field: parts.b, type: money}
- row:
  - {at: A, label: 合计}
  - {at: B, field: total, type: money}
  - {at: C, label: 已用}
  - {at: D, field: used, type: money}
  - {at: E, label: 占比}
  - {at: F, field: share, type: percent}
- row:
  - {at: A, label: 人数}
  - {at: B, field: people, type: number}
  - {at: C, label: 其中}
  - {at: D, field: some, type: number}
  - {at: E, label: 类别}
  - {at: F, field: kind, type: text}
- table: projects
  columns:
  - {at: A:C, label: 名称, field: name, type: text}
  - {at: D, label: 总预算, field: total, type: money}
  - {at: E:F, label: 本年, field: year, type: money}
  rows: 2
rules:
"""


def form_with(must: str, extra: str = "at: total, say: '左 {left} 右 {right} 差 {gap}'", code: str = "M01") -> Form:
    return form_of(f'{BANDS}- {{code: {code}, must: "{must}", {extra}}}\n')


def said(form: Form, typed: Mapping[str, Typed]) -> list[tuple[Severity, str | None, str]]:
    found = findings(case_of(form, typed), form.rules[0], CATALOG[form.rules[0].code])
    return [(finding.severity, finding.cell, finding.message) for finding in found]


def graded(form: Form, **typed: Typed) -> list[Severity]:
    """How grave a rule is broken; ``a`` and ``b`` are the parts."""
    names = {"a": "parts.a", "b": "parts.b"}
    return [severity for severity, _, _ in said(form, {names.get(key, key): value for key, value in typed.items()})]


def message(form: Form, **typed: Typed) -> str:
    ((_, _, text),) = said(form, typed)
    return text


SUM = form_with("SUM(parts) = total")


@pytest.mark.parametrize(
    ("total", "grave"),
    [(30, []), (30.004, []), (30.01, [WARNING]), (29.99, [WARNING]), (30.02, [ERROR]), (29.5, [ERROR])],
)
def test_a_sum_of_two_figures_may_be_off_by_one_cent(total: float, grave: list[Severity]) -> None:
    assert graded(SUM, a=10, b=20, total=total) == grave


def test_a_sum_of_one_filled_figure_may_be_off_by_one_cent_too_for_half_a_cent_is_rounded_up() -> None:
    assert graded(SUM, a=10, total=10.01) == [WARNING]
    assert graded(SUM, a=10, total=10.02) == [ERROR]


@given(st.integers(0, 10**9), st.integers(300, 10**9), st.integers(-300, 300))
@settings(max_examples=examples(60))
def test_how_grave_a_gap_is_hangs_on_the_gap_alone(a: int, b: int, gap: int) -> None:
    grave = {0: [], 1: [WARNING]}.get(abs(gap), [ERROR])
    assert graded(SUM, a=a * CENT, b=b * CENT, total=(a + b + gap) * CENT) == grave


def test_one_figure_against_one_figure_must_be_equal_to_the_cent() -> None:
    form = form_with("used = total")
    assert said(form, {"used": 10.004, "total": 10}) == []
    assert said(form, {"used": 10.01, "total": 10}) == [(ERROR, cell_of(form, "total"), "左 10.01 右 10.00 差 0.01")]


def test_a_blank_or_unreadable_operand_skips_the_rule() -> None:
    assert graded(SUM, a=10) == []
    assert graded(SUM, total=10) == []
    assert graded(SUM, a=10, b="约二十", total=99) == []
    assert graded(SUM, a=10, b=-20, total=99) == []


def test_an_inequality_has_a_rounding_band_only_where_figures_are_summed() -> None:
    summed, single = form_with("SUM(parts) <= total"), form_with("used <= total")
    assert graded(summed, a=10, b=20, total=30.5) == []
    assert graded(summed, a=10, b=20, total=29.99) == [WARNING]
    assert graded(summed, a=10, b=20, total=29.5) == [ERROR]
    assert graded(single, used=30, total=29.99) == [ERROR]


@pytest.mark.parametrize(
    ("must", "used", "grave"),
    [
        ("total >= used", 30.004, []),
        ("total >= used", 30.01, [ERROR]),
        ("used < total", 30.004, [ERROR]),
        ("used < total", 29.99, []),
        ("total > used", 30, [ERROR]),
        ("total > used", 29.99, []),
    ],
)
def test_all_comparisons_are_of_cents(must: str, used: float, grave: list[Severity]) -> None:
    assert graded(form_with(must), used=used, total=30) == grave


@pytest.mark.parametrize(("share", "found"), [("50.01%", 0), ("50%", 0), ("49.99%", 0), ("50.02%", 1), ("0.4", 1)])
def test_a_share_may_be_off_by_a_hundredth_of_a_point(share: str, found: int) -> None:
    assert len(graded(form_with("share = used / total"), used=50, total=100, share=share)) == found


def test_a_gap_of_shares_is_in_points() -> None:
    points = message(form_with("share = used / total"), used=50, total=100, share="47.5%")
    assert points == "左 47.5% 右 50% 差 2.5 个百分点"
    points = message(form_with("ABS(used / total - 1) <= 0.3"), used=50, total=100)
    assert points == "左 50% 右 30% 差 20 个百分点"


def test_plain_numbers_are_compared_at_two_decimals_and_have_no_band() -> None:
    form = form_with("SUM(people, some) = 100")
    assert graded(form, people=90, some=10.004) == []
    assert graded(form, people=90, some=9.99) == [ERROR]
    assert message(form, people=90, some=9.5) == "左 99.5 右 100 差 0.5"
    assert message(form_with("COUNT(parts) = 2"), **{"parts.a": 5}) == "左 1 右 2 差 1"


@pytest.mark.parametrize(
    ("must", "text"),
    [
        ("used = total * share", "左 5.00 右 4.00 差 1.00"),
        ("used = IF(people > 0, total, used)", "左 5.00 右 10.00 差 5.00"),
        ("-used = total - 16", "左 -5.00 右 -6.00 差 1.00"),
        ("used = SUMIF(projects.name, '甲', projects.year)", "左 5.00 右 7.00 差 2.00"),
        ("used / 2 = total", "左 2.50 右 10.00 差 7.50"),
    ],
)
def test_what_is_reckoned_from_money_is_money(must: str, text: str) -> None:
    project: dict[str, Typed] = {"projects[0].name": "甲", "projects[0].year": 7}
    form = form_with(must)
    assert said(form, {**project, "used": 5, "total": 10, "share": "40%", "people": 1})[0][2] == text


def test_of_alternatives_one_is_enough_and_the_nearest_decides_how_grave_it_is() -> None:
    form = form_with("OR(SUM(parts) = total, SUM(parts) = used)")
    assert graded(form, a=10, b=20, total=99, used=30) == []
    assert graded(form, a=10, b=20, total=99, used=30.004) == []
    assert graded(form, a=10, b=20, total=99, used=30.01) == [WARNING]
    assert graded(form, a=10, b=20, total=99, used=98) == [ERROR]
    assert graded(form, a=10, b=20, total=30) == []
    typed: dict[str, Typed] = {"parts.a": 10, "parts.b": 20, "total": 99, "used": 30.01}
    assert message(form, **typed) == "左 30.00 右 99.00 差 69.00"


def test_an_alternative_is_explained_by_rounding_or_not_whatever_the_others_are() -> None:
    counted = form_with("OR(COUNT(projects.year) > 0, SUM(parts) = total)")
    assert graded(counted, a=10, b=20, total=30.5) == [ERROR]
    assert graded(counted, a=10, b=20, total=30.01) == [WARNING]
    more = form_with("OR(kind = '无', SUM(parts) > total)")
    assert graded(more, kind="有", a=0, b=0, total=0) == [ERROR]
    least = form_with("OR(kind = '无', SUM(parts) >= total)")
    assert graded(least, kind="有", a=10, b=20, total=30.01) == [WARNING]


def test_of_parts_the_gravest_counts() -> None:
    form = form_with("AND(SUM(parts) = total, used <= total)")
    assert graded(form, a=10, b=20, total=30, used=30) == []
    assert graded(form, a=10, b=20, total=30.01, used=3) == [WARNING]
    typed: dict[str, Typed] = {"parts.a": 10, "parts.b": 20, "total": 30.01, "used": 31}
    assert message(form, **typed) == "左 31.00 右 30.01 差 0.99"


def test_of_an_if_the_branch_taken_counts() -> None:
    form = form_with("IF(people > 0, used = total, used <= total)")
    assert message(form, people=1, used=5, total=6) == "左 5.00 右 6.00 差 1.00"
    assert graded(form, people=0, used=5, total=6) == []


@pytest.mark.parametrize("must", ["kind = '人员类'", "NOT(people > 1)", "ISBLANK(used)", "people <> 2"])
def test_a_rule_that_compares_no_numbers_is_broken_or_not(must: str) -> None:
    form = form_with(must, "at: total, say: 不符")
    (rule,) = form.rules
    assert said(form, {"kind": "公用类", "people": 2, "used": 1}) == [(ERROR, cell_of(form, "total"), "不符")]
    assert rule.must is not None
    assert judge(rule.must, form, case_of(form, {"people": 1, "kind": "人员类"}).record) is None


def test_a_rule_of_rows_is_about_each_row_and_marks_its_cell() -> None:
    form = form_with("year <= total", "each: projects, at: year, say: '多 {gap}'", "M05")
    rows: dict[str, Typed] = {}
    figures: list[tuple[Typed, Typed]] = [(10, 5), (10, 11), (None, 11), (10, "十一万")]
    for index, (total, year) in enumerate(figures):
        rows |= {f"projects[{index}].name": "甲", f"projects[{index}].total": total, f"projects[{index}].year": year}
    (found,) = findings(case_of(form, rows), form.rules[0], CATALOG[form.rules[0].code])
    assert (found.path, found.cell) == ("projects[1].year", cell_of(form, "projects[1].year"))
    assert (found.value, found.expected, found.message) == (Decimal(11), Decimal(10), "多 1.00")
    assert found.related == (f"表!{cell_of(form, 'projects[1].total')}",)


def test_the_form_may_lower_the_severity_but_rounding_never_becomes_an_error() -> None:
    lower = form_with("SUM(parts) = total", "at: total, say: '差 {gap}', severity: warning")
    assert graded(lower, a=10, b=20, total=99) == [WARNING]
    forced = form_with("SUM(parts) = total", "at: total, say: '差 {gap}', severity: error", "M03")
    assert graded(forced, a=10, b=20, total=30.01) == [WARNING]
    assert graded(forced, a=10, b=20, total=99) == [ERROR]


def test_a_rule_at_a_group_marks_the_label_of_the_group() -> None:
    form = form_with("SUM(parts) = total", "at: parts, say: '差 {gap}'")
    case = case_of(form, {"parts.a": 1, "total": 2})
    (found,) = findings(case, form.rules[0], CATALOG[form.rules[0].code])
    assert found.cell == case.reading.places["parts"]
    assert found.label == "各项"


def test_absurd_figures_do_no_harm() -> None:
    huge = Decimal("1E+200")
    assert graded(SUM, a=huge, b=1, total=2) == [ERROR]
    assert graded(form_with("share = used / total"), used=huge, total=0, share=1) == []


def test_a_breach_without_figures_has_no_gap() -> None:
    assert Breach().gap is None
    assert Breach(Measure.MONEY, Decimal(1), Decimal(3)).gap == 2


def test_the_sides_of_a_strict_comparison_are_exact_but_for_money() -> None:
    plain = form_with("people < 2.005", "at: total, say: '{left} 不小于 {right}'")
    amounts = form_with("used < total", "at: total, say: '{left} 不小于 {right}'")
    for form, typed, left, right in (
        (plain, {"people": Decimal("2.016")}, "2.016", "2.005"),
        (amounts, {"used": Decimal("5.005"), "total": Decimal("5.001")}, "5.01", "5.00"),
    ):
        (rule,) = form.rules
        assert rule.must is not None
        breach = judge(rule.must, form, case_of(form, typed).record)
        assert breach is not None
        assert (breach.left, breach.right) == (Decimal(left), Decimal(right))
