"""The program's own options, and the command demo."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from perfxl.cli.commands import PROGRAM
from perfxl.cli.console import Exit, on_terminal, out, unwritable
from perfxl.cli.options import NoColor, Output, choices, one_of
from perfxl.cli.parameters import Option


class Shell(StrEnum):
    """The programs for typing commands that can complete them."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"
    POWERSHELL = "powershell"


def show_program(
    *,
    version: Annotated[bool, Option("--version", help="显示版本。")] = False,
    completion: Annotated[
        Shell | None,
        Option(
            "--show-completion",
            metavar="bash|zsh|fish|powershell",
            help="输出按 Tab 键补全命令、选项、表式编号的脚本，接在命令行程序的配置文件后面即可。",
            reads=one_of("--show-completion", Shell),
            offers=choices(Shell),
        ),
    ] = None,
) -> None:
    """预算绩效附表：下发、离线填报、收回、审核、标注。"""
    if version:
        from perfxl import __version__

        out(f"{PROGRAM} {__version__}\n")
        raise Exit
    if completion is not None:
        from perfxl.cli.completing import SCRIPTS

        out(SCRIPTS[completion.value])
        raise Exit


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
