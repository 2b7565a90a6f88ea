from __future__ import annotations

from decimal import Decimal

import pytest
from expr_sample import expression
from hypothesis import given
from hypothesis import strategies as st

from perfxl.model.expression import (
    Binary,
    Blank,
    Call,
    Constant,
    ExpressionError,
    FieldRef,
    Function,
    Negate,
    Operator,
    Range,
)
from perfxl.model.field_type import Sort

YEAR = FieldRef("year", Sort.NUMBER)
NAME = FieldRef("unit_name", Sort.TEXT)


def test_precedence_is_excels() -> None:
    assert expression("1 + 2 * -year = 3") == Binary(
        Operator.EQUAL,
        Binary(
            Operator.ADD,
            Constant(Decimal(1)),
            Binary(Operator.MULTIPLY, Constant(Decimal(2)), Negate(YEAR)),
        ),
        Constant(Decimal(3)),
    )


def test_words_are_functions() -> None:
    big, small = (Binary(operator, YEAR, Constant(Decimal(1))) for operator in (Operator.MORE, Operator.LESS))
    wanted = Call(Function.OR, (Call(Function.NOT, (big,)), Call(Function.AND, (big, small))))
    assert expression("not year > 1 or year > 1 and year < 1") == wanted
    assert expression("OR(NOT(year > 1), AND(year > 1, year < 1))") == wanted
    assert expression("or(Not(year > 1), year > 1 AND year < 1)") == wanted


def test_names_texts_numbers_and_words() -> None:
    weights = Range((FieldRef("indicators[].weight", Sort.NUMBER),))
    condition = Binary(Operator.UNEQUAL, NAME, Constant("石鼓区教育局"))
    assert expression("IF(unit_name <> '石鼓区教育局', SUM(indicators.weight, 0.10), BLANK)") == Call(
        Function.IF, (condition, Call(Function.SUM, (weights, Constant(Decimal("0.10")))), Blank())
    )
    assert expression("TRUE == false") == Binary(Operator.EQUAL, Constant(value=True), Constant(value=False))


def test_a_field_may_have_the_name_of_a_python_word() -> None:
    assert expression("from = 'x'") == Binary(Operator.EQUAL, FieldRef("from", Sort.TEXT), Constant("x"))


@pytest.mark.parametrize(
    ("source", "column", "says"),
    [
        ("funds.total.budgets > 1", 1, "是不是“funds.total.budget”"),
        ("year +", 6, "从这里起写法不对"),
        ("year + * 2", 8, "从这里起写法不对"),
        ("'特定目标' = unknown_thing", 10, "没有“unknown_thing”"),
        ("year > 1 and\n  yaer > 2", 16, "是不是“year”"),
        ("全年预算数 > 1", 1, "perfxl show"),
        ("SUMM(year)", 1, "是不是 SUM"),
        ("VLOOKUP(year)", 1, "可用：SUM"),
        ("SUM > 1", 1, "后面要有括号"),
        ("1 < year < 3", 12, "AND("),
        ("(1 + 2).year", 2, "点号"),
        ("year(1).x", 1, "点号"),
        ("year.x(1)", 1, "没有这种写法"),
        ("(year, year)", 1, "没有这种写法"),
        ("year ** 2", 1, "没有这种写法"),
        ("year // 2", 1, "没有这种写法"),
        ("SUM(*year)", 5, "没有这种写法"),
        ("...", 1, "没有这种写法"),
        ("+year", 1, "没有这种写法"),
        ("lambda", 1, "没有“lambda”"),
        ("__import__('os')", 1, "没有函数“__import__”"),
    ],
)
def test_refuses_with_the_column_and_a_remedy(source: str, column: int, says: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        expression(source)
    assert says in caught.value.message
    assert caught.value.column == column
    assert str(caught.value) == f"第 {column} 个字：{caught.value.message}"


@pytest.mark.parametrize(
    "source", ["year +", "'特定' + ", "year unit_name", "SUM(year,,year)", "f'x'", "IF year > 1", "year =", "1 <> = 2"]
)
def test_refuses_what_is_no_expression_somewhere_in_it(source: str) -> None:
    with pytest.raises(ExpressionError, match="写法不对") as caught:
        expression(source)
    assert 1 <= caught.value.column <= len(source)  # where exactly is up to the Python that runs it


@pytest.mark.parametrize(
    "source",
    [
        " + ".join(["year"] * 65),
        "-" * 3000 + "year",
        "(" * 1000 + "year" + ")" * 1000,
        "ABS(" * 64 + "year" + ")" * 64,
        ".".join(["year"] * 1600),
    ],
)
def test_refuses_what_is_nested_too_deep(source: str) -> None:
    with pytest.raises(ExpressionError):
        expression(source)


def test_64_levels_are_fine() -> None:
    assert expression(" + ".join(["year"] * 64))
    assert expression("ABS(" * 63 + "year" + ")" * 63)


@given(st.text("年yea.r() =<>+-*/,'\"1and\\#[]{}：＝\n_ABSIF", max_size=25))
def test_any_text_is_an_expression_or_refused(source: str) -> None:
    try:
        expression(source)
    except ExpressionError as error:
        assert 0 <= error.column <= len(source)  # noqa: PT017 - both ways out are right
