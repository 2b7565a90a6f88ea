"""The returns opened and saved again by other programs: the same data, the same errors and warnings."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from test_returns_data import HERE, LIBRARY, NAMES, datas, expected

from perfxl.model.finding import Severity
from perfxl.model.submission import Submission
from perfxl.receive.pipeline import process
from support.office import Office

pytestmark = pytest.mark.client


def agrees(submission: Submission, name: str) -> bool:
    told = [
        f"{f.severity.value} {f.code} {f.sheet}!{f.cell or ''}"
        for f in submission.findings
        if f.severity is not Severity.INFO
    ]
    same = datas(submission) == [form["data"] for form in expected(name)["forms"]]
    return same and sorted(told) == sorted(expected(name)["findings"])


@pytest.mark.parametrize("suffix", ["xlsx", "xls", "ods"])
@pytest.mark.parametrize("name", NAMES)
def test_saved_by_libreoffice(name: str, suffix: str, office: Office, tmp_path: Path) -> None:
    saved = office.convert(HERE / f"{name}.{suffix}", "xlsx", tmp_path)
    assert agrees(process(saved.read_bytes(), saved.name, LIBRARY), name)


@pytest.mark.parametrize("name", NAMES)
def test_saved_by_gnumeric(name: str, tmp_path: Path) -> None:
    saved = tmp_path / "a.xlsx"
    subprocess.run(["ssconvert", HERE / f"{name}.xlsx", saved], check=True, capture_output=True)
    assert agrees(process(saved.read_bytes(), saved.name, LIBRARY), name)
