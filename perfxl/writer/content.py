"""What a cell of a layout holds in its workbook."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from html import escape
from typing import TypeAlias

from perfxl.model.layout import PlacedCell
from perfxl.model.value import IndicatorValue, Value
from perfxl.model.words import TICK

Content: TypeAlias = str | float | dt.date | None


def constant(cell: PlacedCell) -> Content:
    """Return what stands in a cell without formula, None for a blank."""
    if cell.text:
        return cell.text
    if cell.option:
        return TICK if cell.value == cell.option else ""
    if cell.value is None or isinstance(cell.value, dt.date):
        return cell.value
    return cached(cell.value)


def cached(value: Value) -> float | str:
    """Return the result that stands behind a formula until it is worked out."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, IndicatorValue):
        return value.text
    if value is True:
        return TICK
    return "" if value is None else str(value)


def plain(text: str) -> str:
    """Return a text as XlsxWriter has to be given it.

    It takes a text between ``<r>`` and ``</r>`` for XML of its own, which must not come from a form's data: such a text is
    given as what it would be taken for, rich text of a single run.
    """
    if text.startswith("<r>") and text.endswith("</r>"):
        return f'<r><t xml:space="preserve">{escape(text, quote=False)}</t></r>'
    return text
