"""Print an expression as an Excel formula that gives what perfxl.expr.evaluate gives, ``""`` for a blank.

Two numbers are compared by their difference at six decimals, else 6558.51 - 6558.50 = 0.01 would be false in Excel.
Only functions that Excel 2007, WPS and LibreOffice have are used; no array formulas, no names.
"""

from __future__ import annotations

import re
from itertools import accumulate

from perfxl.expr.check import NEST_LIMIT, sort_of
from perfxl.expr.pieces import FORMULA_LIMIT, FormulaText, length
from perfxl.expr.printer import PlacedCells, Printer
from perfxl.model.expression import (
    Binary,
    Blank,
    Call,
    Expr,
    ExpressionError,
    Function,
    Operator,
)
from perfxl.model.field_type import Sort

__all__ = ["FORMULA_LIMIT", "SHORT_LIMIT", "PlacedCells", "has_lists", "is_short", "to_excel", "to_excel_broken"]

SHORT_LIMIT = 255
"""Excel takes no longer formula in a data validation or conditional format, and none with lists in braces."""

_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_BRACKETS = re.compile(r"[()]")
_OPPOSITE = {
    Operator.EQUAL: Operator.UNEQUAL,
    Operator.UNEQUAL: Operator.EQUAL,
    Operator.LESS: Operator.AT_LEAST,
    Operator.AT_LEAST: Operator.LESS,
    Operator.MORE: Operator.AT_MOST,
    Operator.AT_MOST: Operator.MORE,
}


def to_excel(expr: Expr, cells: PlacedCells, at: str = "") -> str:
    """Return a formula, without ``=``, that gives ``""`` for a blank; ``at`` is the row that it is about.

    Raises ExpressionError where Excel would not take it: over 8192 characters, or nested deeper than 64.
    """
    return _finished(Printer(cells, at).closed(expr, '""'), '""')


def to_excel_broken(rule: Expr, cells: PlacedCells, at: str = "") -> str:
    """Return a formula, without ``=``, that is TRUE exactly where a rule is false, FALSE where it holds or is skipped.

    Raises ExpressionError as to_excel, and for what is no rule.
    """
    if sort_of(rule) is not Sort.TRUTH:
        raise ExpressionError("规则要写成一个条件，如 甲 == 乙")
    return _finished(Printer(cells, at).closed(_opposite(rule), "FALSE"), "FALSE")


def is_short(formula: str) -> bool:
    """Tell whether Excel takes a formula in a data validation or conditional format; else a helper cell is needed."""
    return len(formula) <= SHORT_LIMIT and length(formula) <= SHORT_LIMIT and not has_lists(formula)


def has_lists(formula: str) -> bool:
    """Tell whether a formula has lists in braces: ``{1,2,3}``."""
    return "{" in formula and "{" in _QUOTED.sub("", formula)


def _opposite(rule: Expr) -> Expr:
    """Return the rule that holds where the given one does not; both are blank together."""
    match rule:
        case Binary(operator, left, right):
            return Binary(_OPPOSITE[operator], left, right)
        case Call(Function.NOT, (operand,)):
            return operand
        case Call(Function.IF, (condition, yes, no)):
            return Call(Function.IF, (condition, _opposite(yes), _opposite(no)))
        case Blank():
            return rule
        case _:
            return Call(Function.NOT, (rule,))


def _finished(part: FormulaText, blank: str) -> str:
    formula = FormulaText(f"IFERROR({part.core},{blank})").core if part.fallible else part.core
    if formula.count("(") > NEST_LIMIT and _nesting(formula) > NEST_LIMIT:
        raise ExpressionError(f"生成的公式嵌套 {_nesting(formula)} 层，Excel 最多 {NEST_LIMIT} 层，请拆成几条")
    return formula


def _nesting(formula: str) -> int:
    signs = _BRACKETS.findall(_QUOTED.sub("", formula))
    return max(accumulate((1 if sign == "(" else -1 for sign in signs), initial=0))
