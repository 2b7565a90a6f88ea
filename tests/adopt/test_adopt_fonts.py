"""Fonts and heights of rows come over from a blank, each of them once, and never more than a definition can bear."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import openpyxl
import pytest
from adopt_blanks import YEAR, stripped_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.styles import Border, Font, Side

from perfxl.adopt.adopting import AdoptedForm, adopt
from perfxl.adopt.fonts import font_in
from perfxl.adopt.page import page
from perfxl.adopt.sheet import Sheet, Style
from perfxl.adopt.workbook import sheets_of
from perfxl.api import generate
from perfxl.forms.definition.load import parse, read_common, shipped
from perfxl.model.font import Font as FormFont

COMMON, _ = read_common(shipped() / "common.yaml")
_LINE = Side(style="thin")
BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)


def authored(face: str = "仿宋", *, each: bool = False) -> bytes:
    """Return a blank of somebody's: bold 黑体 22 title, 仿宋 12 body, rows of 22 points; ``each`` cell in a font of its own."""
    book: Any = openpyxl.Workbook()
    sheet = book.active
    printed = (
        ("附件1",),
        ("专项资金申报表",),
        ("单位名称",),
        ("主管部门",),
        ("项目名称", "金额（万元）", "用途"),
        (),
        (),
        (),
        (),
    )
    for number, texts in enumerate(printed, start=1):
        sheet.row_dimensions[number].height = {2: 40, 5: 30}.get(number, 22)
        for column, text in zip(range(1, 4), (*texts, None, None, None), strict=False):
            cell = sheet.cell(number, column, text)
            cell.font = Font(name=face, sz=12)
            if each:
                cell.font = Font(name=f"Face {chr(64 + number)}{chr(64 + column)}", sz=8 + number + column)
            if number > 2:
                cell.border = BOX
    sheet["A1"].font = Font(name="黑体", sz=16)
    sheet["A2"].font = Font(name="黑体", sz=22, b=True)
    for letter in "ABC":
        sheet.column_dimensions[letter].width = 24
        if not each:
            sheet[f"{letter}5"].font = Font(name="黑体", sz=12)
    for area in ("A1:C1", "A2:C2", "B3:C3", "B4:C4"):
        sheet.merge_cells(area)
    if each:
        for number in range(10, 40):
            sheet.cell(number, 1, f"第{number}项内容").font = Font(name=f"Face {chr(55 + number)}x", sz=number / 2 + 3)
            sheet.cell(number, 1).border = sheet.cell(number, 2).border = BOX
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def adopted(data: bytes) -> AdoptedForm:
    (made,) = adopt(data, "a.xlsx", COMMON, form="own-fonts").forms
    return made


def seen(sheet: Sheet) -> dict[str, tuple[str, float, bool]]:
    cells = (cell for cell in sheet.anchors() if cell.style.boxed or cell.value is not None)
    return {cell.box.name: (cell.style.face, cell.style.size, cell.style.bold) for cell in cells}


def heights(sheet: Sheet) -> list[float]:
    return [sheet.heights.get(row, 15.0) for row in range(1, sheet.rows + 1)]


def test_they_are_said_once_for_the_form() -> None:
    made = adopted(authored())
    assert "fonts: {body: 仿宋 12, head: 黑体, plain: 黑体 16, title: 黑体 22 加粗}" in made.text
    assert "heights: {title: 40, head: 30, body: 22}" in made.text
    assert made.text.count("height: 22") == 1  # of the growing table
    assert "font:" not in made.text
    assert made.form.title == "专项资金申报表"
    assert made.proof == ()


def test_the_generated_blank_has_them() -> None:
    (original,) = sheets_of(authored())
    generated = sheets_of(generate(adopted(authored()).form, year=YEAR))[0]
    assert seen(generated) == seen(original)
    assert heights(generated) == pytest.approx(heights(original), abs=0.4)


def test_its_drawing_shows_what_is_bold_and_large() -> None:
    drawn = page(adopted(authored()), "a.xlsx")
    assert re.search(r'<td class="label[^"]* bold large"[^>]*>专项资金申报表</td>', drawn)
    assert re.search(r'<td class="label[^"]* large"[^>]*>附件1</td>', drawn)
    assert not re.search(r'<td class="[^"]*(bold|large)[^"]*"[^>]*>单位名称</td>', drawn)


