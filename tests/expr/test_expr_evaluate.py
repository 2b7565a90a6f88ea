from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from random import Random

import pytest
from expr_sample import ROWS, TYPES, Writer, expression, random_values, record
from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.expr.evaluate import concrete, evaluate, references, summands
from perfxl.model.expression import ExpressionError
from perfxl.model.record import Record
from perfxl.model.value import Kind, NumberValue, Value, WordValue
from support.effort import examples

D = Decimal


def result(source: str, values: Mapping[str, Value] | None = None, row: str = "", at: str = "") -> object:
    return evaluate(expression(source, row), record(values), at)


HUNAN: dict[str, Value] = {
    "funds.total.budget": D("6558.50"),
    "funds.total.executed": D("6558.50"),
    "funds.by_income.general": D("6463.09"),
    "funds.by_income.gov_fund": D(0),
    "funds.by_income.other": D("95.42"),
}


def test_the_sum_of_the_hunan_seed_is_a_cent_off() -> None:
    assert result("SUM(funds.by_income) = funds.total.budget", HUNAN) is False
    assert result("SUM(funds.by_income) - funds.total.budget", HUNAN) == D("0.01")
    assert result("SUM(funds.by_income) - funds.total.budget = 0.01", HUNAN) is True


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("1 + 2 * 3 - 4", D(3)),
        ("0.1 + 0.2", D("0.3")),
        ("-(2 - 5)", D(3)),
        ("ABS(2 - 5)", D(3)),
        ("ROUND(2.675, 2)", D("2.68")),
        ("ROUND(-2.5, 0)", D(-3)),
        ("ROUND(1 / 3, 4)", D("0.3333")),
        ("1 / 3 * 3 = 1", True),
        ("1 / 0", None),
        ("0 / 0", None),
        ("1 / 0 = 1", None),
        ("3 > 2", True),
        ("3 < 2", False),
        ("3 >= 3", True),
        ("3 <= 2", False),
        ("3 <> 3", False),
        ("0.0000001 = 0", True),
        ("0.000001 = 0", False),
        ("'ABC' = 'abc'", True),
        ("'甲' <> '乙'", True),
        ("(1 < 2) = (2 < 1)", False),
        ("AND(1 < 2, 2 < 3)", True),
        ("OR(2 < 1, 3 < 2)", False),
        ("NOT(1 < 2)", False),
        ("IF(1 < 2, '优', '差')", "优"),
        ("IF(2 < 1, 1, BLANK)", None),
        ("ISBLANK(1 / 0)", True),
        ("MIN(3, 1, 2)", D(1)),
        ("MAX(3, 1, 2)", D(3)),
        ("-0", D(0)),
        ("1 / 3", D("0.333333333333333")),
        ("1 / 3 * 3", D(1)),
        ("ROUND(1 / 3 * 4.5, 0)", D(2)),
        ("ROUND(10, 2)", D(10)),
        ("'ab' & 1 & 2.50", "ab12.5"),
        ("1 + 2 & 'x' = '3X'", True),
        ("LEFT('特定目标类', 2)", "特定"),
        ("RIGHT('ab', 3)", "ab"),
        ("MID('abcd', 2, 2)", "bc"),
        ("MID('abcd', 5, 2)", None),
        ("UPPER('ab1ß')", "AB1ß"),
        ("TRIM('  a   b ')", "a b"),
        ("TRIM('  ')", None),
        ("LEN('特定目标')", D(4)),
        ("DECIMALS(1)", D(0)),
        ("DECIMALS(10.05)", D(2)),
        ("DECIMALS(0.1234564)", D(6)),
        ("DECIMALS(0.1 + 0.2)", D(1)),
        ("DATE(2024, 12, 31) - DATE(2024, 1, 1)", D(365)),
        ("DATE(2024, 2, 28) + 2 = DATE(2024, 3, 1)", True),
        ("YEAR(DATE(2024, 12, 31) + 1)", D(2025)),
        ("MONTH(DATE(2024, 12, 31))", D(12)),
        ("DAY(DATE(2024, 12, 31))", D(31)),
        ("YEAR(DATE(2024, 12, 31) - 100000)", None),
        ("MIN(DATE(2024, 5, 1), DATE(2024, 4, 30)) = DATE(2024, 4, 30)", True),
    ],
)
def test_operators_and_functions(source: str, wanted: object) -> None:
    found = result(source)
    assert found == wanted
    assert type(found) is type(wanted)
    assert str(found) == str(wanted)


