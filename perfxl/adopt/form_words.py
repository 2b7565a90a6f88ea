"""The words of forms: which texts a form prints as they stand, which labels ask, what of a line is label and what is answer."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from perfxl.adopt.captions import in_text, several_in, year_and_part_in
from perfxl.adopt.glossary import PIECES, PRINTED, WHOLE
from perfxl.forms.printed_text import words
from perfxl.values.label_text import bare, flat, key, level

_ASKING = {
    *(
        "unit_name",
        "project_name",
        "implementing_unit",
        "supervisor",
        "contact",
        "phone",
        "mobile",
        "preparer",
        "handler",
    ),
    *("unit_head", "project_head", "head", "fill_date", "functions", "tasks", "goal", "annual_goal", "goal_result"),
    *("attribute", "period", "organization", "problems", "measures"),
}
"""What is asked for beside a label: what stands there is an answer."""
_ASKS = re.compile(
    r"(姓名|电话|手机|邮箱|地址|账号|帐号|开户行|开户银行|身份证号码?|代表人|负责人|联系人|经办人|经手人|填表人|填报人|审核人|复核人|"
    r"制表人|申请人|承办人|职务|职称|签字)$"
)
"""How labels end that ask for persons and where they are found."""
_VALUE = re.compile(
    r"^[≥≤><=＞＜≧≦]|^\d[\d,.]*(%|[一-龥]{1,4})?$|^(19|20)\d\d[-./年]\d{1,2}|^1\d{10}$|^0\d{2,3}-?\d{7,8}$"
)
_PERSONAL = re.compile(r"(?<!\d)(1[3-9]\d{9}|0\d{2,3}-?\d{7,8}|\d{17}[\dXx])(?!\d)|[\w.]{1,40}@\w{1,40}\.\w{2,3}")
"""Telephones, numbers of identity cards, addresses: no form prints those of a unit."""
_SAMPLE = re.compile(r"(?:目标|任务|项目|指标|职能|问题|措施|(?<!\d)\d{1,2}(?!\d)|[…\s.。:：、])*")
_SEGMENT = re.compile(
    r"(?P<label>[^：:\s\u3000]{1,20}[：:])(?P<value>[^：:]*?)(?=[^：:\s\u3000]{1,20}[：:]|$)", re.DOTALL
)
_UNIT = re.compile(r"[百千万亿]*元|人民币|个|%")
_AMOUNT = re.compile(r"(?P<before>.*?[：:])\s*-?[\d,]+(\.\d+)?\s*(?P<after>[百千万亿]*元)?")
_ANNEX = re.compile(r"附[件表]?[\d一二三四五六七八九十]*([-—–.]\d+)*[:：]?")
_NUMBERING = re.compile(r"^([一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十\d]{1,2}\)|\d{1,2}[.、])")
_SMALL = set("其中数及和与的或等在本按分年月度日元万表()（）、/-:：.%《》")
_FIGURES = re.compile(r"(20\d\d年度?|\d{1,2}-\d{1,2}月)")
_STROKES = {"—", "——", "-", "--", "/", "……", "…"}
_NAME_PLACE = "　　　　"
_LONGEST_PRINTED = 24


class FormWords(Struct, frozen=True):
    """Tells of a text whether it is made of the words of forms; ``known`` are those beside the glossary's."""

    known: frozenset[str]

    @classmethod
    def of(cls, levels: frozenset[str]) -> FormWords:
        """Return the words of forms with the names of 一级 and 二级 that they print."""
        return cls(frozenset(PRINTED | {key(text) for text in levels}))

    def is_printed(self, text: str) -> bool:
        """Tell whether a text is one that forms print, as it stands."""
        if in_text(text) is not None or several_in(text) or year_and_part_in(text):
            return True
        return self.stands(text)

    def stands(self, text: str) -> bool:
        """Tell whether a text without places is one that forms print: words of forms, the number of an annex, an example, boxes to tick."""
        return self.is_word(text) or bool(_ANNEX.fullmatch(flat(text))) or is_sample(text) or "□" in text

    def segments_answered(self, text: str) -> Iterator[bool]:
        """Tell of each ``填报人：…`` in a line whether something stands behind it."""
        if len(text) > 200 or not re.search("[：:]", text):
            return
        for found in _SEGMENT.finditer(text):
            value = found["value"].strip("\u3000 _\n")
            asked = WHOLE.get(wording(found["label"])) in _ASKING
            yield (
                asked
                and bool(value)
                and not _UNIT.fullmatch(value)
                and not re.fullmatch("(?:20)?[年月日_\\s\u3000]*", value)
            )

    def is_word(self, text: str) -> bool:
        """Tell whether a text is made of the words of forms, all of it."""
        said = wording(text)
        if not said:
            return flat(text) in _STROKES
        if key(text) in self.known or said in self.known or said in WHOLE or key(level(text)) in self.known:
            return True
        return len(said) <= _LONGEST_PRINTED and _covered(said)

    def title(self, text: str) -> str:
        """Return a title without the name of the unit before it: the longest end that is made of the words of forms."""
        for start in range(len(text)):
            rest = text[start:]
            if (
                re.match(r"20\d\d年|[一-龥（(]", rest)
                and self.is_word(re.sub(r"20\d\d年度?", "", rest))
                and len(rest) > 3
            ):
                return rest
        return ""

    def captions(self, text: str) -> str:
        """Return the labels in a text with places instead of what stands behind them; "" where it has none that are known."""
        amount = _AMOUNT.fullmatch(text.strip())
        if amount is not None and self.is_word(amount["before"]):
            return f"{amount['before']}{_NAME_PLACE}{amount['after'] or ''}"
        found = list(_SEGMENT.finditer(text)) if len(text) < 200 else []
        labels = [one for one in found if self.is_word(one["label"])]
        if not labels or text[: labels[0].start()].strip():
            numbered = re.match(r"((?:年度|长期|中期)?目标|职能|任务)\d{1,2}[：:]", text.strip())
            return f"{numbered[0]}{_NAME_PLACE}" if numbered is not None else ""
        parts = []
        for one in labels:
            value = one["value"].strip()
            parts.append(f"{one['label']}{value if _UNIT.fullmatch(value) else _NAME_PLACE}")
        return _NAME_PLACE.join(parts) if len(parts) > 1 else parts[0]


