"""The workers of a Dask cluster as an executor: several calls go there as one task, each into a watched process there.

Dask looks after machines: a worker that is lost costs a retry of the tasks that it was at. What a call may cost is
bounded where it is made: each worker keeps watched processes of its own (``perfxl.workers``). Dask itself is imported
when a cluster is asked for.
"""

from __future__ import annotations

import math
import multiprocessing as mp
import pickle
import threading
import time
import uuid
import warnings
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Executor, Future, InvalidStateError
from contextlib import suppress
from typing import Any, ParamSpec, TypeAlias, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from perfxl.package.limits import DEFAULT
from perfxl.workers import ClusterError, UnfitClusterError, Workers

_P = ParamSpec("_P")
_T = TypeVar("_T")
BATCH = 16
"""Calls in one task at most: the scheduler needs about as long for a task as a worker for reading one form."""
DEEP = 2
"""Tasks that are under way for each thread of the cluster: one is worked on, one waits there."""
_LOOK = 5.0
"""Seconds after which it is asked again how many threads there are."""
_PATIENCE = 300.0
"""Seconds without any worker after which a run gives up; a machine that starts again takes a minute or two."""
_SHARED = 100_000
"""Bytes from which on an argument of many calls goes to a worker once, not with every task."""

Check: TypeAlias = Callable[[], str]
"""Says what a worker would do otherwise than this machine does, "" where it is nothing; picklable."""
_Packed: TypeAlias = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]
_Call: TypeAlias = tuple[Future[Any], _Packed]


class _Shared(Struct, frozen=True):
    """The place of an argument that is not in the task itself."""

    number: int


