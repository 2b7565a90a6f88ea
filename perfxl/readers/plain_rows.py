"""The rows of a worksheet part as most programs write them, read by one expression instead of an event for each element.

Rows are in order, each with its number, and each cell says its own.
Nothing is decided here: rows that are written in any other way, or that are wrong in any way, are left to the reader of
``worksheet``, which gives the same for these, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pyexpat import ExpatError, ParserCreate
from typing import NamedTuple, TypeAlias

from perfxl.model.regex import deferred
from perfxl.package.limits import Limits
from perfxl.package.plain_text import is_plain_text
from perfxl.package.strings import dereferenced, unescape

_DEEP = 6
"""How many elements a value is inside of, its own counted."""
_BEGIN = deferred(rb"<((?:[A-Za-z0-9]{1,20}:)?)sheetData>")
_ENCODED = deferred(rb"\s*<\?xml[^>]*?encoding\s*=\s*[\"'](?!utf-8[\"'])", re.IGNORECASE)
_ROOT = deferred(rb"(?:\xef\xbb\xbf)?(?:<\?xml[^<>]*>)?\s*(<([A-Za-z:]{1,40})(?:\s[^<>]*)?(?<!/)>)")
_TOKEN = deferred(
    r'(?:<c r="[A-Z]{1,2}[1-9][0-9]{0,5}"(?: s="[0-9]{1,6}")? ?/>)*'
    r"(?:"
    r'<c r="([A-Z]{1,2})([1-9][0-9]{0,5})"(?: s="([0-9]{1,6})")?(?:'
    r'(?: t="(n|s|str|b|e)")?>(?:<f(?: aca="false")?>([^<]+)</f>)?(?:<v>([^<]*)</v>|<v */>)?'
    r'| t="inlineStr"><is><t(?: xml:space="preserve")?>([^<]*)</t></is>)</c>'
    r'|(<row r="[1-9][0-9]{0,5}"(?: [A-Za-z0-9:]{1,40}="[^<>"]*")* ?/?>)'
    r"|(</row>)|([\s\S]+))"
)
"""One cell that holds something, after those that hold nothing; the beginning of a row, or its end; else all that is left."""
_NUMBER = len('<row r="')
_HIDDEN = deferred(r' hidden="(?:1|true|on)"')
_ATTRIBUTE = deferred(r' ([A-Za-z0-9:]+)="')
_QUESTIONS = 2
"""Question marks of a declaration of XML."""
_PIECE = 1 << 16
"""Characters of rows that are taken apart at once, and on to the end of the last row."""


WrittenCell: TypeAlias = tuple[str, str, str, str, str, str, bool]
"""A cell as it is written: its column and row, style and type, formula and value, each "" where it has none; whether its
row is hidden. No named tuple: there are many, and none is kept."""


class FramedRows(NamedTuple):
    """The rows of a part as they stand, and what comes before and after them, each as a part of its own."""

    rows: bytes
    before: bytes
    after: bytes


def framed_rows(data: bytes, limits: Limits) -> FramedRows | None:
    """Return a part taken apart, None where it cannot be: it is well-formed where all three pieces of it are."""
    root, begin = _ROOT.match(data), _BEGIN.search(data)
    if root is None or begin is None:
        return None
    prefix = begin[1]
    end_tag = b"</%bsheetData>" % prefix
    end = data.rfind(end_tag)
    if (
        end < begin.end()
        or _is_doubtful(data)
        or limits.max_depth < _DEEP
        or (len(data) > limits.max_elements and data.count(b"<") > limits.max_elements)
        or (len(data) > limits.max_cells and data.count(b"</%bc>" % prefix) > limits.max_cells)
        or _ENCODED.match(data)
    ):
        return None
    before = data[: begin.end()] + end_tag + b"</" + root[2] + b">"
    return FramedRows(data[begin.end() : end], before, root[1] + data[end + len(end_tag) :])


def _is_doubtful(data: bytes) -> bool:
    """Tell whether a part has a comment, a declaration or an instruction in it."""
    # Single bytes are looked for ten times as quickly as pairs of them, and these are rare.
    return (b"!" in data and b"<!" in data) or (data.count(b"?") > _QUESTIONS and data.count(b"<?") > 1)


def text_of(rows: bytes) -> str:
    """Return rows as text. Raises ValueError where they are not well-formed, but for what ``written_cells`` refuses.

    So it does where they have line ends that XML changes.
    """
    if b"\r" in rows:
        raise ValueError(rows)
    if not is_plain_text(rows):
        try:
            ParserCreate().Parse(b"<rows>" + rows + b"</rows>", True)
        except ExpatError as error:
            raise ValueError(str(error)) from error
    return rows.decode()


def written_cells(rows: str) -> Iterator[WrittenCell]:
    """Yield the cells of rows (``text_of``) that hold something. Raises ValueError where they are written otherwise."""
    inside, hidden = False, False
    number, last = "", 0
    sound: set[str] = set()
    with_references = "&" in rows
    start = 0
    while start < len(rows):
        end = rows.find("<row ", start + _PIECE)  # no text and no attribute holds a "<"
        end = end if end > 0 else len(rows)
        for column, row, style, kind, formula, value, inline, opened, _, other in _TOKEN.findall(rows, start, end):
            if column and inside and row == number:
                if value or formula:
                    if with_references and ("&" in formula or "&" in value):
                        formula, value = dereferenced(formula), dereferenced(value)  # noqa: PLW2901 - there are many
                    yield column, row, style, kind, formula, value, hidden
                elif inline:
                    if "&" in inline or "_x" in inline:
                        inline = unescape(dereferenced(inline))  # noqa: PLW2901 - there are many
                    yield column, row, style, "inlineStr", "", inline, hidden
            elif other or column or inside == (opened != ""):
                raise ValueError(other)
            else:
                inside = opened != "" and not opened.endswith("/>")
                hidden = inside and _HIDDEN.search(opened) is not None
                if opened:
                    closing = opened.index('"', _NUMBER)
                    number, rest = opened[_NUMBER:closing], opened[closing:]
                    if last >= (last := int(number)) or not (rest in sound or _are_attributes(rest)):
                        raise ValueError(last)
                    sound.add(rest)
        start = end
    if inside:
        raise ValueError(start)


def _are_attributes(rest: str) -> bool:
    """Tell whether what stands behind a row's number are attributes with names of their own."""
    names = ["r", *_ATTRIBUTE.findall(rest)]
    return len(names) == len(set(names)) and not any(name[0].isdigit() for name in names)
