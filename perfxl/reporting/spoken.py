"""A formula in the form's own words: 全年执行数 ÷ 全年预算数."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import assert_never

from perfxl.expr.evaluate import references
from perfxl.model.expression import Binary, Blank, Call, Constant, Expr, FieldRef, Function, Negate, Operator, Range
from perfxl.model.form import Form
from perfxl.reporting.wording import plain

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
    """Return a formula as a clerk would read it aloud, fields by their labels, rows too where labels are equal."""
    parts = {path: form.fields[path].parts for path in dict.fromkeys(references(formula))}
    equal = Counter(own[-1] for own in parts.values())
    names = {
        path: own[-1] if equal[own[-1]] == 1 or len(own) == 1 else f"{own[-2]}的{own[-1]}"
        for path, own in parts.items()
    }
    return _Speaker(form, names).say(formula)


class _Speaker:
    def __init__(self, form: Form, names: Mapping[str, str]) -> None:
        self.form = form
        self.names = names

    def say(self, formula: Expr) -> str:
        match formula:
            case Constant(value):
                if isinstance(value, bool):
                    return _TRUTHS[value]
                return plain(value) if isinstance(value, Decimal) else f"“{value}”"
            case Blank():
                return "空白"
            case FieldRef(path):
                return self.names[path]
            case Range(fields):
                return self.group([field.path for field in fields])
            case Negate(operand):
                return f"－{self.say(operand)}"
            case Binary(operator, left, right):
                return f"{self.held(left)} {_OPERATORS[operator]} {self.held(right)}"
            case Call(function, arguments):
                return self.call(function, arguments)
            case _:
                assert_never(formula)

    def held(self, formula: Expr) -> str:
        text = self.say(formula)
        return f"（{text}）" if isinstance(formula, Binary) or "、" in text or " 与 " in text else text

    def group(self, paths: list[str]) -> str:
        if len(paths) == 1:
            name = self.form.fields[paths[0]].parts[-1]
            return f"各行{name}" if "[]" in paths[0] else self.names[paths[0]]
        above = {path.rpartition(".")[0] for path in paths}
        label = self.form.groups.get(above.pop(), "") if len(above) == 1 else ""
        return f"{label.split(' › ')[-1]}各项" if label else "、".join(self.names[path] for path in paths)

    def call(self, function: Function, arguments: tuple[Expr, ...]) -> str:  # noqa: PLR0911 - a phrase each
        said = [self.say(argument) for argument in arguments]
        listed = "、".join(said)
        match function:
            case Function.SUM:
                return f"{listed}的合计"
            case Function.SUMIF:
                return f"{said[0]}为{said[1]}的{said[2]}的合计"
            case Function.COUNT | Function.COUNTA | Function.SAID:
                return f"{listed}填写的个数"
            case Function.MIN:
                return f"{' 与 '.join(said)} 中较小的一个" if len(said) == 2 else f"{listed}中最小的"
            case Function.MAX:
                return f"{' 与 '.join(said)} 中较大的一个" if len(said) == 2 else f"{listed}中最大的"
            case Function.ROUND:
                return said[0]
            case Function.ABS:
                return f"{listed}的绝对值"
            case Function.IF if (none := _unfilled(arguments)) is not None:
                return f"{said[2]}，{self.say(none)}都没有填时为空白"
            case Function.IF:
                otherwise = f"，否则为{said[2]}" if len(said) > 2 else ""
                return f"如{said[0]}，则为{said[1]}{otherwise}"
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


def _unfilled(arguments: tuple[Expr, ...]) -> Expr | None:
    """Return what an IF gives a blank for as long as nothing of it is filled, None for another IF."""
    match arguments:
        case (
            Binary(Operator.EQUAL, Call(Function.COUNT | Function.COUNTA, (counted,)), Constant(Decimal() as none)),
            Blank(),
            _,
        ):
            return counted if none == 0 else None
        case _:
            return None
