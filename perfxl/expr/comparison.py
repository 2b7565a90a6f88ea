"""The comparison in a condition: its sides, and by how much shares may be off (RULES, Tolerance), for both halves of a rule."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from perfxl.expr.check import sort_of
from perfxl.expr.measure import measure_of
from perfxl.model.expression import Binary, Blank, Call, Constant, Expr, Function, Operator
from perfxl.model.field_type import Measure, Sort

POINT = Decimal("0.0001")
"""0.01 percentage point, the tolerance of a share or rate."""


def tolerant(must: Expr, measure: Callable[[str], Measure]) -> Expr:
    """Return a condition whose comparisons of shares let ``POINT`` pass; strict ones (``<``, ``>``) let nothing pass.

    ``measure`` gives what a field measures by its generic path. A blank side leaves the condition open, as before.
    """
    match must:
        case Binary(operator, left, right) if operator.compares and sort_of(left) is Sort.NUMBER:
            return _let_pass(operator, left, right) if measure_of(measure, left, right) is Measure.SHARE else must
        case Call(Function.AND | Function.OR as function, parts):
            return Call(function, tuple(tolerant(part, measure) for part in parts))
        case Call(Function.IF, (condition, yes, no)):
            return Call(Function.IF, (condition, tolerant(yes, measure), tolerant(no, measure)))
        case _:
            return must


def _let_pass(operator: Operator, left: Expr, right: Expr) -> Expr:
    match operator:
        case Operator.EQUAL:
            gap: Expr = Call(Function.ABS, (Binary(Operator.SUBTRACT, left, right),))
        case Operator.AT_MOST:
            gap = Binary(Operator.SUBTRACT, left, right)
        case Operator.AT_LEAST:
            gap = Binary(Operator.SUBTRACT, right, left)
        case _:
            return Binary(operator, left, right)
    return Binary(Operator.AT_MOST, gap, Constant(POINT))


def has_figures(must: Expr) -> bool:
    """Tell whether a condition that does not hold always has two numbers to speak of: wherever it fails, it compares some."""
    match must:
        case Binary(operator, left, _):
            return operator.compares and operator is not Operator.UNEQUAL and sort_of(left) is Sort.NUMBER
        case Call(Function.AND, parts):
            return all(map(has_figures, parts))
        case Call(Function.OR, parts):
            return any(map(has_figures, parts))
        case Call(Function.IF, (_, yes, no)):
            return all(branch in {Blank(), Constant(value=True)} or has_figures(branch) for branch in (yes, no))
        case _:
            return False


def sides_of(must: Expr) -> tuple[Expr, Expr] | None:
    """Return the sides of the comparison of numbers that a message speaks of: the only one, or that of the first alternative."""
    match must:
        case Binary(operator, left, right) if operator.compares and sort_of(left) is Sort.NUMBER:
            return left, right
        case Call(Function.OR, (first, *_)):
            return sides_of(first)
        case Call(Function.IF, (_, yes, no)):
            return sides_of(yes) or sides_of(no)
        case _:
            return None
