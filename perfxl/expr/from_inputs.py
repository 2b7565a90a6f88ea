"""Sums that are worked out from what is typed, where the rows have formulas of their own.

A row that an officer inserts has no formulas: what they would give is missing in a sum of their column. A product and a
sum of a row's own cells can be summed up from the columns of these cells, and the sum is right whoever inserted the row.
Likewise rows can be picked by how a typed code begins (LEFT), where that is worked out in each row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from perfxl.model.expression import Binary, Call, Constant, Expr, FieldRef, Function, Negate, Operator, Range


def from_inputs(expr: Expr, formula: Callable[[str], Expr | None]) -> Expr:
    """Return an expression of the same value that adds up typed cells; ``formula`` gives that of a computed field (generic path)."""
    match expr:
        case Call(Function.SUM, arguments):
            return Call(Function.SUM, tuple(part for argument in arguments for part in _parts(argument, formula)))
        case Call(Function.SUMIF, (Range((field,), bound), key, values)):
            return Call(Function.SUMIF, (_keys(field, bound, formula), from_inputs(key, formula), values))
        case Call(function, arguments):
            return Call(function, tuple(from_inputs(argument, formula) for argument in arguments))
        case Binary(operator, left, right):
            return Binary(operator, from_inputs(left, formula), from_inputs(right, formula))
        case Negate(operand):
            return Negate(from_inputs(operand, formula))
        case _:
            return expr


def _keys(field: FieldRef, bound: int, formula: Callable[[str], Expr | None]) -> Expr:
    """Return the keys of SUMIF: where each row cuts them off a cell of its own, the column of that cell, cut as it is."""
    of_row = formula(field.path) if field.path.count("[]") > bound else None
    match of_row:
        case Call(Function.LEFT, (FieldRef(own) as cell, Constant() as length)) if _in_row(own, field.path):
            return Call(Function.LEFT, (Range((cell,), bound), length))
        case _:
            return Range((field,), bound)


def keys_of(keys: Expr) -> tuple[Range, int | None]:
    """Return the column that the keys of SUMIF stand in, and how many characters of it they are, None for all."""
    match keys:
        case Range():
            return keys, None
        case Call(Function.LEFT, (Range() as column, Constant(Decimal() as length))):
            return column, int(length)
        case _:
            raise TypeError(keys)  # perfxl.expr.check lets no other through


def _parts(argument: Expr, formula: Callable[[str], Expr | None]) -> Iterator[Expr]:
    """Yield what is added up in place of an argument of SUM."""
    if not isinstance(argument, Range):
        yield from_inputs(argument, formula)
        return
    kept: list[FieldRef] = []
    for field in argument.fields:
        of_row = formula(field.path) if field.path.count("[]") > argument.bound else None
        factors = _factors(of_row, field.path) if of_row is not None else None
        summands = _summands(of_row, field.path) if of_row is not None else None
        if factors is not None:
            yield Call(Function.SUMPRODUCT, tuple(Range((factor,), argument.bound) for factor in factors))
        elif summands is not None:
            yield from _parts(Range(summands, argument.bound), formula)
        else:
            kept.append(field)
    if kept:
        yield Range(tuple(kept), argument.bound)


def _factors(expr: Expr, path: str) -> tuple[FieldRef, ...] | None:
    """Return the cells of its row that an expression is the product of, None where it is none."""
    match expr:
        case FieldRef(own) if _in_row(own, path):
            return (expr,)
        case Binary(Operator.MULTIPLY, left, right):
            first, second = _factors(left, path), _factors(right, path)
            return None if first is None or second is None else (*first, *second)
        case _:
            return None


def _summands(expr: Expr, path: str) -> tuple[FieldRef, ...] | None:
    """Return the cells of its row that an expression is the SUM of, None where it is none."""
    match expr:
        case Call(Function.SUM, arguments):
            cells = tuple(one for one in arguments if isinstance(one, FieldRef) and _in_row(one.path, path))
            return cells if len(cells) == len(arguments) else None
        case _:
            return None


def _in_row(path: str, other: str) -> bool:
    return path.rpartition("[]")[0] == other.rpartition("[]")[0]