@pytest.mark.parametrize(
    "source",
    [
        "year + 1",
        "1 - year",
        "-year",
        "year > 1",
        "year = year",
        "ROUND(year, 2)",
        "ABS(year)",
        "MIN(year, 1)",
        "MAX(funds.by_income, 1)",
        "unit_name = 'x'",
        "start < end",
        "AND(1 > 2, year > 1)",
        "OR(1 < 2, year > 1)",
        "NOT(year > 1)",
        "IF(year > 1, 1, 2)",
        "SUM(year, funds.by_income)",
        "MIN(funds.by_income)",
        "SUMIF(projects.category, unit_name, projects.year_budget)",
        "COUNTIF(projects.category, unit_name)",
        "SUMPRODUCT(indicators.weight, indicators.score)",
        "AVERAGE(indicators.weight, year)",
        "'x' & unit_name",
        "year & 'x'",
        "LEFT(unit_name, 1)",
        "LEN(unit_name)",
        "TRIM(unit_name)",
        "end - DATE(2024, 1, 1)",
        "start + 1",
        "DATE(year, 1, 1)",
        "YEAR(start)",
        "DECIMALS(year)",
    ],
)
def test_a_blank_makes_it_blank(source: str) -> None:
    assert result(source) is None


def test_blanks_that_do_not_make_it_blank() -> None:
    assert result("SUM(year, funds.special)", {"year": D(3)}) == 3
    assert result("SUM(0, funds.special)") == 0
    assert result("MIN(funds.by_income)", {"funds.by_income.other": D(3)}) == 3
    assert result("COUNT(funds.by_income)") == 0
    assert result("COUNTA(projects)") == 0
    assert result("SAID(indicators.name, year)") == 0
    assert result("IF(ISBLANK(year), 1, year)") == 1
    assert result("IF(1 < 2, 1, year)") == 1


def test_columns_take_all_rows_and_rows_take_their_own() -> None:
    values: dict[str, Value] = {
        "indicators[0].weight": D(10),
        "indicators[2].weight": D(5),
        "indicators[2].score": D(6),
    }
    assert result("SUM(indicators.weight)", values) == 15
    assert result("COUNT(indicators.weight)", values) == 2
    assert result("score <= weight", values, "indicators[]", "indicators[2]") is False
    assert result("score <= weight", values, "indicators[]", "indicators[0]") is None
    assert result("weight / SUM(indicators.weight) * 3", values, "indicators[]", "indicators[2]") == 1


def test_one_goal_or_all_goals() -> None:
    values: dict[str, Value] = {"goals[0].indicators[0].weight": D(1), "goals[1].indicators[2].weight": D(2)}
    assert result("SUM(indicators.weight)", values, "goals[]", "goals[1]") == 2
    assert result("SUM(goals.indicators.weight)", values, "goals[]", "goals[1]") == 3
    assert result("weight", values, "goals[].indicators[]", "goals[1].indicators[2]") == 2
    assert result("COUNT(indicators.weight) > 0", values, "goals[]", "goals[0]") is True


def test_a_row_expression_without_its_row_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a row"):
        result("weight > 1", row="indicators[]")


def test_a_total_by_key() -> None:
    source = "SUMIF(projects.category, '特定目标', projects.year_budget)"
    values: dict[str, Value] = {
        "projects[0].category": "特定目标",
        "projects[0].year_budget": D(3),
        "projects[1].category": "人员类",
        "projects[1].year_budget": D(4),
        "projects[2].category": "特定目标",
    }
    assert result(source, values) == 3
    assert result(source.replace("特定目标", "运转类"), values) is None
    assert result(source, {"projects[2].category": "特定目标"}) is None
    assert result(f"SUM(0, {source})", {"projects[2].category": "特定目标"}) == 0


def test_texts_dates_and_ticks_of_the_record() -> None:
    target = NumberValue("≥95%", value=D(95))
    assert result("target = '≥95%'", {"indicators[0].target": target}, "indicators[]", "indicators[0]") is True
    assert result("start < end", {"start": dt.date(2024, 1, 1), "end": dt.date(2024, 1, 2)}) is True
    assert result("start", {"start": dt.date(2024, 1, 16)}) == 45307
    assert result("COUNTA(projects)", {"projects[0].urgent": True, "projects[1].category": "人员类"}) == 2


@pytest.mark.parametrize("value", ["100", True, dt.date(2024, 1, 1), D("NaN"), D("sNaN"), D("Infinity"), D("1E+400")])
def test_what_is_no_number_in_a_number_field_is_a_blank(value: Value) -> None:
    assert result("ISBLANK(year)", {"year": value}) is True
    assert result("year + 1 > 2", {"year": value}) is None


def test_numbers_beyond_excels_are_blank_and_long_ones_are_held() -> None:
    assert result("year * year", {"year": D("1E+200")}) is None
    assert result("ROUND(year, 2)", {"year": D("1E+100")}) == D("1E+100")
    assert result("year - 1 > year - 2", {"year": D(10) ** 30}) is True


