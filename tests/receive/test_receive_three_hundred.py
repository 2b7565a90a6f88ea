"""Three hundred units by the real commands: sent out, filled in, thirty damaged in thirty ways, taken back in."""

from __future__ import annotations

import csv
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

import pytest

from perfxl.model.record import Record
from perfxl.model.value import IndicatorValue
from perfxl.reporting.reread import reread
from support.pile import contents
from support.units import DAMAGES, FORM, NAME, YEAR, filled, record, unit

UNITS = 300
T = TypeVar("T")
pytestmark = pytest.mark.slow


def timed(what: str, work: Callable[[], T]) -> T:
    begin = time.perf_counter()
    outcome = work()
    print(f"{what}: {time.perf_counter() - begin:.1f} s")  # noqa: T201 - the figures of this test, with pytest -s
    return outcome


def perfxl(*words: object) -> int:
    command = [sys.executable, "-m", "perfxl", *map(str, words), "--quiet"]
    return subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode


def fill(blank: Path, number: int, damage: str) -> None:
    data = filled(number, blank.read_bytes())
    blank.write_bytes(DAMAGES[damage][1](data) if damage else data)


def shown(values: Record) -> dict[str, object]:
    """Return values as they are compared: an indicator value by what was typed."""
    pairs = {path: value.text if isinstance(value, IndicatorValue) else value for path, value in values.values.items()}
    return {path: value for path, value in pairs.items() if value is not None}


def test_three_hundred_units(tmp_path: Path) -> None:
    roster, returns, output = tmp_path / "名册.csv", tmp_path / "returns", tmp_path / "output"
    units = dict(enumerate(map(unit, range(UNITS))))
    with roster.open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows([("单位代码", "单位名称"), *units.values()])
    sent = timed(
        "generate",
        lambda: perfxl("generate", NAME, "--year", YEAR, "--roster", roster, "--name", "{{code}}", "-o", returns),
    )
    assert sent == 0
    damaged = {10 * number + 3: damage for number, damage in enumerate(DAMAGES)}
    files = {number: returns / f"{code}.xlsx" for number, (code, _) in units.items()}
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        jobs = [pool.submit(fill, files[number], number, damaged.get(number, "")) for number in units]
        timed("fill (openpyxl)", lambda: [job.result() for job in jobs])

    assert timed("import", lambda: perfxl("import", returns, "-o", output, "--roster", roster)) == 3
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"largest process: {peak} MB")  # noqa: T201 - as above
    before = contents(output)
    assert timed("import again", lambda: perfxl("import", returns, "-o", output, "--roster", roster)) == 3
    assert contents(output) == before

    forms = {FORM.id: FORM}
    for number, (code, name) in units.items():
        submission = reread(before[f"{code}.json"], forms)
        codes = {finding.code for finding in submission.findings}
        if number in damaged:
            assert DAMAGES[damaged[number]][0] in codes, damaged[number]
            continue
        (form,) = submission.forms
        assert submission.status.value == "accepted", name
        assert (form.unit.code, form.unit.name, form.year) == (code, name, YEAR)
        assert shown(form.record) == shown(record(number)), name
    summary = json.loads(before["summary.json"])
    print("files", summary["files"], summary["status"], "units", summary["standing"])  # noqa: T201 - as above
    assert summary["files"] == UNITS
    assert summary["standing"]["missing"] == 0
