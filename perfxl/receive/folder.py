"""The output folder: results written as they come, what is there already not written again."""

from __future__ import annotations

import errno
import hashlib
import itertools
import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path, PurePosixPath

from perfxl import __version__
from perfxl.model.error import Error
from perfxl.outputs import JOURNAL, MARKED, reachable, real, sweep, write_whole
from perfxl.receive.examine import Examined
from perfxl.receive.history import History
from perfxl.receive.inputs import Input
from perfxl.receive.journal import Journal, JournalEntry
from perfxl.receive.naming import DOCUMENT, FINDINGS, MARKED_SUFFIXES, REPORT, SUMMARY, stems
from perfxl.receive.program import program_digest
from perfxl.receive.request import Request


class WouldOverwriteError(Error):
    """A result would take the place of a file that was handed in, whose ``path`` it has."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.path = path

    def __str__(self) -> str:
        return f"结果会覆盖交回的文件“{self.path}”，请另选一个文件夹"


class Folder:
    """A shelf on the disk, with a journal of what it holds."""

    def __init__(
        self, output: Path, inputs: Sequence[Input], request: Request, journal: Journal, *, force: bool
    ) -> None:
        """Take an output folder. Raises WouldOverwriteError."""
        self.output = output
        self.journal = journal
        self._inputs = inputs
        self._asked = asked_digest(request)
        self._force = force
        self._stems = self._named()
        self._marks: dict[int, str] = {}
        self._inside: set[Path] = set()
        self._history = History(output, {"perfxl": __version__, "program": program_digest()})
        self._refuse_overwriting()

    def _named(self) -> list[str]:
        """Name the results of each input; one that has results here already keeps their names."""
        own = {item.name for item in self._inputs}
        before = [self._stem_before(item.name) for item in self._inputs]
        others = (self._stem_before(name) for name in self.journal.names if name not in own)
        return stems([item.result for item in self._inputs], before, others)

    def _stem_before(self, name: str) -> str:
        """Return how the results of an input were called by an earlier run, "" where there was none."""
        entry = self.journal.entry(name)
        return "" if entry is None else entry.document.removesuffix(DOCUMENT)

    def _refuse_overwriting(self) -> None:
        """See that no return lies where a result goes; a marked copy makes way for one that was corrected there."""
        handed_in = _Returns(self._inputs)
        for number, stem in enumerate(self._stems):
            names = _marked_names(stem)
            taken = [name for name in (f"{stem}{DOCUMENT}", *names) if self.output / name in handed_in]
            if taken and (taken[0] not in names or self._inputs[number].name not in self.journal.names):
                raise WouldOverwriteError(self.output / taken[0])
            if taken:
                self._marks[number] = self._another(number, handed_in)

    def _another(self, number: int, handed_in: _Returns) -> str:
        """Return the name of a marked copy whose own place has been taken."""
        stem, suffix = self._stems[number], PurePosixPath(self._inputs[number].result).suffix
        taken = {name for other in (*self._stems, *self._marks.values()) for name in _marked_names(other)}
        for count in itertools.count(1):
            own = f"{stem}{suffix}" + (f".{count}" if count > 1 else "")
            names = _marked_names(own)
            if taken.isdisjoint(names) and not any(self.output / name in handed_in for name in names):
                break
        return own

    def kept(self, number: int) -> bytes | None:
        entry = self.journal.entry(self._inputs[number].name)
        if self._force or entry is None or not entry.sha256 or entry.asked != self._asked:
            return None
        marked = {"", *_marked_names(self._marks.get(number, self._stems[number]))}
        here = entry.document == f"{self._stems[number]}{DOCUMENT}" and entry.marked in marked
        return self.get(number) if here and self.journal.done(entry) else None

    def put(self, number: int, outcome: Examined) -> None:
        name, stem = self._inputs[number].name, self._stems[number]
        entry = JournalEntry(
            name=name,
            sha256=outcome.sha256,
            asked=self._asked if outcome.final else "",
            document=f"{stem}{DOCUMENT}",
            document_sha256=_hash(outcome.document),
            marked=f"{self._marks.get(number, stem)}{MARKED}.{outcome.suffix}" if outcome.marked is not None else "",
            marked_sha256=_hash(outcome.marked) if outcome.marked is not None else "",
        )
        before = self.journal.entry(name)
        self.journal.add(entry)
        for old in before.results.keys() - entry.results.keys() if before else ():
            if self.journal.wrote(old):
                reachable(self._place(old)).unlink(missing_ok=True)
        if outcome.marked is not None:
            write_whole(self._place(entry.marked), outcome.marked)
        write_whole(self._place(entry.document), outcome.document)
        self._history.add(entry)

    def _place(self, name: str) -> Path:
        """Return where a result goes. Raises OSError where a link leads out of the folder."""
        place = self.output / name
        if place.parent not in self._inside:
            if not real(place.parent).is_relative_to(real(self.output)):
                raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(place.parent))
            self._inside.add(place.parent)
        return place

    def amend(self, number: int, document: bytes) -> None:
        before = self._entry(number)
        entry = JournalEntry(
            name=before.name,
            sha256=before.sha256,
            asked=before.asked,
            document=before.document,
            document_sha256=_hash(document),
            marked=before.marked,
            marked_sha256=before.marked_sha256,
        )
        self.journal.add(entry)
        write_whole(self._place(entry.document), document)
        self._history.add(entry)

    def get(self, number: int) -> bytes:
        return reachable(self.output / f"{self._stems[number]}{DOCUMENT}").read_bytes()

    def names(self, number: int) -> tuple[str, str]:
        entry = self._entry(number)
        return entry.document, entry.marked

    def _entry(self, number: int) -> JournalEntry:
        """Return what the journal says of an input whose results are here. Raises OSError where it has lost it."""
        entry = self.journal.entry(self._inputs[number].name)
        if entry is None:
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(self.output / JOURNAL))
        return entry

    @property
    def folder(self) -> Path:
        return self.output

    @property
    def others(self) -> int:
        """How many files of earlier runs have results here that are none of this run's."""
        return len(set(self.journal.names) - {item.name for item in self._inputs})

    def close(self) -> None:
        """Put the journal in order, log the run and sweep up what a killed one left. Raises OSError."""
        self.journal.close()
        self._history.close((FINDINGS, SUMMARY, REPORT))
        sweep({self.output, *((self.output / stem).parent for stem in self._stems)})


class _Returns:
    """Where the returns lie: of most piles nobody asks, for nothing lies where a result goes."""

    def __init__(self, inputs: Sequence[Input]) -> None:
        self._inputs = inputs

    def __contains__(self, path: Path) -> bool:
        """Tell whether what lies at a path is a return."""
        return os.path.lexists(reachable(path)) and real(path) in self._places

    @cached_property
    def _places(self) -> frozenset[Path]:
        return frozenset(real(item.path) for item in self._inputs if isinstance(item.path, Path))


def _marked_names(stem: str) -> list[str]:
    return [f"{stem}{MARKED}.{suffix}" for suffix in MARKED_SUFFIXES]


def asked_digest(request: Request) -> str:
    """Return the hash of all that a file's results depend on besides its bytes: perfxl itself, and what is asked for."""
    return _hash(f"{program_digest()} {request.digest()}".encode())


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
