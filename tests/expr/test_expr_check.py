from __future__ import annotations

import re

import pytest
from expr_sample import expression

from perfxl.expr.check import SIGNATURES, sort_of
from perfxl.model.expression import ExpressionError, Function
from perfxl.model.field_type import Sort


@pytest.mark.parametrize(
    ("source", "sort"),
    [
        ("year + 1", Sort.NUMBER),
        ("year > 1", Sort.TRUTH),
        ("TRUE", Sort.TRUTH),
        ("'x'", Sort.TEXT),
        ("start", Sort.DATE),
        ("IF(year > 1, BLANK, unit_name)", Sort.TEXT),
        ("IF(year > 1, 1, BLANK)", Sort.NUMBER),
        ("COUNTA(projects)", Sort.NUMBER),
        ("SAID(indicators.name, year)", Sort.NUMBER),
        ("ISBLANK(start)", Sort.TRUTH),
        ("start + 30", Sort.DATE),
        ("30 + start", Sort.DATE),
        ("start - 30", Sort.DATE),
        ("end - start", Sort.NUMBER),
        ("MIN(start, end)", Sort.DATE),
        ("MAX(start, DATE(2024, 2, 29))", Sort.DATE),
        ("year & '-' & unit_name", Sort.TEXT),
        ("COUNTIF(indicators.score, '>= 60')", Sort.NUMBER),
        ("SUMPRODUCT(indicators.weight, indicators.score) / SUM(indicators.weight)", Sort.NUMBER),
        ("AVERAGE(indicators.weight)", Sort.NUMBER),
    ],
)
def test_every_expression_has_a_sort(source: str, sort: Sort) -> None:
    assert sort_of(expression(source)) is sort


@pytest.mark.parametrize(
    ("source", "at"),
    [
        ("SAMEROWS(name, projects.category)", "projects"),
        ("SAMEROWS(name, year)", "year"),
        ("SAMEROWS(year, name)", "year"),
        ("SAMEROWS(name, target, 'x')", "'x'"),
    ],
)
def test_rows_are_alike_in_columns_of_one_table(source: str, at: str) -> None:
    assert sort_of(expression("SAMEROWS(name, target)", "indicators[]")) is Sort.NUMBER
    with pytest.raises(ExpressionError) as caught:
        expression(source, "indicators[]")
    assert caught.value.column == source.index(at) + 1


