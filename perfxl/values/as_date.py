"""Fields of dates and years.

A date in full is what the contract expects, whatever its separator, and no correction; a serial number without a date
format, a two-digit year and the year at the end are suggested only. 20240116 as a number is a date, too.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Final

from perfxl.values.dates import read_date, read_year, serial_date
from perfxl.values.display_text import plain, shown
from perfxl.values.number_format import number_format
from perfxl.values.typed import Coerced, normalised, unreadable

_PLAUSIBLE: Final = (dt.date(1990, 1, 1), dt.date(2100, 1, 1))
"""Serial numbers without a date format are taken for dates between these days."""


def date_cell(content: Decimal, code: str) -> Coerced:
    """Return the date of a number cell with its format."""
    day = serial_date(content)
    read = number_format(code)
    if read.date:
        if day and read.month and read.day:
            return Coerced(day)
        return unreadable(shown(content, code), "不是完整的年月日", day)
    typed = plain(content)
    if (read_out := read_date(typed)).value:
        return normalised(read_out.value, content, read_out.reason)
    guess = day if day and _PLAUSIBLE[0] <= day < _PLAUSIBLE[1] and not read.time else None
    return unreadable(content, "是数字，不是日期", guess)


def date_text(text: str) -> Coerced:
    """Return the date of a text cell that is not blank."""
    read = read_date(text)
    if read.value is None:
        return unreadable(text, read.reason, read.guess)
    return normalised(read.value, text, read.reason)


def year_cell(content: Decimal, code: str) -> Coerced:
    """Return the year of a number cell: 2024, or a date whose format shows its year."""
    read = number_format(code)
    if read.date or read.time:
        day = serial_date(content)
        if read.year and day:
            return Coerced(Decimal(day.year))
        return unreadable(shown(content, code), "被表格软件当成了日期或时间，不是年份")
    found = read_year(plain(content))
    if found.value is None:
        return unreadable(content, found.reason, found.guess)
    return Coerced(found.value)


def year_text(text: str) -> Coerced:
    """Return the year of a text cell that is not blank."""
    found = read_year(text)
    if found.value is None:
        return unreadable(text, found.reason, found.guess)
    return normalised(found.value, text, found.reason)
