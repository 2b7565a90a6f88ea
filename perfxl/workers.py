"""Worker processes that are watched: one that hangs, dies or takes too much memory costs the one call that it was at.

An executor like any other of ``concurrent.futures``; its processes come from a server of their own or are started
afresh, never forked from this one while it works (``perfxl.prefork``), so that it works alike on every system. Only
Linux and other systems that keep to ``RLIMIT_AS`` bound their memory; Windows and macOS offer nothing of the kind to a
process that is to bound itself.
"""

from __future__ import annotations

import contextlib
import multiprocessing as mp
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from contextvars import ContextVar
from multiprocessing import forkserver
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from msgspec import Struct

from perfxl.model.error import Error

_P = ParamSpec("_P")
_T = TypeVar("_T")
_STARTING = 120.0
"""Seconds that a process may take until it is there; the machine may be busy."""
_TRIES = 3
_PRELOADED = ("perfxl.receive.examine",)


_TELLING: ContextVar[Callable[[object], object]] = ContextVar("telling", default=lambda _: None)
"""What in a worker sends a step of its call to whoever follows it."""


class OutOfTime(Error):  # noqa: N818 - it names what happened to the call
    """A call took longer than it may; its process was ended."""


class OutOfMemory(Error):  # noqa: N818 - likewise
    """A call needed more memory than its process may take; the process was ended."""


class WorkerDied(Error):  # noqa: N818 - likewise
    """The process died at a call."""


class Stopped(Error):  # noqa: N818 - likewise
    """Whoever asked for a call wants it no more; its process was ended."""


class ClusterError(Error):
    """Workers on other machines that are not there, or are there no more; its text says why."""


class UnfitClusterError(ClusterError):
    """Workers on other machines of which one would come to other results than this machine."""


class _Call(Struct):
    future: Future[Any]
    work: tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]
    told: Callable[[Any], object] = lambda _: None
    begun: bool = False

    def begin(self) -> bool:
        """Tell whether the call is still wanted; from now on it cannot be cancelled."""
        self.begun = self.begun or self.future.set_running_or_notify_cancel()
        return self.begun


class _Worker(Struct):
    process: BaseProcess
    line: Connection
    deadline: float
    ready: bool = False
    call: _Call | None = None

    def end(self) -> None:
        self.line.close()
        self.process.kill()
        self.process.join()


