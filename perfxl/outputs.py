"""Where results go: names below the output folder, and writing that leaves whole files only."""

from __future__ import annotations

import itertools
import os
import re
import shutil
import stat
import tempfile
import time
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from perfxl.model.regex import deferred

_FORBIDDEN = deferred(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]')
_RESERVED = deferred(r"(?i)(con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³]|conin\$|conout\$)\s*(\..*)?")
_EDGES = " .~"
"""What a name neither begins nor ends with: ``~$`` is how Excel calls the locks beside its files."""
_LONGEST_NAME = 200
"""Bytes in UTF-8: file systems take 255, and results of the import add to the name."""

MARKED = ".marked"
OURS = ".perfxl-"
"""How the names of perfxl's own files begin that are no results."""
JOURNAL, LOCK, HISTORY = f"{OURS}journal.jsonl", f"{OURS}lock", f"{OURS}imports.jsonl"
_TEMPORARY = deferred(re.escape(OURS) + r"(?:(\d{1,9})-)?[^/]*\.tmp")
"""With the number of the process that it belongs to."""
_NUMBERS = itertools.count()
"""What tells the files that this process is writing from each other."""
_ABANDONED = 3600.0
"""Seconds after which a file that is half written is nobody's, where processes cannot be asked after."""
_LONGEST_ON_WINDOWS = 240
_DEVICES = {"/dev", "/dev/fd", "/proc/self/fd"}
"""``/dev/stdout`` may lead to a file, and is none."""


def safe_name(text: str) -> str:
    """Return a text as a name that every file system takes: no folders, nothing invisible, no device of Windows."""
    seen = "".join(char for char in unicodedata.normalize("NFC", text) if unicodedata.category(char) != "Cf")
    return cut_name(_FORBIDDEN.sub("_", seen).strip(_EDGES), "")


def cut_name(name: str, ending: str) -> str:
    """Return a name with an ending, the name cut where it is too long."""
    room = _LONGEST_NAME - len(ending.encode())
    short = name.encode()[:room].decode(errors="ignore").strip(_EDGES)
    whole = short + ending
    return f"_{whole}" if not whole or _RESERVED.fullmatch(whole) else whole


def is_ours(name: str) -> bool:
    """Tell whether a file is one of perfxl's own beside its results, by its name."""
    return name in {JOURNAL, LOCK, HISTORY} or (name.startswith(OURS) and name.endswith(".tmp"))


def reachable(path: Path) -> Path:
    """Return a path as the system takes it: Windows opens long ones only when they are spelled out."""
    if os.name != "nt":
        return path
    whole = str(path.absolute())
    if len(whole) < _LONGEST_ON_WINDOWS or whole.startswith("\\\\?\\"):
        return path
    return Path(f"\\\\?\\UNC{whole[1:]}" if whole.startswith("\\\\") else f"\\\\?\\{whole}")


def real(path: Path) -> Path:
    """Return where a path leads through all links; one that leads in a circle stays as it is."""
    try:
        return path.resolve()
    except (OSError, RuntimeError):  # a circle: RuntimeError up to Python 3.12
        return path.absolute()


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all. Raises OSError."""
    with writing_whole(path) as file:
        file.write(data)


@contextmanager
def writing_whole(path: Path) -> Iterator[BinaryIO]:
    """Open a file to be written piece by piece; it is there whole when the work is done, or not at all. Raises OSError.

    A device or a pipe at the path gets what was written, and stays what it is.
    """
    target = reachable(path)
    if is_device(target):
        with making_whole(path) as temporary, temporary.open("wb") as file:
            yield file
        return
    made = _opened_in(target.parent)
    temporary = Path(made.name)
    try:
        with made:
            yield made
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _opened_in(folder: Path) -> BinaryIO:
    """Open a new file in a folder, and make that where it is not there. Raises OSError."""
    while True:
        path = folder / f"{OURS}{os.getpid()}-{next(_NUMBERS)}.tmp"
        try:
            return path.open("xb")
        except FileExistsError:  # a process of this number was killed, or runs on another machine
            continue
        except (FileNotFoundError, NotADirectoryError):
            if folder.is_dir():  # it is the path that cannot be
                raise
            folder.mkdir(parents=True, exist_ok=True)


@contextmanager
def making_whole(path: Path) -> Iterator[Path]:
    """Give the path of an empty file to be written; it takes its place when the work is done. Raises OSError.

    A device or a pipe at the path gets what was written, and stays what it is.
    """
    target = reachable(path)
    with scratch(workplace(target)) as temporary:
        yield temporary
        if is_device(target):
            with temporary.open("rb") as made, target.open("wb") as device:
                shutil.copyfileobj(made, device)
        else:
            # It was made such that only its owner reads it: results are as readable as any other file.
            temporary.chmod(0o666 & ~_mask())
            temporary.replace(target)


def workplace(path: Path) -> Path:
    """Return the folder in which the file at a path is made: its own, but where it is a device or a pipe."""
    return Path(tempfile.gettempdir()) if is_device(path) else path.parent


def is_device(path: Path) -> bool:
    """Tell whether a path is a device or a pipe: nothing that a file may take the place of."""
    if str(path.absolute().parent) in _DEVICES:
        return True
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):  # ValueError: a name that no file can have
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


@contextmanager
def scratch(folder: Path) -> Iterator[Path]:
    """Give the path of an empty file in a folder, for the time of the work. Raises OSError."""
    place = reachable(folder)
    place.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(".tmp", f"{OURS}{os.getpid()}-", place)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def making_folder(path: Path) -> Iterator[Path]:
    """Give an empty folder to be filled; it takes the place of the folder at a path when the work is done. Raises OSError.

    What was in the folder before is gone then.
    """
    target = reachable(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh, old = (
        Path(tempfile.mkdtemp(dir=target.parent, prefix=f"{OURS}{os.getpid()}-", suffix=".tmp")) for _ in range(2)
    )
    try:
        yield fresh
        fresh.chmod(0o777 & ~_mask())
        if target.exists():
            target.replace(old / target.name)
        fresh.replace(target)
    finally:
        for folder in (fresh, old):
            shutil.rmtree(folder, ignore_errors=True)


def _mask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def sweep(folders: Iterable[Path]) -> None:
    """Remove what was left half written, here or in a run that was killed; what another one is just writing stays."""
    for folder in folders:
        with suppress(OSError):
            for left in list(os.scandir(reachable(folder))):
                found = _TEMPORARY.fullmatch(left.name)
                if found and _is_abandoned(left, int(found[1] or 0)):
                    _remove(left)


def _remove(left: os.DirEntry[str]) -> None:
    if left.is_dir(follow_symlinks=False):
        shutil.rmtree(left.path, ignore_errors=True)
    else:
        Path(left.path).unlink(missing_ok=True)


def _is_abandoned(file: os.DirEntry[str], process: int) -> bool:
    if process == os.getpid():
        return True  # nothing is written where it is swept
    if os.name != "nt" and process:
        try:
            os.kill(process, 0)  # no signal: whether there is such a process
        except ProcessLookupError:
            return True
        except OSError:
            pass
    return time.time() - file.stat(follow_symlinks=False).st_mtime > _ABANDONED