def test_a_sheet_of_very_many_fonts_says_only_the_usual_ones() -> None:
    made = adopted(authored(each=True))
    assert "font:" not in made.text
    assert any("字体各不相同" in remark.text for remark in made.remarks)
    assert max(len(line) for line in made.text.splitlines() if line.startswith("fonts:")) < 400


@pytest.mark.parametrize(
    "face", ["=cmd|' /C calc'!A1", "宋体<script>", "宋体\nbands:", "x" * 200, "{{", "宋体: 1", "@宋体"]
)
def test_a_name_that_is_none_is_not_taken_over(face: str) -> None:
    made = adopted(authored(face))
    assert face not in made.text
    generated = sheets_of(generate(made.form, year=YEAR))[0]
    assert seen(generated)["B3"][0] == "宋体"


@pytest.mark.parametrize(("size", "said"), [(400.0, 0.0), (1.0, 0.0), (11.3, 11.5), (10.5, 10.5)])
def test_sizes_are_bounded(size: float, said: float) -> None:
    assert font_in(Style(face="宋体", size=size)) == FormFont("宋体", said)


# -- other formats --------------------------------------------------------------------------------------------------

_ODS = "urn:oasis:names:tc:opendocument:xmlns:"
_ROWS = [
    ("t", "t", "专项资金申报表"),
    ("r", "b", "单位名称"),
    ("r", "b", "主管部门"),
    ("o", "b", "项目名称"),
    ("r", "b", "实施期限"),
]


