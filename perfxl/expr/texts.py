"""What is done to texts and days: the functions of the language that Excel has for them, with Excel's results."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from perfxl.expr.arithmetic import Result, settled
from perfxl.expr.sorts import YEARS
from perfxl.model.expression import Function

EXCEL_EPOCH = dt.date(1899, 12, 30)


def joined(left: Result, right: Result) -> str | None:
    """Return two values as one text, numbers as Excel writes them; blank where one of them is."""
    first, second = _as_text(left), _as_text(right)
    return None if first is None or second is None else first + second


def _as_text(value: Result) -> str | None:
    if isinstance(value, Decimal):
        number = settled(value)
        return None if number is None else f"{number:f}"
    return value if isinstance(value, str) else None


def cut(function: Function, text: str, numbers: tuple[int, ...]) -> str | None:
    """Return part of a text, or the text put in order; None where nothing is left of it."""
    match function, numbers:
        case Function.LEFT, (count,):
            found = text[:count]
        case Function.RIGHT, (count,):
            found = text[-count:]
        case Function.MID, (first, count):
            found = text[first - 1 : first - 1 + count]
        case Function.UPPER, ():
            # ß has no capital in Excel, and would have two letters.
            found = "".join(letter.upper() if len(letter.upper()) == 1 else letter for letter in text)
        case _:
            found = " ".join(filter(None, text.split(" ")))
    return found or None


def day_number(day: dt.date) -> Decimal:
    """Return a day as Excel counts it."""
    return Decimal((dt.date(day.year, day.month, day.day) - EXCEL_EPOCH).days)


def day_of(number: Decimal) -> dt.date | None:
    """Return the day that Excel counts so, None for what is none."""
    try:
        return EXCEL_EPOCH + dt.timedelta(days=int(number)) if number >= 1 else None
    except (OverflowError, ValueError):
        return None


def made_day(year: Decimal, month: int, day: int) -> Decimal | None:
    """Return the number of a day in a year, None for a year whose days programs count differently."""
    return day_number(dt.date(int(year), month, day)) if YEARS[0] <= year <= YEARS[1] else None


def part_of(function: Function, number: Decimal) -> Decimal | None:
    """Return the year, month or day of a day."""
    day = day_of(number)
    if day is None:
        return None
    match function:
        case Function.YEAR:
            return Decimal(day.year)
        case Function.MONTH:
            return Decimal(day.month)
        case _:
            return Decimal(day.day)
