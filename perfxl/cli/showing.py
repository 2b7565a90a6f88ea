"""The command demo."""

from __future__ import annotations

import sys
from pathlib import Path

from perfxl.cli.console import out
from perfxl.cli.options import NoColor, Output


def show_demo(*, output: Output = Path("output"), no_color: NoColor = False) -> None:
    """演示全过程：下发一张表，照真实数字填好，收回、审核、标注。"""
    import os
    import shutil

    from perfxl.demo import demo

    color = not no_color and not os.environ.get("NO_COLOR") and sys.stdout.isatty()
    for text in demo(output, color=color, width=min(shutil.get_terminal_size((100, 24)).columns, 120)):
        out(text)
