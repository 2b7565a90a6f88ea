"""The sheets of a workbook that are forms, and what the others are: data lists, empty sheets, sheets beyond all bounds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from msgspec import Struct

from perfxl.adopt.from_ods import looks_of_ods
from perfxl.adopt.from_xls import looks_of_xls
from perfxl.adopt.from_xlsx import looks_of_xlsx
from perfxl.adopt.laying import lay
from perfxl.adopt.sheet import Looks, Sheet
from perfxl.model.error import Error
from perfxl.model.finding import Finding
from perfxl.model.grid import Book
from perfxl.model.stamp import INSTRUCTIONS, SELF_CHECK
from perfxl.package.encryption import unlocked
from perfxl.package.limits import DEFAULT
from perfxl.package.package import Package
from perfxl.package.unreadable import Unreadable
from perfxl.readers.book import read_book, workbook_part
from perfxl.readers.refusal import refuse

MOST_SHEETS = 60
MOST_ROWS = 3000
_FEWEST_WORDS = 3
_LIST_ROWS = 8
"""From so many rows of data below one head on a sheet is a list, not a form."""
_TITLE_ROWS = 3
"""Rows that a list may have above its heads: a title, a date, a unit of money."""
_NAMED = 3
"""Sheets that are named of those that are no form for the same reason."""


_TO_OFFICERS = (
    ("交回另存的文件", "再读另存的文件"),
    ("，重新交回", "，再读"),
    ("后重新交回", "后再读"),
    (
        "请用下发的 Excel 表填报，交回 Excel 文件。",
        "要读的是公文附的 Excel 空白表（.xls、.et、.xlsx、.ods）；只有 Word、PDF 或图片的，请把表照样画到 Excel 里，另存以后再读。",
    ),
    ("交回里面的 Excel 文件", "再读里面的 Excel 文件"),
)


class NotAFormError(Error):
    """A workbook in which there is no form; its text says what it is."""


class NoSuchSheetError(Error):
    """A sheet was asked for that the workbook does not have; the text names those that it has."""


class UnreadableWorkbookError(Error):
    """A file that cannot be read as a workbook; its text says why."""


class PassedOver(Struct, frozen=True):
    """A sheet that is no form, and what it is."""

    sheet: str
    why: str


def sheets_of(data: bytes) -> list[Sheet]:
    """Return the sheets of a workbook with their looks.

    Raises UnreadableWorkbookError for a file that is no workbook, or damaged, encrypted or beyond the limits, NotAFormError for
    one with too many sheets or with none that holds cells.
    """
    book = read_book(data)
    if isinstance(book, Finding):
        raise UnreadableWorkbookError(_reason(book))
    visible = [grid for grid in book.sheets if not grid.hidden]
    if len(visible) > MOST_SHEETS:
        message = f"这个工作簿有 {len(visible)} 张工作表，超过 {MOST_SHEETS} 张，不是空白表"
        raise NotAFormError(f"{message}；请把要用的表另存成一个文件再读")
    if not any(grid.cells for grid in visible):
        raise NotAFormError("这个工作簿里没有内容（空的，或者只有图表、图片），没有可以读出的表")
    if book.format == "xlsb":
        raise UnreadableWorkbookError("还读不了 .xlsb 的格式和边框；请用 Excel 或 WPS 另存为 .xlsx 再读")
    try:
        looks = list(_looks(data, book))
    except Unreadable as problem:
        raise UnreadableWorkbookError(_reason(refuse(problem))) from problem
    return [lay(grid, look) for grid, look in zip(book.sheets, looks, strict=True) if not grid.hidden]


def _looks(data: bytes, book: Book) -> Iterator[Looks]:
    """Yield how each sheet of a workbook looks, whatever its format. Raises Unreadable."""
    data = unlocked(data, DEFAULT)
    if book.format == "xls":
        return looks_of_xls(data, book, DEFAULT)
    package = Package.open(data, DEFAULT)
    part = workbook_part(package)
    return looks_of_ods(package, book, DEFAULT) if part is None else looks_of_xlsx(package, part, book, DEFAULT)


def _reason(finding: Finding) -> str:
    """Return why a file cannot be read, without what only an officer who hands it in has to do."""
    said = finding.message
    for words, instead in _TO_OFFICERS:
        said = said.replace(words, instead)
    return said


def no_form(sheet: Sheet) -> str:
    """Return why a sheet is no form, "" where it may be one."""
    if sheet.name == SELF_CHECK:
        return "是 perfxl 生成的填报自检，不是表式"
    if sheet.name == INSTRUCTIONS:
        return "是填表的说明，不是表式"
    texts = [cell for cell in sheet.anchors() if cell.text.strip()]
    if not texts and not any(cell.value is not None for cell in sheet.anchors()):
        return "没有内容"
    if sheet.rows > MOST_ROWS:
        return f"用到第 {sheet.rows} 行，超过 {MOST_ROWS} 行，是数据清单，不是表式"
    if len(texts) < _FEWEST_WORDS:
        return "印的字太少，看不出是什么表"
    if is_list(sheet):
        return "是一份数据清单（一行列名，下面每行都填满了数据），不是要填报的表"
    return ""


def is_list(sheet: Sheet) -> bool:
    """Tell whether a sheet is a plain list: one row of heads, and below it rows of data without a blank to fill.

    A list without a frame may have a title above its heads; one with frames and a title may be a form that is filled in.
    """
    rows = [sheet.row(number) for number in range(1, sheet.rows + 1)]
    filled = [[cell for cell in row if cell.value is not None or cell.formula] for row in rows]
    head = 0
    if not any(cell.style.boxed for row in rows for cell in row):
        head = next((number for number, row in enumerate(filled) if len(row) > 1), 0)
    if head > _TITLE_ROWS or any(not cell.box.single for row in rows[head:] for cell in row):
        return False
    if len(rows) - head <= _LIST_ROWS or len(filled[head]) < 2:
        return False
    heads_only = all(isinstance(cell.value, str) for cell in filled[head])
    body = [row for row in filled[head + 1 :] if row]
    full = sum(len(row) >= 0.6 * len(filled[head]) for row in body)
    values = sum(isinstance(cell.value, Decimal) or len(cell.text) > 0 for row in body for cell in row)
    return heads_only and len(body) >= _LIST_ROWS and full >= 0.8 * len(body) and values > 0


def together(passed: Sequence[PassedOver]) -> Iterator[str]:
    """Yield what is no form, each reason once with the sheets that it is true of."""
    by_reason: dict[str, list[str]] = {}
    for one in passed:
        by_reason.setdefault(one.why, []).append(one.sheet)
    for why, sheets in by_reason.items():
        names = "".join(f"“{name}”" for name in sheets[:_NAMED])
        more = f"等 {len(sheets)} 张" if len(sheets) > _NAMED else ""
        yield f"工作表{names}{more}{'都' if len(sheets) > 1 and not more else ''}{why}"


def named(sheets: Sequence[Sheet], name: str) -> Sheet | None:
    """Return the sheet of a name, None where there is none."""
    return next((sheet for sheet in sheets if sheet.name == name), None)
