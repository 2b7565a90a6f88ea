"""Fonts and heights of rows: as they are written, as a sheet is set by them, what is said where they are wrong."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfxl.api import generate
from perfxl.forms.definition.decode import Refused
from perfxl.forms.definition.language import FontSpec
from perfxl.forms.definition.load import parse
from perfxl.forms.layout.place import place
from perfxl.forms.layout.set_out import set_out
from perfxl.model.font import Font, is_face
from perfxl.model.form import Form
from perfxl.model.layout import PlacedRow

TEXT = """
form: fonts
version: "1"
title: 申报表
region: 本地
stage: declaration
year_basis: 预算年度
sheet: 申报表
columns: {A: 20, B: 20, C: 20}
%s
bands:
- row:
  - {at: 'A:C', look: plain, label: 附件1, font: 黑体 16}
- title: 申报表
- row:
  - {at: A, label: 单位名称}
  - {at: 'B:C', field: unit_name, type: text}
- row:
  - {at: A, label: 立项依据}
  - {at: 'B:C', field: basis, type: text}
  height: 90
- table: items
  name: 明细
  columns:
  - {at: A, label: 名称, field: name, type: text}
  - {at: B, label: 金额, field: money, type: money}
  - {at: C, label: 用途, field: use, type: text, font: 楷体}
  rows: 3
  height: 22
- table: sums
  name: 金额
  columns:
  - {at: A, label: 甲, field: a, type: money}
  - {at: B, label: 乙, field: b, type: money}
  - {at: C, label: 丙, field: c, type: money}
  rows: 2
  height: 22
