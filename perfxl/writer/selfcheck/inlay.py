"""Formulas put into the finished sheets.

XlsxWriter looks at each formula for functions that came after Excel 2007, 0.15 ms apiece: with a thousand formulas to
watch the rows that is most of the time of writing a workbook. These have none, so they are laid in afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import escape
from itertools import groupby

from perfxl.model.address import cell_name
from perfxl.writer.selfcheck.formula import CheckFormula

_BLANK = re.compile(rb'<c r="([A-Z]+[0-9]+)"( s="[0-9]+")?/>')
_EMPTY = b"<sheetData/>"

Cells = Mapping[tuple[int, int], CheckFormula]
"""Formulas by row and column, from 1."""


def over_blanks(sheet: bytes, cells: Cells) -> bytes:
    """Return a worksheet part with formulas in cells that were written blank, each in the format of its cell."""
    named = {cell_name(*at).encode(): formula for at, formula in cells.items()}

    def laid(found: re.Match[bytes]) -> bytes:
        formula = named.get(found[1])
        return found[0] if formula is None else _cell(found[1], found[2] or b"", formula)

    return _BLANK.sub(laid, sheet)


def on_empty(sheet: bytes, cells: Cells) -> bytes:
    """Return a worksheet part that was written without cells, with formulas in it."""
    return sheet.replace(_EMPTY, b"<sheetData>" + b"".join(_rows(cells)) + b"</sheetData>", 1)


def _rows(cells: Cells) -> Iterator[bytes]:
    for row, found in groupby(sorted(cells), key=lambda at: at[0]):
        inside = b"".join(_cell(cell_name(*at).encode(), b"", cells[at]) for at in found)
        yield b'<row r="%d">%s</row>' % (row, inside)


def _cell(name: bytes, style: bytes, formula: CheckFormula) -> bytes:
    text = isinstance(formula.value, str)
    kind = b' t="str"' if text else b""
    value = escape(formula.value, quote=False) if isinstance(formula.value, str) else f"{formula.value}"
    spread = b' t="array" ref="%s"' % name if formula.spread else b""
    body = b"<f%s>%s</f><v>%s</v>" % (spread, escape(formula.text, quote=False).encode(), value.encode())
    return b'<c r="%s"%s%s>%s</c>' % (name, style, kind, body)
