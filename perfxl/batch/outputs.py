"""What a batch writes: the names of the outputs, and writing that leaves no half a file behind."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath

from perfxl.batch.inputs import Input, same_name

FINDINGS = "findings.csv"
SUMMARY = "summary.json"
JOURNAL = ".perfxl.json"
_OF_THE_BATCH = frozenset({FINDINGS, SUMMARY, JOURNAL})
_MARKED = re.compile(r"\.marked\.xls[xm]$", re.IGNORECASE)
MARKED_SUFFIXES = (".marked.xlsx", ".marked.xlsm")


def stems(inputs: Sequence[Input]) -> dict[Input, str]:
    """Return what the outputs of each input are called, without ``.json`` and ``.marked.xlsx``; all are distinct.

    The input's name without its suffix, a marked copy's without ``.marked``; where that would be one name for two, each
    keeps its suffix.
    """
    short = {each: _stem(each.name) for each in inputs}
    counts = Counter(same_name(stem) for stem in short.values())
    counts.update(same_name(name.removesuffix(".json")) for name in _OF_THE_BATCH)
    found: dict[Input, str] = {}
    taken: set[str] = set()
    for each, stem in sorted(short.items(), key=lambda pair: counts[same_name(pair[1])] > 1):
        free = stem if counts[same_name(stem)] == 1 else each.name
        number = 1
        while same_name(free) in taken:
            number += 1
            free = f"{each.name}-{number}"
        taken.add(same_name(free))
        found[each] = free
    return found


def _stem(name: str) -> str:
    marked = _MARKED.sub("", name)
    return marked if marked != name else str(PurePosixPath(name).with_suffix(""))


def candidates(stem: str) -> Iterator[str]:
    """Yield the names of all files that an input may give."""
    yield f"{stem}.json"
    for suffix in MARKED_SUFFIXES:
        yield f"{stem}{suffix}"


def overwritten(output: Path, names: Iterable[str], inputs: Iterable[Input]) -> list[Path]:
    """Return the inputs that outputs of some names would replace, whatever way leads to them."""
    held = {_identity(each.path): each.path for each in inputs}
    files = (output / name for name in (*names, *sorted(_OF_THE_BATCH)))
    return [held[identity] for file in files if file.exists() and (identity := _identity(file)) in held]


def _identity(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_dev, status.st_ino


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that under its name there is the old one or the new one, whole. Raises OSError.

    What a killed run leaves behind is overwritten by the next one: the name beside it is always the same.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{digest(path.name.encode(errors='surrogatepass'))[:16]}.part")
    try:
        beside.write_bytes(data)
        beside.replace(path)
    except OSError:
        with suppress(OSError):
            beside.unlink()
        raise


def digest(data: bytes) -> str:
    """Return the SHA-256 of some bytes, in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def unchanged(output: Path, recorded: Mapping[str, str]) -> bool:
    """Tell whether all recorded files are there with the recorded content (SHA-256 by name)."""
    try:
        return all(digest((output / name).read_bytes()) == content for name, content in recorded.items())
    except OSError:
        return False
