"""One run at a time in an output folder: the second is told, and harms nothing of the first."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from perfxl.model.error import Error
from perfxl.outputs import LOCK, reachable


class InUseError(Error):
    """Another run is writing into a folder, whose ``path`` it has."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.path = path

    def __str__(self) -> str:
        return f"另一个 perfxl 正在往“{self.path}”里写结果"


_HELD = {errno.EACCES, errno.EAGAIN, errno.EDEADLK}
_TRIES = 3


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder for one run. Raises InUseError where another run has it, OSError where it cannot be made.

    The system lets go of it when the process ends, whatever ends that; where a file system knows no locks there is none.
    """
    path = reachable(folder / LOCK)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = _opened(path, folder)
    try:
        yield
    finally:
        if os.name != "nt":  # there an open file cannot be removed
            with suppress(OSError):
                path.unlink()
        os.close(handle)
        if os.name == "nt":
            with suppress(OSError):
                path.unlink()


def _opened(path: Path, folder: Path) -> int:
    for _ in range(_TRIES):
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            _take(handle)
            # It may have been removed by the run that held it, after it was opened here and before it was taken.
            if os.path.samestat(os.fstat(handle), path.stat()):
                return handle
        except FileNotFoundError:
            pass
        except OSError as error:
            os.close(handle)
            if error.errno in _HELD:
                raise InUseError(folder) from error
            raise
        os.close(handle)
    raise InUseError(folder)


def _take(handle: int) -> None:
    """Take the lock of an open file. Raises OSError with an error of ``_HELD`` where another process has it."""
    try:
        import fcntl  # noqa: PLC0415 - not on Windows
    except ImportError:
        import msvcrt  # noqa: PLC0415 - only there

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _HELD:
            raise
        # No locks on this file system.
