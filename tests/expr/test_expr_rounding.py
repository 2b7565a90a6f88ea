"""Whether the rounding of printed figures explains why a rule of money does not hold."""

from __future__ import annotations

from decimal import Decimal

import pytest

from perfxl.expr.arithmetic import rounded
from perfxl.expr.evaluate import summands
from perfxl.expr.parse import parse
from perfxl.expr.rounding import explained, rounding_of, to_excel_explained
from perfxl.expr.scope import Scope
from perfxl.model.expression import Expr
from perfxl.model.field_type import Type
from perfxl.model.record import Record
from perfxl.model.value import Value

MONEY = dict.fromkeys(("a", "b", "c", "d", "rows[].x"), Type.MONEY)
TYPES = {**MONEY, "kind": Type.TEXT, "rows[].kind": Type.TEXT}


def read(text: str) -> Expr:
    return parse(text, Scope(TYPES, ""))


def given(**values: str) -> Record:
    return Record({path: Decimal(value) for path, value in values.items()}, {})


@pytest.mark.parametrize(
    ("printed", "off"), [(0, "0"), (1, "0.01"), (2, "0.01"), (3, "0.02"), (4, "0.02"), (5, "0.03"), (101, "0.51")]
)
def test_by_how_much_a_sum_may_be_off(printed: int, off: str) -> None:
    assert rounding_of(printed) == Decimal(off)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("a", 0),
        ("a = b", 0),
        ("SUM(a, b) = c", 2),
        ("SUM(a, b) = SUM(c, d)", 4),
        ("a + b - c = d", 3),
        ("a * b = c", 0),
        ("ROUND(a + b, 2) = c", 2),
        ("SUM(ROUND(a, 2), ABS(b)) = c", 2),
        ("ROUND(a, 2) = c", 0),
        ("-(a + b) = c", 2),
        ("IF(a > 0, a + b, a) = c", 2),
        ("IF(a < 0, a + b, a) = c", 0),
        ("MAX(a + b, c) = d", 2),
    ],
)
def test_how_many_printed_figures_are_added(text: str, count: int) -> None:
    assert summands(read(text), given(a="1", b="2", c="3", d="4")) == count


def test_blanks_are_no_printed_figures() -> None:
    assert summands(read("SUM(a, b, c) = d"), given(a="1", d="4")) == 1


def test_figures_of_a_kind_are_counted_where_they_are_added() -> None:
    rows: dict[str, Value] = {
        "rows[0].x": Decimal(1),
        "rows[1].x": Decimal(2),
        "rows[0].kind": "人员",
        "rows[1].kind": "公用",
    }
    record = Record({**rows, "a": Decimal(1)}, {"rows": 2})
    assert summands(read("SUMIF(rows.kind, '人员', rows.x) = a"), record) == 1
    assert summands(read("SUM(rows.x) = a"), record) == 2


@pytest.mark.parametrize(
    ("text", "near", "far"),
    [
        ("SUM(a, b) = c", "3.01", "3.02"),
        ("SUM(a, b) = c", "2.99", "2.98"),
        ("SUM(a, b, d) = c", "7.02", "7.03"),
        ("SUM(a, b) >= c", "3.01", "3.02"),
        ("SUM(a, b) <= c", "2.99", "2.98"),
        ("OR(SUM(a, b) = c, a = c)", "3.01", "3.02"),
        ("AND(SUM(a, b) = c, c > 0)", "3.01", "3.02"),
        ("IF(a = 1, SUM(a, b) = c, a = c)", "3.01", "3.02"),
    ],
)
def test_what_rounding_explains(text: str, near: str, far: str) -> None:
    assert explained(read(text), given(a="1", b="2", d="4", c=near))
    assert not explained(read(text), given(a="1", b="2", d="4", c=far))


@pytest.mark.parametrize(
    "text", ["SUM(a, b) <> c", "SUM(a, b) < c", "SUM(a, b) > c", "a = c", "AND(SUM(a, b) = c, a = c)"]
)
def test_what_rounding_never_explains(text: str) -> None:
    assert not explained(read(text), given(a="1", b="2", c="3.01"))


def test_a_blank_side_is_no_matter_of_rounding() -> None:
    assert not explained(read("SUM(a, b) = c"), given(a="1", b="2"))


