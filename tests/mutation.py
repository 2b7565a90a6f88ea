"""How many small faults do the quick tests notice? ``python tests/mutation.py [--rooms …] [--tests …] [--count 200] …``.

Faults are drawn by chance from the modules of some rooms (``support/small_faults.py`` has their kinds) and planted one
at a time: a process of its own imports the faulty module in place of the sound one and runs the quick tests that pass
over the changed line, those of its own room first, until one fails. Which tests those are is measured once, by
coverage (some minutes; kept in ``--coverage FILE``), and again when the code changes; tests that a room has got since are
tried on all its faults. A fault is noticed where a test fails, where nothing can be imported, and where the tests take
many times as long as they should. With ``--long`` what survives is tried on the long tests of its room, which CI runs.
No file is changed.

POSIX only. Prints a line for each survivor, and the score.
"""

from __future__ import annotations

import argparse
import importlib.abc
import importlib.machinery
import importlib.util
import os
import signal
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from random import Random
from types import ModuleType

import coverage
import pytest

from support.small_faults import Fault, faults

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("expr", "values", "rules")
QUICK = "not client and not slow"
LONG = "slow and not client"
LONGEST = 120
"""Seconds that the long tests of a room may take where nothing is wrong."""
PATIENCE = 8
"""How many times as long as usual the tests of a fault may take, and a minute more."""


@dataclass(frozen=True, slots=True)
class Planted:
    """A fault in a module of perfxl, by the module's file below the root."""

    file: str
    fault: Fault

    @property
    def room(self) -> str:
        return self.file.split("/")[1]

    @property
    def module(self) -> str:
        return self.file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    def __str__(self) -> str:
        return f"{self.file}:{self.fault}"


@dataclass(frozen=True, slots=True)
class Passed:
    """The quick tests that pass over the lines of modules: by file and line, and how long each test takes.

    ``newer`` are the files of tests that were written to since this was measured.
    """

    over: Mapping[str, Mapping[int, AbstractSet[str]]]
    seconds: Mapping[str, float]
    newer: tuple[str, ...]
    marked: str = QUICK
    beforehand: float = 0.0
    """Seconds that what was never measured may take."""

    def tests(self, planted: Planted) -> list[str]:
        """Return the tests to run for a fault, those of its own room first, then the quickest.

        A line that is passed over only when its module is imported (a constant, what a rule is) concerns all tests of
        the module, and all of its room: some look at constants and run nothing of the module.
        """
        lines = self.over.get(planted.file, {})
        own = f"tests/{planted.room}/"
        found = lines.get(planted.fault.line)
        if not found:
            found = frozenset(test for test in self.seconds if test.startswith(own)).union(*lines.values())
        return sorted(found, key=lambda test: (not test.startswith(own), self.seconds.get(test, 0.0), test))

    def usual(self, planted: Planted) -> float:
        """Return how long the tests of a fault take where nothing is wrong, in seconds."""
        return self.beforehand + sum(self.seconds.get(test, 0.0) for test in self.tests(planted))

    def newer_of(self, planted: Planted) -> list[str]:
        """Return the files of the fault's own room that may hold tests which were not measured."""
        return [file for file in self.newer if file.startswith(f"tests/{planted.room}/")]


def drawn(rooms: Sequence[str], count: int, seed: int) -> list[Planted]:
    """Return faults drawn by chance from the modules of some rooms, each room with its share; the same by the same seed."""
    all_of_them = [
        Planted(path.relative_to(ROOT).as_posix(), fault)
        for room in rooms
        for path in sorted((ROOT / "perfxl" / room).rglob("*.py"))
        for fault in faults(path.read_text("utf-8"))
    ]
    return Random(seed).sample(all_of_them, min(count, len(all_of_them)))


