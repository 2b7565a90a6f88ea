"""How much room printed text takes: the heights of rows."""

from __future__ import annotations

import datetime as dt
import math
import unicodedata
from collections.abc import Sequence
from decimal import Decimal

from perfxl.model.value import IndicatorValue, Value

LINE = Decimal(15)
"""Height of a line of 10.5 pt text, in points."""
PADDING = Decimal("5.5")
TALLEST = Decimal(400)
"""Excel allows 409 points a row; the rest of a longer text is seen by widening the row."""
_EDGES, _RAGGED = 0.55, 1.05
"""What is lost beside a text, and at the end of a line that is broken, in characters of a column's width."""


def height(text: str, columns: tuple[int, int], widths: Sequence[Decimal], rows: int = 1) -> Decimal:
    """Return the height in points that a text needs in some columns, at most what so many rows can have."""
    width = float(sum(widths[columns[0] - 1 : columns[1]], Decimal(0))) - _EDGES
    lines = sum(_lines(display_width(part), width) for part in text.split("\n"))
    return min(LINE * lines + PADDING, TALLEST * rows)


def _lines(needed: float, width: float) -> int:
    """Count the lines of a paragraph; where it is broken, a line ends up to a punctuation mark early."""
    return 1 if needed <= width else math.ceil(needed / max(width - _RAGGED, 1.0))


def display_width(text: str) -> float:
    """Return how wide a text stands, in characters of a column's width (a digit of 宋体 11)."""
    return sum(1.82 if unicodedata.east_asian_width(char) in "WFA" else 0.98 for char in text)


def shown(value: Value) -> str:
    """Return what a cell shows for a value, to measure it; numbers and dates shrink to their cell and never wrap."""
    if isinstance(value, IndicatorValue):
        return value.text
    return "" if value is None or isinstance(value, Decimal | dt.date) else str(value)
