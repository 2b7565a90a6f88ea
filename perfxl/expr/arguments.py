"""Whether the arguments of a function fit: how many, their sorts, one cell or a column, what must be written as a number."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType

from perfxl.expr import patterns
from perfxl.expr.sorts import (
    CRITERION,
    SIGNATURES,
    SORT_NAMES,
    TEXTS,
    TRUTHS,
    YEARS,
    OperandMisfit,
    Signature,
    sort_of,
    sorts_named,
    wrong,
)
from perfxl.model.expression import (
    Blank,
    Constant,
    Expr,
    FieldRef,
    Function,
    Range,
)
from perfxl.model.field_type import Sort

PLACES_LIMIT = 9
CUT_LIMIT = 255
"""The most characters that LEFT, RIGHT and MID take from a text."""


def call_misfit(function: Function, arguments: tuple[Expr, ...]) -> OperandMisfit | None:
    """Return what does not fit between a function and its arguments, None where all does."""
    signature = SIGNATURES[function]
    if not signature.least <= len(arguments) <= signature.most:
        return OperandMisfit(f"{function} 不能有 {len(arguments)} 个参数，应写成 {signature.usage}")
    own = _OWN.get(function)
    if own is not None and function in _UNLIKE:
        return own(arguments)
    for position, argument in enumerate(arguments):
        found = _argument(signature, argument, position, branch=function is Function.IF and position > 0)
        if found:
            return found
    return None if own is None else own(arguments)


def _round(arguments: tuple[Expr, ...]) -> OperandMisfit | None:
    if _whole(arguments[1], 0, PLACES_LIMIT):
        return None
    return OperandMisfit(f"小数位数要写成 0 到 {PLACES_LIMIT} 的整数，如 ROUND(数, 2)", 1)


def _alike(arguments: tuple[Expr, ...]) -> OperandMisfit | None:
    """Return what is wrong with arguments of which one must be picked: numbers and dates among each other."""
    sorts = [_sorts(argument) for argument in arguments]
    position = next((index for index, own in enumerate(sorts) if own != sorts[0] or len(own) > 1), None)
    return None if position is None else OperandMisfit("数和日期不能放在一起比大小", position)


def _sorts(argument: Expr) -> frozenset[Sort | None]:
    fields = argument.fields if isinstance(argument, Range) else (argument,)
    return frozenset(sort_of(field) for field in fields)


def _cut(arguments: tuple[Expr, ...]) -> OperandMisfit | None:
    text, *numbers = arguments
    if sort_of(text) is not Sort.TEXT:
        return OperandMisfit("这里要文字，不能是数", 0)
    for position, number in enumerate(numbers, 1):
        if not _whole(number, 1, CUT_LIMIT):
            return OperandMisfit(f"第几个字、几个字，要写成 1 到 {CUT_LIMIT} 的整数", position)
    return None


def _date(arguments: tuple[Expr, ...]) -> OperandMisfit | None:
    year, month, day = arguments
    if isinstance(year, Constant) and not _whole(year, *YEARS):
        return OperandMisfit("年度要写成四位数，如 2024", 0)
    for position, number, most in ((1, month, 12), (2, day, 31)):
        if not _whole(number, 1, most):
            return OperandMisfit("月和日要写成整数，如 DATE(2024, 12, 31)、DATE(year, 12, 31)", position)
    try:
        # The 29th of February is no day of every year.
        dt.date(_int(year) if isinstance(year, Constant) else YEARS[0], _int(month), _int(day))
    except ValueError:
        return OperandMisfit("没有这一天", 2)
    return None


def _int(constant: Expr) -> int:
    return int(constant.value) if isinstance(constant, Constant) else 0


def _argument(signature: Signature, argument: Expr, position: int, *, branch: bool) -> OperandMisfit | None:
    if branch and isinstance(argument, Blank):
        return None
    if signature.cells and not isinstance(argument, FieldRef | Range):
        return OperandMisfit(f"这里只能写栏目名，应写成 {signature.usage}", position)
    if signature.several and isinstance(argument, Range):
        for field in argument.fields:
            if field.sort not in signature.sorts:
                remedy = "；数填了几格用 COUNTA" if signature.cells else ""
                return OperandMisfit(
                    f"其中有{SORT_NAMES[field.sort]}，这里要全是{sorts_named(signature.sorts)}{remedy}", position
                )
        return None
    return wrong(argument, signature.sorts, position)


def _if(arguments: tuple[Expr, ...]) -> OperandMisfit | None:
    condition, yes, no = arguments
    found = wrong(condition, TRUTHS, 0)
    if found:
        return found
    first, second = sort_of(yes), sort_of(no)
    if first is None and second is None:
        return OperandMisfit("IF 的两个结果不能都是 BLANK", 2)
    if first and second and first is not second:
        return OperandMisfit(f"IF 的两个结果要同类，这里一个是{SORT_NAMES[first]}，一个是{SORT_NAMES[second]}", 2)
    return None


def _sumif(arguments: tuple[Expr, ...]) -> OperandMisfit | None:
    keys, key, values = arguments
    found = _column(keys, Sort.TEXT, 0) or wrong(key, frozenset({Sort.TEXT}), 1) or _column(values, Sort.NUMBER, 2)
    if found:
        return found
    if _table(keys) != _table(values):
        return OperandMisfit("两列要在同一张表里，才能逐行对应", 2)
    return None


def _products(columns: tuple[Expr, ...]) -> OperandMisfit | None:
    for position, column in enumerate(columns):
        found = _column(column, Sort.NUMBER, position, Function.SUMPRODUCT)
        if found:
            return found
        if _table(column) != _table(columns[0]):
            return OperandMisfit("各列要在同一张表里，才能逐行相乘", position)
    return None


def _countif(arguments: tuple[Expr, ...]) -> OperandMisfit | None:
    cells, wanted = arguments
    usage = f"应写成 {SIGNATURES[Function.COUNTIF].usage}，数写成 COUNTIF(栏目, '>=60')"
    if not isinstance(cells, Range):
        return OperandMisfit(f"这里要写一整列或一组，{usage}", 0)
    match sort_of(cells):
        case Sort.TEXT:
            return wrong(wanted, TEXTS, 1)
        case Sort.NUMBER:
            if isinstance(wanted, Constant) and isinstance(wanted.value, str) and CRITERION.fullmatch(wanted.value):
                return None
            return OperandMisfit("这一列是数，条件写成 '>=60'、'=0' 的样子", 1)
        case _:
            return OperandMisfit(f"这一列要全是文字，或者全是数，{usage}", 0)


def _column(argument: Expr, sort: Sort, position: int, function: Function = Function.SUMIF) -> OperandMisfit | None:
    usage = f"应写成 {SIGNATURES[function].usage}"
    if _table(argument) is None:
        return OperandMisfit(f"这里要写可增行的表里的一整列，{usage}", position)
    if sort_of(argument) is not sort:
        return OperandMisfit(f"这一列要是{SORT_NAMES[sort]}，{usage}", position)
    return None


def _table(argument: Expr) -> tuple[str, int] | None:
    """Return what identifies the table that a single column belongs to, None for anything else."""
    match argument:
        case Range((FieldRef(path),), bound) if path.count("[]") > bound:
            return path.rpartition("[]")[0], bound
        case _:
            return None


def _whole(argument: Expr, least: int, most: int) -> bool:
    """Tell whether an argument is written as a whole number between two others."""
    match argument:
        case Constant(Decimal() as value):
            return value == int(value) and least <= value <= most
        case _:
            return False


def _fits(arguments: tuple[Expr, ...]) -> OperandMisfit | None:
    match arguments[1]:
        case Constant(str() as pattern):
            reason = patterns.wrong(pattern)
            return OperandMisfit(f"“{pattern}”{reason}", 1) if reason else None
        case _:
            return OperandMisfit(f"哪一种号码要用引号写明，如 {'、'.join(patterns.KINDS)}", 1)


def _samerows(arguments: tuple[Expr, ...]) -> OperandMisfit | None:
    tables = [field.path.rpartition("[]")[0] if isinstance(field, FieldRef) else "" for field in arguments]
    for position, table in enumerate(tables):
        if not table or table != tables[0]:
            return OperandMisfit("这里要写可增行的表里本行的栏目，各栏在同一张表里", position)
    return None


_OWN: Mapping[Function, Callable[[tuple[Expr, ...]], OperandMisfit | None]] = MappingProxyType(
    {
        Function.SUMIF: _sumif,
        Function.SUMPRODUCT: _products,
        Function.COUNTIF: _countif,
        Function.IF: _if,
        Function.ROUND: _round,
        Function.MIN: _alike,
        Function.MAX: _alike,
        Function.LEFT: _cut,
        Function.RIGHT: _cut,
        Function.MID: _cut,
        Function.DATE: _date,
        Function.FITS: _fits,
        Function.SAMEROWS: _samerows,
    }
)
_UNLIKE = frozenset({Function.SUMIF, Function.SUMPRODUCT, Function.COUNTIF})
"""Functions whose arguments are not of the sorts that the signature says."""
