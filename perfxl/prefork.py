"""Workers that begin with what this process has loaded already: modules, forms, their patterns.

Worker processes come from a server that ``multiprocessing`` starts as a new Python, which loads everything once more: as
long as reading thirty files takes. Where the system forks, and this process is at one thing only, its server can be this
process as it stands: nothing is loaded twice. Elsewhere all stays as it is, slower by that and otherwise the same.
"""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing import forkserver, resource_tracker, util
from pathlib import Path
from typing import Any, TextIO

_STREAMS = 3
"""Standard input, output and error, which a server keeps."""


def share_what_is_loaded() -> None:
    """Make the server of worker processes of this process as it is now, unless one is running.

    Not where there is a second thread: what that holds at this moment would be held in the server for good.
    """
    if sys.platform != "linux" or threading.active_count() != 1:
        return
    gc.freeze()  # what is loaded stays: to look through it for rings would copy it into every process
    spawned = util.spawnv_passfds
    util.spawnv_passfds = _fork  # type: ignore[assignment] # it takes what a server is started with
    try:
        resource_tracker.ensure_running()  # a process of its own, which the server wants
        with suppress(OSError):  # as workers have it: the server's address is too long for the system
            forkserver.ensure_running()
    finally:
        util.spawnv_passfds = spawned


def _fork(path: bytes, words: Sequence[Any], kept: Sequence[int]) -> int:
    """Do in a copy of this process what a new Python would be told to do; return the number of the copy."""
    del path
    streams: tuple[TextIO | None, ...] = (sys.stdout, sys.stderr)
    for stream in streams:
        if stream is not None:  # it was closed from the beginning
            with suppress(OSError, ValueError):  # closed since, perhaps
                stream.flush()  # what is still to be written is written once
    number = os.fork()
    if number:
        return number
    try:
        _close_all_but(kept)
        exec(words[-1], {})  # noqa: S102 - the words of multiprocessing, which names the server's own function
    finally:
        os._exit(0)  # nothing of what this process has still to do is done twice


def _close_all_but(kept: Sequence[int]) -> None:
    """Close files of this process in its copy: a lock is held by one."""
    for name in [entry.name for entry in Path("/proc/self/fd").iterdir()]:
        if int(name) >= _STREAMS and int(name) not in kept:
            with suppress(OSError):
                os.close(int(name))
