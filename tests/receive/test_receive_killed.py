"""The real command, killed in the middle without warning, comes to the same end when it is started again."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from support.pile import bad, contents, good, lay, so_far, zipped

KILLS = int(os.environ.get("PERFXL_KILLS", "3"))
UNITS = 40
pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name == "nt", reason="no signals there")]


@pytest.fixture(scope="module")
def pile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    files = {
        f"{number % 7}/{number}.xlsx": (bad if number % 4 == 0 else good)(f"青溪区第{number}局", f"0304{number:02}")
        for number in range(UNITS)
    }
    files |= {"again/3.xlsx": bad("青溪区第3局", "030403"), "x.pdf": b"%PDF-1.7", "~$1.xlsx": b""}
    return lay(tmp_path_factory.mktemp("pile"), {**files, "批.zip": zipped({f"z/{n}.xlsx": good() for n in "ab"})})


def start(pile: Path, output: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "perfxl", "import", str(pile), "-o", str(output), "--quiet"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL)


def test_killed_at_random_moments_it_ends_as_if_nothing_had_happened(pile: Path, tmp_path: Path) -> None:
    assert start(pile, tmp_path / "whole").wait(300) == 3
    whole = contents(tmp_path / "whole")
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    killed = 0
    for kill in range(KILLS):
        output = tmp_path / f"{kill}"
        for _ in range(chance.randint(1, 3)):
            running = start(pile, output)
            if chance.random() < 0.25:  # hardly begun
                time.sleep(chance.uniform(0, 0.5))
            else:
                there = so_far(output)
                reached(there + chance.uniform(0, 0.8) * (len(whole) - there), output, running)
                time.sleep(chance.uniform(0, 0.1))
            killed += running.poll() is None
            running.kill()
            running.wait()
        assert start(pile, output).wait(300) == 3
        assert contents(output) == whole, f"seed {seed}, kill {kill}"
    assert killed, "every run was done before it was killed"


def reached(files: float, output: Path, running: subprocess.Popen[bytes]) -> None:
    """Wait until so many files have been written, or the run is over: how long that takes is the machine's affair."""
    deadline = time.monotonic() + 120
    while so_far(output) < files and running.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="no list of processes to read")
def test_killed_workers_cost_their_files_only_until_the_next_run(pile: Path, tmp_path: Path) -> None:
    assert start(pile, tmp_path / "whole").wait(300) == 3
    running = start(pile, tmp_path / "out")
    deadline = time.monotonic() + 60
    while running.poll() is None and time.monotonic() < deadline:
        time.sleep(0.3)
        for number in workers_of(running.pid)[:1]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
    assert running.wait(300) == 3
    assert start(pile, tmp_path / "out").wait(300) == 3
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")


def workers_of(parent: int) -> list[int]:
    """Return the processes that the server of a command has started."""
    above = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # gone by now
            above[int(status.parent.name)] = int(status.read_text(errors="replace").rpartition(")")[2].split()[1])
    return [number for number, server in above.items() if above.get(server) == parent]
