"""The ``data`` object of a form: nested JSON on one side, a Record by path on the other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import TypeAlias

from msgspec import Struct

from perfxl.model.error import Error
from perfxl.model.field_type import Family
from perfxl.model.form import Field, Form
from perfxl.model.path import generic
from perfxl.model.record import Record
from perfxl.model.regex import deferred
from perfxl.model.value import IndicatorValue, Value, WordValue

Data: TypeAlias = Mapping[str, object]

LONGEST_TEXT = 32_767
"""Excel's limit for the text of a cell."""
MOST_DIGITS = 15
"""Digits in front of the point that Excel keeps."""
_QUOTED = 40
_HALVES = deferred("[\ud800-\udfff]")
_NO_TEXT = "文字里有认不出的字符，请重新输入"


class Misfit(Struct, frozen=True):
    """A piece of given data that does not belong to the form, or is not of its type: where, and what is wrong."""

    path: str
    message: str


class DataError(Error, ValueError):
    """Data that does not belong to a form; carries every misfit."""

    def __init__(self, misfits: Sequence[Misfit]) -> None:
        self.misfits = tuple(misfits)
        super().__init__(self.misfits)

    def __str__(self) -> str:
        return "；".join(f"{misfit.path}：{misfit.message}" for misfit in self.misfits)


def from_data(form: Form, data: Data) -> tuple[Record, tuple[Misfit, ...]]:
    """Return given data, whole or part, as a record, and what of it does not fit. Computed fields are left out.

    Numbers may be int, float, Decimal or text; an indicator value its object or just its text.
    """
    values: dict[str, Value] = {}
    sizes: dict[str, int] = {}
    misfits: list[Misfit] = []
    inner = {generic(path)[:end] for path in form.fields for end in _ends(path)}

    def walk(item: object, path: str) -> None:
        kind = generic(path)
        field = form.fields.get(kind)
        if field is not None and not field.hidden:
            value, wrong = _value(item, field)
            if wrong:
                misfits.append(Misfit(path, wrong))
            elif value is not None and not field.computed:
                values[path] = value
        elif item is None and (kind in inner or f"{kind}[]" in inner):
            return
        elif f"{kind}[]" in inner and isinstance(item, Sequence) and not isinstance(item, str):
            sizes[path] = len(item)
            for index, row in enumerate(item):
                walk(row, f"{path}[{index}]")
        elif (not path or kind in inner) and isinstance(item, Mapping):
            for name, below in item.items():
                key = str(name)
                if "[" in key:
                    misfits.append(Misfit(key, "名称里不能有方括号：各行写成列表"))
                else:
                    walk(below, f"{path}.{key}" if path else key)
        else:
            known = kind in inner or f"{kind}[]" in inner
            misfits.append(Misfit(path, "结构不对" if known else "这张表没有这一项"))

    walk(data, "")
    return Record(values, sizes), tuple(misfits)


def _ends(path: str) -> list[int]:
    return [i for i, char in enumerate(path) if char == "."]


def _value(item: object, field: Field) -> tuple[Value, str]:
    """Return a JSON value as the field's type, or what is wrong with it."""
    if item is None or item == "":
        return None, ""
    match field.type.traits.family:
        case Family.VALUE:
            return _indicator(item)
        case Family.TICK:
            return _tick(item)
        case Family.DATE:
            return _date(item)
        case Family.TEXT | Family.CHOICE:
            return _text(item, field)
        case Family.NUMBER:
            number = _number(item)
            return number, "" if number is not None else f"应为数字，最多 {MOST_DIGITS} 位整数，现在是{_quoted(item)}"


def _tick(item: object) -> tuple[Value, str]:
    return (True, "") if item is True else (None, "" if item is False else "只能是 true 或 null")


def _date(item: object) -> tuple[Value, str]:
    try:
        return dt.date.fromisoformat(str(item)), ""
    except ValueError:
        return None, f"应为日期，写成 2024-01-16，现在是{_quoted(item)}"


def _text(item: object, field: Field) -> tuple[Value, str]:
    if not isinstance(item, str):
        return None, f"应为文字，现在是{_quoted(item)}"
    if len(item) > LONGEST_TEXT:
        return None, f"文字有 {len(item)} 个字，一格最多 {LONGEST_TEXT} 个字"
    if _HALVES.search(item):
        return None, _NO_TEXT
    offered = [choice.value for choice in field.choices]
    if offered and item not in offered:
        wanted = "清单里的一项" if field.list else "、".join(offered)
        return None, f"只能是{wanted}，现在是{_quoted(item)}"
    return item, ""


def _number(item: object) -> Decimal | None:
    if isinstance(item, bool) or not isinstance(item, int | float | Decimal | str):
        return None
    try:
        number = Decimal(str(item))
    except (InvalidOperation, ValueError):  # ValueError: Python turns no number of thousands of digits into text
        return None
    return number if number.is_finite() and number.adjusted() < MOST_DIGITS else None


def _indicator(item: object) -> tuple[Value, str]:
    """An indicator value needs only its text here; what it says is read again from the sheet."""
    if isinstance(item, IndicatorValue):
        return item, ""
    text = item.get("text") if isinstance(item, Mapping) else item
    if isinstance(item, bool) or not isinstance(text, str | int | float | Decimal):
        return None, "应为指标值（有 text 的对象，或文字）"
    if not isinstance(text, str):
        number = _number(text)
        return (None, f"应为指标值，现在是{_quoted(text)}") if number is None else (_said(f"{number:f}"), "")
    if _HALVES.search(text):
        return None, _NO_TEXT
    return (_said(text) if text else None), ""


def _said(text: str) -> WordValue:
    return WordValue(text)


def _quoted(item: object) -> str:
    """Return a piece of JSON as it is spoken of."""
    match item:
        case bool():
            return "true" if item else "false"
        case str():
            return f"“{item if len(item) <= _QUOTED else item[:_QUOTED] + '…'}”"
        case int() if abs(item) >= 10**_QUOTED:
            return "太大的数"
        case int() | float() | Decimal():
            return f"“{item}”"
        case Mapping():
            return "对象"
        case Sequence():
            return "列表"
        case _:
            return "别的内容"
