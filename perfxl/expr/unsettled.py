"""Whether an expression comes out blank by itself where nothing is filled in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from perfxl.model.expression import Binary, Blank, Call, Expr, FieldRef, Function, Negate

_STRICT: Final = frozenset(
    {
        *(Function.AND, Function.OR, Function.NOT, Function.ROUND, Function.ABS, Function.MIN, Function.MAX),
        *(Function.DECIMALS, Function.LEN, Function.TRIM, Function.UPPER, Function.LEFT, Function.RIGHT, Function.MID),
        *(Function.DATE, Function.YEAR, Function.MONTH, Function.DAY),
    }
)
"""Functions that give a blank where one argument is blank."""


def stays_blank(expr: Expr, blank: Callable[[str], bool]) -> bool:
    """Tell whether an expression is blank while the fields (by generic path) are that ``blank`` says to be so.

    False where that depends on what the others hold.
    """
    match expr:
        case Blank():
            return True
        case FieldRef(path):
            return blank(path)
        case Negate(operand):
            return stays_blank(operand, blank)
        case Binary(_, left, right):
            return stays_blank(left, blank) or stays_blank(right, blank)
        case Call(Function.IF, (condition, yes, no)):
            return stays_blank(condition, blank) or (stays_blank(yes, blank) and stays_blank(no, blank))
        case Call(Function.SUM, arguments):
            return all(stays_blank(argument, blank) for argument in arguments)
        case Call(function, arguments) if function in _STRICT:
            return any(stays_blank(argument, blank) for argument in arguments)
        case _:
            return False
