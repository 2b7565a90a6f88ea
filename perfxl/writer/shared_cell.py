"""One of several values in a cell, each behind its caption: ``填报人：　　　　联系电话：　　　　``."""

from __future__ import annotations

from perfxl.model.layout import PlacedCell

NO_DATE = "年月日"
"""What is printed, blanks apart, where a date is to be written."""


def inside(cell: PlacedCell, name: str) -> str:
    """Return the formula of what stands behind a caption in the cell ``name``, up to the next one; "" without it."""
    before, after = (cell.caption.before, cell.caption.after) if cell.caption is not None else ("", "")
    start = f'FIND("{before}",{name})+{len(before)}'
    end = f'FIND("{cell.until}",{name})' if cell.until else f"LEN({name})+1"
    said = f'SUBSTITUTE(MID({name},{start},{end}-{start}),"　","")'
    said = f'SUBSTITUTE({said},"{after}","")' if after else said
    return f'IFERROR(TRIM({said}),"")'
