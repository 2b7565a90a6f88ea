"""Structured fuzzing, as a command: ``python tests/fuzz.py returns --count 10000``, ``parts --count 500000``.

``returns`` are whole files (:mod:`support.structured`, :mod:`support.hostile`), each read, checked and marked by a watched
worker as a return is; every ``--batch`` of them some are laid into a folder and imported by the command that a clerk uses.
``parts`` are archives, records of marks, dates, sheets, values, findings, journals and names by themselves
(:mod:`support.forged`), each tried on what reads it.

What must hold of each: there is an outcome, by a finding and never by a traceback; no process takes more memory than it
may; every sheet is a form, is spoken of, or is one of ours; what is marked reads as it did; a batch has its report, names
every file, and writes nowhere else. Ends with 1 where something did not, naming the numbers that show it. The same seed
and number make the same input: ``--first N`` goes on where another run ended, ``--first N --count 1`` shows one again.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TypeAlias

from perfxl.align.own_sheets import is_own
from perfxl.align.recognise import ACCEPT, rank
from perfxl.marks.error_list import is_finding_list
from perfxl.model.finding import Finding
from perfxl.model.grid import Book
from perfxl.package.limits import DEFAULT
from perfxl.readers.book import read_book
from perfxl.receive.archive import extract, unpack
from perfxl.receive.examine import Examined, examined
from perfxl.receive.request import Request
from perfxl.receive.run import Job, Lost, run
from perfxl.rules.budget import IN_ALL
from perfxl.rules.catalog import CATALOG
from perfxl.workers import Workers
from support.forged import KINDS
from support.structured import made

try:
    import resource
except ModuleNotFoundError:  # Windows: there memory is not measured, and no batches are tried
    resource = None  # type: ignore[assignment]

ROOT = Path(__file__).resolve().parent.parent
REQUEST = Request()
MAIN_MEMORY, WORKER_MEMORY = 300_000_000, 1_000_000_000
_EXTRA = 300
"""Findings beyond the budget that say how many more there are."""


@dataclass(slots=True)
class Seen:
    """What came of some inputs: how many of each kind, what is wrong, codes, the memory of the worker, the longest."""

    kinds: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    codes: set[str] = field(default_factory=set)
    memory: int = 0
    slowest: float = 0.0

    @contextmanager
    def of(self, number: int, kind: str) -> Iterator[list[str]]:
        """Try an input; the work says what is wrong with what came of it."""
        wrong: list[str] = []
        begin = time.monotonic()
        try:
            yield wrong
        except (MemoryError, RecursionError):
            raise
        except Exception:  # noqa: BLE001 - whatever it is, the next input is tried
            wrong.append(f"a traceback: {traceback.format_exc()[-800:]}")
        self.kinds[kind] += 1
        self.wrong += [f"{number} ({kind}): {one}" for one in wrong]
        self.slowest = max(self.slowest, time.monotonic() - begin)
        self.memory = _bytes(resource.getrusage(resource.RUSAGE_SELF)) if resource else 0


def try_returns(numbers: range, seed: int) -> Seen:
    """Make whole returns, read, check and mark them, and look at what came of it."""
    seen = Seen()
    for number in numbers:
        kind, suffix, data = made(number, seed)
        with seen.of(number, kind) as wrong:
            for name, content in _unpacked(data) if suffix == ".zip" else ((f"a{suffix}", data),):
                outcome = examined(REQUEST, name, content)
                found, said = _wrong(outcome, content)
                wrong.extend(found)
                seen.codes.update(said)
    return seen


def try_parts(numbers: range, seed: int) -> Seen:
    """Make single parts, each for what reads it."""
    seen = Seen()
    for number in numbers:
        rng = Random(f"{seed} {number}")
        kind = rng.choice(list(KINDS))
        with seen.of(number, kind) as wrong:
            wrong.extend(KINDS[kind](rng))
    return seen


def _bytes(usage: resource.struct_rusage) -> int:
    """Return the most memory that a process has had."""
    return usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def _unpacked(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield what an archive holds, as the import would read it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.zip"
        path.write_bytes(data)
        entries = unpack(path, DEFAULT)
        if entries is None:
            yield "a.zip", data
        for entry in entries or ():
            content = extract(path, entry.slices) if entry.slices and not entry.refused else b""
            if not isinstance(content, Finding) and content:
                yield entry.name, content


def _wrong(outcome: Examined, data: bytes) -> tuple[list[str], list[str]]:
    document = json.loads(outcome.document)
    findings = document["findings"]
    wrong = [f"the program was at fault: {one['message']}" for one in findings if one["code"] == "F13"]
    wrong += [f"no such code: {one['code']}" for one in findings if one["code"] not in CATALOG]
    if len(findings) > IN_ALL + _EXTRA or len(outcome.document) > DEFAULT.max_result:
        wrong.append(f"{len(findings)} findings in {len(outcome.document)} bytes")
    if not document["forms"] and not findings:
        wrong.append("neither a form nor a finding")
    wrong += _silent(document, data)
    if outcome.marked is not None and not isinstance(read_book(outcome.marked), Book):
        wrong.append("the marked copy cannot be read")
    return wrong, [one["code"] for one in findings]


def _silent(document: dict[str, list[dict[str, object]]], data: bytes) -> Iterator[str]:
    """Yield the sheets of which nothing is said although something is on them."""
    book = read_book(data)
    if not isinstance(book, Book):
        return
    spoken = {one["sheet"] for key in ("forms", "findings") for one in document[key]}
    whole = any(one["sheet"] is None and one["code"] in {"F01", "F03", "F06", "F07"} for one in document["findings"])
    for grid in book.sheets:
        if grid.name in spoken or whole:
            continue
        if not (is_own(grid) or is_finding_list(grid)):
            yield f"nothing is said of the sheet {grid.name!r}"
        elif any(one.reading.confidence >= ACCEPT for one in rank(REQUEST.library.patterns, grid)):
            yield f"a form is taken for a sheet of ours: {grid.name!r}"


def try_batch(first: int, seed: int, count: int) -> tuple[list[str], int]:
    """Lay inputs into a folder and import it; return what is wrong, and the memory of the command itself."""
    with tempfile.TemporaryDirectory() as top:
        returned, output = Path(top) / "交回", Path(top) / "结果"
        names = []
        for number in range(first, first + count):
            kind, suffix, data = made(number, seed)
            name = f"{number % 5}/{kind}-{number}{suffix}"
            names.append(name)
            (returned / name).parent.mkdir(parents=True, exist_ok=True)
            (returned / name).write_bytes(data)
        words = [sys.executable, "-m", "perfxl", "import", str(returned), "-o", str(output), "--quiet", "--jobs", "1"]
        env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "PERFXL_DEBUG": "1"}
        with subprocess.Popen(words, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as ran:
            assert ran.stdout is not None
            said = ran.stdout.read().decode(errors="replace")
            _, status, usage = os.wait4(ran.pid, 0)
            ran.returncode = os.waitstatus_to_exitcode(status)
        memory = _bytes(usage)
        wrong = [f"exit code {ran.returncode}: {said[-300:]}"] if ran.returncode not in {0, 1, 3} else []
        wrong += [f"a traceback: {said[-800:]}"] if "Traceback" in said else []
        if {path.name for path in Path(top).iterdir()} != {"交回", "结果"}:
            wrong.append("something was written elsewhere")
        if not (output / "report.html").is_file() or not (output / "summary.json").is_file():
            return [*wrong, "there is no report"], memory
        summary = json.loads((output / "summary.json").read_text(encoding="utf-8"))
        told = "\n".join([*(one["file"] for one in summary["returns"]), *summary["passed_over"]])
        return [*wrong, *(f"not in the report: {name}" for name in names if name not in told)], memory


def main() -> int:
    """Run the inputs that were asked for and say what was seen."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("of", nargs="?", choices=TRIED, default="returns", help="what the inputs are")
    parser.add_argument("--count", type=int, default=None, help="how many inputs")
    parser.add_argument("--seconds", type=float, default=60.0, help="how long, where no count is given")
    parser.add_argument("--seed", type=int, default=1, help="other inputs")
    parser.add_argument("--first", type=int, default=0, help="the number of the first input")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--batch", type=int, default=2000, help="returns between two batches of a hundred; 0: none")
    asked = parser.parse_args()
    end = None if asked.count is not None else time.monotonic() + asked.seconds
    last = sys.maxsize if asked.count is None else asked.first + asked.count
    state = _State(time.monotonic())
    number, (tried, together, between) = asked.first, TRIED[asked.of]
    batch = asked.batch if asked.of == "returns" and resource else 0
    with Workers(asked.jobs, DEFAULT.max_seconds, DEFAULT.max_memory) as workers:
        while number < last and (end is None or time.monotonic() < end):
            until = min(number + (batch or between), last)
            spans = (range(first, min(first + together, until)) for first in range(number, until, together))
            for span, seen in run((Job(one.start, tried, (one, asked.seed)) for one in spans), workers, DEFAULT):
                state.take(range(span, min(span + together, until)), seen)
            if batch:
                wrong, memory = try_batch(max(number, until - 100), asked.seed, min(until - number, 100))
                state.batch(until, wrong, memory)
            number = until
            state.tell(number)
    return 1 if state.wrong else 0


