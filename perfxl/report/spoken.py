"""A formula in the form's own words: 全年执行数 ÷ 全年预算数."""

from __future__ import annotations

from decimal import Decimal
from typing import assert_never

from perfxl.model.expression import Binary, Blank, Call, Constant, Expr, Field, Function, Negate, Operator, Range
from perfxl.model.form import Form
from perfxl.report.wording import plain

_OPERATORS = {
    Operator.ADD: "＋",
    Operator.SUBTRACT: "－",
    Operator.MULTIPLY: "×",
    Operator.DIVIDE: "÷",
    Operator.EQUAL: "等于",
    Operator.UNEQUAL: "不等于",
    Operator.LESS: "小于",
    Operator.AT_MOST: "不大于",
    Operator.MORE: "大于",
    Operator.AT_LEAST: "不小于",
}
_TRUTHS = {True: "是", False: "否"}


def spoken(formula: Expr, form: Form) -> str:
    """Return a formula as a clerk would read it aloud, fields by their labels."""
    match formula:
        case Constant(value):
            if isinstance(value, bool):
                return _TRUTHS[value]
            return plain(value) if isinstance(value, Decimal) else f"“{value}”"
        case Blank():
            return "空白"
        case Field(path):
            return form.fields[path].parts[-1]
        case Range(fields):
            return _group([field.path for field in fields], form)
        case Negate(operand):
            return f"－{spoken(operand, form)}"
        case Binary(operator, left, right):
            return f"{_held(left, form)} {_OPERATORS[operator]} {_held(right, form)}"
        case Call(function, arguments):
            return _call(function, arguments, form)
        case _:
            assert_never(formula)


def _held(formula: Expr, form: Form) -> str:
    text = spoken(formula, form)
    return f"（{text}）" if isinstance(formula, Binary) else text


def _group(paths: list[str], form: Form) -> str:
    if len(paths) == 1:
        field = form.fields[paths[0]]
        return f"各行{field.parts[-1]}" if "[]" in paths[0] else field.parts[-1]
    above = {path.rpartition(".")[0] for path in paths}
    label = form.groups.get(above.pop(), "") if len(above) == 1 else ""
    return f"{label.split(' › ')[-1]}各项" if label else "、".join(form.fields[path].parts[-1] for path in paths)


def _call(function: Function, arguments: tuple[Expr, ...], form: Form) -> str:  # noqa: PLR0911 - one phrase each
    said = [spoken(argument, form) for argument in arguments]
    listed = "、".join(said)
    match function:
        case Function.SUM:
            return f"{listed}的合计"
        case Function.SUMIF:
            return f"{said[0]}为{said[1]}的{said[2]}的合计"
        case Function.COUNT | Function.COUNTA:
            return f"{listed}填写的个数"
        case Function.MIN:
            return f"{listed}中最小的"
        case Function.MAX:
            return f"{listed}中最大的"
        case Function.ROUND:
            return said[0] if isinstance(arguments[0], Binary | Call) else f"{said[0]}四舍五入"
        case Function.ABS:
            return f"{listed}的绝对值"
        case Function.IF:
            return f"如{said[0]}则为{said[1]}，否则为{said[2]}" if len(said) > 2 else f"如{said[0]}则为{said[1]}"
        case Function.AND:
            return "并且".join(said)
        case Function.OR:
            return "或者".join(said)
        case Function.NOT:
            return f"不是{listed}"
        case Function.ISBLANK:
            return f"{listed}空白"
        case _:
            assert_never(function)
