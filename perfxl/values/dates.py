"""Dates and years, as typed and as Excel stores them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Final

from msgspec import Struct

from perfxl.model.grid import CellKind, GridCell
from perfxl.model.regex import deferred
from perfxl.model.words import compact, half_width, trim
from perfxl.values.number_format import is_date
from perfxl.values.spelling import counted, spelled

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2100
"""Years outside are taken for typing errors."""

_NO_DAY = "没有这一天"
_DAY_AFTER_THE_LAST = 2_958_466  # that of 9999-12-31
_EPOCH = dt.date(1899, 12, 30)
_BETWEEN_SYSTEMS = Decimal(1462)
"""Days from the first day of the system of 1900 to that of 1904."""

_CHINESE = "[零〇一二三四五六七八九十]{1,4}"
_CLOCK = deferred(r"[T\s][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?$")
_FULL = deferred(
    "(?P<y>[0-9]{4})(?:年(?P<m1>[0-9]{1,2})月(?P<d1>[0-9]{1,2})[日号]?"
    "|(?P<sep>[-/.])(?P<m2>[0-9]{1,2})(?P=sep)(?P<d2>[0-9]{1,2}))"
)
_DIGITS = deferred("(?P<y>[0-9]{4})(?P<m1>[0-9]{2})(?P<d1>[0-9]{2})")
_SPELLED = deferred(rf"(?P<y>{_CHINESE})年(?P<m>{_CHINESE})月(?P<d>{_CHINESE})[日号]?")
_TWO_DIGITS = deferred(
    "(?P<y>[0-9]{2})(?:年(?P<m1>[0-9]{1,2})月(?P<d1>[0-9]{1,2})[日号]?"
    "|(?P<sep>[-/.])(?P<m2>[0-9]{1,2})(?P=sep)(?P<d2>[0-9]{1,2}))"
)
_YEAR_LAST = deferred("(?P<a>[0-9]{1,2})(?P<sep>[-/.])(?P<b>[0-9]{1,2})(?P=sep)(?P<y>[0-9]{4})")
_YEAR = deferred(r"(?P<open>\()?(?P<y>[0-9]{2,4}|[零〇一二三四五六七八九]{4})(?:年度?)?(?(open)\))")


class DateReading(Struct, frozen=True):
    """A typed date: ``value`` where it is sure, ``guess`` where it must be asked back, ``reason`` in both cases.

    ``reason`` is a plain-Chinese half sentence: what was normalised beside a value, what is wrong without one.
    """

    value: dt.date | None = None
    guess: dt.date | None = None
    reason: str = ""


class YearReading(Struct, frozen=True):
    """A typed year, likewise."""

    value: Decimal | None = None
    guess: Decimal | None = None
    reason: str = ""


def read_date(text: str) -> DateReading:
    """Return the date that a text says: 2024年1月16日, 2024-1-16, 2024/1/16, 2024.1.16, 20240116, 二〇二四年….

    A two-digit year or a year at the end is a guess; without day, or a day that does not exist, there is none.
    """
    typed = _CLOCK.sub("", trim(text))
    plain = compact(half_width(typed))
    changed = "" if plain == typed else "全角字符、空格已整理"
    if found := _FULL.fullmatch(plain):
        day = _day(found["y"], found["m1"] or found["m2"], found["d1"] or found["d2"])
        return DateReading(value=day, reason=changed if day else _NO_DAY)
    if found := _DIGITS.fullmatch(plain):
        day = _day(found["y"], found["m1"], found["d1"])
        return DateReading(value=day, reason="八位数字已读作年月日" if day else "八位数字不是日期")
    if found := _SPELLED.fullmatch(plain):
        numbers = spelled(found["y"]), counted(found["m"].replace("〇", "零")), counted(found["d"])
        day = _day(*numbers) if None not in numbers else None
        return DateReading(value=day, reason="中文数字已转为日期" if day else _NO_DAY)
    if found := _TWO_DIGITS.fullmatch(plain):
        guess = _day(f"20{found['y']}", found["m1"] or found["m2"], found["d1"] or found["d2"])
        return DateReading(guess=guess, reason="年份不是四位数")
    if found := _YEAR_LAST.fullmatch(plain):
        days = {_day(found["y"], found["a"], found["b"]), _day(found["y"], found["b"], found["a"])} - {None}
        return DateReading(guess=days.pop() if len(days) == 1 else None, reason="年份应写在最前面")
    return DateReading(reason="不是完整的年月日")


def read_year(text: str) -> YearReading:
    """Return the year that a text says: 2024, 2024年, （2023年度）, 二〇二四年; a two-digit year is a guess."""
    typed = trim(text)
    found = _YEAR.fullmatch(compact(half_width(typed)))
    if not found:
        return YearReading(reason="不是年份")
    if not found["y"].isascii():
        return _in_range(Decimal(spelled(found["y"]) or 0), "中文数字已转为年份")
    if len(found["y"]) == 2:
        return YearReading(guess=Decimal(f"20{found['y']}"), reason="年份不是四位数")
    return _in_range(Decimal(found["y"]), "" if found["y"] in typed else "全角数字已转为半角")


def _in_range(year: Decimal, reason: str) -> YearReading:
    if FIRST_YEAR <= year <= LAST_YEAR:
        return YearReading(value=year, reason=reason)
    return YearReading(reason=f"年份不在{FIRST_YEAR}至{LAST_YEAR}之间")


def serial_date(serial: Decimal) -> dt.date | None:
    """Return the day of an Excel serial number (the time of day dropped), None outside 1900–9999.

    Excel counts a 29 February 1900 that never was: serials below 61 are a day later than plain counting says.
    """
    if not serial.is_finite() or not 1 <= serial < _DAY_AFTER_THE_LAST:
        return None
    days = int(serial)
    if days == 60:
        return None
    if days < 60:
        days += 1
    return _EPOCH + dt.timedelta(days)


def _day(year: str | int | None, month: str | int | None, day: str | int | None) -> dt.date | None:
    try:
        made = dt.date(int(year or 0), int(month or 0), int(day or 0))
    except ValueError:
        return None
    return made if FIRST_YEAR <= made.year <= LAST_YEAR else None


def from_1904(cell: GridCell) -> GridCell:
    """Return a cell of a workbook that counts days from 1904 as one that counts them from 1900, where it shows a date."""
    if cell.kind is CellKind.NUMBER and isinstance(cell.value, Decimal) and is_date(cell.format):
        return cell._replace(value=cell.value + _BETWEEN_SYSTEMS)
    return cell
