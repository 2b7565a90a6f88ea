"""Every form's filled sample without its stamp: told from its siblings by its labels, and read completely."""

from __future__ import annotations

import io
import json
from decimal import Decimal

import openpyxl
import pytest

from perfxl.api import generate
from perfxl.forms.data import to_data
from perfxl.forms.load import load_forms, shipped
from perfxl.model.submission import By
from perfxl.pipeline import Library, process

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
