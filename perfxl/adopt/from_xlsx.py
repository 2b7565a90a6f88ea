"""Sheets of an .xlsx or .xlsm file with their looks, by openpyxl."""

from __future__ import annotations

import datetime as dt
import io
import re
import warnings
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import openpyxl

from perfxl.adopt.sheet import Cell, Content, Limit, Paper, Sheet, Style, lay
from perfxl.model.address import Box

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_SIDES = ("left", "right", "top", "bottom")
_INCH = Decimal("2.54")
_PADDING = 0.71
"""What a width in the file has beside its characters."""
_MOST_COLUMNS = 256
_MOST_LIMITED = 20_000
"""Cells of one validation that are looked at; one over whole columns says nothing of a form's inputs."""


def read_xlsx(data: bytes) -> list[Sheet]:
    """Return the visible worksheets in order; chart sheets and hidden ones are left out.

    Raises whatever openpyxl raises for a file that it cannot read.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(data))
    return [_sheet(sheet) for sheet in book.worksheets if sheet.sheet_state == "visible"]


def _sheet(sheet: Worksheet) -> Sheet:
    limits = dict(_limits(sheet))
    looks: dict[int, Style] = {}
    found: dict[tuple[int, int], Cell] = {}
    for (row, column), cell in sheet._cells.items():  # noqa: SLF001 - the cells that the file has, not all up to the last
        if column > _MOST_COLUMNS:
            continue
        if cell.style_id not in looks:
            looks[cell.style_id] = _style(cell)
        value, formula = _content(cell)
        box = Box(row, column, row, column)
        found[row, column] = Cell(box, value, formula, looks[cell.style_id], limits.get((row, column)))
    merges = {
        (area.min_row, area.min_col): Box(area.min_row, area.min_col, area.max_row, area.max_col)
        for area in sheet.merged_cells.ranges
    }
    heights = {row: float(size.height) for row, size in sheet.row_dimensions.items() if size.height is not None}
    guarded = bool(sheet.protection.sheet)
    return lay(sheet.title, found, merges, dict(_widths(sheet)), heights, _paper(sheet), guarded=guarded)


def _content(cell: Any) -> tuple[Content, str]:
    """Return the value of a cell, and its formula where it has one: the formula of an array is its text."""
    value = cell.value
    text = value if isinstance(value, str) else getattr(value, "text", None)
    if cell.data_type == "f" or (not isinstance(value, str) and text is not None):
        return None, str(text or "").removeprefix("=") or "?"
    if isinstance(value, bool) or value is None:
        return value, ""
    if isinstance(value, int | float):
        return _decimal(value), ""
    if isinstance(value, dt.datetime):
        return value.date(), ""
    if isinstance(value, dt.date):
        return value, ""
    return (str(value), "") if str(value).strip() else (None, "")


def _decimal(value: object) -> Decimal | None:
    try:
        number = Decimal(format(value, ".15g")) if isinstance(value, float) else Decimal(str(value))
    except (InvalidOperation, ValueError):
        return None
    return number if number.is_finite() else None


def _style(cell: Any) -> Style:
    border = cell.border
    sides = frozenset(side for side in _SIDES if getattr(border, side) is not None and getattr(border, side).style)
    return Style(
        format=cell.number_format or "General",
        size=float(cell.font.size or 11),
        bold=bool(cell.font.bold),
        align=cell.alignment.horizontal or "",
        sides=sides,
        locked=bool(cell.protection.locked),
    )


def _widths(sheet: Worksheet) -> Iterator[tuple[int, float]]:
    for size in sheet.column_dimensions.values():
        if size.width is None or size.min is None or not size.customWidth:
            continue
        for column in range(size.min, min(size.max or size.min, _MOST_COLUMNS) + 1):
            yield column, float(size.width) - _PADDING


def _paper(sheet: Worksheet) -> Paper:
    margins = [getattr(sheet.page_margins, side, None) for side in _SIDES]
    centimetres = tuple((Decimal(str(margin)) * _INCH).quantize(Decimal("0.1")) for margin in margins if margin)
    return Paper(sheet.page_setup.orientation == "landscape", centimetres if len(centimetres) == len(_SIDES) else ())


def _limits(sheet: Worksheet) -> Iterator[tuple[tuple[int, int], Limit]]:
    """Yield the data validation of each cell that has one."""
    for rule in sheet.data_validations.dataValidation:
        kind = rule.type or "any"
        limit = Limit(
            kind,
            _choices(rule.formula1, sheet) if kind == "list" else (),
            _bound(rule.formula1) if kind != "list" and rule.operator in _FROM_BELOW else None,
            _most(rule) if kind != "list" else None,
            rule.prompt or "",
        )
        for area in rule.sqref.ranges:
            size = (area.max_row - area.min_row + 1) * (area.max_col - area.min_col + 1)
            if size > _MOST_LIMITED:
                continue
            for row in range(area.min_row, area.max_row + 1):
                for column in range(area.min_col, area.max_col + 1):
                    yield (row, column), limit


_FROM_BELOW = {None, "between", "greaterThanOrEqual", "greaterThan"}


def _most(rule: Any) -> Decimal | None:
    if rule.operator in {None, "between"}:
        return _bound(rule.formula2)
    return _bound(rule.formula1) if rule.operator in {"lessThanOrEqual", "lessThan"} else None


def _bound(text: object) -> Decimal | None:
    try:
        return Decimal(str(text))
    except InvalidOperation:
        return None


def _choices(source: str | None, sheet: Worksheet) -> tuple[str, ...]:
    """Return what a list offers: words in quotes, or those of the cells that it refers to."""
    text = (source or "").strip().removeprefix("=")
    if text.startswith('"'):
        return tuple(word.strip() for word in text.strip('"').replace("，", ",").split(",") if word.strip())
    found = re.fullmatch(r"(?:'?(?P<sheet>[^'!]+)'?!)?(?P<area>\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?)", text)
    if found is None:
        return ()
    book: Any = sheet.parent
    other = found["sheet"]
    if other is not None and other not in book.sheetnames:
        return ()
    cells = (sheet if other is None else book[other])[found["area"].replace("$", "")]
    rows = cells if isinstance(cells, tuple) else ((cells,),)
    words = (str(cell.value).strip() for row in rows for cell in row if cell.value is not None)
    return tuple(dict.fromkeys(word for word in words if word))
