"""The seeds retyped as officers' own workbooks: recognised by their labels, read completely, nothing lost."""

from __future__ import annotations

import io
import json
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import returns_retype

from perfxl.forms.definition.load import load_forms
from perfxl.model.finding import Severity
from perfxl.model.submission import By, Submission
from perfxl.receive.library import Library
from perfxl.receive.pipeline import process
from perfxl.reporting.document import document

HERE = Path(__file__).parent
NAMES = tuple(returns_retype.MAKERS)
FORMS = load_forms()
LIBRARY = Library.of(FORMS)


@cache
def returned(file: str) -> Submission:
    return process((HERE / file).read_bytes(), file, LIBRARY)


@cache
def expected(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((HERE / f"{name}.json").read_text("utf-8"))
    return found


def datas(submission: Submission) -> list[Any]:
    return [json.loads(document(found.data)) for found in submission.forms]


@pytest.mark.parametrize("name", NAMES)
def test_every_form_is_recognised_by_its_layout(name: str) -> None:
    found = [(f.form, f.sheet, f.year, f.unit.name, f.by) for f in returned(f"{name}.xlsx").forms]
    wanted = expected(name)["forms"]
    assert found == [(f["form"], f["sheet"], f["year"], f["unit"], By.LAYOUT) for f in wanted]
    assert all(f.confidence > 0.98 for f in returned(f"{name}.xlsx").forms)


@pytest.mark.parametrize("name", NAMES)
def test_the_data_is_complete(name: str) -> None:
    found = datas(returned(f"{name}.xlsx"))
    for data, form in zip(found, expected(name)["forms"], strict=True):
        assert data == form["data"]


@pytest.mark.parametrize("name", NAMES)
def test_every_error_and_warning_is_one_that_an_auditor_would_give(name: str) -> None:
    """At these cells and no others; S08 only where something stands beside the form."""
    findings = [f for f in returned(f"{name}.xlsx").findings if f.severity is not Severity.INFO]
    told = [f"{f.severity.value} {f.code} {f.sheet}!{f.cell or ''}" for f in findings]
    assert sorted(told) == sorted(expected(name)["findings"])


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_the_workbook_is_what_its_maker_writes(name: str) -> None:
    made, kept = returns_retype.MAKERS[name](), (HERE / f"{name}.xlsx").read_bytes()
    with zipfile.ZipFile(io.BytesIO(made)) as one, zipfile.ZipFile(io.BytesIO(kept)) as other:
        assert one.namelist() == other.namelist()
        assert all(one.read(part) == other.read(part) for part in one.namelist())
    assert returns_retype.MAKERS[name]() == made
