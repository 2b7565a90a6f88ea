"""The grammar of indicator values (指标值): what officers type as a target or as what was reached.

Read from the text without blanks, full-width characters made half-width, a full stop at the end dropped; at most
``LONGEST`` characters. The first row that fits the whole text wins; whatever fits none is ``text``: better no number
than a wrong one.

========= ==================================================================================================
kind      what is read
========= ==================================================================================================
none      无 · 暂无 · 不适用 · N/A · dashes or slashes alone
grade     a word of ``vocabulary``: 充分, 合规, 优秀, 达成 …
duration  a word of ``vocabulary``: 长期, 常年 …
months    [Y年] M[月] SEP M月[份] · 上半年 · 第一季度. A year is left to the text.
date      [于] [Y年] M月 [D日|底|初|中旬 …] [前|内] [完成] · 年底前 · Y年内 · Y-M-D, Y/M/D, Y.M.D, YYYYMMDD. 前 and 内
          are ``<=`` (by law 以前 includes the day). Y年M月底前 is the last day of that month; without a year only the
          month is kept. ``2023.12`` may be a date or an amount, ``2023年`` is no number of years: both are text.
frequency 每 PERIOD [不少于] N 次 · PERIOD N 次 · [≥] N 次/PERIOD. At least N is what a frequency means anyway.
range     [NAME] [控制在] N [UNIT] SEP N [UNIT] [之间] · ≥ N 且 ≤ N · ± N. Low above high, or two units: text.
number    [NAME] [OP] N [余] [UNIT [NOUN]] [SUFFIX] · 百分之 N
text      the rest
========= ==================================================================================================

========= ==================================================================================================
N         digits, thousands in threes, sign, decimals; Chinese numerals where a unit or 百分之 says that they count.
          Blanks between digits and leading zeros are no number.
OP        ``vocabulary``: ≥ >= 不低于 至少 达到 … ≤ 不超过 控制在 … > 大于 < 低于 = 等于 ~ 约
SUFFIX    ``vocabulary``: 以上 (及以上) is >=, 以下 and 以内 are <=, 左右 is ~. Beside an OP it must point the same way.
余, 多    100余人 is more than 100
UNIT      % ‰ or a word of ``measure``, with its scale (万人) or what it is per (元/人·年); 百分比 is ``%``
NOUN      after counting words only: 18所学校
NAME      an indicator's name said again: 满意度≥90%, 合格率100%
SEP       - -- — ~ 至 到
========= ==================================================================================================
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import lru_cache
from typing import Final

from perfxl.model.regex import deferred
from perfxl.model.value import (
    DateValue,
    FrequencyValue,
    IndicatorValue,
    Kind,
    MonthsValue,
    NumberValue,
    Op,
    RangeValue,
    WordValue,
)
from perfxl.model.words import compact, half_width, says_nothing, trim
from perfxl.values.dates import FIRST_YEAR, LAST_YEAR, read_date
from perfxl.values.spelling import counted, splits_number
from perfxl.values.units import PERCENT, TIMES, countable_unit, unit_of
from perfxl.values.vocabulary import DURATIONS, GRADES, OPERATORS, REACHING, SUFFIXES

LONGEST: Final = 48
"""Characters; anything longer is prose."""

_LEAP_YEAR: Final = 2000
_UP: Final = frozenset({Op.AT_LEAST, Op.MORE})
_DOWN: Final = frozenset({Op.AT_MOST, Op.LESS})
_FILLERS: Final = ("完成", "已完成", "实际完成", "共", "共计", "合计", "累计", "总计")
_PERIODS: Final = {"季": "季度", "年度": "年", "星期": "周", "天": "日"}
_CENTURIES: Final = ("19", "20")
_QUARTERS: Final = {name: number for number in range(1, 5) for name in (str(number), "一二三四"[number - 1])}


class Phrase:
    """A way to write a value, tried only where one character of each of its ``needs`` stands: elsewhere it says nothing.

    Most values say a number and nothing more; what is never tried is not compiled either.
    """

    def __init__(self, pattern: re.Pattern[str], *needs: Iterable[str]) -> None:
        self.pattern = pattern
        self._needs = tuple(frozenset("".join(words)) for words in needs)

    def fullmatch(self, core: str) -> re.Match[str] | None:
        """Return the match of the whole text, None where there is none."""
        return None if any(need.isdisjoint(core) for need in self._needs) else self.pattern.fullmatch(core)


def _any(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


_N = r"[-+]?(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+|0|[1-9][0-9]*)(?:\.[0-9]+)?"
_NUMERALS = "零一二两三四五六七八九十百千"
_CN = f"[{_NUMERALS}]{{1,7}}"
# whatever could be a unit; ``measure`` knows which words are
_UNIT = r"[^0-9\s,.;:+~<>=≥≤≈±()-]{1,12}?[23]?"
_NAMES = "率 满意度 知晓度 认可度 支持度 参与度 人数 人次 次数 数量 比例 比重 金额 占比".split()  # noqa: SIM905 - read as words
_NAME = rf"(?:[\u4e00-\u9fff“”、]{{0,14}}(?:{_any(_NAMES)}):?)?"
_SEP = "(?:--?|—{1,2}|–|―|~|至|到)"
_MONTH = "(?:0?[1-9]|1[0-2]|[二三四五六七八九]|十[一二]?|一)"
_YEAR = r"(?:19|20)[0-9]{2}"
_DONE = "(?:全部|全面)?(?:完成|完工|竣工|到位|交付|支付)?"
_PERIOD = "(?:半年|年度?|季度?|月|周|星期|旬|日|天|学期|学年)"

_INCLUDED = deferred(r"\(含(?:本数|[^()含]{1,8})\)")  # 95%（含95%）以上
_MONTHS = Phrase(
    deferred(
        rf"(?:(?P<y1>{_YEAR})年)?(?P<m1>{_MONTH})(?:月份?)?{_SEP}(?:(?P<y2>{_YEAR})年)?(?P<m2>{_MONTH})月(?:份|底)?"
    ),
    "月",
)
_PART_OF_YEAR = Phrase(
    deferred(rf"(?:{_YEAR}年度?|当年|本年)?(?:(?P<half>[上下])半年|第?(?P<quarter>[1-4一二三四])季度)"), "年季"
)
_DATE = Phrase(
    deferred(
        rf"[于在]?(?:(?P<y>{_YEAR})年度?)?(?P<m>{_MONTH})月份?(?:(?P<d>[0-9]{{1,2}})[日号]|(?P<part>底|末|初|[上中下]旬))?"
        rf"(?P<by>之?前|以前|之?内|以内)?{_DONE}"
    ),
    "月",
)
_END_OF_YEAR = Phrase(
    deferred(
        rf"[于在]?(?:(?P<y>{_YEAR})年度?|[本当今]?年)(?:年?[底末终](?P<by>之?前|以前)?|(?P<within>度?内|以内|之内)){_DONE}"
    ),
    "年",
)
_NUMERIC_DATE = deferred(rf"(?P<date>{_YEAR}(?:[-/.][0-9]{{1,2}}){{2}}|{_YEAR}[0-9]{{4}})(?P<by>之?前|以前)?{_DONE}")
_YEAR_OR_AMOUNT = Phrase(deferred(rf"{_YEAR}\.(?:0?[1-9]|1[0-2])"), ".")
_NUMERIC_MONTH = deferred(rf"(?P<y>{_YEAR})[-/](?P<m>0?[1-9]|1[0-2])")
_LEAST, _MOST = ([word for word, op in OPERATORS.items() if op is end] for end in (Op.AT_LEAST, Op.AT_MOST))
_AT_LEAST = _any(_LEAST)
_FREQUENCY = Phrase(
    deferred(
        rf"(?:每个?(?P<per>[一两二三四五六2-6]?个?{_PERIOD})|(?P<one>[一半]个?|[两二三四五六2-6](?!月)个?)(?P<unit>{_PERIOD}))"
        rf"(?:开展|举办|召开|组织|进行|检查|更新)?(?:{_AT_LEAST})?(?P<times>{_N}|{_CN})(?:{_any(TIMES)})(?:及?以上)?"
    ),
    TIMES,
)
_PER = Phrase(deferred(rf"(?:{_AT_LEAST})?(?P<times>{_N}|{_CN})(?:{_any(TIMES)})(?:/|每)(?P<per>{_PERIOD})"), TIMES)
_RANGE = Phrase(
    deferred(
        rf"{_NAME}(?:控制在|保持在|稳定在|介于|在)?(?P<low>{_N})(?P<u1>{_UNIT})?{_SEP}(?P<high>{_N})(?P<u2>{_UNIT})?"
        "(?:之间|以内|之内|范围内)?"
    ),
    "-—–―~至到",
)
_BOTH_ENDS = Phrase(
    deferred(
        rf"{_NAME}(?P<op1>{_any(OPERATORS)})(?P<n1>{_N})(?P<u1>(?![且并和、]){_UNIT})?(?:且|并且|和|、|,|;)?"
        rf"(?P<op2>{_any(OPERATORS)})(?P<n2>{_N})(?P<u2>{_UNIT})?"
    ),
    _LEAST,
    _MOST,
)
_EITHER_SIGN = Phrase(
    deferred(rf"{_NAME}(?:控制在|不超过|≤|<=)?±(?P<n>{_N})(?P<u>{_UNIT})?(?:以内|之内|之间|范围内)?"), "±"
)
_NUMBER = Phrase(
    deferred(
        rf"{_NAME}(?:{_any(_FILLERS)})?(?P<op>{_any(OPERATORS)})?"
        rf"(?:(?P<all>百分之?百)|百分之(?P<pn>{_N}|{_CN})|(?P<n>{_N})(?P<more>[余多])?(?P<u>{_UNIT})?"
        rf"|(?P<cn>{_CN})(?P<cu>{_UNIT}))(?P<suffix>{_any(SUFFIXES)})?"
    ),
    f"0123456789{_NUMERALS}",
)


def parse_indicator(text: str) -> IndicatorValue:
    """Return what an indicator value says; ``text`` is kept as typed, but for blanks at its ends.

    Never raises; numbers are Decimal, a percentage is its printed number with unit ``%``.
    """
    text = trim(text)
    return _parse(text) if len(text) <= LONGEST else WordValue(text)


@lru_cache(maxsize=4096)
def _parse(text: str) -> IndicatorValue:
    plain = half_width(text)
    if "，" in text and re.search("[0-9]，|，[0-9]", text):
        return WordValue(text)  # 100，200 may be two numbers
    core = compact(plain)
    if splits_number(plain):
        return WordValue(text)
    core = core.rstrip("。;,、") or core
    if "含" in core:
        core = _INCLUDED.sub("(含)", core)
    for read in _READERS:
        if found := read(text, core):
            return found
    return WordValue(text)


def _word(text: str, core: str) -> IndicatorValue | None:
    if says_nothing(core):
        return WordValue(text, Kind.NONE)
    if core in GRADES:
        return WordValue(text, Kind.GRADE)
    return WordValue(text, Kind.DURATION) if core in DURATIONS else None


def _months(text: str, core: str) -> IndicatorValue | None:
    if found := _MONTHS.fullmatch(core):
        if found["y2"] and found["y1"] != found["y2"]:
            return None
        return MonthsValue(text, from_month=_month(found["m1"]), to_month=_month(found["m2"]))
    if found := _PART_OF_YEAR.fullmatch(core):
        length = 6 if found["half"] else 3
        part = (1 if found["half"] == "上" else 2) if found["half"] else _QUARTERS[found["quarter"]]
        return MonthsValue(text, from_month=(part - 1) * length + 1, to_month=part * length)
    return None


def _date(text: str, core: str) -> IndicatorValue | None:
    numeric = core.startswith(_CENTURIES)
    if numeric and (found := _NUMERIC_DATE.fullmatch(core)):
        day = read_date(found["date"]).value
        return DateValue(text, op=_by(found["by"]), date=day.isoformat()) if day else None
    if numeric and (found := _NUMERIC_MONTH.fullmatch(core)):
        return DateValue(text, date=f"{found['y']}-{int(found['m']):02}")
    if found := _END_OF_YEAR.fullmatch(core):
        year, by = found["y"], _by(found["by"] or found["within"])
        if not year:
            return DateValue(text, op=by, month=12)
        return DateValue(text, op=by, date=f"{year}-12-31" if by else f"{year}-12")
    if found := _DATE.fullmatch(core):
        return _date_in_words(text, found)
    return None


def _date_in_words(text: str, found: re.Match[str]) -> IndicatorValue | None:
    year, month, by = found["y"], _month(found["m"]), _by(found["by"])
    last = calendar.monthrange(int(year or _LEAP_YEAR), month)[1]
    day = int(found["d"]) if found["d"] else last if by and found["part"] in {"底", "末"} else None
    if day is not None and not 1 <= day <= last:
        return None
    if not year:
        return DateValue(text, op=by, month=month)
    return DateValue(text, op=by, date=f"{year}-{month:02}" + (f"-{day:02}" if day else ""))


def _frequency(text: str, core: str) -> IndicatorValue | None:
    if found := _FREQUENCY.fullmatch(core):
        per = found["per"] or (found["one"].removeprefix("一") + found["unit"])
    elif found := _PER.fullmatch(core):
        per = found["per"]
    else:
        return None
    per, times = per.removeprefix("一").removeprefix("个"), _count(found["times"])
    return None if times is None else FrequencyValue(text, times=times, per=_PERIODS.get(per, per))


def _range(text: str, core: str) -> IndicatorValue | None:
    if found := _EITHER_SIGN.fullmatch(core):
        high = abs(_amount(found["n"]))
        low, words = -high, {found["u"]}
    elif found := _RANGE.fullmatch(core):
        low, high, words = _amount(found["low"]), _amount(found["high"]), {found["u1"], found["u2"]}
        if _is_year(low) and _is_year(high) and words <= {None, "年", "年度"}:
            return None
    elif found := _BOTH_ENDS.fullmatch(core):
        ends = {OPERATORS[found["op1"]]: _amount(found["n1"]), OPERATORS[found["op2"]]: _amount(found["n2"])}
        if ends.keys() != {Op.AT_LEAST, Op.AT_MOST}:
            return None
        low, high, words = ends[Op.AT_LEAST], ends[Op.AT_MOST], {found["u1"], found["u2"]}
    else:
        return None
    units = {unit_of(word) for word in words if word}
    if low > high or len(units) > 1 or None in units:
        return None
    return RangeValue(text, low=low, high=high, unit=units.pop() if units else None)


def _number(text: str, core: str) -> IndicatorValue | None:
    found = _NUMBER.fullmatch(core)
    if not found:
        return None
    op, fits = _operator(found["op"], found["suffix"])
    if found["more"]:
        op, fits = Op.MORE, not (found["op"] or found["suffix"])
    value, unit = _measured(found)
    unknown = unit is None and bool(found["u"] or found["cu"])
    dated = _YEAR_OR_AMOUNT.fullmatch(core) or (unit in {"年", "年度"} and value is not None and _is_year(value))
    if value is None or unknown or not fits or dated:
        return None
    return NumberValue(text, op=op, value=value, unit=unit)


def _measured(found: re.Match[str]) -> tuple[Decimal | None, str | None]:
    if found["all"]:
        return Decimal(100), PERCENT
    if found["pn"]:
        return _count(found["pn"]), PERCENT
    if found["cn"]:
        return _count(found["cn"]), countable_unit(found["cu"])
    return _amount(found["n"]), unit_of(found["u"]) if found["u"] else None


_READERS: Final[tuple[Callable[[str, str], IndicatorValue | None], ...]] = (
    _word,
    _months,
    _date,
    _frequency,
    _range,
    _number,
)


def _operator(before: str | None, after: str | None) -> tuple[Op | None, bool]:
    """Return what an operator before and one after the number say together, and whether they can."""
    first = OPERATORS[before] if before else None
    second = SUFFIXES[after] if after else None
    if first is None or second is None:
        return first or second, True
    if before in REACHING and second is Op.ABOUT:
        return Op.ABOUT, True
    return second, first is second or {first, second} <= _UP or {first, second} <= _DOWN


def _amount(digits: str) -> Decimal:
    return Decimal(digits.replace(",", ""))


def _count(number: str) -> Decimal | None:
    """Return the number that digits or Chinese numerals say; None for numerals in a row that count nothing: 百百."""
    if number[-1].isdigit() and number.isascii():
        return _amount(number)
    chinese = counted(number)
    return None if chinese is None else Decimal(chinese)


def _month(name: str) -> int:
    return counted(name) or int(name)


def _is_year(value: Decimal) -> bool:
    return FIRST_YEAR <= value <= LAST_YEAR and value == int(value)


def _by(word: str | None) -> Op | None:
    return Op.AT_MOST if word else None
