"""Where everything stands: the lists of each form, their columns, the blocks of each year, before a cell is written.

A form has a list of its returns (明细) and one for each growing table. A period is a block: a line with what it is, heads,
rows, a total row; blocks of a list stand below each other, the latest period first, with the same columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct

from perfxl.ledger.ledger import Ledger, is_indicators, quoted
from perfxl.ledger.sums import Sums, is_added, sums
from perfxl.ledger.tables import KEY, SUBMISSIONS, ColumnKind, LedgerTable, TableColumn, ValuePart
from perfxl.model.address import MAX_ROW, column_letter
from perfxl.model.field_type import Type
from perfxl.model.form import Field, Form
from perfxl.model.period import Period
from perfxl.rules.traits import Traits, traits
from perfxl.writer.lists.book import distinct
from perfxl.writer.lists.looks import CellLook
from perfxl.writer.lists.sheet import LOOK_OF, reference
from perfxl.year.summarize.outcome import TooManyRowsError
from perfxl.year.summarize.stock import Stock
from perfxl.year.summarize.workbook.names import DETAILS, OFFICIAL, SheetNames, title

_TEXT_WIDTH, _LEVEL_WIDTH, _SHORT_WIDTH, _FIGURE_WIDTH = 28.0, 20.0, 14.0, 13.0
_SHORT = 60
"""Characters of a text that has a narrow column."""
_PARTS = {ValuePart.OP: "符号", ValuePart.VALUE: "数值", ValuePart.UNIT: "单位", ValuePart.TEXT: "原文"}
_IN_ORDER = (ValuePart.OP, ValuePart.VALUE, ValuePart.UNIT, ValuePart.TEXT)


class SourceColumns(StrEnum):
    """Columns of a list that are no fields of the form."""

    CODE = "unit_code"
    NAME = "unit_name"
    YEAR = "year"
    STATUS = "status"
    PROJECT = "project"
    SCORE = "score"
    ERRORS = "errors"
    WARNINGS = "warnings"
    INFOS = "infos"
    FILE = "file"
    MARKED = "marked"
    KEY = "submission"
    ROW = "row"
    PARENT = "parent"
    ABOUT = "about"
    IDENTITY = "identity"
    GROUP = "group"
    BUDGET = "budget"


class ListColumn(Struct, frozen=True):
    """A column of a list: head, width, look; what it shows, a field's value or part of it, or something else.

    ``sql`` asks the ledger for it, "" where it is worked out.
    """

    head: str
    width: float
    look: CellLook
    sql: str = ""
    source: SourceColumns | None = None
    column: TableColumn | None = None

    @property
    def path(self) -> str:
        return self.column.field.path if self.column is not None and self.column.field is not None else ""


class YearRows(Struct, frozen=True):
    """The rows of a period in a list: row numbers on the sheet; ``total`` is 0 where there is no total row.

    ``count`` is how many rows there are; where there are none a blank one stands in their place. ``added`` tells whether
    they count.
    """

    period: Period
    keys: range
    caption: int
    head: int
    first: int
    last: int
    total: int
    table: str
    count: int
    added: bool = True


class Listing(Struct, frozen=True):
    """A list of a form: of its returns, or of the rows of one of its growing tables.

    ``blocks`` are what is added up, a block for each period; below them stand those of ``superseded`` returns.
    """

    sheet: str
    table: LedgerTable
    columns: tuple[ListColumn, ...]
    blocks: tuple[YearRows, ...]
    superseded: tuple[YearRows, ...] = ()

    @property
    def all(self) -> tuple[YearRows, ...]:
        """All blocks from the top down."""
        return (*self.blocks, *self.superseded)

    def block(self, period: Period) -> YearRows:
        return next(block for block in self.blocks if block.period == period)

    def number(self, path: str, part: ValuePart = ValuePart.NONE) -> int:
        """Return the number of a field's column, from 1. Raises LookupError."""
        for number, column in enumerate(self.columns, start=1):
            if column.column is not None and column.path == path and column.column.part is part:
                return number
        raise LookupError(path)

    def place(self, source: SourceColumns) -> int:
        """Return the number of a column that is no field. Raises LookupError."""
        for number, column in enumerate(self.columns, start=1):
            if column.source is source:
                return number
        raise LookupError(source)

    def has(self, source: SourceColumns) -> bool:
        return any(column.source is source for column in self.columns)

    def span(self, number: int, period: Period) -> str:
        """Return the cells of a column in a year's block: ``$F$4:$F$90``."""
        block, letter = self.block(period), column_letter(number)
        return f"${letter}${block.first}:${letter}${block.last}"

    @property
    def last(self) -> int:
        block = self.all[-1]
        return block.total or block.last


