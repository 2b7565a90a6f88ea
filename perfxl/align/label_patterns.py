"""From a printed cell of the layout to the sign that the reader knows it by, however somebody typed it.

Blanks, brackets, colons, 其中 and a unit behind may be missing; a counter may be any number or none, in Chinese or
Arabic numerals; a printed year may be blank. What a text says besides is no label: 其他资金来源 is not 其他资金.
"""

from __future__ import annotations

import re
from typing import Final

from perfxl.align.row_states import Sign
from perfxl.model.field_type import Type
from perfxl.model.form import Look
from perfxl.model.layout import PlacedCell
from perfxl.model.regex import deferred
from perfxl.values.label_text import LONGEST_LABEL, bare, flat, key

_HOLE: Final = deferred(r"(\{[^{}]*\}|____)")
_VALUE: Final = "____"
_YEAR: Final = deferred(r"\{year(?:([+-])(\d))?\}")
_LOOSE: Final = deferred(r"([()\[\]:,、。.])")
_CHINESE: Final = r"\u4e00-\u9fff"
_COUNTER: Final = r"(?P<number>\d{1,3}|[一二三四五六七八九十]{1,3})"
_PRINTED_YEAR: Final = r"(?P<year>(?:19|20)\d\d)"
_LATER_YEAR: Final = r"(?P<later>(?:19|20)\d\d)"
_INSIDE: Final = {Type.YEAR: r"(?P<value>[\d_一二三四五六七八九〇零○O]*)"}
_DATES: Final = ("填报日期", "填表日期", "上报日期", "填报时间", "日期")
"""What people write before the date on which a form was filled in."""
_TITLE_BEFORE, _TITLE_BEHIND = 25, 12


def sign_of(cell: PlacedCell) -> Sign:
    """Return the sign of a label, or of a cell with a caption around its value."""
    if cell.caption is not None and cell.field is not None:
        before, after = cell.caption.before, cell.caption.after
        return _caption(cell.template or f"{before}{_VALUE}{after}", cell.field.type)
    text = cell.template or cell.text
    if cell.look is Look.TITLE:
        return _title(text, cell.aliases)
    keys = frozenset(key(alias) for alias in cell.aliases)
    if cell.template:
        pattern = _compiled(_spelled(flat(text)))
        return Sign(_words(text), keys, pattern, _core(flat(text)), _offset(text))
    leads = dict.fromkeys(flat(words).rstrip(":") for words in (text, *cell.aliases))
    keys |= {bare(text), key(flat(text)[:LONGEST_LABEL])}  # of a long note the beginning, as a cell's is read
    return Sign(_words(text), keys, leads_with=tuple(filter(None, leads)))


def _caption(text: str, kind: Type) -> Sign:
    before, _, after = flat(text).partition(_VALUE)
    lead = before.removeprefix("其中:")
    optional = "(?:其中:?)?" if lead != before else ""
    core = _core(lead, "" if lead and not kind.traits.in_words and kind is not Type.YEAR else after)
    if kind.traits.in_words:
        body = f"{_opening(lead)}{_spelled(after)}"
    elif kind is Type.YEAR or not lead:
        body = f"{_spelled(lead)}{_INSIDE.get(kind, '(?P<value>.*?)')}{_spelled(after)}"
    else:
        tail = f"(?:{_spelled(after)})?"
        if kind is Type.DATE:
            others = "|".join(_DATES)
            body, core = f"(?:{_spelled(lead.rstrip(':'))}:?|(?:{others}):)(?P<value>.*?){tail}", ""
        else:
            # Behind the caption a colon, or a figure only: 其他资金来源 is another word.
            body = f"{_spelled(lead.rstrip(':'))}(?=:|[^{_CHINESE}]*{tail}$):?(?P<value>.*?){tail}"
    words = lead.rstrip(":")
    leads = (words, *(_DATES if kind is Type.DATE else ())) if key(words) and not _HOLE.search(words) else ()
    pattern = _compiled(optional + body)
    return Sign(_words(text), frozenset(), pattern, core, _offset(text), open=kind.traits.in_words, leads_with=leads)


def _opening(lead: str) -> str:
    """A caption before a text: a colon parts them, or a counter does (目标1：…, 目标1 …), or nothing stands behind."""
    words = lead.rstrip(":")
    if words.endswith("{n}"):
        return f"{_spelled(words.removesuffix('{n}'))}(?:{_COUNTER}[:.、]?|:)(?P<value>.*)"
    return f"{_spelled(words)}(?::(?P<value>.*))?" if words else "(?P<value>.*)"


def _title(text: str, aliases: tuple[str, ...]) -> Sign:
    """A title may stand between other words, with the year in front of it, or behind it in brackets or not."""
    names = [_HOLE.sub("", re.sub(r"\{year[^{}]*\}年?度?", "", flat(name))) for name in (text, *aliases)]
    year = rf"(?:{_PRINTED_YEAR}年度?)?"
    later = rf"(?:[,、]?[(\[]?{_LATER_YEAR}年度?)?"
    either = "|".join(re.escape(name) for name in names)
    pattern = _compiled(rf".{{0,{_TITLE_BEFORE}}}?{year}(?:{either}){later}.{{0,{_TITLE_BEHIND}}}")
    return Sign(_words(text), frozenset(), pattern, names[0] if len(names) == 1 else "", _offset(text))


def _spelled(text: str) -> str:
    """Return the pattern of a flat text without a value in it."""
    if _YEAR.sub("", text) == "年":
        return rf"(?:{_PRINTED_YEAR}年?|_*年)"
    return "".join(_piece(piece) for piece in _HOLE.split(text))


def _piece(piece: str) -> str:
    if piece == "{n}":
        return f"{_COUNTER}?"
    if _YEAR.fullmatch(piece):
        return rf"(?:{_PRINTED_YEAR}|_*)"
    parts = _LOOSE.split(piece)
    return "".join(f"{re.escape(part)}?" if _LOOSE.fullmatch(part) else re.escape(part) for part in parts)


def _compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern; of several years or counters in one text the first has the name."""
    for name in ("year", "number"):
        group = f"(?P<{name}>"
        first, _, rest = pattern.partition(group)
        pattern = f"{first}{group}{rest.replace(group, '(?:')}" if group in pattern else pattern
    return deferred(pattern)


def _offset(text: str) -> int | None:
    found = _YEAR.search(text)
    return int(f"{found[1] or '+'}{found[2] or 0}") if found else None


def _core(*texts: str) -> str:
    """The longest piece without brackets and colons that every spelling of the flat texts has, if there is one."""
    if _YEAR.sub("", "".join(texts)) == "年":
        return ""
    pieces = (piece for text in texts for part in _HOLE.split(text)[::2] for piece in _LOOSE.split(part)[::2])
    return max(pieces, key=len, default="")


def _words(text: str) -> str:
    """Return a printed text as it is quoted: in one line, without what is filled in."""
    return re.sub(r"\s+", "", _HOLE.sub("", text)).rstrip("：:")
