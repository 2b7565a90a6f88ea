"""Whether the parts of an expression fit: number of arguments, their sorts, one cell or several."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, assert_never

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

NEST_LIMIT = 64
"""How deep Excel 2007 and later nest; an expression nests no deeper, and its formula is measured when printed."""
ARGUMENT_LIMIT = 255
PLACES_LIMIT = 9

SORT_NAMES: Mapping[Sort, str] = {
    Sort.NUMBER: "数",
    Sort.TEXT: "文字",
    Sort.TRUTH: "是否成立的条件",
    Sort.DATE: "日期",
    Sort.TICK: "打勾的格",
}
_ANY = frozenset(Sort)
_NUMBERS = frozenset({Sort.NUMBER})
_TRUTHS = frozenset({Sort.TRUTH})
_VALUES = _ANY - {Sort.TICK}


class OperandMisfit(NamedTuple):
    """What does not fit, and which operand it is about (None: the whole)."""

    reason: str
    operand: int | None = None


@dataclass(frozen=True, slots=True)
class Signature:
    """What a function takes. ``usage`` shows an author how to write it.

    ``several``: a column or group may stand for an argument; ``cells``: nothing but cells may.
    """

    usage: str
    least: int
    most: int
    sorts: frozenset[Sort]
    result: Sort
    several: bool = False
    cells: bool = False


SIGNATURES: Mapping[Function, Signature] = {
    Function.SUM: Signature("SUM(栏目, …)", 1, ARGUMENT_LIMIT, _NUMBERS, Sort.NUMBER, several=True),
    Function.SUMIF: Signature("SUMIF(类别栏, '类别', 金额栏)", 3, 3, _ANY, Sort.NUMBER, several=True),
    Function.COUNT: Signature("COUNT(栏目, …)", 1, ARGUMENT_LIMIT, _NUMBERS, Sort.NUMBER, several=True, cells=True),
    Function.COUNTA: Signature("COUNTA(栏目, …)", 1, ARGUMENT_LIMIT, _ANY, Sort.NUMBER, several=True, cells=True),
    Function.SAID: Signature("SAID(栏目, …)", 1, ARGUMENT_LIMIT, _VALUES, Sort.NUMBER, several=True, cells=True),
    Function.MIN: Signature("MIN(栏目, …)", 1, ARGUMENT_LIMIT, _NUMBERS, Sort.NUMBER, several=True),
    Function.MAX: Signature("MAX(栏目, …)", 1, ARGUMENT_LIMIT, _NUMBERS, Sort.NUMBER, several=True),
    Function.ROUND: Signature("ROUND(数, 小数位数)", 2, 2, _NUMBERS, Sort.NUMBER),
    Function.ABS: Signature("ABS(数)", 1, 1, _NUMBERS, Sort.NUMBER),
    Function.IF: Signature("IF(条件, 成立时的值, 不成立时的值)", 3, 3, _VALUES, Sort.NUMBER),
    Function.AND: Signature("AND(条件, …)", 1, ARGUMENT_LIMIT, _TRUTHS, Sort.TRUTH),
    Function.OR: Signature("OR(条件, …)", 1, ARGUMENT_LIMIT, _TRUTHS, Sort.TRUTH),
    Function.NOT: Signature("NOT(条件)", 1, 1, _TRUTHS, Sort.TRUTH),
    Function.ISBLANK: Signature("ISBLANK(栏目)", 1, 1, _ANY, Sort.TRUTH),
}
"""Of IF and SUMIF only the frame: their arguments differ in sort, and the result of IF is that of its branches."""


def sort_of(expr: Expr) -> Sort | None:
    """Return what a fitting expression gives; None for BLANK and for several cells of unlike sorts."""
    match expr:
        case Constant(bool()):
            return Sort.TRUTH
        case Constant(str()):
            return Sort.TEXT
        case Constant() | Negate():
            return Sort.NUMBER
        case Blank():
            return None
        case FieldRef(_, sort):
            return sort
        case Range(fields):
            sorts = {field.sort for field in fields}
            return sorts.pop() if len(sorts) == 1 else None
        case Binary(operator):
            return Sort.TRUTH if operator.compares else Sort.NUMBER
        case Call(Function.IF, (_, yes, no)):
            return sort_of(yes) or sort_of(no)
        case Call(function):
            return SIGNATURES[function].result
        case _:
            assert_never(expr)


def misfit(expr: Expr) -> OperandMisfit | None:
    """Return what does not fit between a node and its operands, None where all does; the operands themselves fit."""
    match expr:
        case Constant() | Blank() | FieldRef() | Range():
            return None
        case Negate(operand):
            return _wrong(operand, _NUMBERS, 0)
        case Binary(operator, left, right):
            return _binary(operator, left, right)
        case Call(function, arguments):
            return _call(function, arguments)
        case _:
            assert_never(expr)


def whole(expr: Expr) -> OperandMisfit | None:
    """Return what keeps an expression from standing by itself as a rule or formula."""
    return _wrong(expr, _VALUES, None)


def _binary(operator: Operator, left: Expr, right: Expr) -> OperandMisfit | None:
    if not operator.compares:
        return _wrong(left, _NUMBERS, 0) or _wrong(right, _NUMBERS, 1)
    found = _wrong(left, _VALUES, 0) or _wrong(right, _VALUES, 1)
    if found:
        return found
    first, second = sort_of(left), sort_of(right)
    if first is not second and first and second:
        return OperandMisfit(f"{SORT_NAMES[first]}不能和{SORT_NAMES[second]}比较", 1)
    if first not in {Sort.NUMBER, Sort.DATE} and operator not in {Operator.EQUAL, Operator.UNEQUAL}:
        return OperandMisfit("文字和条件不分大小，只能用 == 或 != 比较", 1)
    return None


def _call(function: Function, arguments: tuple[Expr, ...]) -> OperandMisfit | None:
    signature = SIGNATURES[function]
    if not signature.least <= len(arguments) <= signature.most:
        return OperandMisfit(f"{function} 不能有 {len(arguments)} 个参数，应写成 {signature.usage}")
    if function is Function.SUMIF:
        return _sumif(*arguments)
    for position, argument in enumerate(arguments):
        found = _argument(signature, argument, position, branch=function is Function.IF and position > 0)
        if found:
            return found
    if function is Function.IF:
        return _if(*arguments)
    if function is Function.ROUND and not _places(arguments[1]):
        return OperandMisfit(f"小数位数要写成 0 到 {PLACES_LIMIT} 的整数，如 ROUND(数, 2)", 1)
    return None


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
                    f"其中有{SORT_NAMES[field.sort]}，这里要全是{_names(signature.sorts)}{remedy}", position
                )
        return None
    return _wrong(argument, signature.sorts, position)


def _if(condition: Expr, yes: Expr, no: Expr) -> OperandMisfit | None:
    found = _wrong(condition, _TRUTHS, 0)
    if found:
        return found
    first, second = sort_of(yes), sort_of(no)
    if first is None and second is None:
        return OperandMisfit("IF 的两个结果不能都是 BLANK", 2)
    if first and second and first is not second:
        return OperandMisfit(f"IF 的两个结果要同类，这里一个是{SORT_NAMES[first]}，一个是{SORT_NAMES[second]}", 2)
    return None


def _sumif(keys: Expr, key: Expr, values: Expr) -> OperandMisfit | None:
    found = _column(keys, Sort.TEXT, 0) or _wrong(key, frozenset({Sort.TEXT}), 1) or _column(values, Sort.NUMBER, 2)
    if found:
        return found
    if _table(keys) != _table(values):
        return OperandMisfit("两列要在同一张表里，才能逐行对应", 2)
    return None


def _column(argument: Expr, sort: Sort, position: int) -> OperandMisfit | None:
    usage = f"应写成 {SIGNATURES[Function.SUMIF].usage}"
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


def _places(argument: Expr) -> bool:
    match argument:
        case Constant(value) if not isinstance(value, str):
            return value == int(value) and 0 <= value <= PLACES_LIMIT
        case _:
            return False


def _wrong(operand: Expr, sorts: frozenset[Sort], position: int | None) -> OperandMisfit | None:
    match operand:
        case Range():
            return OperandMisfit("这里只能是一格，不能是整列或一组；先用 SUM、COUNT、MIN 等合成一个数", position)
        case Blank():
            return OperandMisfit("BLANK 只能作为 IF 的结果；判断空白用 ISBLANK(栏目)", position)
        case _:
            sort = sort_of(operand)
    if sort in sorts:
        return None
    if sort is Sort.TICK:
        return OperandMisfit("打勾的格只能用 ISBLANK(栏目) 或 COUNTA(栏目) 判断填没填", position)
    return OperandMisfit(f"这里要{_names(sorts)}，不能是{SORT_NAMES[sort] if sort else '空白'}", position)


def _names(sorts: frozenset[Sort]) -> str:
    return "或".join(name for sort, name in SORT_NAMES.items() if sort in sorts)
