"""Which files a batch is made of: files and folders as given, each file once, under a name of its own."""

from __future__ import annotations

import os
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_SYSTEM_FILES = frozenset({"thumbs.db", "desktop.ini", ".ds_store"})
_LOCKS = ("~$", ".~", "._")
"""How the names begin that Office, LibreOffice and WPS give their locks, and macOS its side files."""


@dataclass(frozen=True, slots=True)
class Input:
    """A file of a batch: where it is, and its name in the results, relative and with ``/``."""

    path: Path
    name: str

    @property
    def passed_over(self) -> bool:
        """Whether it is a lock or a file of the operating system, which nobody meant to hand in (F11)."""
        name = self.path.name.lower()
        return name in _SYSTEM_FILES or name.startswith(_LOCKS)


def collect(paths: Sequence[Path], leave_out: Callable[[Path], bool] = lambda _: False) -> tuple[Input, ...]:
    """Return the files that paths stand for, in the order of their names within each path; a file comes once.

    A file is known by its own name, those of a folder by their place in it; of several folders each stands under its
    own name. ``leave_out`` tells which files and folders found in a folder do not belong to the batch. Raises
    FileNotFoundError for a path that is not there.
    """
    folders = [path for path in paths if path.is_dir()]
    roots = dict(zip(folders, _roots(folders), strict=True))
    seen: set[str] = set()
    found: list[Input] = []
    for path in paths:
        if path in roots:
            inputs = [
                Input(file, f"{roots[path]}{file.relative_to(path).as_posix()}") for file in _walk(path, leave_out)
            ]
        elif path.is_file():
            inputs = [Input(path, path.name)]
        else:
            raise FileNotFoundError(path)
        for each in inputs:
            real = os.path.realpath(each.path)
            if real not in seen:
                seen.add(real)
                found.append(each)
    return _distinct(found)


def same_name(name: str) -> str:
    """Return what two names have in common that are one on some disk: Windows and macOS ignore case, macOS composes."""
    return unicodedata.normalize("NFC", name).casefold()


def _roots(folders: Sequence[Path]) -> list[str]:
    if len(folders) < 2:
        return [""] * len(folders)
    return [f"{name}/" for name in _numbered([folder.resolve().name or "root" for folder in folders])]


def _walk(folder: Path, leave_out: Callable[[Path], bool]) -> Iterator[Path]:
    """Yield the files below a folder; links to folders are followed, each folder is entered once."""
    entered: set[str] = set()
    for at, below, names in os.walk(folder, followlinks=True):
        here = Path(at)
        real = os.path.realpath(here)
        if real in entered:
            below.clear()
            continue
        entered.add(real)
        below[:] = sorted(name for name in below if not leave_out(here / name))
        for name in sorted(names):
            path = here / name
            if path.is_file() and not leave_out(path):
                yield path


def _distinct(inputs: Sequence[Input]) -> tuple[Input, ...]:
    """Put files of equal name under their folders' names; number what is still equal."""
    counts = Counter(same_name(each.name) for each in inputs)
    names = [
        each.name if counts[same_name(each.name)] == 1 else f"{each.path.resolve().parent.name}/{each.path.name}"
        for each in inputs
    ]
    return tuple(Input(each.path, name) for each, name in zip(inputs, _numbered(names), strict=True))


def _numbered(names: Sequence[str]) -> list[str]:
    """Make names distinct: the second of equal ones gets ``-2`` before its suffix."""
    taken = {same_name(name) for name in names}
    used: set[str] = set()
    result = []
    for name in names:
        free, number = name, 1
        while same_name(free) in used or (number > 1 and same_name(free) in taken):
            number += 1
            stem, dot, suffix = name.rpartition(".")
            free = f"{stem}-{number}.{suffix}" if dot and stem else f"{name}-{number}"
        used.add(same_name(free))
        result.append(free)
    return result
