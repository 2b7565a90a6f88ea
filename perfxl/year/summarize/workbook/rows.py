"""The rows of a form's lists: asked of the ledger one after another, with heads and totals around them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path, PurePosixPath

from perfxl.expr.evaluate import references
from perfxl.expr.excel import to_excel
from perfxl.forms.layout.row_heights import count_lines, height, paragraphs
from perfxl.ledger.ledger import NAME_KEY, REPLACED, Ledger, Stored, is_indicators, quoted
from perfxl.ledger.sums import decimal, is_added
from perfxl.ledger.tables import KEY, SUBMISSIONS, flat
from perfxl.model.address import Box, cell_name, column_letter
from perfxl.model.field_type import Type
from perfxl.model.form import Field
from perfxl.model.period import Period
from perfxl.model.submission import Status
from perfxl.model.words import TICK
from perfxl.reporting.overview import Standing
from perfxl.reporting.wording import STANDING_NAMES, STATUS_NAMES
from perfxl.writer.lists.looks import CellLook
from perfxl.writer.lists.sheet import Content, Link, ListCell, ListLine, ListSheet, ListTable, Total, reference
from perfxl.year.summarize.stock import Stock
from perfxl.year.summarize.workbook.names import title
from perfxl.year.summarize.workbook.plan import FormPlan, ListColumn, Listing, SourceColumns, YearRows, year_words

MOST_ROWS = 100_000
"""More rows than a growing table of one return has: the identity of a row is its return's key times this, and its number."""
_NUMBERS = frozenset({CellLook.MONEY, CellLook.NUMBER, CellLook.PERCENT, CellLook.WHOLE, CellLook.YEAR})
_HEAD_HEIGHT, _TITLE_LINE, _LINE = 32.0, 24.0, 18.0
_PAGE = 200
"""The width of a list in characters up to which it is one page wide."""
_TITLE_SIZE = 1.6
"""How large a title is beside the text of a list."""
_OPEN = "打开"

Groups = Mapping[tuple[Period, str], int]
"""The number of each indicator that 指标统计 has a row for, by period and name as names are compared."""


def list_sheet(
    plan: FormPlan, listing: Listing, ledger: Ledger, stock: Stock, output: Path, groups: Groups
) -> ListSheet:
    """Return a form's list as a sheet; ``output`` is where the workbook will lie, for the links from it."""
    frozen = next(n for n, column in enumerate(listing.columns, start=1) if column.source is SourceColumns.NAME) + 1
    head = listing.blocks[0].head
    wide = sum(column.width for column in listing.columns) > _PAGE
    return ListSheet(
        name=listing.sheet,
        widths=tuple(column.width for column in listing.columns),
        last=listing.last,
        lines=lambda: _lines(plan, listing, ledger, groups, frozen - 1 if wide else 0),
        tables=tuple(list_table(plan, listing, block) for block in listing.all),
        links=lambda: _links(listing, ledger, stock, output),
        heads=(head, head),
        frozen=(head + 1, frozen),
        wide=wide,
        merges=(Box(1, 1, 1, frozen - 1),) if wide else (),
    )


def list_table(plan: FormPlan, listing: Listing, block: YearRows) -> ListTable:
    """Return the Excel table that a block of a list is."""
    totals = tuple(
        Total("合计" if number == 1 else "", _total(plan, listing, block, column, number))
        for number, column in enumerate(listing.columns, start=1)
    )
    return ListTable(
        block.table,
        Box(block.head, 1, block.total or block.last, len(listing.columns)),
        tuple(column.head for column in listing.columns),
        totals if block.total else (),
    )


def _lines(plan: FormPlan, listing: Listing, ledger: Ledger, groups: Groups, across: int) -> Iterator[ListLine]:
    """Yield the rows; ``across`` is how many columns the title has on every page, 0 where it has all."""
    form = plan.form
    about = title(form, listing.table) if listing.table.path else "逐份明细"
    has_money = any(column.look is CellLook.MONEY for column in listing.columns)
    widths = [Decimal(column.width) for column in listing.columns]
    needed = [float(height(c.head, (n, n), widths)) for n, c in enumerate(listing.columns, start=1)]
    heads = max(_HEAD_HEIGHT, *needed)
    yield _title(f"《{form.title}》{about}", widths[:across])
    for block in listing.all:
        money = f"　金额单位：{form.money}" if form.money and has_money else ""
        rows = "" if not listing.table.path else f"　{block.count} 行"
        over = "" if block.added else "已被后来交回的代替，不计入　"
        said = f"{year_words(form, block.period)}　{over}{len(block.keys)} 份{rows}{money}"
        yield ListLine(block.caption, [ListCell(CellLook.CAPTION, said)], 20)
        yield ListLine(block.head, [ListCell(CellLook.HEAD, column.head) for column in listing.columns], heads)
        number = block.first - 1
        for number, cells in enumerate(_rows(plan, listing, block, ledger, groups), start=block.first):
            yield ListLine(number, cells, _LINE)
        if number < block.first:
            yield ListLine(block.first, [ListCell(column.look) for column in listing.columns], _LINE)
        if block.total:
            yield ListLine(block.total, list(_totals(plan, listing, block)), _LINE)


