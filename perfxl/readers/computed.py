"""Whether a worksheet holds formulas only, told at a glance."""

from __future__ import annotations

import re

from perfxl.model.regex import deferred

_DATA = deferred(rb"sheetData(?<=[<:]sheetData)[\s/>]")  # begins with letters: these are searched for quickly
_COMPUTED = deferred(
    rb"<sheetData(?=[\s>])[^<>]*+(?<!/)>(?:\s*+<row(?=[\s/>])[^<>]*+>(?:(?<=/>)|(?<!/>)"
    rb"(?:\s*+<c(?=[\s/>])[^<>]*+>(?:(?<=/>)|(?<!/>)\s*+"
    rb"(?:<f(?=[\s/>])[^<>]*+>(?:(?<=/>)|(?<!/>)[^<]*+</f>)\s*+(?:<v>[^<]*+</v>|<v/>|)\s*+|)</c>))*"
    rb"\s*+</row>))*\s*+"
)
"""The rows of a worksheet in which every cell that holds something holds a formula.

No possessive group: Python 3.11.2 loses its way in those.
"""
_ENCODED = deferred(rb"<\?xml[^>]*?encoding\s*=\s*[\"'](?!utf-8[\"'])", re.IGNORECASE)


def is_computed(data: bytes) -> bool:
    """Tell at a glance whether nothing on a worksheet is typed; false also where that takes a closer look."""
    places = [found.start() for found in _DATA.finditer(data)]
    if b"<!" in data or len(places) != 1 or _ENCODED.match(data):
        return False
    return _COMPUTED.fullmatch(data, places[0] - 1, data.rfind(b"</sheetData>")) is not None
