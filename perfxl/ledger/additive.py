"""Which computed figures of several returns are added up, and which come of the sums by the form's own formula.

The sum of amounts is the amount of the sums where the formula only adds; it is not where it multiplies what stands in a
row, counts rows or asks what stands in them: 10 at 3 yuan and 20 at 5 are 130 yuan, not 30 at 8.
"""

from __future__ import annotations

from perfxl.expr.evaluate import references
from perfxl.model.expression import Binary, Blank, Call, Constant, Expr, FieldRef, Function, Negate, Operator, Range
from perfxl.model.form import Field

_EXTREMES = frozenset({Function.MIN, Function.MAX})


def adds_up(field: Field) -> bool:
    """Tell whether the figures of a field are added up: amounts and counts, but no amounts each (of a unit, on the average)."""
    return field.summed and (field.formula is None or not _is_each(field.formula))


def is_added_as_it_stands(field: Field) -> bool:
    """Tell whether a computed figure over rows has to be added up itself: its formula over the sums gives another."""
    formula = field.formula
    if formula is None or not adds_up(field):
        return False
    return any("[]" in path for path in references(formula)) and not _only_adds(formula)


def _is_each(expr: Expr) -> bool:
    """Tell whether an expression is one figure by another, an average, or the least or greatest of many."""
    match expr:
        case Binary(Operator.DIVIDE, left, right):
            return bool(references(right)) or _is_each(left)
        case Binary(_, left, right):
            return _is_each(left) or _is_each(right)
        case Negate(operand):
            return _is_each(operand)
        case Call(function, arguments):
            many = function in _EXTREMES and any(isinstance(one, Range) for one in arguments)
            return function is Function.AVERAGE or many or any(map(_is_each, arguments))
        case _:
            return False


def _only_adds(expr: Expr) -> bool:
    """Tell whether an expression of the sums is the sum of the expressions, but for their rounding."""
    match expr:
        case FieldRef() | Range() | Blank():
            return True
        case Binary(Operator.ADD | Operator.SUBTRACT, left, right):
            return _only_adds(left) and _only_adds(right)
        case Binary(Operator.MULTIPLY, Constant(), other) | Binary(
            Operator.MULTIPLY | Operator.DIVIDE, other, Constant()
        ):
            return _only_adds(other)
        case Negate(operand):
            return _only_adds(operand)
        case Call(Function.SUM, arguments):
            return all(map(_only_adds, arguments))
        case Call(Function.ROUND, (number, *_)):
            return _only_adds(number)
        case Call(Function.IF, (condition, one, other)):
            return _asks_for_blanks(condition) and _only_adds(one) and _only_adds(other)
        case _:
            return False


def _asks_for_blanks(condition: Expr) -> bool:
    """Tell whether a condition asks for nothing but whether something is filled in at all: COUNT(…) = 0, ISBLANK(…)."""
    match condition:
        case Call(Function.ISBLANK, _):
            return True
        case Binary(
            Operator.EQUAL | Operator.UNEQUAL | Operator.MORE,
            Call(Function.COUNT | Function.COUNTA, _),
            Constant(value),
        ):
            return value == 0
        case Call(Function.AND | Function.OR | Function.NOT, arguments):
            return all(map(_asks_for_blanks, arguments))
        case _:
            return False
