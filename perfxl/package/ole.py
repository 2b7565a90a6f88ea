"""The directory of an OLE compound file: what old Office files and encrypted new ones are packed in ([MS-CFB])."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_ENTRY_SIZE = 128
_LAST_SECTOR = 0xFFFFFFF9
"""Sector numbers above this are marks: free, end of chain, table."""


def top_entries(data: bytes) -> frozenset[str]:
    """Return the names of the streams and storages right under the root; empty where the file is damaged.

    Only these tell what a file is: a workbook embedded in a Word file has its ``Workbook`` stream further down.
    """
    try:
        return frozenset(_children(_Sectors(data).directory()))
    except (struct.error, LookupError, ValueError):
        return frozenset()


class _Sectors:
    """The file as sectors, and the tables (FAT) that chain them. Raises struct.error or LookupError when damaged."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        (shift,) = struct.unpack_from("<H", data, 30)
        self._size = {9: 512, 12: 4096}[shift]
        self._numbers = struct.Struct(f"<{self._size // 4}I")
        self._tables = tuple(self._all_tables())

    def _all_tables(self) -> Iterator[int]:
        """Yield the sectors that hold the tables: 109 from the header, the rest from sectors chained by their end."""
        yield from struct.unpack_from("<109I", self._data, 76)
        (sector,) = struct.unpack_from("<I", self._data, 68)
        seen: set[int] = set()
        while sector <= _LAST_SECTOR and sector not in seen:
            seen.add(sector)
            *tables, sector = self._unpacked(sector)
            yield from tables

    def _unpacked(self, sector: int) -> tuple[int, ...]:
        return self._numbers.unpack_from(self._data, (sector + 1) * self._size)

    def directory(self) -> list[bytes]:
        """Return the directory's entries."""
        (sector,) = struct.unpack_from("<I", self._data, 48)
        entries: list[bytes] = []
        seen: set[int] = set()
        while sector <= _LAST_SECTOR and sector not in seen:
            seen.add(sector)
            start = (sector + 1) * self._size
            chunk = self._data[start : start + self._size]
            entries += [chunk[at : at + _ENTRY_SIZE] for at in range(0, len(chunk), _ENTRY_SIZE)]
            table, position = divmod(sector, self._size // 4)
            sector = self._unpacked(self._tables[table])[position]
        return entries


def _children(entries: Sequence[bytes]) -> Iterator[str]:
    """Yield the names under the root entry: a binary tree of entry numbers."""
    waiting = [*struct.unpack_from("<I", entries[0], 76)]
    seen: set[int] = set()
    while waiting:
        number = waiting.pop()
        if number in seen or number >= len(entries):
            continue
        seen.add(number)
        entry = entries[number]
        (length,) = struct.unpack_from("<H", entry, 64)
        yield entry[: max(length - 2, 0)].decode("utf-16-le")
        waiting += struct.unpack_from("<2I", entry, 68)
