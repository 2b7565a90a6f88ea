"""Evaluate an expression over a record, and tell what it reads.

The meaning of the language, which perfxl.expr.excel prints as a formula that gives the same:

- A blank is not zero. An operator, a comparison, ROUND, ABS, AND, OR, NOT with a blank operand gives a blank, also
  where the other operands would settle it. A rule that comes out blank is skipped.
- IF with a blank condition gives a blank; else the chosen branch alone counts. ISBLANK tells. BLANK is a blank.
- SUM takes a blank as 0 where at least one summand is filled; all blank gives a blank. SUMIF is the SUM of those
  values whose row has the key: no such row, or none with a value, gives a blank (``SUM(0, SUMIF(…))`` gives 0).
- MIN and MAX pass over the blank cells of a column or group, which is blank when all are. An argument that is blank,
  a single cell or a whole column, makes the result blank.
- COUNT counts filled cells with numbers, COUNTA filled cells of any kind, SAID those of them that say something: not 无
  or a dash (perfxl.model.words; the formula knows them as they are mostly spelled). 0 where there are none.
- Division by zero, and a number beyond Excel's, give a blank.
- Numbers are Decimal of 40 digits and a result has 15, as a cell has; ROUND rounds half away from zero.
- Two numbers are compared by their difference at six decimals: that is finer than anything printed on a form (a percent
  is a fraction of at most six decimals) and coarser than the noise of Excel's binary numbers.
- SUMPRODUCT is the sum over the rows in which each column has a number, blank where there is none; AVERAGE is the mean
  of the filled cells, blank where there are none. COUNTIF counts the cells with a text, or with numbers that meet a
  condition (``'>=60'``). DECIMALS is how many decimals a number has, six at most.
- ``&`` puts texts and numbers together; LEFT, RIGHT, MID, TRIM, UPPER are Excel's, blank where nothing is left. LEN
  counts characters. A day and a number of days are added; DATE of a year before 1901 or after 9999 is a blank.
- Texts are equal when they are but for upper and lower case, as in Excel. An indicator value counts as its text, a
  date as its day number in Excel. A value of another sort than its field's counts as a blank.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import assert_never

from msgspec import Struct

from perfxl.expr.arithmetic import (
    Result,
    alike,
    binary,
    decimals,
    finite,
    logic,
    mean,
    meets,
    product,
    rounded,
    settled,
    total,
)
from perfxl.expr.from_inputs import keys_of
from perfxl.expr.patterns import fits
from perfxl.expr.sorts import CRITERION, sort_of
from perfxl.expr.texts import EXCEL_EPOCH, cut, day_number, joined, made_day, part_of
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
from perfxl.model.record import Record
from perfxl.model.value import IndicatorValue, Value
from perfxl.model.words import says_nothing

__all__ = ["EXCEL_EPOCH", "concrete", "evaluate", "references", "summands", "whole_column"]


def evaluate(expr: Expr, record: Record, at: str = "") -> Result:
    """Return what an expression gives for a record, in the row ``at`` (``indicators[3]``) where it is about a row.

    Never raises on what the record holds; raises ValueError where the expression needs a row and ``at`` is none.
    """
    result = _Reading(record, at).value(expr)
    return settled(result) if isinstance(result, Decimal) else result


def references(expr: Expr) -> tuple[str, ...]:
    """Return the generic paths that an expression reads, each once, in the order of reading."""
    return tuple(dict.fromkeys(field.path for leaf in _leaves(expr) for field in _fields(leaf)))


def concrete(expr: Expr, record: Record, at: str = "") -> tuple[str, ...]:
    """Return the paths in a record that an expression reads, each once; both branches of an IF. Raises as evaluate."""
    reading = _Reading(record, at)
    return tuple(dict.fromkeys(path for leaf in _leaves(expr) for path, _ in reading.cells(leaf)))


def summands(expr: Expr, record: Record, at: str = "") -> int:
    """Return how many printed figures enter the sums of an expression: n of the tolerance 0.005·n (RULES, Tolerance).

    Counted are the filled cells under SUM, SUMIF, ``+`` and ``-``; a figure that stands by itself, constants, factors
    and the branch of an IF that is not taken are not. Raises as evaluate.
    """
    return _Reading(record, at).summands(expr, summed=False)


class _Reading(Struct, frozen=True):
    record: Record
    row: str

    def cells(self, leaf: FieldRef | Range) -> Iterator[tuple[str, Sort]]:
        """Yield the concrete path and sort of each cell."""
        match leaf:
            case FieldRef(_, sort):
                yield leaf.path_at(self.row), sort
            case Range(fields):
                for field, path in zip(fields, leaf.paths_at(self.row), strict=True):
                    if "[]" not in path:
                        yield path, field.sort
                        continue
                    for cell in self.record.paths(path):
                        yield cell, field.sort
            case _:
                assert_never(leaf)

    def values(self, leaf: FieldRef | Range) -> list[Result]:
        if isinstance(leaf, FieldRef):
            return [_typed(self.record[leaf.path_at(self.row)], leaf.sort)]
        return [_typed(self.record[path], sort) for path, sort in self.cells(leaf)]

    def numbers(self, leaf: FieldRef | Range) -> list[Decimal]:
        return [value for value in self.values(leaf) if isinstance(value, Decimal)]

    def value(self, expr: Expr) -> Result:
        match expr:
            case Constant(value):
                return value
            case Blank():
                return None
            case FieldRef(_, sort):
                return _typed(self.record[expr.path_at(self.row)], sort)
            case Range():
                raise TypeError(expr)  # only as an argument: perfxl.expr.check lets no other through
            case Negate(operand):
                number = self.number(operand)
                return None if number is None else number.copy_negate()
            case Binary(operator, left, right) if operator.compares and sort_of(left) in {Sort.TEXT, Sort.TRUTH}:
                return alike(operator, self.value(left), self.value(right))
            case Binary(Operator.JOIN, left, right):
                return joined(self.value(left), self.value(right))
            case Binary(operator, left, right):
                return binary(operator, self.number(left), self.number(right))
            case Call(function, arguments):
                return self.call(function, arguments)
            case _:
                assert_never(expr)

    def number(self, expr: Expr) -> Decimal | None:
        value = self.value(expr)
        return value if isinstance(value, Decimal) else None

    def call(self, function: Function, arguments: tuple[Expr, ...]) -> Result:
        match function, arguments:
            case Function.IF, (condition, yes, no):
                truth = self.value(condition)
                return None if truth is None else self.value(yes if truth else no)
            case Function.ISBLANK, (operand,):
                return self.value(operand) is None
            case ((Function.AND | Function.OR | Function.NOT), _):
                return logic(function, [self.value(argument) for argument in arguments])
            case ((Function.ROUND | Function.ABS | Function.DECIMALS), (operand, *numbers)):
                return self.of_number(function, operand, numbers)
            case (
                Function.FITS
                | Function.LEN
                | Function.TRIM
                | Function.UPPER
                | Function.LEFT
                | Function.RIGHT
                | Function.MID,
                (operand, *numbers),
            ):
                return self.of_text(function, operand, numbers)
            case ((Function.DATE | Function.YEAR | Function.MONTH | Function.DAY), (operand, *numbers)):
                return self.of_day(function, operand, numbers)
            case _:
                return self.aggregate(function, arguments)

    def of_number(self, function: Function, operand: Expr, places: Sequence[Expr]) -> Decimal | None:
        number = self.number(operand)
        if number is None:
            return None
        if function is Function.ROUND:
            return rounded(number, *map(_constant, places))
        return decimals(number) if function is Function.DECIMALS else number.copy_abs()

    def of_text(self, function: Function, operand: Expr, others: Sequence[Expr]) -> Result:
        text = self.value(operand)
        if not isinstance(text, str):
            return None
        if function is Function.LEN:
            return Decimal(len(text))
        if function is Function.FITS:
            return all(
                fits(text, pattern.value)
                for pattern in others
                if isinstance(pattern, Constant) and isinstance(pattern.value, str)
            )
        return cut(function, text, tuple(map(_constant, others)))

    def of_day(self, function: Function, operand: Expr, numbers: Sequence[Expr]) -> Decimal | None:
        number = self.number(operand)
        if number is None:
            return None
        return made_day(number, *map(_constant, numbers)) if function is Function.DATE else part_of(function, number)

    def aggregate(self, function: Function, arguments: tuple[Expr, ...]) -> Decimal | None:
        match function, arguments:
            case Function.SUMIF, (keys, key, values):
                return total(self.matching(keys, key, values))
            case Function.SUMPRODUCT, _:
                return total(self.products(arguments))
            case Function.AVERAGE, _:
                return mean(number for argument in arguments for number in self.filled(argument))
            case Function.SAMEROWS, _:
                return self.same_rows(arguments)
            case Function.COUNTIF, (Range() as column, wanted):
                return self.alike(column, self.value(wanted))
            case Function.SUM, _:
                return total(number for argument in arguments for number in self.filled(argument))
            case Function.COUNT, _:
                return Decimal(sum(len(self.filled(argument)) for argument in arguments))
            case ((Function.COUNTA | Function.SAID), _):
                cells = [value for leaf in _leaves(*arguments) for value in self.values(leaf)]
                tells = _says_something if function is Function.SAID else _is_filled
                return Decimal(sum(map(tells, cells)))
            case ((Function.MIN | Function.MAX), _):
                return self.extreme(function, arguments)
            case _:
                raise TypeError(function, arguments)  # perfxl.expr.check lets no such call through

    def filled(self, argument: Expr) -> list[Decimal]:
        """Return the filled numbers of an argument that may stand for several cells."""
        if isinstance(argument, Range):
            return self.numbers(argument)
        number = self.number(argument)
        return [] if number is None else [number]

    def extreme(self, function: Function, arguments: tuple[Expr, ...]) -> Decimal | None:
        pick = min if function is Function.MIN else max
        found = [self.filled(argument) for argument in arguments]
        return pick(number for numbers in found for number in numbers) if all(found) else None

    def matching(self, keys: Expr, key: Expr, values: Expr) -> list[Decimal]:
        """Return the filled values in the rows that have the key."""
        wanted = self.value(key)
        if not (isinstance(values, Range) and isinstance(wanted, str)):
            return []
        column, length = keys_of(keys)
        pairs = zip(self.values(column), self.values(values), strict=True)
        return [
            value
            for found, value in pairs
            if isinstance(found, str) and isinstance(value, Decimal) and found[:length].lower() == wanted.lower()
        ]

    def products(self, columns: tuple[Expr, ...]) -> list[Decimal]:
        """Return the products of the rows in which each column has a number."""
        values = [self.values(column) for column in columns if isinstance(column, Range)]
        found = []
        for row in zip(*values, strict=True):
            factors = [value for value in row if isinstance(value, Decimal)]
            if len(factors) == len(row):
                found.append(product(factors))
        return found

    def same_rows(self, cells: tuple[Expr, ...]) -> Decimal | None:
        """Return how many rows of the table have what some cells of this row have, itself among them."""
        here = [self.value(cell) for cell in cells]
        if any(value is None for value in here):
            return None
        columns = [self.values(whole_column(cell)) for cell in cells if isinstance(cell, FieldRef)]
        return Decimal(sum(all(map(_equal, row, here)) for row in zip(*columns, strict=True)))

    def alike(self, cells: Range, wanted: Result) -> Decimal | None:
        """Return how many cells hold a text, or a number that meets a condition."""
        if not isinstance(wanted, str):
            return None
        values = self.values(cells)
        condition = CRITERION.fullmatch(wanted)
        if condition is not None and sort_of(cells) is Sort.NUMBER:
            operator, number = Operator(condition[1]), Decimal(condition[2])
            return Decimal(sum(isinstance(value, Decimal) and meets(value, operator, number) for value in values))
        return Decimal(sum(isinstance(value, str) and value.lower() == wanted.lower() for value in values))

    def summands(self, expr: Expr, *, summed: bool) -> int:
        match expr:
            case FieldRef() | Range():
                return len(self.numbers(expr)) if summed else 0
            case Constant() | Blank():
                return 0
            case Negate(operand):
                return self.summands(operand, summed=summed)
            case Binary(operator, left, right):
                inside = operator in {Operator.ADD, Operator.SUBTRACT}
                return self.summands(left, summed=inside) + self.summands(right, summed=inside)
            case Call(Function.SUMIF, (keys, key, values)):
                return len(self.matching(keys, key, values))
            case Call(Function.SUMPRODUCT, columns):
                return len(self.products(columns))
            case Call(Function.IF, (condition, yes, no)):
                truth = self.value(condition)
                taken = 0 if truth is None else self.summands(yes if truth else no, summed=summed)
                return self.summands(condition, summed=False) + taken
            case Call(function, arguments):
                inside = function is Function.SUM or (summed and function in {Function.ROUND, Function.ABS})
                return sum(self.summands(argument, summed=inside) for argument in arguments)
            case _:
                assert_never(expr)


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


def _leaves(*exprs: Expr) -> Iterator[FieldRef | Range]:
    for expr in exprs:
        match expr:
            case FieldRef() | Range():
                yield expr
            case Constant() | Blank():
                pass
            case Negate(operand):
                yield from _leaves(operand)
            case Binary(_, left, right):
                yield from _leaves(left, right)
            case Call(_, arguments):
                yield from _leaves(*arguments)
            case _:
                assert_never(expr)


def _fields(leaf: FieldRef | Range) -> tuple[FieldRef, ...]:
    return leaf.fields if isinstance(leaf, Range) else (leaf,)


def _typed(value: Value, sort: Sort) -> Result:
    if sort is Sort.NUMBER:  # nearly all of them
        return finite(value) if isinstance(value, Decimal) else None
    match sort, value:
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
