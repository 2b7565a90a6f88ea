"""The pieces of which a formula is put together."""

from __future__ import annotations

import pytest

from perfxl.expr.pieces import FORMULA_LIMIT, FormulaText
from perfxl.model.expression import ExpressionError


def test_a_formula_may_be_as_long_as_excel_takes_it() -> None:
    assert FORMULA_LIMIT == 8192
    assert FormulaText("1" * 8192)
    with pytest.raises(ExpressionError, match="8192"):
        FormulaText("1" * 8193)
