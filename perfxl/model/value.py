"""What a field can hold."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias


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


class Op(StrEnum):
    """The comparison that an indicator value states."""

    AT_LEAST = ">="
    MORE = ">"
    EQUAL = "="
    AT_MOST = "<="
    LESS = "<"
    ABOUT = "~"


@dataclass(frozen=True, slots=True)
class IndicatorValue:
    """An indicator value: the text as typed (ends trimmed) and what it says. A percentage is 95 with unit ``%``.

    Which keys apply: number (op, value, unit), range (low, high, unit), months (from_month, to_month),
    date (op, and date ``YYYY-MM-DD``/``YYYY-MM`` or month), frequency (times, per); the others have none.
    """

    text: str
    kind: Kind
    op: Op | None = None
    value: Decimal | None = None
    unit: str | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    from_month: int | None = None
    to_month: int | None = None
    date: str | None = None
    month: int | None = None
    times: Decimal | None = None
    per: str | None = None


Value: TypeAlias = str | Decimal | dt.date | bool | IndicatorValue | None
"""Numbers of every type (money in the form's unit, percent as a fraction, years) are Decimal; None is a blank."""
