"""The sheet 填报自检: how much is wrong or left, one line for each thing watched, with a link to its cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from perfxl.model.address import cell_name
from perfxl.model.house import FACE, TITLE_FACE
from perfxl.model.stamp import SELF_CHECK
from perfxl.writer.selfcheck.formula import CheckFormula
from perfxl.writer.selfcheck.hidden import HERE
from perfxl.writer.selfcheck.lines import CheckLine

NAME = SELF_CHECK
RED, AMBER, BLUE = "#FFC7CE", "#FFEB9C", "#E6F0FA"
RED_INK, AMBER_INK = "#9C0006", "#7F6000"
_HEADS = ("序号", "检查内容", "结果", "说明", "查看")
_WIDTHS = (5.5, 52, 13, 58, 8)
_COUNTS = 6
"""The columns after the visible ones: errors, warnings, missing, row, column; then the sheet."""
_FIRST = 5
_FAR = 2_000_000
"""More than the last row of a sheet: the first of some rows is this less the greatest distance from it."""
_PASSED = "检查通过：没有错误，必填的都已填写。"
_FIGURE, _ANY_FIGURE = re.compile(r"[0-9][0-9.]*"), "100000.00"
_LINE, _EVEN = 16, 2
"""Points for a line of text; lines that every row has room for, so that all are equally high."""
_NOTES = (
    "本页随填随查，不用填写；数字没有变化时按 F9 重新计算。红色是错误，须改正后交回；黄色是提醒，请核对；浅蓝是还没有填写。",
    "表中新增的行也在检查之内（每张表最多 30 行）；复制出来的工作表、更多的行和文字内容由财政部门收到后审核。",
)

Formats = Callable[[dict[str, object]], Format]


class SheetLines(Struct, frozen=True):
    """The lines about one sheet of the workbook."""

    sheet: str
    title: str
    lines: tuple[CheckLine, ...]


def write_sheet(sheet: Worksheet, parts: Sequence[SheetLines], formats: Formats) -> dict[tuple[int, int], CheckFormula]:
    """Write the sheet, the cells of its formulas blank; return the formulas. ``formats`` makes a format."""
    found: dict[tuple[int, int], CheckFormula] = {
        (2, 1): _summary(parts, _FIRST + sum(len(p.lines) + 1 for p in parts))
    }
    base: dict[str, object] = {"font_name": FACE, "font_size": 10.5, "valign": "vcenter", "text_wrap": True}
    boxed = {**base, "border": 1}
    for number, width in enumerate(_WIDTHS):
        sheet.set_column(number, number, width)
    sheet.set_column(_COUNTS - 1, _COUNTS + 4, None, None, {"hidden": True})
    last = _FIRST + sum(len(part.lines) + 1 for part in parts)
    title = {**base, "font_name": TITLE_FACE, "font_size": 18, "align": "center"}
    sheet.merge_range(0, 0, 0, 4, NAME, formats(title))
    sheet.set_row(0, 30)
    bold = formats({**base, "font_size": 12, "bold": True})
    sheet.merge_range(1, 0, 1, 4, "", bold)
    sheet.set_row(1, 36)
    for number, note in enumerate(_NOTES, start=2):
        sheet.merge_range(number, 0, number, 4, note, formats({**base, "font_size": 9, "align": "left"}))
        sheet.set_row(number, 15)
    for column, head in enumerate(_HEADS):
        sheet.write_string(_FIRST - 1, column, head, formats({**boxed, "align": "center", "bold": True}))
    number = 0
    row = _FIRST
    for part in parts:
        heading = formats({**boxed, "bold": True, "bg_color": "#F2F2F2"})
        sheet.merge_range(row, 0, row, 4, f"{part.sheet}（{part.title}）", heading)
        row += 1
        for line in part.lines:
            number += 1
            _line(sheet, row, number, line, formats, boxed)
            sheet.write_string(row, _COUNTS + 4, part.sheet)
            found |= {(row + 1, column): formula for column, formula in _formulas(line, row + 1, part.sheet)}
            row += 1
    _colours(sheet, last, formats)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_FIRST - 1)
    # Of a hidden column nothing is printed: whoever prints the whole workbook gets the forms, and 共 N 页 counts only them.
    sheet.print_area(0, _COUNTS - 1, 0, _COUNTS - 1)
    sheet.set_footer("&C第 &P 页，共 &N 页")
    sheet.freeze_panes(_FIRST, 0)
    sheet.hide_gridlines(2)
    sheet.protect("", {"select_locked_cells": True, "format_rows": True})
    return found


def _line(sheet: Worksheet, row: int, number: int, line: CheckLine, formats: Formats, boxed: dict[str, object]) -> None:
    plain, middle = formats(boxed), formats({**boxed, "align": "center"})
    # The figures of the moment must not count: the height is that of whatever will stand there.
    said = _FIGURE.sub(_ANY_FIGURE, line.longest or str(line.say.value))
    sheet.set_row(row, _LINE * max(_EVEN, _lines(line.want, _WIDTHS[1]), _lines(said, _WIDTHS[3])))
    sheet.write_number(row, 0, number, middle)
    sheet.write_string(row, 1, line.want, plain)
    sheet.write_blank(row, 2, None, middle)
    sheet.write_blank(row, 3, None, plain)
    sheet.write_blank(row, 4, None, formats({**boxed, "align": "center", "font_color": "#0563C1", "underline": 1}))
    for column, formula in enumerate(_counts(line), start=_COUNTS - 1):
        if formula.constant:
            sheet.write_number(row, column, float(formula.value))
        else:
            sheet.write_blank(row, column, None, formats({"num_format": "0"}))


def _lines(text: str, width: float) -> int:
    """Return how many lines a text takes in a column; a Chinese character is two wide."""
    signs = sum(1 if sign.isascii() else 2 for sign in text)
    return max(1, -(-signs // int(width - 2)))


def _counts(line: CheckLine) -> tuple[CheckFormula, ...]:
    return line.errors, line.warnings, line.missing, line.row, line.column


def _formulas(line: CheckLine, at: int, sheet: str) -> Iterator[tuple[int, CheckFormula]]:
    """Yield the formulas of a line in row ``at``, by column."""
    wrong = f"$F{at}+$G{at}+$H{at}"
    state = (
        f'IF($F{at}>0,"错误 "&$F{at}&" 处",IF($G{at}>0,"提醒 "&$G{at}&" 处",IF($H{at}>0,"未填 "&$H{at}&" 格","通过")))'
    )
    yield 3, CheckFormula(state, _state(line))
    say = line.say.text.replace(HERE, f"$I{at}")
    said = CheckFormula(f'IF({wrong}=0,"",{say})', line.say.value if line.wrong else "")
    yield 4, said.or_else('"请核对"')
    link = f'HYPERLINK("#\'{sheet}\'!"&ADDRESS($I{at},$J{at},4),"查看")'
    yield 5, CheckFormula(f'IF(OR({wrong}=0,$I{at}=0),"",{link})', "查看" if line.wrong and line.row.value else "")
    # What was deleted (a goal that is not needed, a spare sheet) is not counted.
    for column, formula in enumerate(_counts(line), start=_COUNTS):
        if not formula.constant:
            yield column, formula.or_else("0")


def _state(line: CheckLine) -> str:
    for count, word, unit in ((line.errors, "错误", "处"), (line.warnings, "提醒", "处"), (line.missing, "未填", "格")):
        if count.value:
            return f"{word} {count.value} {unit}"
    return "通过"


def _summary(parts: Sequence[SheetLines], last: int) -> CheckFormula:
    """The headline: how much is wrong or left, and the first place of the gravest kind, which it leads to."""
    columns = [f"${letter}${_FIRST + 1}:${letter}${last}" for letter in "FGH"]
    sums = [f"SUM({column})" for column in columns]
    ranks = [f"SUMPRODUCT(MAX(({column}>0)*({_FAR}-ROW({column}))))" for column in columns]
    # The row of the line: of the first error, else of the first warning, else of the first that is left.
    line = f"{_FAR}-IF({sums[0]}>0,{ranks[0]},IF({sums[1]}>0,{ranks[1]},{ranks[2]}))"
    number, row, column, sheet = (f"INDEX(${letter}:${letter},{line})" for letter in "AIJK")
    verb = f'IF({sums[0]}>0,"先改正",IF({sums[1]}>0,"先核对","先填写"))'
    place = f"ADDRESS({row},{column},4)"
    counted = f'"还有错误 "&{sums[0]}&" 处、提醒 "&{sums[1]}&" 处、未填 "&{sums[2]}&" 格。"'
    first = f'{verb}&"第 "&{number}&" 项：“"&{sheet}&"”的 "&{place}&"，点这里查看。"'
    link = f'HYPERLINK("#\'"&{sheet}&"\'!"&{place},{counted}&{first})'
    text = f'IF(SUM($F${_FIRST + 1}:$H${last})=0,"{_PASSED}",IF({row}=0,{counted},{link}))'
    # Where the place cannot be found any more (its row was deleted) the counts are said all the same.
    return CheckFormula(f"IFERROR({text},{counted})", _headline(parts))


def _headline(parts: Sequence[SheetLines]) -> str:
    """What the headline says as the workbook is written."""
    lines = [(part.sheet, line) for part in parts for line in part.lines]
    kinds = ("errors", "先改正"), ("warnings", "先核对"), ("missing", "先填写")
    counts = [sum(int(getattr(line, kind).value) for _, line in lines) for kind, _ in kinds]
    if not any(counts):
        return _PASSED
    counted = f"还有错误 {counts[0]} 处、提醒 {counts[1]} 处、未填 {counts[2]} 格。"
    kind, verb = next(named for named, count in zip(kinds, counts, strict=True) if count)
    number, (sheet, line) = next((n, one) for n, one in enumerate(lines, 1) if getattr(one[1], kind).value)
    if not line.row.value:
        return counted
    return f"{counted}{verb}第 {number} 项：“{sheet}”的 {cell_name(int(line.row.value), int(line.column.value))}，点这里查看。"


def _colours(sheet: Worksheet, last: int, formats: Formats) -> None:
    for test, props in _tests():
        criteria = f"={test.format(row=_FIRST + 1)}"
        options = {"type": "formula", "criteria": criteria, "format": formats(props), "stop_if_true": True}
        sheet.conditional_format(_FIRST, 2, last - 1, 2, options)


def _tests() -> Iterator[tuple[str, dict[str, object]]]:
    yield "$F{row}>0", {"bg_color": RED, "font_color": RED_INK, "bold": True}
    yield "$G{row}>0", {"bg_color": AMBER, "font_color": AMBER_INK}
    yield "$H{row}>0", {"bg_color": BLUE}
