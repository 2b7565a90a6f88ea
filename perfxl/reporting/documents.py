"""The documents of submissions on the disk: where an import, or whoever moved its results, has put them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from perfxl.outputs import reachable

_SUFFIX = ".json"


def documents(folder: Path, unlisted: Callable[[OSError], None]) -> Iterator[Path]:
    """Yield the JSON files in a folder and all below it, by name; those whose names begin with a dot are not meant.

    ``unlisted`` is told of each folder that cannot be opened; links to folders are not followed.
    """
    start = reachable(folder)
    found = [
        folder / Path(root).relative_to(start) / name
        for root, _, names in os.walk(start, onerror=unlisted)
        for name in names
        if name.lower().endswith(_SUFFIX) and not name.startswith(".")
    ]
    yield from sorted(path for path in found if reachable(path).is_file())
