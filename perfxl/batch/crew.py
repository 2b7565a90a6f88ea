"""Who does the work: this process, processes of its own, or whatever executor a program brings along."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Mapping
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor, as_completed

from perfxl.batch.inputs import Input
from perfxl.batch.work import Outcome, Work, died, examine, prepare

_WORTH_PROCESSES = 16
"""From how many files on processes are quicker than their start."""


def outcomes(work: Work, tasks: Mapping[Input, str], executor: Executor | None, jobs: int) -> Iterator[Outcome]:
    """Yield the outcome of each file (with the stem of its outputs), as they come in.

    Work goes to ``executor``, else to ``jobs`` processes where there is enough of it, else it is done here. A file that
    takes its process with it costs only itself.
    """
    if executor is not None:
        yield from _shared(executor, work, tasks)
    elif jobs > 1 and len(tasks) >= _WORTH_PROCESSES:
        with _processes(work, min(jobs, len(tasks))) as pool:
            yield from _shared(pool, work, tasks)
    else:
        for each, stem in tasks.items():
            yield examine(work, each, stem)


def _processes(work: Work, number: int) -> ProcessPoolExecutor:
    # Spawned on every system: a fork would copy the locks of the progress bar's thread.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(number, mp_context=context, initializer=prepare, initargs=(work,))


def _shared(executor: Executor, work: Work, tasks: Mapping[Input, str]) -> Iterator[Outcome]:
    waiting = {executor.submit(examine, work, each, stem): each for each, stem in tasks.items()}
    orphans: list[Input] = []
    for future in as_completed(waiting):
        try:
            yield future.result()
        except BrokenExecutor:
            orphans.append(waiting[future])
    # One of them killed a worker, and the pool with it: each is tried once more, in a process of its own.
    for each in (each for each in tasks if each in set(orphans)):
        with _processes(work, 1) as pool:
            try:
                yield pool.submit(examine, work, each, tasks[each]).result()
            except BrokenExecutor:
                yield died(each)
