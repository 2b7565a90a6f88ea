"""What an expression measures: money, shares, or neither."""

from __future__ import annotations

import pytest

from perfxl.expr.measure import measure_of
from perfxl.expr.parse import parse
from perfxl.expr.scope import Scope
from perfxl.model.field_type import Measure, Type

TYPES = {"money": Type.MONEY, "other": Type.MONEY, "share": Type.PERCENT, "rate": Type.PERCENT, "points": Type.NUMBER}
COLUMNS = {
    "rows[].kind": Type.TEXT,
    "rows[].money": Type.MONEY,
    "rows[].share": Type.PERCENT,
    "rows[].points": Type.NUMBER,
}
MEASURES = {Type.MONEY: Measure.MONEY, Type.PERCENT: Measure.SHARE}


def measured(*sources: str) -> Measure:
    types = {**TYPES, **COLUMNS}
    exprs = [parse(source, Scope(types, "")) for source in sources]
    return measure_of(lambda path: MEASURES.get(types[path], Measure.PLAIN), *exprs)


@pytest.mark.parametrize(
    ("source", "measure"),
    [
        ("money", Measure.MONEY),
        ("-money", Measure.MONEY),
        ("money + other", Measure.MONEY),
        ("money - 1", Measure.MONEY),
        ("1 - share", Measure.SHARE),
        ("money / other", Measure.SHARE),
        ("money / points", Measure.MONEY),
        ("share / points", Measure.SHARE),
        ("points / 2", Measure.SHARE),
        ("points / money", Measure.PLAIN),
        ("money * share", Measure.MONEY),
        ("share * money", Measure.MONEY),
        ("points * money", Measure.MONEY),
        ("points * 2", Measure.PLAIN),
        ("share * points", Measure.PLAIN),
        ("share * rate", Measure.SHARE),
        ("SUM(rows.money)", Measure.MONEY),
        ("SUM(1, money)", Measure.MONEY),
        ("SUM(rows.points)", Measure.PLAIN),
        ("SUMIF(rows.kind, 'x', rows.money)", Measure.MONEY),
        ("SUMPRODUCT(rows.money, rows.share)", Measure.MONEY),
        ("SUMPRODUCT(rows.points, rows.share)", Measure.PLAIN),
        ("COUNT(rows.money)", Measure.PLAIN),
        ("COUNTA(rows.money)", Measure.PLAIN),
        ("COUNTIF(rows.money, '>1')", Measure.PLAIN),
        ("DECIMALS(money)", Measure.PLAIN),
        ("MAX(money, 0)", Measure.MONEY),
        ("ROUND(money / other, 4)", Measure.SHARE),
        ("IF(money > 0, share, 1)", Measure.SHARE),
        ("IF(share > 0, points, 1)", Measure.PLAIN),
        ("money & 'x'", Measure.PLAIN),
        ("12", Measure.PLAIN),
    ],
)
def test_what_an_expression_measures(source: str, measure: Measure) -> None:
    assert measured(source) is measure


def test_of_two_sides_a_share_counts_before_money() -> None:
    assert measured("money", "share") is Measure.SHARE
    assert measured("money", "points") is Measure.MONEY
    assert measured("points", "1") is Measure.PLAIN
