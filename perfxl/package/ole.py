"""OLE compound files: what old Office files and encrypted new ones are packed in ([MS-CFB]).

Programs disagree about what stands in headers and directories, and so do the files: nothing is asked of one but that the
chain of what is wanted leads somewhere. A chain that breaks off gives what there is of it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_HEADER_SIZE = 512
_ENTRY_SIZE = 128
_MINI_SIZE = 64
_LAST_SECTOR = 0xFFFFFFF9
"""Sector numbers above this are marks: free, end of chain, table."""
_STREAM, _ROOT = 2, 5
_USUAL_CUTOFF = 4096


class DirectoryEntry(NamedTuple):
    """An entry of the directory: ``kind`` is 1 for a storage, 2 for a stream, 5 for the root."""

    name: str
    kind: int
    start: int
    size: int


class Compound:
    """A compound file. Never raises: what is damaged has fewer entries, and shorter streams."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        header = data[:_HEADER_SIZE].ljust(_HEADER_SIZE, b"\0")
        (shift,) = struct.unpack_from("<H", header, 30)
        self._size = {9: 512, 12: 4096}.get(shift, 512)
        directory, _, self._cutoff, mini, _, chained, _ = struct.unpack_from("<7I", header, 48)
        self._table = self._numbers([*struct.unpack_from("<109I", header, 76), *self._chained(chained)])
        entries = list(_entries(self._chain(directory)))
        root = next((entry for entry, _ in entries if entry.kind == _ROOT), None)
        self._mini = self._chain(root.start)[: root.size] if root else b""
        self._mini_table = self._numbers(self._sectors(mini)) if self._mini else ()
        self._top = dict(_top(entries))

    @property
    def names(self) -> frozenset[str]:
        """The names of the streams and storages right under the root, as they are written.

        Only these tell what a file is: a workbook embedded in a Word file has its ``Workbook`` stream further down.
        """
        return frozenset(entry.name for entry in self._top.values())

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._top

    def stream(self, name: str) -> bytes:
        """Return a stream right under the root, whatever the case of its name; b"" where there is none."""
        entry = self._top.get(name.lower())
        if entry is None or entry.kind != _STREAM:
            return b""
        if entry.size < (self._cutoff or _USUAL_CUTOFF) and self._mini:
            return self._mini_chain(entry.start)[: entry.size]
        return self._chain(entry.start)[: entry.size]

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        return self._data[start : start + self._size]

    def _numbers(self, sectors: Sequence[int]) -> tuple[int, ...]:
        """Return the sector numbers that sectors of a table hold."""
        there = (number for number in dict.fromkeys(sectors) if (number + 1) * self._size < len(self._data))
        held = b"".join(self._sector(number).ljust(self._size, b"\xff") for number in there)
        return struct.unpack(f"<{len(held) // 4}I", held)

    def _chained(self, sector: int) -> list[int]:
        """Return the sectors of tables beyond the 109 that the header names: they stand in sectors chained by their end."""
        tables: list[int] = []
        seen: set[int] = set()
        while sector <= _LAST_SECTOR and sector not in seen:
            seen.add(sector)
            held = self._sector(sector)
            if len(held) < self._size:
                break
            *more, sector = struct.unpack(f"<{self._size // 4}I", held)
            tables += more
        return tables

    def _sectors(self, first: int) -> list[int]:
        """Return the numbers of the sectors of a chain, as far as it leads through the file and not back into itself."""
        found: dict[int, None] = {}
        number, last = first, len(self._data) // self._size
        while number < last and number not in found:
            found[number] = None
            number = self._table[number] if number < len(self._table) else _LAST_SECTOR + 1
        return list(found)

    def _chain(self, first: int) -> bytes:
        return b"".join(map(self._sector, self._sectors(first)))

    def _mini_chain(self, first: int) -> bytes:
        found: dict[int, None] = {}
        number, last = first, -(-len(self._mini) // _MINI_SIZE)
        while number < last and number not in found:
            found[number] = None
            number = self._mini_table[number] if number < len(self._mini_table) else _LAST_SECTOR + 1
        return b"".join(self._mini[number * _MINI_SIZE : (number + 1) * _MINI_SIZE] for number in found)


def _entries(directory: bytes) -> Iterator[tuple[DirectoryEntry, tuple[int, int, int]]]:
    """Yield the entries with the numbers of the one to the left, to the right, and below."""
    for at in range(0, len(directory) - _ENTRY_SIZE + 1, _ENTRY_SIZE):
        entry = directory[at : at + _ENTRY_SIZE]
        (length,) = struct.unpack_from("<H", entry, 64)
        name = entry[: min(max(length - 2, 0), 62)].decode("utf-16-le", "replace")
        start, size = struct.unpack_from("<2I", entry, 116)
        yield DirectoryEntry(name, entry[66], start, size), struct.unpack_from("<3I", entry, 68)


def _top(entries: Sequence[tuple[DirectoryEntry, tuple[int, int, int]]]) -> Mapping[str, DirectoryEntry]:
    """Return by lower-case name what stands right under the root: a binary tree of entry numbers."""
    found: dict[str, DirectoryEntry] = {}
    waiting = [entries[0][1][2]] if entries else []
    seen: set[int] = set()
    while waiting:
        number = waiting.pop()
        if number not in seen and number < len(entries):
            seen.add(number)
            entry, (left, right, _) = entries[number]
            found.setdefault(entry.name.lower(), entry)
            waiting += [left, right]
    return found
