"""A value for every input of a form: valid, and another one in each cell as far as its type has enough of them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Final

from perfxl.model.field_type import Type
from perfxl.model.form import Field
from perfxl.model.value import Value
from perfxl.values.indicator import parse_indicator

_DIGITS: Final = "甲乙丙丁戊己庚辛壬癸"
"""Words of these are nobody's label, and nothing that perfxl takes for a blank."""
_SAID: Final = "试填"
_FIRST_YEAR, _YEARS = 2001, 30
_FIRST_DAY, _DAYS = dt.date(2021, 1, 1), 1000
_SHARES: Final = 9973
"""Values that there are between two limits: a prime, so that few numbers give the same one."""
_PLACES: Final = {Type.MONEY: 2, Type.PERCENT: 4, Type.NUMBER: 2, Type.INTEGER: 0}


def sample(field: Field, number: int) -> Value:
    """Return the value of a field with a number from 0: of other numbers others."""
    match field.type:
        case Type.TEXT:
            return _text(number, field.length)
        case Type.VALUE:
            return parse_indicator(f"≥{100 + number}个")
        case Type.CHOICE:
            return field.choices[number % len(field.choices)].value
        case Type.TICK:
            return True
        case Type.DATE:
            return _FIRST_DAY + dt.timedelta(days=number % _DAYS)
        case Type.YEAR:
            return Decimal(_FIRST_YEAR + number % _YEARS)
        case Type.MONEY | Type.PERCENT | Type.NUMBER | Type.INTEGER:
            return _figure(field, number)


def _text(number: int, length: int | None) -> str:
    said = "".join(_DIGITS[int(digit)] for digit in str(number))
    whole = f"{_SAID}{said}"
    return whole if length is None or len(whole) <= length else said[-length:]


def _figure(field: Field, number: int) -> Decimal:
    """A figure between the limits of its field; without limits one that differs from its neighbours by itself."""
    most = _PLACES[field.type]
    places = most if field.decimals is None else min(most, field.decimals)
    step = Decimal(1).scaleb(-places)
    low, high = field.minimum, field.maximum
    if high is None:
        least = low if low is not None else Decimal(0)
        return least + number + 1 + (number * 37 % 99 + 1) * step * (places > 0)
    least = low if low is not None else min(Decimal(0), high - 1)
    share = Decimal(number * 7 % _SHARES + 1) / (_SHARES + 1)
    return min(high, max(least, (least + (high - least) * share).quantize(step)))
