"""What an output folder says of the runs that wrote into it, so that a later one goes on where they stopped.

A line is added before the results that it tells of are written. A result counts as done when it is there with the very
bytes that its line tells of; a damaged journal is therefore worth nothing, and harms nothing.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import asdict

from perfxl.outputs import JOURNAL, reachable, write_whole

_LONGEST = 32_000_000
"""Bytes that are read of a journal: those of 70,000 returns. Nothing stops anybody from making a larger one."""
_PLAIN = re.compile(r"[^/:\\\x00-\x1f\ud800-\udfff][^:\\\x00-\x1f\ud800-\udfff]*")
"""A name as results have them: relative, nothing in it that a file system would not take."""


class JournalEntry(Struct, frozen=True):
    """What became of one input.

    ``name`` and ``sha256`` are the input's, ``asked`` sums up with what it was read. ``document`` and ``marked`` are its
    results relative to the folder, each with its hash; "" where there is none.
    """

    name: str
    sha256: str
    asked: str
    document: str
    document_sha256: str
    marked: str = ""
    marked_sha256: str = ""

    @property
    def results(self) -> Mapping[str, str]:
        """The hash of each result by its name."""
        pairs = ((self.document, self.document_sha256), (self.marked, self.marked_sha256))
        return {name: digest for name, digest in pairs if name}


class Journal(Struct):
    """The journal of one output folder: ``entries`` by input, the last one each; ``written`` has the hashes by result."""

    folder: Path
    entries: dict[str, JournalEntry] = field(default_factory=dict)
    written: dict[str, set[str]] = field(default_factory=dict)
    _ends_torn: bool = False

    @classmethod
    def of(cls, folder: Path) -> Journal:
        """Read the journal of a folder as far as it can be read; where there is none it is empty."""
        journal = cls(folder)
        try:
            with reachable(folder / JOURNAL).open("rb") as file:
                data = file.read(_LONGEST)
        except OSError:
            return journal
        for line in data.splitlines():
            entry = _entry(line)
            if entry is not None:
                journal._take(entry)
        journal._ends_torn = not data.endswith(b"\n")
        return journal

    def add(self, entry: JournalEntry) -> None:
        """Tell of results that are about to be written. Raises OSError."""
        if self.entries.get(entry.name) == entry:
            return
        path = reachable(self.folder / JOURNAL)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab") as file:
            file.write(b"\n" * self._ends_torn + _line(entry))
        self._ends_torn = False
        self._take(entry)

    def done(self, entry: JournalEntry) -> bool:
        """Tell whether all results of an entry are there as it has them."""
        return all(hashed(self.folder / name) == digest for name, digest in entry.results.items())

    def wrote(self, name: str) -> bool:
        """Tell whether the file at a name is one that perfxl wrote and nobody has touched since."""
        return name in self.written and hashed(self.folder / name) in self.written[name]

    def close(self) -> None:
        """Keep one line for each input, in the order of their names. Raises OSError."""
        lines = b"".join(_line(entry) for _, entry in sorted(self.entries.items()))
        write_whole(self.folder / JOURNAL, lines)

    def _take(self, entry: JournalEntry) -> None:
        self.entries[entry.name] = entry
        for name, digest in entry.results.items():
            self.written.setdefault(name, set()).add(digest)


def hashed(path: Path) -> str | None:
    """Return the hash of a file's bytes, None where it cannot be read."""
    try:
        with reachable(path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):  # ValueError: a name that no file can have
        return None


def _line(entry: JournalEntry) -> bytes:
    return json.dumps(asdict(entry), ensure_ascii=True).encode() + b"\n"


def _entry(line: bytes) -> JournalEntry | None:
    try:
        entry = JournalEntry(**json.loads(line))
    except (ValueError, TypeError, RecursionError):
        return None
    values = asdict(entry).values()
    safe = all(isinstance(value, str) for value in values) and all(map(_below, entry.results))
    return entry if safe else None


def _below(name: str) -> bool:
    """Tell whether a name stays below the folder: a journal is only a file, and anybody may have written it."""
    return name == "" or (_PLAIN.fullmatch(name) is not None and ".." not in name.split("/"))
