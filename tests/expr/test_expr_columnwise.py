"""Conditions about the rows of a table, each as one formula over whole columns."""

from __future__ import annotations

import pytest

from perfxl.expr.columnwise import broken_in_rows
from perfxl.expr.parse import parse
from perfxl.expr.scope import Scope
from perfxl.model.expression import Expr, ExpressionError
from perfxl.model.field_type import Type

TYPES = dict.fromkeys((f"rows[].{key}" for key in "abcdx"), Type.MONEY) | {"most": Type.MONEY}


class Columns:
    """Columns called by the last letter of their paths; what stands apart is called so."""

    def column(self, path: str) -> str:
        return f"<{path[-1]}>"

    def apart(self, expr: Expr) -> str:
        del expr
        return "<apart>"


def broken(text: str) -> str:
    return broken_in_rows(parse(text, Scope(TYPES, "rows[]")), Columns(), "rows")


@pytest.mark.parametrize(
    ("text", "reads"), [("MIN(a) > 0", "a"), ("MIN(a, b) > 0", "ab"), ("MAX(a, b, c) < most", ["a", "b", "c", "apart"])]
)
def test_up_to_three_values_are_compared_in_each_row(text: str, reads: list[str]) -> None:
    formula = broken(text)
    assert [name for name in ("a", "b", "c", "d", "apart") if f"<{name}>" in formula] == list(reads)


@pytest.mark.parametrize("text", ["MIN(a, b, c, d) > 0", "MAX(a, b, c, d, x) > 0"])
def test_more_values_are_compared_row_by_row(text: str) -> None:
    with pytest.raises(ExpressionError, match="逐行"):
        broken(text)