def test_references_and_concrete_paths() -> None:
    expr = expression(
        "IF(score > weight, SUM(funds.by_income), weight / indicators.weight)".replace(" / ind", " + SUM(ind") + ")",
        "indicators[]",
    )
    assert references(expr) == (
        "indicators[].score",
        "indicators[].weight",
        "funds.by_income.general",
        "funds.by_income.gov_fund",
        "funds.by_income.other",
    )
    assert concrete(expression("SUM(indicators.weight) > weight", "indicators[]"), record(), "indicators[1]") == (
        "indicators[0].weight",
        "indicators[1].weight",
        "indicators[2].weight",
    )
    assert concrete(expression("SUM(indicators.weight) > 1"), Record()) == ()


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("SUM(funds.by_income) = funds.total.budget", 3),
        ("funds.total.budget = funds.total.executed", 0),
        ("funds.total.budget + funds.total.executed = funds.special", 2),
        ("ROUND(SUM(funds.by_income, 5), 2) = 1", 3),
        ("-SUM(funds.by_income) - funds.special = 1", 3),
        ("funds.total.budget * 2 = 1", 0),
        ("MAX(funds.by_income) = 1", 0),
        ("IF(funds.total.budget > 0, SUM(funds.by_income), funds.total.budget + year) = 1", 3),
        ("IF(funds.special > 0, SUM(funds.by_income), 0) = 1", 0),
        ("COUNT(funds.by_income) = 3", 0),
    ],
)
def test_printed_figures_that_enter_sums(source: str, count: int) -> None:
    values = record(HUNAN)
    assert summands(expression(source), values) == count


def test_summands_of_a_total_by_key() -> None:
    values = record({"projects[0].category": "甲", "projects[0].year_budget": D(1), "projects[1].category": "甲"})
    assert summands(expression("SUMIF(projects.category, '甲', projects.year_budget) = 1"), values) == 1


@st.composite
def drawn_values(draw: st.DrawFn) -> dict[str, Value]:
    values = random_values(Random(draw(st.integers(0, 2**32))))
    odd: st.SearchStrategy[Value] = st.one_of(
        st.decimals(), st.text(max_size=3), st.booleans(), st.dates(), st.just(WordValue("", Kind.NONE))
    )
    return values | draw(st.dictionaries(st.sampled_from([path for path in TYPES if "[]" not in path]), odd))


@settings(max_examples=examples(150))
@given(st.randoms(use_true_random=False), st.sampled_from(ROWS), drawn_values())
def test_evaluating_never_raises_on_what_a_record_holds(random: Random, row: str, values: dict[str, Value]) -> None:
    writer = Writer(random, row)
    try:
        expr = expression(writer.any(3), row)
    except ExpressionError:
        return
    at, held = writer.at(), record(values)
    found = evaluate(expr, held, at)
    assert found is None or isinstance(found, str | bool | Decimal)
    assert summands(expr, held, at) <= 10 * len(concrete(expr, held, at)) ** 2
    assert set(references(expr)) <= set(TYPES)


def test_cells_that_say_something() -> None:
    values: dict[str, Value] = {
        "indicators[0].name": "甲",
        "indicators[1].name": "无",
        "indicators[2].name": " — ",
        "year": D(0),
    }
    assert result("SAID(indicators.name)", values) == 1
    assert result("SAID(indicators.name, year, unit_name)", values) == 2


ROWS_FILLED: dict[str, Value] = {
    "indicators[0].weight": D(10),
    "indicators[0].score": D("0.5"),
    "indicators[1].weight": D(20),
    "indicators[2].weight": D(30),
    "indicators[2].score": D(2),
    "indicators[0].name": "培训",
    "indicators[2].name": "培训",
    "start": dt.date(2024, 1, 31),
    "year": D(2024),
}


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("SUMPRODUCT(indicators.weight, indicators.score)", D(65)),  # a row that lacks one is left out
        ("AVERAGE(indicators.weight, year)", D(521)),
        ("COUNTIF(indicators.name, '培训')", D(2)),
        ("COUNTIF(indicators.name, '其他')", D(0)),
        ("COUNTIF(indicators.weight, '>=20')", D(2)),
        ("COUNTIF(indicators.weight, '>20')", D(1)),
        ("COUNTIF(indicators.weight, '<20')", D(1)),
        ("COUNTIF(indicators.weight, '<=20')", D(2)),
        ("COUNTIF(indicators.score, '=0.5')", D(1)),
        ("COUNTIF(indicators.score, '<>0.5')", D(1)),  # a blank is no number
        ("start <= DATE(year, 12, 31)", True),
        ("YEAR(start + 30)", D(2024)),
        ("year & '-' & LEFT('ab', 1)", "2024-a"),
    ],
)
def test_functions_of_columns_and_days(source: str, wanted: object) -> None:
    assert result(source, ROWS_FILLED) == wanted


def test_rows_multiplied_are_summands() -> None:
    expr = expression("SUMPRODUCT(indicators.weight, indicators.score)")
    assert summands(expr, record(ROWS_FILLED)) == 2


def test_a_condition_is_a_text_like_any_other_in_a_column_of_texts() -> None:
    texts = record({"projects[0].category": ">=60", "projects[1].category": "70"})
    assert evaluate(expression("COUNTIF(projects.category, '>=60')"), texts, "") == 1
    numbers = record({"projects[0].year_budget": Decimal(60), "projects[1].year_budget": Decimal("59.99")})
    assert evaluate(expression("COUNTIF(projects.year_budget, '>=60')"), numbers, "") == 1
