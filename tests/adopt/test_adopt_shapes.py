"""Shapes of other makers' blanks: margins, text areas over several rows, several places in a line; a wrong total is found."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from adopt_blanks import grid
from openpyxl.styles import Border, Side

from perfxl.adopt.adopting import AdoptedForm, adopt
from perfxl.adopt.typed import NOTHING_TYPED, typed_on
from perfxl.adopt.workbook import sheets_of
from perfxl.api import generate
from perfxl.forms.definition.load import read_common, shipped
from perfxl.model.field_type import Type
from support.command import Run

_LINE = Side(style="thin")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)


def workbook() -> Any:
    """A form that begins at B2: title, pairs, a text area four rows high, a table of funds with a total, a line to sign."""
    book: Any = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "申请表"
    _put(sheet, "B2:F2", "专项资金申请表", boxed=False)
    sheet["B2"].font = openpyxl.styles.Font(size=18)
    sheet["B2"].alignment = openpyxl.styles.Alignment(horizontal="center")
    _put(sheet, "B3", "单位名称")
    _put(sheet, "C3:F3", None)
    _put(sheet, "B4:B7", "立项依据")
    _put(sheet, "C4:F7", None)
    for column, text in zip("BCDEF", ("资金来源", "年初预算数", "全年预算数", "全年执行数", "执行率"), strict=True):
        _put(sheet, f"{column}8", text)
    for row, text in enumerate(("财政拨款", "其他资金"), start=9):
        _put(sheet, f"B{row}", text)
        for column in "CDE":
            _put(sheet, f"{column}{row}", None)
        _put(sheet, f"F{row}", f"=IF(D{row}=0,0,E{row}/D{row})")
        sheet[f"F{row}"].number_format = "0.00%"
    _put(sheet, "B11", "合　计")
    for column in "CDE":
        _put(sheet, f"{column}11", f"=SUM({column}9:{column}10)")
    _put(sheet, "F11", "=IF(D11=0,0,E11/D11)")
    sheet["F11"].number_format = "0.00%"
    _put(sheet, "B12:F12", "填报人：　　　　　联系电话：　　　　　填报日期：", boxed=False)
    return book


def _put(sheet: Any, area: str, value: object, *, boxed: bool = True) -> None:
    if ":" in area:
        sheet.merge_cells(area)
    sheet[area.partition(":")[0]] = value
    for row in sheet[area] if ":" in area else ((sheet[area],),):
        for cell in row:
            cell.border = _BOX if boxed else Border()


def data() -> bytes:
    buffer = BytesIO()
    workbook().save(buffer)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def adopted() -> AdoptedForm:
    common, _ = read_common(shipped() / "common.yaml")
    (one,) = adopt(data(), "blank.xlsx", common, form="application").forms
    return one


def test_margin_rows_and_merges_are_the_same(adopted: AdoptedForm) -> None:
    original = {place: (text, merge) for place, (text, _, merge) in grid(data()).items() if text or merge}
    made = {place: (text, merge) for place, (text, _, merge) in grid(generate(adopted.form)).items() if text or merge}
    signed = (12, 2)
    assert original.pop(signed)[1] == made.pop(signed)[1]
    assert original == made


def test_a_line_with_several_places_has_a_value_for_each(adopted: AdoptedForm) -> None:
    fields = adopted.form.fields
    assert {"preparer", "phone", "fill_date"} <= fields.keys()
    assert fields["fill_date"].type is Type.DATE


def test_totals_and_rates_are_formulas(adopted: AdoptedForm) -> None:
    computed = {path for path, field in adopted.form.fields.items() if field.formula is not None}
    assert len(computed) == 6
    assert [rule.code for rule in adopted.form.rules if rule.code in {"M01", "M07"}]


def test_it_is_proven(adopted: AdoptedForm) -> None:
    assert adopted.proof == ()


@pytest.mark.slow
def test_a_wrong_total_in_a_return_of_a_form_never_seen_is_found(run: Run, tmp_path: Path) -> None:
    (tmp_path / "blank.xlsx").write_bytes(data())
    own = tmp_path / "own"
    assert run("adopt", tmp_path / "blank.xlsx", "-o", own, "--id", "application").code == 0
    assert run("generate", "application", "--templates", own, "-o", tmp_path / "out").code == 0
    (blank,) = (tmp_path / "out").glob("*.xlsx")
    book: Any = openpyxl.load_workbook(blank)
    sheet = book["申请表"]
    sheet["C3"] = "青溪区教育局"
    for row, figures in ((9, (10, 20, 15)), (10, (1, 2, 1))):
        for column, figure in zip("CDE", figures, strict=True):
            sheet[f"{column}{row}"] = figure
    for column, figure in zip("CDE", (11, 22, 99), strict=True):
        sheet[f"{column}11"] = figure
    book.save(tmp_path / "return.xlsx")
    ran = run("check", tmp_path / "return.xlsx", "--templates", own, "--output-format", "json")
    assert '"code": "M01"' in ran.out
    assert '"cell": "E11"' in ran.out


@pytest.mark.parametrize(
    ("code", "kind"),
    [('yyyy"年"m"月"', Type.TEXT), ("yyyy/m/d", Type.DATE), ("yyyy", Type.YEAR), ("mm/dd", Type.DATE)],
)
def test_a_date_is_asked_for_as_far_as_its_format_shows_it(code: str, kind: Type) -> None:
    book: Any = openpyxl.Workbook()
    sheet = book.active
    _put(sheet, "A1:B1", "项目进度表", boxed=False)
    for row, label in enumerate(("项目名称", "计划开工时间"), start=2):
        _put(sheet, f"A{row}", label)
        _put(sheet, f"B{row}", None)
    sheet["B3"].number_format = code
    buffer = BytesIO()
    book.save(buffer)
    common, _ = read_common(shipped() / "common.yaml")
    (one,) = adopt(buffer.getvalue(), "a.xlsx", common, form="own").forms
    assert list(one.form.fields.values())[-1].type is kind


@pytest.mark.parametrize("kind", ["levels", "total first", "numbers", "corner", "sample", "boxes"])
def test_heads_of_several_levels_are_no_answers(kind: str) -> None:
    book: Any = openpyxl.Workbook()
    sheet = book.active
    _put(sheet, "A1:F1", "国有资产盘点表", boxed=False)
    if kind in {"levels", "total first", "numbers"}:
        _put(sheet, "A2:A3", "资产类别")
        for area, text in (("B2:C2", "账面登记情况"), ("D2:E2", "实地清查情况"), ("F2:F3", "承接人类型")):
            _put(sheet, area, text)
        for column, text in zip("BCDE", ("件套数", "一级目录", "二级目录", "金额"), strict=True):
            _put(sheet, f"{column}3", text)
        between = {"total first": ("合计", "——"), "numbers": ("栏次", *range(1, 6))}.get(kind)
        for row in range(4, 9):
            for column, said in zip("ABCDEF", between if between and row == 4 else [], strict=False):
                sheet[f"{column}4"] = said
            for column in "ABCDEF":
                _put(sheet, f"{column}{row}", sheet[f"{column}{row}"].value)
        if kind == "total first":
            sheet["F4"], sheet["B4"] = "——", None
            sheet.merge_cells("A4:C4")
    elif kind == "corner":
        _put(sheet, "A2:A6", "项目资金")
        _put(sheet, "B2", None)
        for column, text in zip("CDEF", ("年初预算数", "1-8月执行数", "1-8月进展", "预计"), strict=True):
            _put(sheet, f"{column}2", text)
        for row in range(3, 7):
            for column in "BCDEF":
                _put(sheet, f"{column}{row}", "其他资金" if column == "B" else None)
    elif kind == "sample":
        _put(sheet, "A2:A3", "绩效目标")
        _put(sheet, "B2:C2", "项目实施期目标")
        _put(sheet, "D2:F2", "年度目标")
        _put(sheet, "B3:C3", "目标1：\n目标2：\n……")
        _put(sheet, "D3:F3", None)
    else:
        _put(sheet, "A2", "项目类型")
        _put(sheet, "B2:F2", "□新建  □续建")
        _put(sheet, "A3", "项目名称")
        _put(sheet, "B3:F3", None)
    buffer = BytesIO()
    book.save(buffer)
    (read,) = sheets_of(buffer.getvalue())
    assert typed_on(read) == NOTHING_TYPED


def _inventory() -> Any:
    """An inventory of assets: who takes it and when in lines without frames, a growing table, its total."""
    book: Any = openpyxl.Workbook()
    sheet = book.active
    _put(sheet, "A1:D1", "资产盘点表", boxed=False)
    _put(sheet, "A2:D2", "盘点基准日：      年    月    日", boxed=False)
    _put(sheet, "A3:B3", "购买主体（公章）：", boxed=False)
    _put(sheet, "C3:D3", "金额单位：元", boxed=False)
    for column, text in zip("ABCD", ("资产名称", "规格型号", "账面原值", "说明"), strict=True):
        _put(sheet, f"{column}4", text)
        for row in range(5, 9):
            _put(sheet, f"{column}{row}", None)
    _put(sheet, "A9:B9", "合      计")
    _put(sheet, "C9", "=SUM(C5:C8)")
    _put(sheet, "D9", "——")
    for row in range(5, 10):
        sheet[f"C{row}"].number_format = "#,##0.00"
    _put(sheet, "A10:B10", "监盘人：", boxed=False)
    _put(sheet, "C10:D10", "联系电话：", boxed=False)
    return book


def test_a_label_without_a_frame_at_the_top_or_the_foot_is_filled_in_after_its_colon() -> None:
    buffer = BytesIO()
    _inventory().save(buffer)
    common, _ = read_common(shipped() / "common.yaml")
    (one,) = adopt(buffer.getvalue(), "a.xlsx", common, form="own").forms
    assert one.adopted.spec.unit == "unit_name"
    types = [field.type for field in one.form.fields.values()]
    assert (types.count(Type.DATE), len(types)) == (
        1,
        9,
    )  # four columns, the total, the day, the unit, a name, a telephone
    assert not one.proof


def test_a_wrong_total_below_a_growing_table_is_found(run: Run, tmp_path: Path) -> None:
    book = _inventory()
    book.save(tmp_path / "blank.xlsx")
    assert run("adopt", tmp_path / "blank.xlsx", "-o", tmp_path / "own", "--id", "inventory").code == 0
    sheet = book.active
    sheet["A3"], sheet["A2"] = "购买主体（公章）：青溪区教育局", "盘点基准日：2024年12月31日"
    sheet["A5"], sheet["C5"], sheet["A6"], sheet["C6"], sheet["C9"] = "计算机", 4500, "打印机", 1200, 5800
    book.save(tmp_path / "return.xlsx")
    ran = run("check", tmp_path / "return.xlsx", "--templates", tmp_path / "own", "--output-format", "json")
    assert '"code": "M01"' in ran.out
    assert '"cell": "C9"' in ran.out
    assert "青溪区教育局" in ran.out