@pytest.mark.parametrize(
    ("source", "column", "says"),
    [
        ("year + unit_name", 8, "要数或日期，不能是文字"),
        ("year * start", 8, "要数，不能是日期"),
        ("-unit_name", 2, "要数"),
        ("year = '2024'", 8, "数不能和文字比较"),
        ("unit_name < 'x'", 13, "不分大小"),
        ("(year > 1) < (year > 2)", 15, "不分大小"),
        ("start > year", 9, "日期不能和数比较"),
        ("start + end", 9, "不能相加"),
        ("year - end", 8, "数不能减去日期"),
        ("start > '2024-12-31'", 9, "DATE(2024, 12, 31)"),
        ("start & 'x'", 1, "用 YEAR、MONTH、DAY"),
        ("'x' & (year > 1)", 8, "要数或文字"),
        ("MIN(start, year)", 12, "放在一起比大小"),
        ("MAX(start + 1, end - start)", 16, "放在一起比大小"),
        ("LEFT(year, 2)", 6, "要文字，不能是数"),
        ("LEFT(unit_name, 0)", 17, "1 到 255"),
        ("MID(unit_name, year, 2)", 16, "1 到 255"),
        ("LEN(year)", 5, "要文字"),
        ("DATE(24, 1, 1)", 6, "四位数"),
        ("DATE(year, year, 1)", 12, "写成整数"),
        ("DATE(year, 13, 1)", 12, "写成整数"),
        ("DATE(2024, 4, 31)", 15, "没有这一天"),
        ("DATE(year, 2, 29)", 15, "没有这一天"),
        ("YEAR(year)", 6, "要日期"),
        ("DECIMALS(unit_name)", 10, "要数"),
        ("AVERAGE(year + 1)", 9, "只能写栏目名"),
        ("SUMPRODUCT(indicators.weight)", 1, "SUMPRODUCT(栏目"),
        ("SUMPRODUCT(indicators.weight, projects.year_budget)", 31, "同一张表"),
        ("SUMPRODUCT(indicators.weight, year)", 31, "一整列"),
        ("SUMPRODUCT(indicators.weight, indicators.name)", 31, "要是数"),
        ("COUNTIF(unit_name, 'x')", 9, "一整列或一组"),
        ("COUNTIF(indicators.weight, 3)", 28, "'>=60'"),
        ("COUNTIF(indicators.weight, '优')", 28, "'>=60'"),
        ("COUNTIF(indicators.name, year)", 26, "要文字"),
        ("COUNTIF(projects, 'x')", 9, "全是文字"),
        ("year and year > 1", 1, "要是否成立的条件"),
        ("NOT(year)", 5, "要是否成立的条件"),
        ("IF(year, 1, 2)", 4, "要是否成立的条件"),
        ("IF(year > 1, 1, 'x')", 17, "同类"),
        ("IF(year > 1, BLANK, BLANK)", 21, "不能都是 BLANK"),
        ("ROUND(year, year)", 13, "整数"),
        ("ROUND(year, 1.5)", 13, "整数"),
        ("ROUND(year, 12)", 13, "整数"),
        ("ROUND(year, -2)", 13, "整数"),
        ("ROUND(year)", 1, "ROUND(数, 小数位数)"),
        ("IF(year > 1, 2)", 1, "IF(条件, "),
        ("SUM()", 1, "SUM(栏目"),
        ("ISBLANK(year, year)", 1, "ISBLANK(栏目)"),
        ("indicators.weight", 1, "只能是一格"),
        ("indicators.weight > 3", 1, "只能是一格"),
        ("1 + funds.by_income", 5, "只能是一格"),
        ("ISBLANK(projects)", 9, "只能是一格"),
        ("SUM(indicators)", 5, "其中有文字"),
        ("SUM(unit_name)", 5, "要数"),
        ("COUNT(indicators.name)", 7, "COUNTA"),
        ("COUNT(year + 1)", 7, "只能写栏目名"),
        ("BLANK", 1, "IF 的结果"),
        ("year + BLANK", 8, "IF 的结果"),
        ("BLANK + year", 1, "IF 的结果"),
        ("year > BLANK", 8, "IF 的结果"),
        ("BLANK > year", 1, "IF 的结果"),
        ("unit_name * 2", 1, "要数，不能是文字"),
        ("IF(year > 1, 'x', BLANK) < 'x'", 28, "不分大小"),
        ("ROUND(year, 12.0)", 13, "整数"),
        ("SUMIF(projects.category, unit_name)", 1, "SUMIF(类别栏"),
        ("SUMIF(projects.year_budget, 'x', projects.year_budget)", 7, "要是文字"),
        ("SUMIF(projects.category, 1, projects.year_budget)", 26, "要文字"),
        ("SUMIF(projects.category, 'x', projects.category)", 31, "要是数"),
        ("SUMIF(projects.category, 'x', indicators.weight)", 31, "同一张表"),
        ("SUMIF(unit_name, 'x', projects.year_budget)", 7, "一整列"),
        ("SUMIF(projects, 'x', projects.year_budget)", 7, "一整列"),
        ("SUMIF(projects.category, 'x', funds.by_income)", 31, "一整列"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_place(source: str, column: int, says: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        expression(source)
    assert says in caught.value.message
    assert caught.value.column == column


@pytest.mark.parametrize("places", range(10))
def test_a_number_is_rounded_to_no_place_up_to_nine(places: int) -> None:
    assert expression(f"ROUND(year, {places})")
    with pytest.raises(ExpressionError, match="0 到 9 的整数"):
        expression(f"ROUND(year, {places + 10})")


@pytest.mark.parametrize(
    ("least", "most", "call"),
    [
        (1, 255, "LEFT(unit_name, {}) = 'x'"),
        (1, 255, "RIGHT(unit_name, {}) = 'x'"),
        (1, 255, "MID(unit_name, {}, 2) = 'x'"),
        (1, 255, "MID(unit_name, 2, {}) = 'x'"),
        (1, 12, "DATE(year, {}, 1) > start"),
        (1, 31, "DATE(year, 1, {}) > start"),
        (1, 30, "DATE(year, 4, {}) > start"),
        (1, 28, "DATE(year, 2, {}) > start"),
        (1, 29, "DATE(2024, 2, {}) > start"),
        (1, 28, "DATE(2023, 2, {}) > start"),
        (1901, 9999, "DATE({}, 1, 1) > start"),
    ],
)
def test_numbers_that_must_be_written_lie_between_two_others(least: int, most: int, call: str) -> None:
    assert expression(call.format(least))
    assert expression(call.format(most))
    for wrong in (least - 1, most + 1):
        with pytest.raises(ExpressionError):
            expression(call.format(wrong))


@pytest.mark.parametrize("function", SIGNATURES)
def test_the_usage_shows_how_many_arguments_there_are(function: Function) -> None:
    signature = SIGNATURES[function]
    shown, more = signature.usage.count(",") + 1, "…" in signature.usage
    assert signature.least == shown - more
    by_rows = function in {Function.SUMPRODUCT, Function.SAMEROWS}
    assert signature.most == ((8 if by_rows else 255) if more else shown)


CELLS = ("COUNT", "COUNTA", "SAID", "AVERAGE")
SEVERAL = ("SUM", "MIN", "MAX", *CELLS)


@pytest.mark.parametrize("function", SEVERAL)
def test_functions_of_several_cells_take_columns(function: str) -> None:
    assert expression(f"{function}(indicators.weight) > 1")
    assert expression(f"{function}(indicators.weight, year) > 1")


@pytest.mark.parametrize("function", CELLS)
def test_functions_of_cells_take_nothing_that_is_worked_out(function: str) -> None:
    with pytest.raises(ExpressionError, match="只能写栏目名"):
        expression(f"{function}(year + 1) > 1")


@pytest.mark.parametrize(
    ("function", "more"),
    [("ABS", ""), ("ROUND", ", 2"), ("DECIMALS", ""), ("ISBLANK", ""), ("NOT", ""), ("LEN", ""), ("YEAR", "")],
)
def test_other_functions_take_one_cell(function: str, more: str) -> None:
    with pytest.raises(ExpressionError, match="只能是一格"):
        expression(f"{function}(indicators.weight{more})")


@pytest.mark.parametrize("function", SIGNATURES)
def test_a_function_takes_as_many_arguments_as_it_says(function: Function) -> None:
    signature = SIGNATURES[function]
    for count in {max(signature.least - 1, 0), signature.most + 1} - {signature.least}:
        with pytest.raises(ExpressionError, match=re.escape(signature.usage)):
            expression(f"{function}({', '.join(['year'] * count)})")


@pytest.mark.parametrize("source", ["urgent", "urgent = urgent", "IF(ISBLANK(urgent), 1, urgent)", "NOT(urgent)"])
def test_a_tick_can_only_be_asked_for(source: str) -> None:
    with pytest.raises(ExpressionError, match="打勾的格只能用 ISBLANK"):
        expression(source, "projects[]")


@pytest.mark.parametrize(
    "source", ["ISBLANK(urgent)", "COUNTA(urgent, year_budget) = 1", "COUNTA(projects.urgent) > 0"]
)
def test_asking_for_a_tick_is_fine(source: str) -> None:
    assert expression(source, "projects[]")


@pytest.mark.parametrize(
    "source",
    [
        "SUMIF(goals.indicators.weight, 'x', goals.indicators.score)",
        "SUMIF(indicators.name, 'x', goals.indicators.score)",
    ],
)
def test_columns_of_one_table_but_not_of_all_goals_and_one_goal(source: str) -> None:
    with pytest.raises(ExpressionError):
        expression(source, "goals[]")
