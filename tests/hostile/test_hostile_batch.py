"""A folder of hostile files through the command as a clerk starts it: each has its outcome, and nothing else happens."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from support.hostile import FORMULAS, MARKUP, hostile
from support.pile import good, lay

_BATCH = {"report.html", "findings.csv", "summary.json", ".perfxl-journal.jsonl", ".perfxl-imports.jsonl"}
_RUNS = re.compile(r"[\s\ufeff\u200b]*[=+@＝＋＠-]")
_NUMBER = re.compile(r"[-+－＋]?(\d[\d,]*(\.\d+)?%?)?")


def _imported(folder: Path, count: int, seed: int, seconds: float) -> None:
    """Import hostile files beside one that is right, and look at all that came of it."""
    given = {**dict(hostile(count, seed)), "right.xlsx": good()}
    returned, output = lay(folder / "returned", given), folder / "results"
    words = [sys.executable, "-m", "perfxl", "import", str(returned), "-o", str(output), "--jobs", "2", "--quiet"]
    ran = subprocess.run(
        words, capture_output=True, timeout=seconds, check=False, env={**os.environ, "PYTHONUTF8": "1"}
    )
    said = (ran.stdout + ran.stderr).decode(errors="replace")
    assert ran.returncode == 3, said
    assert "Traceback" not in said
    assert {path.relative_to(returned): path.read_bytes() for path in returned.rglob("*") if path.is_file()} == {
        Path(name): data for name, data in given.items()
    }
    _summarised(given.keys(), output)
    _only_results(output)
    _neutralised(output)


def _summarised(names: Iterable[str], output: Path) -> None:
    summary = json.loads((output / "summary.json").read_text(encoding="utf-8"))
    listed = {each["file"] for each in summary["returns"]}
    archives = {name[: name.index(".zip/") + 4] for name in listed if ".zip/" in name}
    passed = "\n".join(summary["passed_over"])
    shown = [name.encode(errors="surrogateescape").decode(errors="replace") for name in names]
    assert [name for name in shown if name not in listed | archives and f"“{name}" not in passed] == []
    right = next(each for each in summary["returns"] if each["file"] == "right.xlsx")
    assert right["status"] == "accepted"
    assert "F13" not in summary["codes"]
    assert summary["files"] == len(summary["returns"])


def _only_results(output: Path) -> None:
    summary = json.loads((output / "summary.json").read_text(encoding="utf-8"))
    named = {each[key] for each in summary["returns"] for key in ("document", "marked") if each[key]}
    there = {path.relative_to(output).as_posix() for path in output.rglob("*") if path.is_file()}
    assert there == named | _BATCH


def _neutralised(output: Path) -> None:
    page = (output / "report.html").read_text(encoding="utf-8")
    assert not [text for text in MARKUP if "<" in text and text in page]
    rows = list(csv.reader(io.StringIO((output / "findings.csv").read_text(encoding="utf-8-sig"))))
    assert not [cell for row in rows for cell in row if _RUNS.match(cell) and not _NUMBER.fullmatch(cell)]


@pytest.mark.slow
def test_what_is_looked_for_would_be_found() -> None:
    assert all(_RUNS.match(text) for text in FORMULAS)
    assert dict(hostile(30, 1)) == dict(hostile(30, 1)) != dict(hostile(30, 2))


@pytest.mark.slow
def test_eighty(tmp_path: Path) -> None:
    _imported(tmp_path, 80, seed=7, seconds=120)


@pytest.mark.slow
def test_a_thousand(tmp_path: Path) -> None:
    _imported(tmp_path, 1000, seed=71, seconds=600)
