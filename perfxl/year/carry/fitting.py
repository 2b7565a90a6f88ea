"""Whether a value can stand in another field, and whether two sources say the same."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from msgspec import Struct

from perfxl.forms.data import LONGEST_TEXT, MOST_DIGITS
from perfxl.model.field_type import Family
from perfxl.model.form import Field
from perfxl.model.value import IndicatorValue, NumberValue, Value
from perfxl.rules.case import limit
from perfxl.rules.words import figure
from perfxl.values.indicator import parse_indicator
from perfxl.values.label_text import flat, key
from perfxl.values.units import same_unit

_QUOTED = 12
_FIRST_YEAR = 1900
"""Excel has no days before."""


class UnfitValue(Struct, frozen=True):
    """Why a value cannot stand in a field, in Chinese."""

    why: str


def fitted(value: Value, field: Field) -> Value | UnfitValue:
    """Return a value as a field holds it, or why it cannot: its kind, its length, its range, the choices."""
    match field.type.traits.family:
        case Family.TEXT | Family.CHOICE | Family.VALUE:
            return _words(value, field)
        case Family.DATE:
            known = isinstance(value, dt.date) and value.year >= _FIRST_YEAR
            return value if known else UnfitValue(f"早于 {_FIRST_YEAR} 年")
        case Family.TICK:
            return value
        case Family.NUMBER:
            return _number(value, field) if isinstance(value, Decimal) else UnfitValue("不是数字")


def _words(value: Value, field: Field) -> Value | UnfitValue:
    text = value.text if isinstance(value, IndicatorValue) else value
    if not isinstance(text, str):
        return UnfitValue("不是文字")
    if field.type.traits.family is Family.VALUE and len(text) <= LONGEST_TEXT:
        return value if isinstance(value, IndicatorValue) else parse_indicator(text)
    if field.type.traits.family is Family.CHOICE:
        meant = next((one.value for one in field.choices if text in {one.value, *one.aliases}), None)
        return (
            meant
            if meant is not None
            else UnfitValue(f"不是可选的内容（{'、'.join(one.word for one in field.choices[:_QUOTED])}）")
        )
    longest = min(field.length or LONGEST_TEXT, LONGEST_TEXT)
    return text if len(text) <= longest else UnfitValue(f"有 {len(text)} 个字，这一格最多 {longest} 个字")


def _number(number: Decimal, field: Field) -> Value | UnfitValue:
    if not number.is_finite() or number.adjusted() >= MOST_DIGITS:
        return UnfitValue(f"超过 {MOST_DIGITS} 位整数")
    if field.type.traits.whole and number != number.to_integral_value():
        return UnfitValue("不是整数")
    beyond = limit(number, field.minimum, field.maximum)
    if beyond is None:
        return number
    return UnfitValue(f"不能{'小于' if number < beyond else '大于'} {figure(beyond)}")


def same(one: Value, other: Value) -> bool:
    """Tell whether two sources say the same; blanks, full width and the spelling of an operator are no difference."""
    match one, other:
        case NumberValue(), NumberValue():
            measured = one.value == other.value and same_unit(one.unit, other.unit)
            return measured and (one.op or "") == (other.op or "")
        case str(), str():
            return flat(one) == flat(other)
        case _ if isinstance(one, IndicatorValue) and isinstance(other, IndicatorValue):
            return flat(one.text) == flat(other.text)
        case _:
            return one == other


def matched(value: Value) -> str:
    """Return a value as rows are compared by it: letters and digits of what it says, as labels are when a sheet is read."""
    match value:
        case None:
            return ""
        case Decimal():
            return figure(value)
        case _ if isinstance(value, IndicatorValue):
            return key(value.text) or flat(value.text)
        case _:
            return key(str(value)) or flat(str(value))
