"""The bar on stderr while many files are read or made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, TypeVar

from perfxl.cli.console import watched_by_a_person

_WORTH_A_BAR = 8
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
