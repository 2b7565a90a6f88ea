"""Fields of numbers: money, percent, number, integer.

Decisions beside the contract's table:

- A number cell is taken as it is, except where its format says that it is something else: a date, a time or a
  percentage in a field of money, 元 behind an amount in 万元, a format that shows less than was typed (``0.0,"万"``,
  ``0!.0000``): what was seen is suggested.
- A percentage without its sign is a fraction up to 1; 92.47 is asked back as 92.47%.
- Another unit of money than the form's is never applied, its conversion is suggested (元 for 万元); 0 元 is 0.
- 100 in brackets, a blank between digits, 。 for the point: suggested only.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from perfxl.model.field_type import Type
from perfxl.values.display_text import plain, rounded, shown
from perfxl.values.number_format import NumberFormat, number_format
from perfxl.values.numeral import Numeral, read_numeral
from perfxl.values.typed import Coerced, normalised, unreadable
from perfxl.values.units import MEASURES

MONEY_UNITS: Final = {
    "元": Decimal(1),
    "千元": Decimal(1_000),
    "万": Decimal(10_000),
    "万元": Decimal(10_000),
    "百万元": Decimal(1_000_000),
    "千万元": Decimal(10_000_000),
    "亿": Decimal(100_000_000),
    "亿元": Decimal(100_000_000),
}
"""Units of money, in 元."""

_MEASURES = frozenset(MEASURES)
_IS_TEXT = "文本形式的数字已转为数字"


def number_cell(content: Decimal, code: str, kind: Type, money_unit: str) -> Coerced:
    """Return the value of a numeric field from a number cell with its format."""
    read = number_format(code)
    if kind is Type.PERCENT:
        return _fraction_cell(content, code, read)
    if not read.plain and (objection := _objection(content, code, read, kind, money_unit)):
        return objection
    return _whole(content, content) if kind is Type.INTEGER else Coerced(content)


def number_text(text: str, kind: Type, money_unit: str) -> Coerced:
    """Return the value of a numeric field from a text cell that is not blank."""
    numeral = read_numeral(text)
    if numeral is None:
        return unreadable(text, "含有文字，不是数字" if any(map(str.isdigit, text)) else "不是数字")
    if kind is Type.PERCENT:
        return _fraction_text(text, numeral)
    if kind is Type.MONEY:
        return _money_text(text, numeral, money_unit)
    return _number_text(text, numeral, kind)


def _objection(content: Decimal, code: str, read: NumberFormat, kind: Type, money_unit: str) -> Coerced | None:
    """Return what a format says against the number that it shows."""
    if read.date or read.time:
        return unreadable(shown(content, code), "被表格软件当成了日期或时间，不是数字")
    if read.percent and content:
        return unreadable(shown(content, code), "是百分数，不是数字", content * 100)
    if kind is not Type.MONEY or not content:
        return None
    if read.scale and read.conditional:
        return unreadable(content, "单元格格式把数字缩小后显示，看到的数和填的数不同")
    if read.scale:
        seen = plain(content.scaleb(-read.scale))
        return unreadable(content, f"单元格格式把数字缩小后显示，看到的是 {seen}", Decimal(seen))
    unit = read.suffix.strip()
    return _other_unit(shown(content, code), content, unit, money_unit) if unit in MONEY_UNITS else None


def _money_text(text: str, numeral: Numeral, money_unit: str) -> Coerced:
    unit, value = numeral.unit, numeral.value
    if unit not in MONEY_UNITS and unit not in {"", money_unit}:
        return unreadable(text, f"含有文字“{unit}”，不是金额")
    if unit and value and (objection := _other_unit(text, value, unit, money_unit)):
        return objection
    return _sure(text, numeral, value, unit)


def _number_text(text: str, numeral: Numeral, kind: Type) -> Coerced:
    unit, value = numeral.unit, numeral.value
    if unit == "%":
        return unreadable(text, "是百分数，不是数字", value)
    if unit and unit not in _MEASURES:
        return unreadable(text, f"含有文字“{unit}”，不是数字")
    coerced = _sure(text, numeral, value, unit)
    if kind is Type.INTEGER and coerced.value is not None and value != value.to_integral_value():
        return _whole(value, text)
    return coerced


def _fraction_cell(content: Decimal, code: str, read: NumberFormat) -> Coerced:
    if read.date or read.time:
        return unreadable(shown(content, code), "被表格软件当成了日期或时间，不是百分数")
    if read.suffix.strip() == "%":  # the sign is a word of the format: 92.47 shows as 92.47%
        return Coerced(rounded(content / 100, 6))
    if read.percent or abs(content) <= 1:
        return Coerced(rounded(content, 6))
    return unreadable(content, "没有百分号", rounded(content / 100, 6))


def _fraction_text(text: str, numeral: Numeral) -> Coerced:
    unit, value = numeral.unit, numeral.value
    if unit in {"%", "‰"}:
        return _sure(text, numeral, rounded(value / (100 if unit == "%" else 1000), 6))
    if unit:
        return unreadable(text, f"含有文字“{unit}”，不是百分数")
    if abs(value) > 1:
        return unreadable(text, "没有百分号", rounded(value / 100, 6))
    return _sure(text, numeral, rounded(value, 6))


def _sure(text: str, numeral: Numeral, value: Decimal, unit: str = "") -> Coerced:
    """Return a number that was typed as text, suggested only where there is a doubt."""
    if numeral.doubt:
        return unreadable(text, numeral.doubt, value)
    changes = (*numeral.changes, f"单位“{unit}”已去掉") if unit else numeral.changes
    return normalised(value, text, "，".join(changes) or _IS_TEXT)


def _whole(value: Decimal, typed: Decimal | str) -> Coerced:
    return Coerced(value) if value == value.to_integral_value() else unreadable(typed, "不是整数")


def _other_unit(typed: str, value: Decimal, unit: str, money_unit: str) -> Coerced | None:
    """Return an amount in another unit than the form's with its conversion as a suggestion, None in the form's own."""
    there, here = MONEY_UNITS.get(unit), MONEY_UNITS.get(money_unit)
    if there == here:
        return None
    converted = value * there / here if there and here else None
    return unreadable(typed, f"单位是{unit}，应为{money_unit}", converted)
