"""Records with values at the ends of what cells hold: numbers of any size, texts of any length and sort."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from msgspec.structs import replace

from perfxl.model.field_type import Type
from perfxl.model.form import Form
from perfxl.model.path import generic
from perfxl.model.record import Record
from perfxl.model.value import IndicatorValue, Value
from perfxl.values.indicator import parse_indicator
from support.filled import record

NUMBERS = ("1e300", "-1e300", "1e-300", "99999999999999999999999", "0.000001", "-0.01", "0", "123456789012345.678")
TEXTS = (
    *("了" * 32_767, "=1+1", "_x0041_", "\t\n" * 100, "a" * 300, "https://x.y/" + "z" * 3000, "\u202e\u200b"),
    *("{=SUM(A1)}", "'", '<a>&"', "😀" * 5000, "10-11月份" * 500, "\x07", "\ufffe", "≥" + "9" * 300 + "个", "≥1e300"),
)


def extreme(form: Form, rng: Random, share: float, *, most: int = 6) -> Record:
    """Make a random record of a form, that share of its values extreme; computed ones among them."""
    filled = record(form, rng, most=most)
    values = dict(filled.values)
    for path, value in filled.values.items():
        # What is read as a year is one.
        if form.fields[generic(path)].type is not Type.YEAR and rng.random() < share:
            values[path] = _value(value, rng)
    return replace(filled, values=values)


def _value(value: Value, rng: Random) -> Value:
    if isinstance(value, Decimal):
        return Decimal(rng.choice(NUMBERS))
    if isinstance(value, str):
        return rng.choice(TEXTS)
    return parse_indicator(rng.choice(TEXTS)) if isinstance(value, IndicatorValue) else value