class FormPlan(Struct, frozen=True):
    """All that there is of one form."""

    form: Form
    traits: Traits
    officials: tuple[str, ...]
    details: Listing
    growing: tuple[Listing, ...]
    periods: tuple[Period, ...]
    sums: Mapping[Period, Sums]

    def listing(self, path: str) -> Listing:
        """Return the list in which a field stands: that of the returns, or of its growing table."""
        if "[]" not in path:
            return self.details
        table = path.rpartition("[].")[0]
        return next(found for found in self.growing if found.table.path == table)

    def column(self, path: str, period: Period) -> str:
        """Return the cells of a field in its list, for formulas on any sheet: ``'自评表明细'!$F$4:$F$90``."""
        listing = self.listing(path)
        return reference(listing.sheet) + listing.span(listing.number(path), period)

    def over(self, path: str, period: Period, function: str) -> str:
        """Return a formula over a field's column, without ``=``, blank where it holds no number."""
        cells = self.column(path, period)
        return f'IF(COUNT({cells})=0,"",{function}({cells}))'


def short_names(form: Form, paths: Sequence[str]) -> tuple[str, ...]:
    """Return what some fields are called beside each other: the last words of their labels, as few as tell them apart."""
    labels = [form.fields[path].parts for path in paths]
    for count in range(1, max(map(len, labels), default=1)):
        names = tuple(" ".join(parts[-count:]) for parts in labels)
        if len(set(names)) == len(names):
            return names
    return tuple(" ".join(parts) for parts in labels)


def year_words(form: Form, period: Period) -> str:
    """Return a period of a form as it is spoken of."""
    if period.year is None and form.identity.dated:
        return f"年度不详{period.part_said}"
    return period.said or "不分年度"


def plan_form(form: Form, stock: Stock, ledger: Ledger, names: SheetNames) -> FormPlan:
    """Lay out a form's sheets. Raises TooManyRowsError."""
    found = traits(form)
    periods = stock.periods(form.id)
    own, *tables = ledger.tables[form.id]
    officials = tuple(names.sheet(part, OFFICIAL) for part in form.parts)
    details = _listing(own, names.sheet(form, DETAILS), _details(form, own, ledger), stock, ledger, names)
    growing = tuple(
        _listing(table, names.sheet(form, title(form, table)), _growing(form, table, found), stock, ledger, names)
        for table in tables
    )
    totals = {one: sums(form, ledger, stock.keys(form.id, one), one, found.budget) for one in periods}
    return FormPlan(form, found, officials, details, growing, periods, totals)


def _listing(
    table: LedgerTable,
    sheet: str,
    columns: Iterator[ListColumn],
    stock: Stock,
    ledger: Ledger,
    names: SheetNames,
) -> Listing:
    known = tuple(columns)
    heads = distinct([column.head for column in known])
    named = tuple(
        ListColumn(head, column.width, column.look, column.sql, column.source, column.column)
        for head, column in zip(heads, known, strict=True)
    )
    totalled = not table.path or any(is_added(column) for column in table.columns)
    row = 2
    blocks: list[YearRows] = []
    for period, keys, added in _periods(table, stock):
        count = _count(ledger, table, keys)
        first, last = row + 2, row + 1 + max(1, count)
        total = last + 1 if totalled and added else 0
        blocks.append(
            YearRows(period, keys, row, row + 1, first, last, total, names.table(sheet, period), count, added)
        )
        row = (total or last) + 2
    if row > MAX_ROW:
        raise TooManyRowsError(sheet, row)
    superseded = tuple(block for block in blocks if not block.added)
    return Listing(sheet, table, named, tuple(block for block in blocks if block.added), superseded)


