"""Returns in states that other programs leave files in: what comes out, and the marked copy of each."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from perfxl.marks.mark import unmark
from perfxl.model.submission import Submission
from perfxl.receive.examine import with_copy
from perfxl.reporting.document import submission_json
from support import corpus
from support.packages import parts

FOLDER = Path(__file__).parent / "cases"
CASES = {path.name: path.read_bytes() for path in sorted(FOLDER.iterdir()) if path.suffix in {".xlsx", ".xls", ".ods"}}
IN_YUAN = {"24a-amount-shown-in-wan-by-format.xlsx", "25b-all-amounts-in-yuan-shown-as-wan.xlsx"}
SPLICED = [name for name in CASES if name.endswith(".xlsx") and not name.startswith("36h")]


@cache
def read(name: str) -> Submission:
    return corpus.read(CASES[name], name)


def expected(form: str) -> Any:
    return json.loads((FOLDER / f"{form}.json").read_text(encoding="utf-8"))


def data(submission: Submission) -> Any:
    (form,) = json.loads(submission_json(submission))["forms"]
    return form["data"]


def test_all_are_here() -> None:
    assert len(CASES) == 22


@pytest.mark.parametrize("name", sorted(CASES.keys() - IN_YUAN))
def test_the_data_come_out_and_nothing_is_an_error(name: str) -> None:
    found = read(name)
    assert data(found) == expected(found.forms[0].form)
    assert [finding for finding in found.findings if finding.severity.value == "error"] == []


@pytest.mark.parametrize("name", sorted(IN_YUAN))
def test_amounts_that_are_shown_otherwise_are_asked_back(name: str) -> None:
    found = read(name)
    whole = expected(found.forms[0].form)
    errors = [finding for finding in found.findings if finding.severity.value == "error"]
    assert {finding.code for finding in errors} == {"V02"}
    for finding in errors:
        wanted = whole
        for key in (finding.path or "").split("."):
            wanted = wanted[key]
        assert float(str(finding.fix.value)) == wanted
    assert {finding.path for finding in errors} >= {
        f"funds.{'total' if 'total' in str(errors[0].path) else 'fiscal'}.{key}"
        for key in ("initial", "budget", "executed")
    }


@pytest.mark.parametrize("name", ["31m-poi-sxssf-inline.xlsx", "34h-poi-hssf-formulas.xls"])
def test_results_that_no_program_has_worked_out_are_no_figures(name: str) -> None:
    codes = {finding.code for finding in read(name).findings}
    assert "S05" in codes
    assert codes.isdisjoint({"M01", "M07", "P03", "P05", "S04"})


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_the_marked_copy_reads_the_same(name: str) -> None:
    found = read(name)
    told, copy = with_copy(CASES[name], found)
    assert copy is not None
    assert copy.suffix == "xlsx"
    assert [finding for finding in told.findings if finding.code == "F14"] == []
    again = corpus.read(copy.data)
    assert again.forms[0].record == found.forms[0].record


@pytest.mark.slow
@pytest.mark.parametrize("name", SPLICED)
def test_marks_come_off_again(name: str) -> None:
    _, copy = with_copy(CASES[name], read(name))
    assert copy is not None
    assert parts(unmark(copy.data)) == parts(CASES[name])
