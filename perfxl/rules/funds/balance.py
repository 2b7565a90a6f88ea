"""Whether a change of one amount may close the gap of an equality, told by adding up: most changes cannot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TypeAlias

from perfxl.expr.evaluate import concrete, evaluate, summands
from perfxl.expr.rounding import rounding_of
from perfxl.model.expression import Binary, Call, Constant, Expr, FieldRef, Function, Negate, Operator, Range
from perfxl.model.form import Form
from perfxl.model.path import generic, row_of
from perfxl.model.record import Record

MayHold: TypeAlias = Callable[[str, Decimal], bool]
"""Whether an equality may hold, but for rounding, when the amount at a path is so much greater."""

_BOTH_ROUNDED = Decimal("0.02")
_DIGITS = Decimal("1E-12")
"""What of a figure may be lost because a result has 15 digits, several times over."""


def may_hold(must: Expr, form: Form, record: Record, row: str) -> MayHold:
    """Return what tells so of equalities, alone or in AND and OR; where more is done than adding up, anything may be.

    Figures that are blank stay so: a change is of an amount that is there, to another that is none of nothing.
    """
    match must:
        case Call(Function.AND | Function.OR as function, parts):
            each = [may_hold(part, form, record, row) for part in parts]
            every = all if function is Function.AND else any
            return lambda path, change: every(may(path, change) for may in each)
        case Binary(Operator.EQUAL, left, right):
            one, other = evaluate(left, record, row), evaluate(right, record, row)
            if isinstance(one, Decimal) and isinstance(other, Decimal):
                adding = _Adding(form, record)
                if adding.weigh(left, row, 1) and adding.weigh(right, row, -1):
                    rounding = rounding_of(summands(must, record, row)) + _BOTH_ROUNDED
                    return _closing(one - other, adding.weights, rounding + (abs(one) + abs(other)) * _DIGITS)
            return _maybe
        case _:
            return _maybe


def _maybe(path: str, change: Decimal) -> bool:
    """Rule nothing out."""
    del path, change
    return True


def _closing(gap: Decimal, weights: Mapping[str, int], allowed: Decimal) -> MayHold:
    def closes(path: str, change: Decimal) -> bool:
        moved = change * weights.get(path, 0)
        return abs(gap + moved) <= allowed + abs(moved) * _DIGITS

    return closes


class _Adding:
    """Counts how often each typed figure enters a sum, by itself or through computed fields."""

    def __init__(self, form: Form, record: Record) -> None:
        self._form = form
        self._record = record
        self.weights: Counter[str] = Counter()

    def weigh(self, expr: Expr, row: str, sign: int) -> bool:
        """Count what an expression adds up, with its sign; False where it does anything else with a figure."""
        match expr:
            case Constant():
                return True
            case FieldRef() | Range():
                return all(self._figure(path, sign) for path in concrete(expr, self._record, row))
            case Negate(operand):
                return self.weigh(operand, row, -sign)
            case Binary(Operator.ADD | Operator.SUBTRACT as operator, left, right):
                if evaluate(expr, self._record, row) is None:
                    return True  # adds nothing, whatever one of its sides is
                turned = sign if operator is Operator.ADD else -sign
                return self.weigh(left, row, sign) and self.weigh(right, row, turned)
            case Call(Function.SUM, arguments):
                return all(self.weigh(argument, row, sign) for argument in arguments)
            case _:
                return False

    def _figure(self, path: str, sign: int) -> bool:
        formula = self._form.fields[generic(path)].formula
        if formula is not None:
            return self.weigh(formula, row_of(path), sign)
        self.weights[path] += sign
        return True
