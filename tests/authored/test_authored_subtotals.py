"""A form with 类, 款, 项 in one growing table: what each adds up to, read over a column that is not shown."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from authored_returns import Typed, authored, cell_of, changed, read, said, with_row_inserted

from perfxl.api import generate
from support.office import Office

FORM = authored("budget-by-item")
DATA: dict[str, Any] = {
    "year": 2024,
    "unit_name": "甲县教育局",
    "items": [
        {"code": "205", "name": "教育支出", "basic": 90, "project": 30},
        {"code": "20501", "name": "教育管理事务", "basic": 40, "project": 10},
        {"code": "2050101", "name": "行政运行", "basic": 40},
        {"code": "2050199", "name": "其他教育管理事务支出", "project": 10},
        {"code": "20502", "name": "普通教育", "basic": 50, "project": 20},
        {"code": "2050201", "name": "学前教育", "basic": 50, "project": 20},
        {"code": "208", "name": "社会保障和就业支出", "basic": 8},
        {"code": "20805", "name": "行政事业单位养老支出", "basic": 8},
        {"code": "2080505", "name": "基本养老保险缴费", "basic": 8},
    ],
}
PLANTED: dict[str, tuple[Typed, str]] = {
    "items[0].basic": (91, "M01"),
    "items[4].project": (25, "M01"),
    "items[5].code": ("205020", "V02"),
    "items[6].code": ("209", "G02"),
}


def test_a_sound_return_is_accepted_and_only_the_first_level_is_added_up() -> None:
    submission = read(FORM, changed(FORM, DATA, {}))
    assert said(submission) == set()
    record = submission.forms[0].record
    assert (record["sums.basic"], record["sums.project"], record["sums.total"]) == (98, 30, 128)


@pytest.mark.slow
@pytest.mark.parametrize("path", PLANTED)
def test_a_planted_mistake_is_found_at_its_cell(path: str) -> None:
    typed, code = PLANTED[path]
    submission = read(FORM, changed(FORM, DATA, {path: typed}))
    at = "items[7].code" if path == "items[6].code" else path
    assert (code, cell_of(FORM, DATA, at)) in said(submission)


def test_a_row_that_was_inserted_counts() -> None:
    row: dict[str, Typed] = {"code": "2050299", "name": "其他普通教育支出", "basic": 7}
    submission = read(FORM, with_row_inserted(FORM, DATA, "items[5]", row))
    assert ("M01", cell_of(FORM, DATA, "items[4].basic")) in said(submission)


def test_the_columns_that_it_is_worked_out_over_are_not_shown(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    path.write_bytes(generate(FORM, data=DATA))
    sheet = openpyxl.load_workbook(path)["支出预算"]
    assert [letter for letter, column in sheet.column_dimensions.items() if column.hidden] == ["F"]
    assert sheet.column_dimensions["F"].max == 7
    assert max(row.height or 0 for row in sheet.row_dimensions.values()) < 60


@pytest.mark.client
def test_the_workbook_says_the_same(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    path.write_bytes(changed(FORM, DATA, {"items[0].basic": 91}))
    sheets = office.recalculated(path)
    assert sheets["支出预算"][cell_of(FORM, DATA, "sums.basic")] == Decimal(99)
    check = sheets["填报自检"]
    lines = {
        str(check[cell]): check[f"C{cell[1:]}"] for cell in check if cell.startswith("B") and f"C{cell[1:]}" in check
    }
    assert lines["类、款的基本支出等于所属科目之和"] == "错误 1 处"
    assert lines["类、款的项目支出等于所属科目之和"] == "通过"
