"""Formulas put into the finished sheets.

XlsxWriter looks at each formula for functions that came after Excel 2007, 0.15 ms apiece: with a thousand formulas to
watch the rows that is most of the time of writing a workbook. These have none, so they are laid in afterwards.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from html import escape

from perfxl.model.address import cell_name, column_letter
from perfxl.writer.selfcheck.formula import CheckFormula
from perfxl.writer.selfcheck.hidden import LINE, FormulasBelow, Hidden

_BLANK = re.compile(rb'<c r="([A-Z]+[0-9]+)"( s="[0-9]+")?/>')
_EMPTY = b"<sheetData/>"
_LINE = LINE.encode()

Cells = Mapping[tuple[int, int], CheckFormula]
"""Formulas by row and column, from 1."""


def over_blanks(sheet: bytes, cells: Cells) -> bytes:
    """Return a worksheet part with formulas in cells that were written blank, each in the format of its cell."""
    named = {cell_name(*at).encode(): formula for at, formula in cells.items()}

    def laid(found: re.Match[bytes]) -> bytes:
        formula = named.get(found[1])
        return found[0] if formula is None else _cell(found[1], found[2] or b"", formula)

    return _BLANK.sub(laid, sheet)


def on_empty(sheet: bytes, hidden: Hidden) -> bytes:
    """Return a worksheet part that was written without cells, with the formulas of the hidden sheet in it."""
    rows: dict[int, list[tuple[int, bytes]]] = defaultdict(list)
    for (row, column), formula in hidden.cells.items():
        rows[row].append((column, _cell(cell_name(row, column).encode(), b"", formula)))
    for below in hidden.below:
        for row, cell in _below(below):
            rows[row].append((below.column, cell))
    lines = (b'<row r="%d">%b</row>' % (row, b"".join(cell for _, cell in sorted(rows[row]))) for row in sorted(rows))
    return sheet.replace(_EMPTY, b"".join((b"<sheetData>", *lines, b"</sheetData>")), 1)


def _below(below: FormulasBelow) -> Iterator[tuple[int, bytes]]:
    """Yield the cells of formulas below each other with their rows; what they have in common is escaped once."""
    pieces = {text: _escaped(text).split(_LINE) for text in set(below.texts)}
    letter = column_letter(below.column).encode()
    for row, text, result in zip(below.rows, below.texts, below.results, strict=True):
        number = b"%d" % row
        yield row, _written(letter + number, b"", number.join(pieces[text]), result)


def _cell(name: bytes, style: bytes, formula: CheckFormula) -> bytes:
    spread = b' t="array" ref="%b"' % name if formula.spread else b""
    return _written(name, style, _escaped(formula.text), formula.value, spread)


def _written(name: bytes, style: bytes, text: bytes, result: Decimal | str | int, spread: bytes = b"") -> bytes:
    """Return a cell with a formula whose text is escaped already."""
    kind, value = (b' t="str"', _escaped(result)) if isinstance(result, str) else (b"", str(result).encode())
    return b'<c r="%b"%b%b><f%b>%b</f><v>%b</v></c>' % (name, style, kind, spread, text, value)


def _escaped(text: str) -> bytes:
    return escape(text, quote=False).encode() if text else b""
