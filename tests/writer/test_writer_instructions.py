"""填表说明: what it says of which forms, who to ask; nobody takes it for a form or for a sheet of the officer's."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from perfxl.api import generate, generate_each
from perfxl.forms.definition.load import load_forms
from perfxl.model.form import Form
from perfxl.model.roster import Roster, RosterUnit
from perfxl.model.stamp import INSTRUCTIONS
from perfxl.receive.library import Library
from perfxl.receive.pipeline import process
from support.office import Office

FORMS = load_forms()
LIBRARY = Library.of(FORMS)
GOAL, PROJECT, ISSUED = FORMS["hubei-dept-goal"], FORMS["mof-project-goal"], FORMS["qinghai-dept-approval"]


def topics(forms: Form | Sequence[Form], contact: str = "") -> dict[str, str]:
    book = openpyxl.load_workbook(io.BytesIO(generate(forms, year=2024, contact=contact)))
    sheet = book[INSTRUCTIONS]
    return {str(sheet.cell(row, 1).value): str(sheet.cell(row, 2).value) for row in range(2, sheet.max_row + 1)}


@pytest.mark.slow
def test_it_says_what_the_form_asks_for() -> None:
    assert "增减目标" in topics(GOAL)
    assert "几个项目" not in topics(GOAL)
    assert "几个项目" in topics(PROJECT)
    assert "增减目标" not in topics(PROJECT)
    assert {"增减目标", "几个项目"} <= topics([GOAL, PROJECT]).keys()
    for said in (topics(GOAL), topics(PROJECT)):
        assert "没有设密码" in said["保护"]
        assert {"怎样填", "颜色", "自检", "增减行", "收起空行", "打印和交回", "联系"} <= said.keys()


@pytest.mark.slow
def test_it_names_who_answers_questions() -> None:
    assert topics(PROJECT, "财政局预算科 010-00000000")["联系"] == "财政局预算科 010-00000000"
    assert "财政部门" in topics(PROJECT)["联系"]
    assert "财政部门" in topics(PROJECT, "  ")["联系"]


@pytest.mark.slow
@pytest.mark.parametrize("contact", ['=HYPERLINK("http://x")', "<r>甲</r>", "@甲", "甲&乙"])
def test_whatever_it_is_told_stands_as_text(contact: str) -> None:
    assert topics(PROJECT, contact)["联系"] == contact


def test_a_form_that_is_issued_has_none() -> None:
    assert INSTRUCTIONS not in openpyxl.load_workbook(io.BytesIO(generate(ISSUED, year=2024))).sheetnames


def test_each_unit_of_a_roster_has_the_same() -> None:
    roster = Roster((RosterUnit("甲局", "01", 2), RosterUnit("乙局", "02", 3)))
    for unit, workbook in generate_each(PROJECT, roster, year=2024, contact="甲局"):
        assert workbook == generate(PROJECT, year=2024, unit=unit.name, unit_code=unit.code, contact="甲局")


def test_it_is_no_sheet_that_was_not_recognised() -> None:
    found = process(generate(PROJECT, year=2024, contact="甲"), "a.xlsx", LIBRARY)
    assert "F07" not in {finding.code for finding in found.findings}


def test_another_sheet_of_its_name_is_told() -> None:
    book = openpyxl.load_workbook(io.BytesIO(generate(PROJECT, year=2024)))
    del book[INSTRUCTIONS]
    book.create_sheet(INSTRUCTIONS)["A1"] = "我局的说明"
    buffer = io.BytesIO()
    book.save(buffer)
    found = process(buffer.getvalue(), "a.xlsx", LIBRARY)
    assert [finding.sheet for finding in found.findings if finding.code == "F07"] == [INSTRUCTIONS]


@pytest.mark.client
@pytest.mark.parametrize("suffix", ["xlsx", "xls", "ods"])
def test_it_is_still_known_when_libreoffice_has_saved_it(suffix: str, office: Office, tmp_path: Path) -> None:
    made = tmp_path / "a.xlsx"
    made.write_bytes(generate([GOAL, PROJECT], year=2024))
    saved = office.edit(made, [{"sheet": INSTRUCTIONS, "rename": "说明"}], tmp_path / f"b.{suffix}")
    found = process(saved.read_bytes(), saved.name, LIBRARY)
    assert len(found.forms) == 2
    assert "F07" not in {finding.code for finding in found.findings}
