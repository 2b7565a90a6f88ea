"""What each expression gives, what the functions take, and how that is told to an author."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple, assert_never

from msgspec import Struct

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
from perfxl.model.regex import deferred

ARGUMENT_LIMIT = 255
YEARS = (1901, 9999)
"""The years whose days all programs count alike."""

CRITERION = deferred(r"(>=|<=|<>|>|<|=)\s*+(-?[0-9]{1,15}(?:\.[0-9]{1,6})?)")
"""A condition on numbers in the words of COUNTIF: ``>=60``."""

SORT_NAMES: Mapping[Sort, str] = {
    Sort.NUMBER: "数",
    Sort.TEXT: "文字",
    Sort.TRUTH: "是否成立的条件",
    Sort.DATE: "日期",
    Sort.TICK: "打勾的格",
}
ANY = frozenset(Sort)
NUMBERS = frozenset({Sort.NUMBER})
TRUTHS = frozenset({Sort.TRUTH})
VALUES = ANY - {Sort.TICK}
TEXTS = frozenset({Sort.TEXT})
ORDERED = frozenset({Sort.NUMBER, Sort.DATE})
JOINED = frozenset({Sort.TEXT, Sort.NUMBER})


class OperandMisfit(NamedTuple):
    """What does not fit, and which operand it is about (None: the whole)."""

    reason: str
    operand: int | None = None


class Signature(Struct, frozen=True):
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
    Function.SUM: Signature("SUM(栏目, …)", 1, ARGUMENT_LIMIT, NUMBERS, Sort.NUMBER, several=True),
    Function.SUMIF: Signature("SUMIF(类别栏, '类别', 金额栏)", 3, 3, ANY, Sort.NUMBER, several=True),
    Function.SUMPRODUCT: Signature("SUMPRODUCT(栏目, 栏目, …)", 2, 8, NUMBERS, Sort.NUMBER, several=True),
    Function.COUNT: Signature("COUNT(栏目, …)", 1, ARGUMENT_LIMIT, NUMBERS, Sort.NUMBER, several=True, cells=True),
    Function.COUNTA: Signature("COUNTA(栏目, …)", 1, ARGUMENT_LIMIT, ANY, Sort.NUMBER, several=True, cells=True),
    Function.COUNTIF: Signature("COUNTIF(栏目, '类别')", 2, 2, ANY, Sort.NUMBER, several=True),
    Function.SAID: Signature("SAID(栏目, …)", 1, ARGUMENT_LIMIT, VALUES, Sort.NUMBER, several=True, cells=True),
    Function.MIN: Signature("MIN(栏目, …)", 1, ARGUMENT_LIMIT, ORDERED, Sort.NUMBER, several=True),
    Function.MAX: Signature("MAX(栏目, …)", 1, ARGUMENT_LIMIT, ORDERED, Sort.NUMBER, several=True),
    Function.AVERAGE: Signature("AVERAGE(栏目, …)", 1, ARGUMENT_LIMIT, NUMBERS, Sort.NUMBER, several=True, cells=True),
    Function.ROUND: Signature("ROUND(数, 小数位数)", 2, 2, NUMBERS, Sort.NUMBER),
    Function.ABS: Signature("ABS(数)", 1, 1, NUMBERS, Sort.NUMBER),
    Function.DECIMALS: Signature("DECIMALS(数)", 1, 1, NUMBERS, Sort.NUMBER),
    Function.IF: Signature("IF(条件, 成立时的值, 不成立时的值)", 3, 3, VALUES, Sort.NUMBER),
    Function.AND: Signature("AND(条件, …)", 1, ARGUMENT_LIMIT, TRUTHS, Sort.TRUTH),
    Function.OR: Signature("OR(条件, …)", 1, ARGUMENT_LIMIT, TRUTHS, Sort.TRUTH),
    Function.NOT: Signature("NOT(条件)", 1, 1, TRUTHS, Sort.TRUTH),
    Function.ISBLANK: Signature("ISBLANK(栏目)", 1, 1, ANY, Sort.TRUTH),
    Function.LEN: Signature("LEN(文字)", 1, 1, TEXTS, Sort.NUMBER),
    Function.TRIM: Signature("TRIM(文字)", 1, 1, TEXTS, Sort.TEXT),
    Function.UPPER: Signature("UPPER(文字)", 1, 1, TEXTS, Sort.TEXT),
    Function.LEFT: Signature("LEFT(文字, 字数)", 2, 2, JOINED, Sort.TEXT),
    Function.RIGHT: Signature("RIGHT(文字, 字数)", 2, 2, JOINED, Sort.TEXT),
    Function.MID: Signature("MID(文字, 从第几个字起, 字数)", 3, 3, JOINED, Sort.TEXT),
    Function.DATE: Signature("DATE(年, 月, 日)", 3, 3, NUMBERS, Sort.DATE),
    Function.YEAR: Signature("YEAR(日期)", 1, 1, frozenset({Sort.DATE}), Sort.NUMBER),
    Function.MONTH: Signature("MONTH(日期)", 1, 1, frozenset({Sort.DATE}), Sort.NUMBER),
    Function.FITS: Signature("FITS(文字, '身份证号')", 2, 2, TEXTS, Sort.TRUTH),
    Function.SAMEROWS: Signature("SAMEROWS(栏目, …)", 1, 8, VALUES, Sort.NUMBER, cells=True),
    Function.DAY: Signature("DAY(日期)", 1, 1, frozenset({Sort.DATE}), Sort.NUMBER),
}
"""Of IF, SUMIF and COUNTIF only the frame: their arguments differ in sort. The result of IF, MIN and MAX is that of theirs."""


_SORT_OF: Mapping[type, Sort] = {bool: Sort.TRUTH, str: Sort.TEXT, Decimal: Sort.NUMBER}


def sort_of(expr: Expr) -> Sort | None:
    """Return what a fitting expression gives; None for BLANK and for several cells of unlike sorts."""
    match expr:
        case Constant(value):
            return _SORT_OF[type(value)]
        case Negate():
            return Sort.NUMBER
        case Blank():
            return None
        case FieldRef(_, sort):
            return sort
        case Range(fields):
            sorts = {field.sort for field in fields}
            return sorts.pop() if len(sorts) == 1 else None
        case Binary(operator, left, right):
            return _result(operator, left, right)
        case Call(Function.MIN | Function.MAX, arguments):
            return Sort.DATE if sort_of(arguments[0]) is Sort.DATE else Sort.NUMBER
        case Call(Function.IF, (_, yes, no)):
            return sort_of(yes) or sort_of(no)
        case Call(function):
            return SIGNATURES[function].result
        case _:
            assert_never(expr)


def _result(operator: Operator, left: Expr, right: Expr) -> Sort:
    if operator.compares:
        return Sort.TRUTH
    if operator is Operator.JOIN:
        return Sort.TEXT
    dates = [sort_of(operand) is Sort.DATE for operand in (left, right)]
    # From one day to another is a number of days; a day some days on is a day.
    return Sort.DATE if any(dates) and not (all(dates) and operator is Operator.SUBTRACT) else Sort.NUMBER


def wrong(operand: Expr, sorts: frozenset[Sort], position: int | None) -> OperandMisfit | None:
    """Return what keeps an operand from being one value of some sorts."""
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
    return OperandMisfit(f"这里要{sorts_named(sorts)}，不能是{SORT_NAMES[sort] if sort else '空白'}", position)


def sorts_named(sorts: frozenset[Sort]) -> str:
    """Return some sorts in words."""
    return "或".join(name for sort, name in SORT_NAMES.items() if sort in sorts)
