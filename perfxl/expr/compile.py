"""Expressions as functions of a record and a row, each node made into one once; what they mean is in perfxl.expr.evaluate.

What is known of a node without a record (its operator, constants, paths, whether it gives a number at all) is settled
when it is made into a function, so that nothing is asked again for each return and each row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TypeAlias, assert_never

from perfxl.expr.arithmetic import (
    OPERATIONS,
    Result,
    alike,
    decimals,
    logic,
    mean,
    meets,
    product,
    rounded,
    total,
)
from perfxl.expr.cells import Numbers, leaves, numbers_of, value_of, values_of
from perfxl.expr.from_inputs import keys_of
from perfxl.expr.patterns import fits
from perfxl.expr.sorts import CRITERION, sort_of
from perfxl.expr.texts import cut, joined, made_day, part_of
from perfxl.model.expression import (
    Binary,
    Blank,
    Call,
    Constant,
    Expr,
    FieldRef,
    Function,
    Negate,
    Operator,
    Range,
)
from perfxl.model.field_type import Sort
from perfxl.model.once import once_each
from perfxl.model.record import Record
from perfxl.model.words import says_nothing

Evaluation: TypeAlias = Callable[[Record, str], Result]
Number: TypeAlias = Callable[[Record, str], Decimal | None]


@once_each
def compiled(expr: Expr) -> Evaluation:
    """Return an expression as a function, which raises ValueError where it needs a row and is given none."""
    match expr:
        case Constant(value):
            return lambda _record, _row: value
        case Blank():
            return lambda _record, _row: None
        case FieldRef():
            return value_of(expr)
        case Range():
            raise TypeError(expr)  # only as an argument: perfxl.expr.check lets no other through
        case Negate(operand):
            return _negated(_number(operand))
        case Binary(operator, left, right):
            return _binary(operator, left, right)
        case Call(function, arguments):
            return _call(function, arguments)
        case _:
            assert_never(expr)


def _number(expr: Expr) -> Number:
    """Return an expression as a function that gives a number or a blank."""
    value = compiled(expr)

    def number(record: Record, row: str) -> Decimal | None:
        found = value(record, row)
        return found if isinstance(found, Decimal) else None

    return number


def _negated(number: Number) -> Evaluation:
    def negated(record: Record, row: str) -> Decimal | None:
        found = number(record, row)
        return None if found is None else found.copy_negate()

    return negated


def _binary(operator: Operator, left: Expr, right: Expr) -> Evaluation:
    one, other = compiled(left), compiled(right)
    if operator is Operator.JOIN:
        return lambda record, row: joined(one(record, row), other(record, row))
    if operator.compares and sort_of(left) in {Sort.TEXT, Sort.TRUTH}:
        return lambda record, row: alike(operator, one(record, row), other(record, row))
    reckon = OPERATIONS[operator]

    def binary(record: Record, row: str) -> Result:
        first, second = one(record, row), other(record, row)
        return reckon(first, second) if isinstance(first, Decimal) and isinstance(second, Decimal) else None

    return binary


def _call(function: Function, arguments: tuple[Expr, ...]) -> Evaluation:
    match function, arguments:
        case Function.IF, (condition, yes, no):
            return _chosen(*map(compiled, (condition, yes, no)))
        case Function.ISBLANK, (operand,):
            value = compiled(operand)
            return lambda record, row: value(record, row) is None
        case ((Function.AND | Function.OR | Function.NOT), _):
            truths = [compiled(argument) for argument in arguments]
            return lambda record, row: logic(function, [truth(record, row) for truth in truths])
        case (
            (
                Function.ROUND
                | Function.ABS
                | Function.DECIMALS
                | Function.DATE
                | Function.YEAR
                | Function.MONTH
                | Function.DAY
            ),
            (operand, *numbers),
        ):
            return _of_number(_number(operand), _on_number(function, tuple(map(_constant, numbers))))
        case Function.FITS, (operand, *patterns):
            return _of_text(compiled(operand), _fitting(patterns))
        case Function.LEN, (operand,):
            return _of_text(compiled(operand), lambda text: Decimal(len(text)))
        case ((Function.TRIM | Function.UPPER | Function.LEFT | Function.RIGHT | Function.MID), (operand, *numbers)):
            places = tuple(map(_constant, numbers))
            return _of_text(compiled(operand), lambda text: cut(function, text, places))
        case _:
            return _aggregate(function, arguments)


def _chosen(condition: Evaluation, yes: Evaluation, no: Evaluation) -> Evaluation:
    def chosen(record: Record, row: str) -> Result:
        truth = condition(record, row)
        if truth is None:
            return None
        return yes(record, row) if truth else no(record, row)

    return chosen


def _of_number(number: Number, work: Callable[[Decimal], Decimal | None]) -> Evaluation:
    def of_number(record: Record, row: str) -> Decimal | None:
        found = number(record, row)
        return None if found is None else work(found)

    return of_number


def _on_number(function: Function, numbers: tuple[int, ...]) -> Callable[[Decimal], Decimal | None]:
    """Return what a function does to its first argument, given the others."""
    match function:
        case Function.ROUND:
            return lambda number: rounded(number, *numbers)
        case Function.ABS:
            return Decimal.copy_abs
        case Function.DECIMALS:
            return decimals
        case Function.DATE:
            return lambda year: made_day(year, *numbers)
        case _:
            return lambda day: part_of(function, day)


def _of_text(value: Evaluation, work: Callable[[str], Result]) -> Evaluation:
    def of_text(record: Record, row: str) -> Result:
        text = value(record, row)
        return work(text) if isinstance(text, str) else None

    return of_text


def _fitting(patterns: Sequence[Expr]) -> Callable[[str], bool]:
    names = [one.value for one in patterns if isinstance(one, Constant) and isinstance(one.value, str)]
    return lambda text: all(fits(text, name) for name in names)


def _aggregate(function: Function, arguments: tuple[Expr, ...]) -> Evaluation:
    match function, arguments:
        case Function.SUMIF, (keys, key, values):
            summed = matching(keys, key, values)
            return lambda record, row: total(summed(record, row))
        case Function.SUMPRODUCT, _:
            summed = products(arguments)
            return lambda record, row: total(summed(record, row))
        case Function.SAMEROWS, _:
            return _same_rows(arguments)
        case Function.COUNTIF, (Range() as column, wanted):
            return _counted_if(column, wanted)
        case ((Function.COUNTA | Function.SAID), _):
            return _counted(arguments, _says_something if function is Function.SAID else _is_filled)
        case ((Function.MIN | Function.MAX), _):
            return _extreme(min if function is Function.MIN else max, arguments)
    numbers = _filled(arguments)
    match function:
        case Function.SUM:
            return lambda record, row: total(numbers(record, row))
        case Function.AVERAGE:
            return lambda record, row: mean(numbers(record, row))
        case Function.COUNT:
            return lambda record, row: Decimal(len(numbers(record, row)))
        case _:
            raise TypeError(function, arguments)  # perfxl.expr.check lets no such call through


def _filled(arguments: tuple[Expr, ...]) -> Numbers:
    """Return what gives the filled numbers of arguments of which any may stand for several cells."""
    if len(arguments) == 1:
        return _filled_of(arguments[0])
    each = [_filled_of(argument) for argument in arguments]
    return lambda record, row: [number for numbers in each for number in numbers(record, row)]


def _filled_of(argument: Expr) -> Numbers:
    if isinstance(argument, Range):
        return numbers_of(argument)
    value = compiled(argument)

    def one(record: Record, row: str) -> list[Decimal]:
        found = value(record, row)
        return [found] if isinstance(found, Decimal) else []

    return one


def _extreme(pick: Callable[[list[Decimal]], Decimal], arguments: tuple[Expr, ...]) -> Evaluation:
    each = [_filled_of(argument) for argument in arguments]

    def extreme(record: Record, row: str) -> Decimal | None:
        found = [numbers(record, row) for numbers in each]
        return pick([number for numbers in found for number in numbers]) if all(found) else None

    return extreme


def matching(keys: Expr, key: Expr, values: Expr) -> Numbers:
    """Return what gives the filled values in the rows that have a key."""
    wanted_key = compiled(key)
    column, length = keys_of(keys)
    found_keys = values_of(column)
    found_values = values_of(values) if isinstance(values, Range) else None

    def matched(record: Record, row: str) -> list[Decimal]:
        wanted = wanted_key(record, row)
        if found_values is None or not isinstance(wanted, str):
            return []
        wanted = wanted.lower()
        pairs = zip(found_keys(record, row), found_values(record, row), strict=True)
        return [
            value
            for found, value in pairs
            if isinstance(found, str) and isinstance(value, Decimal) and found[:length].lower() == wanted
        ]

    return matched


def products(columns: tuple[Expr, ...]) -> Numbers:
    """Return what gives the products of the rows in which each column has a number."""
    each = [values_of(column) for column in columns if isinstance(column, Range)]

    def multiplied(record: Record, row: str) -> list[Decimal]:
        found = []
        for line in zip(*(values(record, row) for values in each), strict=True):
            factors = [value for value in line if isinstance(value, Decimal)]
            if len(factors) == len(line):
                found.append(product(factors))
        return found

    return multiplied


def _same_rows(cells: tuple[Expr, ...]) -> Evaluation:
    """Count the rows of the table that have what some cells of this row have, itself among them."""
    here = [compiled(cell) for cell in cells]
    columns = [values_of(whole_column(cell)) for cell in cells if isinstance(cell, FieldRef)]

    def same_rows(record: Record, row: str) -> Decimal | None:
        wanted = [value(record, row) for value in here]
        if None in wanted:
            return None
        lines = zip(*(values(record, row) for values in columns), strict=True)
        return Decimal(sum(all(map(_equal, line, wanted)) for line in lines))

    return same_rows


def _counted_if(cells: Range, wanted: Expr) -> Evaluation:
    """Count the cells that hold a text, or a number that meets a condition."""
    values, condition, of_numbers = values_of(cells), compiled(wanted), sort_of(cells) is Sort.NUMBER

    def counted(record: Record, row: str) -> Decimal | None:
        text = condition(record, row)
        if not isinstance(text, str):
            return None
        found, criterion = values(record, row), CRITERION.fullmatch(text)
        if criterion is not None and of_numbers:
            operator, number = Operator(criterion[1]), Decimal(criterion[2])
            return Decimal(sum(isinstance(value, Decimal) and meets(value, operator, number) for value in found))
        return Decimal(sum(isinstance(value, str) and value.lower() == text.lower() for value in found))

    return counted


def _counted(arguments: tuple[Expr, ...], tells: Callable[[Result], bool]) -> Evaluation:
    each = [values_of(leaf) for argument in arguments for leaf in leaves(argument)]
    return lambda record, row: Decimal(sum(tells(value) for values in each for value in values(record, row)))


def _constant(expr: Expr) -> int:
    """Return a whole number that is written in the expression (perfxl.expr.check lets no other through)."""
    if isinstance(expr, Constant) and isinstance(expr.value, Decimal):
        return int(expr.value)
    raise TypeError(expr)


def whole_column(cell: FieldRef) -> Range:
    """Return the column of the table that a cell of a row belongs to."""
    return Range((cell,), cell.path.count("[]") - 1)


def _equal(one: Result, other: Result) -> bool:
    if isinstance(one, Decimal) and isinstance(other, Decimal):
        return meets(one, Operator.EQUAL, other)
    return alike(Operator.EQUAL, one, other) is True


def _is_filled(value: Result) -> bool:
    return value is not None


def _says_something(value: Result) -> bool:
    return value is not None and not (isinstance(value, str) and says_nothing(value))
