"""From what stands in a cell to the value of a field, with a record of what was put right or could not be read.

The contract's table ("Values in data") says what is read; the decisions beside it stand in ``as_number``, ``as_date``
and ``as_words``. For all of them:

- ``无`` and the like, dashes and slashes alone (perfxl.model.words) are no amount in every field of numbers, dates and
  ticks; in text, choices and indicator values they are words.
- An error cell is an error cell in a field of any type; TRUE and FALSE are a tick, or words, else unreadable.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from perfxl.model.field_type import Type
from perfxl.model.form import Choice
from perfxl.model.grid import CellKind
from perfxl.model.regex import deferred
from perfxl.model.words import says_nothing, squeezed, trim
from perfxl.values.as_date import date_cell, date_text, year_cell, year_text
from perfxl.values.as_number import number_cell, number_text
from perfxl.values.as_words import choice_value, indicator_value, text_value, tick_value
from perfxl.values.display_text import shown
from perfxl.values.typed import BLANK, CellProblem, Coerced, Typed, normalised, unreadable

_UNWRITTEN = deferred(r"_*年_*月_*日")
"""What is printed where a date is to be written."""

__all__ = ["CellProblem", "Coerced", "Typed", "coerce"]


def coerce(
    typed: Typed,
    field_type: Type,
    choices: Sequence[Choice] = (),
    money_unit: str = "万元",
) -> Coerced:
    """Return the value of a field from what was typed into its cell.

    Money is in ``money_unit`` (a key of ``as_number.MONEY_UNITS``), a percentage a fraction, numbers are Decimal.
    Never raises, whatever was typed.
    """
    content = typed.content
    if content is None:
        return BLANK
    if typed.kind is CellKind.ERROR:
        return Coerced(None, CellProblem.ERROR_CELL, content, reason=f"单元格是错误值 {content}")
    if isinstance(content, Decimal):
        return _number(content, typed.format, field_type, choices, money_unit)
    if isinstance(content, bool):
        return _boolean(content, field_type, choices)
    return _text(content, field_type, choices, money_unit) if trim(content) else BLANK


def _number(content: Decimal, code: str, field_type: Type, choices: Sequence[Choice], money_unit: str) -> Coerced:
    match field_type:
        case Type.MONEY | Type.NUMBER | Type.INTEGER | Type.PERCENT:
            return number_cell(content, code, field_type, money_unit)
        case Type.DATE:
            return date_cell(content, code)
        case Type.YEAR:
            return year_cell(content, code)
        case Type.TEXT | Type.VALUE | Type.CHOICE | Type.TICK:
            return _text(shown(content, code), field_type, choices, money_unit)


def _boolean(content: bool, field_type: Type, choices: Sequence[Choice]) -> Coerced:  # noqa: FBT001 - the content itself
    if field_type is Type.TICK:
        return normalised(content or None, content, "逻辑值已读作打勾" if content else "逻辑值已读作不打勾")
    if field_type.traits.in_words:
        return _text("TRUE" if content else "FALSE", field_type, choices, "")
    return unreadable(content, "是逻辑值，不是数字或日期")


def _text(text: str, field_type: Type, choices: Sequence[Choice], money_unit: str) -> Coerced:
    match field_type:
        case Type.TEXT:
            return text_value(text)
        case Type.VALUE:
            return indicator_value(text)
        case Type.CHOICE:
            return choice_value(text, choices)
        case _ if says_nothing(text):
            return normalised(None, text, f"“{trim(text)}”已按空白处理")
        case Type.TICK:
            return tick_value(text)
        case Type.DATE:
            return BLANK if _UNWRITTEN.fullmatch(squeezed(text)) else date_text(text)
        case Type.YEAR:
            return year_text(text)
        case Type.MONEY | Type.NUMBER | Type.INTEGER | Type.PERCENT:
            return number_text(text, field_type, money_unit)
