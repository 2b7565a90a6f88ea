"""Random valid data of any form: what an officer might have filled in, with computed fields left to perfxl."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from random import Random

from hypothesis import strategies as st

from perfxl.forms.compute import compute
from perfxl.model.field_type import Type
from perfxl.model.form import Field, Form, Printed, Table
from perfxl.model.grid import CellKind
from perfxl.model.record import Record
from perfxl.model.value import Value
from perfxl.values.coerce import CellProblem, Typed, coerce
from perfxl.values.indicator import parse_indicator

_WORDS = (
    "保障教师培训完成率达到上级要求设施采购资金支出满意度提升增长安全"
    "（一）①《》、，。；：“”—…·%+-=@#&<>'\"\\/|0123456789ABab"
)
_AWKWARD = ("其他资金", "总分", "项目支出", "产出指标", "年度总体目标", "合计", "年度目标", "指标值", "=1+1", "'0123")
_MORE = ("100", "1-2", "是", "备注", "单位资金", "质量指标", "2023年", "其他资金：无", "目标任务完成率")
_VALUES = (
    "≥95%",
    "100%",
    "≤90万元",
    "≥18个",
    "长期",
    "得到提升",
    "10-11月份",
    "12月底前",
    "每月1次",
    "无",
    "优秀",
    "98",
)
_OWN_LEVELS = ("办学条件指标", "自定指标")


def records(form: Form) -> st.SearchStrategy[Record]:
    """Give random records of a form: fewer, as many, more rows than the blank, own groups, computed fields in place."""
    return st.integers(0, 2**32).map(lambda seed: record(form, Random(seed)))


def record(form: Form, rng: Random, *, most: int = 30, blank: float = 0.25) -> Record:
    """Make one random record; each value that may be missing is with the probability ``blank``."""
    values: dict[str, Value] = {}
    sizes: dict[str, int] = {}
    tables = {band.path: band for band in form.flat() if isinstance(band, Table)}
    for path in _lists(form):
        for concrete in Record({}, sizes).paths(path):
            if path in tables:
                _table(form, tables[path], concrete, _Draw(rng, blank, most), values, sizes)
            else:
                sizes[concrete] = rng.choice((0, 1, 2, 3, 3, 5))
    whole = Record(values, sizes)
    for path, field in form.fields.items():
        if field.computed or path.rpartition("[]")[0] in tables:
            continue
        for number, concrete in enumerate(whole.paths(path)):
            first = "[]" in path and path == _first_of(form, path)
            value = _value(field, rng, 0 if first else blank)
            if value is None and first:
                value = f"内容{number}"
            if value is None and "[]" not in path:
                value = field.preset
            if value is not None:
                values[concrete] = value
    return compute(form, whole).record


class _Draw:
    """What chance decides about a table."""

    def __init__(self, rng: Random, blank: float, most: int) -> None:
        self.rng = rng
        self.blank = blank
        self.most = most

    def size(self) -> int:
        return self.rng.choice((0, 1, 2, 3, self.rng.randint(4, 15), self.rng.randint(4, max(5, self.most))))


def _table(form: Form, table: Table, path: str, draw: _Draw, values: dict[str, Value], sizes: dict[str, int]) -> None:
    fields = [field for own, field in form.fields.items() if own.rpartition("[]")[0] == table.path]
    keys = [field.path.rpartition("[].")[2] for field in fields if field.level]
    rows = list(_rows(form, table, keys, draw))
    sizes[path] = len(rows)
    own_keys = [field.path.rpartition("[].")[2] for field in fields if not field.level and not field.computed]
    named = "name" if "name" in own_keys else own_keys[0]  # a row without it would be none
    for index, (levels, printed) in enumerate(rows):
        values.update({f"{path}[{index}].{key}": text for key, text in zip(keys, levels, strict=False)})
        for field in fields:
            own = field.path.rpartition("[].")[2]
            if field.level or field.computed:
                continue
            value: Value = None
            if printed is not None and own in printed.values:
                value = printed.values[own]
            elif own == named:
                value = _name(field, draw.rng)
            elif not (printed is not None and field.spread):
                value = _value(field, draw.rng, draw.blank)
            if value is not None:
                values[f"{path}[{index}].{own}"] = value


def _rows(form: Form, table: Table, keys: list[str], draw: _Draw) -> list[tuple[tuple[str, ...], Printed | None]]:
    """The levels of each row, and what the form prints in it; printed rows are always there."""
    if table.printed:
        return [(row.levels, row) for row in table.printed if row.values.get("name") or draw.rng.random() < 0.5]
    known = [(group.value, below) for group in table.groups for below in group.below]
    if not keys:
        return [((), None)] * draw.size()
    beside = any(table in (band, band.beside) for band in form.flat() if isinstance(band, Table) and band.beside)
    levels: list[tuple[str, ...]] = []
    for _ in range(draw.size()):
        if levels and draw.rng.random() < 0.5:
            levels.append(levels[-1])
        elif known and (beside or draw.rng.random() < 0.8):
            levels.append(draw.rng.choice(known))
        else:
            levels.append(
                (draw.rng.choice(known)[0] if known else "产出指标", draw.rng.choice(_OWN_LEVELS))[: len(keys)]
            )
    if beside:
        levels.sort(
            key=lambda row: known.index((row[0], row[1]))
        )  # two tables side by side share their 一级, in one order
    return [(row, None) for row in levels]


def _name(field: Field, rng: Random) -> str:
    for _ in range(9):
        text = rng.choice(_AWKWARD + _MORE) if rng.random() < 0.15 else _text(rng, 40)
        kept = _kept(field, text)
        if isinstance(kept, str):
            return kept
    return "指标"


@cache
def _lists_of(paths: tuple[str, ...]) -> tuple[str, ...]:
    found = {path[: end.start()] for path in paths for end in re.finditer(r"\[\]", path)}
    return tuple(sorted(found, key=lambda path: (path.count("[]"), path)))


def _lists(form: Form) -> tuple[str, ...]:
    """The generic paths of a form's tables and blocks, outer ones first."""
    return _lists_of(tuple(form.fields))


