"""Timing two ways of doing one thing in turn, A B A B …, so that the ratio holds when the machine's speed drifts."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Pair:
    """Medians in milliseconds of ours and a peer's, and the median of their ratios (ours ÷ peer's)."""

    ours: float
    peer: float
    ratio: float

    def __str__(self) -> str:
        return f"{self.ours:8.2f} ms {self.peer:10.2f} ms   1/{1 / self.ratio:.1f}" if self.ratio else "-"


def compare(
    ours: Callable[[], object],
    peer: Callable[[], object],
    rounds: int = 15,
    clock: Callable[[], float] = time.perf_counter,
) -> Pair:
    """Time two callables in turn after one warm-up each; ``time.process_time`` where the machine has other work too."""
    ours()
    peer()
    times = [(_milliseconds(ours, clock), _milliseconds(peer, clock)) for _ in range(rounds)]
    return Pair(median(a for a, _ in times), median(b for _, b in times), median(a / b for a, b in times))


def _milliseconds(work: Callable[[], object], clock: Callable[[], float]) -> float:
    begin = clock()
    work()
    return (clock() - begin) * 1000