def measured(data: Path, folders: Sequence[str]) -> Passed:
    """Return which quick tests in some folders pass over which lines; measured where there is no ``data``, or code is newer.

    A test that fails without any fault is left out, and one in other folders, where more were measured.
    """
    times = data.with_name(f".seconds-{data.name}")  # not `{data.name}.*`: coverage deletes what is called so
    code = (path for folder in ("perfxl", "templates") for path in (ROOT / folder).rglob("*.*[ly]"))
    if not data.exists() or data.stat().st_mtime < max(path.stat().st_mtime for path in code):
        command = [sys.executable, "-m", "pytest", *folders, "-q", "-n", "auto", "-m", QUICK, "-p", "no:cacheprovider"]
        command += ["--cov=perfxl", "--cov-context=test", "--cov-report=", "--durations=0", "--durations-min=0"]
        with times.open("w", encoding="utf-8") as said:
            settings = {**os.environ, "COVERAGE_FILE": str(data)}
            if subprocess.run(command, cwd=ROOT, check=False, stdout=said, env=settings).returncode > 1:
                sys.exit(f"the quick tests cannot be run: {times}")
    roots = tuple(f"{folder.rstrip('/')}/" for folder in folders)
    failed = set()
    seconds: defaultdict[str, float] = defaultdict(float)
    for line in times.read_text("utf-8").splitlines():
        if line.startswith(("FAILED ", "ERROR ")):
            failed.add(line.split(maxsplit=1)[1].partition(" - ")[0])
        taken, _, rest = line.partition("s ")
        if rest.startswith(("call ", "setup ", "teardown ")) and "::" in rest:
            seconds[rest.split(maxsplit=1)[1]] += float(taken)
    known = {test for test in seconds if test.startswith(roots)} - failed
    found = coverage.CoverageData(str(data))
    found.read()
    over = {}
    for file in found.measured_files():
        lines = found.contexts_by_lineno(file)
        over[Path(file).relative_to(ROOT).as_posix()] = {
            line: known.intersection(context.rpartition("|")[0] for context in contexts)
            for line, contexts in lines.items()
        }
    tests = sorted(file for root in roots for file in (ROOT / root).rglob("test_*.py"))
    newer = tuple(file.relative_to(ROOT).as_posix() for file in tests if file.stat().st_mtime > data.stat().st_mtime)
    return Passed(over, seconds, newer)


def unmeasured(folders: Sequence[str]) -> Passed:
    """Return the long tests in some folders: which lines they pass over is not known, so each fault gets those of its room."""
    files = sorted(file for folder in folders for file in (ROOT / folder).rglob("test_*.py"))
    return Passed({}, {}, tuple(file.relative_to(ROOT).as_posix() for file in files), LONG, LONGEST)


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives one module of perfxl with its fault; all others are found as ever."""

    def __init__(self, planted: Planted) -> None:
        self._planted = planted

    def find_spec(self, name: str, path: object, target: object = None) -> importlib.machinery.ModuleSpec | None:
        del path, target
        if name != self._planted.module:
            return None
        file = ROOT / self._planted.file
        return importlib.util.spec_from_file_location(
            name, file, loader=self, submodule_search_locations=[str(file.parent)] if file.stem == "__init__" else None
        )

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self._planted.fault.tree, self._planted.file, "exec"), vars(module))  # noqa: S102 - a fault of our own


class _Chosen:
    """A plugin that runs some tests only, in their order; before them what in some files was never measured."""

    def __init__(self, tests: Sequence[str], files: Collection[str], known: Collection[str]) -> None:
        self._places = {test: number for number, test in enumerate(tests)}
        self._files = files
        self._known = known

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep the tests that were chosen."""
        kept = [item for item in items if item.nodeid in self._places or self._is_new(item.nodeid)]
        items[:] = sorted(kept, key=lambda item: self._places.get(item.nodeid, -1))

    def _is_new(self, test: str) -> bool:
        return test not in self._known and test.partition("::")[0] in self._files


def notices(planted: Planted, passed: Passed) -> int:
    """Run tests on a faulty module in this process, which is good for nothing else afterwards; return pytest's exit code."""
    sys.meta_path.insert(0, _Finder(planted))
    tests, newer = passed.tests(planted), passed.newer_of(planted)
    files = list(dict.fromkeys((*newer, *(test.partition("::")[0] for test in tests))))
    arguments = ["-q", "-x", "-m", passed.marked, "-p", "no:cacheprovider", "--hypothesis-seed=0", *files]
    arguments += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]  # of what was imported beforehand
    code = int(pytest.main(arguments, plugins=[_Chosen(tests, newer, passed.seconds.keys())]))
    return 0 if code == pytest.ExitCode.NO_TESTS_COLLECTED and not tests else code


