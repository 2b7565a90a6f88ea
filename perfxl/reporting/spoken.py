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
    Operator.JOIN: "接",
}
_PHRASES: Mapping[Function, str] = {
    Function.SUM: "{listed}的合计",
    Function.SUMIF: "{0}为{1}的{2}的合计",
    Function.COUNT: "{listed}填写的个数",
    Function.COUNTA: "{listed}填写的个数",
    Function.COUNTIF: "{0}为{1}的个数",
    Function.SAID: "{listed}填写的个数",
    Function.MIN: "{listed}中最小的",
    Function.MAX: "{listed}中最大的",
    Function.AVERAGE: "{listed}的平均数",
    Function.ROUND: "{0}",
    Function.ABS: "{listed}的绝对值",
    Function.DECIMALS: "{0}的小数位数",
    Function.IF: "如{0}，则为{1}，否则为{2}",
    Function.NOT: "不是{listed}",
    Function.ISBLANK: "{listed}空白",
    Function.LEN: "{0}的字数",
    Function.TRIM: "{0}",
    Function.UPPER: "{0}",
    Function.LEFT: "{0}的前 {1} 个字",
    Function.RIGHT: "{0}的后 {1} 个字",
    Function.MID: "{0}从第 {1} 个字起的 {2} 个字",
    Function.DATE: "{0}年{1}月{2}日",
    Function.YEAR: "{0}的年份",
    Function.MONTH: "{0}的月份",
    Function.DAY: "{0}的日",
    Function.FITS: "{0}符合{1}的写法",
    Function.SAMEROWS: "{listed}与本行相同的行数",
}
"""How functions are read aloud; those that are no phrase of their arguments in order, in the code."""
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

    def call(self, function: Function, arguments: tuple[Expr, ...]) -> str:
        said = [self.say(argument) for argument in arguments]
        match function:
            case Function.MIN | Function.MAX if len(said) == 2:
                return f"{' 与 '.join(said)} 中较{'小' if function is Function.MIN else '大'}的一个"
            case Function.IF if (none := _unfilled(arguments)) is not None:
                return f"{said[2]}，{self.say(none)}都没有填时为空白"
            case Function.SUMPRODUCT:
                return f"{'与'.join(said)}逐行相乘的合计"
            case Function.AND:
                return "并且".join(said)
            case Function.OR:
                return "或者".join(said)
            case _:
                return _PHRASES[function].format(*said, listed="、".join(said))


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
