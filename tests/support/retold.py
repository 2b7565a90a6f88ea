"""Sheets as a workbook that somebody else's program wrote: values, formats, merges, hidden sheets, no stamp."""

from __future__ import annotations

import io
from collections.abc import Collection, Sequence

from openpyxl import Workbook

from perfxl.model.grid import CellKind, Grid


def retold(grids: Sequence[Grid], hidden: Collection[str] = ()) -> bytes:
    """Return a workbook of these sheets, written by openpyxl; the first one must be visible."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for grid in grids:
        sheet = book.create_sheet(grid.name)
        for (row, column), held in grid.cells.items():
            cell = sheet.cell(row, column)
            cell.value = held.value
            if held.kind is CellKind.TEXT:
                cell.data_type = "s"  # a text that begins with = is a text
            if held.format:
                cell.number_format = held.format
        for box in grid.merges:
            if not box.single:
                sheet.merged_cells.add(box.range_name)
        sheet.sheet_state = "hidden" if grid.name in hidden else "visible"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