@dataclass(frozen=True, slots=True)
class _Running:
    planted: Planted
    ends: float


def tried(all_of_them: Sequence[Planted], passed: Passed, jobs: int, minutes: float) -> Iterator[tuple[Planted, bool]]:
    """Try faults, some at a time, until all are tried or time is up; yield each with whether a test noticed it."""
    waiting, running = list(reversed(all_of_them)), dict[int, _Running]()
    end = time.monotonic() + 60 * minutes
    while waiting or running:
        while waiting and len(running) < jobs and time.monotonic() < end:
            planted = waiting.pop()
            tests = passed.tests(planted)
            if not tests and not passed.newer_of(planted):
                yield planted, False
                continue
            ends = time.monotonic() + PATIENCE * passed.usual(planted) + 60
            running[_started(planted, passed)] = _Running(planted, ends)
        if not running:
            return
        for process in list(running):
            ended, status = os.waitpid(process, os.WNOHANG)
            if ended:
                yield running.pop(process).planted, os.waitstatus_to_exitcode(status) != 0
            elif time.monotonic() > running[process].ends:
                os.killpg(process, signal.SIGKILL)
                os.waitpid(process, 0)
                yield running.pop(process).planted, True
        time.sleep(0.02)


def _started(planted: Planted, passed: Passed) -> int:
    process = os.fork()
    if process:
        return process
    code = 1  # whatever goes wrong here is a fault noticed
    try:
        os.setpgid(0, 0)
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        os.chdir(ROOT)
        code = notices(planted, passed)
    finally:
        os._exit(code)


@cache
def preload() -> None:
    """Import what perfxl and its tests lean on, once for all faults; of perfxl itself nothing."""
    for name in (
        "hypothesis",
        "jinja2",
        "lxml.etree",
        "msgspec",
        "openpyxl",
        "rich.table",
        "typer",
        "xlsxwriter",
        "yaml",
    ):
        importlib.import_module(name)
    assert not any(name == "perfxl" or name.startswith("perfxl.") for name in sys.modules)


def main() -> None:
    """Draw, try, and tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rooms", nargs="+", default=ROOMS)
    parser.add_argument("--tests", nargs="+", default=["tests"], help="folders of tests that are to notice")
    parser.add_argument("--count", type=int, default=200, help="how many faults at most")
    parser.add_argument("--minutes", type=float, default=20, help="how long faults are tried")
    parser.add_argument(
        "--long", action="store_true", help="try on the long tests of its room what the quick ones did not notice"
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--coverage", type=Path, default=ROOT / ".coverage.mutation")
    asked = parser.parse_args()
    planted = drawn(asked.rooms, asked.count, asked.seed)
    passed = measured(asked.coverage, asked.tests)
    preload()
    for sound in planted[:3]:
        unchanged = replace(sound, fault=replace(sound.fault, place=None))
        if any(found for _, found in tried([unchanged], passed, 1, asked.minutes)):
            sys.exit(f"tests of {sound.file} fail without any fault")
    noticed, all_tried, survivors = Counter[str](), Counter[str](), list[Planted]()
    for one, found in tried(planted, passed, asked.jobs, asked.minutes):
        all_tried[one.room] += 1
        noticed[one.room] += found
        if not found:
            survivors.append(one)
            print(f"survived  {one}", flush=True)
    report(asked.rooms, noticed, all_tried)
    if asked.long:
        for one, found in tried(survivors, unmeasured(asked.tests), asked.jobs, asked.minutes):
            noticed[one.room] += found
            print(f"{'noticed ' if found else 'survived'}  {one}", flush=True)
        report(asked.rooms, noticed, all_tried)


def report(rooms: Sequence[str], noticed: Counter[str], all_tried: Counter[str]) -> None:
    """Print how many of the faults that were tried were noticed, by room and together."""
    for room in rooms:
        print(f"{room:9} {noticed[room]}/{all_tried[room]} noticed, {noticed[room] / max(1, all_tried[room]):.1%}")
    print(f"together  {noticed.total()}/{all_tried.total()} noticed, {noticed.total() / max(1, all_tried.total()):.1%}")


if __name__ == "__main__":
    main()
