"""What every command needs: the streams, exit codes, the forms, results on the disk."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from perfxl.model.form import Form
    from perfxl.model.roster import Roster
    from perfxl.receive.against import Against
    from perfxl.roster.read import RosterError

OK, REJECTED, USAGE, UNREADABLE = 0, 1, 2, 3
"""Exit codes: all accepted, one rejected, wrong usage or a broken definition, something could not be read or written."""


def load(templates: list[Path] | None) -> Mapping[str, Form]:
    """Load the forms; a broken definition is told with all its mistakes."""
    from perfxl.forms.definition.load import load_forms
    from perfxl.forms.definition.problem import DefinitionError

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
    """Read a roster; every mistake in it is told."""
    from perfxl.model.error import reason_of
    from perfxl.roster.read import RosterError, read_roster

    try:
        return read_roster(path.read_bytes())
    except OSError as error:
        usage(f"名册“{path}”打不开：{reason_of(error)}")
    except RosterError as error:
        wrong_roster(path, error)


def wrong_roster(path: Path, error: RosterError) -> NoReturn:
    """End the command: a roster has mistakes, each of which is told."""
    usage(f"名册“{path}”有错误，请先改正：\n" + "\n".join(f"  {problem}" for problem in error.problems))


def look_back(folder: Path, known: Mapping[str, Form]) -> Against:
    """Look through a folder of submissions accepted earlier; what in it is none is told, and passed over."""
    from perfxl.model.error import reason_of
    from perfxl.receive.against import look_at

    try:
        found = look_at(folder, known)
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


def unwritable(path: Path, error: OSError) -> NoReturn:
    """End the command: the disk does not take a result."""
    from perfxl.model.error import reason_of

    say(f"写不了“{path}”：{reason_of(error)}")
    raise typer.Exit(UNREADABLE) from None


def out(text: str) -> None:
    """Write results to stdout."""
    sys.stdout.write(text)


def say(text: str) -> None:
    """Write a message to stderr."""
    sys.stderr.write(f"{text}\n")


def usage(message: str) -> NoReturn:
    """End the command: it was called wrongly, or a definition is broken."""
    say(f"错误：{message}")
    raise typer.Exit(USAGE)
