"""The national layouts of 2015 (部门整体支出, 项目支出绩效目标申报表), which perfxl does not ship: adopted without editing."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from adopt_blanks import grid
from openpyxl.styles import Alignment, Border, Font, Side

from perfxl.adopt.adopting import AdoptedForm, adopt
from perfxl.api import generate
from perfxl.forms.definition.load import read_common, shipped
from perfxl.model.field_type import Type

_LINE = Side(style="thin")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_LEVELS = {
    "产出指标": ("数量指标", "质量指标", "时效指标", "成本指标"),
    "效益指标": ("经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标"),
    "满意度指标": ("服务对象满意度指标",),
}


class _Drawn:
    """A sheet that is drawn area by area; cells are boxed, their text stands in the middle."""

    def __init__(self, title: str, line: str, last: str) -> None:
        book: Any = openpyxl.Workbook()
        sheet: Any = book.active
        self.book, self.sheet = book, sheet
        sheet.title = "Sheet1"
        self.put(f"A1:{last}1", title, boxed=False)
        sheet["A1"].font = Font(size=18, bold=True)
        self.put(f"A2:{last}2", line, boxed=False)

    def put(self, area: str, text: str | None = None, *, boxed: bool = True) -> None:
        if ":" in area:
            self.sheet.merge_cells(area)
        first = area.partition(":")[0]
        self.sheet[first].value = text
        self.sheet[first].alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        for row in self.sheet[area] if ":" in area else ((self.sheet[area],),):
            for cell in row:
                cell.border = _BOX if boxed else Border()

    def saved(self) -> bytes:
        buffer = BytesIO()
        self.book.save(buffer)
        return buffer.getvalue()


def _indicators(drawn: _Drawn, row: int, columns: tuple[str, str, str, str], rows: int) -> int:
    """Draw the indicators from a row on, so many rows for each 二级; return the row below."""
    one, two, three, value = columns
    for level, below in _LEVELS.items():
        last = row + len(below) * rows - 1
        drawn.put(f"{one}{row}:{one}{last}", level)
        for name in below:
            drawn.put(f"{two}{row}:{two}{row + rows - 1}" if rows > 1 else f"{two}{row}", name)
            for inside in range(row, row + rows):
                for area in (three, value):
                    drawn.put(f"{area}{inside}" if ":" not in area else area.replace(":", f"{inside}:") + str(inside))
            row += rows
    return row


def department() -> bytes:
    """部门整体支出绩效目标申报表 (2015): name, tasks with their budgets, goal, indicators."""
    drawn = _Drawn("部门整体支出绩效目标申报表", "（    年度）", "G")
    drawn.put("A3:B3", "部门（单位）名称")
    drawn.put("C3:G3")
    drawn.put("A4:A9", "年度\n主要\n任务")
    drawn.put("B4:B5", "任务名称")
    drawn.put("C4:D5", "主要内容")
    drawn.put("E4:G4", "预算金额（万元）")
    for column, text in zip("EFG", ("总额", "财政拨款", "其他资金"), strict=True):
        drawn.put(f"{column}5", text)
    for row, text in enumerate(("任务1", "任务2", "……"), start=6):
        drawn.put(f"B{row}", text)
        drawn.put(f"C{row}:D{row}")
        for column in "EFG":
            drawn.put(f"{column}{row}")
    drawn.put("B9:D9", "金额合计")
    for column in "EFG":
        drawn.put(f"{column}9")
    drawn.put("A10", "年度\n总体\n目标")
    drawn.put("B10:G10", "目标1：\n目标2：\n目标3：\n……")
    drawn.sheet.row_dimensions[10].height = 90
    last = 11 + 9 * 2
    drawn.put(f"A11:A{last}", "年\n度\n绩\n效\n指\n标")
    for area, text in (("B11", "一级指标"), ("C11", "二级指标"), ("D11:E11", "三级指标"), ("F11:G11", "指标值")):
        drawn.put(area, text)
    _indicators(drawn, 12, ("B", "C", "D:E", "F:G"), 2)
    return drawn.saved()


def project() -> bytes:
    """项目支出绩效目标申报表 (2015): who, funds in the middle of text, two goals, two tables of indicators side by side."""
    drawn = _Drawn("项目支出绩效目标申报表", "（    年度）", "H")
    drawn.put("A3:B3", "项目名称")
    drawn.put("C3:H3")
    for row, (left, right) in enumerate((("主管部门及代码", "实施单位"), ("项目属性", "项目期")), start=4):
        drawn.put(f"A{row}:B{row}", left)
        drawn.put(f"C{row}:D{row}")
        drawn.put(f"E{row}:F{row}", right)
        drawn.put(f"G{row}:H{row}")
    drawn.put("A6:B8", "项目资金\n（万元）")
    labels = (("中期资金总额：", "年度资金总额："), ("其中：财政拨款", "其中：财政拨款"), ("其他资金", "其他资金"))
    for row, (left, right) in enumerate(labels, start=6):
        drawn.put(f"C{row}", left)
        drawn.put(f"D{row}")
        drawn.put(f"E{row}:F{row}", right)
        drawn.put(f"G{row}:H{row}")
    drawn.put("A9:A10", "总\n体\n目\n标")
    drawn.put("B9:D9", "中期目标（20××年—20××+n年）")
    drawn.put("E9:H9", "年度目标")
    drawn.put("B10:D10", "目标1：\n目标2：\n……")
    drawn.put("E10:H10", "目标1：\n目标2：\n……")
    drawn.sheet.row_dimensions[10].height = 90
    last = 11 + 9 * 2
    drawn.put(f"A11:A{last}", "绩\n效\n指\n标")
    heads = ("一级指标", "二级指标", "三级指标", "指标值", "二级指标", "三级指标", "指标值")
    for column, text in zip("BCDEFGH", heads, strict=True):
        drawn.put(f"{column}11", text)
    _indicators(drawn, 12, ("B", "C", "D", "E"), 2)
    row = 12
    for below in _LEVELS.values():
        for name in below:
            drawn.put(f"F{row}:F{row + 1}", name)
            for inside in (row, row + 1):
                drawn.put(f"G{inside}")
                drawn.put(f"H{inside}")
            row += 2
    return drawn.saved()


def adopted(data: bytes) -> AdoptedForm:
    common, _ = read_common(shipped() / "common.yaml")
    (one,) = adopt(data, "附表.xlsx", common, form="adopted").forms
    return one


@pytest.mark.parametrize("drawn_by", [department, project])
def test_labels_and_merges_are_the_same_and_all_is_read_back(drawn_by: Callable[[], bytes]) -> None:
    data = drawn_by()
    made = adopted(data)
    assert made.proof == ()
    one, other = grid(data), grid(generate(made.form, year=2024))
    original = {place: (text, merge) for place, (text, _, merge) in one.items() if (text or merge) and place != (2, 1)}
    drawn = {place: (text, merge) for place, (text, _, merge) in other.items() if (text or merge) and place != (2, 1)}
    assert drawn == {place: (_own(text), merge) for place, (text, merge) in original.items() if _own(text) or merge}


def _own(text: str) -> str:
    """Return what the form prints of a text: of an example of what is filled in nothing."""
    return "" if text in {"任务1", "任务2", "……"} or text.startswith("目标1：") else text


def test_what_the_department_fills_in_is_found() -> None:
    form = adopted(department()).form
    tasks = {f"tasks[].{name}" for name in ("name", "content", "total", "fiscal", "other")}
    assert form.fields["goal"].hint == "分条填写，如：目标1：\n目标2：\n目标3：\n……"
    assert form.fields.keys() >= {"unit_name", "year", "indicators[].target", *tasks}
    assert [path for path in form.fields if path.startswith("amount_total.")] == [
        f"amount_total.{name}" for name in ("total", "fiscal", "other")
    ]


def test_what_the_project_fills_in_is_found() -> None:
    form = adopted(project()).form
    assert form.fields.keys() >= {"year", "project_name", "supervisor", "implementing_unit", "annual_goal", "mid_goal"}
    types = [field.type for field in form.fields.values()]
    assert types.count(Type.MONEY) == 6
    assert types.count(Type.VALUE) == 2
