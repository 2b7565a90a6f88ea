"""Blanks without locks: what shows that a cell is asked for where its frame alone does not, and what only looks like one."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import Border, PatternFill, Side
from openpyxl.worksheet.datavalidation import DataValidation

from perfxl.adopt.adopting import adopted_form
from perfxl.adopt.evidence import Evidence, evidence_of
from perfxl.adopt.sheet import Sheet
from perfxl.adopt.typed import typed_on
from perfxl.adopt.workbook import no_form, sheets_of
from perfxl.forms.definition.load import read_common, shipped
from perfxl.model.address import parse_cell

_LINE = Side(style="thin")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_GREY, _YELLOW = (PatternFill("solid", fgColor=colour) for colour in ("FFD9D9D9", "FFFFFF99"))


def sheet_of(draw: Callable[[Any], None]) -> Sheet:
    """Return a sheet as it is read from a workbook that was drawn."""
    book: Any = openpyxl.Workbook()
    draw(book.active)
    buffer = BytesIO()
    book.save(buffer)
    (sheet,) = sheets_of(buffer.getvalue())
    return sheet


def shown(draw: Callable[[Any], None]) -> Evidence:
    return evidence_of(sheet_of(draw))


def at(*cells: str) -> set[tuple[int, int]]:
    return {parse_cell(cell) for cell in cells}


def _labels(sheet: Any, cells: str = "A1 A2 A3 A4 A5") -> None:
    for number, cell in enumerate(cells.split()):
        sheet[cell], sheet[cell].fill, sheet[cell].border = f"项目{'一二三四五六'[number]}", _GREY, _BOX


def test_a_validation_asks_without_a_frame() -> None:
    def draw(sheet: Any) -> None:
        _labels(sheet)
        rule = DataValidation("whole", formula1="1", formula2="9")
        rule.add("B2")
        rule.add("F9")
        sheet.add_data_validation(rule)
        sheet["A9"] = "说明"

    found = shown(draw)
    assert at("B2") <= found.asked.keys()
    assert not at("F9") & found.asked.keys()  # left over: no label, nothing else there


def test_a_prompt_alone_does_not_ask() -> None:
    def draw(sheet: Any) -> None:
        _labels(sheet)
        rule = DataValidation(prompt="看说明", showInputMessage=True)
        rule.add("B2")
        sheet.add_data_validation(rule)
        sheet["D1"].border = _BOX

    assert not shown(draw).asked


def test_what_a_formula_reads_is_asked_for_where_it_looks_meant() -> None:
    def draw(sheet: Any) -> None:
        _labels(sheet)
        sheet["B1"].number_format = "0.00"
        sheet["B3"] = "=B1*B2"

    found = shown(draw)
    assert at("B1") <= found.asked.keys()
    assert not at("B2", "B3") & found.asked.keys()


def test_a_ground_of_inputs_asks_everywhere() -> None:
    def draw(sheet: Any) -> None:
        _labels(sheet)
        for row in range(1, 6):
            sheet[f"B{row}"].fill = _YELLOW
        sheet["D1"] = "=SUM(B1:B4)"

    assert at("B5") <= shown(draw).asked.keys()


def test_on_a_panel_that_labels_share_only_what_is_led_to_below_inputs_asks() -> None:
    def draw(sheet: Any) -> None:
        for row in range(1, 10):
            for column in "ABCDEF":
                sheet[f"{column}{row}"].fill = _GREY
            sheet[f"A{row}"] = f"项目{row}"
        rule = DataValidation("decimal", formula1="0")
        rule.add("D2:F5")
        sheet.add_data_validation(rule)
        for cell in ("C2", "C6", "C7", "C8"):
            sheet[cell], sheet[cell].fill = "万元", _YELLOW

    assert at("D6", "F8") <= shown(draw).asked.keys()
    assert not at("B2", "B7", "D1", "F9") & shown(draw).asked.keys()


def test_frames_in_the_colour_of_labels_are_drawn_only() -> None:
    def draw(sheet: Any) -> None:
        _labels(sheet)
        for row in range(1, 6):
            sheet[f"B{row}"].border = _BOX
        sheet["C3"].fill, sheet["C3"].border = _GREY, _BOX

    found = shown(draw)
    assert at("C3") == found.drawn.keys()
    assert at("B3") <= found.asked.keys()  # a label on another ground leads to it


def test_frames_without_the_colour_of_inputs_are_drawn_only() -> None:
    def draw(sheet: Any) -> None:
        for row in range(1, 6):
            sheet[f"A{row}"] = f"第{row}项"
            sheet[f"B{row}"].fill, sheet[f"B{row}"].border = _YELLOW, _BOX
        sheet["B7"].border = sheet["C2"].border = _BOX
        sheet["D1"] = "=SUM(B1:B5)"

    assert at("B7", "C2") <= shown(draw).drawn.keys()


def test_numbers_down_the_left_are_printed() -> None:
    def draw(sheet: Any) -> None:
        sheet.append(["序号", "名称"])
        for number in range(1, 5):
            sheet.append([number, None])
            sheet.cell(number + 1, 2).border = sheet.cell(number + 1, 1).border = _BOX
        sheet["C2"], sheet["C3"], sheet["C4"] = 3, 1, 2

    assert at("A2", "A3", "A4", "A5") == shown(draw).drawn.keys()


def test_equal_rows_below_a_head_ask_in_all_their_columns() -> None:
    def draw(sheet: Any) -> None:
        for column, text in zip("ABCD", ("名称", "类别", "金额", "备注"), strict=True):
            sheet[f"{column}1"], sheet[f"{column}1"].fill = text, _GREY
        rule = DataValidation("list", formula1='"甲,乙"')
        rule.add("B2:B9")
        sheet.add_data_validation(rule)
        sheet["D20"] = "完"

    found = shown(draw)
    assert at("A2", "C5", "D9") <= found.asked.keys()
    assert not at("A12", "E3") & found.asked.keys()


def test_a_sheet_that_shows_nothing_else_asks_next_to_its_labels() -> None:
    def draw(sheet: Any) -> None:
        sheet["A1"], sheet["A2"], sheet["A3"] = "填报人：", "电话：", "这一行是说明"
        sheet["C4"] = "完"

    assert shown(draw).asked.keys() == at("B1", "B2")


def test_texts_on_the_ground_of_inputs_are_typed() -> None:
    def draw(sheet: Any) -> None:
        _labels(sheet)
        for row, text in enumerate(("Zhang San", "Main street 1", None, 27, "see below"), start=1):
            sheet[f"B{row}"], sheet[f"B{row}"].border = text, _BOX

    sheet = sheet_of(draw)
    assert at("B1", "B2", "B5") == evidence_of(sheet).typed.keys()
    typed = typed_on(sheet)
    assert {text for _, text in typed.left_out} == {"Zhang San", "Main street 1", "see below"}


def test_a_word_of_its_list_is_typed_and_another_text_is_a_label() -> None:
    def draw(sheet: Any) -> None:
        _labels(sheet)
        rule = DataValidation("list", formula1='"<Select>,Yes,No"')
        rule.add("B1:B2")
        sheet.add_data_validation(rule)
        sheet["B1"], sheet["B2"] = "Yes", "Choose one"

    found = shown(draw)
    assert at("B1") <= found.typed.keys()
    assert not at("B2") & found.typed.keys()


@pytest.mark.parametrize("hide", ["row", "column"])
def test_what_is_hidden_is_neither_asked_nor_printed(hide: str) -> None:
    def draw(sheet: Any) -> None:
        _labels(sheet)
        for row in range(1, 6):
            sheet[f"B{row}"].border = _BOX
        sheet["C3"] = "内部代码"
        if hide == "row":
            sheet.row_dimensions[3].hidden = True
        else:
            sheet.column_dimensions["C"].hidden = True

    sheet = sheet_of(draw)
    assert sheet.hides
    assert all(cell.text != "内部代码" for cell in sheet.anchors())
    common, _ = read_common(shipped() / "common.yaml")
    made = adopted_form(sheet, "a.xlsx", common, "own")
    assert made is not None
    assert "隐藏" in made.text
    assert "内部代码" not in made.text


def test_endless_rows_alike_are_left_out_but_data_is_not() -> None:
    def draw(sheet: Any, *, data: bool) -> None:
        sheet.append(["名称", "类别", "金额", "备注"])
        for row in range(2, 3300):
            for column in range(1, 5):
                sheet.cell(row, column).border = _BOX
            if data:
                sheet.cell(row, 1, f"第 {row} 笔")

    sheet = sheet_of(lambda one: draw(one, data=False))
    assert no_form(sheet) == ""
    assert (sheet.rows, sheet.cut) == (201, 3098)
    common, _ = read_common(shipped() / "common.yaml")
    made = adopted_form(sheet, "a.xlsx", common, "own")
    assert made is not None
    assert "3298 行空行" in made.text
    assert "超过 3000 行" in no_form(sheet_of(lambda one: draw(one, data=True)))


def test_rows_whose_heads_stand_above_notes_are_one_table() -> None:
    def draw(sheet: Any) -> None:
        for row, texts in enumerate((("名称", "类别", "金额"), ("填写全称", "照目录填写", "填写万元数")), start=1):
            for column, text in enumerate(texts, start=1):
                sheet.cell(row, column, text).border = _BOX
        sheet.cell(3, 1, "下面每笔一行")
        for row in range(4, 12):
            for column in range(1, 4):
                sheet.cell(row, column).border = _BOX

    common, _ = read_common(shipped() / "common.yaml")
    made = adopted_form(sheet_of(draw), "a.xlsx", common, "own")
    assert made is not None
    assert len(made.form.fields) == 3


@pytest.mark.parametrize("said", ["示例", "（例）", "例：如下", "Example entry"])
def test_a_row_that_says_it_is_an_example_is_printed(said: str) -> None:
    def draw(sheet: Any) -> None:
        rule = DataValidation("list", formula1='"甲,乙"')
        sheet.add_data_validation(rule)
        for column, head in enumerate(("序号", "名称", "类别"), start=1):
            sheet.cell(1, column, head).fill = _GREY
            for row in range(2, 7):
                sheet.cell(row, column).border = _BOX
            sheet.cell(2, column, (said, "某项目", Decimal(3))[column - 1])
        rule.add("C3:C6")

    found = shown(draw)
    assert at("A2", "B2", "C2") <= found.drawn.keys()
    assert not at("A2", "B2", "C2") & (found.asked.keys() | found.typed.keys())
    assert at("C3", "C6") <= found.asked.keys()


def test_a_rule_about_examples_is_no_example() -> None:
    def draw(sheet: Any) -> None:
        _labels(sheet)
        sheet["A1"], sheet["B1"].border = "例行检查次数", _BOX

    assert not at("B1") & shown(draw).drawn.keys()


def test_texts_that_lead_to_inputs_are_labels_whatever_their_colour() -> None:
    """The second column is on a colour of its own, with blanks on it: it says what the third asks for."""

    def draw(sheet: Any) -> None:
        _labels(sheet)
        rule = DataValidation("list", formula1='"甲,乙"')
        sheet.add_data_validation(rule)
        for row in range(1, 6):
            for column, fill in ((2, _YELLOW), (3, None)):
                sheet.cell(row, column).border = _BOX
                if fill is not None:
                    sheet.cell(row, column).fill = fill
            sheet.cell(row, 2, "姓名" if row % 2 else None)
            sheet.cell(row, 3, "甲")
            rule.add(sheet.cell(row, 3).coordinate)

    found = shown(draw)
    assert not at("B1", "B3", "B5") & found.typed.keys()
    assert at("C1", "C5") <= found.typed.keys()


def test_a_condition_on_the_colour_of_labels_does_not_ask() -> None:
    def draw(sheet: Any) -> None:
        _labels(sheet)
        for row in range(1, 4):
            sheet.cell(row, 2).border = _BOX
        for rule, cell in (
            (DataValidation("custom", formula1="1"), "D1"),
            (DataValidation("whole", formula1="1", formula2="9"), "D2"),
        ):
            rule.add(cell)
            sheet.add_data_validation(rule)
            sheet[cell].fill, sheet[cell].border = _GREY, _BOX

    found = shown(draw)
    assert at("D1") <= found.drawn.keys()
    assert at("D2") <= found.asked.keys()


def test_a_head_is_seen_past_a_row_that_explains_it() -> None:
    def draw(sheet: Any) -> None:
        for column, head in enumerate(("名称", "类别"), start=1):
            sheet.cell(1, column, head)
            sheet.cell(2, column, "从列表里选" if column == 2 else None)
            for row in (1, 2):
                sheet.cell(row, column).fill, sheet.cell(row, column).border = (_GREY, _YELLOW)[row - 1], _BOX
            for row in range(3, 7):
                sheet.cell(row, column).border = _BOX
        sheet["A3"], sheet["A4"] = "甲项目", "乙项目"

    assert at("A3", "A4") <= shown(draw).typed.keys()


def test_validations_that_begin_right_below_heads_make_rows_without_a_look() -> None:
    def draw(sheet: Any) -> None:
        for column, head in enumerate(("名称", "类别", "备注"), start=1):
            sheet.cell(1, column, head).fill = _GREY
            sheet.cell(1, column).border = _BOX
        rule = DataValidation("list", formula1='"甲,乙"')
        rule.add("B2:B40")
        sheet.add_data_validation(rule)

    sheet = sheet_of(draw)
    assert sheet.rows == 40
    assert at("A2", "B2", "C2", "B40") <= evidence_of(sheet).asked.keys()


def test_validations_left_over_below_the_last_row_make_none() -> None:
    def draw(sheet: Any) -> None:
        _labels(sheet)
        rule = DataValidation("list", formula1='"甲,乙"')
        rule.add("A4:A40")
        sheet.add_data_validation(rule)

    assert sheet_of(draw).rows == 5


def test_a_text_whose_length_is_limited_is_typed_where_a_label_leads_to_it() -> None:
    def draw(sheet: Any) -> None:
        _labels(sheet)
        sheet["B1"], sheet["B2"] = "X0001", "X00000000002"
        rule = DataValidation("textLength", operator="lessThanOrEqual", formula1="8")
        rule.add("A1:B2")
        sheet.add_data_validation(rule)

    assert shown(draw).typed.keys() == at("B1")


def test_below_a_total_a_head_says_nothing() -> None:
    def draw(sheet: Any) -> None:
        for column, head in enumerate(("一季度", "二季度", "三季度", "四季度"), start=1):
            sheet.cell(1, column, head).fill = _GREY
            sheet.cell(1, column).border = _BOX
            for row in range(2, 5):
                sheet.cell(row, column).border = _BOX
            sheet.cell(5, column).value = f"=SUM({'ABCD'[column - 1]}2:{'ABCD'[column - 1]}4)"
            sheet.cell(5, column).border = _BOX
        rule = DataValidation("decimal", formula1="0", formula2="9")
        rule.add("A2:C6")
        sheet.add_data_validation(rule)
        for cell in ("A6", "B6", "C6"):
            sheet[cell].number_format = "0.00"

    assert not at("D6") & shown(draw).asked.keys()


def test_rows_begun_above_blank_ones_that_look_alike_are_filled_in() -> None:
    def draw(sheet: Any) -> None:
        for number, column in enumerate("ABCD"):
            head = sheet[f"{column}1"]
            head.value, head.fill, head.border = f"栏目{'一二三四'[number]}", _GREY, _BOX
            rule = DataValidation("custom", formula1="TRUE")
            rule.add(f"{column}2:{column}12")
            sheet.add_data_validation(rule)
        sheet["A2"], sheet["B2"], sheet["B3"], sheet["C3"] = "001", "some name", "other", "third"
        for row in range(2, 13):
            sheet[f"E{row}"] = f"=LEFT(A{row},1)"
        sheet["E1"], sheet["E1"].fill = "Code", _GREY

    sheet = sheet_of(draw)
    assert evidence_of(sheet).typed.keys() == at("A2", "B2", "B3", "C3")
    common, _ = read_common(shipped() / "common.yaml")
    made = adopted_form(sheet, "a.xlsx", common, "own")
    assert made is not None
    assert "some name" not in made.text
    assert "rows: 11" in made.text  # one table, from the first row on
    assert sum("用算式写不出" in one.text for one in made.remarks) <= 1  # said once for the column


def test_a_text_in_each_row_is_a_label_though_rows_look_alike() -> None:
    def draw(sheet: Any) -> None:
        _labels(sheet, "A1 B1 C1 D1")
        for row in range(2, 12):
            sheet[f"A{row}"] = f"年{row}"
            for column in "BCD":
                rule = DataValidation("decimal", formula1="0")
                rule.add(f"{column}{row}")
                sheet.add_data_validation(rule)

    assert not shown(draw).typed
