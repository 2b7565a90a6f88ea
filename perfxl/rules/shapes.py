"""V06, and what V02 and V04 say of codes and numbers: how what is typed must look, and that it stands once only.

A form says it at the cell: ``pattern``, a least or exact ``length``, ``decimals``, ``unique``. Each is a condition that the
workbook watches, and the import looks where it is broken.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from msgspec import Struct

from perfxl.expr import patterns
from perfxl.expr.arithmetic import COMPARED_DECIMALS, rounded
from perfxl.model.expression import Binary, Call, Constant, Expr, FieldRef, Function, Operator
from perfxl.model.field_type import Type
from perfxl.model.finding import Finding, Severity, Shown
from perfxl.model.form import Field, Form
from perfxl.model.live import LiveRule
from perfxl.model.path import in_row, table_of
from perfxl.model.value import Value
from perfxl.rules.case import Case
from perfxl.rules.once import once_a_form
from perfxl.rules.rule import Rule
from perfxl.rules.watching import broken
from perfxl.rules.words import figure, short

_PERCENT_PLACES = 2


class Shape(Struct, frozen=True):
    """A condition on single cells of a field; ``wanted`` is what they must be, after their name: 是 11 位的手机号码."""

    condition: LiveRule
    wanted: str


class Misshapen(NamedTuple):
    """A cell that is not as its form wants it."""

    path: str
    message: str
    value: Shown


@once_a_form
def shapes(form: Form) -> Iterator[Shape]:
    """Yield the conditions on the cells of a form, in its order."""
    for field in form.fields.values():
        if field.computed or field.hidden:
            continue
        cell = FieldRef(field.path, field.type.traits.sort)
        if field.pattern:
            fits: Expr = Call(Function.FITS, (cell, Constant(field.pattern)))
            say = f"应{patterns.wanted(field.pattern)}，请核对是否漏写、抄错"
            yield _shape(field, "V02", fits, patterns.wanted(field.pattern), say)
        if field.least is not None:
            exact = field.least == field.length
            operator = Operator.EQUAL if exact else Operator.AT_LEAST
            long = Binary(operator, Call(Function.LEN, (cell,)), Constant(Decimal(field.least)))
            wanted = f"是 {field.least} 个字" if exact else f"不少于 {field.least} 个字"
            yield _shape(field, "V02", long, wanted, "现在有 {left} 个字，应" + wanted)
        if field.decimals is not None:
            places = field.decimals + (_PERCENT_PLACES if field.type is Type.PERCENT else 0)
            few = Binary(Operator.AT_MOST, Call(Function.DECIMALS, (cell,)), Constant(Decimal(places)))
            wanted = f"最多 {field.decimals} 位小数" if field.decimals else "是整数"
            yield _shape(field, "V04", few, wanted, f"应{wanted}，请四舍五入后填写")


@once_a_form
def conditions(form: Form) -> Iterator[LiveRule]:
    """Yield all that the workbook watches: shapes, and what may stand once only."""
    for shape in shapes(form):
        yield shape.condition
    for columns in form.apart:
        names = _named(form, columns)
        yield LiveRule(
            code=V06.code,
            severity=V06.severity,
            must=_apart(form, columns),
            at=columns[0],
            want=f"{names}各行不相同",
            each=_table(columns[0]),
            say=f"{names}与另一行相同，请核对",
        )


def misshapen(case: Case, code: str) -> Iterator[Misshapen]:
    """Yield the cells that are not as the form wants them, by the code that says so."""
    for shape in shapes(case.form):
        if shape.condition.code != code:
            continue
        for row in broken(case, shape.condition):
            path = in_row(shape.condition.at, row)
            value = case.record[path]
            typed = short(figure(value) if isinstance(value, Decimal) else str(value))
            has = f"，有 {len(typed)} 个字" if isinstance(value, str) and "个字" in shape.wanted else ""
            message = f"{case.name(path)}填的是“{typed}”{has}，应{shape.wanted}，请核对"
            yield Misshapen(path, message, value if isinstance(value, str | Decimal) else None)


def _shape(field: Field, code: str, must: Expr, wanted: str, say: str) -> Shape:
    name = field.parts[-1].replace("\n", "")
    each = _table(field.path)
    return Shape(LiveRule(code, Severity.ERROR, must, field.path, f"{name}{wanted}", each, say), wanted)


def _table(path: str) -> str:
    return path.rpartition("[]")[0]


def _apart(form: Form, columns: tuple[str, ...]) -> Expr:
    cells = tuple(FieldRef(path, form.fields[path].type.traits.sort) for path in columns)
    return Binary(Operator.AT_MOST, Call(Function.SAMEROWS, cells), Constant(Decimal(1)))


def _named(form: Form, columns: tuple[str, ...]) -> str:
    return "、".join(form.fields[path].parts[-1].replace("\n", "") for path in columns)


def _repeated(case: Case) -> Iterator[Finding]:
    for condition in conditions(case.form):
        if condition.code != V06.code:
            continue
        columns = next(columns for columns in case.form.apart if columns[0] == condition.at)
        # As SAMEROWS counts them, but each row is looked at once.
        alike: dict[tuple[object, ...], list[str]] = defaultdict(list)
        for row in case.record.rows(condition.each):
            values = [case.record[in_row(path, row)] for path in columns]
            if all(map(_counts, values)):
                alike[table_of(row), *map(_key, values)].append(row)
        for same in alike.values():
            if len(same) < 2:
                continue
            rows = [row for row in same if case.sound(*(in_row(path, row) for path in columns))]
            paths = [in_row(condition.at, row) for row in rows]
            cells = [cell for path in paths if (cell := case.cell(path)) is not None]
            for path in paths:
                others = "、".join(cell for cell in cells if cell != case.cell(path))
                where = f"（{others}）" if others else ""
                value = case.record[path]
                message = f"{_named(case.form, columns)}与另一行{where}相同，每一行应不同，请核对是否重复填报"
                yield V06.at(
                    case, path, message, value=value if isinstance(value, str | Decimal) else None, related=paths
                )


def _counts(value: Value) -> bool:
    return value is not None and value != ""


def _key(value: Value) -> object:
    """Return what two values have in common that a comparison takes for equal."""
    if isinstance(value, Decimal):
        return rounded(value, COMPARED_DECIMALS)
    return value.lower() if isinstance(value, str) else value


V06 = Rule(
    code="V06",
    severities=(Severity.ERROR,),
    title="重复填报",
    meaning="一列或几列合起来在表里应当各行不同，却有两行相同。空白不算，字母不分大小写。哪几列不能重复由表样规定。",
    example="采购项目明细的第 8 行和第 11 行，项目名称都是“办公电脑”。审核意见：项目名称与另一行相同。",
    remedy="请核对：重复填报的删去一行，两个不同的项目请用不同的名称。",
    always=_repeated,
)

RULES = (V06,)
