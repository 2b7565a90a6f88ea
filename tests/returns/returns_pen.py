"""An officer's pen: writes a workbook cell by cell with openpyxl, always the same bytes."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.worksheet.worksheet import Worksheet

_WRITTEN = dt.datetime(2024, 1, 16, 9, 30)  # noqa: DTZ001 - a workbook's times have no zone
_THIN = Side(style="thin")
_FRAME = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)


class Shown(NamedTuple):
    """A number or date with its number format: 0.9247 as ``0.00%``."""

    value: float | dt.date
    format: str


Typed: TypeAlias = "str | float | dt.date | Shown"


def percent(value: float) -> Shown:
    """Return what Excel stores where ``95%`` is typed."""
    return Shown(value, "0%")


class Pen:
    """Writes a sheet row by row; the columns are called by their letters."""

    def __init__(self, sheet: Worksheet, first_row: int = 1) -> None:
        self.sheet = sheet
        self.row = first_row

    def write(self, cells: Mapping[str, Typed | None], *merges: str, rows: int = 1) -> int:
        """Write one row and go on ``rows`` below it; ``merges`` are columns of this row, as ``B:F``."""
        for column, typed in cells.items():
            cell = self.sheet[f"{column}{self.row}"]
            cell.border = _FRAME
            cell.alignment = Alignment(wrap_text=True, vertical="center")
            if isinstance(typed, Shown):
                cell.value, cell.number_format = typed
            else:
                cell.value = typed
        for merge in merges:
            first, _, last = merge.partition(":")
            self.sheet.merge_cells(f"{first}{self.row}:{last}{self.row}")
        self.row += rows
        return self.row - rows

    def title(self, column: str, text: str, last: str = "") -> None:
        self.write({column: text}, *([f"{column}:{last}"] if last else []))
        self.sheet[f"{column}{self.row - 1}"].font = Font(size=18, bold=True)

    def down(self, column: str, first: int, last: int) -> None:
        """Merge cells down a column."""
        if last > first:
            self.sheet.merge_cells(f"{column}{first}:{column}{last}")


def saved(book: Workbook) -> bytes:
    """Return the workbook's bytes without a time of day in them."""
    book.properties.creator = "办公室"
    book.properties.created = book.properties.modified = _WRITTEN
    written, steady = io.BytesIO(), io.BytesIO()
    book.save(written)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(steady, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "docProps/core.xml":  # openpyxl puts the time of saving there
                data = _untimed(data)
            target.writestr(zipfile.ZipInfo(name, _WRITTEN.timetuple()[:6]), data, zipfile.ZIP_DEFLATED)
    return steady.getvalue()


def _untimed(core: bytes) -> bytes:
    return re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2024-01-16T09:30:00Z", core)
