"""Whether the parts of an expression fit: number of arguments, their sorts, one cell or several."""

from __future__ import annotations

from typing import assert_never

from perfxl.expr.arguments import call_misfit
from perfxl.expr.sorts import JOINED, NUMBERS, ORDERED, SIGNATURES, SORT_NAMES, VALUES, OperandMisfit, sort_of, wrong
from perfxl.model.expression import (
    Binary,
    Blank,
    Call,
    Constant,
    Expr,
    FieldRef,
    Negate,
    Operator,
    Range,
)
from perfxl.model.field_type import Sort

__all__ = ["NEST_LIMIT", "SIGNATURES", "OperandMisfit", "misfit", "sort_of", "whole"]

NEST_LIMIT = 64
"""How deep Excel 2007 and later nest; an expression nests no deeper, and its formula is measured when printed."""


def misfit(expr: Expr) -> OperandMisfit | None:
    """Return what does not fit between a node and its operands, None where all does; the operands themselves fit."""
    match expr:
        case Constant() | Blank() | FieldRef() | Range():
            return None
        case Negate(operand):
            return wrong(operand, NUMBERS, 0)
        case Binary(operator, left, right):
            return _binary(operator, left, right)
        case Call(function, arguments):
            return call_misfit(function, arguments)
        case _:
            assert_never(expr)


def whole(expr: Expr) -> OperandMisfit | None:
    """Return what keeps an expression from standing by itself as a rule or formula."""
    return wrong(expr, VALUES, None)


def _binary(operator: Operator, left: Expr, right: Expr) -> OperandMisfit | None:
    if operator is Operator.JOIN:
        return _joined(left, 0) or _joined(right, 1)
    if not operator.compares:
        return _arithmetic(operator, left, right)
    found = wrong(left, VALUES, 0) or wrong(right, VALUES, 1)
    if found:
        return found
    first, second = sort_of(left), sort_of(right)
    if first is not second and first and second:
        remedy = "；日期写成 DATE(2024, 12, 31) 的样子" if {first, second} == {Sort.DATE, Sort.TEXT} else ""
        return OperandMisfit(f"{SORT_NAMES[first]}不能和{SORT_NAMES[second]}比较{remedy}", 1)
    if first not in {Sort.NUMBER, Sort.DATE} and operator not in {Operator.EQUAL, Operator.UNEQUAL}:
        return OperandMisfit("文字和条件不分大小，只能用 == 或 != 比较", 1)
    return None


def _joined(operand: Expr, position: int) -> OperandMisfit | None:
    if not isinstance(operand, Range | Blank) and sort_of(operand) is Sort.DATE:
        return OperandMisfit("日期不能直接连成文字，请用 YEAR、MONTH、DAY 取出年、月、日", position)
    return wrong(operand, JOINED, position)


def _arithmetic(operator: Operator, left: Expr, right: Expr) -> OperandMisfit | None:
    if operator not in {Operator.ADD, Operator.SUBTRACT}:
        return wrong(left, NUMBERS, 0) or wrong(right, NUMBERS, 1)
    found = wrong(left, ORDERED, 0) or wrong(right, ORDERED, 1)
    if found:
        return found
    match sort_of(left), sort_of(right):
        case Sort.DATE, Sort.DATE if operator is Operator.ADD:
            return OperandMisfit("两个日期不能相加；日期可以加减天数，两个日期相减得天数", 1)
        case Sort.NUMBER, Sort.DATE if operator is Operator.SUBTRACT:
            return OperandMisfit("数不能减去日期；日期可以加减天数，两个日期相减得天数", 1)
        case _:
            return None
