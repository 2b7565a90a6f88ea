"""The sheet 填表说明: how the workbook is filled in, in the words of who fills it in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from perfxl.model.house import FACE, TITLE_FACE
from perfxl.model.layout import Layout, RowKind
from perfxl.model.stamp import INSTRUCTIONS, SELF_CHECK
from perfxl.writer.content import plain

_WIDTHS = (13, 96)
_HIDDEN = 2
"""The column that is hidden: it is the print area, so that the sheet is not printed with the forms."""
_LINE = 15.5
_CHARACTERS = 47
"""Chinese characters in a line of the wider column."""

Formats = Callable[[dict[str, object]], Format]


def write_instructions(sheet: Worksheet, layouts: Sequence[Layout], contact: str, formats: Formats) -> None:
    """Write the sheet for some forms; ``contact`` is who answers questions, "" where nobody is named."""
    base: dict[str, object] = {"font_name": FACE, "font_size": 10.5, "valign": "vcenter", "text_wrap": True}
    for number, width in enumerate(_WIDTHS):
        sheet.set_column(number, number, width)
    sheet.set_column(_HIDDEN, _HIDDEN, None, None, {"hidden": True})
    title = {**base, "font_name": TITLE_FACE, "font_size": 18, "align": "center"}
    sheet.merge_range(0, 0, 0, 1, INSTRUCTIONS, formats(title))
    sheet.set_row(0, 30)
    topic, text = formats({**base, "align": "center", "border": 1}), formats({**base, "border": 1})
    for row, (about, said) in enumerate(_sections(layouts, contact), start=1):
        sheet.write_string(row, 0, about, topic)
        sheet.write_string(row, 1, plain(said), text)
        lines = sum(-(-max(len(line), 1) // _CHARACTERS) for line in said.split("\n"))
        sheet.set_row(row, _LINE * lines + 6)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.print_area(0, _HIDDEN, 0, _HIDDEN)
    sheet.hide_gridlines(2)
    sheet.protect("", {"select_locked_cells": True, "format_rows": True})


def _sections(layouts: Sequence[Layout], contact: str) -> Iterator[tuple[str, str]]:
    rows = [row for layout in layouts for row in layout.rows]
    noted = [layout for layout in layouts if layout.notes]
    apart = [layout for layout in layouts if layout.stamp.part]
    if noted:
        named = len({layout.title for layout in noted}) > 1
        yield _section(
            "本表",
            *(line for layout in noted for line in ((f"《{layout.title}》",) if named else ()) + layout.notes),
        )
    yield _section(
        "怎样填",
        "只填要填的格：印好的文字和自动计算的格已经锁定。点进一格，旁边会显示怎样填；有下拉箭头的从中选择。",
        "文字显示不全时，把这一行拉高。",
    )
    if apart:
        yield _section(
            "几张工作表",
            "几张工作表合起来是一张表，都要填，填好一起交回；不要删去或拆开其中的工作表，不用的空着就行。",
        )
    yield _section(
        "颜色",
        "浅蓝：还没有填写。必填的都填好以后，其余空着的不再显示浅蓝。",
        "红：有错误，改正后自动消失。　黄：请核对，核对无误的可以保留。",
        "在 Excel、WPS 中打印时，这些颜色不印出来。",
    )
    yield _section("自检", f"“{SELF_CHECK}”列出还有哪些没有填、哪里不对，点“查看”跳到那一格；显示“检查通过”后再交回。")
    if any(row.kind is RowKind.TABLE for row in rows):
        yield _section(
            "增减行",
            "行不够：在要加行的地方右键点行号，选“插入”；有二级指标的，插在同一个二级指标原有的行之间。",
            "多余的行空着就行，不用删。",
        )
    if any(row.fold for row in rows):
        yield _section(
            "收起空行",
            "打印前可以把空行收起来：先在“审阅”中点“撤消工作表保护”，再点左上角的小数字，1 收得最多，数字越大收得越少；",
            "点行号左边的“＋”展开一处。填了内容的行不要收起，收起的行不印出来。",
        )
    if any(row.block for row in rows):
        yield _section(
            "增减目标",
            "目标不够：先在“审阅”中点“撤消工作表保护”，选中一个目标的全部行（从目标到它的最后一行指标）复制，",
            "在下一个目标的第一行上右键点行号，选“插入复制的单元格”，再改写内容。",
            "多余的目标空着就行；也可以在撤消保护以后把它的全部行删去。",
        )
    if any(layout.many and layout.stamp.part for layout in layouts):
        yield _section("几个项目", "一个项目填一个文件：把这个空白的文件另存一份，改写文件名，再填另一个项目。")
    elif any(layout.many for layout in layouts):
        yield _section(
            "几个项目",
            "一个项目填一张表。表不够时，右键点下面的工作表标签，选“移动或复制”，勾选“建立副本”。",
            f"复制出来的表不在“{SELF_CHECK}”之内，由财政部门收到后审核。多出来的空表请删去。",
        )
    yield _section("保护", "工作表有保护，防止误改表样，没有设密码。")
    yield _section(
        "打印和交回",
        f"打印整个工作簿时只印要填的表；要印“{SELF_CHECK}”或本页，先选中内容，再打印选定区域。",
        "交回 Excel 文件，不要转成 PDF、图片，不要改动印好的文字。",
    )
    yield _section("联系", contact.strip() or "填表中有问题，请向下发本表的财政部门询问。")


def _section(topic: str, *lines: str) -> tuple[str, str]:
    return topic, "\n".join(lines)
