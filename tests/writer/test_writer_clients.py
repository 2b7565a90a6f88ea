"""Workbooks saved by LibreOffice, typed into as a person would."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest
import xlsxwriter

from perfxl.api import generate
from perfxl.forms.definition.load import load_forms
from perfxl.model.address import Box
from perfxl.model.finding import Finding
from perfxl.model.grid import Book, CellKind
from perfxl.readers.book import read_book
from perfxl.receive.library import Library
from perfxl.receive.pipeline import process
from support.office import Office

TEMPLATES = Path(__file__).parents[2] / "templates"

pytestmark = pytest.mark.client


@pytest.fixture
def blank(tmp_path: Path) -> Path:
    path = tmp_path / "表.xlsx"
    with xlsxwriter.Workbook(path) as made:
        text = made.add_format({"num_format": "@"})
        caption = made.add_format({"num_format": '"其中："#,##0.00"万元"'})
        sheet = made.add_worksheet("自评表")
        sheet.merge_range("A1:C1", "自评表")
        sheet.write_column("A2", ["一般公共预算", "总分"])
        sheet.write_blank("B2", None, caption)
        sheet.write_blank("C2", None, text)
        sheet.write_formula("B3", "=SUM(B2:B2)")
        deep = made.add_worksheet("_perfxl")
        deep.write("A1", "stamp")
        deep.hide()
        made.define_name("stamp", '="hunan|2023"')
        made.set_custom_property("perfxl", "hunan|2023")
    return path


def test_what_was_typed_and_saved_is_read(office: Office, blank: Path, tmp_path: Path) -> None:
    typed = {
        "B2": "6,558.51",
        "C2": "≥95%",
        "D2": "95%",
        "E2": "2024年1月16日",
        "F2": "第一段 _x000D_",
        "G2": "=1/0",
        "H2": '=IF(B2>1,"是","否")',
        "I2": "=TRUE()",
        "J2": "'007",
    }
    filled = office.fill(blank, {"自评表": typed}, tmp_path / "填.xlsx")
    found = read_book(filled.read_bytes())
    assert isinstance(found, Book)
    sheet, deep = found.sheets
    cells = {cell.name: cell for cell in sheet.cells.values()}
    assert {name: (cell.kind, cell.value) for name, cell in cells.items()} == {
        "A1": (CellKind.TEXT, "自评表"),
        "A2": (CellKind.TEXT, "一般公共预算"),
        "A3": (CellKind.TEXT, "总分"),
        "B2": (CellKind.NUMBER, Decimal("6558.51")),
        "B3": (CellKind.NUMBER, Decimal("6558.51")),
        "C2": (CellKind.TEXT, "≥95%"),
        "D2": (CellKind.NUMBER, Decimal("0.95")),
        "E2": (CellKind.NUMBER, Decimal(45307)),
        "F2": (CellKind.TEXT, "第一段 _x000D_"),
        "G2": (CellKind.ERROR, "#DIV/0!"),
        "H2": (CellKind.TEXT, "是"),
        "I2": (CellKind.BOOLEAN, True),
        "J2": (CellKind.TEXT, "007"),
    }
    assert "万元" in cells["B2"].format
    assert cells["C2"].format == "@"
    assert cells["D2"].format.endswith("%")
    assert "月" in cells["E2"].format or "m" in cells["E2"].format.lower()
    assert {name for name, cell in cells.items() if cell.formula is not None} == {"B3", "G2", "H2", "I2"}
    assert sheet.merges == (Box(1, 1, 1, 3),)
    assert (deep.name, deep.hidden) == ("_perfxl", True)
    assert found.names["stamp"] == '"hunan|2023"'
    assert found.properties["perfxl"] == "hunan|2023"


def test_a_pdf_of_the_same_workbook_is_named(office: Office, blank: Path, tmp_path: Path) -> None:
    found = read_book(office.convert(blank, "pdf", tmp_path).read_bytes())
    assert isinstance(found, Finding)
    assert "PDF" in found.message


@pytest.mark.parametrize("suffix", ["xls", "ods"])
@pytest.mark.parametrize("form", sorted(path.parent.name for path in TEMPLATES.glob("*/sample.json")))
def test_every_form_saved_in_another_format_reads_the_same(
    office: Office, tmp_path: Path, form: str, suffix: str
) -> None:
    forms = load_forms()
    library = Library.of(forms)
    made = tmp_path / "表.xlsx"
    made.write_bytes(
        generate(forms[form], data=json.loads((TEMPLATES / form / "sample.json").read_text(encoding="utf-8")))
    )
    new = process(made.read_bytes(), made.name, library)
    other = process(office.convert(made, suffix, tmp_path).read_bytes(), made.name, library)
    assert [one.data for one in other.forms] == [one.data for one in new.forms]
    assert [one.by for one in other.forms] == [one.by for one in new.forms]
    differ = {finding.code for finding in set(map(known, new.findings)) ^ set(map(known, other.findings))}
    assert differ <= {"F12", "S05"}


class Known(NamedTuple):
    code: str
    cell: str | None
    message: str


def known(finding: Finding) -> Known:
    return Known(finding.code, finding.cell, finding.message)
