"""A list of units as somebody types it: with heads as in a file, or a unit a line, its code before or after its name."""

from __future__ import annotations

import csv
import io

from perfxl.model.regex import deferred
from perfxl.roster.read import CODE, NAME

_HEADED = deferred(r"单位名称|(?i:\bname\b)")
_CODE = deferred(r"[A-Za-z.-]*+[0-9][0-9A-Za-z.-]*+")
_APART = deferred(r"[\s,，;；、]+")


def as_table(text: str) -> bytes:
    """Return what was typed as a table with heads, as a roster's file has it: ``430407 石鼓区教育局`` → code and name.

    A text with heads stays as it is.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines or _HEADED.search(lines[0]):
        return text.encode("utf-8-sig", errors="replace")
    table = io.StringIO(newline="")
    writer = csv.writer(table)
    writer.writerow([CODE, NAME])
    for line in lines:
        parts = [part for part in _APART.split(line) if part]
        code = next((part for part in (*parts[:1], *parts[1:][-1:]) if _CODE.fullmatch(part)), "")
        writer.writerow([code, "".join(part for part in parts if part != code)])
    return table.getvalue().encode("utf-8-sig", errors="replace")
