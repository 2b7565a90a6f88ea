"""Native pivot tables: 单位 × 资金 over 明细, 单位 × 指标 over the indicators, each beside the same figures by formulas."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from msgspec import Struct

from perfxl.ledger.ledger import Ledger, Stored, is_indicators, quoted
from perfxl.ledger.sums import decimal
from perfxl.ledger.tables import KEY, SUBMISSIONS
from perfxl.model.address import Box, cell_name, column_letter
from perfxl.model.period import Period
from perfxl.writer.lists.looks import CellLook
from perfxl.writer.lists.pivots import VALUES, Pivot, PivotMeasure
from perfxl.writer.lists.sheet import ANY_NUMBER, ListCell, ListLine, ListSheet, criterion, reference
from perfxl.year.summarize.workbook.names import FUNDS_PIVOT, INDICATORS_PIVOT, SheetNames
from perfxl.year.summarize.workbook.plan import FormPlan, Listing, SourceColumns, YearRows, short_names, year_words
from perfxl.year.summarize.workbook.rows import list_table

_TOP = 4
_GAP = 2
_LEFT = 2
"""The second column of a pivot or of what checks it: the first holds the units."""
_MOST_CHECKED = 20_000_000
"""Cells that the formulas beside a pivot look at in all: more would make the workbook slow to open."""
_LINE = 18.0
_TOTAL, _BLANK, _UNIT = "合计", "(空白)", "单位名称"


class Across(Struct, frozen=True):
    """A pivot and the sheet that it lies in."""

    sheet: ListSheet
    pivot: Pivot


class _Grid(Struct, frozen=True):
    """What a pivot comes to as of now: figures of units by columns, and how each is asked of the source by formula.

    ``values`` are what the columns stand for, as the source holds them; ``asked`` makes the formula of a figure from the
    column's number and what SUMIFS takes to find the unit ("" for all units) and the column.
    """

    listing: Listing
    block: YearRows
    measures: tuple[PivotMeasure, ...]
    column: str
    values: tuple[Stored, ...]
    rows: tuple[tuple[Stored, tuple[Decimal | None, ...]], ...]
    asked: Callable[[int, str, str], str]
    look: CellLook
    total_look: CellLook

    @property
    def heads(self) -> tuple[str, ...]:
        if not self.column:
            return tuple(measure.name for measure in self.measures)
        return tuple(_BLANK if value is None else str(value) for value in self.values)

    @property
    def head(self) -> int:
        """The row of the heads: below that of the captions, where there are columns that have one."""
        return _TOP + 1 if self.caption else _TOP

    @property
    def caption(self) -> str:
        """What stands above the heads: the field whose values they are, a word where they are several values."""
        return self.column or (VALUES if len(self.measures) > 1 else "")

    @property
    def last(self) -> int:
        return self.head + len(self.rows) + 1

    @property
    def width(self) -> int:
        """The columns of the pivot: units, figures, and their sum where they add up."""
        return 1 + len(self.heads) + bool(self.column)

    @property
    def checked(self) -> bool:
        """Whether each figure is checked; of many units only the sums are."""
        return len(self.rows) * len(self.heads) * max(1, self.block.count) <= _MOST_CHECKED

    def sum(self, number: int) -> Decimal | None:
        return _sum([figures[number] for _, figures in self.rows])


def pivots(plan: FormPlan, ledger: Ledger, names: SheetNames) -> Iterator[Across]:
    """Yield the pivots of a form, a sheet each for every period."""
    for period in plan.periods:
        behind = period.name if len(plan.periods) > 1 else ""
        if plan.traits.funds:
            grid = _funds(plan, period, ledger)
            money = f"　金额单位：{plan.form.money}" if plan.form.money else ""
            yield _across(plan, grid, names.sheet(plan.form, f"{FUNDS_PIVOT}{behind}"), f"单位 × 资金{money}")
        listing = library(plan)
        if listing is not None and listing.block(period).count:
            grid = _indicators(listing, period, ledger)
            yield _across(plan, grid, names.sheet(plan.form, f"{INDICATORS_PIVOT}{behind}"), "单位 × 指标　指标个数")


def library(plan: FormPlan) -> Listing | None:
    """Return a form's list of indicators: of several the last, a year's come after those of a longer time."""
    found = [one for one in plan.growing if is_indicators(one.table) and _level(one)]
    return found[-1] if found else None


def _level(listing: Listing) -> str:
    fields = (column.column.field for column in listing.columns if column.column is not None)
    return next((field.path for field in fields if field is not None and field.level == 1), "")


def _sum(values: Sequence[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if known else None


# -- what is asked --------------------------------------------------------------------------------------------------


def _funds(plan: FormPlan, period: Period, ledger: Ledger) -> _Grid:
    paths = plan.traits.funds
    listing = plan.listing(paths[0])
    block, own = listing.block(period), listing.table
    asked = ", ".join(f"dsum(t.{quoted(own.column(path).name)})" for path in paths)
    answers = ledger.ask(
        f"SELECT s.unit_name, {asked} {_from(listing)} GROUP BY s.unit_name ORDER BY MIN(k.{KEY})",
        block.keys.start,
        block.keys.stop - 1,
    )
    heads = [listing.columns[listing.number(path) - 1].head for path in paths]
    spans = [reference(listing.sheet) + listing.span(listing.number(path), period) for path in paths]
    units = reference(listing.sheet) + listing.span(listing.place(SourceColumns.NAME), period)

    def formula(number: int, unit: str, _: str) -> str:
        if not unit:
            return f'IF(COUNT({spans[number]})=0,"",SUM({spans[number]}))'
        filled = f"COUNTIFS({units},{unit},{spans[number]},{ANY_NUMBER})"
        return f'IF({filled}=0,"",SUMIFS({spans[number]},{units},{unit}))'

    return _Grid(
        listing=listing,
        block=block,
        measures=tuple(
            PivotMeasure(head, f"{name}合计", money=True)
            for head, name in zip(heads, short_names(plan.form, paths), strict=True)
        ),
        column="",
        values=paths,
        rows=tuple((unit, tuple(map(decimal, figures))) for unit, *figures in answers),
        asked=formula,
        look=CellLook.MONEY,
        total_look=CellLook.TOTAL_MONEY,
    )


def _indicators(listing: Listing, period: Period, ledger: Ledger) -> _Grid:
    block, own = listing.block(period), listing.table
    level = own.column(_level(listing))
    named = next(column for column in own.columns if column.name == "name")
    column, counted = f"t.{quoted(level.name)}", f"t.{quoted(named.name)}"
    answers = ledger.ask(
        f"SELECT s.unit_name, {column}, COUNT({counted}) {_from(listing)} "
        f"GROUP BY s.unit_name, {column} ORDER BY MIN(k.{KEY}), MIN(t.rowid)",
        block.keys.start,
        block.keys.stop - 1,
    )
    values: dict[Stored, None] = {}
    found: dict[Stored, dict[Stored, Decimal]] = {}
    for unit, value, count in answers:
        values[value] = None
        found.setdefault(unit, {})[value] = Decimal(count or 0)
    places = [
        listing.place(SourceColumns.NAME),
        listing.number(level.field.path if level.field else ""),
        listing.number(named.field.path if named.field else ""),
    ]
    units, levels, texts = (reference(listing.sheet) + listing.span(place, period) for place in places)

    def formula(_: int, unit: str, value: str) -> str:
        of_unit = f"{units},{unit}," if unit else ""
        return f'COUNTIFS({of_unit}{levels},{value},{texts},"<>")'

    return _Grid(
        listing=listing,
        block=block,
        measures=(PivotMeasure(listing.columns[places[2] - 1].head, "指标个数", counted=True),),
        column=listing.columns[places[1] - 1].head,
        values=tuple(values),
        rows=tuple((unit, tuple(own.get(value) for value in values)) for unit, own in found.items()),
        asked=formula,
        look=CellLook.WHOLE,
        total_look=CellLook.TOTAL_WHOLE,
    )


def _from(listing: Listing) -> str:
    own = quoted(listing.table.name)
    return (
        f"FROM _kept k CROSS JOIN {quoted(SUBMISSIONS)} s ON s.{KEY} = k.entered "
        f"CROSS JOIN {own} t ON t.{KEY} = k.entered WHERE k.{KEY} BETWEEN ? AND ?"
    )


# -- the sheet ------------------------------------------------------------------------------------------------------


def _across(plan: FormPlan, grid: _Grid, name: str, about: str) -> Across:
    title = f"《{plan.form.title}》{year_words(plan.form, grid.block.period)}"
    box = Box(_TOP, 1, grid.last, grid.width)
    pivot = Pivot(
        name=f"透视_{name}",
        sheet=name,
        source=grid.listing.sheet,
        table=list_table(plan, grid.listing, grid.block),
        row=_UNIT,
        measures=grid.measures,
        box=box,
        column=grid.column,
    )
    widths = (30.0, *(16.0,) * (grid.width - 1), *(4.0,) * _GAP, 30.0, *(16.0,) * (grid.width - 1))
    return Across(
        ListSheet(
            name=name,
            widths=widths,
            last=grid.last,
            lines=lambda: _lines(grid, title, about),
            heads=(_TOP, grid.head),
            frozen=(grid.head + 1, _LEFT),
        ),
        pivot,
    )


def _lines(grid: _Grid, title: str, about: str) -> Iterator[ListLine]:
    yield ListLine(1, [ListCell(CellLook.TITLE, title)], 28)
    said = "左边是数据透视表，打开时自动刷新，字段可以拖动；右边用公式算同样的数，两边应当相等。"
    yield ListLine(2, [ListCell(CellLook.CAPTION, f"{about}　{said}")], 20)
    gap = [None] * _GAP
    if grid.caption:
        captions = [
            ListCell(CellLook.HEAD, grid.measures[0].name if grid.column else None),
            ListCell(CellLook.HEAD, grid.caption),
        ]
        rest = [ListCell(CellLook.HEAD)] * (grid.width - len(captions))
        yield ListLine(_TOP, [*captions, *rest], _LINE)
    heads = [ListCell(CellLook.HEAD, head) for head in grid.heads]
    total = [ListCell(CellLook.HEAD, _TOTAL)] if grid.column else []
    own = ListCell(CellLook.HEAD, _UNIT)
    yield ListLine(grid.head, [own, *heads, *total, *gap, own, *heads, *total], 32)
    for row, (unit, figures) in enumerate(grid.rows, start=grid.head + 1):
        shown = ListCell(CellLook.TEXT, _BLANK if unit is None else unit)
        sums = [ListCell(grid.look, _sum(figures))] if grid.column else []
        left: list[ListCell | None] = [shown, *(ListCell(grid.look, figure) for figure in figures), *sums]
        yield ListLine(row, [*left, *gap, *_checks(grid, row, unit, figures)], _LINE)
    yield ListLine(grid.last, list(_totals(grid)), _LINE)


def _checks(grid: _Grid, row: int, unit: Stored, figures: Sequence[Decimal | None]) -> Iterator[ListCell]:
    if not grid.checked:
        return
    first = grid.width + _GAP + 1
    yield ListCell(CellLook.TEXT, unit)
    wanted = criterion(f"${cell_name(row, first)}", unit)
    for number, figure in enumerate(figures):
        yield ListCell(grid.look, _shown(grid, figure), grid.asked(number, wanted, _head(grid, number)))
    if grid.column:
        yield ListCell(grid.look, _sum(figures), _added(grid, row))


def _added(grid: _Grid, row: int) -> str:
    """The sum of a row of the check."""
    first = grid.width + _GAP + _LEFT
    return f"SUM({cell_name(row, first)}:{cell_name(row, first + len(grid.heads) - 1)})"


def _head(grid: _Grid, number: int) -> str:
    """What finds a column of the check: the cell above it."""
    letter = column_letter(grid.width + _GAP + _LEFT + number)
    return criterion(f"{letter}${grid.head}", grid.values[number]) if grid.column else ""


def _totals(grid: _Grid) -> Iterator[ListCell | None]:
    sums = [grid.sum(number) for number in range(len(grid.heads))]
    yield ListCell(CellLook.TOTAL_TEXT, _TOTAL)
    yield from (ListCell(grid.total_look, value) for value in sums)
    if grid.column:
        yield ListCell(grid.total_look, _sum(sums))
    yield from [None] * _GAP
    yield ListCell(CellLook.TOTAL_TEXT, _TOTAL)
    for number, value in enumerate(sums):
        yield ListCell(grid.total_look, _shown(grid, value), grid.asked(number, "", _head(grid, number)))
    if grid.column:
        yield ListCell(grid.total_look, _sum(sums), _added(grid, grid.last))


def _shown(grid: _Grid, figure: Decimal | None) -> Decimal | None:
    """A count of nothing is 0, a sum of nothing is blank."""
    return Decimal(0) if figure is None and grid.column else figure
