"""What every command needs: the streams, exit codes, the forms, results on the disk."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TextIO

import typer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from perfxl.model.form import Form
    from perfxl.model.roster import Roster
    from perfxl.receive.against import Against
    from perfxl.roster.read import RosterError

OK, REJECTED, USAGE, UNREADABLE, FAULT = 0, 1, 2, 3, 4
"""Exit codes: all accepted, one rejected, wrong usage or a broken definition, something could not be read or written,
a fault of perfxl itself."""


def load(templates: list[Path] | None) -> Mapping[str, Form]:
    """Load the forms; a broken definition is told with all its mistakes."""
    from perfxl.forms.definition.problem import DefinitionError
    from perfxl.forms.stock import load_forms

    for folder in templates or ():
        if not folder.is_dir():
            usage(f"没有“{folder}”这个文件夹")
    try:
        return load_forms(*(templates or ()))
    except DefinitionError as error:
        usage("表样有错误，请先改正：\n" + "\n".join(map(str, error.problems)))


def form_of(known: Mapping[str, Form], name: str) -> Form:
    """Return a form by its id; another name is wrong usage."""
    from perfxl.forms.named import UnknownFormError, form_named

    try:
        return form_named(known, name)
    except UnknownFormError as error:
        usage(f"{error}；全部表式见 perfxl forms")


def read_units(path: Path) -> Roster:
    """Read a roster; every mistake in it is told, and what may be one."""
    from perfxl.model.error import reason_of
    from perfxl.roster.read import RosterError, read_roster

    try:
        roster = read_roster(path.read_bytes())
    except OSError as error:
        usage(f"名册“{path}”打不开：{reason_of(error)}")
    except RosterError as error:
        wrong_roster(path, error)
    for note in roster.notes:
        say(f"名册“{path}”：{note}")
    return roster


def wrong_roster(path: Path, error: RosterError) -> NoReturn:
    """End the command: a roster has mistakes, each of which is told."""
    usage(f"名册“{path}”有错误，请先改正：\n" + "\n".join(f"  {problem}" for problem in error.problems))


def look_back(folder: Path, known: Mapping[str, Form]) -> Against:
    """Look through a folder of submissions accepted earlier; what in it is none is told, and passed over."""
    from perfxl.model.error import reason_of
    from perfxl.receive.against import look_at

    try:
        found = look_at(folder.absolute(), known)
    except NotADirectoryError:
        usage(f"找不到文件夹“{folder}”；--against 应是以前导入时结果所在的文件夹")
    except OSError as error:
        usage(f"文件夹“{folder}”里的结果读不了：{reason_of(error)}")
    for name, said in found.strange:
        say(f"没有用来核对：“{(folder / name).as_posix()}”{said}")
    return found


def meant(word: str, known: Iterable[str]) -> str:
    """Return a half sentence with what was probably meant, "" where nothing is near."""
    import difflib

    guess = difflib.get_close_matches(word, list(known), 1)
    return f"，是否想写 {guess[0]}" if guess else ""


def write(path: Path, data: bytes) -> None:
    """Write a result whole; a disk that does not take it ends the command with exit code 3."""
    from perfxl.outputs import write_whole

    try:
        write_whole(path, data)
    except OSError as error:
        unwritable(path, error)


def ready(folders: Iterable[Path]) -> None:
    """See that there are folders for results before any work is done; a disk that has no room for one ends the command."""
    from perfxl.outputs import reachable

    for folder in folders:
        try:
            reachable(folder).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            unwritable(folder, error)


def unwritable(path: Path, error: OSError) -> NoReturn:
    """End the command: the disk does not take a result."""
    from perfxl.model.error import reason_of

    say(f"写不了“{path}”：{reason_of(error)}")
    raise typer.Exit(UNREADABLE) from None


class ConsoleStream:
    """Stdout or stderr. What stands behind it may be closed, full or gone: nothing that a command does ends for that."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.lost: OSError | None = None

    def write(self, text: str) -> None:
        self._try(lambda stream: stream.write(text))

    def flush(self) -> None:
        self._try(lambda stream: stream.flush())

    def is_terminal(self) -> bool:
        stream: TextIO | None = getattr(sys, self._name)
        return stream is not None and not stream.closed and stream.isatty()

    def _try(self, action: Callable[[TextIO], object]) -> None:
        stream: TextIO | None = getattr(sys, self._name)
        if self.lost is not None or stream is None or stream.closed:
            return
        try:
            action(stream)
        except OSError as error:
            self.lost = error
            # What is left in its buffer is not tried again when Python ends.
            with contextlib.suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


DEBUG = "PERFXL_DEBUG"
_STDOUT, _STDERR = ConsoleStream("stdout"), ConsoleStream("stderr")
_READER_GONE = {errno.EPIPE, errno.EINVAL, errno.ECONNRESET, errno.ESHUTDOWN}
"""EINVAL: what Windows says of a pipe that nobody reads."""


def out(text: str) -> None:
    """Write results to stdout."""
    _STDOUT.write(text)


def say(text: str) -> None:
    """Write a message to stderr; nothing in it, a file's name perhaps, steers the terminal."""
    from perfxl.reporting.typeset import visible

    _STDERR.write("".join(f"{visible(line)}\n" for line in text.split("\n")))


def on_terminal() -> bool:
    """Tell whether a person sees what goes to stdout."""
    return _STDOUT.is_terminal()


def watched_by_a_person() -> bool:
    """Tell whether a person sees what goes to stderr."""
    return _STDERR.is_terminal()


def finished(code: int) -> int:
    """Return the exit code of a command that is done: another one where its results did not all reach stdout.

    Whoever reads only the first lines wants no more; a disk that is full has lost some.
    """
    _STDOUT.flush()
    lost = _STDOUT.lost
    if lost is not None and lost.errno not in _READER_GONE:
        from perfxl.model.error import reason_of

        say(f"屏幕输出没有写完：{reason_of(lost)}")
        code = max(code, UNREADABLE)
    _STDERR.flush()
    return code


def report_fault(faults: Iterable[BaseException]) -> int:
    """Say that perfxl itself is at fault, and return the exit code that tells of it."""
    for fault in faults:
        show_trace(fault)
    say(
        f"程序自己出了错，没有全部做完；已写出的结果都是完整的。请设环境变量 {DEBUG}=1 再运行一次，把显示的内容交给维护人员"
    )
    return FAULT


def show_trace(fault: BaseException) -> None:
    """Show what went wrong, and where, to whoever asks for it."""
    import traceback

    if os.environ.get(DEBUG):
        _STDERR.write("".join(traceback.format_exception(fault)))


def usage(message: str) -> NoReturn:
    """End the command: it was called wrongly, or a definition is broken."""
    say(f"错误：{message}")
    raise typer.Exit(USAGE)
