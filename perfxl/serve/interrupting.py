"""Workers of which one piece of work can be given up at once, without ending what others have asked of them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any, ParamSpec, TypeVar

from perfxl.workers import Stopped, Workers

_P = ParamSpec("_P")
_T = TypeVar("_T")


class Interruptible(Executor):
    """Watched workers as one piece of work has them; once given up, what they were at for it fails with Stopped."""

    def __init__(self, workers: Workers) -> None:
        self._workers = workers
        self._lock = threading.Lock()
        self._under_way: set[Future[Any]] = set()
        self._given_up = False

    def submit(self, fn: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        """Queue a call. Raises Stopped once the work was given up."""
        with self._lock:
            if self._given_up:
                raise Stopped
            future = self._workers.submit(fn, *args, **kwargs)
            self._under_way.add(future)
        future.add_done_callback(self._forget)
        return future

    def give_up(self) -> None:
        """Cancel what waits, end the processes that are at a call of this piece of work, and take no more of it."""
        with self._lock:
            self._given_up = True
            under_way = [*self._under_way]
        for future in under_way:
            self._workers.stop(future)

    def _forget(self, future: Future[_T]) -> None:
        with self._lock:
            self._under_way.discard(future)
