"""Calls about files through any executor, a few at a time, each file's outcome as soon as it is there; why one has none."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from enum import Enum, auto
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

from msgspec import Struct

from perfxl.model.finding import Finding, Severity
from perfxl.package.limits import Limits
from perfxl.workers import ClusterError, OutOfMemory, OutOfTime, Stopped, Workers

_T = TypeVar("_T")
_T_co = TypeVar("_T_co", covariant=True)

AHEAD = 4 * (os.cpu_count() or 1) + 8
"""Calls that are under way at once: enough to keep the workers of one machine busy; a cluster says how many it needs."""
BYTES_AHEAD = 64_000_000
"""Bytes of the files that are under way at once, for what comes back is as large as they are; one file always may."""
_LIGHTER = "请删去图片、附件、多余的工作表和空行，另存后重新交回"


class Lost(Enum):
    """Why there is no outcome of a call."""

    TIME = auto()
    MEMORY = auto()
    DIED = auto()


class Job(Struct, Generic[_T_co], frozen=True):
    """What is to be done about the input of a number, about a file of so many bytes; picklable with its outcome."""

    number: int
    work: Callable[..., _T_co]
    arguments: tuple[Any, ...]
    size: int = 0


def run(calls: Iterable[Job[_T]], executor: Executor | None, limits: Limits) -> Iterator[tuple[int, _T | Lost]]:
    """Yield the number of each call with its outcome, as they come; in this process, one by one, without an executor.

    A call that kills a worker, hangs or takes too much memory is lost by itself. Where that breaks the executor, as it
    does a ProcessPoolExecutor, the calls that it left undone are each made in a process of their own; so is one that
    ran out of memory where others had been at work before: what becomes of a file depends on nothing but the file.
    Raises ClusterError where a cluster is lost, or would come to other results, Stopped where somebody wants it no more.
    """
    if executor is None:
        for call in calls:
            yield call.number, call.work(*call.arguments)
        return
    left: list[Job[_T]] = []
    pending = _Pending[_T](executor)
    try:
        for call in calls:
            while pending.full(call.size):
                yield from _done(pending, left)
            try:
                pending.submit(call)
            except BrokenExecutor:
                left.append(call)
            if len(left) >= AHEAD:
                yield from _alone(left, limits)
        while pending:
            yield from _done(pending, left)
        yield from _alone(left, limits)
    finally:
        pending.cancel()


class _Pending(Generic[_T]):
    """The calls that are under way."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self._calls: dict[Future[_T], Job[_T]] = {}
        self._bytes = 0
        self._done: SimpleQueue[Future[_T]] = SimpleQueue()

    def __len__(self) -> int:
        return len(self._calls)

    def full(self, size: int) -> bool:
        """Tell whether one more call, about a file of so many bytes, has to wait."""
        ahead: int = getattr(self._executor, "ahead", AHEAD)
        return bool(self._calls) and (len(self._calls) >= ahead or self._bytes + size > BYTES_AHEAD)

    def submit(self, call: Job[_T]) -> None:
        """Hand a call to the executor. Raises BrokenExecutor."""
        future = self._executor.submit(call.work, *call.arguments)
        self._calls[future] = call
        self._bytes += call.size
        future.add_done_callback(self._done.put)

    def cancel(self) -> None:
        """Give up what has not begun: nobody waits for it any more."""
        for future in self._calls:
            future.cancel()

    def take(self) -> tuple[Job[_T], Future[_T]]:
        """Return a call that is done, as soon as there is one."""
        future = self._done.get()
        call = self._calls.pop(future)
        self._bytes -= call.size
        return call, future


def _done(pending: _Pending[_T], left: list[Job[_T]]) -> Iterator[tuple[int, _T | Lost]]:
    """Yield what is done next; put it aside where it is to be tried by itself."""
    call, future = pending.take()
    error = future.exception()
    if isinstance(error, ClusterError | Stopped):
        raise error
    if isinstance(error, BrokenExecutor | OutOfMemory | MemoryError):
        left.append(call)
    else:
        yield call.number, future.result() if error is None else lost_by(error)


def _alone(left: list[Job[_T]], limits: Limits) -> Iterator[tuple[int, _T | Lost]]:
    """Make each of the calls that are left in a process of its own, one after another."""
    while left:
        call = left.pop(0)
        with Workers(1, limits.max_seconds, limits.max_memory) as workers:
            future = workers.submit(call.work, *call.arguments)
            error = future.exception()
        yield call.number, future.result() if error is None else lost_by(error)


def lost_by(error: BaseException) -> Lost:
    """Return what an outcome was lost by: the mistake that a worker's call ended with."""
    if isinstance(error, OutOfTime):
        return Lost.TIME
    return Lost.MEMORY if isinstance(error, OutOfMemory) else Lost.DIED


def explain(lost: Lost, limits: Limits) -> Finding:
    """Return the finding that says why there is no outcome, and what to do (F03, F13)."""
    match lost:
        case Lost.TIME:
            message = f"读取这个文件超过 {limits.max_seconds:g} 秒还没有读完，已停止。{_LIGHTER}"
            return Finding("F13", Severity.ERROR, message)
        case Lost.MEMORY:
            message = f"读取这个文件需要的内存超过允许的 {limits.max_memory // 1_000_000} MB，已停止。{_LIGHTER}"
            return Finding("F03", Severity.ERROR, message)
        case Lost.DIED:
            message = "读取这个文件时程序意外中断，没有读完；请保留原件并告知维护人员，其余文件不受影响"
            return Finding("F13", Severity.ERROR, message)
