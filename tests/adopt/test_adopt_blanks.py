"""A blank of each shipped form, adopted and unedited, generates the same sheet."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from adopt_blanks import FORMS, YEAR, equal, stripped

from perfxl.adopt.adopting import AdoptedForm, adopt
from perfxl.api import generate
from perfxl.forms.definition.load import load_forms, read_common, shipped
from perfxl.model.field_type import Type
from support.command import Run

QUICK = {"jilin-dept-self-eval"}
EACH = [pytest.param(form, marks=() if form in QUICK else pytest.mark.slow) for form in FORMS]


@cache
def adopted(form: str) -> AdoptedForm:
    common, _ = read_common(shipped() / "common.yaml")
    (one,) = adopt(stripped(form), f"{form}.xlsx", common, form="adopted").forms
    return one


@pytest.mark.parametrize("form", EACH)
def test_generates_the_same_labels_merges_and_inputs(form: str) -> None:
    assert equal(stripped(form), generate(adopted(form).form, year=YEAR)) >= 0.99


@pytest.mark.parametrize("form", EACH)
def test_what_is_typed_is_read_back_to_its_place(form: str) -> None:
    assert adopted(form).proof == ()


@pytest.mark.parametrize("form", EACH)
def test_has_the_types_and_formulas_of_the_form(form: str) -> None:
    types = [field.type for field in adopted(form).form.fields.values() if field.formula is None]
    wanted = [field.type for field in load_forms()[form].fields.values() if field.formula is None]
    assert types.count(Type.MONEY) == wanted.count(Type.MONEY)
    assert types.count(Type.VALUE) == wanted.count(Type.VALUE)
    formulas = [field for field in adopted(form).form.fields.values() if field.formula is not None]
    assert len(formulas) == sum(field.formula is not None for field in load_forms()[form].fields.values())


@pytest.mark.slow
def test_the_command_writes_a_definition_that_loads(run: Run, tmp_path: Path) -> None:
    (tmp_path / "blank.xlsx").write_bytes(stripped("jilin-project-self-eval"))
    ran = run("adopt", tmp_path / "blank.xlsx", "-o", tmp_path / "own", "--id", "own-form")
    assert ran.code == 0
    assert "own-form/form.yaml" in ran.err
    assert run("lint", tmp_path / "own").code == 0


@pytest.mark.slow
def test_a_form_that_is_there_is_not_overwritten(run: Run, tmp_path: Path) -> None:
    (tmp_path / "blank.xlsx").write_bytes(stripped("jilin-project-self-eval"))
    (tmp_path / "own" / "own-form").mkdir(parents=True)
    (tmp_path / "own" / "own-form" / "form.yaml").write_text("mine", encoding="utf-8")
    ran = run("adopt", tmp_path / "blank.xlsx", "-o", tmp_path / "own", "--id", "own-form")
    assert ran.code == 2
    assert "--force" in ran.err
    assert (tmp_path / "own" / "own-form" / "form.yaml").read_text(encoding="utf-8") == "mine"
    assert run("adopt", tmp_path / "blank.xlsx", "-o", tmp_path / "own", "--id", "own-form", "--force").code == 0