class Workers(Executor):
    """At most ``count`` processes, each at one call at a time; a call may take ``seconds``, a process ``memory`` bytes.

    A call that takes longer fails with OutOfTime, one that needs more with OutOfMemory, one whose process dies with
    WorkerDied; the others go on. Where no process can be started at all, calls fail with BrokenExecutor.
    """

    def __init__(self, count: int, seconds: float, memory: int | None = None) -> None:
        self._count = max(count, 1)
        self._seconds = seconds
        self._memory = memory
        self._calls: deque[_Call] = deque()
        self._workers: list[_Worker] = []
        self._lock = threading.Lock()
        self._closing = self._cancelling = False
        self._hungry = False
        """Whether the thread would begin with another call at once: one that has to wait need not wake it."""
        self._unwanted: set[Future[Any]] = set()
        self._failures = 0
        self._context = _context()
        self._wake, self._woken = mp.Pipe(duplex=False)
        self._thread: threading.Thread | None = None

    def submit(self, fn: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        """Queue a call; function, arguments and outcome have to be picklable."""
        return self.follow(lambda _: None, fn, *args, **kwargs)

    def follow(
        self, told: Callable[[Any], object], fn: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs
    ) -> Future[_T]:
        """Queue a call, and be told of each step that it tells (``tell``), by a thread that must not be kept long."""
        future: Future[_T] = Future()
        with self._lock:
            if self._closing:
                raise RuntimeError("submit() after shutdown()")
            self._calls.append(_Call(future, (fn, args, kwargs), told))
            wanted, self._hungry = self._hungry, False
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True)
                self._thread.start()
        if wanted:
            self._woken.send_bytes(b"1")
        return future

    def stop(self, future: Future[Any]) -> None:
        """Give up a call: one that still waits is cancelled, one that is under way fails with Stopped, its process ended."""
        if future.cancel():
            return
        with self._lock:
            self._unwanted.add(future)
        with contextlib.suppress(OSError):  # the thread may be done, and has closed it
            self._woken.send_bytes(b"1")

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002 - as the base class has it
        """Take no more calls and end the processes, after all queued calls or (``cancel_futures``) at once."""
        with self._lock:
            self._closing = True
            self._cancelling = self._cancelling or cancel_futures
            thread = self._thread
        if thread is None:
            return
        with contextlib.suppress(OSError):  # the thread may be done, and has closed it
            self._woken.send_bytes(b"1")
        if wait:
            thread.join()

    # -- all that follows runs in the one thread that looks after the processes ---------------------------------------

    def _run(self) -> None:
        try:
            while not self._finished():
                self._hand_out()
                lines = {worker.line: worker for worker in self._workers}
                times = [worker.deadline for worker in self._workers if worker.call or not worker.ready]
                pause = max(min(times) - time.monotonic(), 0) if times else None
                ready = wait([*lines, self._wake], pause)
                if self._wake in ready:
                    self._wake.recv_bytes()
                for line in lines.keys() & ready:
                    self._hear(lines[line])
                self._end_the_late()
                self._end_the_unwanted()
        finally:
            for worker in self._workers:
                worker.end()
            left = [worker.call for worker in self._workers if worker.call] + [*self._calls]
            for call in left:
                if call.begin():
                    call.future.set_exception(BrokenExecutor("shut down"))
            self._wake.close()
            self._woken.close()

    def _finished(self) -> bool:
        with self._lock:
            if self._cancelling:
                while self._calls:
                    self._calls.popleft().future.cancel()
            busy = any(worker.call for worker in self._workers)
            return self._closing and not self._calls and (self._cancelling or not busy)

    def _hand_out(self) -> None:
        """Give a call to each process that is idle; start processes while there are more calls."""
        for worker in [*self._workers]:
            while worker.ready and worker.call is None and (call := self._next()):
                if call.begin():
                    self._hand_to(worker, call)
        with self._lock:
            waiting = len(self._calls)
            self._hungry = self._hungry or len(self._workers) < self._count
        starting = sum(not worker.ready for worker in self._workers)
        for _ in range(min(waiting - starting, self._count - len(self._workers))):
            self._start()

    def _next(self) -> _Call | None:
        with self._lock:
            if self._calls:
                return self._calls.popleft()
            self._hungry = True
            return None

    def _hand_to(self, worker: _Worker, call: _Call) -> None:
        try:
            worker.line.send(call.work)
        except OSError:  # it died while it was idle: the call is not to blame
            self._workers.remove(worker)
            worker.ready = False
            worker.end()
            with self._lock:
                self._calls.appendleft(call)
        except Exception as error:  # noqa: BLE001 - what cannot be pickled is the caller's
            call.future.set_exception(error)
        else:
            worker.call, worker.deadline = call, time.monotonic() + self._seconds

    def _start(self) -> None:
        ours, theirs = mp.Pipe()
        process = self._context.Process(target=_serve, args=(theirs, self._memory), daemon=True)
        process.start()
        theirs.close()
        self._workers.append(_Worker(process, ours, time.monotonic() + _STARTING))

    def _hear(self, worker: _Worker) -> None:
        try:
            succeeded, outcome = worker.line.recv()
        except (EOFError, OSError):
            self._lose(worker, WorkerDied("the process died"))
            return
        except Exception as error:  # noqa: BLE001 - an outcome that cannot be unpickled is the caller's
            succeeded, outcome = False, error
        if succeeded is None:  # a step on the way
            if worker.call is not None:
                worker.call.told(outcome)
            return
        if isinstance(outcome, OutOfMemory):  # what it has taken may be in pieces: the next call gets a fresh one
            self._lose(worker, outcome)
            return
        call, worker.call = worker.call, None
        worker.ready, self._failures = True, 0
        if call is None:
            return
        if succeeded:
            call.future.set_result(outcome)
        else:
            call.future.set_exception(outcome)

    def _end_the_late(self) -> None:
        now = time.monotonic()
        for worker in [*self._workers]:
            if (worker.call or not worker.ready) and worker.deadline <= now:
                self._lose(worker, OutOfTime(f"more than {self._seconds} s"))

    def _end_the_unwanted(self) -> None:
        with self._lock:
            self._unwanted = {future for future in self._unwanted if not future.done()}
            unwanted = frozenset(self._unwanted)
        for worker in [*self._workers]:
            if worker.call and worker.call.future in unwanted:
                worker.process.kill()
                worker.process.join()
                self._hear_out(worker, worker.call)
                self._lose(worker, Stopped("no longer wanted"))

    def _hear_out(self, worker: _Worker, call: _Call) -> None:
        """Hear what a process had told before it was ended, so that whoever followed its call knows how far it came."""
        with contextlib.suppress(EOFError, OSError):
            while worker.line.poll():
                succeeded, outcome = worker.line.recv()
                if succeeded is None:
                    call.told(outcome)
                elif succeeded:  # it was done in the meantime
                    worker.call = None
                    call.future.set_result(outcome)

    def _lose(self, worker: _Worker, why: Exception) -> None:
        self._workers.remove(worker)
        worker.end()
        if worker.call is not None:
            worker.call.future.set_exception(why)
        elif not worker.ready:
            self._failures += 1
        if self._failures >= _TRIES:
            while call := self._next():
                if call.future.set_running_or_notify_cancel():
                    call.future.set_exception(BrokenExecutor("no worker process can be started"))
            self._failures = 0


