"""Old workbooks made by hand: records, one after the other ([MS-XLS])."""

from __future__ import annotations

import struct
from collections.abc import Iterable

_BEGIN = {2: 0x0009, 3: 0x0209, 4: 0x0409, 5: 0x0809, 8: 0x0809}
_WHOLE, _SHEET = 0x0005, 0x0010


def record(kind: int, *pieces: bytes) -> bytes:
    body = b"".join(pieces)
    return struct.pack("<HH", kind, len(body)) + body


def begin(part: int, edition: int = 8) -> bytes:
    said = struct.pack("<HH", edition << 8 if edition < 8 else 0x0600, part)
    return record(_BEGIN[edition], said, bytes({2: 0, 3: 2, 4: 2, 5: 4, 8: 12}[edition]))


END = record(0x000A)


def wide(text: str) -> bytes:
    """Return a text of two bytes a character, as the last edition has it: behind its length."""
    return struct.pack("<HB", len(text), 1) + text.encode("utf-16-le")


def cell(kind: int, row: int, column: int, *pieces: bytes, style: int = 0) -> bytes:
    """Return a cell's record; row and column from 1."""
    return record(kind, struct.pack("<HHH", row - 1, column - 1, style), *pieces)


def number(row: int, column: int, value: float, style: int = 0) -> bytes:
    return cell(0x0203, row, column, struct.pack("<d", value), style=style)


def workbook(sheets: Iterable[bytes], *whole: bytes, edition: int = 8, names: Iterable[str] = ()) -> bytes:
    """Return a stream of sheets, each given as its records, with what the whole says."""
    bodies = [begin(_SHEET, edition) + sheet + END for sheet in sheets]
    called = [*names, *(f"表{number}" for number in range(len(bodies)))][: len(bodies)]
    texts = [
        bytes([len(name), 1]) + name.encode("utf-16-le")
        if edition == 8
        else bytes([len(name.encode("gbk"))]) + name.encode("gbk")
        for name in called
    ]
    start = begin(_WHOLE, edition) + b"".join(whole)
    position = len(start) + sum(len(record(0x0085, bytes(6), text)) for text in texts) + len(END)
    tabs = b""
    for text, body in zip(texts, bodies, strict=True):
        tabs += record(0x0085, struct.pack("<IH", position, 0), text)
        position += len(body)
    return start + tabs + END + b"".join(bodies)
