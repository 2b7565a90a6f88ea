"""What is asked of a zip file before anything in it is inflated: packages and archives of returns alike."""

from __future__ import annotations

import struct
import zipfile
from typing import Final

from perfxl.package.limits import Limits

BROKEN: Final = (
    zipfile.BadZipFile,
    struct.error,
    ValueError,
    OverflowError,
    NotImplementedError,
    EOFError,
    LookupError,
)
"""What zipfile raises on a directory that lies."""
_ENCRYPTED = 0x1 | 0x40
_RATIO_MATTERS = 1_000_000
"""Bytes from which on it matters how tightly something is packed: settings of printers are small, nearly all zeros."""
_DOCUMENTS: Final = frozenset(
    {"[content_types].xml", "xl/workbook.xml", "xl/workbook.bin", "mimetype", "meta-inf/manifest.xml", "content.xml"}
)


def is_encrypted(info: zipfile.ZipInfo) -> bool:
    """Tell whether a member has a password."""
    return bool(info.flag_bits & _ENCRYPTED)


def is_bomb(info: zipfile.ZipInfo, limits: Limits) -> bool:
    """Tell whether a member claims to become larger than anything sensible does."""
    return info.file_size >= _RATIO_MATTERS and info.file_size > limits.max_ratio * max(info.compress_size, 1)


def part_name(name: str) -> str:
    """Return a member's name as a part's: some writers use backslashes or begin with a slash."""
    return name.replace("\\", "/").lstrip("/")


def is_document(names: list[str]) -> bool:
    """Tell by the names of its members whether a zip file is a workbook or a document, whatever its suffix."""
    return any(part_name(name).lower() in _DOCUMENTS for name in names)
