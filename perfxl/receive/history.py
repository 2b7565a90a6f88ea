"""What was imported when, by which version, from which bytes to which: a log beside the results that is only added to.

It is the one file of an output folder with a time in it; everything else depends on nothing but what was imported.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from perfxl.outputs import HISTORY, reachable
from perfxl.receive.journal import JournalEntry, hashed, is_torn


class History:
    """The log of one output folder; ``program`` is the version that runs and the hash of its code."""

    def __init__(self, folder: Path, program: Mapping[str, str]) -> None:
        self._folder = folder
        self._program = program
        self._files = 0
        self._torn = is_torn(reachable(folder / HISTORY))

    def add(self, entry: JournalEntry) -> None:
        """Add the results of one file, which are there by now. Raises OSError."""
        self._files += 1
        self._write({"file": entry.name, "sha256": entry.sha256 or None, "results": dict(entry.results)})

    def close(self, about_all: Iterable[str]) -> None:
        """Add the end of a run, with its files about the whole pile. Raises OSError."""
        results = {name: hashed(self._folder / name) for name in about_all}
        self._write({"files": self._files, "results": results})

    def _write(self, line: Mapping[str, object]) -> None:
        now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        text = json.dumps({"at": now, **self._program, **line}, ensure_ascii=True)
        with reachable(self._folder / HISTORY).open("ab") as file:
            file.write(b"\n" * self._torn + text.encode() + b"\n")
        self._torn = False
