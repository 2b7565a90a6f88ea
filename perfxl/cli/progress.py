"""Many files read or made: by several processes where that is worth it, with a bar on stderr."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from perfxl.cli.console import watched_by_a_person

if TYPE_CHECKING:
    from perfxl.workers import Workers

_WORTH_A_BAR = 8
_MOST_SECONDS = 600.0
"""For one call of a worker: it hangs where a disk does."""
_T = TypeVar("_T")


class Tally(NamedTuple):
    """What a bar says: what is being done, and how many steps there are of each kind."""

    doing: str
    kinds: tuple[str, ...]


def watched(steps: Iterable[_T], total: int, tally: Tally, kind: Callable[[_T], str], *, quiet: bool) -> Iterator[_T]:
    """Pass steps on and show how far they are, where a person watches and there is something to wait for."""
    if quiet or total < _WORTH_A_BAR or not watched_by_a_person():
        yield from steps
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    counts: Counter[str] = Counter()

    def told() -> str:
        return "　".join(f"{name} {counts[name]}" for name in tally.kinds)

    columns = (TextColumn(tally.doing), BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task(told(), total=total)
        for step in steps:
            counts[kind(step)] += 1
            progress.update(bar, advance=1, description=told())
            yield step


@contextmanager
def processes(total: int, jobs: int | None, worth: int) -> Iterator[Workers | None]:
    """Give workers for so many steps, as many as ``jobs`` says; where nobody says, one for each ``worth`` steps at most.

    None where one process is enough. Whatever ends the work early ends them, too, and what waits for them.
    """
    import os
    from contextlib import nullcontext

    from perfxl.workers import Workers

    count = min(jobs or os.cpu_count() or 1, total // (1 if jobs else worth))
    with Workers(count, _MOST_SECONDS) if count > 1 else nullcontext() as workers:
        try:
            yield workers
        except BaseException:
            if workers is not None:
                workers.shutdown(wait=True, cancel_futures=True)
            raise
