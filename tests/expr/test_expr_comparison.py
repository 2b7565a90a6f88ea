"""Tolerances belong to =, <= and >=, never to < and >; and both halves of a rule have the same."""

from __future__ import annotations

from decimal import Decimal

import pytest

from perfxl.expr.comparison import has_figures, sides_of, tolerant
from perfxl.expr.evaluate import evaluate
from perfxl.expr.parse import parse
from perfxl.expr.scope import Scope
from perfxl.model.field_type import Type
from perfxl.model.record import Record

TYPES = {"share": Type.PERCENT, "amount": Type.MONEY, "count": Type.NUMBER, "kind": Type.TEXT}


def holds(text: str, **values: str) -> object:
    must = tolerant(parse(text, Scope(TYPES, "")), lambda path: TYPES[path].traits.measure)
    return evaluate(must, Record({path: Decimal(value) for path, value in values.items()}, {}))


@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        ("share = 0.5", ("0.5", "0.5001", "0.4999"), ("0.500101", "0.499899")),
        ("share <= 1", ("1", "1.0001", "0"), ("1.000101",)),
        ("share >= 1", ("1", "0.9999"), ("0.999899",)),
        ("share < 1", ("0.999999",), ("1", "1.0001")),
        ("share > 0", ("0.000001",), ("0", "-0.0001")),
        ("AND(share > 0, share <= 1)", ("0.000001", "1.0001"), ("0", "1.000101")),
        ("IF(share > 1, share < 2, share = 0)", ("1.5", "0.0001"), ("2", "0.000101")),
        ("count <= 1", ("1",), ("1.00001",)),
        ("amount <= 1", ("1",), ("1.01",)),
    ],
)
def test_what_is_let_pass(text: str, right: tuple[str, ...], wrong: tuple[str, ...]) -> None:
    field = next(path for path in TYPES if path in text)
    assert [holds(text, **{field: value}) for value in right] == [True] * len(right)
    assert [holds(text, **{field: value}) for value in wrong] == [False] * len(wrong)


def test_a_blank_leaves_a_condition_open() -> None:
    assert holds("share <= 1") is None


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("share < amount", ("share", "amount")),
        ("OR(share < 1, amount > 2)", ("share", "1")),
        ("IF(share > 1, amount = 3, count = 4)", ("amount", "3")),
        ("IF(share > 1, kind = 'a', count = 4)", ("count", "4")),
        ("OR(kind = 'a', count = 4)", None),
        ("kind = 'a'", None),
        ("NOT(share > 1)", None),
    ],
)
def test_the_sides_that_a_message_speaks_of(text: str, sides: tuple[str, str] | None) -> None:
    scope = Scope(TYPES, "")
    assert sides_of(parse(text, scope)) == (None if sides is None else tuple(parse(side, scope) for side in sides))


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("share < 1", True),
        ("share = 1", True),
        ("share <> 1", False),
        ("kind = 'a'", False),
        ("kind <> 'a'", False),
        ("NOT(share > 1)", False),
        ("AND(share < 1, amount > 2)", True),
        ("AND(share < 1, kind = 'a')", False),
        ("OR(share < 1, kind = 'a')", True),
        ("OR(kind = 'b', kind = 'a')", False),
        ("IF(kind = 'a', amount = 3, BLANK)", True),
        ("IF(kind = 'a', TRUE, amount = 3)", True),
        ("IF(kind = 'a', FALSE, amount = 3)", False),
        ("IF(share > 1, amount = 3, kind = 'a')", False),
        ("IF(share > 1, kind = 'a', amount = 3)", False),
    ],
)
def test_a_condition_that_compares_numbers_wherever_it_fails(text: str, *, figures: bool) -> None:
    assert has_figures(parse(text, Scope(TYPES, ""))) is figures
