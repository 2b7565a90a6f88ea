"""An expression as a function gives what walking its tree gives: results, blanks, errors, the cells that are read."""

from __future__ import annotations

import copy
import pickle
from decimal import Decimal
from random import Random

import pytest
from expr_sample import ROWS, TYPES, Writer, expression, random_values, record
from hypothesis import given, settings
from hypothesis import strategies as st
from walked import reads, walked

from perfxl.expr.arithmetic import binary, settled
from perfxl.expr.compile import compiled
from perfxl.expr.evaluate import concrete, evaluate
from perfxl.expr.settle import settled_apart
from perfxl.model.expression import Call, Constant, Expr, ExpressionError, FieldRef, Function, Operator, Range
from perfxl.model.field_type import Sort
from perfxl.model.record import Record
from perfxl.model.value import Kind, Value, WordValue
from support.effort import examples

NUMBERS = st.one_of(
    st.decimals(),
    st.decimals(-1000, 1000, places=7),
    st.builds(Decimal.scaleb, st.integers(-(10**42), 10**42).map(Decimal), st.integers(-60, 280)),
)
NUDGES = ["0", "0.0000005", "-0.0000005", "0.00000049", "1E-20"]
VALUES: st.SearchStrategy[Value] = st.one_of(
    NUMBERS, st.text(max_size=3), st.booleans(), st.dates(), st.just(WordValue("", Kind.NONE))
)


@st.composite
def records(draw: st.DrawFn) -> Record:
    """Draw a record of values that are mostly what they should be, in tables of any length."""
    values = random_values(Random(draw(st.integers(0, 2**32))))
    values |= draw(st.dictionaries(st.sampled_from([path for path in TYPES if "[]" not in path]), VALUES))
    sizes = {table: draw(st.integers(0, 4)) for table in ("projects", "indicators", "goals", "goals[0].indicators")}
    return Record(values, {**record().sizes, **sizes})


def outcome(work: object) -> tuple[object, ...]:
    """Return a result with its kind and its digits, or the kind of error."""
    try:
        found = work() if callable(work) else work
    except ValueError as error:
        return (type(error), str(error))
    return (type(found), str(found))


@settings(max_examples=examples(400))
@given(random=st.randoms(use_true_random=False), row=st.sampled_from(ROWS), held=records(), lost=st.booleans())
def test_a_compiled_expression_gives_what_its_tree_gives(random: Random, row: str, held: Record, *, lost: bool) -> None:
    writer = Writer(random, row)
    try:
        expr = expression(writer.any(4), row)
    except ExpressionError:
        return
    at = "" if lost else writer.at()
    for _ in range(2):  # once to compile it, once as it is kept
        assert outcome(lambda: evaluate(expr, held, at)) == outcome(lambda: walked(expr, held, at))
        assert outcome(lambda: concrete(expr, held, at)) == outcome(lambda: reads(expr, held, at))
    if not lost and row.count("[]") == 1:
        settled_once = settled_apart(expr, held)
        assert outcome(lambda: evaluate(settled_once, held, at)) == outcome(lambda: walked(settled_once, held, at))


@settings(max_examples=examples(400))
@given(number=NUMBERS, other=NUMBERS, nudge=st.sampled_from(NUDGES), near=st.booleans())
def test_comparisons_and_results_are_as_they_are_defined(
    number: Decimal, other: Decimal, nudge: str, *, near: bool
) -> None:
    right = number + Decimal(nudge) if near and number.is_finite() else other
    values = record({"year": number, "funds.special": right})
    for operator in (one for one in Operator if one is not Operator.JOIN):
        source = f"year {operator} funds.special"
        assert outcome(lambda text=source: evaluate(expression(text), values)) == outcome(
            lambda text=source: walked(expression(text), values)
        )


def test_what_is_compiled_is_kept_with_its_node_and_no_part_of_it() -> None:
    expr = expression("SUM(funds.by_income) = funds.total.budget")
    fresh = expression("SUM(funds.by_income) = funds.total.budget")
    assert compiled(expr) is compiled(expr)
    assert expr == fresh
    assert hash(expr) == hash(fresh)
    for made in (copy.deepcopy(expr), pickle.loads(pickle.dumps(expr))):  # noqa: S301 - as workers send it
        assert made == expr
        assert evaluate(made, record()) is None


def test_equal_nodes_of_another_kind_are_not_taken_for_each_other() -> None:
    one, true = Constant(Decimal(1)), Constant(value=True)
    assert one == true
    assert outcome(lambda: evaluate(one, record())) == (Decimal, "1")
    assert outcome(lambda: evaluate(true, record())) == (bool, "True")


@pytest.mark.parametrize(
    "expr",
    [
        Range((FieldRef("year", Sort.NUMBER),)),
        Call(Function.SUMIF, (Constant("a"), Constant("a"), Constant("a"))),
        Call(Function.ROUND, (Constant(Decimal(1)), FieldRef("year", Sort.NUMBER))),
    ],
)
def test_what_the_parser_lets_through_never_is_no_expression(expr: Expr) -> None:
    with pytest.raises(TypeError):
        evaluate(expr, record())


def test_results_are_written_out() -> None:
    assert str(settled(Decimal("1E+20"))) == "100000000000000000000"
    assert str(settled(Decimal("-0.00"))) == "0"
    assert binary(Operator.ADD, None, Decimal(1)) is None