def _periods(table: LedgerTable, stock: Stock) -> Iterator[tuple[Period, range, bool]]:
    """Yield the keys of a form's returns period by period, and whether they count; others stand in the list of returns only."""
    for period in stock.periods(table.form):
        yield period, stock.keys(table.form, period), True
    if not table.path:
        for period, keys in stock.superseded_keys(table.form):
            yield period, keys, False


def _count(ledger: Ledger, table: LedgerTable, keys: range) -> int:
    (count,) = ledger.one(
        f"SELECT COUNT(*) FROM _listed k CROSS JOIN {quoted(table.name)} t ON t.{KEY} = k.entered"  # noqa: S608 - own names, quoted
        f" WHERE k.{KEY} BETWEEN ? AND ?",
        keys.start,
        keys.stop - 1,
    )
    return int(count or 0)


# -- columns --------------------------------------------------------------------------------------------------------


def _of_return(source: SourceColumns, head: str, width: float, look: CellLook) -> ListColumn:
    sql = f"k.{KEY}" if source is SourceColumns.KEY else f"s.{source}"
    return ListColumn(head, width, look, sql, source)


_CODE = _of_return(SourceColumns.CODE, "单位代码", 11, CellLook.MIDDLE)
_NAME = _of_return(SourceColumns.NAME, "单位名称", 26, CellLook.TEXT)
_YEAR = _of_return(SourceColumns.YEAR, "年度", 7, CellLook.YEAR)
_NUMBER = _of_return(SourceColumns.KEY, "序号", 7, CellLook.MIDDLE)


def _details(form: Form, table: LedgerTable, ledger: Ledger) -> Iterator[ListColumn]:
    """The columns of 明细: whose return it is, every field, what was found, where it is."""
    yield from (_CODE, _NAME, _YEAR, _of_return(SourceColumns.STATUS, "状态", 7, CellLook.MIDDLE))
    taken = {"单位代码", "单位名称", "年度", "状态"}
    for column in _fields(table):
        head = _head(column, column.column.field.label if column.column and column.column.field else "")
        yield ListColumn(
            f"{head}（表内）" if head in taken else head, column.width, column.look, column.sql, None, column.column
        )
    if _has_other_scores(form, ledger):
        yield _of_return(SourceColumns.SCORE, "总分（未取整）", 10, CellLook.NUMBER)
    yield _of_return(SourceColumns.ERRORS, "错误", 6, CellLook.WHOLE)
    yield _of_return(SourceColumns.WARNINGS, "警告", 6, CellLook.WHOLE)
    yield _of_return(SourceColumns.INFOS, "提示", 6, CellLook.WHOLE)
    yield _of_return(SourceColumns.FILE, "交回的文件", 30, CellLook.TEXT)
    yield _of_return(SourceColumns.MARKED, "标注件", 8, CellLook.LINK)
    yield _NUMBER


