"""The cells that an expression reads: where they are in a record, and what stands in them, as functions of record and row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple, TypeAlias, assert_never

from perfxl.expr.arithmetic import Result, finite
from perfxl.expr.texts import day_number
from perfxl.model.expression import (
    Binary,
    Blank,
    Call,
    Constant,
    Expr,
    FieldRef,
    Negate,
    Range,
    in_brackets,
)
from perfxl.model.field_type import Sort
from perfxl.model.once import once_each
from perfxl.model.record import Record
from perfxl.model.value import IndicatorValue, Value

Leaf: TypeAlias = FieldRef | Range
Paths: TypeAlias = Callable[[Record, str], Iterable[str]]
Values: TypeAlias = Callable[[Record, str], list[Result]]
Numbers: TypeAlias = Callable[[Record, str], list[Decimal]]


def _number(value: Value) -> Decimal | None:
    return finite(value) if isinstance(value, Decimal) else None


def _text(value: Value) -> str | None:
    if isinstance(value, IndicatorValue):
        return value.text or None
    return value or None if isinstance(value, str) else None


def _day(value: Value) -> Decimal | None:
    return day_number(value) if isinstance(value, dt.date) else None


def _tick(value: Value) -> bool | None:
    return True if value is True else None


def _nothing(value: Value) -> None:
    del value


TYPED: Mapping[Sort, Callable[[Value], Result]] = {
    Sort.NUMBER: _number,
    Sort.TEXT: _text,
    Sort.DATE: _day,
    Sort.TICK: _tick,
    Sort.TRUTH: _nothing,
}
"""What a value counts as in a field of a sort: one of another sort is a blank."""


class _Run(NamedTuple):
    """Cells of one sort, one after the other in a column or group."""

    sort: Sort
    paths: Paths


@once_each
def leaves(expr: Expr) -> tuple[Leaf, ...]:
    """Return the cells and columns that an expression reads, in the order of reading."""
    match expr:
        case FieldRef() | Range():
            return (expr,)
        case Constant() | Blank():
            return ()
        case Negate(operand):
            return leaves(operand)
        case Binary(_, left, right):
            return (*leaves(left), *leaves(right))
        case Call(_, arguments):
            return tuple(leaf for argument in arguments for leaf in leaves(argument))
        case _:
            assert_never(expr)


def fields_of(leaf: Leaf) -> tuple[FieldRef, ...]:
    """Return the fields that a cell or a column or group is made of."""
    return leaf.fields if isinstance(leaf, Range) else (leaf,)


@once_each
def paths_of(expr: Expr) -> Paths:
    """Return what gives the paths of the cells that an expression reads, each once."""
    fixed = _fixed(expr)
    if fixed is not None:
        return lambda _record, _row: fixed
    runs = [run.paths for leaf in dict.fromkeys(leaves(expr)) for run in _runs(leaf)]
    return lambda record, row: dict.fromkeys(path for paths in runs for path in paths(record, row))


def values_of(leaf: Leaf) -> Values:
    """Return what gives the values of the cells of a column or group."""
    runs = [(TYPED[run.sort], run.paths) for run in _runs(leaf)]
    if len(runs) == 1:
        ((typed, paths),) = runs

        def of_one_run(record: Record, row: str) -> list[Result]:
            get = record.values.get
            return [typed(get(path)) for path in paths(record, row)]

        return of_one_run

    def values(record: Record, row: str) -> list[Result]:
        get = record.values.get
        return [typed(get(path)) for typed, paths in runs for path in paths(record, row)]

    return values


def numbers_of(leaf: Leaf) -> Numbers:
    """Return what gives the numbers of a column or group, blanks left out."""
    values = values_of(leaf)
    return lambda record, row: [value for value in values(record, row) if isinstance(value, Decimal)]


def value_of(cell: FieldRef) -> Callable[[Record, str], Result]:
    """Return what gives the value of one cell."""
    typed, path, brackets = TYPED[cell.sort], cell.path, cell.path.count("[]")
    if brackets:
        return lambda record, row: typed(record.values.get(in_brackets(path, row, brackets)))
    return lambda record, _row: typed(record.values.get(path))


def _runs(leaf: Leaf) -> Iterator[_Run]:
    bound = leaf.bound if isinstance(leaf, Range) else leaf.path.count("[]")
    for (sort, several), group in groupby(fields_of(leaf), lambda field: (field.sort, bound or "[]" in field.path)):
        paths = tuple(field.path for field in group)
        if several:
            yield from (_Run(sort, _column(path, bound)) for path in paths)
        else:
            yield _Run(sort, _alone(paths))


def _alone(paths: tuple[str, ...]) -> Paths:
    """Return the paths of cells that stand once."""
    return lambda _record, _row: paths


def _column(path: str, bound: int) -> Paths:
    """Return the paths of a column, within a row as far as brackets are bound."""
    if not bound:
        return lambda record, _row: record.paths(path)
    if path.count("[]") <= bound:
        return lambda _record, row: (in_brackets(path, row, bound),)
    return lambda record, row: record.paths(in_brackets(path, row, bound))


def _fixed(expr: Expr) -> tuple[str, ...] | None:
    """Return the paths of an expression that reads only cells that stand once."""
    paths: dict[str, None] = {}
    for leaf in leaves(expr):
        fields = fields_of(leaf)
        if (isinstance(leaf, Range) and leaf.bound) or any("[]" in field.path for field in fields):
            return None
        paths |= dict.fromkeys(field.path for field in fields)
    return tuple(paths)
