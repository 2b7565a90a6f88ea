"""Reckoning with values of which any may be blank: what the operators and functions of the language do to them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import reduce
from typing import TypeAlias

from perfxl.model.expression import Function, Operator

Result: TypeAlias = Decimal | str | bool | None
"""What an expression gives; None is a blank."""

COMPARED_DECIMALS = 6
UNSEEN = Decimal("0.0000005")
"""The least difference that a comparison sees."""

# No traps: overflow and division by zero come out as infinity or NaN, and those count as blanks.
_CONTEXT = Context(prec=40, rounding=ROUND_HALF_UP, Emax=308, traps=[])
_BEFORE_ROUNDING = Context(prec=30, rounding=ROUND_HALF_UP, Emax=308, traps=[])
_SETTLED = Context(prec=15, rounding=ROUND_HALF_UP, Emax=308, traps=[])
_WRITTEN_OUT = Context(prec=310, traps=[])
_ZERO, _UNSEEN_BELOW = Decimal(0), -UNSEEN
_STEPS = tuple(Decimal(1).scaleb(-places) for places in range(COMPARED_DECIMALS + 1))


def finite(number: Decimal) -> Decimal | None:
    """Return a number that Excel can hold at the precision we reckon with, None for anything else."""
    held = _CONTEXT.plus(number)
    return held if held.is_finite() else None


def _reckoning(work: Callable[[Decimal, Decimal], Decimal]) -> Callable[[Decimal, Decimal], Decimal | None]:
    def reckoned(left: Decimal, right: Decimal) -> Decimal | None:
        number = work(left, right)
        return number if number.is_finite() else None

    return reckoned


def _comparing(holds: Callable[[Decimal], bool]) -> Callable[[Decimal, Decimal], bool | None]:
    def compared(left: Decimal, right: Decimal) -> bool | None:
        gap = _CONTEXT.subtract(left, right)
        # As before any rounding: what is seen of the gap is what six decimals of it are.
        return holds(_BEFORE_ROUNDING.plus(gap)) if gap.is_finite() else None

    return compared


OPERATIONS: Mapping[Operator, Callable[[Decimal, Decimal], Result]] = {
    Operator.ADD: _reckoning(_CONTEXT.add),
    Operator.SUBTRACT: _reckoning(_CONTEXT.subtract),
    Operator.MULTIPLY: _reckoning(_CONTEXT.multiply),
    Operator.DIVIDE: _reckoning(_CONTEXT.divide),
    Operator.EQUAL: _comparing(lambda gap: _UNSEEN_BELOW < gap < UNSEEN),
    Operator.UNEQUAL: _comparing(lambda gap: not _UNSEEN_BELOW < gap < UNSEEN),
    Operator.LESS: _comparing(lambda gap: gap <= _UNSEEN_BELOW),
    Operator.AT_MOST: _comparing(lambda gap: gap < UNSEEN),
    Operator.MORE: _comparing(lambda gap: gap >= UNSEEN),
    Operator.AT_LEAST: _comparing(lambda gap: gap > _UNSEEN_BELOW),
}
"""What each operator makes of two numbers; comparisons look at six decimals of the difference."""


def binary(operator: Operator, left: Decimal | None, right: Decimal | None) -> Result:
    """Return what an operator makes of two numbers of which any may be blank."""
    return None if left is None or right is None else OPERATIONS[operator](left, right)


def alike(operator: Operator, left: Result, right: Result) -> bool | None:
    """Return whether two texts, or two truths, are equal (or unequal, as the operator asks)."""
    if left is None or right is None:
        return None
    same = left.lower() == right.lower() if isinstance(left, str) and isinstance(right, str) else left == right
    return same if operator is Operator.EQUAL else not same


def logic(function: Function, truths: list[Result]) -> bool | None:
    """Return what AND, OR or NOT makes of truths."""
    if None in truths:
        return None
    match function:
        case Function.AND:
            return all(truths)
        case Function.OR:
            return any(truths)
        case _:
            return not truths[0]


def total(numbers: Iterable[Decimal]) -> Decimal | None:
    """Return the sum of the filled numbers, None where there are none."""
    filled = list(numbers)
    return finite(reduce(_CONTEXT.add, filled)) if filled else None


def product(factors: Iterable[Decimal]) -> Decimal:
    """Return the product of some numbers."""
    return reduce(_CONTEXT.multiply, factors)


def mean(numbers: Iterable[Decimal]) -> Decimal | None:
    """Return the mean of the filled numbers, None where there are none."""
    filled = list(numbers)
    return finite(_CONTEXT.divide(reduce(_CONTEXT.add, filled), Decimal(len(filled)))) if filled else None


def rounded(number: Decimal, places: int) -> Decimal:
    """Round half away from zero; a third of three halves, 1.4999…, counts as 1.5."""
    number = _BEFORE_ROUNDING.plus(number)
    # A number too long for the context has no digits left to round.
    if number.adjusted() + places + 1 > _CONTEXT.prec:
        return number
    step = _STEPS[places] if 0 <= places <= COMPARED_DECIMALS else Decimal(1).scaleb(-places)
    return number.quantize(step, ROUND_HALF_UP, _CONTEXT)


def decimals(number: Decimal) -> Decimal:
    """Return how many decimals a number has, of those that are compared."""
    return Decimal(sum(abs(number - rounded(number, places)) >= UNSEEN for places in range(COMPARED_DECIMALS)))


def meets(number: Decimal, operator: Operator, wanted: Decimal) -> bool:
    """Tell whether a number stands to another as an operator says."""
    return binary(operator, number, wanted) is True


def settled(number: Decimal) -> Decimal | None:
    """Return a result as a cell holds it: 15 significant digits, no zeros behind, no -0; None beyond Excel's."""
    short = _SETTLED.plus(number).normalize(_SETTLED)
    # With a zero of no decimals added, 1E+3 is written out as 1000.
    return _WRITTEN_OUT.add(short, _ZERO) if short.is_finite() else None
