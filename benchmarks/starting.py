"""Starting: what a command costs before it does anything, and the forms the first and the second time."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.figures import Figure, run
from benchmarks.files import FORM, filled

ROOM = "starting"
TWICE = (
    "import time; from perfxl.forms.definition.load import load_forms as load; times = [time.process_time()]\n"
    "for _ in range(2): load(); times.append(time.process_time())\n"
    "raise SystemExit(min(int((times[{n}] - times[{n} - 1]) * 1000), 250))"
)
"""The milliseconds of the first or the second loading, as the exit code."""


def figures(*, short: bool) -> Iterator[Figure]:
    rounds = 3 if short else 7
    with tempfile.TemporaryDirectory() as folder:
        one = Path(folder) / "one.xlsx"
        one.write_bytes(filled(FORM))
        for name, words, most in (("--help", ["--help"], 1.3), ("check one.xlsx", ["check", str(one)], None)):
            pairs = [
                (run("-m", "perfxl", *words, fine=(0, 1)).milliseconds, run("-c", "import typer").milliseconds)
                for _ in range(rounds)
            ]
            ours, bare = (median(times) for times in zip(*pairs, strict=True))
            ratio = median(a / b for a, b in pairs)
            yield Figure(ROOM, f"perfxl {name}", ours, "ms", "import typer", bare, ratio, most)
            if most is None:
                yield Figure(ROOM, f"perfxl {name}", ours, most=300)
    for number, name, most in ((1, "load_forms, the first time", None), (2, "load_forms, again", 5)):
        times = [_exit_code(TWICE.format(n=number)) for _ in range(rounds)]
        yield Figure(ROOM, name, median(times), most=most)


def _exit_code(code: str) -> float:
    return subprocess.run([sys.executable, "-c", code], check=False).returncode
