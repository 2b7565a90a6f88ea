"""The page of what was understood, and the comparison of an original with the blank of a form."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
from adopt_blanks import stripped

from perfxl.api import generate
from perfxl.forms.stock import load_forms
from support.command import Run

FORM = "jilin-project-self-eval"


def test_the_blank_of_the_form_itself_is_the_same(run: Run, tmp_path: Path) -> None:
    (tmp_path / "blank.xlsx").write_bytes(stripped(FORM))
    ran = run("adopt", tmp_path / "blank.xlsx", "--compare", "--form", FORM, "--at-least", "100")
    assert (ran.code, ran.out) == (0, "")
    assert "100.0%" in ran.err


def test_each_difference_is_told_at_its_cell(run: Run, tmp_path: Path) -> None:
    book: Any = openpyxl.load_workbook(BytesIO(stripped(FORM)))
    sheet = book.worksheets[0]
    sheet["A2"] = "工程名称"
    sheet.unmerge_cells("B3:G3")
    sheet.column_dimensions["D"].width = 40
    book.save(tmp_path / "other.xlsx")
    ran = run("adopt", tmp_path / "other.xlsx", "--compare", "--form", FORM, "--at-least", "100")
    assert ran.code == 1
    assert "A2\t印的字\t工程名称\t项目名称" in ran.out
    assert ran.out.startswith("在哪里\t什么不同\t原表\t生成的空白表\t是哪一栏\n")
    assert "B3\t合并\t（不合并）\tB3:G3\t实施单位" in ran.out
    assert "D 列\t列宽" in ran.out


def test_a_comparison_needs_a_form(run: Run, tmp_path: Path) -> None:
    (tmp_path / "blank.xlsx").write_bytes(stripped(FORM))
    ran = run("adopt", tmp_path / "blank.xlsx", "--compare")
    assert ran.code == 2
    assert "--form" in ran.err


def test_the_page_shows_the_original_and_what_was_understood(run: Run, tmp_path: Path) -> None:
    (tmp_path / "<blank>.xlsx").write_bytes(stripped(FORM))
    ran = run("adopt", tmp_path / "<blank>.xlsx", "-o", tmp_path / "own", "--id", "own")
    assert ran.code == 0
    assert f"自带的表式 {FORM}" in ran.err
    page = (tmp_path / "own" / "own" / "adopt.html").read_text(encoding="utf-8")
    assert page.count("<table") == page.count("</table>") == 2
    assert "&lt;blank&gt;" in page
    assert "<blank>" not in page
    assert 'class="input' in page
    assert "较有把握" in page


def test_each_sheet_of_a_form_on_several_is_compared_with_its_own(run: Run, tmp_path: Path) -> None:
    folder = Path(__file__).parents[1] / "authored" / "project-on-sheets"
    form = load_forms(folder)["project-on-sheets"]
    (tmp_path / "blank.xlsx").write_bytes(generate(form, year=2024))
    asked = (
        "adopt",
        tmp_path / "blank.xlsx",
        "--compare",
        "--form",
        form.id,
        "--templates",
        folder,
        "--at-least",
        "100",
    )
    for part in form.parts:
        ran = run(*asked, "--sheet", part.sheet)
        assert ran.code == 0, ran.err
        assert f"工作表“{part.sheet}”" in ran.err
    ran = run(*asked, "--sheet", "填报自检")
    assert ran.code == 2
    assert "附表1 基本情况、附表2 绩效指标、附表3 资金明细" in ran.err


def test_the_same_difference_in_cells_below_each_other_is_told_once(run: Run, tmp_path: Path) -> None:
    book: Any = openpyxl.load_workbook(BytesIO(stripped(FORM)))
    sheet = book.worksheets[0]
    amounts = [row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 4).number_format == "#,##0.00"]
    for row in amounts:
        sheet.cell(row, 4).number_format = "0.0"
    book.save(tmp_path / "other.xlsx")
    ran = run("adopt", tmp_path / "other.xlsx", "--compare", "--form", FORM)
    assert amounts == list(range(amounts[0], amounts[0] + 4))
    assert ran.out.splitlines()[1:] == [f"D{amounts[0]}:D{amounts[-1]}\t数字格式\t0.0\t#,##0.00\t当年财政拨款"]
