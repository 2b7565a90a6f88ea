"""Fifty forms that units fill in sensibly, typed into blanks in LibreOffice: none is sent back, nothing is said without need."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from perfxl.api import generate, read
from perfxl.model.finding import Severity
from perfxl.model.submission import Submission
from support.office import Office
from support.sensible import FORMS, Filled, sensible

pytestmark = pytest.mark.client

SENSIBLE = sensible()
RIGHTLY = {"farming-jilin-dept-self-eval": {("C04", "F18")}}
"""Warnings that an auditor would give: a target that was missed, in a form that has no place for the reason."""
OF_FORMAT = {"xlsx": set(), "xls": set(), "ods": {("F12", None)}}


@cache
def blank(form: str, year: int) -> bytes:
    return generate(FORMS[form], year=year)


def said(submission: Submission) -> set[tuple[str, str | None]]:
    return {(found.code, found.cell) for found in submission.findings if found.severity is not Severity.INFO}


def names(filled: Filled) -> set[str]:
    """The first texts of all rows: what no reading may lose."""
    return {next(iter(row.texts.values())) for row in filled.rows} - {"无"}


def test_there_are_fifty() -> None:
    assert len(SENSIBLE) == 50


@pytest.mark.parametrize("name", SENSIBLE)
def test_nothing_is_said_that_an_auditor_would_call_wrong(name: str, office: Office, tmp_path: Path) -> None:
    filled = SENSIBLE[name]
    start = tmp_path / "blank.xlsx"
    start.write_bytes(blank(filled.form.id, filled.year))
    returned = read(office.edit(start, filled.steps(), tmp_path / f"a.{filled.suffix}"))
    assert said(returned) == RIGHTLY.get(name, set()) | OF_FORMAT[filled.suffix]
    assert names(filled) <= set(returned.forms[0].record.values.values())


def test_two_projects_and_a_spare_sheet_in_one_workbook(office: Office, tmp_path: Path) -> None:
    first = SENSIBLE["schools-mof-project-self-eval"]
    unit = first.texts["implementing_unit"]
    second = SENSIBLE["roads-mof-project-self-eval"]
    second = replace(second, year=first.year, texts={**second.texts, "implementing_unit": unit, "supervisor": unit})
    start = tmp_path / "blank.xlsx"
    start.write_bytes(blank(first.form.id, first.year))
    copies = [{"sheet": first.form.sheet, "copy_sheet": name} for name in ("项目二", "项目三")]
    typed = office.edit(start, [*copies, *first.steps(), *second.steps("项目二")], tmp_path / "a.xlsx")
    assert said(read(typed)) == set()
