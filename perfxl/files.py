"""Files as a caller gives them: where they lie, what is in them, or opened."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO, TypeAlias

from perfxl.outputs import reachable

File: TypeAlias = Path | str | bytes | BinaryIO
"""A path, the bytes of a file, or a file opened for reading bytes."""


def contents(file: File) -> bytes:
    """Return a file's bytes; of an open one what is still unread. Raises OSError, TypeError for a file opened as text."""
    if isinstance(file, bytes | bytearray | memoryview):
        return bytes(file)
    if isinstance(file, str | os.PathLike):
        return reachable(Path(file)).read_bytes()
    data = file.read()
    if not isinstance(data, bytes):
        raise TypeError('文件要按二进制打开：open(…, "rb")')
    return data


def name_of(file: File) -> str:
    """Return a file's name without its folders; "" where only its bytes are known."""
    path = file if isinstance(file, str | os.PathLike) else getattr(file, "name", "")
    return Path(path).name if isinstance(path, str | os.PathLike) else ""
