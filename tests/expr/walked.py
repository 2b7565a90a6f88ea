"""An expression evaluated by walking its tree for each record: slow and plain, what perfxl.expr.compile must equal.

Comparisons and results are reckoned as they are defined: the difference rounded to six decimals, 15 digits written out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import assert_never

from perfxl.expr.arithmetic import (
    Result,
    alike,
    binary,
    decimals,
    finite,
    logic,
    mean,
    product,
    rounded,
    total,
)
from perfxl.expr.from_inputs import keys_of
from perfxl.expr.patterns import fits
from perfxl.expr.sorts import CRITERION, sort_of
from perfxl.expr.texts import cut, day_number, joined, made_day, part_of
from perfxl.model.expression import ARITHMETIC, Binary, Blank, Call, Constant, Expr, FieldRef, Function, Negate, Range
from perfxl.model.expression import Operator as Op
from perfxl.model.field_type import Sort
from perfxl.model.record import Record
from perfxl.model.value import IndicatorValue, Value
from perfxl.model.words import says_nothing

_FIFTEEN = Context(prec=15, rounding=ROUND_HALF_UP, Emax=308, traps=[])
_TEXTS = {Function.LEN, Function.FITS, Function.TRIM, Function.UPPER, Function.LEFT, Function.RIGHT, Function.MID}
_OF_NUMBERS = {
    *(Function.ROUND, Function.ABS, Function.DECIMALS),
    *(Function.DATE, Function.YEAR, Function.MONTH, Function.DAY),
}


def walked(expr: Expr, record: Record, at: str = "") -> Result:
    """Return what an expression gives for a record in a row."""
    result = _Walk(record, at).value(expr)
    if not isinstance(result, Decimal):
        return result
    short = _FIFTEEN.plus(result).normalize(_FIFTEEN)
    return Decimal(f"{short:f}") if short.is_finite() else None


def reads(expr: Expr, record: Record, at: str = "") -> tuple[str, ...]:
    """Return the paths that an expression reads, each once."""
    walk = _Walk(record, at)
    return tuple(dict.fromkeys(path for leaf in _leaves(expr) for path, _ in walk.cells(leaf)))


@dataclass(frozen=True)
class _Walk:
    record: Record
    row: str

    def cells(self, leaf: FieldRef | Range) -> Iterator[tuple[str, Sort]]:
        if isinstance(leaf, FieldRef):
            yield leaf.path_at(self.row), leaf.sort
            return
        for field, path in zip(leaf.fields, leaf.paths_at(self.row), strict=True):
            for cell in self.record.paths(path):
                yield cell, field.sort

    def values(self, leaf: Expr) -> list[Result]:
        assert isinstance(leaf, FieldRef | Range)
        return [_typed(self.record[path], sort) for path, sort in self.cells(leaf)]

    def value(self, expr: Expr) -> Result:
        match expr:
            case Constant(value):
                return value
            case Blank():
                return None
            case FieldRef():
                return self.values(expr)[0]
            case Negate(operand):
                number = self.number(operand)
                return None if number is None else -number
            case Binary(Op.JOIN, left, right):
                return joined(self.value(left), self.value(right))
            case Binary(operator, left, right) if operator in ARITHMETIC:
                return binary(operator, self.number(left), self.number(right))
            case Binary(operator, left, right) if sort_of(left) in {Sort.TEXT, Sort.TRUTH}:
                return alike(operator, self.value(left), self.value(right))
            case Binary(operator, left, right):
                return _compared(operator, self.number(left), self.number(right))
            case Call(function, arguments):
                return self.call(function, arguments)
            case _:
                raise TypeError(expr)

    def number(self, expr: Expr) -> Decimal | None:
        value = self.value(expr)
        return value if isinstance(value, Decimal) else None

    def call(self, function: Function, arguments: tuple[Expr, ...]) -> Result:
        first, *rest = arguments
        match function:
            case Function.IF:
                truth = self.value(first)
                return None if truth is None else self.value(rest[0] if truth else rest[1])
            case Function.ISBLANK:
                return self.value(first) is None
            case Function.AND | Function.OR | Function.NOT:
                return logic(function, [self.value(argument) for argument in arguments])
            case _ if function in _OF_NUMBERS:
                number = self.number(first)
                return None if number is None else _of_number(function, number, [_written(one) for one in rest])
            case _ if function in _TEXTS:
                text = self.value(first)
                return self.of_text(function, text, rest) if isinstance(text, str) else None
            case _:
                return self.aggregate(function, arguments)

    def of_text(self, function: Function, text: str, rest: list[Expr]) -> Result:
        if function is Function.LEN:
            return Decimal(len(text))
        if function is Function.FITS:
            return all(fits(text, str(self.value(one))) for one in rest)
        return cut(function, text, tuple(map(_written, rest)))

    def aggregate(self, function: Function, arguments: tuple[Expr, ...]) -> Decimal | None:
        filled = [self.filled(argument) for argument in arguments] if function not in _UNLIKE else []
        numbers = [number for each in filled for number in each]
        match function:
            case Function.SUM:
                return total(numbers)
            case Function.AVERAGE:
                return mean(numbers)
            case Function.COUNT:
                return Decimal(len(numbers))
            case Function.MIN:
                return min(numbers) if all(filled) else None
            case Function.MAX:
                return max(numbers) if all(filled) else None
            case Function.SUMIF:
                return total(self.matching(*arguments))
            case Function.SUMPRODUCT:
                lines = zip(*map(self.values, arguments), strict=True)
                return total(product(_numbers(line)) for line in lines if len(_numbers(line)) == len(line))
            case Function.SAMEROWS:
                return self.same_rows(arguments)
            case Function.COUNTIF:
                return self.alike(arguments[0], self.value(arguments[1]))
            case _:
                cells = [value for leaf in _leaves(*arguments) for value in self.values(leaf)]
                told = [value for value in cells if value is not None]
                if function is Function.SAID:
                    told = [value for value in told if not (isinstance(value, str) and says_nothing(value))]
                return Decimal(len(told))

    def filled(self, argument: Expr) -> list[Decimal]:
        return _numbers(self.values(argument) if isinstance(argument, Range) else [self.value(argument)])

    def matching(self, keys: Expr, key: Expr, values: Expr) -> list[Decimal]:
        wanted = self.value(key)
        column, length = keys_of(keys)
        pairs = zip(self.values(column), self.values(values), strict=True)
        return [
            value
            for found, value in pairs
            if isinstance(found, str)
            and isinstance(value, Decimal)
            and isinstance(wanted, str)
            and found[:length].lower() == wanted.lower()
        ]

    def same_rows(self, cells: tuple[Expr, ...]) -> Decimal | None:
        here = [self.value(cell) for cell in cells]
        columns = [
            self.values(Range((cell,), cell.path.count("[]") - 1)) for cell in cells if isinstance(cell, FieldRef)
        ]
        lines = zip(*columns, strict=True)
        return None if None in here else Decimal(sum(all(map(_equal, line, here)) for line in lines))

    def alike(self, cells: Expr, wanted: Result) -> Decimal | None:
        if not isinstance(wanted, str):
            return None
        condition = CRITERION.fullmatch(wanted)
        if condition is None or sort_of(cells) is not Sort.NUMBER:
            return Decimal(sum(isinstance(one, str) and one.lower() == wanted.lower() for one in self.values(cells)))
        operator, number = Op(condition[1]), Decimal(condition[2])
        return Decimal(sum(_compared(operator, one, number) is True for one in _numbers(self.values(cells))))


_UNLIKE = {
    Function.SUMIF,
    Function.SUMPRODUCT,
    Function.SAMEROWS,
    Function.COUNTIF,
    Function.COUNTA,
    Function.SAID,
}
"""Functions whose arguments are not all numbers, or not one by one."""


def _numbers(values: list[Result] | tuple[Result, ...]) -> list[Decimal]:
    return [value for value in values if isinstance(value, Decimal)]


def _compared(operator: Op, left: Decimal | None, right: Decimal | None) -> bool | None:
    gap = binary(Op.SUBTRACT, left, right)
    if not isinstance(gap, Decimal):
        return None
    gap = rounded(gap, 6)
    match operator:
        case Op.EQUAL:
            return gap == 0
        case Op.UNEQUAL:
            return gap != 0
        case Op.LESS:
            return gap < 0
        case Op.AT_MOST:
            return gap <= 0
        case Op.MORE:
            return gap > 0
        case _:
            return gap >= 0


def _of_number(function: Function, number: Decimal, rest: list[int]) -> Decimal | None:
    match function:
        case Function.ROUND:
            return rounded(number, *rest)
        case Function.ABS:
            return number.copy_abs()
        case Function.DECIMALS:
            return decimals(number)
        case Function.DATE:
            return made_day(number, *rest)
        case _:
            return part_of(function, number)


def _written(expr: Expr) -> int:
    assert isinstance(expr, Constant)
    return int(expr.value)


def _equal(one: Result, other: Result) -> bool:
    if isinstance(one, Decimal) and isinstance(other, Decimal):
        return _compared(Op.EQUAL, one, other) is True
    return alike(Op.EQUAL, one, other) is True


def _leaves(*exprs: Expr) -> Iterator[FieldRef | Range]:
    for expr in exprs:
        match expr:
            case FieldRef() | Range():
                yield expr
            case Negate(operand):
                yield from _leaves(operand)
            case Binary(_, left, right):
                yield from _leaves(left, right)
            case Call(_, arguments):
                yield from _leaves(*arguments)
            case Constant() | Blank():
                pass
            case _:
                assert_never(expr)


def _typed(value: Value, sort: Sort) -> Result:
    match sort, value:
        case Sort.NUMBER, Decimal():
            return finite(value)
        case Sort.TEXT, str():
            return value or None
        case Sort.DATE, dt.date():
            return day_number(value)
        case Sort.TICK, True:
            return True
        case Sort.TEXT, _ if isinstance(value, IndicatorValue):
            return value.text or None
        case _:
            return None
