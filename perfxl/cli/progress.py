"""The bar on stderr while a pile is read."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from perfxl.batch.pile import Step

_NAMES = {"accepted": "通过", "rejected": "退回", "unreadable": "读不了"}
_WORTH_A_BAR = 8


def watched(steps: Iterable[Step], total: int, *, quiet: bool) -> Iterator[Step]:
    """Pass steps on and show how far they are, where a person watches and there is something to wait for."""
    if quiet or total < _WORTH_A_BAR or not sys.stderr.isatty():
        yield from steps
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    counts: Counter[str] = Counter()

    def told() -> str:
        return "　".join(f"{name} {counts[verdict]}" for verdict, name in _NAMES.items())

    columns = (TextColumn("正在审核"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task(told(), total=total)
        for step in steps:
            counts[step.verdict.value] += 1
            progress.update(bar, advance=1, description=told())
            yield step
