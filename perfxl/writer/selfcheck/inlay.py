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

Cells = Mapping[tuple[int, int], CheckFormula]
"""Formulas by row and column, from 1."""


def over_blanks(sheet: bytes, cells: Cells) -> bytes:
    """Return a worksheet part with formulas in cells that were written blank, each in the format of its cell."""
    named = {cell_name(*at).encode(): formula for at, formula in cells.items()}

    def laid(found: re.Match[bytes]) -> bytes:
        formula = named.get(found[1])
        if formula is None:
            return found[0]
        return _cell(found[1].decode(), (found[2] or b"").decode(), formula).encode()

    return _BLANK.sub(laid, sheet)


def on_empty(sheet: bytes, hidden: Hidden) -> bytes:
    """Return a worksheet part that was written without cells, with the formulas of the hidden sheet in it."""
    rows: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for (row, column), formula in hidden.cells.items():
        rows[row].append((column, _cell(cell_name(row, column), "", formula)))
    for below in hidden.below:
        for row, cell in _below(below):
            rows[row].append((below.column, cell))
    lines = (f'<row r="{row}">{"".join(cell for _, cell in sorted(rows[row]))}</row>' for row in sorted(rows))
    return sheet.replace(_EMPTY, f"<sheetData>{''.join(lines)}</sheetData>".encode(), 1)


def _below(below: FormulasBelow) -> Iterator[tuple[int, str]]:
    """Yield the cells of formulas below each other with their rows; what they have in common is escaped once."""
    pieces = {text: _escaped(text).split(LINE) for text in set(below.texts)}
    letter = column_letter(below.column)
    for row, text, result in zip(below.rows, below.texts, below.results, strict=True):
        number = str(row)
        yield row, _written(f"{letter}{number}", "", number.join(pieces[text]), result)


def _cell(name: str, style: str, formula: CheckFormula) -> str:
    spread = f' t="array" ref="{name}"' if formula.spread else ""
    return _written(name, style, _escaped(formula.text), formula.value, spread)


def _written(name: str, style: str, text: str, result: Decimal | str | int, spread: str = "") -> str:
    """Return a cell with a formula whose text is escaped already."""
    if isinstance(result, str):
        return f'<c r="{name}"{style} t="str"><f{spread}>{text}</f><v>{_escaped(result)}</v></c>'
    return f'<c r="{name}"{style}><f{spread}>{text}</f><v>{result}</v></c>'


def _escaped(text: str) -> str:
    return escape(text, quote=False)
