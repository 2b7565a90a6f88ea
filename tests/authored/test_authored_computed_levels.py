"""A growing table in which 类 and 款 are worked out from the 项 below them, whoever inserted those."""

from __future__ import annotations

import io
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from authored_returns import read, said

from perfxl.api import generate
from perfxl.trial.proof import try_form
from support.cases import form_of
from support.office import Office
from support.trials import HEAD

AMOUNT = (
    "IF(LEN(code) = 7, own, IF(LEN(code) = 5, SUMIF(items.section, code, items.own), "
    "SUMIF(items.class, code, items.own)))"
)
TEXT = f"""{HEAD.replace("E: 12, F: 12", "E: 0, F: 0").replace("C:F", "C:D")}
- table: items
  columns:
  - {{at: A, label: 科目编码, field: code, type: text, length: 3-7, required: true}}
  - {{at: B, label: 科目名称, field: name, type: text}}
  - {{at: C, label: 本项填报数, field: own, type: money, required: "LEN(code) = 7", blank: "LEN(code) < 7"}}
  - {{at: D, label: 金额, field: amount, type: money, formula: "{AMOUNT}"}}
  - {{at: E, label: 类, field: class, type: text, formula: "LEFT(code, 3)"}}
  - {{at: F, label: 款, field: section, type: text, formula: "LEFT(code, 5)"}}
  rows: 8
- row:
  - {{at: "A:B", label: 合计}}
  - {{at: C}}
  - {{at: D, field: total, type: money, formula: SUM(items.own)}}
  - {{at: "E:F"}}
rules: []
"""
FORM = form_of(TEXT)
DATA: dict[str, Any] = {
    "items": [
        {"code": "205", "name": "教育支出"},
        {"code": "20501", "name": "教育管理事务"},
        {"code": "2050101", "name": "行政运行", "own": 40},
        {"code": "20502", "name": "普通教育"},
        {"code": "2050201", "name": "学前教育", "own": 50},
        {"code": "2050202", "name": "小学教育", "own": 5},
    ]
}
INSERTED = {"A9": "2050299", "B9": "其他", "C9": "7"}
FILLED = {"unit_name": "某局", **DATA}


def test_levels_are_worked_out() -> None:
    submission = read(FORM, generate(FORM, data=FILLED))
    record = submission.forms[0].record
    assert [record[f"items[{row}].amount"] for row in range(6)] == [95, 40, 40, 55, 50, 5]
    assert record["total"] == 95
    assert said(submission) == set()


def test_it_works() -> None:
    assert try_form(FORM) == ()


def test_keys_are_cut_off_what_is_typed() -> None:
    book = openpyxl.load_workbook(io.BytesIO(generate(FORM, data=FILLED)))
    formula = str(book[FORM.sheet]["D7"].value)
    assert "LEFT(A$3:INDEX(A:A,ROW(A12)-1),5)" in formula
    assert "F" not in re.findall(r"([A-Z]+)\$?[0-9]", formula), "a row that is inserted has nothing there"


@pytest.mark.client
def test_the_workbook_adds_up_a_row_that_an_officer_inserted(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    path.write_bytes(generate(FORM, data=FILLED))
    steps: list[dict[str, Any]] = [
        {"sheet": FORM.sheet, "unprotect": ""},
        {"sheet": FORM.sheet, "insert_rows": 1, "before": 9},
        *({"sheet": FORM.sheet, "cell": cell, "type": text} for cell, text in INSERTED.items()),
    ]
    changed = office.edit(path, steps, tmp_path / "改.xlsx")
    sheet = office.recalculated(changed)[FORM.sheet]
    assert [sheet[f"D{row}"] for row in (4, 7, 8)] == [Decimal(102), Decimal(62), Decimal(50)]
    submission = read(FORM, changed.read_bytes())
    assert submission.forms[0].record["items[0].amount"] == 102
    assert said(submission) == set()
