"""What is done already: a small file among the outputs, so that a run can be started again and goes on."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from perfxl.batch.inputs import Input
from perfxl.batch.outputs import JOURNAL, digest, unchanged, write_whole
from perfxl.batch.work import Outcome
from perfxl.model.form import Form
from perfxl.pipeline import Asked

_VERSION = 1
_SECONDS_BETWEEN_SAVES = 1.0


def fingerprint(forms: Mapping[str, Form], asked: Asked) -> str:
    """Return what results hang on besides the file itself: perfxl, the definitions, what was asked for."""
    try:
        own = version("perfxl")
    except PackageNotFoundError:  # run from a folder, without being installed
        own = ""
    parts = [own, repr(asked), *(f"{form.id}:{form.digest}" for form in forms.values())]
    return digest("\n".join(parts).encode())


@dataclass(frozen=True, slots=True)
class _Entry:
    """One input that is done: the SHA-256 of its content and of what was written for it, and the fingerprint."""

    content: str
    fingerprint: str
    written: Mapping[str, str]


@dataclass(slots=True)
class Journal:
    """The inputs that are done, by name, and the files of the whole batch; kept in the output folder."""

    output: Path
    entries: dict[str, _Entry] = field(default_factory=dict)
    batch: dict[str, str] = field(default_factory=dict)
    saved: float = 0.0

    @classmethod
    def load(cls, output: Path) -> Journal:
        """Return the journal of an output folder; one that is missing or damaged is empty, and all is done anew."""
        journal = cls(output)
        with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
            tree = json.loads((output / JOURNAL).read_text("utf-8"))
            if tree["perfxl"] == _VERSION:
                entries = {
                    str(name): _Entry(entry["content"], entry["fingerprint"], dict(entry["written"]))
                    for name, entry in tree["inputs"].items()
                }
                journal.batch = dict(tree["batch"])
                journal.entries = entries
        return journal

    def save(self) -> None:
        """Write the journal. Raises OSError."""
        inputs = {
            name: {"content": entry.content, "fingerprint": entry.fingerprint, "written": dict(entry.written)}
            for name, entry in sorted(self.entries.items())
        }
        tree = {"perfxl": _VERSION, "batch": dict(sorted(self.batch.items())), "inputs": inputs}
        write_whole(self.output / JOURNAL, json.dumps(tree, ensure_ascii=False, indent=1).encode(errors="replace"))
        self.saved = time.monotonic()

    def is_own(self, path: Path) -> bool:
        """Tell whether a file was written by an earlier run and is as it was: it is a result then, no return."""
        if path.name == JOURNAL:
            return True
        try:
            name = path.resolve().relative_to(self.output.resolve()).as_posix()
        except ValueError:
            return False
        recorded = self.batch.get(name) or next(
            (entry.written[name] for entry in self.entries.values() if name in entry.written), None
        )
        return recorded is not None and unchanged(self.output, {name: recorded})

    def find(self, each: Input, stem: str, key: str) -> Outcome | None:
        """Return the outcome of an input that is done, its outputs still there as they were written; None else."""
        entry = self.entries.get(each.name)
        document = f"{stem}.json"
        if entry is None or entry.fingerprint != key or document not in entry.written:
            return None
        try:
            content = digest(each.path.read_bytes())
            if content != entry.content or not unchanged(self.output, entry.written):
                return None
            return Outcome(each, (self.output / document).read_bytes(), content, entry.written)
        except OSError:
            return None

    def note(self, outcome: Outcome, key: str) -> None:
        """Enter what is done, and save from time to time. Raises OSError."""
        if not outcome.written or not outcome.content:
            self.entries.pop(outcome.input.name, None)
            return
        self.entries[outcome.input.name] = _Entry(outcome.content, key, outcome.written)
        if time.monotonic() - self.saved > _SECONDS_BETWEEN_SAVES:
            self.save()

    def outdated(self, stems: Mapping[Input, str]) -> list[Path]:
        """Return files of earlier runs that their inputs now give under another name, unchanged since."""
        now = {f"{stem}.json" for stem in stems.values()}
        found = []
        for each, stem in stems.items():
            entry = self.entries.get(each.name)
            if entry is None or f"{stem}.json" in entry.written:
                continue
            gone = {name: content for name, content in entry.written.items() if name not in now}
            found += [self.output / name for name in gone if unchanged(self.output, {name: gone[name]})]
        return found
