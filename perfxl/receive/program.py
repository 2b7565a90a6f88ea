"""What tells one perfxl from another: the hash of its own code."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path


@cache
def program_digest() -> str:
    """Return the hash of perfxl's own code: another version may read the same file otherwise."""
    hashed = hashlib.sha256()
    package = Path(__file__).resolve().parent.parent
    for number, (parts, path) in enumerate(sorted(_modules(str(package), ()))):
        with open(path, "rb") as file:  # noqa: PTH123 - five hundred of them
            hashed.update(b"\0" * bool(number) + "/".join(parts).encode() + file.read())
    return hashed.hexdigest()


def _modules(folder: str, above: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the modules below a folder, each with the names of what it lies in and its own."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _modules(entry.path, (*above, entry.name))
            elif entry.name.endswith(".py"):
                yield (*above, entry.name), entry.path
