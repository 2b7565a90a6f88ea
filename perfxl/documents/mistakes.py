"""What may be wrong with a master, and where: said in the words of whoever keeps it in Word."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

from jinja2 import TemplateSyntaxError, UndefinedError

from perfxl.model.error import Error

_TAG = re.compile("<[^<>]+>")
_LONGEST = 40
_TEMPLATE = "<template>"
_BLOCKS = {"if": "endif", "for": "endfor", "part": "endpart"}


class MasterError(Error):
    """A master that cannot be used: which, where in it, what is wrong, what to do."""

    def __init__(self, master: Path, said: str) -> None:
        self.master = master
        self.said = said
        super().__init__(master, said)

    def __str__(self) -> str:
        return f"文稿样“{self.master.as_posix()}”{self.said}"


class Unmarked(Exception):  # noqa: N818 - it names what the text is, and never leaves this room
    """What was filled in is no document any more; ``at`` is the text there."""

    def __init__(self, at: str) -> None:
        self.at = at
        super().__init__(at)


def explained(error: Exception, source: str, known: Iterable[str]) -> str:
    """Say what is wrong with a part of a master, and in which paragraph.

    ``source`` is its XML with each paragraph on a line of its own, as it was given to Jinja2; ``known`` are the names that
    it may use.
    """
    if isinstance(error, Unmarked):
        return (
            f"{error.at}附近的标记套得不对：{{% … %}} 和它的 {{% end… %}} 要写在同一段里，"
            "或者都写成 {%p … %}、各占一段（表格的行写成 {%tr … %}、各占一行）"
        )
    line = error.lineno if isinstance(error, TemplateSyntaxError) else _line(error.__traceback__)
    return f"{_where(source, line)}{_what(error, known)}"


def _where(source: str, line: int | None) -> str:
    """Return the paragraph of a line, by its number and how it begins."""
    if line is None:
        return "有错："
    lines = [_TAG.sub("", one).strip() for one in source.split("\n")]
    text = lines[line - 1] if 0 < line <= len(lines) else ""
    number = sum(1 for one in lines[:line] if one)
    shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return f"第 {number} 段“{shown}”有错：" if text else f"第 {number} 段后面有错："


def _line(trace: TracebackType | None) -> int | None:
    """Return the last line of a master that was being filled in."""
    line = None
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == _TEMPLATE:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _what(error: Exception, known: Iterable[str]) -> str:
    if isinstance(error, UndefinedError):
        name = str(error.message)
        meant = difflib.get_close_matches(name, list(known), 1)
        also = f"，是否想写 {meant[0]}" if meant else "；可以用的名称见文档"
        return f"没有“{name}”这一项{also}"
    if not isinstance(error, TemplateSyntaxError):
        return "这里的写法算不出来；名称、比较和 for、if 的写法见文档"
    message = error.message or ""
    found = re.search(r"Encountered unknown tag '(\w+)'", message)
    opened = re.search(r"innermost block that needs to be closed is '(\w+)'", message)
    if opened:
        return f"{{% {opened[1]} %}} 没有对应的 {{% {_BLOCKS.get(opened[1], 'end' + opened[1])} %}}" + (
            f"，却写了 {{% {found[1]} %}}" if found else ""
        )
    if found and found[1].startswith("end"):
        return f"{{% {found[1]} %}} 前面没有对应的 {{% {found[1][3:]} %}}"
    if found:
        return f"没有 {{% {found[1]} %}} 这种标记；可以用 if、for、part"
    if filtered := re.search(r"No filter named '(\w+)'", message):
        return f"没有“| {filtered[1]}”这种写法"
    if "unexpected end of template" in message.lower() or "end of" in message:
        return "标记没有写完，少了 }} 或 %}"
    return "标记写得不对，应写成 {{ 名称 }} 或 {% if 名称 %}…{% endif %} 这样，括号成对、用英文半角"
