"""Every form's filled sample without its stamp: told from its siblings by its labels, and read completely."""

from __future__ import annotations

import io
import json
from collections.abc import Collection
from decimal import Decimal

import openpyxl
import pytest

from perfxl.api import generate
from perfxl.forms.definition.load import load_forms, shipped
from perfxl.model.finding import Severity
from perfxl.model.record import to_data
from perfxl.model.submission import By
from perfxl.receive.library import Library
from perfxl.receive.pipeline import process
from perfxl.values.label_text import key

FORMS = load_forms()
LIBRARY = Library.of(FORMS)


def without_stamp(workbook: bytes, sheet: str) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(workbook), data_only=True)
    del book["_perfxl"]
    book[sheet].defined_names.clear()
    properties = book.custom_doc_props  # type: ignore[attr-defined] # the stubs do not know them
    for name in list(properties.names):
        del properties[name]
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


PROJECT = ("jilin-project-self-eval", "mof-project-self-eval")
DEPARTMENT = ("hunan-dept-self-eval", "jilin-dept-self-eval")


def filled(name: str) -> bytes:
    form = FORMS[name]
    sample = json.loads((shipped() / name / "sample.json").read_text(encoding="utf-8"), parse_float=Decimal)
    return without_stamp(generate(form, year=2024, data=sample), form.sheet)


def without_labels(name: str, labels: Collection[str]) -> bytes:
    """The form without some of its labels."""
    book = openpyxl.load_workbook(io.BytesIO(filled(name)))
    for row in book[FORMS[name].sheet].iter_rows():
        for cell in row:
            if isinstance(cell.value, str) and key(cell.value) in labels:
                cell.value = None
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def own_labels(name: str, sibling: str) -> Collection[str]:
    return LIBRARY.patterns[name].by_key.keys() - LIBRARY.patterns[sibling].by_key.keys()


@pytest.mark.slow
@pytest.mark.parametrize(("name", "sibling"), [PROJECT, PROJECT[::-1], DEPARTMENT, DEPARTMENT[::-1]])
def test_siblings_are_told_apart_where_they_are_complete(name: str, sibling: str) -> None:
    for asked in (LIBRARY, Library.of({form: FORMS[form] for form in (name, sibling)})):
        submission = process(filled(name), "a.xlsx", asked)
        assert [found.form for found in submission.forms] == [name]
        assert "F10" not in {finding.code for finding in submission.findings}


@pytest.mark.slow
def test_without_the_labels_that_part_them_the_form_is_in_doubt() -> None:
    """Without a supervisor, points and their sum the national form is 吉林's."""
    submission = process(without_labels(PROJECT[1], {"主管部门", "分值", "得分", "总分"}), "a.xlsx", LIBRARY)
    (found,) = [finding for finding in submission.findings if finding.code == "F10"]
    assert found.severity is Severity.WARNING
    assert all(FORMS[name].region in found.message for name in PROJECT)


@pytest.mark.slow
def test_what_one_of_them_lacks_is_no_doubt_where_the_other_would_lack_more() -> None:
    """吉林's own labels are two: without them it is still no national form, of which half is not there."""
    submission = process(without_labels(PROJECT[0], own_labels(*PROJECT)), "a.xlsx", LIBRARY)
    assert [found.form for found in submission.forms] == [PROJECT[0]]
    assert "F10" not in {finding.code for finding in submission.findings}


@pytest.mark.slow
@pytest.mark.parametrize(("name", "sibling"), [DEPARTMENT, DEPARTMENT[::-1]])
def test_a_form_of_which_nothing_of_its_own_is_left_is_none(name: str, sibling: str) -> None:
    submission = process(without_labels(name, own_labels(name, sibling)), "a.xlsx", LIBRARY)
    assert not submission.forms
    assert [finding.code for finding in submission.findings] == ["F06"]


@pytest.mark.slow
@pytest.mark.parametrize("name", FORMS)
def test_it_is_recognised_by_its_labels_and_read_as_with_its_stamp(name: str) -> None:
    form = FORMS[name]
    sample = json.loads((shipped() / name / "sample.json").read_text(encoding="utf-8"), parse_float=Decimal)
    workbook = generate(form, year=2024, data=sample)
    stamped = process(workbook, "a.xlsx", LIBRARY).forms
    plain = process(without_stamp(workbook, form.sheet), "a.xlsx", LIBRARY)
    assert [(found.form, found.by) for found in plain.forms] == [(name, By.LAYOUT)]
    assert "F10" not in {finding.code for finding in plain.findings}
    assert to_data(form, plain.forms[0].record) == to_data(form, stamped[0].record)
    years = {"hubei-dept-goal", "henan-dept-goal"}
    assert plain.forms[0].year == (2024 if form.year_path or name in years else None)
