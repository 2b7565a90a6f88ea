"""Examples in documents: fenced blocks found, commands and programs run, what they print held against what is printed."""

from __future__ import annotations

import io
import re
import shlex
import sys
from collections.abc import Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

from perfxl import cli

ANYTHING = "…"
"""Alone on a line: any lines, or none; within a line: any characters."""
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """A fenced block: its language, the line at which its text begins, its text."""

    language: str
    line: int
    text: str


class Example(NamedTuple):
    """A command of a console block, and what the block says that it prints."""

    line: int
    command: str
    printed: str


def blocks(document: str) -> Iterator[Block]:
    """Yield the fenced blocks of a document in Markdown."""
    for found in _FENCE.finditer(document):
        yield Block(found[1], document[: found.start(2)].count("\n") + 1, found[2])


def examples(block: Block) -> Iterator[Example]:
    """Yield the commands of a console block."""
    for found in re.finditer(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block.text, re.MULTILINE):
        yield Example(block.line + block.text[: found.start()].count("\n"), found[1], found[2])


def fits(printed: str, expected: str) -> bool:
    """Tell whether a text is what an example says, blanks at the ends of lines aside."""
    pattern = "".join(
        "(?:.*\n)*?" if line.strip() == ANYTHING else re.escape(line.rstrip()).replace(ANYTHING, ".*") + " *\n"
        for line in expected.splitlines()
    )
    return re.fullmatch(pattern, printed if printed.endswith("\n") or not printed else f"{printed}\n") is not None


def run_command(command: str) -> str:
    """Run ``perfxl`` with the words of a command, and return what a terminal would show: stdout and stderr as they come."""
    shown = io.StringIO()
    words = shlex.split(command)
    with mock.patch.object(sys, "argv", words), redirect_stdout(shown), redirect_stderr(shown), suppress(SystemExit):
        cli.main()
    return shown.getvalue()


def show_file(name: str, printed: str) -> str:
    """Return what is in a file; one that is not there is made to be what the example shows."""
    path = Path(name)
    if not path.exists():
        path.write_text(printed, encoding="utf-8")
    return path.read_text(encoding="utf-8")


def run_programs(document: str, name: str) -> Iterator[tuple[Block, str, str | None]]:
    """Run the Python blocks of a document one after another, each knowing what those before it have made.

    Yields each with what it printed, and with what the block of text right behind it says, if there is one.
    """
    known: dict[str, Any] = {"__name__": "__main__"}
    found = list(blocks(document))
    for block, after in zip(found, [*found[1:], None], strict=True):
        if block.language == "python":
            shown = io.StringIO()
            code = compile("\n" * (block.line - 1) + block.text, name, "exec")
            with redirect_stdout(shown):
                exec(code, known)  # noqa: S102 - the program is ours
            expected = after.text if after is not None and after.language == "text" and _follows(block, after) else None
            yield block, shown.getvalue(), expected


def _follows(block: Block, after: Block) -> bool:
    return after.line <= block.line + block.text.count("\n") + 3


def commands(document: str) -> Sequence[Example]:
    """Return all commands of a document."""
    return [example for block in blocks(document) if block.language == "console" for example in examples(block)]