def spreadsheet() -> bytes:
    """Return an .ods with a bold 黑体 22 title, 仿宋 12 below it, rows of 22 points and one that has its height from its text."""
    names = " ".join(
        f'xmlns:{name}="{_ODS}{rest}:1.0"'
        for name, rest in (
            *(("office", "office"), ("style", "style"), ("table", "table"), ("text", "text")),
            *(("fo", "xsl-fo-compatible"), ("svg", "svg-compatible")),
        )
    )
    styles = "".join(
        f'<style:style style:name="{name}" style:family="table-row"><style:table-row-properties '
        f'style:row-height="{height}" style:use-optimal-row-height="{optimal}"/></style:style>'
        for name, height, optimal in (("t", "40pt", "false"), ("r", "22pt", "false"), ("o", "13.5pt", "true"))
    )
    styles += "".join(
        f'<style:style style:name="{name}" style:family="table-cell"><style:table-cell-properties '
        f'fo:border="{border}"/><style:text-properties style:font-name-asian="{face}" fo:font-size="{size}pt" '
        f'fo:font-weight="{weight}"/></style:style>'
        for name, border, face, size, weight in (
            *(("ct", "none", "f1", 22, "bold"), ("cb", "0.5pt solid #000000", "f2", 12, "normal")),
        )
    )
    rows = "".join(
        f'<table:table-row table:style-name="{row}"><table:table-cell table:style-name="c{cell}" '
        f'office:value-type="string"{" table:number-columns-spanned=" + chr(34) + "2" + chr(34) if cell == "t" else ""}>'
        f'<text:p>{text}</text:p></table:table-cell><table:table-cell table:style-name="c{cell}"/></table:table-row>'
        for row, cell, text in _ROWS
    )
    content = (
        f"<office:document-content {names}><office:font-face-decls>"
        '<style:font-face style:name="f1" svg:font-family="黑体"/>'
        '<style:font-face style:name="f2" svg:font-family="\'仿宋\'"/></office:font-face-decls>'
        f"<office:automatic-styles>{styles}</office:automatic-styles><office:body><office:spreadsheet>"
        f'<table:table table:name="a">{rows}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    mime = "application/vnd.oasis.opendocument.spreadsheet"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr("mimetype", mime)
        packed.writestr(
            "META-INF/manifest.xml",
            f'<manifest:manifest xmlns:manifest="{_ODS}manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{mime}"/></manifest:manifest>',
        )
        packed.writestr("content.xml", content)
    return buffer.getvalue()


def test_an_ods_has_them_in_its_styles() -> None:
    (sheet,) = sheets_of(spreadsheet())
    assert seen(sheet)["A1"] == ("黑体", 22, True)
    assert seen(sheet)["A2"] == ("仿宋", 12, False)
    assert sheet.exact == {1, 2, 3, 5}
    made = adopted(spreadsheet())
    assert "fonts: {body: 仿宋 12, title: 黑体 22 加粗}" in made.text
    assert "heights: {title: 40, body: 22}" in made.text


def test_an_xls_has_them_in_its_records() -> None:
    from test_adopt_newcomer import BLANK  # noqa: PLC0415 - one blank for all that is said of it

    (original,) = sheets_of(BLANK)
    generated = sheets_of(generate(adopted(BLANK).form, year=YEAR))[0]
    one, other = seen(original), seen(generated)
    assert one["A2"] == ("Noto Sans CJK SC", 18, True)
    assert {name: font for name, font in one.items() if other.get(name) != font} == {}
    high = zip(heights(original), heights(generated), strict=True)
    # It is set to the last line of its page, and one text needs a second line with us: the others give way by so much.
    assert sum(abs(a - b) > a / 20 for a, b in high) == 1


# -- there and back -------------------------------------------------------------------------------------------------

FACES = st.sampled_from(["宋体", "仿宋_GB2312", "黑体", "楷体", "Noto Sans CJK SC", "Wingdings 3"])
SIZES = st.sampled_from([9, 10.5, 11, 12, 14])


@st.composite
def definitions(draw: Any) -> str:
    """Draw a form with fonts of some looks, of a cell, and heights of its rows in whole pixels."""

    def one(*, at_most: float = 72) -> str:
        size = min(draw(SIZES), at_most)
        return f"{draw(FACES)} {size:g}{' 加粗' if draw(st.booleans()) else ''}"

    looks = draw(st.lists(st.sampled_from(["label", "head", "caption", "text", "figure"]), unique=True))
    fonts = ", ".join([f"body: {one()}", f"title: {one()}", *(f"{look}: {one()}" for look in looks)])
    high = [draw(st.integers(36, 60)) * 0.75 for _ in range(6)]
    return f"""
form: random
version: "2024"
title: 专项资金绩效申报表
region: 本地
stage: declaration
year_basis: 预算年度
sheet: 申报表
year: year
columns: {{A: 22, B: 22, C: 22, D: 22}}
fonts: {{{fonts}}}
heights: {{title: {high[0]}, head: {high[1]}, body: {high[2]}}}
bands:
- title: 专项资金绩效申报表
- row:
  - {{at: 'A:D', look: caption, caption: （____年度）, field: year, type: year}}
- row:
  - {{at: A, label: 单位名称}}
  - {{at: 'B:D', field: unit, type: text}}
- row:
  - {{at: A, label: 主管部门, font: {one()}}}
  - {{at: 'B:D', field: above, type: text}}
  height: {high[3]}
- table: items
  name: 明细
  columns:
  - {{at: A, label: 资金用途, field: a, type: text}}
  - {{at: 'B:C', label: 补助标准, field: b, type: money}}
  - {{at: D, label: 补助范围, field: c, type: text, font: {one()}}}
  rows: {draw(st.integers(2, 4))}
  height: {high[4]}
  head_heights: [{high[5]}]
- matrix: funds
  name: 资金
  head:
  - {{at: 'A:B', label: 项目}}
  - {{at: C, label: 预算数, field: budget, type: money}}
  - {{at: D, label: 执行数, field: executed, type: money}}
  rows:
  - {{label: 财政拨款, field: fiscal}}
  - {{label: 其他资金, field: other}}
"""


@settings(max_examples=6, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(text=definitions())
def test_they_come_back(text: str) -> None:
    form, problems = parse(text, "random/form.yaml", COMMON)
    assert form is not None, problems
    original = stripped_of(generate(form, year=YEAR), form.sheet)
    (one,), other = sheets_of(original), sheets_of(generate(adopted(original).form, year=YEAR))[0]
    assert seen(other) == seen(one)
    assert heights(other) == heights(one)
