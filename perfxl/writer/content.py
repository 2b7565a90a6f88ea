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
    return content(cell.value, cell.text, cell.option)


def content(value: Value, text: str, option: str) -> Content:
    """Return what stands for a value in a cell that has a ``text``, or is to be ticked for one ``option``."""
    if text:
        return text
    if option:
        return TICK if value == option else ""
    if value is None or isinstance(value, dt.date):
        return value
    return cached(value)


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
