"""What an expression about the rows of a table reads elsewhere, worked out once for all rows."""

from __future__ import annotations

from perfxl.expr.evaluate import evaluate
from perfxl.model.expression import Binary, Blank, Call, Constant, Expr, FieldRef, Function, Negate, Range
from perfxl.model.once import once_each
from perfxl.model.record import Record


def settled_apart(expr: Expr, record: Record) -> Expr:
    """Return an expression about the rows of a table with the columns and totals in it as constants.

    It gives in every row what the whole gives; a sum over the column is then added up once and not in each row. One that
    has none is itself, so that it is compiled once for all records.
    """
    if not _has_apart(expr):
        return expr
    if isinstance(expr, Call) and not reads_row(expr):
        value = evaluate(expr, record)
        return Blank() if value is None else Constant(value)
    match expr:
        case Negate(operand):
            return Negate(settled_apart(operand, record))
        case Binary(operator, left, right):
            return Binary(operator, *(settled_apart(side, record) for side in (left, right)))
        case Call(function, arguments):
            return Call(function, tuple(settled_apart(argument, record) for argument in arguments))
        case _:
            return expr


@once_each
def _has_apart(expr: Expr) -> bool:
    """Tell whether an expression has a part that is the same in every row, and is more than a cell."""
    match expr:
        case Negate(operand):
            return _has_apart(operand)
        case Binary(_, left, right):
            return _has_apart(left) or _has_apart(right)
        case Call(_, arguments):
            return not reads_row(expr) or any(map(_has_apart, arguments))
        case _:
            return False


@once_each
def reads_row(expr: Expr) -> bool:
    """Tell whether an expression reads a cell of the row that it is about."""
    match expr:
        case FieldRef(path):
            return "[]" in path
        case Range(_, bound):
            return bound > 0
        case Negate(operand):
            return reads_row(operand)
        case Binary(_, left, right):
            return reads_row(left) or reads_row(right)
        case Call(Function.SAMEROWS):
            return True
        case Call(_, arguments):
            return any(map(reads_row, arguments))
        case _:
            return False
