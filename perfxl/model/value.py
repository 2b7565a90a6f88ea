"""What a field can hold."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar, Literal, TypeAlias

from msgspec import Struct


class Kind(StrEnum):
    """What an indicator value says (指标值 grammar)."""

    NUMBER = "number"
    RANGE = "range"
    MONTHS = "months"
    DATE = "date"
    FREQUENCY = "frequency"
    DURATION = "duration"
    GRADE = "grade"
    NONE = "none"
    TEXT = "text"


Wordy: TypeAlias = Literal[Kind.DURATION, Kind.GRADE, Kind.NONE, Kind.TEXT]
"""What a value says that is words."""


class Op(StrEnum):
    """The comparison that an indicator value states."""

    AT_LEAST = ">="
    MORE = ">"
    EQUAL = "="
    AT_MOST = "<="
    LESS = "<"
    ABOUT = "~"


class NumberValue(Struct, frozen=True):
    """A number, how it is compared, and its unit. A percentage is 95 with unit ``%``. ``text`` is as typed, ends trimmed."""

    kind: ClassVar[Kind] = Kind.NUMBER
    text: str
    value: Decimal
    op: Op | None = None
    unit: str | None = None


class RangeValue(Struct, frozen=True):
    """A number from ``low`` to ``high``, both included, and its unit. ``text`` is as typed, ends trimmed."""

    kind: ClassVar[Kind] = Kind.RANGE
    text: str
    low: Decimal
    high: Decimal
    unit: str | None = None


class MonthsValue(Struct, frozen=True):
    """Months of a year, from 1 to 12, both included. ``text`` is as typed, ends trimmed."""

    kind: ClassVar[Kind] = Kind.MONTHS
    text: str
    from_month: int
    to_month: int


class DateValue(Struct, frozen=True):
    """A day or month: ``date`` as ``YYYY-MM-DD`` or ``YYYY-MM``, or else ``month`` where no year is said.

    ``op`` is ``AT_MOST`` for one until which something is done, None for one at which it is. ``text`` is as typed, ends
    trimmed.
    """

    kind: ClassVar[Kind] = Kind.DATE
    text: str
    op: Op | None = None
    date: str | None = None
    month: int | None = None


class FrequencyValue(Struct, frozen=True):
    """How often in a period (``月``, ``季度``, ``两年`` …). ``text`` is as typed, ends trimmed."""

    kind: ClassVar[Kind] = Kind.FREQUENCY
    text: str
    times: Decimal
    per: str


class WordValue(Struct, frozen=True):
    """Words without a figure that could be compared: a duration, a grade, 无, or any text. Ends are trimmed."""

    text: str
    kind: Wordy = Kind.TEXT


IndicatorValue: TypeAlias = NumberValue | RangeValue | MonthsValue | DateValue | FrequencyValue | WordValue
"""An indicator value: the text as typed and what it says."""

Quantity: TypeAlias = NumberValue | RangeValue
"""Indicator values that are figures."""


def operator_of(value: IndicatorValue) -> Op | None:
    """Return the comparison that a value states, None where it states none."""
    return value.op if isinstance(value, NumberValue | DateValue) else None


def ends_of(value: Quantity) -> tuple[Decimal, Decimal]:
    """Return the least and the greatest number that a figure says: twice the same, but of a range."""
    return (value.low, value.high) if isinstance(value, RangeValue) else (value.value, value.value)


def figure_of(value: IndicatorValue) -> Decimal | None:
    """Return the one number that a value is about, None where it is about none or two."""
    return value.value if isinstance(value, NumberValue) else None


def measured_in(value: IndicatorValue) -> str | None:
    """Return the unit of a figure, None where it has none or is no figure."""
    return value.unit if isinstance(value, NumberValue | RangeValue) else None


Value: TypeAlias = str | Decimal | dt.date | bool | IndicatorValue | None
"""Numbers of every type (money in the form's unit, percent as a fraction, years) are Decimal; None is a blank."""
