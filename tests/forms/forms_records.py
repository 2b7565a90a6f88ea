"""Random records of any form, blocks and tables of any length: structure, not sense."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from functools import cache

from hypothesis import strategies as st

from perfxl.model.field_type import Type
from perfxl.model.form import Form, Table
from perfxl.model.record import Record
from perfxl.model.value import Value, WordValue

_WORDS = st.text("甲乙丙丁戊 ab1（）", min_size=1, max_size=12).map(str.strip).filter(bool)


def lists(form: Form) -> list[str]:
    """The generic paths of a form's tables and blocks, outer ones first: ``goals``, ``goals[].indicators``."""
    found = {path[: end.start()] for path in form.fields for end in re.finditer(r"\[\]", path)}
    return sorted(found, key=lambda path: (path.count("[]"), path))


def tables(form: Form) -> list[Table]:
    return [band for band in form.flat() if isinstance(band, Table)]


@st.composite
def records(draw: st.DrawFn, form: Form, most: int = 5) -> Record:
    """A record with up to ``most`` rows in each list; computed fields are left out, others may be blank."""
    sizes: dict[str, int] = {}
    values: dict[str, Value] = {}
    for path in lists(form):
        for concrete in Record({}, sizes).paths(path):
            sizes[concrete] = draw(st.integers(0, most), label=concrete)
    whole = Record(values, sizes)
    levels = {table.path: _levels(table) for table in tables(form)}
    for path, field in form.fields.items():
        if field.computed or field.hidden:
            continue
        for concrete in whole.paths(path):
            value = (
                None
                if field.level
                else draw(_value(field.type, tuple(choice.value for choice in field.choices)), label=concrete)
            )
            if value is not None:
                values[concrete] = value
    for path, known in levels.items():
        keys = [field.key for field in form.fields.values() if field.path.startswith(f"{path}[].") and field.level]
        for row in whole.rows(path):
            texts = draw(st.sampled_from(known)) if known else tuple(draw(_WORDS) for _ in keys)
            own = draw(st.booleans())
            for key, text in zip(keys, texts, strict=False):
                values[f"{row}.{key}"] = draw(_WORDS) if own and key == keys[-1] else text
    return whole


def _levels(table: Table) -> list[tuple[str, ...]]:
    groups: list[tuple[str, ...]] = [(group.value, below) for group in table.groups for below in group.below]
    return groups or [row.levels for row in table.printed]


@cache
def _value(kind: Type, choices: tuple[str, ...]) -> st.SearchStrategy[Value]:
    some: st.SearchStrategy[Value]
    match kind:
        case Type.CHOICE:
            some = st.sampled_from(choices)
        case Type.TICK:
            some = st.just(value=True)
        case Type.DATE:
            some = st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1))
        case Type.VALUE:
            some = _WORDS.map(WordValue)
        case Type.TEXT:
            some = _WORDS
        case Type.YEAR:
            some = st.integers(2000, 2099).map(Decimal)
        case _:
            some = st.decimals(-1000, 1000, places=2)
    return st.one_of(some, st.none())
