"""The formulas of old workbooks, which are stored worked out into pieces, as the text that somebody typed ([MS-XLS] 2.5.198).

What stands in formulas of forms is put together again; whatever else there is makes the text "".
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from perfxl.model.address import MAX_COLUMN, cell_name, column_letter

_OPERATORS: Final[Mapping[int, str]] = {
    0x03: "+",
    0x04: "-",
    0x05: "*",
    0x06: "/",
    0x07: "^",
    0x08: "&",
    0x09: "<",
    0x0A: "<=",
    0x0B: "=",
    0x0C: ">=",
    0x0D: ">",
    0x0E: "<>",
    0x11: ":",
}
_ARGUMENTS: Final[Mapping[int, tuple[str, int]]] = {
    24: ("ABS", 1),
    25: ("INT", 1),
    27: ("ROUND", 2),
    33: ("VALUE", 1),
    38: ("NOT", 1),
    131: ("N", 1),
    212: ("ROUNDUP", 2),
    213: ("ROUNDDOWN", 2),
}
"""Functions of a fixed number of arguments."""
_FUNCTIONS: Final[Mapping[int, str]] = {
    0: "COUNT",
    1: "IF",
    4: "SUM",
    5: "AVERAGE",
    6: "MIN",
    7: "MAX",
    8: "ROW",
    29: "INDEX",
    36: "AND",
    37: "OR",
    169: "COUNTA",
    183: "PRODUCT",
    197: "TRUNC",
    344: "SUBTOTAL",
}
_LATER_FUNCTIONS: Final = frozenset({"IFERROR", "SUMIFS", "COUNTIFS", "AVERAGEIF", "AVERAGEIFS"})
_MEMORY = 0x29
_BY_NAME = 255
"""The function that its first argument names, as those of later years are written."""
_LATER = "_xlfn."
_LONGEST = 8192
_OLD_COLUMNS = 256
_ALL_ROWS = (0, 0xFFFF)
"""The rows of an area that is whole columns."""


class _Foreign(Exception):  # noqa: N818 - it names what a piece is, and never leaves this module
    """A piece that is not put together here."""


class _Place(NamedTuple):
    """The cell that a formula stands in, and the names of its workbook in order."""

    row: int
    column: int
    names: Sequence[str]


def formula_text(pieces: bytes, edition: int, row: int, column: int, names: Sequence[str] = ()) -> str:
    """Return the text of a formula in the cell at ``row`` and ``column`` (from 1), "" where it is not known.

    ``names`` are those of the workbook in the order of its records: functions of later years are called by them.
    """
    try:
        text = _text(pieces, edition, _Place(row, column, names))
    except (_Foreign, LookupError, ValueError, struct.error):
        return ""
    return text if len(text) <= _LONGEST else ""


def shared_cell(pieces: bytes) -> tuple[int, int] | None:
    """Return the cell (from 1) that has the formula of a cell that only refers to it, None for a formula of its own."""
    if len(pieces) < 5 or pieces[0] != 0x01:
        return None
    row, column = struct.unpack_from("<HH", pieces, 1)
    return row + 1, column + 1


def _text(pieces: bytes, edition: int, at: _Place) -> str:
    stack: list[str] = []
    place = 0
    while place < len(pieces):
        token = pieces[place]
        kind = token if token < 0x20 else token & 0x1F | 0x20
        place += 1
        if kind in _OPERATORS:
            right, left = stack.pop(), stack.pop()
            sign = _OPERATORS[kind]
            stack.append(f"{left}:{right}" if sign == ":" else f"({left}{sign}{right})")
        elif kind in {0x21, 0x22}:
            place += _call(pieces, place, kind, edition, stack)
        elif kind == _MEMORY:
            place += 2  # how long the pieces are that follow and give an area
        elif kind == 0x19:
            place += _attribute(pieces, place, edition, stack)
        else:
            place += _operand(pieces, place, kind, edition, at, stack)
    (whole,) = stack
    return whole


def _call(pieces: bytes, place: int, kind: int, edition: int, stack: list[str]) -> int:
    """Take the arguments of a function off the stack; return how long its piece is."""
    wide = edition >= 4
    if kind == 0x21:
        number = int.from_bytes(pieces[place : place + 1 + wide], "little")
        name, count = _ARGUMENTS[number]
        length = 1 + wide
    else:
        count = pieces[place] & 0x7F
        number = int.from_bytes(pieces[place + 1 : place + 2 + wide], "little") & 0x7FFF
        name = "" if number == _BY_NAME else _FUNCTIONS[number]
        length = 2 + wide
    if count > len(stack):
        raise _Foreign
    arguments = stack[len(stack) - count :]
    del stack[len(stack) - count :]
    if not name:
        name = arguments.pop(0).removeprefix(_LATER)
        if name not in _LATER_FUNCTIONS:
            raise _Foreign
    stack.append(f"{name}({','.join(arguments)})")
    return length


def _attribute(pieces: bytes, place: int, edition: int, stack: list[str]) -> int:
    """Pass over what helps to work a formula out; a sum of one argument is written so, too."""
    flags = pieces[place]
    size = 2 if edition >= 3 else 1
    data = int.from_bytes(pieces[place + 1 : place + 1 + size], "little")
    if flags & 0x10:
        stack.append(f"SUM({stack.pop()})")
    return 1 + size + ((data + 1) * size if flags & 0x04 else 0)


def _operand(pieces: bytes, place: int, kind: int, edition: int, at: _Place, stack: list[str]) -> int:
    """Put an operand onto the stack, or change the one on it; return how long its piece is."""
    match kind:
        case 0x12 | 0x13:
            stack.append(f"({'+' if kind == 0x12 else '-'}{stack.pop()})")
            return 0
        case 0x14:
            stack.append(f"{stack.pop()}%")
            return 0
        case 0x15:
            stack.append(f"({stack.pop()})")
            return 0
        case 0x16:
            stack.append("")
            return 0
        case 0x17:
            return _string(pieces, place, edition, stack)
        case 0x1D | 0x1E | 0x1F:
            text, length = _constant(pieces, place, kind)
            stack.append(text)
            return length
        case 0x23 if edition == 8:
            stack.append(at.names[struct.unpack_from("<I", pieces, place)[0] - 1])
            return 4
        case 0x24 | 0x25 | 0x2C | 0x2D:
            return _reference(pieces, place, kind, edition, at, stack)
    raise _Foreign


def _constant(pieces: bytes, place: int, kind: int) -> tuple[str, int]:
    """Return a truth value or a number as typed, and how long its piece is."""
    if kind == 0x1D:
        return "TRUE" if pieces[place] else "FALSE", 1
    if kind == 0x1E:
        return str(struct.unpack_from("<H", pieces, place)[0]), 2
    return f"{struct.unpack_from('<d', pieces, place)[0]:.17g}".upper(), 8


def _string(pieces: bytes, place: int, edition: int, stack: list[str]) -> int:
    count = pieces[place]
    if edition < 8:
        raw, length = pieces[place + 1 : place + 1 + count], 1 + count
        text = raw.decode("ascii")  # a text in a formula of before 1997: the code page is not known here
    else:
        wide = pieces[place + 1] & 1
        length = 2 + (count << wide)
        raw = pieces[place + 2 : place + length]
        text = raw.decode("utf-16-le") if wide else raw.decode("latin-1")
    doubled = text.replace('"', '""')
    stack.append(f'"{doubled}"')
    return length


def _reference(pieces: bytes, place: int, kind: int, edition: int, at: _Place, stack: list[str]) -> int:
    """Put the name of a cell or an area onto the stack; in shared formulas it may be told from the cell itself."""
    area, relative = kind in {0x25, 0x2D}, kind in {0x2C, 0x2D}
    count = 2 if area else 1
    if edition == 8:
        rows = struct.unpack_from(f"<{count}H", pieces, place)
        columns = struct.unpack_from(f"<{count}H", pieces, place + 2 * count)
        flags, length = columns, 4 * count
        columns = tuple(column & 0xFF for column in columns)
    else:
        rows = struct.unpack_from(f"<{count}H", pieces, place)
        columns = struct.unpack_from(f"<{count}B", pieces, place + 2 * count)
        flags, length = rows, 3 * count
        rows = tuple(row & 0x3FFF for row in rows)
    if area and not relative and edition == 8 and rows == _ALL_ROWS:
        stack.append(":".join(column_letter(column + 1) for column in columns))
        return length
    names = []
    for row, column, flag in zip(rows, columns, flags, strict=True):
        if relative:
            most = 0x10000 if edition == 8 else 0x4000
            row = (row + at.row - 1) % most if flag & 0x8000 else row  # noqa: PLW2901 - told from the cell itself
            column = (column + at.column - 1) % _OLD_COLUMNS if flag & 0x4000 else column  # noqa: PLW2901 - likewise
        names.append(cell_name(row + 1, min(column + 1, MAX_COLUMN)))
    stack.append(":".join(names))
    return length
