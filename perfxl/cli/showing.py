"""The program's own options, and the command demo."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from perfxl.cli.console import on_terminal, out, unwritable
from perfxl.cli.options import NoColor, Output, choices, one_of

PROGRAM = "perfxl"
_COMPLETES = "_PERFXL_COMPLETE"
"""How the shell's script says that it wants to know what may come next."""


class Shell(StrEnum):
    """The programs for typing commands that can complete them."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"
    POWERSHELL = "powershell"


def show_version(wanted: bool) -> None:  # noqa: FBT001 - typer's callback has it so
    """Print the version and end."""
    if wanted:
        from perfxl import __version__

        out(f"{PROGRAM} {__version__}\n")
        raise typer.Exit


def show_completion(shell: Shell | None) -> None:
    """Print the script that makes a shell complete commands, options, forms, and end."""
    if shell is not None:
        from typer.completion import get_completion_script  # type: ignore[attr-defined] # what typer itself prints

        script = get_completion_script(prog_name=PROGRAM, complete_var=_COMPLETES, shell=shell.value)
        out(f"{script}\n")
        raise typer.Exit


def prepare_completion() -> None:
    """Get ready to answer a shell, where it is one that asks."""
    if _COMPLETES in os.environ:
        from typer.completion import completion_init  # type: ignore[attr-defined]

        completion_init()


def show_program(
    *,
    version: Annotated[
        bool, typer.Option("--version", help="显示版本。", callback=show_version, is_eager=True)
    ] = False,
    completion: Annotated[
        Shell | None,
        typer.Option(
            "--show-completion",
            metavar="bash|zsh|fish|powershell",
            help="输出按 Tab 键补全命令、选项、表式编号的脚本，接在命令行程序的配置文件后面即可。",
            callback=show_completion,
            is_eager=True,
            parser=one_of("--show-completion", Shell),
            autocompletion=choices(Shell),
        ),
    ] = None,
) -> None:
    """预算绩效附表：下发、离线填报、收回、审核、标注。"""
    del version, completion  # both have been dealt with


def show_demo(*, output: Output = Path("output"), no_color: NoColor = False) -> None:
    """演示全过程：下发一张表，照真实数字填好，收回、审核、标注。"""
    import shutil

    from perfxl.demo import demo

    color = not no_color and not os.environ.get("NO_COLOR") and on_terminal()
    try:
        for text in demo(output, color=color, width=min(shutil.get_terminal_size((100, 24)).columns, 120)):
            out(text)
    except OSError as error:
        unwritable(output, error)
