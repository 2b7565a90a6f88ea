"""The shared strings of a workbook, and the text of one cell."""

from __future__ import annotations

import re
from collections.abc import Mapping

from perfxl.package.limits import Limits
from perfxl.package.scan import scan
from perfxl.package.unreadable import check_count, check_length

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


def unescape(text: str) -> str:
    """Return a text with its ``_x000D_`` escapes decoded (ECMA-376, ST_Xstring); two may make a surrogate pair."""
    if "_x" not in text:
        return text
    decoded = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    return decoded.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


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
