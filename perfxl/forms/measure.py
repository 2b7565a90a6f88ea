"""How much room printed text takes: heights of rows, and where pages end."""

from __future__ import annotations

import datetime as dt
import math
import unicodedata
from collections.abc import Sequence
from decimal import Decimal

from perfxl.model.form import Page
from perfxl.model.layout import PlacedRow
from perfxl.model.value import IndicatorValue, Value

LINE = Decimal("14.5")
"""Height of a line of 10.5 pt text, in points."""
PADDING = Decimal("5.5")
TALLEST = Decimal(400)
"""Excel allows 409 points a row; the rest of a longer text is seen by widening the row."""
_POINTS_PER_CM = Decimal("28.35")
_LONG_SIDE, _SHORT_SIDE = Decimal("29.7"), Decimal("21.0")
_CHARACTER = Decimal("5.6")
"""Width of a column's character, in points."""


def height(text: str, columns: tuple[int, int], widths: Sequence[Decimal], rows: int = 1) -> Decimal:
    """Return the height in points that a text needs in some columns, at most what so many rows can have."""
    width = float(sum(widths[columns[0] - 1 : columns[1]], Decimal(0)))
    lines = sum(math.ceil(max(display_width(part), 1) / max(width - 1.2, 1.0)) for part in text.split("\n"))
    return min(LINE * lines + PADDING, TALLEST * rows)


def display_width(text: str) -> float:
    """Return how wide a text stands, in characters of a column's width: a Chinese character is about two."""
    return sum(2.1 if unicodedata.east_asian_width(char) in "WFA" else 1.1 for char in text)


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
    """Return the rows after which a page ends, so that no block is cut in two that fits on a page."""
    if not blocks:
        return ()
    _, _, top, bottom = page.margins
    down = (_SHORT_SIDE if page.landscape else _LONG_SIDE) - top - bottom
    room = down * _POINTS_PER_CM * 100 / scale(page, widths)
    starts = dict(blocks)
    breaks: list[int] = []
    used = Decimal(0)
    for row in rows:
        end = starts.get(row.number)
        if end is not None:
            whole = sum((r.height for r in rows[row.number - 1 : end]), Decimal(0))
            if used and used + whole > room and whole <= room:
                breaks.append(row.number - 1)
                used = Decimal(0)
        if used + row.height > room:
            used = Decimal(0)
        used += row.height
    return tuple(breaks)
