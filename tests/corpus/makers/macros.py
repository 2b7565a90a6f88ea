"""A VBA project made by hand (MS-OVBA in MS-CFB): one module with one empty macro.

No program but Excel and WPS writes these; for marking it is a part like any other, but readers look for its streams.
"""

from __future__ import annotations

import struct

_FREE, _END, _TABLE, _NONE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
_SECTOR, _MINI = 512, 64
_SOURCE = 'Attribute VB_Name = "ThisWorkbook"\r\nSub Huizong()\r\nEnd Sub\r\n'
_PROJECT = (
    'ID="{00000000-0000-0000-0000-000000000000}"\r\nDocument=ThisWorkbook/&H00000000\r\nName="VBAProject"\r\n'
    'HelpContextID="0"\r\nVersionCompatible32="393222000"\r\n'
)


def project() -> bytes:
    """Return a ``vbaProject.bin``."""
    return _compound(
        {
            "PROJECT": _PROJECT.encode(),
            "VBA/_VBA_PROJECT": struct.pack("<HHBH", 0x61CC, 0xFFFF, 0, 0),
            "VBA/dir": _compressed(_directory_of_modules()),
            "VBA/ThisWorkbook": _compressed(_SOURCE.encode()),
        }
    )


def _directory_of_modules() -> bytes:
    def record(kind: int, content: bytes) -> bytes:
        return struct.pack("<HI", kind, len(content)) + content

    name = b"ThisWorkbook"
    wide = name.decode().encode("utf-16-le")
    return b"".join(
        (
            record(0x01, struct.pack("<I", 1)),
            record(0x02, struct.pack("<I", 0x804)),
            record(0x14, struct.pack("<I", 0x804)),
            record(0x03, struct.pack("<H", 936)),
            record(0x04, b"VBAProject"),
            record(0x05, b"") + record(0x40, b""),
            record(0x06, b"") + record(0x3D, b""),
            record(0x07, struct.pack("<I", 0)),
            record(0x08, struct.pack("<I", 0)),
            struct.pack("<HIIH", 0x09, 4, 1, 1),
            record(0x0C, b"") + record(0x3C, b""),
            record(0x0F, struct.pack("<H", 1)) + record(0x13, struct.pack("<H", 0xFFFF)),
            record(0x19, name) + record(0x47, wide) + record(0x1A, name) + record(0x32, wide),
            record(0x1C, b"") + record(0x48, b""),
            record(0x31, struct.pack("<I", 0)),
            record(0x1E, struct.pack("<I", 0)) + record(0x2C, struct.pack("<H", 0xFFFF)),
            record(0x22, b"") + record(0x2B, b""),
            record(0x10, b""),
        )
    )


def _compressed(data: bytes) -> bytes:
    """Return a compressed container in which every token is a literal (for up to 4096 bytes)."""
    tokens = b"".join(b"\0" + data[start : start + 8] for start in range(0, len(data), 8))
    return b"\x01" + struct.pack("<H", 0xB000 | len(tokens) + 2 - 3) + tokens


def _compound(streams: dict[str, bytes]) -> bytes:
    """Return a compound file of small streams, in the root or one folder ``VBA``; order and tree kept simple."""
    small = b""
    places: dict[str, tuple[int, int]] = {}
    mini_table: list[int] = []
    for name, content in streams.items():
        places[name] = (len(small) // _MINI, len(content))
        used = -(-len(content) // _MINI)
        mini_table += [*range(len(mini_table) + 1, len(mini_table) + used), _END]
        small += content.ljust(used * _MINI, b"\0")
    small_sectors = -(-len(small) // _SECTOR)
    # sectors: allocation table, directory (2), table of small sectors, the small streams themselves
    root = _entry("Root Entry", 5, (_NONE, _NONE, 1), (4, len(small)))
    entries = [
        root,
        _entry("VBA", 1, (_NONE, 5, 3), (0, 0)),
        _entry("_VBA_PROJECT", 2, (_NONE, _NONE, _NONE), places["VBA/_VBA_PROJECT"]),
        _entry("ThisWorkbook", 2, (4, 2, _NONE), places["VBA/ThisWorkbook"]),
        _entry("dir", 2, (_NONE, _NONE, _NONE), places["VBA/dir"]),
        _entry("PROJECT", 2, (_NONE, _NONE, _NONE), places["PROJECT"]),
        _entry("", 0, (_NONE, _NONE, _NONE), (0, 0)),
        _entry("", 0, (_NONE, _NONE, _NONE), (0, 0)),
    ]
    table = [_TABLE, 2, _END, _END, *range(5, 4 + small_sectors), _END]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<9I", 0, 1, 1, 0, 4096, 3, 1, _END, 0) + struct.pack("<109I", 0, *[_FREE] * 108)
    return b"".join(
        (
            header,
            struct.pack("<128I", *table, *[_FREE] * (128 - len(table))),
            b"".join(entries),
            struct.pack("<128I", *mini_table, *[_FREE] * (128 - len(mini_table))),
            small.ljust(small_sectors * _SECTOR, b"\0"),
        )
    )


def _entry(name: str, kind: int, tree: tuple[int, int, int], place: tuple[int, int]) -> bytes:
    wide = (name + "\0").encode("utf-16-le") if name else b""
    return struct.pack("<64sHBB3I16sI8s8sIQ", wide, len(wide), kind, 1, *tree, bytes(16), 0, bytes(8), bytes(8), *place)


__all__ = ["project"]
