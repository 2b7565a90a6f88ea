"""OLE compound files made by hand: a header, tables, a directory; the streams are empty."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from perfxl.package.ole import SIGNATURE

_SECTOR = 512
_FREE, _END, _TABLE, _NONE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF


def compound(
    *names: str, inside: Mapping[str, Sequence[str]] = MappingProxyType({}), padding_sectors: int = 0
) -> bytes:
    """Return a compound file with these entries under its root, and those ``inside`` an entry under that.

    ``padding_sectors`` stand before the directory, so that it lies far behind in a large file.
    """
    directory = _directory(names, inside)
    directory_sectors = len(directory) // _SECTOR
    tables = 1
    while True:
        extra = -(-max(tables - 109, 0) // 127)
        if tables * 128 >= tables + extra + padding_sectors + directory_sectors:
            break
        tables += 1
    first = tables + extra + padding_sectors
    following = [_TABLE] * tables + [0xFFFFFFFC] * extra + [_FREE] * padding_sectors
    following += [*range(first + 1, first + directory_sectors), _END]
    following += [_FREE] * (tables * 128 - len(following))
    header_tables = [*range(min(tables, 109)), *[_FREE] * (109 - min(tables, 109))]
    header = SIGNATURE + bytes(16) + struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<9I", 0, tables, first, 0, 4096, _END, 0, tables if extra else _END, extra)
    header += struct.pack("<109I", *header_tables)
    chained = b""
    for number in range(extra):
        held = list(range(109 + 127 * number, min(109 + 127 * (number + 1), tables)))
        last = tables + number + 1 if number + 1 < extra else _END
        chained += struct.pack("<128I", *held, *[_FREE] * (127 - len(held)), last)
    table = struct.pack(f"<{len(following)}I", *following)
    return header + table + chained + bytes(padding_sectors * _SECTOR) + directory


def _directory(names: Sequence[str], inside: Mapping[str, Sequence[str]]) -> bytes:
    """Return the entries: each level is a list, which is the simplest of binary trees."""
    entries = [_entry("Root Entry", 5, child=1)]
    nested: list[tuple[int, Sequence[str]]] = []
    for position, name in enumerate(names, 1):
        right = position + 1 if position < len(names) else _NONE
        if name in inside:
            nested.append((position, inside[name]))
        entries.append(_entry(name, 1 if name in inside else 2, right=right))
    for position, children in nested:
        start = len(entries)
        entries[position] = entries[position][:76] + struct.pack("<I", start) + entries[position][80:]
        last = start + len(children) - 1
        entries += [
            _entry(name, 2, right=number + 1 if number < last else _NONE) for number, name in enumerate(children, start)
        ]
    entries += [bytes(128)] * (-len(entries) % 4)
    return b"".join(entries)


def _entry(name: str, kind: int, *, right: int = _NONE, child: int = _NONE) -> bytes:
    written = name.encode("utf-16-le")
    head = written.ljust(64, b"\0") + struct.pack("<H2B3I", len(written) + 2, kind, 1, _NONE, right, child)
    return head.ljust(128, b"\0")