def _title(text: str, widths: Sequence[Decimal]) -> ListLine:
    if not widths:
        return ListLine(1, [ListCell(CellLook.TITLE, text)], _TITLE_LINE + 4)
    wide = tuple(each * _TITLE_SIZE for each in paragraphs(text))
    lines = count_lines(wide, (1, len(widths)), widths)
    return ListLine(
        1,
        [ListCell(CellLook.HEADING, text), *[ListCell(CellLook.HEADING)] * (len(widths) - 1)],
        _TITLE_LINE * lines + 4,
    )


def _query(listing: Listing, asked: Sequence[str], budget: str = "") -> str:
    """Ask for columns of a list's rows in their order: k the keys, s the return, t the row, p1, p2 … what it lies in."""
    table = listing.table
    own = table.name.removesuffix(f"__{flat(table.path)}")
    joins = [
        f"CROSS JOIN {quoted(SUBMISSIONS)} s ON s.{KEY} = k.entered",
        f"CROSS JOIN {quoted(table.name)} t ON t.{KEY} = k.entered",
    ]
    for depth, parent in enumerate(table.parents, start=1):
        name = quoted(f"{own}__{flat(parent)}")
        rows = [column.name for column in table.columns[1 : depth + 1]]
        same = [f"p{depth}.{quoted(row)} = t.{quoted(row)}" for row in rows[:-1]]
        last = f"p{depth}.row = t.{quoted(rows[-1])}"
        joins.append(f"LEFT JOIN {name} p{depth} ON p{depth}.{KEY} = k.entered AND {' AND '.join([*same, last])}")
    if budget:
        joins.append(f"CROSS JOIN {budget} f ON f.{KEY} = k.entered")
    return (
        f"SELECT {', '.join(asked)} FROM _listed k {' '.join(joins)} "  # noqa: S608 - own names, quoted
        f"WHERE k.{KEY} BETWEEN ? AND ? ORDER BY k.{KEY}, t.rowid"
    )


def _rows(
    plan: FormPlan, listing: Listing, block: YearRows, ledger: Ledger, groups: Groups
) -> Iterator[list[ListCell | None]]:
    columns = listing.columns
    own = ledger.tables[plan.form.id][0]
    weighed = listing.has(SourceColumns.BUDGET)
    extra = [f"k.{KEY}", f"t.{NAME_KEY}" if is_indicators(listing.table) else "NULL"]
    extra.append(f"f.{quoted(own.column(plan.traits.budget).name)}" if weighed else "NULL")
    asked = [column.sql or "NULL" for column in columns]
    query = _query(listing, [*extra, *asked], quoted(own.name) if weighed else "")
    number, before = 0, None
    for row, (key, name, budget, *values) in enumerate(
        ledger.ask(query, block.keys.start, block.keys.stop - 1), start=block.first
    ):
        number = number + 1 if key == before else 1
        before = key
        cells: list[ListCell | None] = []
        for column, value in zip(columns, values, strict=True):
            match column.source:
                case SourceColumns.GROUP:
                    cells.append(ListCell(column.look, groups.get((block.period, str(name)))))
                case SourceColumns.IDENTITY:
                    cells.append(ListCell(column.look, int(key or 0) * MOST_ROWS + number))
                case SourceColumns.BUDGET:
                    cells.append(_budget(plan, listing, block, row, budget))
                case _:
                    cells.append(ListCell(column.look, shown(column, value)))
        yield cells


def shown(column: ListColumn, value: Stored) -> Content:
    """Return a value of the ledger as a cell of a list shows it."""
    if value is None:
        return None
    match column.source:
        case SourceColumns.STATUS:
            return STANDING_NAMES[Standing.SUPERSEDED] if value == REPLACED else STATUS_NAMES[Status(str(value))]
        case SourceColumns.MARKED:
            return _OPEN
        case _:
            pass
    field = column.column.field if column.column is not None else None
    if field is not None and field.type is Type.TICK:
        return TICK
    if field is not None and field.choices:
        return spoken(field, str(value))
    if column.look in _NUMBERS:
        return Decimal(value)
    return value