def asks(label: str) -> bool:
    """Tell whether a label asks for something beside it that is the unit's own."""
    said = wording(label)
    return WHOLE.get(said) in _ASKING or bool(_ASKS.search(said))


def is_personal(text: str) -> bool:
    """Tell whether a text has a telephone, a number of an identity card or an address in it."""
    return bool(_PERSONAL.search(flat(text)))


def is_sample(text: str) -> bool:
    """Tell whether a text only shows how an answer is set out: 目标1, ……"""
    return bool(_SAMPLE.fullmatch(flat(text)))


def is_value(text: str) -> bool:
    """Tell whether a text is a figure, a date, a number of a telephone."""
    return bool(_VALUE.search(flat(text)))


def named(text: str) -> str:
    """Return the name that the glossary has for a label, "" for none."""
    return WHOLE.get(wording(text), "")


def wording(text: str) -> str:
    """Return what a label says, without its number and 其中."""
    return bare(_NUMBERING.sub("", flat(words(text)))).removeprefix("其中")


def _covered(said: str) -> bool:
    """Tell whether a text is put together from the words of forms; small words and figures between them do not count."""
    said = _FIGURES.sub("年", said)
    reach = {0}
    longest = max(map(len, PIECES))
    for place in range(len(said)):
        if place not in reach:
            continue
        if said[place] in _SMALL:
            reach.add(place + 1)
        for size in range(2, longest + 1):
            piece = said[place : place + size]
            if piece in PIECES or piece in WHOLE or piece in PRINTED:
                reach.add(place + size)
    return len(said) in reach and (said == "年" or any(said[n : n + 2] in PIECES for n in range(len(said))))
