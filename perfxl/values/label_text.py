"""Printed text brought to a form in which two spellings of one label are equal."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final, Generic, TypeVar

from perfxl.model.regex import deferred
from perfxl.model.words import compact, squeezed

_T = TypeVar("_T")
_SHORTEST = 3
"""A name or code shorter than this says nothing about the text in which it is found."""
_LONGEST = 300
"""Characters of a text that are looked at."""

_NOT_WORD = deferred(r"[\W_]+")
_POINTS = deferred(r"\((\d+(?:\.\d+)?)分\)$")
_NOTE = deferred(r"\(?(?:备?注|填?[表报]?说明|填报说明|填表人|制表人?|审核人?|负责人|经办人)\d*\)?[:.、]")
_SEALED = r"\(?(?:盖章|公章|签字|签章|签名)\)?"
_SIGNATURE = deferred(
    r"(?:填报|填表|单位|部门|项目|财务|科室|分管|主管|主要){0,2}"
    r"(?:负责人?|领导|经办人?|填[报表]人?|制表人?|审核人?|复核人?|联系人|(?:联系)?电话|手机|日期|时间)"
    rf"(?:{_SEALED})?[:.、]|(?:填报|报送|编制|实施)?(?:单位|部门)?{_SEALED}(?:[:.、]|$)"
    r"|(?:\d{2,4}|_{0,8})年(?:\d{1,2}|_{0,8})月(?:\d{1,2}|_{0,8})日$"
    r"|附[件表][\d一二三四五六七八九十]{0,4}(?:[-—–]\d{1,3}){0,2}[:.、]?$"
)
_ASIDE: Final = deferred(r"[(\[](?:(?:单位:?)?[百千万亿]{0,2}元|(?=[^()\[\]]*年)[\d年月日度至到~—–\-+nN×xX]+)[)\]]$")
LONGEST_LABEL = 80

# Single characters only: words that differ between the two scripts do not occur in the labels of forms.
_TRADITIONAL: Final = str.maketrans(
    "績預決實際標數質時產會經濟態續響對務項資總體評價執計劃單稱聯話報應財撥結轉額擬規後來類別級進構員運傳長門開關"
    "萬與為義動備註說請據確認準內業貫條導監測師幫貧補貼費採購設繳稅儲庫風險環農醫療衛術學藝競賽獎勵辦車輛網絡線點"
    "製練擔訊專戶納當屬歸層節發張給餘減幣儀徵變權責機驗養護創優勢檢個區縣鄉鎮眾賬歲終職崗證號",
    "绩预决实际标数质时产会经济态续响对务项资总体评价执计划单称联话报应财拨结转额拟规后来类别级进构员运传长门开关"
    "万与为义动备注说请据确认准内业贯条导监测师帮贫补贴费采购设缴税储库风险环农医疗卫术学艺竞赛奖励办车辆网络线点"
    "制练担讯专户纳当属归层节发张给余减币仪征变权责机验养护创优势检个区县乡镇众账岁终职岗证号",
)


@lru_cache(maxsize=8192)
def flat(text: str) -> str:
    """Return text after NFKC, without blanks and zero-width characters, traditional characters made simplified.

    ``（2023 年度）`` → ``(2023年度)``. For comparing only: what was typed is never replaced by it.
    """
    return squeezed(text) if text.isascii() else squeezed(text).translate(_TRADITIONAL)


@lru_cache(maxsize=8192)
def key(text: str) -> str:
    """Return what a label says, letters and digits only: ``年度预算申请（万元）`` → ``年度预算申请万元``."""
    return _NOT_WORD.sub("", flat(text))


@lru_cache(maxsize=8192)
def bare(text: str) -> str:
    """Return the key of a label without the unit or years in brackets at its end: ``年初预算数（万元）`` → ``年初预算数``."""
    return key(_ASIDE.sub("", flat(text)))


def part(text: str, start: int, end: int) -> str:
    """Return the part of a text that stands between two places of its flat form, as typed, ends trimmed."""
    widths = [_width(character) for character in text]
    if sum(widths) != len(flat(text)):
        return flat(text)[start:end]  # characters that only together make one
    place, first, last = 0, len(text), len(text)
    for number, width in enumerate(widths):
        if place >= start and width and first == len(text):
            first = number
        if place >= end:
            last = number
            break
        place += width
    return text[first:last].strip() if first < last else ""


@lru_cache(maxsize=8192)
def _width(character: str) -> int:
    return len(flat(character))


def points(text: str) -> str | None:
    """Return the points in a caption: ``产出指标(50分)`` → ``50``, None where it has none."""
    found = _POINTS.search(flat(text))
    return found[1] if found else None


@lru_cache(maxsize=8192)
def level(text: str) -> str:
    """Return a 一级 or 二级 as it stands in the data: blanks and points taken out, the rest as typed."""
    typed = compact(text)
    normal = flat(text)
    found = _POINTS.search(normal)
    if not found:
        return typed
    brackets = [typed.rindex(opening) for opening in "(（" if opening in typed]
    return typed[: max(brackets)] if brackets else normal[: found.start()]


def is_signature(text: str) -> bool:
    """Tell whether a line (flat) is what stands over a form or under it when it is sent in: 附件2, 单位负责人：…, 盖章, a date."""
    return bool(_SIGNATURE.match(text))


def is_note(text: str) -> bool:
    """Tell whether a line (flat) is a remark on the form: 注：…, 填表说明：…, 填表人：…."""
    return bool(_NOTE.match(text))


class NamesIn(Generic[_T]):
    """Names and codes, each with what it is the name of: looked for by their pieces, for lists are long and piles large."""

    def __init__(self, named: Iterable[tuple[str, _T]]) -> None:
        self._named: dict[str, list[_T]] = {}
        for name, one in named:
            word = key(name)
            if len(word) >= _SHORTEST:
                self._named.setdefault(word, []).append(one)
        self._lengths = sorted({len(word) for word in self._named}, reverse=True)

    def longest(self, text: str) -> list[_T]:
        """Return what the longest name in a text is the name of; several where several are, nothing where none is."""
        said = key(text)[:_LONGEST]
        for length in self._lengths:
            pieces = dict.fromkeys(said[start : start + length] for start in range(len(said) - length + 1))
            found = {id(one): one for piece in pieces for one in self._named.get(piece, ())}
            if found:
                return list(found.values())
        return []
