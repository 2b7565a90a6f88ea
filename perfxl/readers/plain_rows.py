"""The rows of a worksheet part as most programs write them, read by one expression instead of an event for each element.

Nothing is decided here: rows that are written in any other way, or that are wrong in any way, are left to the reader of
``worksheet``, which gives the same for these, too.
"""

from __future__ import annotations

import re
from pyexpat import ExpatError, ParserCreate
from typing import NamedTuple

from perfxl.package.limits import Limits

_DEEP = 5
"""How many elements a value is inside of, its own counted."""
_BEGIN, _END = b"<sheetData>", b"</sheetData>"
_ENCODED = re.compile(rb"\s*<\?xml[^>]*?encoding\s*=\s*[\"'](?!utf-8[\"'])", re.IGNORECASE)
_TOKEN = re.compile(
    rb'(?:<c r="[A-Z]{1,2}[1-9][0-9]{0,5}"(?: s="[0-9]{1,6}")? ?/>)*'
    rb"(?:"
    rb'<c r="(?P<column>[A-Z]{1,2})(?P<row>[1-9][0-9]{0,5})"(?: s="(?P<style>[0-9]{1,6})")?(?: t="(?P<type>n|s|str|b|e)")?>'
    rb'(?:<f(?: aca="false")?>(?P<formula>[^<]*)</f>)?(?:<v>(?P<value>[^<]*)</v>|(?P<empty><v */>))?</c>'
    rb'|<row r="[1-9][0-9]{0,5}"(?P<attributes>(?: [A-Za-z0-9:]{1,40}="[^<>"]*")*) ?(?P<closed>/?)>'
    rb"|(?P<end></row>)|)"
)
"""One cell that holds something, after those that hold nothing; the beginning of a row, or its end; else nothing, at once."""
_HIDDEN = re.compile(rb' hidden="(?:1|true|on)"')
_REFERENCE = re.compile(r"&(?:#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6})|(?:lt|gt|amp|quot|apos));")
_KINDS = {None: "n", b"n": "n", b"s": "s", b"str": "str", b"b": "b", b"e": "e"}
_NAMED = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&amp;": "&"}
"""The last one last: what it gives is no part of another."""


class WrittenCell(NamedTuple):
    """A cell as it is written: where, its style and type, its value and formula (None: it has none)."""

    column: str
    row: int
    style: int
    type: str
    value: str | None
    formula: str | None
    hidden: bool
    """Whether its row is."""


class PlainRows(NamedTuple):
    """The cells of a part, and the part without its rows."""

    cells: list[WrittenCell]
    rest: bytes


def plain_rows(data: bytes, limits: Limits) -> PlainRows | None:
    """Return the cells of a part whose rows are written plainly, None where they are not."""
    start, end = data.find(_BEGIN) + len(_BEGIN), data.rfind(_END)
    doubtful = b"<!" in data or b"\r" in data or data.count(b"<?") > 1 or data.count(_BEGIN) != 1
    if (
        doubtful
        or end < start
        or limits.max_depth < _DEEP
        or data.count(b"<") > limits.max_elements
        or _ENCODED.match(data)
    ):
        return None
    rows = data[start:end]
    try:
        ParserCreate().Parse(b"<rows>" + rows + b"</rows>", True)
        cells = _cells(rows, limits)
    except (ExpatError, ValueError):
        return None
    return PlainRows(cells, data[:start] + data[end:])


def _cells(rows: bytes, limits: Limits) -> list[WrittenCell]:
    """Return the cells of some rows. Raises ValueError where they are written otherwise, or are too many."""
    cells: list[WrittenCell] = []
    reached, inside, hidden = 0, False, False
    for found in _TOKEN.finditer(rows):
        column, row, style, kind, formula, value, empty, attributes, closed, end = found.groups()
        if column is None and (attributes is end or inside == (attributes is not None)):
            break
        if column is None:
            inside = attributes is not None and not closed
            hidden = attributes is not None and _HIDDEN.search(attributes) is not None
        elif inside and len(cells) < limits.max_cells:
            text = _text(value) if value is not None else "" if empty else None
            written = _text(formula) if formula is not None else None
            own = _KINDS[kind], text, written, hidden
            cells.append(WrittenCell(column.decode(), int(row), int(style) if style else 0, *own))
        else:
            break
        reached = found.end()
    if reached != len(rows) or inside:
        raise ValueError(reached)
    return cells


def _text(written: bytes) -> str:
    text = written.decode()
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
