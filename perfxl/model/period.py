"""The time that a return is about: a year, or a half, a quarter, a month, ten days (旬) of it.

A year has 36 times ten days; every other part is so many of them, so that periods can be held against each other.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

from msgspec import Struct, field

from perfxl.model.regex import deferred

_YEAR = 36
"""The times of ten days in a year."""
Span: TypeAlias = tuple[int, int]
WHOLE_YEAR: Span = (1, _YEAR)
_NUMERALS = "一二三四五六七八九十"


class Part(StrEnum):
    """What a year is parted into."""

    HALF = "half"
    QUARTER = "quarter"
    MONTH = "month"
    TEN_DAYS = "ten_days"

    @property
    def length(self) -> int:
        """How many times of ten days it has."""
        return _LENGTHS[self]

    @property
    def most(self) -> int:
        """How many there are: in a year, of times of ten days in a month."""
        return 3 if self is Part.TEN_DAYS else _YEAR // self.length

    @property
    def chinese(self) -> str:
        return _CHINESE[self]

    def number(self, text: str) -> int | None:
        """Return which one a text says (一季度, 第1季度, 上半年, 3月份, 中旬), None where it says none."""
        found = _SPELT[self].fullmatch("".join(unicodedata.normalize("NFKC", text).split()))
        number = _numeral(next(filter(None, found.groups())), self.most) if found else None
        return number if number is not None and 1 <= number <= self.most else None


_LENGTHS = {Part.HALF: 18, Part.QUARTER: 9, Part.MONTH: 3, Part.TEN_DAYS: 1}
_CHINESE = {Part.HALF: "半年", Part.QUARTER: "季度", Part.MONTH: "月份", Part.TEN_DAYS: "旬"}
_SPELT = {
    Part.HALF: deferred(r"([上下])(?:半年)?|(?:H|第)?([12一二])(?:半年)?"),
    Part.QUARTER: deferred(r"(?:第|Q)?([1-4一二三四])(?:季度?)?"),
    Part.MONTH: deferred(r"(0?[1-9]|1[0-2]|十[一二]?|[一二三四五六七八九])(?:月份?)?"),
    Part.TEN_DAYS: deferred(r"([上中下])旬?|第?([1-3一二三])旬?"),
}
_PLACES = {"上": 1, "中": 2}


def _numeral(text: str, last: int) -> int:
    if text == "下":
        return last
    if text in _PLACES:
        return _PLACES[text]
    if text.isdecimal():
        return int(text)
    return 10 + _NUMERALS.index(text[1]) + 1 if len(text) > 1 else _NUMERALS.index(text) + 1


class Period(Struct, frozen=True):
    """A time from one ten days of a year to another, both included, from 1. ``year`` is None where none is known or meant.

    ``first`` is 0 where it is not known which part of the year is meant.
    """

    year: int | None = None
    first: int = 1
    last: int = _YEAR

    @classmethod
    def of(cls, year: int | None, parts: Mapping[Part, int | None]) -> Period:
        """Return the period of a year that its parts tell; of ten days the month is among them."""
        if any(number is None for number in parts.values()):
            return cls(year, 0, 0)
        first, last = 1, _YEAR
        for part in Part:  # the longer before the shorter, which lies in it
            number = parts.get(part)
            if number is not None:
                first += part.length * (number - 1)
                last = first + part.length - 1
        return cls(year, first, last)

    @property
    def known(self) -> bool:
        """Tell whether it is known which part of the year is meant."""
        return self.first > 0

    @property
    def whole(self) -> bool:
        """Tell whether it is about the whole of a year."""
        return self.known and self.length == _YEAR

    @property
    def length(self) -> int:
        return self.last - self.first + 1

    @property
    def rank(self) -> tuple[int, int, int]:
        """By what periods are ordered: the earlier first, of those that begin together the longer."""
        return self.year or 0, self.first, -self.last

    @property
    def after(self) -> Period:
        """The period of the same length that follows."""
        if self.year is None or not self.known:
            return self
        turned = self.last == _YEAR
        first = 1 if turned else self.last + 1
        return Period(self.year + turned, first, first + self.length - 1)

    def of_length(self, length: int) -> Period | None:
        """Return the period of a length in which this one lies, itself where it is no shorter; None for one that is longer."""
        if length == _YEAR:
            return Period(self.year)
        if not self.known or length < self.length:
            return None
        first = (self.first - 1) // length * length + 1
        return Period(self.year, first, first + length - 1)

    def meets(self, other: Period) -> bool:
        """Tell whether two periods have a time in common: of the same year (or one of none known), one in the other."""
        alike = self.year == other.year or self.year is None or other.year is None
        return alike and not (self.known and other.known and (self.last < other.first or other.last < self.first))

    def parts(self) -> Mapping[Part, int]:
        """Return of which half, quarter, month, ten days it is, as far as it lies in one."""
        if not self.known:
            return MappingProxyType({})
        found = {part: (self.first - 1) // part.length + 1 for part in Part if self.length <= part.length}
        if Part.TEN_DAYS in found:
            found[Part.TEN_DAYS] = (self.first - 1) % _LENGTHS[Part.MONTH] + 1
        return MappingProxyType(found)

    @property
    def part_said(self) -> str:
        """Which part of the year it is, "" for the whole: 一季度, 上半年, 3月, 3月上旬."""
        parts = self.parts()
        if Part.MONTH in parts:
            ten = f"{'上中下'[parts[Part.TEN_DAYS] - 1]}旬" if Part.TEN_DAYS in parts else ""
            return f"{parts[Part.MONTH]}月{ten}"
        if Part.QUARTER in parts:
            return f"{_NUMERALS[parts[Part.QUARTER] - 1]}季度"
        return f"{'上下'[parts[Part.HALF] - 1]}半年" if Part.HALF in parts else ""

    @property
    def part_shown(self) -> str:
        """Which part of the year it is for people to see, also that it is not known."""
        return self.part_said if self.known else "（哪一期不详）"

    @property
    def said(self) -> str:
        """The period as it is spoken of: `` 2024 年度``, `` 2024 年一季度``; "" where nothing is known of it."""
        if self.year is None:
            return self.part_said
        return f"{self.year} 年度" if self.whole else f"{self.year} 年{self.part_shown}"

    @property
    def name(self) -> str:
        """The period in the name of a file or a sheet: 2024, 2024年一季度."""
        year = "" if self.year is None else str(self.year)
        part = self.part_said
        return f"{year}年{part}" if year and part else year or part


def spoken_period(year: int | None, part: str) -> str:
    """Return a year, or a part of it, as people speak of it: 2024年度, 2024年一季度; "" where nothing tells."""
    if year is None:
        return part
    return f"{year}年{part}" if part else f"{year}年度"


_SPELT_PERIOD = deferred(r"(\d{4})(?:年度?|-|/|\.)?(.*)")
_TEN_DAYS_OF = deferred(r"(.+?月)([上中下]旬)")


def read_period(text: str) -> Period | None:
    """Return the period that a text says: 2024, 2024年一季度, 2024Q1, 2024-03, 2024年上半年, 2024年3月上旬; None for none."""
    spelt = "".join(unicodedata.normalize("NFKC", text).split())
    found = _SPELT_PERIOD.fullmatch(spelt)
    if found is None or not found[1].isascii():
        return None
    year, rest = int(found[1]), found[2]
    if not rest:
        return Period(year) if spelt == found[1] else None
    within = _TEN_DAYS_OF.fullmatch(rest)
    if within is not None:
        parts = {Part.MONTH: Part.MONTH.number(within[1]), Part.TEN_DAYS: Part.TEN_DAYS.number(within[2])}
        return Period.of(year, parts) if None not in parts.values() else None
    for part, marks in ((Part.QUARTER, "季Q"), (Part.HALF, "半H"), (Part.MONTH, "")):
        number = part.number(rest)
        if number is not None and (not marks or any(mark in rest for mark in marks)):
            return Period.of(year, {part: number})
    return None


class Identity(Struct, frozen=True):
    """What tells two returns of a form apart, besides the unit: the time that they are about, and further fields.

    ``dated``: the year does. ``parts`` are the fields (paths) that say which part of the year; ``keys`` are further ones:
    the project, a contract number. ``declared``: the definition says so itself.
    """

    dated: bool = True
    parts: Mapping[Part, str] = field(default_factory=dict)
    keys: tuple[str, ...] = ()
    declared: bool = False

    @property
    def length(self) -> int:
        """How long the periods are, in times of ten days."""
        return min((part.length for part in self.parts), default=_YEAR)
