"""Where results go: names below the output folder, and writing that leaves whole files only."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

MARKED = ".marked"


@dataclass(frozen=True, slots=True)
class Input:
    """A returned file: where it is, and its name in results, relative and with ``/``."""

    path: Path
    name: str


def stems(inputs: Sequence[Input]) -> list[str]:
    """Return the name of each input's results without suffix.

    ``a.xlsx`` and ``a.marked.xlsx`` give ``a``; where two inputs would give one name, each keeps its suffix, and where
    that is not enough a number tells them apart.
    """
    plain = [_stem(item.name) for item in inputs]
    twice = {name for name, count in Counter(map(str.casefold, plain)).items() if count > 1}
    kept = [item.name if stem.casefold() in twice else stem for item, stem in zip(inputs, plain, strict=True)]
    taken: set[str] = set()
    found = []
    for name in kept:
        own, number = name, 1
        while own.casefold() in taken:
            number += 1
            own = f"{name}.{number}"
        taken.add(own.casefold())
        found.append(own)
    return found


def _stem(name: str) -> str:
    path = PurePosixPath(name)
    own = path.name[: -len(path.suffix)] if path.suffix else path.name
    return (path.parent / (own.removesuffix(MARKED) or own)).as_posix()


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".perfxl-", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        # mkstemp makes files that only their owner reads: results are as readable as any other file.
        mask = os.umask(0)
        os.umask(mask)
        Path(temporary).chmod(0o666 & ~mask)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