def spoken(field: Field, value: str) -> str:
    """Return a choice as it is spoken of."""
    return next((choice.word for choice in field.choices if choice.value == value), value)


def _budget(plan: FormPlan, listing: Listing, block: YearRows, row: int, budget: Stored) -> ListCell:
    """The budget of the return that a row is of: looked up by its key, so that sorting either list does no harm."""
    details = plan.details
    sheet, period = reference(details.sheet), block.period
    span = details.span(details.number(plan.traits.budget), period)
    keys = details.span(details.place(SourceColumns.KEY), period)
    key = cell_name(row, listing.place(SourceColumns.KEY))
    found = f"INDEX({sheet}{span},MATCH({key},{sheet}{keys},0))"
    formula = f'IFERROR({found},"")' if budget is not None else f'IFERROR(IF({found}="","",{found}),"")'
    return ListCell(CellLook.MONEY, decimal(budget), formula)


# -- totals ---------------------------------------------------------------------------------------------------------


class _TotalCells:
    """The cells of a total row, for the formulas of the form."""

    def __init__(self, listing: Listing, row: int) -> None:
        self._listing = listing
        self._row = row

    def cell(self, path: str) -> str:
        return cell_name(self._row, self._listing.number(path))

    def ranges(self, path: str) -> tuple[str, ...]:
        raise LookupError(path)  # a growing table has its own list

    def printed(self, path: str) -> tuple[str, ...]:
        raise LookupError(path)


def _total(plan: FormPlan, listing: Listing, block: YearRows, column: ListColumn, number: int) -> str:
    """Return the formula of a total row in a column, without ``=``: a sum of the rows that are seen, or the form's own."""
    own = column.column
    if own is None or own.field is None:
        return ""
    if is_added(own):
        letter = column_letter(number)
        span = f"{letter}{block.first}:{letter}{block.last}"
        return f'IF(SUBTOTAL(102,{span})=0,"",SUBTOTAL(109,{span}))'
    formula = own.field.formula
    if own.field.type is not Type.PERCENT or formula is None or listing.table.path:
        return ""
    read = (plan.form.fields[path] for path in references(formula))
    if not all("[]" not in field.path and field.type in {Type.MONEY, Type.INTEGER, Type.PERCENT} for field in read):
        return ""
    return to_excel(formula, _TotalCells(listing, block.total))


def _totals(plan: FormPlan, listing: Listing, block: YearRows) -> Iterator[ListCell]:
    sums = plan.sums[block.period]
    looks = {
        CellLook.MONEY: CellLook.TOTAL_MONEY,
        CellLook.WHOLE: CellLook.TOTAL_WHOLE,
        CellLook.PERCENT: CellLook.TOTAL_PERCENT,
    }
    for number, column in enumerate(listing.columns, start=1):
        formula = _total(plan, listing, block, column, number)
        if not formula:
            yield ListCell(CellLook.TOTAL_TEXT, "合计" if number == 1 else None)
            continue
        added = column.column is not None and is_added(column.column)
        value = sums.figures[column.path].total if added else sums.record[column.path]
        yield ListCell(
            looks.get(column.look, CellLook.TOTAL_TEXT), value if isinstance(value, Decimal) else "", formula
        )


# -- links ----------------------------------------------------------------------------------------------------------


def _links(listing: Listing, ledger: Ledger, stock: Stock, output: Path) -> Iterator[Link]:
    if not listing.has(SourceColumns.MARKED):
        return
    place = listing.place(SourceColumns.MARKED)
    for block in listing.all:
        query = _query(listing, [f"k.{KEY}", "s.marked"])
        answers = ledger.ask(query, block.keys.start, block.keys.stop - 1)
        for row, (key, marked) in enumerate(answers, start=block.first):
            if isinstance(marked, str) and isinstance(key, int):
                document = stock.listed[key - 1].document.path
                yield Link(row, place, relative(document.with_name(PurePosixPath(marked).name), output))


def relative(file: Path, output: Path) -> str:
    """Return the way from a workbook to a file, with ``/``; a whole address where they lie on different drives."""
    try:
        return Path(os.path.relpath(file.resolve(), output.resolve().parent)).as_posix()
    except ValueError:
        return file.resolve().as_uri()
