"""kill -9 in the middle of writing reports and notices: what is there is whole, and the next run ends as if nothing had been."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from perfxl.forms.definition.load import shipped
from perfxl.model.finding import Finding, Severity
from support.filings import document, filed
from support.pile import contents, lay, so_far

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name == "nt", reason="no signals there")]

REPORT, TABLE = "hunan-self-eval-report", "hunan-dept-self-eval"
COUNT = 30
SUM = Finding("M05", Severity.ERROR, "全年执行数 120.00 大于全年预算数 100.00，多 20.00", "自评表", "F5")


def started(*words: str | Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "perfxl", *map(str, words), "--quiet"], stdout=subprocess.DEVNULL)


def ended(*words: str | Path) -> int:
    with started(*words) as running:
        return running.wait(300)


def report(number: int) -> bytes:
    data: dict[str, Any] = json.loads((shipped() / REPORT / "sample.json").read_text("utf-8"), parse_float=Decimal)
    name = f"第{number:02}局"
    return document(
        f"{name}.xlsx", filed(REPORT, {**data, "unit_name": name}, year=2023, unit=name, code=f"{number:03}")
    )


def returned(number: int) -> bytes:
    name = f"第{number:02}局"
    form = filed(TABLE, {"unit_name": name, "year": 2023}, year=2023, unit=name, code=f"{number:03}")
    return document(f"{name}.xlsx", form, findings=(SUM,))


def test_reports_that_are_there_are_whole_and_the_next_run_writes_the_rest(tmp_path: Path) -> None:
    source = lay(tmp_path / "结果", {f"{n:02}.json": report(n) for n in range(COUNT)})
    assert ended("report", source, "-o", tmp_path / "whole") == 0
    whole = contents(tmp_path / "whole")
    assert len(whole) == COUNT
    out = tmp_path / "out"
    with started("report", source, "-o", out) as running:
        deadline = time.monotonic() + 120
        while so_far(out) < 2 and time.monotonic() < deadline:
            time.sleep(0.01)
        running.send_signal(signal.SIGKILL)
    left = {name: data for name, data in contents(out).items() if not name.startswith(".perfxl-")}
    assert 0 < len(left) < COUNT
    assert left.items() <= whole.items()
    assert ended("report", source, "-o", out) == 0
    assert contents(out) == whole


def test_the_old_notices_are_there_until_the_new_ones_are_whole(tmp_path: Path) -> None:
    source = lay(tmp_path / "结果", {f"{n:02}.json": returned(n) for n in range(COUNT)})
    target = tmp_path / "out" / "退回通知.docx"
    begin = time.monotonic()
    assert ended("notices", source, "-o", target) in {0, 1}
    took, before = time.monotonic() - begin, target.read_bytes()
    for share in (0.4, 0.7, 0.9):
        with started("notices", source, "-o", target) as running:
            time.sleep(share * took)
            running.send_signal(signal.SIGKILL)
        assert target.read_bytes() == before
    assert ended("notices", source, "-o", target) in {0, 1}
    assert [path.name for path in target.parent.iterdir()] == [target.name]
    assert target.read_bytes() == before
