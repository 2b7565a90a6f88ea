"""The records that the binary parts of an .xlsb are made of, and the values in them ([MS-XLSB] 2.1.4, 2.5)."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import TypeAlias

from perfxl.package.limits import Limits
from perfxl.package.unreadable import Unreadable, UnreadableReason, check_length

Take: TypeAlias = Callable[[int, bytes], None]
"""Takes a record: its type and its body."""

_U32 = struct.Struct("<I")
_I32 = struct.Struct("<i")
_DOUBLE = struct.Struct("<d")
_NULL = 0xFFFFFFFF
_LATER_BEGIN, _LATER_END = 0x23, 0x24
"""Around what later versions added, where types may mean something else."""


def walk(data: bytes, limits: Limits, begin: int, take: Take) -> None:
    """Report the records of a part in order, up to the one that ends it.

    ``begin`` is the type of the record that opens such a part; the next type ends it. Raises Unreadable for another
    kind of part, for one that is cut short anywhere, for too many records, and when ``take`` raises ValueError,
    LookupError or struct.error: the part says what cannot be.
    """
    try:
        _walk(data, limits, begin, take)
    except (ValueError, LookupError, struct.error) as error:
        raise Unreadable(UnreadableReason.DAMAGED, "内部内容不完整或有错") from error


def _walk(data: bytes, limits: Limits, begin: int, take: Take) -> None:
    place = count = later = 0
    while True:
        kind = data[place]
        place += 1
        if kind & 0x80:
            kind = (kind & 0x7F) | (data[place] & 0x7F) << 7
            place += 1
        size = data[place] & 0x7F
        for shift in (7, 14, 21):
            if not data[place] & 0x80:
                break
            place += 1
            size |= (data[place] & 0x7F) << shift
        place += 1
        count += 1
        if count > limits.max_records:
            raise Unreadable(UnreadableReason.TOO_LARGE, f"内部一个部件的记录超过 {limits.max_records} 条")
        if place + size > len(data) or (count == 1 and kind != begin):
            raise ValueError(kind)
        if kind == begin + 1:
            return
        if kind == _LATER_BEGIN:
            later += 1
        elif kind == _LATER_END:
            later -= 1
        elif not later:
            take(kind, data[place : place + size])
        place += size


def u32(body: bytes, place: int) -> int:
    """Return the unsigned number of 32 bits at a place. Raises struct.error behind the end."""
    return int(_U32.unpack_from(body, place)[0])


def double(body: bytes, place: int) -> float:
    """Return the double at a place. Raises struct.error behind the end."""
    return float(_DOUBLE.unpack_from(body, place)[0])


def packed_number(body: bytes, place: int) -> float:
    """Return the number in 32 bits at a place: 30 bits of a double or a whole number, perhaps of hundredths (RkNumber).

    Raises struct.error behind the end.
    """
    bits = u32(body, place)
    whole = bits & 2
    number = _I32.unpack_from(body, place)[0] >> 2 if whole else _DOUBLE.unpack(bytes(4) + _U32.pack(bits & ~3))[0]
    return float(number / 100 if bits & 1 else number)


def text(body: bytes, place: int, limits: Limits) -> tuple[str, int]:
    """Return the text at a place and the place behind it; "" for one that is not there (XLNullableWideString).

    Raises struct.error or ValueError behind the end, Unreadable for more than a cell can hold.
    """
    length = u32(body, place)
    place += 4
    if length == _NULL:
        return "", place
    end = place + 2 * length
    if end > len(body):
        raise ValueError(length)
    return check_length(body[place:end].decode("utf-16-le", "replace"), limits), end
