"""The sheet 错误清单: counts on top, then every error and warning with a link to its cell."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from operator import attrgetter

from msgspec import Struct

from perfxl.marks.styles import ListLook
from perfxl.marks.words import clipped, related, shown
from perfxl.model.address import Box, cell_name, column_letter
from perfxl.model.finding import Finding, Severity
from perfxl.model.grid import Grid
from perfxl.package.splice import cell_text, quoted

NAME = "错误清单"
HEADS = ("序号", "级别", "代码", "工作表", "单元格", "项目", "填报值", "应为", "说明", "处理办法")

_TITLE = "审核错误清单"
_NOTICE = "本表由审核程序生成，供查看和打印；交回后自动清除，请勿在本表填报。"
_WIDTHS = (7, 8, 8, 16, 9, 26, 16, 16, 42, 42)
_LEVELS = frozenset(severity.chinese for severity in Severity)
_CODE = re.compile(r"[A-Z][0-9]{2}")
_NOTES = 5
_VALUE = attrgetter("value")
_LINE, _TALLEST = 14.5, 400.0  # points: a line of 10.5 point type, the highest row that Excel allows is 409

_PART = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    '<sheetPr><tabColor rgb="FFC00000"/><pageSetUpPr fitToPage="1"/></sheetPr><dimension ref="{used}"/>'
    '<sheetViews><sheetView showGridLines="0" tabSelected="1" workbookViewId="0">'
    '<pane ySplit="{head_row}" topLeftCell="A{below}" activePane="bottomLeft" state="frozen"/>'
    '<selection pane="bottomLeft" activeCell="A{below}" sqref="A{below}"/></sheetView></sheetViews>'
    '<sheetFormatPr defaultRowHeight="15"/><cols>{columns}</cols><sheetData>{rows}</sheetData>'
    '<autoFilter ref="{table}"/>{links}<printOptions horizontalCentered="1"/>'
    '<pageMargins left="0.4" right="0.4" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>'
    '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
    "<headerFooter><oddFooter>&amp;C第 &amp;P 页，共 &amp;N 页</oddFooter></headerFooter>"
    '<ignoredErrors><ignoredError sqref="{table}" numberStoredAsText="1"/></ignoredErrors></worksheet>'
)


def is_finding_list(grid: Grid) -> bool:
    """Tell whether a sheet is our list of findings, whatever its name and whoever saved it: by title, heads and rows.

    A few cells more, an officer's notes perhaps, do not make it another sheet; a form with the list's heads below is one.
    """
    head = _head_row(grid) if _TITLE in map(_VALUE, grid.cells.values()) else None
    if head is None:
        return False
    listed = {row for row, column in grid.cells if column == 2 and _is_finding(grid, row)}
    return sum(not _belongs(cell, head, listed) for cell in grid.cells) <= _NOTES


def _belongs(place: tuple[int, int], head: int, listed: Collection[int]) -> bool:
    """Tell whether a cell is such as the list has them: lines in the first column above the heads, findings below."""
    row, column = place
    if row <= head:
        return column == 1 or row == head
    return column <= len(HEADS) and row in listed


def _is_finding(grid: Grid, row: int) -> bool:
    level, code = (grid.cells.get((row, column)) for column in (2, 3))
    return level is not None and level.value in _LEVELS and code is not None and _is_code(code.value)


def _is_code(value: object) -> bool:
    return isinstance(value, str) and _CODE.fullmatch(value) is not None


def _head_row(grid: Grid) -> int | None:
    """Return the row of the list's heads, below its title; rows may have been put in above."""
    first = [(row, cell.value) for (row, column), cell in grid.cells.items() if column == 1]
    titles = [row for row, text in first if text == _TITLE]
    heads = (row for row, text in first if text == HEADS[0] and titles and row > titles[0])
    return next((row for row in heads if _texts(grid, row) == HEADS), None)


def _texts(grid: Grid, row: int) -> tuple[object, ...]:
    cells = (grid.cells.get((row, column)) for column in range(1, len(HEADS) + 1))
    return tuple(cell.value if cell else None for cell in cells)


