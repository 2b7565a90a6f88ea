"""What is known about the five filled forms comes out: the sums that tie, and what is odd about them (FORMS.md)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from test_returns_data import datas, expected, returned

from perfxl.model.finding import Finding, Severity


def findings(name: str, code: str, sheet: str = "") -> list[Finding]:
    return [f for f in returned(f"{name}.xlsx").findings if f.code == code and sheet in {"", f.sheet}]


def cells(name: str, code: str, sheet: str = "") -> list[str | None]:
    return [f.cell for f in findings(name, code, sheet)]


def data(name: str, number: int = 0) -> Any:
    return expected(name)["forms"][number]["data"]


def exact(amount: object) -> Decimal:
    return Decimal(str(amount))


# -- Hubei ----------------------------------------------------------------------------------------------------------------


def test_hubei_has_no_error() -> None:
    assert not [f for f in returned("hubei.xlsx").findings if f.severity is Severity.ERROR]


@pytest.mark.parametrize(
    ("column", "sum_of_year"), [("amount", "182142.95"), ("prev2", "158435.79"), ("prev1", "164264.39")]
)
def test_hubei_every_sum_ties_in_three_years(column: str, sum_of_year: str) -> None:
    for side in data("hubei")["funds"].values():
        parts = [exact(row[column]) for name, row in side.items() if name != "total"]
        assert sum(parts) == exact(side["total"][column]) == Decimal(sum_of_year)


def test_hubei_its_projects_make_up_the_special_ones() -> None:
    projects = data("hubei")["projects"]
    assert sum(exact(project["year_budget"]) for project in projects) == Decimal("65509.78")


def test_hubei_a_long_term_until_a_year_that_is_over() -> None:
    (found,) = findings("hubei", "S11")
    assert (found.cell, found.path, found.value) == ("D26", "overall.until", 2023)


def test_hubei_bare_numbers() -> None:
    """5 · 4 · 3: of the three only this year's is a target."""
    assert "L58" in cells("hubei", "V11")
    assert "L58" in cells("hubei", "V12")


def test_hubei_past_years_with_operators_or_of_another_kind() -> None:
    assert cells("hubei", "V18") == ["I69", "I79", "K79"]


def test_hubei_moved_by_more_than_a_third() -> None:
    """财政专户管理资金 and 单位资金, of the six rows."""
    assert cells("hubei", "M11") == ["I11", "I12"]


def test_hubei_its_blocks_are_its_goals_in_another_order() -> None:
    assert not findings("hubei", "G02")


# -- Qinghai --------------------------------------------------------------------------------------------------------------


def test_qinghai_lacks_one_value() -> None:
    (found,) = findings("qinghai", "G04")
    assert (found.cell, found.path) == ("H41", "core_functions[3].indicators[6].target")


def test_qinghai_repeats_rows() -> None:
    warned = [f.cell for f in findings("qinghai", "G05") if f.severity is Severity.WARNING]
    assert warned == ["E26", "E39", "E52"]
    assert len(findings("qinghai", "G05")) > len(warned)


def test_qinghai_units_that_do_not_fit() -> None:
    assert "H22" in cells("qinghai", "V12")  # 次数 ≥30人次


# -- Henan ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("column", ["budget_total", "budget_fiscal"])
def test_henan_all_of_its_tasks_on_all_pages(column: str) -> None:
    (form,) = datas(returned("henan.xlsx"))
    assert len(form["tasks"]) == 55
    assert sum(exact(task[column]) for task in form["tasks"]) == Decimal("196247.82")


def test_henan_blank_values() -> None:
    """Eight, of which the four open rows need none; two are dashes."""
    (form,) = datas(returned("henan.xlsx"))
    blank = [row["name"] for row in form["indicators"] if row["target"] is None]
    dashes = [row["name"] for row in form["indicators"] if row["target"] and row["target"]["kind"] == "none"]
    assert len(form["indicators"]) == 48
    assert len(blank) == 8
    assert dashes == ["“三公经费”变动率", "厉行节约支出变动率"]
    assert len(findings("henan", "G04")) == 4
    assert {f.severity for f in findings("henan", "G04")} == {Severity.WARNING}


# -- Jilin ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("project", ["综合管理", "学生资助", "基础教育"])
def test_jilin_a_budget_that_moved_to_where_the_money_went(project: str) -> None:
    assert [f.severity for f in findings("jilin", "M08", project)] == [Severity.WARNING]
    assert not [f for f in returned("jilin.xlsx").findings if f.sheet == project and f.severity is Severity.ERROR]


def test_jilin_nothing_spent_and_all_reached() -> None:
    assert cells("jilin", "C06", "职业教育") == ["G9"]
    assert [f.severity for f in findings("jilin", "M07", "职业教育")] == [Severity.WARNING]
    assert not findings("jilin", "M08", "职业教育")


def test_jilin_four_projects_of_one_unit_are_four_forms() -> None:
    names = {form["project_name"] for form in datas(returned("jilin.xlsx"))[1:]}
    assert len(names) == 4
    assert not findings("jilin", "F08")


# -- Hunan ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["M06", "M08", "C05", "V16"])
def test_hunan_to_be_looked_at_by_a_person(code: str) -> None:
    assert [f.severity for f in findings("hunan", code, "2023年自评")] == [Severity.WARNING]


def test_hunan_no_error_of_money_or_points() -> None:
    of_table = [f for f in returned("hunan.xlsx").findings if f.sheet == "2023年自评"]
    assert not [f.code for f in of_table if f.severity is Severity.ERROR and f.code[0] in "MP"]


def test_hunan_a_rate_may_be_above_one_hundred() -> None:
    assert not findings("hunan", "V14")


def test_hunan_the_report_does_not_add_up() -> None:
    """基本支出 1051.47 and 项目支出 5506.86 are 6558.33, not 6558.50."""
    assert [(f.cell, f.severity) for f in findings("hunan", "M01", "报告数据")] == [("E11", Severity.ERROR)]


def test_hunan_the_report_has_another_figure_than_the_table() -> None:
    """基本支出 1051.47 where the table of the same workbook has 1051.64."""
    assert [(f.cell, f.path, f.severity) for f in findings("hunan", "X04")] == [
        ("E14", "spending.basic.amount", Severity.ERROR)
    ]


def test_hunan_a_list_of_contacts_is_no_form() -> None:
    assert [f.sheet for f in findings("hunan", "F07")] == ["联系人"]
