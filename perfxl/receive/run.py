"""Files through any executor, a few at a time, each file's outcome as soon as it is there."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from perfxl.model.finding import Finding, Severity
from perfxl.receive.examine import Outcome, examine, failed
from perfxl.receive.inputs import Input
from perfxl.receive.request import Request
from perfxl.workers import OutOfTime, Workers

Work: TypeAlias = Callable[[Request, str, bytes], Outcome]
"""What is done with a file: its request, its name and its bytes. Has to be picklable for executors with processes."""

AHEAD = 4 * (os.cpu_count() or 1) + 8
"""Files that are under way at once: enough to keep the workers busy, few enough to be held in memory."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A file on its way: what it is and what was read of it."""

    item: Input
    data: bytes


def run(
    readings: Iterable[Reading], request: Request, executor: Executor | None = None, work: Work = examine
) -> Iterator[tuple[Reading, Outcome]]:
    """Yield each file with its outcome, as they come; in this process, one by one, where no executor is given.

    A file that kills a worker becomes a finding. Where that breaks the executor, as it does a ProcessPoolExecutor, the
    files that it left undone are each read in a process of their own.
    """
    if executor is None:
        for reading in readings:
            yield reading, work(request, reading.item.name, reading.data)
        return
    packed = pickle.dumps(request)
    left: list[Reading] = []
    pending: dict[Future[Outcome], Reading] = {}
    for reading in readings:
        try:
            pending[executor.submit(perform, work, packed, reading.item.name, reading.data)] = reading
        except BrokenExecutor:
            left.append(reading)
        while len(pending) >= AHEAD or len(left) >= AHEAD:
            yield from _done(pending, left, request)
            yield from _alone(left, request, work)
    while pending:
        yield from _done(pending, left, request)
    yield from _alone(left, request, work)


def perform(work: Work, packed: bytes, name: str, data: bytes) -> Outcome:
    """Do a worker's work with a request that comes packed: a roster of thousands is unpacked once, not for every file."""
    return work(_unpacked(packed), name, data)


@lru_cache(maxsize=2)
def _unpacked(packed: bytes) -> Request:
    request: Request = pickle.loads(packed)  # noqa: S301 - packed by run(), in this program
    return request


def _done(
    pending: dict[Future[Outcome], Reading], left: list[Reading], request: Request
) -> Iterator[tuple[Reading, Outcome]]:
    """Yield what is done by now, at least one if any is under way; put aside what a broken executor gave back."""
    for future in wait(pending, return_when=FIRST_COMPLETED).done if pending else ():
        reading = pending.pop(future)
        error = future.exception()
        if isinstance(error, BrokenExecutor):
            left.append(reading)
        else:
            yield reading, future.result() if error is None else _lost(reading, error, request)


def _alone(left: list[Reading], request: Request, work: Work) -> Iterator[tuple[Reading, Outcome]]:
    """Read each of the files that a broken executor left in a process of its own, one after another."""
    if not left:
        return
    with Workers(1, request.limits.max_seconds) as workers:
        while left:
            reading = left.pop(0)
            future = workers.submit(perform, work, pickle.dumps(request), reading.item.name, reading.data)
            error = future.exception()
            yield reading, future.result() if error is None else _lost(reading, error, request)


def _lost(reading: Reading, error: BaseException, request: Request) -> Outcome:
    if isinstance(error, OutOfTime):
        seconds = request.limits.max_seconds
        message = (
            f"读取这个文件超过 {seconds:g} 秒还没有读完，已停止。请删去图片、附件、多余的工作表和空行，另存后重新交回"
        )
    else:
        message = "读取这个文件时程序意外中断，没有读完；请保留原件并告知维护人员，其余文件不受影响"
    return failed(reading.item.name, reading.data, Finding("F13", Severity.ERROR, message))
