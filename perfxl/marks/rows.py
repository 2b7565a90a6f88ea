"""What of a worksheet's part is looked at to mark some of its rows: all else is blanked out before it is parsed.

Where a row begins and how high it is can be told by its first tag; a parse of all cells takes longer than the marks.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from msgspec import Struct

from perfxl.model.remembered import if_short
from perfxl.package.splice import emptied, plain

_DATA = re.compile(rb"<((?:\w+:)?)sheetData(?=[\s>])[^<>]*(?<!/)>")
_ROW = re.compile(rb"<row\s(?:[^<>]*?\s)??r\s*=\s*[\"']0*(\d{1,7})[\"'][^<>]*>")
"""A row that says its number; without a prefix it is searched for by its first letters, not tried at every element."""
_PREFIXED_ROW = re.compile(rb"<\w+:row\s(?:[^<>]*?\s)??r\s*=\s*[\"']0*(\d{1,7})[\"'][^<>]*>")
_RULES = re.compile(rb"<((?:\w+:)?)conditionalFormatting(?=[\s>])[^<>]*(?<!/)>")
_UNUSED = "mergeCells|dataValidations|hyperlinks|tableParts|extLst"
_SHORT, _FORMS = 200_000, 32
"""Bytes behind a sheet's rows that are remembered, the same in all returns of a form; of how many sheets they are."""


class SheetRows(Struct, frozen=True):
    """The rows of a worksheet by number: where each begins, where the last one ends, and what stands behind it.

    Merges are among that.
    """

    starts: dict[int, int]
    end: int
    after: bytes

    @classmethod
    def of(cls, sheet: bytes) -> SheetRows | None:
        """Find the rows by their looks; None where that cannot be relied on, or a row does not say its number."""
        data = _DATA.search(sheet) if plain(sheet) else None
        end = sheet.find(b"</" + data[1] + b"sheetData", data.end()) if data else -1
        if data is None or end < 0 or sheet.find(b"mergeCell", 0, data.start()) >= 0:
            return None
        begin, prefix = data.end(), data[1]
        heads = (_PREFIXED_ROW if prefix else _ROW).finditer(sheet, begin, end)
        starts = {int(head[1]): head.start() for head in heads}
        all_numbered = len(starts) == sheet.count(b"<" + prefix + b"row", begin, end)
        return cls(starts, end, sheet[end:]) if all_numbered and list(starts) == sorted(starts) else None


def seen(sheet: bytes, rows: SheetRows | None, wanted: Collection[int] | None) -> bytes:
    """Return the part as long as it was, with the wanted rows (None: all, without what is in their cells).

    Of conditional formats only the place of the first is kept where rows are marked; to take marks off all are needed.
    """
    if wanted is None:
        return emptied(sheet, f"c|{_UNUSED}")
    if rows is None:
        return sheet
    part = bytearray(sheet[: rows.end])
    begin: int | None = None
    for number, start in (*rows.starts.items(), (0, rows.end)):
        if begin is not None and (number in wanted or not number):
            part[begin:start] = b" " * (start - begin)
            begin = None
        elif begin is None and number and number not in wanted:
            begin = start
    return bytes(part) + _seen(rows.after)


@if_short(_SHORT, _FORMS)
def _seen(after: bytes) -> bytes:
    """Return what stands behind the rows without what nobody asks for."""
    part = bytearray(emptied(after, _UNUSED))
    if first := _RULES.search(part):
        last = part.rfind(b"</" + first[1] + b"conditionalFormatting")
        part[first.end() : last] = b" " * (last - first.end())
    return bytes(part)
