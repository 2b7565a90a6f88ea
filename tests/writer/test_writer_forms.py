"""What an officer meets in every form: inputs open and guarded on all rows, the rest locked."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest
from xlsxwriter.worksheet import Worksheet

from perfxl.api import generate, layout
from perfxl.forms.definition.load import load_forms
from perfxl.model.field_type import Type
from perfxl.model.layout import Role
from support.packages import parts

FORMS = load_forms()
GUARDED = {kind for kind in Type if kind.numeric} | {Type.CHOICE, Type.TICK, Type.DATE}
OPEN = [name for name, form in FORMS.items() if not form.issued]


@pytest.mark.slow
@pytest.mark.parametrize("name", OPEN)
def test_numbers_dates_choices_and_ticks_are_guarded_on_every_row(name: str) -> None:
    form = FORMS[name]
    rows = {table: 7 for table in ("indicators", "projects", "tasks") if any(t == table for t in _tables(name))}
    sheet = openpyxl.load_workbook(io.BytesIO(generate(form, year=2024, rows=rows)))[form.sheet]
    guarded = {
        (row, area.min_col)
        for validation in sheet.data_validations.dataValidation
        for area in validation.sqref.ranges
        for row in range(area.min_row, area.max_row + 1)
    }
    wanted = {
        (cell.box.row, cell.box.column)
        for cell in layout(form, year=2024, rows=rows).cells
        if cell.role is Role.INPUT and cell.field is not None and cell.field.type in GUARDED
    }
    assert wanted <= guarded


def _tables(name: str) -> set[str]:
    return {path.partition("[]")[0] for path in FORMS[name].fields if "[]" in path}


@pytest.mark.slow
@pytest.mark.parametrize("name", FORMS)
def test_inputs_are_open_and_the_rest_is_locked(name: str) -> None:
    form = FORMS[name]
    sheet = openpyxl.load_workbook(io.BytesIO(generate(form, year=2024)))[form.sheet]
    assert sheet.protection.sheet
    for cell in layout(form, year=2024).cells:
        locked = sheet[cell.box.name].protection.locked
        if cell.role is Role.INPUT:
            assert locked == form.issued, cell.path
        elif cell.role in {Role.LABEL, Role.COMPUTED}:
            assert locked, cell.text or cell.path


@pytest.mark.slow
@pytest.mark.parametrize("name", FORMS)
def test_no_formula_names_a_function_that_wants_a_prefix(name: str) -> None:
    workbook = generate(FORMS[name], year=2024)
    written = b"".join(data for part, data in parts(workbook).items() if part.startswith("xl/worksheets/"))
    formulas = b" ".join(re.findall(rb"<(?:formula\d?|f)[ >][^<]*", written)).decode()
    functions = set(re.findall(r"[A-Z][A-Z0-9.]*(?=\()", formulas))
    assert "SUM" in functions or not FORMS[name].computed
    prefixed = Worksheet()._prepare_formula  # noqa: SLF001 - which PlainSheet leaves out
    assert [function for function in functions if prefixed(f"{function}(", True) != f"{function}("] == []
