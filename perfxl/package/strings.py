"""The shared strings of a workbook, and the text of one cell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pyexpat import ExpatError, ParserCreate

from perfxl.model.regex import deferred
from perfxl.package.limits import Limits
from perfxl.package.plain_text import is_plain_text
from perfxl.package.scan import scan
from perfxl.package.unreadable import check_count, check_length

_DEEP = 3
"""How many elements a plain text is inside of, its own counted."""
_HEAD = deferred(rb"(?:<\?xml[^<>]*>)?\s*<sst(?:\s[^<>]*)?(?<!/)>")
_ENCODED = deferred(rb"<\?xml[^>]*?encoding\s*=\s*[\"'](?!utf-8[\"'])", re.IGNORECASE)
_ITEM = deferred(r'<si><t(?: xml:space="preserve")?(?:>([^<]*)</t>|/>)</si>|(</sst>[ \t\n]*)|[\s\S]+')
"""A string of one text, or the end of the part; else all that is left."""
_REFERENCE = deferred(r"&(?:#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6})|(?:lt|gt|amp|quot|apos));")
_NAMED = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&amp;": "&"}
"""The last one last: what it gives is no part of another."""
_ESCAPE = deferred(r"_x([0-9A-Fa-f]{4})_")


def unescape(text: str) -> str:
    """Return a text with its ``_x000D_`` escapes decoded (ECMA-376, ST_Xstring); two may make a surrogate pair."""
    if "_x" not in text:
        return text
    decoded = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    return decoded.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def dereferenced(text: str) -> str:
    """Return a well-formed piece of XML's text with what its references stand for."""
    if "&" not in text:
        return text
    if "&#" in text:
        return _REFERENCE.sub(_character, text)
    for name, character in _NAMED.items():
        text = text.replace(name, character)
    return text


def _character(reference: re.Match[str]) -> str:
    number, hexadecimal = reference.groups()
    if number or hexadecimal:
        return chr(int(number) if number else int(hexadecimal, 16))
    return _NAMED[reference[0]]


class RichText:
    """Gathers the text of one item (``si``, ``is``): its own ``t`` or those of its runs, phonetic runs left out.

    Blanks at the ends stay, with and without ``xml:space``: nothing that was typed is lost here.
    """

    __slots__ = ("_item_depth", "_pieces", "_reading", "_run")

    def __init__(self, item_depth: int) -> None:
        self._item_depth = item_depth
        self._pieces: list[str] = []
        self._reading = False
        self._run = False

    def opened(self, depth: int, name: str) -> None:
        inside = depth - self._item_depth
        if inside == 1:
            self._run = name == "r"
            self._reading = name == "t"
        elif inside == 2:
            self._reading = self._run and name == "t"

    def closed(self, depth: int) -> None:
        if depth > self._item_depth:
            self._reading = False

    def read(self, text: str) -> None:
        if self._reading:
            self._pieces.append(text)

    def take(self) -> str:
        """Return the text gathered since the last time, decoded."""
        text = "".join(self._pieces)
        self._pieces.clear()
        self._reading = False
        return unescape(text)


def read_strings(data: bytes, limits: Limits) -> list[str]:
    """Return the shared strings in order. Raises Unreadable."""
    plain = _plain_strings(data, limits)
    return plain if plain is not None else read_any_strings(data, limits)


def _plain_strings(data: bytes, limits: Limits) -> list[str] | None:
    """Return strings that are each written as one text, by one expression; None where any is not, or anything is wrong."""
    head = _HEAD.match(data)
    doubtful = b"<!" in data or b"\r" in data or data.count(b"<?") > 1 or _ENCODED.match(data)
    many = len(data) > min(limits.max_elements, limits.max_cells) and (
        data.count(b"<") > limits.max_elements or data.count(b"<si>") > limits.max_cells
    )
    if head is None or doubtful or many or limits.max_depth < _DEEP:
        return None
    written = data[head.end() :]
    try:
        ParserCreate().Parse(head[0] + b"</sst>" if is_plain_text(written) else data, True)
        items = written.decode()
    except (ExpatError, ValueError):
        return None
    found = _ITEM.findall(items)
    if not found or not found[-1][1] or items.count("</sst>") > 1:
        return None
    strings = [text for text, _ in found[:-1]]
    if "&" in items or "_x" in items:
        strings = [unescape(dereferenced(text)) for text in strings]
    return strings if max(map(len, strings), default=0) <= limits.max_text else None


def read_any_strings(data: bytes, limits: Limits) -> list[str]:
    """Return the shared strings in order, however they are written, as ``read_strings`` does."""
    strings: list[str] = []
    item = RichText(item_depth=2)

    def opened(depth: int, name: str, _: Mapping[str, str]) -> None:
        if depth > 2:
            item.opened(depth, name)

    def closed(depth: int, name: str) -> None:
        item.closed(depth)
        if depth == 2 and name == "si":
            strings.append(check_length(item.take(), limits))
            check_count(len(strings), limits)

    scan(data, limits, opened, closed, item.read)
    return strings
