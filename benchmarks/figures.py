"""One measured figure, and how it is measured: processor time, ours and a peer's in turn, A B A B …

What the clock shows depends on what else a machine does, what a processor was given to do does not; the ratio of two
things done in turn holds even where the machine's speed drifts.
"""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import repeat
from resource import struct_rusage
from statistics import median

_PR_SET_CHILD_SUBREAPER = 36
_LAUNCHER = """
import json, os, subprocess, sys
running = subprocess.Popen([sys.executable, *sys.argv[1:]], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
_, status, own = os.wait4(running.pid, 0)
print(json.dumps([os.waitstatus_to_exitcode(status), own.ru_utime + own.ru_stime, own.ru_maxrss]))
running.returncode = 0
"""
"""A small process that starts what is measured: the system counts to a process what the one was that it was forked from."""


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured: ours, the peer's where there is one, and what is aimed at, as a ratio or in our unit."""

    room: str
    name: str
    ours: float
    unit: str = "ms"
    peer: str = ""
    theirs: float = 0.0
    ratio: float = 0.0
    most: float | None = None
    """The greatest ratio (without a peer: the greatest figure) that is aimed at."""

    @property
    def reached(self) -> float:
        """What is held against the aim: the ratio, without a peer the figure itself."""
        return self.ratio if self.peer else self.ours

    def __str__(self) -> str:
        beside = f"{self.theirs:9.2f} {self.unit:3} {self.peer:26} {self.ratio:7.3f}" if self.peer else " " * 47
        aim = "" if self.most is None else f"  ≤ {self.most:g} {'ok' if self.reached <= self.most else 'MISSED'}"
        return f"{self.name:46} {self.ours:9.2f} {self.unit:3} {beside}{aim}"

    def plain(self) -> Mapping[str, object]:
        """Return the figure for JSON."""
        shared = {"room": self.room, "name": self.name, "ours": round(self.ours, 3), "unit": self.unit}
        beside = (
            {"peer": self.peer, "theirs": round(self.theirs, 3), "ratio": round(self.ratio, 4)} if self.peer else {}
        )
        return (
            shared | beside | ({} if self.most is None else {"most": self.most, "reached": self.reached <= self.most})
        )


@dataclass(frozen=True, slots=True)
class Pair:
    """Medians in milliseconds of ours and a peer's, and the median of their ratios (ours ÷ peer's)."""

    ours: float
    theirs: float
    ratio: float

    def figure(self, room: str, name: str, peer: str, most: float | None = None) -> Figure:
        """Return the pair as a figure."""
        return Figure(room, name, self.ours, "ms", peer, self.theirs, self.ratio, most)


def compare(ours: Callable[[], object], peer: Callable[[], object], rounds: int) -> Pair:
    """Time two callables in turn, after one warm-up each."""
    return compare_each(repeat((ours, peer), rounds + 1))


def compare_each(rounds: Iterable[tuple[Callable[[], object], Callable[[], object]]]) -> Pair:
    """Time two callables in turn, other ones in each round; the first round is a warm-up."""
    _, *times = [(processor(ours), processor(peer)) for ours, peer in rounds]
    return Pair(median(a for a, _ in times), median(b for _, b in times), median(a / b for a, b in times))


def processor(work: Callable[[], object]) -> float:
    """Return the milliseconds of processor time that a callable takes in this process."""
    begin = time.process_time()
    work()
    return (time.process_time() - begin) * 1000


@dataclass(frozen=True, slots=True)
class Run:
    """What a command took: milliseconds of processor time with all processes that it started, megabytes of the largest."""

    milliseconds: float
    megabytes: float


def run(*words: str, fine: Sequence[int] = (0,)) -> Run:
    """Run this Python with some words and wait for every process that comes of it. Raises SystemExit where it fails."""
    with _last_parent():
        told = subprocess.run([sys.executable, "-I", "-S", "-c", _LAUNCHER, *words], stdout=subprocess.PIPE, check=True)
        code, seconds, kilobytes = json.loads(told.stdout)
        orphans = list(_orphans())
    if code not in fine:
        raise SystemExit(f"{words} failed: {code}")
    used = sum((one.ru_utime + one.ru_stime for one in orphans), start=seconds)
    return Run(used * 1000, max([kilobytes, *(one.ru_maxrss for one in orphans)]) / 1024)


@contextmanager
def _last_parent() -> Iterator[None]:
    """Become the parent of processes whose parents are gone, where the system has that: workers are a server's children."""
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None
    for on in (1, 0):
        if libc is not None:
            libc.prctl(_PR_SET_CHILD_SUBREAPER, on, 0, 0, 0)
        if on:
            yield


def _orphans() -> Iterator[struct_rusage]:
    while True:
        try:
            yield os.wait4(-1, 0)[2]
        except ChildProcessError:
            return
