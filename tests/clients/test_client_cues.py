"""The light fill of what is still to be filled in, worked out by LibreOffice: there on a blank, gone on a finished form."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfxl.api import generate, layout
from perfxl.forms.definition.load import load_forms
from perfxl.model.field_type import Type
from perfxl.model.form import Form
from perfxl.model.layout import Layout, Role
from perfxl.writer.places import Places
from perfxl.writer.unfilled import blank_tests
from support.office import Office
from support.ordinary import ordinary

pytestmark = pytest.mark.client

FORMS = {name: form for name, form in load_forms().items() if not form.issued}


def filled_lightly(form: Form, placed: Layout, typed: dict[str, str | int], office: Office, path: Path) -> set[str]:
    """Return the first cells of the areas that are filled when some things have been typed."""
    tests = blank_tests(placed, Places.of(placed))
    path.write_bytes(generate(form, year=2024))
    steps: list[dict[str, object]] = [{"cell": cell, "type": value} for cell, value in typed.items()]
    steps.append({"unprotect": ""})
    steps += [{"cell": f"Z{row}", "type": f"=IF({test},1,0)"} for row, (_, test) in enumerate(tests, start=1)]
    values = office.recalculated(office.edit(path, [{"sheet": form.sheet, **step} for step in steps], path))[form.sheet]
    return {box.name for row, (box, _) in enumerate(tests, start=1) if values[f"Z{row}"] == 1}


LEFT_OUT = {"other", "carryover", "supervisor", "purpose", "remark", "attribute", "period"}
"""What a unit may have nothing for."""


@pytest.mark.parametrize("name", FORMS)
def test_a_finished_form_has_no_fill_though_some_of_it_is_blank(name: str, office: Office, tmp_path: Path) -> None:
    form = FORMS[name]
    placed = layout(form, year=2024)
    blank = {
        cell.box.name
        for cell in placed.cells
        if cell.role is Role.INPUT and cell.field is not None and "[" not in cell.path and cell.value is None
    }
    assert filled_lightly(form, placed, {}, office, tmp_path / "a.xlsx") >= blank
    left_out = {cell.box.name for cell in placed.cells if cell.field is not None and cell.field.key in LEFT_OUT}
    typed = {at: value for at, value in ordinary(placed).items() if at not in left_out}
    assert filled_lightly(form, placed, typed, office, tmp_path / "b.xlsx") == set()


@pytest.mark.parametrize("name", ["mof-project-self-eval", "hunan-dept-self-eval", "hubei-dept-goal"])
def test_what_must_be_filled_in_keeps_its_fill_and_that_of_the_rest(name: str, office: Office, tmp_path: Path) -> None:
    form = FORMS[name]
    placed = layout(form, year=2024)
    unit = next(cell.box.name for cell in placed.cells if cell.path == form.unit_path)
    amount = next(
        cell.box.name
        for cell in placed.cells
        if cell.role is Role.INPUT and cell.field and cell.field.type is Type.MONEY
    )
    typed = {at: value for at, value in ordinary(placed).items() if at not in {unit, amount}}
    assert filled_lightly(form, placed, typed, office, tmp_path / "a.xlsx") >= {unit, amount}
