"""Which figures a rule would pass over in silence where a text stands."""

from __future__ import annotations

import pytest

from perfxl.expr.parse import parse
from perfxl.expr.passed_over import passed_over
from perfxl.expr.scope import Scope
from perfxl.model.field_type import Type

TYPES = dict.fromkeys(("a", "b", "sum", "rate", "rows[].x", "rows[].y", "rows[].both"), Type.MONEY)
FORMULAS = {"sum": "SUM(a, b)", "rate": "a / b", "rows[].both": "SUM(x, y)"}


@pytest.mark.parametrize(
    ("rule", "paths"),
    [
        ("a <= b", set()),
        ("a / b >= 0.5", set()),
        ("rate >= 0.5", set()),
        ("sum = 100", {"a", "b"}),
        ("IF(SUM(0, a) > 0, TRUE, b > 0)", {"a"}),
        ("COUNTA(a, b) > 0", {"a", "b"}),
        ("ABS(sum - 1) <= 2", {"a", "b"}),
        ("SUM(rows.x) = a", {"rows[].x"}),
        ("SUM(rows.both) = a", {"rows[].x", "rows[].y"}),
        ("-sum < 0", {"a", "b"}),
    ],
)
def test_a_figure_of_a_sum_is_passed_over_and_one_of_an_operator_is_not(rule: str, paths: set[str]) -> None:
    formulas = {path: parse(text, Scope(TYPES, path.rpartition(".")[0])) for path, text in FORMULAS.items()}
    assert passed_over(parse(rule, Scope(TYPES, "")), formulas.get) == paths


def test_in_a_row_the_paths_are_those_of_the_row() -> None:
    formulas = {"rows[].both": parse("SUM(x, y)", Scope(TYPES, "rows[]"))}
    rule = parse("both > 0", Scope(TYPES, "rows[]"))
    assert passed_over(rule, formulas.get, "rows[2]") == {"rows[2].x", "rows[2].y"}
