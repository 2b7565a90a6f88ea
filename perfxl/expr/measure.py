"""What an expression measures: what its fields do; money over money is a share, a share of money money."""

from __future__ import annotations

from collections.abc import Callable

from perfxl.model.expression import Binary, Call, Expr, FieldRef, Function, Negate, Operator, Range
from perfxl.model.field_type import Measure


def measure_of(measure: Callable[[str], Measure], *exprs: Expr) -> Measure:
    """Return what is measured by some expressions together; ``measure`` gives that of a field by its generic path."""
    found = {_measure(expr, measure) for expr in exprs}
    return next((one for one in (Measure.SHARE, Measure.MONEY) if one in found), Measure.PLAIN)


def _measure(expr: Expr, measure: Callable[[str], Measure]) -> Measure:
    match expr:
        case FieldRef(path):
            return measure(path)
        case Range(fields):
            parts: tuple[Expr, ...] = fields
        case Negate(operand):
            parts = (operand,)
        case Binary(Operator.DIVIDE, left, right):
            above, below = _measure(left, measure), _measure(right, measure)
            return Measure.SHARE if above is below else above
        case Binary(Operator.MULTIPLY, left, right):
            return _product((left, right), measure)
        case Call(Function.SUMPRODUCT, factors):
            return _product(factors, measure)
        case Binary(Operator.JOIN, _, _):
            return Measure.PLAIN
        case Binary(_, left, right):
            parts = (left, right)
        case Call(Function.COUNT | Function.COUNTA | Function.COUNTIF | Function.DECIMALS | Function.SAMEROWS, _):
            return Measure.PLAIN
        case Call(Function.IF | Function.SUMIF, (_, *rest)):
            parts = tuple(rest)
        case Call(_, arguments):
            parts = arguments
        case _:
            return Measure.PLAIN
    found = (_measure(part, measure) for part in parts)
    return next((one for one in found if one is not Measure.PLAIN), Measure.PLAIN)


def _product(factors: tuple[Expr, ...], measure: Callable[[str], Measure]) -> Measure:
    sides = {_measure(factor, measure) for factor in factors}
    return next((side for side in (Measure.MONEY, Measure.PLAIN) if side in sides), Measure.SHARE)
