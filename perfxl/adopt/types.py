"""Which type a place to be filled in has: by its list, its number format, its label."""

from __future__ import annotations

import re
from typing import NamedTuple

from perfxl.adopt.formulas import gives_text
from perfxl.adopt.grid import Kind, Spot, type_shown
from perfxl.adopt.guess import Sure
from perfxl.adopt.sheet import Limit
from perfxl.model.field_type import Type
from perfxl.model.words import TICK
from perfxl.values.label_text import flat
from perfxl.values.number_format import number_format

_TICKS = {TICK, "√", "☑", "是"}
_LONGEST_CHOICES = 255
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\[\]]*\]|_.')
_VALUE_HEAD = re.compile(r"(指标值|目标值|完成值|实现值|执行数|前年|上年|当年|完成情况值|预期值)(\(.{0,60}\))?$")
_WORDS_SAY_MORE = {(Type.MONEY, Type.NUMBER)} | {(Type.TEXT, kind) for kind in Type if kind is not Type.TEXT}
"""A type by its number format and one by its label's words of which the words say more: 得分 with two decimals is no money."""
_BY_WORDS: tuple[tuple[Type, re.Pattern[str]], ...] = (
    (Type.TEXT, re.compile(r"电话|账号|编码|代码|文号|单位名称|原因|说明|备注|依据|措施|情况$|负责人|联系人")),
    (Type.DATE, re.compile(r"日期$|时间$")),
    (Type.PERCENT, re.compile(r"(率|占比|比例|比重)(\(.{0,60}\))?$|%\)?$")),
    (Type.NUMBER, re.compile(r"(分值|得分|权重|数量|评分|总分|满分)(\(.{0,60}\))?$")),
    (Type.INTEGER, re.compile(r"(人数|个数|编制数)(\(.{0,60}\))?$|\(人\)$|人员\(人\)$")),
    (
        Type.MONEY,
        re.compile(
            r"万元|金额|预算数|执行数|决算数|资金$|拨款$|合计$|小计$|总额:?$|总和:?$|收入$|支出$|决算$|预算$|结余$|追加$|经费$|资金:$|拨款:$"
        ),
    ),
    (Type.YEAR, re.compile(r"^(年度|年份|所属年度|预算年度)$|^20\d\d年(度)?$")),
)


class TypeGuess(NamedTuple):
    """A type, how sure it is, why, and what may be chosen."""

    type: Type
    sure: Sure
    why: str
    choices: tuple[str, ...] = ()


def type_of(spot: Spot, label: str, *, indicator: bool = False, level: bool = False) -> TypeGuess:
    """Return the type of a spot: ``label`` leads to it; ``indicator``: it is in a table of indicators."""
    if level:
        return TypeGuess(Type.TEXT, Sure.CERTAIN, "指标名称一列")
    settled = _by_mark(spot)
    if settled is not None:
        return settled
    shown = type_shown(spot)
    if shown is not None:
        sure = Sure.CERTAIN if shown is not Type.TEXT else Sure.LIKELY
        return TypeGuess(shown, sure, "格里印的字留有填写的位置")
    chosen = _by_list(spot.cell.limit) if spot.kind is not Kind.COMPUTED else None
    if chosen is not None:
        return chosen
    return _number_where_counted(spot, _by_looks(spot, label, indicator=indicator))


def _by_mark(spot: Spot) -> TypeGuess | None:
    """Return the type that a mark in the cell settles; the choices of a list may stand in the cell's own."""
    mark, limit = spot.mark, spot.cell.limit
    if mark is None or mark.type is None:
        return None
    offered = mark.choices or (limit.choices if limit is not None and mark.type is Type.CHOICE else ())
    return TypeGuess(mark.type, Sure.CERTAIN, "格里的标记写明", offered)


def _number_where_counted(spot: Spot, guessed: TypeGuess) -> TypeGuess:
    """What formulas add up is a number, whatever else it looks like."""
    if spot.counted and guessed.type in {Type.TEXT, Type.VALUE}:
        return TypeGuess(Type.NUMBER, Sure.LIKELY, "表里的公式拿它来计算")
    return guessed


