"""Figures typed over formulas: the marked copy has the formulas again, and gives the return back as it was."""

from __future__ import annotations

import io
import json
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

import perfxl
from perfxl.forms.definition.load import load_forms, shipped
from perfxl.marks.mark import is_finding_list, unmark
from perfxl.model.finding import Severity
from perfxl.model.submission import Submission
from perfxl.readers.book import read_book
from perfxl.receive.examine import with_copy
from perfxl.receive.library import Library
from perfxl.receive.pipeline import process
from support.office import Office

FORMS = load_forms()
LIBRARY = Library.of(FORMS)
COMPUTED = {
    name: [path for path in form.computed if form.fields[path].formula is not None and "[]" not in path]
    for name, form in FORMS.items()
}
WITH_FORMULAS = [name for name, paths in COMPUTED.items() if paths]


def read(data: bytes) -> Submission:
    return process(data, "交回.xlsx", LIBRARY)


def sample(name: str) -> bytes:
    data = json.loads((shipped() / name / "sample.json").read_text(encoding="utf-8"))
    return perfxl.generate(FORMS[name], data=data, year=2024)


def parts(workbook: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(workbook)) as package:
        return {name: package.read(name) for name in package.namelist()}


def typed_over(name: str) -> tuple[bytes, dict[str, str]]:
    """Return a form with 95 typed over all its totals and rates, and the formulas that stood there, by cell."""
    data = sample(name)
    (form,) = read(data).forms
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book[form.sheet]
    assert isinstance(sheet, Worksheet)
    cells = [form.cells[path] for path in COMPUTED[name] if path in form.cells]
    was = {cell: str(sheet[cell].value) for cell in cells}
    for cell in cells:
        sheet[cell].value = 95
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue(), was


@pytest.mark.slow
@pytest.mark.parametrize("name", WITH_FORMULAS)
def test_the_copy_has_the_formulas_again_and_gives_the_return_back(name: str) -> None:
    data, was = typed_over(name)
    submission = read(data)
    told, copy = with_copy(data, submission)
    assert copy is not None
    assert not [finding for finding in told.findings if finding.code == "F14"]
    assert parts(unmark(copy.data)) == parts(data)
    sheet = openpyxl.load_workbook(io.BytesIO(copy.data))[submission.forms[0].sheet]
    assert isinstance(sheet, Worksheet)
    told_of = {f.cell for f in submission.findings if f.cell in was and f.severity is not Severity.INFO}
    assert told_of
    for cell in told_of:
        assert str(sheet[str(cell)].value).startswith("="), cell
        assert "95" in str(sheet[str(cell)].comment), cell


@pytest.mark.slow
@pytest.mark.parametrize("name", WITH_FORMULAS)
def test_what_comes_back_unchanged_is_no_mistake_any_more(name: str) -> None:
    data, was = typed_over(name)
    _, copy = with_copy(data, read(data))
    assert copy is not None
    again = read(copy.data)
    assert [f for f in again.findings if f.cell in was and f.severity is Severity.ERROR] == []
    assert again.forms[0].record == read(data).forms[0].record


def test_where_nothing_was_typed_over_nothing_is_put_back() -> None:
    data = sample("mof-project-self-eval")
    book = openpyxl.load_workbook(io.BytesIO(data))
    book.worksheets[0]["F7"] = "约三百"
    buffer = io.BytesIO()
    book.save(buffer)
    _, copy = with_copy(buffer.getvalue(), read(buffer.getvalue()))
    assert copy is not None
    before, after = read_book(buffer.getvalue()), read_book(copy.data)
    assert not isinstance(before, perfxl.Finding)
    assert not isinstance(after, perfxl.Finding)
    assert [grid for grid in after.sheets if not is_finding_list(grid)] == list(before.sheets)


@pytest.mark.client
@pytest.mark.parametrize("name", ["hunan-dept-self-eval", "mof-project-self-eval", "hubei-dept-goal"])
def test_what_is_put_back_computes_what_it_shows(name: str, office: Office, tmp_path: Path) -> None:
    data, was = typed_over(name)
    _, copy = with_copy(data, read(data))
    assert copy is not None
    path = tmp_path / "copy.xlsx"
    path.write_bytes(copy.data)
    sheet = read(data).forms[0].sheet
    shown = openpyxl.load_workbook(io.BytesIO(copy.data), data_only=True)[sheet]
    theirs = office.recalculated(path)[sheet]
    assert isinstance(shown, Worksheet)
    for cell in was:
        value, got = shown[cell].value, theirs[cell]
        assert isinstance(value, int | float)
        assert isinstance(got, Decimal)
        assert float(got) == pytest.approx(value), cell
