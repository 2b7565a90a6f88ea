"""What an output folder says of the runs that wrote into it, so that a later one goes on where they stopped.

A line is added before the results that it tells of are written. A result counts as done when it is there with the very
bytes that its line tells of; a damaged journal is therefore worth nothing, and harms nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct
from msgspec.structs import asdict

from perfxl.model.regex import deferred
from perfxl.outputs import JOURNAL, reachable, writing_whole

OWN, FOREIGN = 500_000_000, 32_000_000
"""Bytes that are read of the journal of the folder that results go to, those of a million returns, and of one that lies
among the returns: nothing stops anybody from making a larger one."""
_LONGEST_LINE = 100_000
"""Bytes of a line: names are no longer than paths."""
_PLAIN = deferred(r"[^/:\\\x00-\x1f\ud800-\udfff][^:\\\x00-\x1f\ud800-\udfff]*")
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


class Journal:
    """The journal of one output folder: of each input the last line counts, and stays in the file until it is asked for."""

    def __init__(self, folder: Path, most: int) -> None:
        self.folder = folder
        self._path = reachable(folder / JOURNAL)
        self._begins: dict[str, int] = {}
        """Where the last line of each input begins."""
        self._written: set[bytes] | None = None
        """The marks of all results that lines tell of, once somebody has asked for one."""
        self._most = most
        self._ends_torn = is_torn(self._path)

    @classmethod
    def of(cls, folder: Path, most: int = FOREIGN) -> Journal:
        """Read so many bytes of the journal of a folder, as far as they can be read; where there is none it is empty."""
        journal = cls(folder, most)
        for begin, line in journal._lines():
            entry = _entry(line)
            if entry is not None:
                journal._begins[entry.name] = begin
        return journal

    @property
    def names(self) -> Iterable[str]:
        """The inputs that it has a line of."""
        return self._begins.keys()

    def entry(self, name: str) -> JournalEntry | None:
        """Return what the last line of an input says, None where there is none, or none any more."""
        begin = self._begins.get(name)
        if begin is None:
            return None
        try:
            with self._path.open("rb") as file:
                file.seek(begin)
                entry = _entry(file.readline(_LONGEST_LINE))
        except OSError:
            return None
        return entry if entry is not None and entry.name == name else None

    def add(self, entry: JournalEntry) -> None:
        """Tell of results that are about to be written. Raises OSError."""
        if self.entry(entry.name) == entry:
            return
        line = _line(entry)
        with self._opened_at_its_end() as file:
            file.write(b"\n" * self._ends_torn + line)
            end = file.tell()
        self._ends_torn = False
        self._begins[entry.name] = end - len(line)
        if self._written is not None:
            self._written.update(_marks(entry))

    def done(self, entry: JournalEntry) -> bool:
        """Tell whether all results of an entry are there as it has them."""
        return all(hashed(self.folder / name) == digest for name, digest in entry.results.items())

    def wrote(self, name: str) -> bool:
        """Tell whether the file at a name is one that perfxl wrote and nobody has touched since."""
        if self._written is None:
            entries = (_entry(line) for _, line in self._lines())
            self._written = {mark for entry in entries if entry is not None for mark in _marks(entry)}
        digest = hashed(self.folder / name)
        return digest is not None and _mark(name, digest) in self._written

    def close(self) -> None:
        """Keep one line for each input, in the order of their names. Raises OSError."""
        begins: dict[str, int] = {}
        with writing_whole(self.folder / JOURNAL) as file:
            for name in sorted(self._begins):
                entry = self.entry(name)
                if entry is not None:
                    begins[name] = file.tell()
                    file.write(_line(entry))
        self._begins = begins

    def _opened_at_its_end(self) -> BinaryIO:
        try:
            return self._path.open("ab")
        except FileNotFoundError:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            return self._path.open("ab")

    def _lines(self) -> Iterator[tuple[int, bytes]]:
        """Yield the lines of the file, each with the place where it begins."""
        try:
            with self._path.open("rb") as file:
                begin = 0
                while begin < self._most and (line := file.readline(_LONGEST_LINE)):
                    yield begin, line
                    begin += len(line)
        except OSError:
            return


def hashed(path: Path) -> str | None:
    """Return the hash of a file's bytes, None where it cannot be read."""
    try:
        with reachable(path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):  # ValueError: a name that no file can have
        return None


def is_torn(path: Path) -> bool:
    """Tell whether a run that was killed left half a line at the end of a file."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(size - 1, 0))
            return size > 0 and file.read(1) != b"\n"
    except OSError:
        return False


def _marks(entry: JournalEntry) -> Iterator[bytes]:
    return (_mark(name, digest) for name, digest in entry.results.items())


def _mark(name: str, digest: str) -> bytes:
    """Return what a result with its bytes is known by, shorter than both: of those of a large pile there are very many."""
    return hashlib.sha256(f"{digest} {name}".encode(errors="surrogatepass")).digest()[:16]


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
