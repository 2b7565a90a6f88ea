"""What the records of an old workbook (.xls, [MS-XLS]) say that xlrd does not: formulas, links, and how much there is.

The records are walked before xlrd reads them: it believes what they claim, so the claims are held against the limits.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from perfxl.package.limits import Limits
from perfxl.package.unreadable import Reason, Unreadable, check_count

_BOF = {0x0009, 0x0209, 0x0409, 0x0809}
_EOF = 0x000A
_FILEPASS = 0x002F
_BOUNDSHEET = 0x0085
_SUPBOOK = 0x01AE
_HYPERLINK = 0x01B8
_FORMULAS = {0x0006, 0x0206, 0x0406}
_ONE_CELL = {0x0001, 0x0201, 0x0002, 0x0003, 0x0203, 0x0004, 0x0204, 0x0005, 0x0205, 0x007E, 0x00D6, 0x00FD, *_FORMULAS}
_SEVERAL_CELLS = {0x00BD, 0x00BE}
_OWN_BOOK = {b"\x01\x04", b"\x01\x3a"}
"""Instead of a file's name: the workbook itself, and functions that are added in."""
_COLUMNS = 256
_WORKSHEET, _MACRO_SHEET = 0, 1

_ROW_AND_COLUMN = struct.Struct("<HH")


@dataclass(slots=True)
class Records:
    """What the records say: formula cells (row, column, from 1) of each worksheet, in the order of their tabs."""

    formulas: list[frozenset[tuple[int, int]]] = field(default_factory=list)
    macro_sheets: bool = False
    external_links: bool = False


def read_records(stream: bytes, limits: Limits) -> Records:
    """Walk the records of a workbook stream. Raises Unreadable: encrypted, over a limit, or damaged."""
    found = Records()
    starts: list[int] = []
    work = 0
    for kind, start, end in _records(stream, 0):
        if kind == _FILEPASS:
            raise Unreadable(Reason.ENCRYPTED, "文件已加密")
        if kind == _SUPBOOK and stream[start + 2 : start + 4] not in _OWN_BOOK:
            found.external_links = True
        elif kind == _BOUNDSHEET and end - start >= 6:
            (position,) = struct.unpack_from("<I", stream, start)
            found.macro_sheets = found.macro_sheets or stream[start + 5] == _MACRO_SHEET
            if stream[start + 5] == _WORKSHEET:
                starts.append(position)
    check_count(len(starts), limits)
    if len(set(starts)) < len(starts):
        raise Unreadable(Reason.DAMAGED, "两张工作表指向同一内容")
    for position in starts or [0]:  # the oldest have one sheet and nothing around it
        formulas, size = _sheet(stream, position)
        found.formulas.append(formulas)
        work += size
        if work > limits.max_elements:
            raise Unreadable(Reason.TOO_LARGE, f"单元格超过 {limits.max_elements} 个")
    return found


def _sheet(stream: bytes, position: int) -> tuple[frozenset[tuple[int, int]], int]:
    """Return the formula cells of a sheet, and how many cells its rows reach over."""
    formulas: set[tuple[int, int]] = set()
    reach: dict[int, int] = {}
    linked = 0
    for kind, start, end in _records(stream, position):
        if kind in _ONE_CELL and end - start >= 4:
            row, column = last = _ROW_AND_COLUMN.unpack_from(stream, start)
            if kind in _FORMULAS:
                formulas.add((row + 1, column + 1))
        elif kind in _SEVERAL_CELLS and end - start >= 6:
            row, _ = _ROW_AND_COLUMN.unpack_from(stream, start)
            last = (row, *struct.unpack_from("<H", stream, end - 2))
        else:
            if kind == _HYPERLINK and end - start >= 8:
                first_row, last_row, first, final = struct.unpack_from("<4H", stream, start)
                linked += max(last_row - first_row + 1, 0) * max(final - first + 1, 0)
            continue
        row, column = last
        if column >= _COLUMNS:
            raise Unreadable(Reason.DAMAGED, "有单元格在表外")
        reach[row] = max(reach.get(row, 0), column + 1)
    return frozenset(formulas), sum(reach.values()) + linked


def _records(stream: bytes, position: int) -> Iterator[tuple[int, int, int]]:
    """Yield kind, start and end of the records of one part: from its beginning to its end, those of charts left out."""
    depth = 0
    while position + 4 <= len(stream):
        kind, length = _ROW_AND_COLUMN.unpack_from(stream, position)
        start, position = position + 4, position + 4 + length
        if position > len(stream):
            return
        if kind in _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                return
        elif depth <= 1:
            yield kind, start, position
