"""Whether an expression comes out blank by itself: told by looking at it, and as its value says."""

from __future__ import annotations

from random import Random

import pytest
from expr_sample import ROWS, Writer, expression, random_values, record
from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.expr.evaluate import evaluate
from perfxl.expr.unsettled import stays_blank
from perfxl.model.expression import ExpressionError
from perfxl.model.path import generic
from support.effort import examples


@pytest.mark.parametrize(
    ("source", "blank"),
    [
        ("year", True),
        ("unit_name", False),
        ("-year", True),
        ("year + 1", True),
        ("1 + year", True),
        ("funds.special + 1", False),
        ("year > funds.special", True),
        ("funds.special > year", True),
        ("SUM(year, funds.special)", False),
        ("SUM(year, year)", True),
        ("IF(year > 1, 1, 2)", True),
        ("IF(funds.special > 1, year, year)", True),
        ("IF(funds.special > 1, BLANK, year)", True),
        ("IF(funds.special > 1, year, 2)", False),
        ("IF(funds.special > 1, 2, year)", False),
        ("ABS(year)", True),
        ("ROUND(year, 2)", True),
        ("AND(funds.special > 1, year > 1)", True),
        ("NOT(year > 1)", True),
        ("ISBLANK(year)", False),
        ("COUNT(year)", False),
        ("12", False),
    ],
)
def test_what_is_blank_where_the_year_is(source: str, *, blank: bool) -> None:
    assert stays_blank(expression(source), lambda path: path == "year") is blank


@settings(max_examples=examples(100))
@given(
    st.randoms(use_true_random=False),
    st.sampled_from(ROWS),
    st.sets(st.sampled_from(["year", "funds.special", "start"])),
)
def test_what_stays_blank_is_blank_whatever_the_others_hold(random: Random, row: str, blank: set[str]) -> None:
    writer = Writer(random, row)
    try:
        expr = expression(writer.any(3), row)
    except ExpressionError:
        return
    values = {path: value for path, value in random_values(random).items() if generic(path) not in blank}
    if stays_blank(expr, blank.__contains__):
        assert evaluate(expr, record(values), writer.at()) is None