def tell(step: object) -> None:
    """Tell whoever follows the call that is being worked on how far it is; outside of a worker, nobody."""
    _TELLING.get()(step)


def _context() -> Any:
    """Return how processes are started: from a clean server that has loaded what they need, else from nothing."""
    if "forkserver" not in mp.get_all_start_methods():
        return mp.get_context("spawn")
    context = mp.get_context("forkserver")
    context.set_forkserver_preload(list(_PRELOADED))
    try:
        forkserver.ensure_running()  # it loads while the caller is still getting ready
    except OSError:  # its address is a path in the folder for temporary files, which may be too long for one
        return mp.get_context("spawn")
    return context


def _serve(line: Connection, memory: int | None) -> None:
    """Answer calls until the other end hangs up. Ctrl-C is the business of the process that asks."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if memory is not None:
        _bound(memory)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _TELLING.set(lambda step: line.send((None, step)))
    with contextlib.suppress(EOFError, OSError):
        line.send((True, None))
        while True:
            fn, args, kwargs = line.recv()
            answer: tuple[bool, Any]
            try:
                answer = (True, fn(*args, **kwargs))
            except MemoryError:  # with its traceback goes what the call was holding
                answer = (False, OutOfMemory())
            except Exception as error:  # noqa: BLE001 - it is raised again where the call came from
                answer = (False, error)
            try:
                line.send(answer)
            except OSError:
                raise
            except MemoryError:
                line.send((False, OutOfMemory()))
            except Exception as error:  # noqa: BLE001 - what cannot be pickled is named
                line.send((False, TypeError(str(error))))


def _bound(memory: int) -> None:
    """Let this process take no more memory than so many bytes on top of what it begins with, where the system offers that."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    whole = memory + _begun_with() * resource.getpagesize()
    with contextlib.suppress(ValueError, OSError):  # a lower bound stands already
        resource.setrlimit(resource.RLIMIT_AS, (whole, whole))


def _begun_with() -> int:
    """Return the pages of this process: it is a copy of one that may have loaded much. 0 where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[0])
    except (OSError, ValueError, IndexError):
        return 0


def _end_with_parent() -> None:
    """End at once when the parent is gone, killed perhaps, whatever this process is at."""
    parent = mp.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
