"""Starting: what a command costs before it does anything, and the forms the first and the second time."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from figures import Figure, run
from files import FORM, filled

ROOM = "starting"
TWICE = (
    "import time; from perfxl.forms.definition.load import load_forms as load; times = [time.process_time()]\n"
    "for _ in range(2): load(); times.append(time.process_time())\n"
    "raise SystemExit(min(int((times[{n}] - times[{n} - 1]) * 1000), 250))"
)
"""The milliseconds of the first or the second loading, as the exit code."""


def figures(*, short: bool) -> Iterator[Figure]:
    rounds = 3 if short else 7
    help_, bare = [], []
    for _ in range(rounds):
        help_.append(run("-m", "perfxl", "--help").milliseconds)
        bare.append(run("-c", "import typer").milliseconds)
    ratio = median(a / b for a, b in zip(help_, bare, strict=True))
    yield Figure(ROOM, "perfxl --help", median(help_), "ms", "import typer", median(bare), ratio, 1.3)
    with tempfile.TemporaryDirectory() as folder:
        one = Path(folder) / "one.xlsx"
        one.write_bytes(filled(FORM))
        times = [run("-m", "perfxl", "check", str(one), fine=(0, 1)).milliseconds for _ in range(rounds)]
    yield Figure(ROOM, "perfxl check one.xlsx", median(times), most=300)
    for number, name, most in ((1, "load_forms, the first time", None), (2, "load_forms, again", 5)):
        times = [_exit_code(TWICE.format(n=number)) for _ in range(rounds)]
        yield Figure(ROOM, name, median(times), most=most)


def _exit_code(code: str) -> float:
    return subprocess.run([sys.executable, "-c", code], check=False).returncode