def _by_looks(spot: Spot, label: str, *, indicator: bool) -> TypeGuess:
    partial = _by_part_of_a_date(spot.cell.style.format)
    if partial is not None:
        return partial
    by_words = _by_words(label, indicator=indicator)
    by_format = _by_format(spot.cell.style.format, spot.cell.limit)
    if spot.kind is Kind.COMPUTED:
        known = by_format or by_words
        if gives_text(spot.cell.formula):
            return TypeGuess(Type.TEXT, Sure.LIKELY, "公式得出的是文字")
        if known is None or known.type in {Type.TEXT, Type.VALUE, Type.DATE}:
            return TypeGuess(Type.NUMBER, Sure.LIKELY, "由公式得出")
        return known
    if (
        by_words is not None
        and by_words.type is Type.VALUE
        and (by_format is None or by_format.type in {Type.TEXT, Type.NUMBER})
    ):
        return by_words
    if by_format is not None and not (by_words is not None and (by_format.type, by_words.type) in _WORDS_SAY_MORE):
        return by_format
    return by_words or TypeGuess(Type.TEXT, Sure.LIKELY, "没有数字格式，也没有说明是数的字")


def _by_list(limit: Limit | None) -> TypeGuess | None:
    if limit is None or limit.kind != "list" or not limit.choices:
        return None
    offered = limit.choices
    if set(offered) <= _TICKS or (len(offered) == 1 and len(offered[0]) == 1):
        return TypeGuess(Type.TICK, Sure.CERTAIN, "下拉列表里只有一个记号")
    if len(offered) == 1:
        return TypeGuess(Type.TEXT, Sure.UNSURE, "下拉列表里只有一项，又不是记号，改为填文字")
    usable = not any("," in word or "|" in word for word in offered) and len(",".join(offered)) <= _LONGEST_CHOICES
    if not usable:
        return TypeGuess(Type.TEXT, Sure.UNSURE, "下拉列表太长，放不进表样，改为填文字")
    return TypeGuess(Type.CHOICE, Sure.CERTAIN, "有下拉列表", offered)


def _by_part_of_a_date(code: str) -> TypeGuess | None:
    """Return the type of a place whose format shows no day: a date in full would be asked for in vain."""
    read = number_format(code)
    if not read.year or read.day or read.time:
        return None
    if read.month:
        return TypeGuess(Type.TEXT, Sure.LIKELY, f"数字格式“{code}”只写到月，当作文字")
    return TypeGuess(Type.YEAR, Sure.LIKELY, f"数字格式“{code}”只写年")


def _by_format(code: str, limit: Limit | None) -> TypeGuess | None:
    bare = _QUOTED.sub("", code.split(";", 1)[0])
    why = f"数字格式是“{code}”"
    if code == "General" or not bare:
        return _by_limit(limit)
    if "%" in bare:
        return TypeGuess(Type.PERCENT, Sure.CERTAIN, why)
    if code == "@":
        return _by_limit(limit) or TypeGuess(Type.TEXT, Sure.LIKELY, "设成了文本格式")
    if re.search(r"[yd]", bare, re.IGNORECASE) or ("m" in bare.lower() and "h" not in bare.lower()):
        return TypeGuess(Type.DATE, Sure.CERTAIN, why)
    if re.search(r"#,##0|0\.0", bare):
        return TypeGuess(Type.MONEY, Sure.LIKELY, why)
    if re.fullmatch(r"0+", bare.strip()):
        return TypeGuess(Type.INTEGER, Sure.LIKELY, why)
    return _by_limit(limit)


def _by_limit(limit: Limit | None) -> TypeGuess | None:
    match limit.kind if limit is not None else "":
        case "date":
            return TypeGuess(Type.DATE, Sure.CERTAIN, "数据有效性限定为日期")
        case "whole":
            return TypeGuess(Type.INTEGER, Sure.CERTAIN, "数据有效性限定为整数")
        case "decimal":
            return TypeGuess(Type.NUMBER, Sure.CERTAIN, "数据有效性限定为小数")
        case "textLength":
            return TypeGuess(Type.TEXT, Sure.CERTAIN, "数据有效性限定了字数")
    return None


def _by_words(label: str, *, indicator: bool) -> TypeGuess | None:
    words = flat(label)
    if not words:
        return None
    if indicator and _VALUE_HEAD.search(words):
        return TypeGuess(Type.VALUE, Sure.LIKELY, "指标表里的指标值")
    for kind, pattern in _BY_WORDS:
        if pattern.search(words):
            return TypeGuess(kind, Sure.LIKELY, f"从“{words}”推断")
    return None
