"""The example of docs/adopt.md: a blank in .xls of a form that is not shipped, with words of its own and a long note."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from msgspec.structs import replace
from openpyxl.styles import Border, Side
from test_adopt_authored import adopted

from perfxl.adopt.adopting import AdoptedForm, adopt
from perfxl.adopt.compare import Aspect, compared
from perfxl.adopt.page import looked_at, page
from perfxl.adopt.workbook import sheets_of
from perfxl.api import generate, read
from perfxl.forms.definition.load import read_common, shipped
from perfxl.forms.definition.problem import Problem
from perfxl.forms.stock import load_forms
from perfxl.model.field_type import Type

BLANK = (Path(__file__).parents[2] / "docs" / "adopt" / "附件3.xls").read_bytes()


@pytest.fixture(scope="module")
def form() -> AdoptedForm:
    common, _ = read_common(shipped() / "common.yaml")
    (one,) = adopt(BLANK, "附件3.xls", common, form="own-fund-eval").forms
    return one


def test_a_word_of_its_own_makes_no_filled_form_of_a_blank(form: AdoptedForm) -> None:
    assert [remark.text for remark in form.remarks] == []
    assert "市县财政资金" in form.text
    assert form.proof == ()


def test_its_blank_is_the_same(form: AdoptedForm) -> None:
    found = compared(sheets_of(BLANK)[0], sheets_of(generate(form.form, year=2024))[0])
    assert [one for one in found.differences if one.aspect is not Aspect.FORMAT] == []
    assert found.cells == found.equal > 150


def test_points_are_no_money_though_they_have_two_decimals(form: AdoptedForm) -> None:
    assert form.form.fields["indicators[].score"].type is Type.NUMBER
    assert form.form.fields["funds.total.budget"].type is Type.MONEY


def test_whose_it_is_comes_from_the_words_of_the_field(form: AdoptedForm) -> None:
    found = form.adopted.spec
    assert (found.unit, found.project, found.supervisor) == ("implementing_unit", "project_name", "supervisor")


def test_a_word_typed_among_blanks_is_still_left_out() -> None:
    book: Any = openpyxl.Workbook()
    sheet, line = book.active, Side(style="thin")
    rows = [
        ["项目支出明细表"],
        ["序号", "项目名称", "金额"],
        [None, "青溪河清淤", None],
        *[[None, None, None] for _ in range(4)],
    ]
    for row in rows:
        sheet.append(row)
    for cell in (cell for row in sheet["A2:C7"] for cell in row):
        cell.border = Border(left=line, right=line, top=line, bottom=line)
    buffer = io.BytesIO()
    book.save(buffer)
    assert "青溪河" not in adopted(buffer.getvalue()).text


def test_the_page_says_of_each_cell_why_and_how_sure(form: AdoptedForm) -> None:
    shown = page(form, "附件3.xls")
    said = dict(re.findall(r'data-cell="(\w+)" data-said="([^"]*)"', shown))
    assert said["G6"].startswith("G6：填写（较有把握：有框的空白格，左边印着“联系人及电话”）。当作文字")
    assert said["C6"].startswith("C6：填写（确定：设有数据有效性）。当作选项")
    assert said["D13"].startswith("D13：填写（较有把握：有框的空白格，左边印着“分配科学性”，上面印着“情况说明”）")
    assert said["C7"] == "C7：空框，不填写（较有把握：表格左上角的空格，右边和下面都是印的字）"
    assert said["E8"].startswith("E8：由公式得出（原表这一格是公式）。原表的公式：=SUM(E9:E11)。当作金额")
    assert said["A4"] == "A4：印的字（格里有字，照原样印）"
    assert said["A40"].startswith("A40：印的字里留有填写的位置")
    assert '<button type="button" data-go="A40">' in shown
    assert ">=SUM" not in shown  # formulas are told of a cell that is pointed at, not drawn


def test_a_long_note_is_known_again(tmp_path: Path, form: AdoptedForm) -> None:
    (tmp_path / "own-fund-eval").mkdir()
    (tmp_path / "own-fund-eval" / "form.yaml").write_text(form.text, encoding="utf-8")
    forms = load_forms(tmp_path)
    data = {"project_name": "农村公路养护", "implementing_unit": "青溪县交通运输局", "goal": "养护县道 120 公里"}
    filled = generate(forms["own-fund-eval"], year=2024, data=data)
    returned = read(filled, name="a.xlsx", forms=forms)
    assert [one.form for one in returned.forms] == ["own-fund-eval"]
    assert not [one.message for one in returned.findings if one.code == "S08"]


def test_a_sheet_that_is_hardly_a_form_is_told_first(form: AdoptedForm) -> None:
    many = tuple(Problem("form.yaml", 1, 1, f"C{row}“甲”填了，交回后读不出来") for row in range(30))
    assert looked_at(replace(form, proof=many))[0].startswith("多半不是要填报的表：35 项里有 30 处")
    assert not looked_at(replace(form, proof=many[:3]))[0].startswith("多半")