class Cluster(Executor):
    """The workers of the Dask cluster whose scheduler is at an address (``tcp://10.1.2.3:8786``).

    A call may take ``seconds``, the process that makes it ``memory`` bytes; a call that takes more fails by itself, as
    those of ``Workers`` do. Where the cluster is lost, the calls that are under way fail with ClusterError. Raises
    ModuleNotFoundError where Dask is not installed (``pip install perfxl[cluster]``), ClusterError where no scheduler
    answers, or it has no workers.
    """

    def __init__(
        self, address: str, *, seconds: float = DEFAULT.max_seconds, memory: int | None = DEFAULT.max_memory
    ) -> None:
        self.address = address
        self._session = _Session(uuid.uuid4().hex, pickle.dumps(_fits), seconds, memory)
        self._client = _client(address)
        self._pool = self._client.get_executor(pure=False)
        self._threads, self._looked, self._seen = 0, 0.0, time.monotonic()
        self._waiting: deque[_Call] = deque()
        self._alone: deque[_Call] = deque()
        """Calls of tasks at which worker after worker was lost: each is tried once more by itself."""
        self._under_way: dict[Future[bytes], Sequence[_Call]] = {}
        self._shared: tuple[bytes, Any] | None = None
        self._last: bytes | None = None
        self._changed = threading.Condition()
        self._closing = False
        self._count()
        if not self._threads:
            self._client.close()
            raise ClusterError(f"“{address}”那里的调度程序没有工作机；请先在各台机器上启动工作机（dask worker）")
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def ahead(self) -> int:
        """How many calls keep the cluster busy; ``perfxl.receive.run`` asks."""
        return DEEP * self._threads * BATCH

    def require(self, check: Check) -> None:
        """See that scheduler and workers, those that come later too, would do what this machine does.

        Raises UnfitClusterError with what the first one does otherwise.
        """
        self._session = replace(self._session, check=pickle.dumps(check))
        try:
            self._client.run_on_scheduler(_fits)
            said: dict[str, object] = self._client.run(_unfit, self._session.check, on_error="return")
        except ImportError as error:
            raise UnfitClusterError(_told("调度程序那里", error)) from None
        except Exception:  # noqa: BLE001 - whatever it is, it is not there any more
            raise self._lost("与调度程序的连接断了") from None
        for worker, why in sorted(said.items()):
            if why:
                raise UnfitClusterError(_told(f"工作机 {worker}", why))

    def submit(self, fn: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        """Queue a call; function, arguments and outcome have to be picklable."""
        future: Future[_T] = Future()
        with self._changed:
            if self._closing:
                raise RuntimeError("submit() after shutdown()")
            self._waiting.append((future, (fn, args, kwargs)))
            self._changed.notify()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002 - as the base class has it
        """Take no more calls and leave the cluster, after all queued calls or (``cancel_futures``) at once."""
        with self._changed:
            self._closing = True
            if cancel_futures:
                self._give_up(CancelledError())
            self._changed.notify()
        if wait:
            self._thread.join()

    # -- all that follows runs in the one thread that hands calls out, but for what is done with an answer ---------------

    def _run(self) -> None:
        try:
            while True:
                with self._changed:
                    if not self._finished() and not self._ready():
                        self._changed.wait(_LOOK)
                    if self._finished():
                        return
                    batch = self._next() if self._ready() else ()
                if time.monotonic() - self._looked > _LOOK:
                    self._count()
                if batch:
                    self._send(batch)
        except Exception:  # noqa: BLE001 - whatever it is, nobody hands out any more
            self._lose("与调度程序的连接断了")
        finally:
            with suppress(Exception):
                self._client.run(_rest, self._session.name)
            with suppress(Exception):
                self._client.close()

    def _ready(self) -> bool:
        return bool(self._waiting or self._alone) and len(self._under_way) < self._room

    @property
    def _room(self) -> int:
        return DEEP * max(self._threads, 1)

    def _finished(self) -> bool:
        return self._closing and not self._waiting and not self._alone and not self._under_way

    def _next(self) -> Sequence[_Call]:
        """Take the share of one task of what waits: little where there is little, so that all have something to do."""
        if self._alone:
            return [self._alone.popleft()]
        share = math.ceil(len(self._waiting) / (self._room - len(self._under_way)))
        batch: list[_Call] = []
        while self._waiting and len(batch) < min(share, BATCH):
            future, call = self._waiting.popleft()
            if future.set_running_or_notify_cancel():
                batch.append((future, call))
        return batch

    def _send(self, batch: Sequence[_Call]) -> None:
        shared: list[Any] = []
        calls = [(fn, tuple(self._sharing(one, shared) for one in args), kwargs) for _, (fn, args, kwargs) in batch]
        try:
            packed = pickle.dumps(calls)
        except Exception as error:  # noqa: BLE001 - what cannot be pickled is the caller's
            for future, _ in batch:
                future.set_exception(error)
            return
        task: Future[bytes] = self._pool.submit(_make, self._session, packed, *shared)
        with self._changed:
            self._under_way[task] = batch
        task.add_done_callback(self._hear)

    def _sharing(self, argument: object, shared: list[Any]) -> object:
        """Return an argument, or its place where it has come before and is large: then a worker gets it but once."""
        if not isinstance(argument, bytes) or len(argument) < _SHARED:
            return argument
        if self._shared is None or self._shared[0] is not argument:
            if self._last is not argument:
                self._last = argument
                return argument
            self._shared = (argument, self._client.submit(bytes, argument, pure=False))
        if not shared:
            shared.append(self._shared[1])
        return _Shared(0)

    def _hear(self, task: Future[bytes]) -> None:
        """Hand on what a task has come to."""
        with self._changed:
            batch = self._under_way.pop(task, ())
            self._changed.notify()
        if not batch:  # it was given up meanwhile
            return
        outcomes: list[tuple[bool, Any]]
        try:
            outcomes = pickle.loads(task.result())  # noqa: S301 - packed by perfxl on a worker
        except CancelledError:
            outcomes = [(False, self._lost("与调度程序的连接断了"))] * len(batch)
        except Exception as error:  # noqa: BLE001 - the task as a whole: worker after worker was lost at it
            if len(batch) > 1:
                with self._changed:
                    self._alone += batch
                    self._changed.notify()
                return
            outcomes = [(False, error)] * len(batch)
        for (future, _), (succeeded, outcome) in zip(batch, outcomes, strict=True):
            with suppress(InvalidStateError):  # it was given up meanwhile
                if succeeded:
                    future.set_result(outcome)
                else:
                    future.set_exception(outcome)

    def _count(self) -> None:
        """Ask how many threads there are; where there have been none for long, give up."""
        self._looked = time.monotonic()
        self._threads = sum(self._client.nthreads().values())
        if self._threads:
            self._seen = self._looked
        elif self._looked - self._seen > _PATIENCE and self._under_way:
            self._lose("所有工作机都断开了")

    def _lost(self, why: str) -> ClusterError:
        return ClusterError(f"“{self.address}”：{why}；已读完的结果都在，修好后再运行一次同样的命令就接着做")

    def _lose(self, why: str) -> None:
        with self._changed:
            self._closing = True
            self._give_up(self._lost(why))

    def _give_up(self, why: BaseException) -> None:
        begun = [*self._alone, *(call for batch in self._under_way.values() for call in batch)]
        waiting = [future for future, _ in self._waiting]
        for calls in (self._waiting, self._alone, self._under_way):
            calls.clear()
        for future in waiting:
            if isinstance(why, CancelledError):
                future.cancel()
            elif future.set_running_or_notify_cancel():
                future.set_exception(why)
        for future, _ in begun:
            with suppress(InvalidStateError):  # it was just done
                future.set_exception(why)


def _client(address: str) -> Any:
    """Connect to a scheduler; what Dask says of it meanwhile, in English, is not for a clerk."""
    import dask  # noqa: PLC0415 - a second, only for those who ask for it
    from distributed import Client  # noqa: PLC0415 - likewise

    dask.config.set({"distributed.admin.large-graph-warning-threshold": "1GB"})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return Client(address, timeout=10, set_as_default=False, name="perfxl")
        except Exception:  # noqa: BLE001 - whatever it is, there is no cluster
            raise ClusterError(f"“{address}”那里没有调度程序应答；请确认它已启动（dask scheduler），网络也通") from None


def _told(who: str, why: object) -> str:
    if isinstance(why, ImportError):
        return f'{who} 上没有 perfxl，或版本与本机不同；请在每台机器上安装同一版本（pip install "perfxl[cluster]"）'
    return f"{who} {why}" if isinstance(why, str) else f"{who} 没有应答"


# -- on a worker ----------------------------------------------------------------------------------------------------------

_IDLE = 3600.0
"""Seconds after which the processes of a run that left without a word, killed perhaps, are ended: a task takes less."""


class _Session(Struct, frozen=True):
    """One run's use of a cluster: what a worker has to meet, and the bounds of its processes."""

    name: str
    check: bytes
    seconds: float
    memory: int | None


class _Kept(Struct):
    """The watched processes that a worker keeps for a run."""

    workers: Workers
    used: float


_kept: dict[str, _Kept] = {}
_keeping = threading.Lock()


def _make(session: _Session, packed: bytes, *shared: bytes) -> bytes:
    """Make the calls of one task, each in a watched process of this worker; return their outcomes, packed."""
    calls: list[_Packed] = pickle.loads(packed)  # noqa: S301 - packed by perfxl on the machine that asks
    try:
        workers = _workers(session)
    except UnfitClusterError as error:
        return pickle.dumps([(False, error)] * len(calls))
    futures = [
        workers.submit(fn, *(shared[one.number] if isinstance(one, _Shared) else one for one in args), **kwargs)
        for fn, args, kwargs in calls
    ]
    return pickle.dumps([_outcome(future) for future in futures])


def _outcome(call: Future[Any]) -> tuple[bool, Any]:
    error = call.exception()
    return (True, call.result()) if error is None else (False, error)


def _workers(session: _Session) -> Workers:
    """Return the watched processes for a run, kept between its tasks. Raises UnfitClusterError."""
    from distributed import get_worker  # noqa: PLC0415 - this runs on a worker

    worker, now = get_worker(), time.monotonic()
    with _keeping:
        for name in [name for name, kept in _kept.items() if now - kept.used > _IDLE]:
            _kept.pop(name).workers.shutdown(wait=False)
        kept = _kept.get(session.name)
        if kept is None:
            why = _unfit(session.check)
            if why:
                raise UnfitClusterError(_told(f"工作机 {worker.address}", why))
            # Dask marks its workers such that they may not have processes of their own, which would be left over where
            # a worker is killed; ours end with it by themselves.
            mp.current_process().daemon = False
            kept = _kept[session.name] = _Kept(Workers(worker.state.nthreads, session.seconds, session.memory), now)
        kept.used = now
        return kept.workers


def _rest(name: str) -> None:
    """End the watched processes that were kept for a run."""
    with _keeping:
        kept = _kept.pop(name, None)
    if kept is not None:
        kept.workers.shutdown(wait=False, cancel_futures=True)


def _unfit(check: bytes) -> str:
    """Return what this worker would do otherwise."""
    asked: Check = pickle.loads(check)  # noqa: S301 - packed by perfxl on the machine that asks
    return asked()


def _fits() -> str:
    return ""