Tried: TypeAlias = Callable[[range, int], Seen]
TRIED: Mapping[str, tuple[Tried, int, int]] = {"returns": (try_returns, 1, 500), "parts": (try_parts, 250, 20_000)}
"""How each sort of input is tried, how many in one call of a worker, after how many it is said what was seen so far."""


class _State:
    """What was seen so far."""

    def __init__(self, begin: float) -> None:
        self.begin = begin
        self.seen = Seen()
        self.batches = self.main = 0
        self.lost: Counter[str] = Counter()

    @property
    def wrong(self) -> list[str]:
        return self.seen.wrong

    def take(self, numbers: range, seen: Seen | Lost) -> None:
        if isinstance(seen, Lost):
            self.lost[seen.name] += 1
            told = f"{numbers.start}" if len(numbers) == 1 else f"{numbers.start}-{numbers[-1]}"
            if seen is Lost.DIED:
                self._complain(f"{told}: its worker died")
            else:
                _say(f"{told}: over the limit of {seen.name.lower()}")
            return
        self.seen.kinds += seen.kinds
        self.seen.codes |= seen.codes
        self.seen.memory = max(self.seen.memory, seen.memory)
        self.seen.slowest = max(self.seen.slowest, seen.slowest)
        for wrong in seen.wrong:
            self._complain(wrong)
        if seen.memory > WORKER_MEMORY:
            self._complain(f"{numbers}: {seen.memory // 1_000_000} MB in a worker")

    def batch(self, number: int, wrong: list[str], memory: int) -> None:
        self.batches += 1
        self.main = max(self.main, memory)
        if memory > MAIN_MEMORY:
            wrong = [*wrong, f"{memory // 1_000_000} MB in the main process"]
        for one in wrong:
            self._complain(f"batch before {number}: {one}")

    def tell(self, number: int) -> None:
        took = time.monotonic() - self.begin
        of_batches = f", {self.batches} batches, main {self.main // 1_000_000} MB" if self.batches else ""
        _say(
            f"{self.seen.kinds.total()} inputs up to {number} in {took:.0f} s: worker {self.seen.memory // 1_000_000} MB, "
            f"slowest {self.seen.slowest:.1f} s{of_batches}, over limits {dict(self.lost)}, {len(self.seen.codes)} codes, "
            f"{len(self.wrong)} wrong; {dict(sorted(self.seen.kinds.items()))}"
        )

    def _complain(self, text: str) -> None:
        self.wrong.append(text)
        _say(f"WRONG {text}")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
