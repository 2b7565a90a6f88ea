"""A form's sheet as it is packed: a long one in two pieces, so that units whose first rows differ share its later rows packed."""

from __future__ import annotations

from perfxl.package.zip_writer import Parted

_LONG = 65_536
_LATER = b'<row r="33"'
"""Where the later rows begin: what a roster prefills, and what follows from it, mostly stands above."""


def parted(sheet: bytes) -> bytes | Parted:
    """Return a sheet as it is packed; in how many pieces depends on what stands in it alone."""
    at = sheet.find(_LATER) if len(sheet) > _LONG else -1
    return sheet if at < 0 else Parted(sheet[:at], sheet[at:])


def is_parted(head: bytes, tail: bytes) -> bool:
    """Tell whether a sheet is packed in these two pieces."""
    return len(head) + len(tail) > _LONG and tail.startswith(_LATER) and _LATER not in head
