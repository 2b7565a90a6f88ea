"""Fields of words: text, indicator values, choices, ticks.

- An alias of a choice is noted, since what was typed would be lost otherwise; blanks at the ends of a text are not.
- In an indicator value a word for an operator (不低于) and full-width digits are noted; the plain signs
  ``≥ ≤ > < = >= <= ~`` are not, nor are the 前 and 内 of dates: that is how they are said.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Final

from perfxl.model.form import Choice
from perfxl.model.regex import deferred
from perfxl.model.remembered import if_short
from perfxl.model.value import Op, Quantity, figure_of, operator_of
from perfxl.model.words import compact, half_width, is_cross, is_plain_tick, is_tick, trim
from perfxl.values.display_text import plain
from perfxl.values.indicator import parse_indicator
from perfxl.values.typed import CellProblem, Coerced, normalised, unreadable

_PLACEHOLDER = deferred(
    r"[≥≤><=]{0,2}[xX×*_]{2,}(?:[%‰个名人次所项户元天年月日]|万元|人次)?"
    r"|…+|\.{3,}|。{2,}|·{3,}"
    r"|[(\[【]?(?:请|待|此处|请在此|请在此处)(?:填|填写|填报|补充|补|录入|完善|输入)[)\]】]?"
    r"|(?:长期|年度|总体|绩效)*(?:目标|职能|指标|任务)(?:[0-9nN一二三四五六七八九十]{1,2}[:、.]?|:)"
)
_SHORT, _USUAL = 40, 2048
"""Characters of an indicator value that is remembered (≥95%, 12月底前), and how many are."""
_QUOTED: Final = 12
"""Choices that are named one by one: of a list of thousands the first."""
_LONGEST_PLACEHOLDER: Final = 16
_BEGINNINGS: Final = frozenset("≥≤><=＞＜＝xXｘＸ×*＊_＿….．。·([【（［请待此长年总绩目职指任")
"""What a placeholder can begin with, to tell quickly that a text is none."""

_SIGNS: Final = {
    Op.AT_LEAST: ("≥", ">="),
    Op.AT_MOST: ("≤", "<="),
    Op.MORE: (">",),
    Op.LESS: ("<",),
    Op.EQUAL: ("=",),
    Op.ABOUT: ("~",),
}


def text_value(text: str) -> Coerced:
    """Return the text of a field, ends trimmed."""
    value = trim(text)
    return _placeholder(text) if _is_placeholder(value) else Coerced(value)


@if_short(_SHORT, _USUAL)
def indicator_value(text: str) -> Coerced:
    """Return what an indicator value says."""
    if _is_placeholder(trim(text)):
        return _placeholder(text)
    value = parse_indicator(text)
    return normalised(value, text, _changed(value)) if isinstance(value, Quantity) else Coerced(value)


def choice_value(text: str, choices: Sequence[Choice]) -> Coerced:
    """Return the choice that a text names: as offered, by an alias, or either spelled with other blanks and widths."""
    value = trim(text)
    for choice in choices:
        if value == choice.value:
            return Coerced(value)
    spelling = _spelling(value)
    for choice in choices:
        if spelling == _spelling(choice.value) or any(spelling == _spelling(alias) for alias in choice.aliases):
            return normalised(choice.value, text, f"“{value}”已改为选项“{choice.word}”")
    near = difflib.get_close_matches(value, [choice.value for choice in choices], n=1)
    offered = "、".join(choice.word for choice in choices[:_QUOTED]) + ("……" if len(choices) > _QUOTED else "")
    return Coerced(None, CellProblem.NOT_OFFERED, text, near[0] if near else None, f"不在可选项“{offered}”之中")


def tick_value(text: str) -> Coerced:
    """Return True for a tick, None for a cross."""
    mark = compact(text)
    if is_plain_tick(text):
        return Coerced(value=True)
    if is_tick(text):
        return normalised(True, text, f"“{mark}”已读作打勾")
    if is_cross(text):
        return normalised(None, text, f"“{mark}”已读作不打勾")
    return unreadable(text, "应打“√”或留空")


def _changed(value: Quantity) -> str:
    """Return what was normalised in reading a number or range, "" if nothing."""
    text = value.text
    op, figure = operator_of(value), figure_of(value)
    if op and not text.startswith(_SIGNS[op]):
        sign = _SIGNS[op][0]
        number = plain(figure) if figure is not None else ""
        return f"已按“{sign}{number}{value.unit or ''}”读取"
    return "" if text.isascii() or half_width(text) == text else "全角字符已按半角读取"


def _spelling(text: str) -> str:
    return compact(half_width(text))


def _is_placeholder(text: str) -> bool:
    if len(text) > _LONGEST_PLACEHOLDER or text[:1] not in _BEGINNINGS:
        return False
    return _PLACEHOLDER.fullmatch(_spelling(text)) is not None


def _placeholder(text: str) -> Coerced:
    return Coerced(None, CellProblem.PLACEHOLDER, text, reason="是占位文字，还没有填写实际内容")
