"""Random valid data of any form: what an officer might have filled in, with computed fields left to perfxl."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from hypothesis import strategies as st

from perfxl.forms.compute import compute
from perfxl.intake.coerce import Problem, Typed, coerce
from perfxl.intake.indicator import parse_indicator
from perfxl.model.form import Field, Form
from perfxl.model.grid import CellKind
from perfxl.model.record import Record
from perfxl.model.value import Type, Value

_WORDS = (
    "保障教师培训完成率达到上级要求设施采购资金支出满意度提升增长安全"
    "（一）①《》、，。；：“”—…·%+-=@#&<>'\"\\/|0123456789ABab"
)
_LINES = st.lists(st.text(_WORDS, min_size=1, max_size=30), min_size=1, max_size=4).map("\n".join)
_NAMES = st.text(_WORDS, min_size=1, max_size=40)
_AWKWARD = st.sampled_from(
    ["其他资金", "总分", "项目支出", "产出指标", "年度总体目标", "=1+1", "'0123", "100", "1-2", "是", "合计"]
)
_MONEY = st.decimals(0, 10_000_000, places=2)
_POINTS = st.one_of(st.integers(0, 100).map(Decimal), st.decimals(0, 100, places=1))
_VALUES = st.one_of(
    st.sampled_from(
        ["≥95%", "100%", "≤90万元", "≥18个", "长期", "得到提升", "10-11月份", "12月底前", "每月1次", "无", "优秀", "98"]
    ),
    st.integers(0, 10_000).map(lambda n: f"≥{n}个"),
    st.decimals(0, 200, places=2).map(lambda n: f"{n}%"),
)


def records(form: Form) -> st.SearchStrategy[Record]:
    """Give random records of a form: fewer, as many, more rows than the blank, own groups, computed fields in place."""
    return st.composite(_record)(form)


def _record(draw: st.DrawFn, form: Form) -> Record:
    values: dict[str, Value] = {}
    sizes: dict[str, int] = {}
    for path, field in form.fields.items():
        if field.computed or "[]" in path:
            continue
        value = draw(_value(field))
        if value is not None:
            values[path] = value
        elif field.preset is not None:
            values[path] = field.preset
    tables = {path.partition("[]")[0] for path in form.fields if "[]" in path}
    for table in sorted(tables):
        size = draw(st.integers(0, 45))
        sizes[table] = size
        levels: tuple[str, str] = ("", "")
        for index in range(size):
            levels = draw(_levels(form, table, levels))
            _row(draw, form, f"{table}[{index}]", levels, values)
    return compute(form, Record(values, sizes)).record


def _row(draw: st.DrawFn, form: Form, row: str, levels: tuple[str, str], values: dict[str, Value]) -> None:
    prefix = f"{row[: row.rindex('[')]}[]."
    for path, field in form.fields.items():
        if not path.startswith(prefix) or field.computed:
            continue
        at = f"{row}.{field.key}"
        if field.level:
            values[at] = levels[field.level - 1]
        elif field.key == "name":
            values[at] = _kept(field, draw(st.one_of(_NAMES, _NAMES, _AWKWARD))) or "指标"
        else:
            value = draw(_value(field))
            if value is not None:
                values[at] = value


def _levels(form: Form, table: str, before: tuple[str, str]) -> st.SearchStrategy[tuple[str, str]]:
    printed = [(group.value, below) for group in form.table(table).groups for below in group.below] or [
        ("产出指标", "数量指标")
    ]
    own = st.tuples(st.sampled_from([level for level, _ in printed]), st.sampled_from(["办学条件指标", "自定指标"]))
    same = [st.just(before)] * 3 if before[0] else []
    return st.one_of(*same, st.sampled_from(printed), st.sampled_from(printed), own)


def _value(field: Field) -> st.SearchStrategy[Value]:
    some: st.SearchStrategy[Value]
    match field.type:
        case Type.MONEY:
            some = _MONEY
        case Type.PERCENT:
            some = st.decimals(0, 2, places=4)
        case Type.NUMBER:
            some = _POINTS
        case Type.INTEGER:
            some = st.integers(0, 1000).map(Decimal)
        case Type.YEAR:
            some = st.integers(2015, 2035).map(Decimal)
        case Type.DATE:
            some = st.dates(dt.date(2015, 1, 1), dt.date(2035, 12, 31))
        case Type.CHOICE:
            some = st.sampled_from([choice.value for choice in field.choices])
        case Type.TICK:
            some = st.just(True)
        case Type.VALUE:
            some = _VALUES.map(parse_indicator)
        case Type.TEXT:
            text = _NAMES if field.length is not None and field.length < 300 else _LINES
            some = text.map(lambda typed: _kept(field, typed))
    return st.one_of(some, some, some, st.none())


def _kept(field: Field, text: str) -> Value:
    """A text as the field holds it: ends trimmed; one that asks for the officer's attention is no valid value."""
    coerced = coerce(Typed(CellKind.TEXT, text), field.type)
    return coerced.value if coerced.problem is Problem.NONE else None
