"""What of a worksheet's part is looked at to mark some of its rows: all else is blanked out before it is parsed.

Where a row begins and how high it is can be told by its first tag; a parse of all cells takes longer than the marks.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from msgspec import Struct

from perfxl.package.splice import emptied, plain

_DATA = re.compile(rb"<((?:\w+:)?)sheetData(?=[\s>])[^<>]*(?<!/)>")
_ROW = re.compile(rb"<(?:\w+:)?row(?=[\s/>])[^<>]*>")
_NUMBER = re.compile(rb"\sr\s*+=\s*+[\"']0*+(\d{1,7})[\"']")
_RULES = re.compile(rb"<((?:\w+:)?)conditionalFormatting(?=[\s>])[^<>]*(?<!/)>")
_UNUSED = "mergeCells|dataValidations|hyperlinks|tableParts|extLst"


class SheetRows(Struct, frozen=True):
    """The rows of a worksheet by number: where each begins, and where the last one ends."""

    starts: dict[int, int]
    end: int

    @classmethod
    def of(cls, sheet: bytes) -> SheetRows | None:
        """Find the rows by their looks; None where that cannot be relied on, or a row does not say its number."""
        data = _DATA.search(sheet) if plain(sheet) else None
        end = sheet.find(b"</" + data[1] + b"sheetData", data.end()) if data else -1
        if data is None or end < 0:
            return None
        starts: dict[int, int] = {}
        for head in _ROW.finditer(sheet, data.end(), end):
            number = _NUMBER.search(head[0])
            if number is None:
                return None
            starts[int(number[1])] = head.start()
        return cls(starts, end) if list(starts) == sorted(starts) else None


def seen(sheet: bytes, rows: SheetRows | None, wanted: Collection[int] | None) -> bytes:
    """Return the part as long as it was, with the wanted rows (None: all, without what is in their cells).

    Of conditional formats only the place of the first is kept where rows are marked; to take marks off all are needed.
    """
    if wanted is None:
        return emptied(sheet, f"c|{_UNUSED}")
    if rows is None:
        return sheet
    part = bytearray(emptied(sheet, _UNUSED))
    begin: int | None = None
    for number, start in (*rows.starts.items(), (0, rows.end)):
        if begin is not None and (number in wanted or not number):
            part[begin:start] = b" " * (start - begin)
            begin = None
        elif begin is None and number and number not in wanted:
            begin = start
    if first := _RULES.search(part):
        last = part.rfind(b"</" + first[1] + b"conditionalFormatting")
        part[first.end() : last] = b" " * (last - first.end())
    return bytes(part)
