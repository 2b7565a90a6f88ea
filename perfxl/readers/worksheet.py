"""The cells and merges of one worksheet part: by one expression where its rows are written plainly, else element by element."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from perfxl.model.address import Box, column_number
from perfxl.model.grid import CellKind, Content, GridCell, Unseen
from perfxl.package.limits import Limits
from perfxl.package.unreadable import Unreadable
from perfxl.readers.cell_value import read_value
from perfxl.readers.plain_rows import FramedRows, framed_rows, text_of, written_cells
from perfxl.readers.styles import GENERAL
from perfxl.readers.worksheet_scan import Shared, WorksheetContent, read_any_worksheet, read_apart_rows
from perfxl.values.dates import from_1904


class RowsContent(NamedTuple):
    """What rows hold: used cells by (row, column) in reading order, which of these rows are hidden.

    No cell carries a style beyond the last.
    """

    cells: dict[tuple[int, int], GridCell]
    hidden: frozenset[int]
    last_style: int


ReadRows: TypeAlias = Callable[[bytes, Shared, Limits], RowsContent]
"""Reads rows that each read the same by themselves. Raises ValueError or Unreadable where they do not, or may not."""


def read_rows(rows: bytes, shared: Shared, limits: Limits) -> RowsContent:
    """Return what rows hold that are written plainly. Raises ValueError or Unreadable where they are not."""
    cells: dict[tuple[int, int], GridCell] = {}
    hidden_rows: set[int] = set()
    codes: dict[str, str] = {}
    last_style = -1
    formats, strings, columns = shared.formats, shared.strings, _Columns()
    longest, date1904 = limits.max_text, shared.date1904
    for letters, digits, style, written_type, formula, text, hidden in written_cells(text_of(rows)):
        if len(text) > longest or len(formula) > longest:
            raise ValueError(longest)
        value: Content
        if written_type == "s" and text.isdecimal() and (number := int(text)) < len(strings):
            kind, value = CellKind.TEXT, strings[number]
        elif not written_type and len(text) < _EXACT and text.isascii() and text.isdigit():
            kind, value = CellKind.NUMBER, Decimal(text)
        elif written_type == "inlineStr":
            kind, value = CellKind.TEXT, text
        else:
            kind, value = read_value(written_type or "n", text, strings)
        if not (formula or value) and (value is None or isinstance(value, str)):
            continue
        code = codes.get(style)
        if code is None:
            at = int(style or 0)
            code = codes[style] = formats[at] if at < len(formats) else GENERAL
            last_style = max(last_style, at)
        place = row, column = int(digits), columns[letters]
        own = formula.removeprefix("=") if formula else None
        # As GridCell(…) does it, in a third of the time.
        cell = tuple.__new__(GridCell, (row, column, kind, value, code, own))
        cells[place] = from_1904(cell) if date1904 else cell
        if hidden:
            hidden_rows.add(row)
    return RowsContent(_in_order(cells), frozenset(hidden_rows), last_style)


def _in_order(cells: dict[tuple[int, int], GridCell]) -> dict[tuple[int, int], GridCell]:
    """Return cells in reading order, in which nearly all programs write them."""
    places = sorted(cells)
    return cells if places == list(cells) else {place: cells[place] for place in places}


def read_rows_apart(rows: bytes, shared: Shared, limits: Limits) -> RowsContent:
    """Return what rows hold, however they are written. Raises ValueError or Unreadable where one depends on another."""
    try:
        return read_rows(rows, shared, limits)
    except (ValueError, Unreadable):
        content = read_apart_rows(rows, shared, limits)
    return RowsContent(content.cells, content.unseen.rows, content.last_style)


def read_worksheet(data: bytes, shared: Shared, limits: Limits, read_rows: ReadRows = read_rows) -> WorksheetContent:
    """Return what a worksheet holds; a cell that has only a style, or an empty text, holds nothing.

    ``read_rows`` reads rows where it can. Raises Unreadable, also for places that are not on a sheet.
    """
    framed = framed_rows(data, limits)
    if framed is not None:
        # What there is first to say of a part says who reads it from its beginning.
        with suppress(Unreadable, ValueError):
            return _put_together(framed, read_rows(framed.rows, shared, limits), limits)
    return read_any_worksheet(data, shared, limits)


class _Frame(NamedTuple):
    """What stands around the rows of a worksheet."""

    merges: tuple[Box, ...]
    hidden_columns: frozenset[int]
    widths: Mapping[int, float]


_EXACT = 15
"""Digits of a number that is taken as it is written: fewer than a double may change."""
_SMALL, _FRAMES = 250_000, 128
"""Bytes of what stands around rows that is remembered, the same in all returns of a form; how many are."""


def _put_together(framed: FramedRows, rows: RowsContent, limits: Limits) -> WorksheetContent:
    """Return what a worksheet holds of which the rows are read. Raises Unreadable or ValueError for what is around them."""
    before, after = (
        _recent_frame(part, limits) if len(part) < _SMALL else _frame(part, limits)
        for part in (framed.before, framed.after)
    )
    if before.merges and after.merges:
        raise ValueError(after.merges)
    return WorksheetContent(
        rows.cells,
        before.merges or after.merges,
        Unseen(rows.hidden, before.hidden_columns | after.hidden_columns),
        {**before.widths, **after.widths},
        rows.last_style,
    )


def _frame(part: bytes, limits: Limits) -> _Frame:
    """Return what a worksheet without rows says. Raises Unreadable, or ValueError where it holds cells all the same."""
    content = read_any_worksheet(part, Shared(), limits)
    if content.cells:
        raise ValueError(content.cells)
    return _Frame(content.merges, content.unseen.columns, content.widths)


_recent_frame = lru_cache(maxsize=_FRAMES)(_frame)


class _Columns(dict[str, int]):
    """The numbers of columns by their letters."""

    def __missing__(self, letters: str) -> int:
        self[letters] = number = column_number(letters)
        return number
