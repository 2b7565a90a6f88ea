"""Which figures a sum or a count passes over in silence where Excel finds a text instead.

A figure that an operator needs makes the result blank where it is missing; one of a sum is only left out, and the sum is
then a figure that nobody meant.
"""

from __future__ import annotations

from collections.abc import Callable

from perfxl.expr.evaluate import references
from perfxl.model.expression import Binary, Call, Expr, FieldRef, Function, Negate, Range

_PASSING = frozenset(
    {
        Function.SUM,
        Function.SUMIF,
        Function.SUMPRODUCT,
        Function.AVERAGE,
        Function.COUNT,
        Function.COUNTA,
        Function.COUNTIF,
        Function.MIN,
        Function.MAX,
        Function.ISBLANK,
        Function.SAMEROWS,
    }
)


def passed_over(expr: Expr, formula: Callable[[str], Expr | None], at: str = "") -> frozenset[str]:
    """Return the paths of what an expression adds up or counts, itself and through computed fields.

    ``formula`` gives that of a field by its generic path. Paths in the row ``at`` are concrete, those of columns have
    open brackets.
    """
    match expr:
        case FieldRef(path):
            below = formula(path)
            return passed_over(below, formula, at) if below is not None else frozenset()
        case Binary(_, left, right):
            return passed_over(left, formula, at) | passed_over(right, formula, at)
        case Negate(operand):
            return passed_over(operand, formula, at)
        case Call(function, arguments):
            each = _inputs if function in _PASSING else passed_over
            return frozenset().union(*(each(argument, formula, at) for argument in arguments))
        case _:
            return frozenset()


def _inputs(expr: Expr, formula: Callable[[str], Expr | None], at: str) -> frozenset[str]:
    """Return the paths of all that an expression reads that is typed."""
    match expr:
        case FieldRef(path):
            below = formula(path)
            return frozenset({expr.path_at(at)}) if below is None else _inputs(below, formula, at)
        case Range(fields):
            found: frozenset[str] = frozenset()
            for field, path in zip(fields, expr.paths_at(at), strict=True):
                below = formula(field.path)
                # In other rows than this one a formula reads columns.
                found |= frozenset({path}) if below is None else _columns(below, formula)
            return found
        case Binary(_, left, right):
            return _inputs(left, formula, at) | _inputs(right, formula, at)
        case Negate(operand):
            return _inputs(operand, formula, at)
        case Call(_, arguments):
            return frozenset().union(*(_inputs(argument, formula, at) for argument in arguments))
        case _:
            return frozenset()


def _columns(expr: Expr, formula: Callable[[str], Expr | None]) -> frozenset[str]:
    """Return the generic paths of all that an expression reads that is typed."""
    found: frozenset[str] = frozenset()
    for path in references(expr):
        below = formula(path)
        found |= frozenset({path}) if below is None else _columns(below, formula)
    return found