def _growing(form: Form, table: LedgerTable, found: Traits) -> Iterator[ListColumn]:
    """The columns of a growing table: whose row it is, what it lies in, its own fields; keys last."""
    yield from (_CODE, _NAME, _YEAR)
    if form.many:
        yield _of_return(SourceColumns.PROJECT, "项目名称", 24, CellLook.TEXT)
    for depth, parent in enumerate(table.parents, start=1):
        named = form.groups.get(parent, parent).rpartition(" › ")[2]
        yield ListColumn(
            f"{named}序号", 8, CellLook.MIDDLE, f"t.{quoted(table.columns[depth].name)}", SourceColumns.PARENT
        )
        if (about := _about(form, parent)) is not None:
            sql = f"p{depth}.{quoted(about.key)}"
            yield ListColumn(named, _TEXT_WIDTH, CellLook.LONG, sql, SourceColumns.ABOUT)
    yield ListColumn(
        "行号", 6, CellLook.MIDDLE, f"t.{quoted(table.columns[len(table.parents) + 1].name)}", SourceColumns.ROW
    )
    for column in _fields(table):
        field = column.column.field if column.column is not None else None
        label = " ".join(field.parts[1:] or field.parts) if field is not None else ""
        yield ListColumn(_head(column, label), column.width, column.look, column.sql, None, column.column)
    if is_indicators(table):
        if found.budget:
            yield ListColumn("全年预算数", 13, CellLook.MONEY, "", SourceColumns.BUDGET)
        yield ListColumn("指标编号", 8, CellLook.MIDDLE, "", SourceColumns.GROUP)
        yield ListColumn("行编号", 11, CellLook.MIDDLE, "", SourceColumns.IDENTITY)
    yield _NUMBER


def _head(column: ListColumn, label: str) -> str:
    part = column.column.part if column.column is not None else ValuePart.NONE
    return f"{label} {_PARTS[part]}" if part in _PARTS else label


def _fields(table: LedgerTable) -> Iterator[ListColumn]:
    """A column for each field, four for an indicator value: sign, number, unit, what was typed."""
    own = [column for column in table.columns if column.field is not None]
    values = {(column.field.path, column.part): column for column in own if column.field is not None}
    for column in own:
        if column.field is None or column.part not in {ValuePart.NONE, ValuePart.TEXT}:
            continue
        if column.part is ValuePart.NONE:
            yield ListColumn("", _width(column.field), _look(column.field), _sql(column), None, column)
            continue
        for part in _IN_ORDER:
            one = values[column.field.path, part]
            look = {ValuePart.VALUE: CellLook.NUMBER, ValuePart.TEXT: CellLook.TEXT}.get(part, CellLook.MIDDLE)
            yield ListColumn("", _SHORT_WIDTH if part is ValuePart.TEXT else 8, look, _sql(one), None, one)


def _sql(column: TableColumn) -> str:
    return f"t.{quoted(column.name)}"


def _look(field: Field) -> CellLook:
    text = CellLook.LONG if _width(field) == _TEXT_WIDTH else CellLook.TEXT
    return LOOK_OF.get(field.type, text)


def _width(field: Field) -> float:
    if field.level:
        return _SHORT_WIDTH if field.level == 1 else _LEVEL_WIDTH
    if field.type is Type.TEXT:
        return _SHORT_WIDTH if field.length is not None and field.length <= _SHORT else _TEXT_WIDTH
    return _FIGURE_WIDTH if field.type is Type.MONEY else 10.0


def _about(form: Form, parent: str) -> Field | None:
    """Return the field that says what a repeated block is about: the goal's text, the function's name."""
    own = (field for path, field in form.fields.items() if path.rpartition("[].")[0] == parent)
    return next((field for field in own if field.type is Type.TEXT and not field.level), None)


def _has_other_scores(form: Form, ledger: Ledger) -> bool:
    """Tell whether the total that a grade goes by differs from the printed one, rounded, in any return."""
    path = traits(form).score
    if not path:
        return False
    table = ledger.tables[form.id][0]
    name = quoted(table.column(path).name)
    query = (
        f"SELECT COUNT(*) FROM _kept k JOIN {quoted(SUBMISSIONS)} s ON s.{KEY} = k.entered "  # noqa: S608 - own names, quoted
        f"JOIN {quoted(table.name)} t ON t.{KEY} = k.entered WHERE s.score IS NOT t.{name}"
    )
    return bool(ledger.one(query)[0])


def is_figure(column: ListColumn) -> bool:
    """Tell whether a column of a list holds numbers."""
    return column.column is not None and column.column.kind in {ColumnKind.MONEY, ColumnKind.NUMBER, ColumnKind.WHOLE}
