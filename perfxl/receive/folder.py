"""The output folder: results written as they come, what is there already not written again."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from perfxl.model.error import Error
from perfxl.outputs import MARKED, reachable, real, stems, sweep, write_whole
from perfxl.receive.examine import Outcome
from perfxl.receive.inputs import Input
from perfxl.receive.journal import Entry, Journal
from perfxl.receive.request import Request

SUFFIXES = ("xlsx", "xlsm")


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
        self._stems = stems([item.result for item in inputs])
        self._refuse_overwriting()

    def _refuse_overwriting(self) -> None:
        handed_in = {real(item.path) for item in self._inputs}
        for stem in self._stems:
            for name in (f"{stem}.json", *(f"{stem}{MARKED}.{suffix}" for suffix in SUFFIXES)):
                if real(self.output / name) in handed_in:
                    raise WouldOverwriteError(self.output / name)

    def kept(self, number: int) -> bytes | None:
        entry = self.journal.entries.get(self._inputs[number].name)
        if self._force or entry is None or not entry.sha256 or entry.asked != self._asked:
            return None
        marked = {"", *(f"{self._stems[number]}{MARKED}.{suffix}" for suffix in SUFFIXES)}
        here = entry.document == f"{self._stems[number]}.json" and entry.marked in marked
        return self.get(number) if here and self.journal.done(entry) else None

    def put(self, number: int, outcome: Outcome) -> None:
        name, stem = self._inputs[number].name, self._stems[number]
        entry = Entry(
            name=name,
            sha256=outcome.sha256,
            asked=self._asked if outcome.final else "",
            document=f"{stem}.json",
            document_sha256=_hash(outcome.document),
            marked=f"{stem}{MARKED}.{outcome.suffix}" if outcome.marked is not None else "",
            marked_sha256=_hash(outcome.marked) if outcome.marked is not None else "",
        )
        before = self.journal.entries.get(name)
        self.journal.add(entry)
        for old in before.results.keys() - entry.results.keys() if before else ():
            if self.journal.wrote(old):
                reachable(self.output / old).unlink(missing_ok=True)
        if outcome.marked is not None:
            write_whole(self.output / entry.marked, outcome.marked)
        write_whole(self.output / entry.document, outcome.document)

    def amend(self, number: int, document: bytes) -> None:
        before = self.journal.entries[self._inputs[number].name]
        entry = Entry(
            name=before.name,
            sha256=before.sha256,
            asked=before.asked,
            document=before.document,
            document_sha256=_hash(document),
            marked=before.marked,
            marked_sha256=before.marked_sha256,
        )
        self.journal.add(entry)
        write_whole(self.output / entry.document, document)

    def get(self, number: int) -> bytes:
        return reachable(self.output / f"{self._stems[number]}.json").read_bytes()

    def names(self, number: int) -> tuple[str, str]:
        entry = self.journal.entries[self._inputs[number].name]
        return entry.document, entry.marked

    @property
    def others(self) -> int:
        """How many files of earlier runs have results here that are none of this run's."""
        return len(self.journal.entries.keys() - {item.name for item in self._inputs})

    def close(self) -> None:
        """Put the journal in order and sweep up what a killed run left. Raises OSError."""
        self.journal.close()
        sweep({self.output, *((self.output / stem).parent for stem in self._stems)})


def asked_digest(request: Request) -> str:
    """Return the hash of all that a file's results depend on besides its bytes: perfxl itself, and what is asked for."""
    return _hash(f"{_program()} {request.digest()}".encode())


@cache
def _program() -> str:
    """The hash of perfxl's own code: another version may read the same file otherwise."""
    package = Path(__file__).resolve().parent.parent
    code = [path.relative_to(package).as_posix().encode() + path.read_bytes() for path in sorted(package.rglob("*.py"))]
    return _hash(b"\0".join(code))


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