@pytest.mark.parametrize(
    ("number", "places", "result"),
    [
        ("1.005", 2, "1.01"),
        ("1.0049999999", 2, "1.00"),
        ("-1.005", 2, "-1.01"),
        ("150", -2, "200"),
        ("149", -2, "100"),
        ("1E37", 2, "1E37"),
        ("1E38", 2, "1E38"),
        ("1E300", 2, "1E300"),
    ],
)
def test_numbers_are_rounded_half_up_and_any_is_rounded(number: str, places: int, result: str) -> None:
    assert rounded(Decimal(number), places) == Decimal(result)


class Places:
    """A few cells and two columns."""

    def cell(self, path: str) -> str:
        return f"{path[0].upper()}1"

    def ranges(self, path: str) -> tuple[str, ...]:
        return ("X2:X9",) if path.endswith(".x") else ("Y2:Y9",)

    def printed(self, path: str) -> tuple[str, ...]:
        return tuple(path[:0])


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("SUM(a, b) = c", "COUNT(A1)+COUNT(B1)"),
        ("c = SUM(a, b)", "COUNT(A1)+COUNT(B1)"),
        ("SUM(a, b) >= SUM(c, d)", "COUNT(A1)+COUNT(B1)+COUNT(C1)+COUNT(D1)"),
        ("a + b - c = d", "COUNT(A1)+COUNT(B1)+COUNT(C1)"),
        ("-(a + b) <= c", "COUNT(A1)+COUNT(B1)"),
        ("ROUND(a + b, 2) = c", "COUNT(A1)+COUNT(B1)"),
        ("SUM(ROUND(a, 2), ABS(b)) = c", "COUNT(A1)+COUNT(B1)"),
        ("SUM(rows.x) = a", "COUNT(X2:X9)"),
        ("SUMIF(rows.kind, 'x', rows.x) = a", 'SUMPRODUCT((Y2:Y9="x")*ISNUMBER(X2:X9))'),
        ("IF(a > 0, a + b, a) = c", "IF(IF(COUNT(A1)=0,FALSE,ROUND(A1,6)>0),COUNT(A1)+COUNT(B1),0)"),
        ("IF(a > 0, a, a + b) = c", "IF(IF(COUNT(A1)=0,FALSE,ROUND(A1,6)>0),0,COUNT(A1)+COUNT(B1))"),
        ("MAX(a + b, c) = d", "COUNT(A1)+COUNT(B1)"),
    ],
)
def test_the_formula_counts_the_printed_figures_that_are_added(text: str, counted: str) -> None:
    assert f"<=ROUNDUP(0.005*({counted}),2),FALSE)" in to_excel_explained(read(text), Places())


@pytest.mark.parametrize(
    "text",
    [
        "a = b",
        "a * b = c",
        "ROUND(a, 2) = c",
        "IF(a > 0, a, b) = c",
        "SUM(a, b) < c",
        "SUM(a, b) > c",
        "SUM(a, b) <> c",
        "kind = 'x'",
        "OR(a = b, a = c)",
        "AND(a = b, a = c)",
        "IF(a > 0, a = b, a = c)",
        "ISBLANK(a)",
    ],
)
def test_where_nothing_is_added_there_is_no_formula(text: str) -> None:
    assert to_excel_explained(read(text), Places()) == ""


def test_the_formula_of_several_rules_is_of_those_that_add() -> None:
    one = to_excel_explained(read("SUM(a, b) = c"), Places())
    assert to_excel_explained(read("OR(SUM(a, b) = c, a = b)"), Places()) == f"OR({one})"
    asked = "IF(COUNT(A1)=0,FALSE,ROUND(A1,6)>0)"
    assert to_excel_explained(read("IF(a > 0, SUM(a, b) = c, a = b)"), Places()) == f"IF({asked},{one},FALSE)"
    assert to_excel_explained(read("IF(a > 0, a = b, SUM(a, b) = c)"), Places()) == f"IF({asked},FALSE,{one})"
    both = to_excel_explained(read("AND(SUM(a, b) = c, a = b)"), Places())
    assert both.startswith("AND(OR(NOT(IF(")
    assert f",{one})" in both
    assert both.endswith(",FALSE))")
