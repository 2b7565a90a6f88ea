"""How much room printed text takes: heights of rows, and where pages end."""

from __future__ import annotations

import datetime as dt
import math
import unicodedata
from collections.abc import Sequence
from decimal import Decimal

from perfxl.model.form import Page
from perfxl.model.layout import PlacedRow, RowKind
from perfxl.model.value import IndicatorValue, Value

LINE = Decimal("14.5")
"""Height of a line of 10.5 pt text, in points."""
PADDING = Decimal("5.5")
TALLEST = Decimal(400)
"""Excel allows 409 points a row; the rest of a longer text is seen by widening the row."""
_FULL = Decimal("0.6")
"""How much of a page is in use when a block that fits on none begins on the next."""
_POINTS_PER_CM = Decimal("28.35")
_LONG_SIDE, _SHORT_SIDE = Decimal("29.7"), Decimal("21.0")
_EDGES, _RAGGED = 0.6, 1.2
"""What is lost beside a text, and at the end of a line that is broken, in characters of a column's width."""
_CHARACTER = Decimal("5.6")
"""Width of a column's character, in points."""


def height(text: str, columns: tuple[int, int], widths: Sequence[Decimal], rows: int = 1) -> Decimal:
    """Return the height in points that a text needs in some columns, at most what so many rows can have."""
    width = float(sum(widths[columns[0] - 1 : columns[1]], Decimal(0))) - _EDGES
    lines = sum(_lines(display_width(part), width) for part in text.split("\n"))
    return min(LINE * lines + PADDING, TALLEST * rows)


def _lines(needed: float, width: float) -> int:
    """Count the lines of a paragraph; where it is broken, a line ends up to a punctuation mark early."""
    return 1 if needed <= width else math.ceil(needed / max(width - _RAGGED, 1.0))


def display_width(text: str) -> float:
    """Return how wide a text stands, in characters of a column's width: a Chinese character is about two."""
    return sum(2.05 if unicodedata.east_asian_width(char) in "WFA" else 1.1 for char in text)


def shown(value: Value) -> str:
    """Return what a cell shows for a value, to measure it; numbers and dates shrink to their cell and never wrap."""
    if isinstance(value, IndicatorValue):
        return value.text
    return "" if value is None or isinstance(value, Decimal | dt.date) else str(value)


def scale(page: Page, widths: Sequence[Decimal]) -> int:
    """Return the percentage at which a sheet is one page wide, at most 100."""
    left, right, _, _ = page.margins
    across = (_LONG_SIDE if page.landscape else _SHORT_SIDE) - left - right
    needed = sum(widths, Decimal(0)) * _CHARACTER
    return min(100, int(across * _POINTS_PER_CM / needed * 100))


def page_breaks(
    rows: Sequence[PlacedRow], blocks: Sequence[tuple[int, int]], page: Page, widths: Sequence[Decimal]
) -> tuple[int, ...]:
    """Return the rows after which a page ends, so that no block is cut in two that fits on a page.

    A longer block begins on a new page too where little is left of the last one. Heads right above the first block go
    with it, and stand on every page after.
    """
    if not blocks:
        return ()
    _, _, top, bottom = page.margins
    down = (_SHORT_SIDE if page.landscape else _LONG_SIDE) - top - bottom
    room = down * _POINTS_PER_CM * 100 / scale(page, widths)
    starts = dict(blocks)
    above = blocks[0][0] - 1
    while above and rows[above - 1].kind is RowKind.HEAD:
        above -= 1
    heads = sum((row.height for row in rows[above : blocks[0][0] - 1]), Decimal(0))
    breaks: list[int] = []
    used = Decimal(0)
    for row in rows:
        end = starts.get(row.number)
        if end is not None:
            whole = sum((r.height for r in rows[row.number - 1 : end]), Decimal(0))
            if used > heads and used + whole > room and (whole <= room - heads or used > room * _FULL):
                breaks.append(above if row.number == blocks[0][0] else row.number - 1)
                used = heads
        if used + row.height > room:
            used = heads if row.number >= blocks[0][0] else Decimal(0)
        used += row.height
    return tuple(breaks)