"""
SET = "fonts: {title: 黑体 22 加粗, body: 仿宋_GB2312 12, head: 加粗}\nheights: {title: 40, head: 30, body: 24}"


def formed(said: str) -> Form:
    form, problems = parse(TEXT % said, "fonts/form.yaml")
    assert form is not None, problems
    return form


def sheet_of(form: Form) -> Any:
    return openpyxl.load_workbook(io.BytesIO(generate(form, year=2024))).worksheets[0]


def font(sheet: Any, cell: str) -> tuple[str, float, bool]:
    found = sheet[cell].font
    return found.name, found.sz, bool(found.b)


# -- as they are written --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("黑体 22 加粗", Font("黑体", 22, bold=True)),
        ("仿宋_GB2312", Font("仿宋_GB2312")),
        ("10.5", Font("", 10.5)),
        ("加粗", Font(bold=True)),
        ("Noto Sans CJK SC 11", Font("Noto Sans CJK SC", 11)),
        ("16 加粗", Font("", 16, bold=True)),
    ],
)
def test_a_font_is_read(text: str, read: Font) -> None:
    assert FontSpec.parse(text).font == read
    assert str(read) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "黑体  22",
        "黑体 400",
        "4",
        "10.3",
        "@宋体",
        "=1+1",
        "黑体\n",
        "<b>",
        "宋" * 32,
        "加粗 加粗",
        "1e5",
        "黑体;22",
    ],
)
def test_what_is_no_font_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        FontSpec.parse(text)


@given(face=st.text(max_size=40), half=st.integers(10, 144), bold=st.booleans())
def test_what_is_written_of_a_font_is_read_again(face: str, half: int, bold: bool) -> None:  # noqa: FBT001
    one = Font(face if is_face(face) else "", half / 2, bold)
    assert FontSpec.parse(str(one)).font == one


@pytest.mark.parametrize(
    ("said", "message", "remedy"),
    [
        ("fonts: {heads: 加粗}", "“fonts”里没有“heads”这一项", "是否想写 head"),
        ("fonts: {body: 大字}\nheights: {foot: 3}", "“heights”里没有“foot”这一项", "可用：title、head、body"),
        ("fonts: {body: 宋体 120}", "字号不能是“120”", "写 5 到 72 磅，可以有半磅，如 10.5"),
        (
            "fonts: {body: '*'}",
            "“*”不是字体",
            "写成 黑体 22 加粗：字体、字号（磅）、加粗，各隔一个空格，可以只写其中几样",
        ),
        ("heights: {body: 500}", "行高不能是 500", "写 1 到 400 磅，如 22"),
    ],
)
def test_what_is_wrong_is_said_at_its_line(said: str, message: str, remedy: str) -> None:
    form, (problem,) = parse(TEXT % said, "fonts/form.yaml")
    assert form is None
    assert (problem.message, problem.remedy) == (message, remedy)
    assert problem.line == 10 + said.count("\n")


def test_a_row_has_a_height_or_lines() -> None:
    form, (problem,) = parse(TEXT.replace("  height: 90", "  height: 90\n  lines: 3") % "", "fonts/form.yaml")
    assert form is None
    assert problem.message == "写了 height，就不用写 lines"


# -- as a sheet is set by them --------------------------------------------------------------------------------------


def test_a_form_that_states_none_is_set_as_the_house_sets_it() -> None:
    sheet = sheet_of(formed(""))
    assert font(sheet, "A2") == ("方正小标宋简体", 18, False)
    assert font(sheet, "A3") == ("宋体", 10.5, False)
    assert font(sheet, "A1") == ("黑体", 16, False)


def test_cells_are_set_in_the_fonts_of_their_looks() -> None:
    sheet = sheet_of(formed(SET))
    assert font(sheet, "A1") == ("黑体", 16, False)
    assert font(sheet, "A2") == ("黑体", 22, True)
    assert font(sheet, "A3") == font(sheet, "B4") == font(sheet, "A6") == ("仿宋_GB2312", 12, False)
    assert font(sheet, "A5") == font(sheet, "C5") == ("仿宋_GB2312", 12, True)
    assert font(sheet, "C6") == ("楷体", 12, False)


def test_rows_are_as_high_as_is_said() -> None:
    rows = set_out(place(formed(SET))).rows
    assert [float(row.height) for row in rows] == [24, 40, 24, 90, 30, 22, 22, 22, 30, 22, 22]


def test_heads_may_have_heights_of_their_own() -> None:
    own = TEXT.replace("  rows: 2\n", "  rows: 2\n  head_heights: [45]\n")
    form, problems = parse(own % SET, "fonts/form.yaml")
    assert form is not None, problems
    assert [float(row.height) for row in rows_with(form) if row.table and not row.record] == [30, 45]
    form, (problem,) = parse(own.replace("[45]", "[45, 20]") % SET, "fonts/form.yaml")
    assert form is None
    assert (problem.message, problem.remedy) == ("head_heights 的个数不对", "表头有 1 行，写 1 个数")


def rows_with(form: Form) -> tuple[PlacedRow, ...]:
    return set_out(place(form)).rows


def test_rows_into_which_texts_are_typed_grow() -> None:
    rows = rows_with(formed(SET))
    assert [row.number for row in rows if not row.fixed] == [6, 7, 8]


def test_a_row_grows_where_its_text_does_not_fit() -> None:
    long = TEXT.replace("label: 单位名称", f"label: {'单位' * 20}")
    form, problems = parse(long % SET, "fonts/form.yaml")
    assert form is not None, problems
    rows = rows_with(form)
    assert float(rows[2].height) > 5 * 12
    assert float(rows[3].height) == 90


def test_a_height_is_given_up_for_no_page() -> None:
    many = TEXT.replace("  rows: 3\n  height: 22", "  rows: 30\n  height: 22") % SET
    form, problems = parse(many, "fonts/form.yaml")
    assert form is not None, problems
    assert {float(row.height) for row in rows_with(form) if row.table == "items" and row.record} == {22}


def test_larger_type_needs_higher_rows() -> None:
    usual, larger = (rows_with(formed(said)) for said in ("", "fonts: {body: 20}"))
    assert larger[2].height > usual[2].height * 4 / 3


def test_a_further_sheet_is_set_as_the_first_but_where_it_says_otherwise() -> None:
    more = """
sheets:
- sheet: 附表2
  fonts: {body: 黑体 9}
  columns: {A: 30, B: 16}
  bands:
  - title: 明细表
  - row:
    - {at: A, label: 联系人}
    - {at: B, field: contact, type: text}
"""
    form, problems = parse(TEXT % SET + more, "fonts/form.yaml")
    assert form is not None, problems
    sheet = openpyxl.load_workbook(io.BytesIO(generate(form, year=2024)))["附表2"]
    assert font(sheet, "A1") == ("黑体", 22, True)
    assert font(sheet, "A2") == ("黑体", 9, False)
    assert sheet.row_dimensions[1].height == pytest.approx(40, abs=0.4)


@pytest.mark.parametrize(("rows", "pages", "height"), [(20, 1, 22.0), (28, 1, 21.0), (40, 2, 22.0)])
def test_a_form_that_is_set_to_the_last_line_of_a_page_stands_on_it(rows: int, pages: int, height: float) -> None:
    lines = "".join(
        f"\n- row:\n  - {{at: A, label: 第{row}项}}\n  - {{at: 'B:C', field: f{row}, type: text}}"
        for row in range(rows)
    )
    form, problems = parse((TEXT % "heights: {body: 22}").partition("- table: sums")[0] + lines, "fonts/form.yaml")
    assert form is not None, problems
    layout = set_out(place(form))
    assert len(layout.breaks) + 1 == pages
    assert float(layout.rows[2].height) == height
