"""Number formats: what a format code says about the number it shows.

Excel's own spellings, those of WPS (``G/通用格式``, ``!`` as escape) and LibreOffice's (unquoted words, upper-case
dates). Only the first section counts; a code whose first section holds a condition (``[>=10000]0!.0,"万"``) has no
literals, since they do not stand beside every number.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from msgspec import Struct

from perfxl.model.regex import deferred

_TOKEN: Final = deferred(
    r"""
      "(?P<quoted>[^"]*)"?          # literal text
    | [\\!](?P<escaped>.)           # one literal character
    | [_*].                         # a width to leave, a character to fill with: nothing to read
    | \[\$(?P<currency>[^\[\]-]*+)[^\[\]]*+\]
    | \[(?P<elapsed>[hH]+|[mM]+|[sS]+)\]
    | \[(?P<condition>[<>=][^\[\]]*+)\]
    | \[[^\[\]]*+\]                   # colour, locale, numerals
    | (?P<general>General|Standard|G/通用格式)
    | (?P<noon>AM/PM|A/P|上午/下午)
    | (?P<exponent>E[+-][0#?]+)
    | (?P<year>y+|e+) | (?P<day>d+|a{3,}) | (?P<hour>h+|s+) | (?P<month>m+)
    | (?P<digit>[0#?]) | (?P<percent>%) | (?P<point>\.) | (?P<comma>,)
    | (?P<end>;)
    | (?P<literal>.)
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)


class NumberFormat(Struct, frozen=True):
    """What a format code says.

    ``prefix`` and ``suffix`` are the words before and after the number; ``zeros`` is the least number of digits
    (``00000`` → 5). ``scale`` is by how many places the point is moved: 4 in ``0!.0,`` and ``0!.0000``, which show
    ten-thousands of the number, so that words next to it are not about the number itself. ``conditional``: this holds of some
    numbers only.
    """

    prefix: str = ""
    suffix: str = ""
    zeros: int = 0
    percent: bool = False
    scale: int = 0
    conditional: bool = False
    year: bool = False
    month: bool = False
    day: bool = False
    time: bool = False

    @property
    def date(self) -> bool:
        return self.year or self.month or self.day

    @property
    def plain(self) -> bool:
        """Whether it shows the number itself, with no words."""
        return not (self.prefix or self.suffix or self.percent or self.scale or self.date or self.time)


_WORDS: Final = frozenset({"quoted", "escaped", "currency", "literal"})
_NUMBER: Final = frozenset({"general", "digit", "point", "percent", "exponent"})
_ANY: Final = frozenset({"digit", "general"})


@lru_cache(maxsize=1024)
def number_format(code: str) -> NumberFormat:
    """Return what a format code says. Never raises: what cannot be understood is literal."""
    if code in {"General", "@", ""}:
        return _GENERAL
    tokens: list[tuple[str, str]] = []
    for found in _TOKEN.finditer(code):
        kind = found.lastgroup or ""
        if kind == "end":
            break
        tokens.append((kind, found[kind] if kind else ""))
    kinds = [kind for kind, _ in tokens]
    present = set(kinds)
    clock = bool(present & {"hour", "elapsed", "noon"})
    if clock or present & {"year", "month", "day"}:
        # m beside hours or seconds is minutes, unless a year or a day says that it is a whole date
        month = "month" in present and (not clock or bool(present & {"year", "day"}))
        return NumberFormat(year="year" in present, month=month, day="day" in present, time=clock)
    return _numeric(tokens, kinds, present)


def _numeric(tokens: list[tuple[str, str]], kinds: list[str], present: set[str]) -> NumberFormat:
    """Return what the tokens of a section say that shows a number, or words only."""
    places = [index for index, kind in enumerate(kinds) if kind in _NUMBER]
    if not places or not present & _ANY:
        return _GENERAL
    first, last = places[0], places[-1]
    point = kinds.index("point") if "point" in present else len(kinds)
    conditional = "condition" in present
    return NumberFormat(
        prefix="" if conditional else _words(tokens[:first]),
        suffix="" if conditional else _words(tokens[last + 1 :]),
        zeros=sum(token == ("digit", "0") for token in tokens[:point]),
        percent="percent" in present,
        scale=_scale(kinds),
        conditional=conditional,
    )


def _scale(kinds: list[str]) -> int:
    """Return how many places a section moves the point: three for each comma behind the digits that it shows.

    And as many as there are digits behind a word among them: in ``0!.0000`` the point is a word, and 12345 shows as 1.2345.
    """
    digits = [index for index, kind in enumerate(kinds) if kind == "digit"]
    point = kinds.index("point") if "point" in kinds else len(kinds)
    whole = [index for index in digits if index < point]
    if not whole:
        return 0
    behind = kinds[whole[-1] : point] + (kinds[digits[-1] :] if point < len(kinds) else [])
    words = [index for index in range(whole[0], whole[-1]) if kinds[index] in _WORDS]
    return 3 * behind.count("comma") + (sum(index > words[-1] for index in whole) if words else 0)


def _words(tokens: list[tuple[str, str]]) -> str:
    return "".join(text for kind, text in tokens if kind in _WORDS)


def literals(code: str) -> tuple[str, str]:
    """Return the words before and after the number: ``"其中："#,##0.00"万元"`` → (其中：, 万元)."""
    read = number_format(code)
    return read.prefix, read.suffix


def is_date(code: str) -> bool:
    """Tell whether the format shows a serial number as a date, or a part of one; a time of day alone is none."""
    return number_format(code).date


_GENERAL: Final = NumberFormat()
