"""Marks in cells: what an author has settled in Excel before a workbook is adopted, ``{{ path : type }}``."""

from __future__ import annotations

import re
import unicodedata
from types import MappingProxyType
from typing import NamedTuple

from msgspec import Struct

from perfxl.model.error import Error
from perfxl.model.field_type import Type

_OPENING, _CLOSING = ("{{", "｛｛"), ("}}", "｝｝")
_ESCAPES = (r"\{{", r"\｛｛")
_PATH = re.compile(r"[a-z][a-z0-9_]*(?:\[\])?(?:\.[a-z][a-z0-9_]*(?:\[\])?)*")
_REQUIRED = {"必填", "required"}
_CHOICES = re.compile(r"[、,，;；]")
_OTHER_NAMES = {"打勾": Type.TICK, "打钩": Type.TICK, "勾选": Type.TICK, "文本": Type.TEXT, "数值": Type.NUMBER}
_TYPES = MappingProxyType({one.value: one for one in Type} | {one.traits.chinese: one for one in Type} | _OTHER_NAMES)
_SHOWN = 40


class MarkError(Error):
    """A mark that cannot be used; the text says which, and what to write instead."""


class Mark(Struct, frozen=True):
    """A value by name: ``path`` as it is written (``projects[].amount``), the type where one is said, the formula, "" for none.

    ``text`` is the mark as it stood.
    """

    path: str
    type: Type | None = None
    formula: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()
    text: str = ""

    @property
    def name(self) -> str:
        """The path as formulas write it."""
        return self.path.replace("[]", "")

    @property
    def tables(self) -> tuple[str, ...]:
        """The blocks and growing tables in which it is, as formulas write them, the outermost first."""
        parts = self.path.split("[]")
        return tuple("".join(parts[: number + 1]) for number in range(len(parts) - 1))


class MarkedText(NamedTuple):
    """A text with marks in it: what stands before, between and after them, one more than there are marks."""

    pieces: tuple[str, ...]
    marks: tuple[Mark, ...]


def marked_text(text: str) -> MarkedText:
    """Return the marks in a text; a backslash makes ``{{`` a brace of the form's own. Raises MarkError for one that is not complete."""
    pieces: list[str] = []
    marks: list[Mark] = []
    before, place = "", 0
    while place < len(text):
        if text.startswith(_ESCAPES, place):
            before, place = before + text[place + 1 : place + 3], place + 3
        elif text.startswith(_OPENING, place):
            end = min((found for closing in _CLOSING if (found := text.find(closing, place + 2)) >= 0), default=-1)
            following = min((found for start in _OPENING if (found := text.find(start, place + 2)) >= 0), default=-1)
            if end < 0 or 0 <= following < end:
                raise MarkError(
                    f"“{_short(text[place:])}”没有写完，标记写成 {{{{ unit_name }}}} 这样；表上本来印的“{{{{”写成“\\{{{{”"
                )
            pieces.append(before)
            marks.append(_mark(text[place + 2 : end], text[place : end + 2]))
            before, place = "", end + 2
        elif text.startswith(_CLOSING, place):
            raise MarkError(f"“{_short(text)}”里有“}}}}”，前面没有“{{{{”，标记写成 {{{{ unit_name }}}} 这样")
        else:
            before, place = before + text[place], place + 1
    return MarkedText((*pieces, before), tuple(marks))


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}……"


def _mark(inside: str, text: str) -> Mark:
    """Return the mark with some text between its braces: ``path : type(choices) 必填 = formula``."""
    start = min((found for sign in "=＝" if (found := inside.find(sign)) >= 0), default=-1)
    said, formula = (inside, "") if start < 0 else (inside[:start], inside[start + 1 :].strip())
    if start >= 0 and not formula:
        raise MarkError(f"“{text}”的“=”后面没有算式，写上算式，或者删去“=”")
    path, _, rest = unicodedata.normalize("NFKC", said).strip().partition(":")
    rest, bracket, inner = rest.partition("(")
    choices, _, after = inner.rpartition(")") if bracket else ("", "", "")
    words = [*rest.split(), *after.split()]
    path, *more = path.split() or [""]
    words += more
    required = any(word in _REQUIRED for word in words)
    kinds = [word for word in words if word not in _REQUIRED]
    if not _PATH.fullmatch(path):
        raise MarkError(
            f"“{text}”里的名称“{path}”不能用；名称用小写英文、数字和下划线，分层用点，"
            "如 {{ unit_name }}，表格的一列写成 {{ projects[].amount }}"
        )
    if len(kinds) > 1:
        raise MarkError(f"“{text}”里的“{' '.join(kinds)}”看不懂；名称后面写一个冒号和一种类型，必须填的再写“必填”")
    kind = _TYPES.get(kinds[0]) if kinds else None
    if kinds and kind is None:
        known = "、".join(f"{one.traits.chinese}（{one.value}）" for one in Type)
        raise MarkError(f"“{text}”里的类型“{kinds[0]}”不认识，可以写：{known}")
    if bracket and kind is not Type.CHOICE:
        raise MarkError(f"“{text}”里写了括号；只有选项写括号，如 {{{{ nature : 选项(新增、延续) }}}}")
    options = tuple(dict.fromkeys(word.strip() for word in _CHOICES.split(choices) if word.strip()))
    if bracket and len(options) < 2:
        raise MarkError(f"“{text}”的括号里至少写两个选项，用顿号分开，如 {{{{ nature : 选项(新增、延续) }}}}")
    return Mark(path, kind, formula, required, options, text)