def _first_of(form: Form, path: str) -> str:
    block = path.rpartition("[]")[0]
    return next(own for own, field in form.fields.items() if own.rpartition("[]")[0] == block and not field.computed)


def _text(rng: Random, longest: int) -> str:
    return "".join(rng.choices(_WORDS, k=rng.randint(1, longest)))


def _value(field: Field, rng: Random, blank: float) -> Value:
    return None if rng.random() < blank else _MAKERS[field.type](field, rng)


def _long_text(field: Field, rng: Random) -> Value:
    long = field.length is None or field.length >= 300
    return _kept(field, "\n".join(_text(rng, 30) for _ in range(rng.randint(1, 4) if long else 1)))


def _indicator(_field: Field, rng: Random) -> Value:
    amount = Decimal(rng.randint(0, 20_000)) / 100
    return parse_indicator(rng.choice((*_VALUES, f"≥{rng.randint(0, 10_000)}个", f"{amount}%")))


_MAKERS: Mapping[Type, Callable[[Field, Random], Value]] = {
    Type.MONEY: lambda _, rng: Decimal(rng.choice((0, rng.randint(0, 10**9)))) / 100,
    Type.PERCENT: lambda _, rng: Decimal(rng.randint(0, 20_000)) / 10_000,
    Type.NUMBER: lambda _, rng: Decimal(rng.randint(0, 1000)) / rng.choice((1, 10)),
    Type.INTEGER: lambda _, rng: Decimal(rng.randint(0, 1000)),
    Type.YEAR: lambda _, rng: Decimal(rng.randint(2015, 2035)),
    Type.DATE: lambda _, rng: dt.date(2015, 1, 1) + dt.timedelta(days=rng.randint(0, 7000)),
    Type.CHOICE: lambda field, rng: rng.choice(field.choices).value,
    Type.TICK: lambda _field, _rng: True,
    Type.VALUE: _indicator,
    Type.TEXT: _long_text,
}


def _kept(field: Field, text: str) -> Value:
    """A text as the field holds it: ends trimmed; one that asks for the officer's attention is no valid value."""
    coerced = coerce(Typed(CellKind.TEXT, text), field.type)
    return coerced.value if coerced.problem is CellProblem.NONE else None
