"""Workers that begin with what their parent has loaded; what it is still to do is its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere workers load everything themselves")

LOADED = "'colorsys' in __import__('sys').modules"
"""A module that nothing else imports."""
OPEN = "[__import__('os').path.realpath(one) for one in __import__('glob').glob('/proc/self/fd/[0-9]*')]"
BEGIN = """
import atexit, colorsys, gc, os, sys, threading
from multiprocessing import util
from perfxl.prefork import share_what_is_loaded
from perfxl.workers import Workers
"""


def ran(code: str, folder: Path) -> list[str]:
    """Run a program that has loaded a module and imported what is tested; return its lines."""
    done = subprocess.run(
        [sys.executable, "-c", BEGIN + code], cwd=folder, capture_output=True, text=True, check=False, timeout=120
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


def asked(question: str) -> str:
    return f"with Workers(1, 60) as workers: print(workers.submit(eval, {question!r}).result())\n"


def test_workers_have_what_was_loaded(tmp_path: Path) -> None:
    shared = "share_what_is_loaded(); share_what_is_loaded()\n"
    assert ran(shared + asked(LOADED), tmp_path) == ["True"]
    assert ran(asked(LOADED), tmp_path) == ["False"]


def test_a_second_thread_forbids_it(tmp_path: Path) -> None:
    held = "done = threading.Event(); threading.Thread(target=done.wait).start(); share_what_is_loaded()\n"
    assert ran(f"{held}{asked(LOADED)}done.set()\n", tmp_path) == ["False"]


def test_what_the_parent_has_still_to_do_is_done_once(tmp_path: Path) -> None:
    code = f"""
lock = open("lock", "w"); lock.write("once\\n")
atexit.register(print, "ended")
sys.stdout.write("begun\\n")
way = util.spawnv_passfds
share_what_is_loaded()
{asked(OPEN)}assert util.spawnv_passfds is way
"""
    begun, files, ended = ran(code, tmp_path)
    assert (begun, ended) == ("begun", "ended")
    assert str(tmp_path / "lock") not in files
    assert (tmp_path / "lock").read_text() == "once\n"


def test_a_program_without_streams_shares_too(tmp_path: Path) -> None:
    code = f"""
kept = sys.stdout
sys.stdout = sys.stderr = None
share_what_is_loaded()
sys.stdout = kept
{asked(LOADED)}"""
    assert ran(code, tmp_path) == ["True"]


def test_a_worker_that_dies_does_not_take_the_server_with_it(tmp_path: Path) -> None:
    code = f"""
from perfxl.workers import WorkerDied
share_what_is_loaded()
with Workers(1, 60) as workers:
    dead = workers.submit(os._exit, 5)
    assert isinstance(dead.exception(), WorkerDied)
    print(workers.submit(eval, {LOADED!r}).result())
"""
    assert ran(code, tmp_path) == ["True"]