class FindingList(Struct, frozen=True, dict=True):
    """What the list says: findings, remedies by code, which cells can be linked to, the formats to be used.

    ``notes`` are lines on top: what is to be known of the workbook as a whole; ``origin`` says what it is made from.
    """

    findings: Sequence[Finding]
    remedies: Mapping[str, str]
    linked: Collection[tuple[str | None, str | None]]
    looks: Mapping[ListLook, int]
    notes: Sequence[str] = ()
    origin: str = ""

    @property
    def head_row(self) -> int:
        return 4 + len(self.notes)

    def part(self) -> bytes:
        """Return the sheet's part: errors first, else in the order given."""
        ordered = sorted(self.findings, key=lambda finding: finding.severity is not Severity.ERROR)
        numbered = list(enumerate(ordered, start=self.head_row + 1))
        table = Box(self.head_row, 1, self.head_row + len(numbered), len(HEADS))
        rows = "".join(self._row(row, finding) for row, finding in numbered)
        links = "".join(
            f'<hyperlink ref="E{row}" location="{quoted(place(finding.sheet, finding.cell))}"/>'
            for row, finding in numbered
            if finding.sheet and finding.cell and (finding.sheet, finding.cell) in self.linked
        )
        return _PART.format(
            below=self.head_row + 1,
            head_row=self.head_row,
            used=table._replace(row=1).range_name,
            table=table.range_name,
            columns=_columns(),
            rows=self._top() + rows,
            links=f"<hyperlinks>{links}</hyperlinks>" if links else "",
        ).encode()

    def _top(self) -> str:
        plain, head = self.looks[ListLook.PLAIN], self.looks[ListLook.HEAD]
        below = (_counts(self.findings), *self.notes, f"{_NOTICE}{self.origin}")
        lines = ((_TITLE, 28, self.looks[ListLook.TITLE]), *((line, 18, plain) for line in below))
        top = "".join(
            f'<row r="{row}" ht="{height}" customHeight="1">{_text(row, 1, text, look)}</row>'
            for row, (text, height, look) in enumerate(lines, start=1)
        )
        cells = "".join(_text(self.head_row, column, text, head) for column, text in enumerate(HEADS, start=1))
        return f'{top}<row r="{self.head_row}" ht="22" customHeight="1">{cells}</row>'

    def _row(self, row: int, finding: Finding) -> str:
        message = clipped(finding.message)
        if finding.related:
            message += f"（相关单元格：{related(finding)}）"
        texts = (
            str(row - self.head_row),
            finding.severity.chinese,
            finding.code,
            finding.sheet or "",
            finding.cell or "",
            finding.label or "",
            shown(finding.value, finding.unit),
            shown(finding.expected, finding.unit),
            message,
            clipped(self.remedies.get(finding.code, "")),
        )
        level = ListLook.ERROR if finding.severity is Severity.ERROR else ListLook.WARNING
        link = ListLook.LINK if finding.cell else ListLook.CENTRED
        centred, plain = self.looks[ListLook.CENTRED], self.looks[ListLook.TEXT]
        looks = (self.looks[level], centred, plain, self.looks[link], *(plain,) * 5)
        cells = f'<c r="A{row}" s="{centred}"><v>{texts[0]}</v></c>' + "".join(
            _text(row, column, text, look)
            for column, (text, look) in enumerate(zip(texts[1:], looks, strict=True), start=2)
        )
        return f'<row r="{row}" ht="{_height(texts)}" customHeight="1">{cells}</row>'

    def names(self, sheet: str) -> Mapping[str, str]:
        """Return the defined names that the list needs: filtered range, printed area, repeated head row."""
        first, last, width = self.head_row, self.head_row + len(self.findings), column_letter(len(HEADS))
        return {
            "_xlnm._FilterDatabase": place(sheet, f"$A${first}:${width}${last}"),
            "_xlnm.Print_Area": place(sheet, f"$A$1:${width}${last}"),
            "_xlnm.Print_Titles": place(sheet, f"${first}:${first}"),
        }


def place(sheet: str, cell: str) -> str:
    """Return a reference to a cell or range of a sheet: ``'自评表'!C9``."""
    doubled = sheet.replace("'", "''")
    return f"'{doubled}'!{cell}"


def _counts(findings: Sequence[Finding]) -> str:
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    warnings = len(findings) - errors
    what = [f"错误 {errors} 条，请逐条改正后重新交回"] if errors else []
    what += [f"警告 {warnings} 条，请核实，确有错误的一并改正"] if warnings else []
    return "；".join(what) + "。点“单元格”一栏可跳到出错处。"


def _columns() -> str:
    return "".join(
        f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
        for number, width in enumerate(_WIDTHS, start=1)
    )


def _height(row: Sequence[str]) -> float:
    """Return the points that a row of texts needs: programs do not agree on fitting rows by themselves."""
    lines = (
        sum(-(-max(_columns_taken(part), 1) // (width - 2)) for part in text.split("\n"))
        for text, width in zip(row, _WIDTHS, strict=True)
    )
    return min(_LINE * max(lines) + 6, _TALLEST)


def _columns_taken(text: str) -> int:
    return len(text.encode("gb18030", "replace"))  # two bytes for what is two columns wide


def _text(row: int, column: int, text: str, look: int) -> str:
    """Return a cell that holds text and nothing else: an inline string is never a formula."""
    if not text:
        return f'<c r="{cell_name(row, column)}" s="{look}"/>'
    content = f'<t xml:space="preserve">{cell_text(text)}</t>'
    return f'<c r="{cell_name(row, column)}" s="{look}" t="inlineStr"><is>{content}</is></c>'
