"""A cluster on this machine: a scheduler and workers as processes of their own, started and ended by the tests."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_PATIENCE = 120.0


def environment(**more: str) -> dict[str, str]:
    """Return the environment in which perfxl and what the tests give it to do can be imported."""
    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    return {**os.environ, "PYTHONPATH": paths, **more}


def needed() -> None:
    """Leave out a test where Dask is not installed; where everything has to be, it fails."""
    if os.environ.get("CI"):
        importlib.import_module("distributed")
    else:
        pytest.importorskip("distributed")


@contextmanager
def scheduler(place: Path) -> Iterator[str]:
    """Give the address of a scheduler without workers."""
    told = place / "scheduler.json"
    words = ("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(told))
    with _running(place, "scheduler", *words):
        yield _said(told)


@contextmanager
def workers(place: Path, address: str, count: int, more: Mapping[str, str] | None = None) -> Iterator[None]:
    """Start worker processes, each with a nanny that starts it again; ``more`` is set in their environment."""
    words = ("worker", address, "--nworkers", str(count), "--nthreads", "1", "--no-dashboard", "--host", "127.0.0.1")
    with _running(place, "workers", *words, "--local-directory", str(place), more=more):
        _await(address, count)
        yield


@contextmanager
def machines(place: Path, count: int, more: Mapping[str, str] | None = None) -> Iterator[str]:
    """Give the address of a cluster with so many worker processes."""
    with ExitStack() as stack:
        address = stack.enter_context(scheduler(place))
        stack.enter_context(workers(place, address, count, more))
        yield address


def pids(address: str, count: int) -> Mapping[str, int]:
    """Return the number of each worker process, by its address, once there are so many: one that was killed comes again."""
    from distributed import Client  # noqa: PLC0415 - not there where only the quick tests are run

    end = time.monotonic() + _PATIENCE
    with Client(address, set_as_default=False) as client:
        while True:
            client.wait_for_workers(count, timeout=_PATIENCE)
            found: dict[str, int | None] = client.run(os.getpid, on_error="return")
            there = {worker: number for worker, number in found.items() if isinstance(number, int)}
            if len(there) == len(found) == count:
                return there
            if time.monotonic() > end:
                raise TimeoutError(str(found))
            time.sleep(0.2)


@contextmanager
def _running(place: Path, name: str, *words: str, more: Mapping[str, str] | None = None) -> Iterator[None]:
    with (place / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "dask", *words], env=environment(**(more or {})), stdout=log, stderr=log, cwd=place
        )
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _said(told: Path) -> str:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        if told.exists() and (text := told.read_text("utf-8")).endswith("}"):
            return str(json.loads(text)["address"])
        time.sleep(0.1)
    raise TimeoutError("the scheduler did not start")


def _await(address: str, count: int) -> None:
    from distributed import Client  # noqa: PLC0415 - likewise

    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(count, timeout=_PATIENCE)
