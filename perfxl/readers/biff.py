"""The records of an old workbook ([MS-XLS], and what Excel wrote before it), and the texts in them."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from perfxl.package.encryption import RecordCipher
from perfxl.package.limits import Limits
from perfxl.package.unreadable import Unreadable, UnreadableReason

BOF: Final = {0x0009: 2, 0x0209: 3, 0x0409: 4, 0x0809: 8}
"""The records that begin a part, and which edition writes them; 8 is 5 where the record says so."""
_EOF = 0x000A
_CONTINUE = 0x003C
BOUNDSHEET: Final = 0x0085
FILEPASS: Final = 0x002F
_NEVER_ENCIPHERED: Final = frozenset({*BOF, FILEPASS, 0x00E1, 0x0138, 0x0194, 0x0195, 0x0196})
_HEAD = struct.Struct("<HH")
_HEAD_AND_EDITION = struct.Struct("<HHH")
_BOF_LENGTHS: Final = range(4, 17)
_EDITIONS: Final = {0x0000: 4, 0x0200: 2, 0x0300: 3, 0x0400: 4, 0x0500: 5, 0x0600: 8}


class BiffRecord(NamedTuple):
    """A record: its type, where it begins in the stream, its body, and the bodies of those that continue it."""

    kind: int
    start: int
    body: bytes
    more: tuple[bytes, ...] = ()


def begins_records(data: bytes) -> bool:
    """Tell whether bytes begin as the records of a workbook do: an old one may stand in a file by itself."""
    if len(data) < 8:
        return False
    kind, length = _HEAD.unpack_from(data)
    return kind in BOF and length in _BOF_LENGTHS


def deciphered(data: bytes, cipher: RecordCipher) -> bytes:
    """Return a stream without its cipher; heads of records, and what must be found first, are never under it.

    See [MS-XLS] 2.2.10.
    """
    pieces: list[bytes] = []
    position = 0
    while position + 4 <= len(data):
        kind, length = _HEAD.unpack_from(data, position)
        body = data[position + 4 : position + 4 + length]
        kept = length if kind in _NEVER_ENCIPHERED else 4 if kind == BOUNDSHEET else 0
        pieces += [data[position : position + 4], body[:kept], cipher(position + 4, body)[kept:]]
        position += 4 + length
    return b"".join(pieces)


class BiffStream:
    """The stream of a workbook: parts of records, one for the whole and one for each sheet."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self._data = data
        self._limits = limits
        self._count = 0

    def edition(self, position: int) -> int:
        """Return the edition that the part at a position is written in (2, 3, 4, 5 or 8), 0 where none begins there."""
        if position + 6 > len(self._data):
            return 0
        kind, _, stated = _HEAD_AND_EDITION.unpack_from(self._data, position)
        usual = BOF.get(kind, 0)
        return _EDITIONS.get(stated, usual) if usual == 8 else usual

    def records(self, position: int) -> Iterator[BiffRecord]:
        """Yield the records of one part, from its beginning to its end; those of charts inside it are left out.

        Raises ValueError where no part begins there or it breaks off, Unreadable where all parts together have too many.
        """
        if not self.edition(position):
            raise ValueError(position)
        depth = 0
        waiting: BiffRecord | None = None
        while True:
            kind, length = _HEAD.unpack_from(self._data, position) if position + 4 <= len(self._data) else (-1, 0)
            start, position = position, position + 4 + length
            if kind == _CONTINUE and waiting is not None:
                waiting = waiting._replace(more=(*waiting.more, self._data[start + 4 : position]))
                continue
            if waiting is not None:
                yield waiting
                waiting = None
            self._meter()
            depth += (kind in BOF) - (kind == _EOF)
            if depth <= 0:
                return
            if position > len(self._data):
                raise ValueError(position)
            if depth == 1 and kind not in BOF:
                waiting = BiffRecord(kind, start, self._data[start + 4 : position])

    def _meter(self) -> None:
        self._count += 1
        if self._count > self._limits.max_elements:
            raise Unreadable(UnreadableReason.TOO_LARGE, f"工作簿的记录超过 {self._limits.max_elements} 条")


class Segments:
    """The bodies of a record and of those that continue it, read from front to back."""

    def __init__(self, bodies: Iterable[bytes], place: int = 0) -> None:
        self._bodies: Sequence[bytes] = tuple(bodies)
        self._number = 0
        self._place = place

    @property
    def ended(self) -> bool:
        """Whether nothing is left."""
        while self._number < len(self._bodies) and self._place >= len(self._bodies[self._number]):
            self._place -= len(self._bodies[self._number])
            self._number += 1
        return self._number >= len(self._bodies)

    def take(self, count: int) -> bytes:
        """Return the next bytes, over the ends of bodies; fewer where nothing is left."""
        taken = b""
        while len(taken) < count and not self.ended:
            piece = self._bodies[self._number][self._place : self._place + count - len(taken)]
            self._place += len(piece)
            taken += piece
        return taken

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size), "little")

    def text(self, count: int) -> str:
        """Return the next text of so many characters ([MS-XLS] 2.5.293); what is left where it is cut short.

        A body that continues a text begins with a byte that says anew how wide its characters are.
        """
        flags = self.number(1)
        runs = self.number(2) if flags & 8 else 0
        extra = self.number(4) if flags & 4 else 0
        pieces: list[str] = []
        wide = flags & 1
        while count > 0 and self._number < len(self._bodies):
            body = self._bodies[self._number]
            size = min((len(body) - self._place) >> wide, count)
            raw = body[self._place : self._place + (size << wide)]
            pieces.append(raw.decode("utf-16-le", "replace") if wide else raw.decode("latin-1"))
            count -= size
            self._place += size << wide
            if count > 0:
                self._place = max(len(body), self._place)
                wide = 0 if self.ended else self.number(1) & 1
        self._skip(4 * runs + extra)
        return "".join(pieces)

    def _skip(self, count: int) -> None:
        self._place += count
        self.ended  # noqa: B018 - moves on to the body that is reached
