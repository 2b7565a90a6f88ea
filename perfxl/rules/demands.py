"""V07, and required cells that are so under a condition: ``required: …``, ``blank: …`` of a cell."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from perfxl.model.expression import Call, Expr, FieldRef, Function
from perfxl.model.finding import Finding, Severity
from perfxl.model.form import Field, Form
from perfxl.model.live import LiveRule
from perfxl.model.path import in_row
from perfxl.rules.case import Case
from perfxl.rules.once import once_a_form
from perfxl.rules.rule import Rule
from perfxl.rules.watching import broken


def filled_where(field: Field, needed: Expr) -> Expr:
    """Return that a cell is filled in where a condition holds."""
    blank = Call(Function.ISBLANK, (FieldRef(field.path, field.type.traits.sort),))
    return Call(Function.OR, (Call(Function.NOT, (needed,)), Call(Function.NOT, (blank,))))


def blank_where(field: Field, barred: Expr) -> Expr:
    """Return that a cell is blank where a condition holds."""
    blank = Call(Function.ISBLANK, (FieldRef(field.path, field.type.traits.sort),))
    return Call(Function.OR, (Call(Function.NOT, (barred,)), blank))


@once_a_form
def conditions(form: Form) -> Iterator[LiveRule]:
    """Yield what the workbook watches: what is still to be filled in, and what should not be."""
    for field in form.fields.values():
        name, each = field.parts[-1].replace("\n", ""), field.path.rpartition("[]")[0]
        if field.needed is not None:
            must = filled_where(field, field.needed)
            yield LiveRule(
                field.missing, Severity.ERROR, must, field.path, f"{name}按要求填写", each, "还没有填写", left=True
            )
        if field.barred is not None:
            must = blank_where(field, field.barred)
            yield LiveRule(
                V07.code,
                V07.severity,
                must,
                field.path,
                f"{name}不需要填的留空",
                each,
                "这里不用填写，请清空或核对前面的内容",
            )


def _filled_for_nothing(case: Case) -> Iterator[Finding]:
    for condition in conditions(case.form):
        if condition.code != V07.code or condition.left:
            continue
        for row in broken(case, condition):
            path = in_row(condition.at, row)
            value = case.record[path]
            message = f"{case.name(path)}按本表其他内容不需要填写，却填了内容，请清空，或核对决定它的那一格"
            yield V07.at(case, path, message, value=value if isinstance(value, str | Decimal) else None)


V07 = Rule(
    code="V07",
    severities=(Severity.ERROR,),
    title="不需要填的填了内容",
    meaning="这一格要不要填，由表上别的内容决定；按那些内容不需要填写，却填了。何时不填由表样规定，填报时这一格是灰色。",
    example="“是否面向中小企业”选了“否”，预留比例却填了 30%。审核意见：预留比例按本表其他内容不需要填写。",
    remedy="请清空这一格。确实应当填写的，请改正决定它的那一格。",
    always=_filled_for_nothing,
)

RULES = (V07,)
