"""图表: native charts of what stands on other sheets; what they draw stands beside them, live."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from xlsxwriter.worksheet import Worksheet

from perfxl.ledger.ledger import Ledger, Stored, quoted
from perfxl.ledger.sums import decimal
from perfxl.ledger.tables import KEY, SUBMISSIONS
from perfxl.model.address import cell_name, column_letter
from perfxl.model.form import Page
from perfxl.model.period import Period
from perfxl.writer.lists.book import ListBook
from perfxl.writer.lists.charts import ChartSeries, Drawing, draw
from perfxl.writer.lists.looks import CellLook
from perfxl.writer.lists.sheet import criterion, reference
from perfxl.writer.paper import set_paper
from perfxl.year.summarize.workbook.findings import FindingsPlan, top_rules
from perfxl.year.summarize.workbook.names import CHARTS, FINDINGS, RANKING
from perfxl.year.summarize.workbook.plan import FormPlan, SourceColumns, short_names, year_words
from perfxl.year.summarize.workbook.ranking import Ranked, Spread

_MOST = 12
"""Units that a chart shows: the names of more could not be read."""
_COLUMNS = 16
"""Columns that the charts lie over; what they draw stands on the right of them."""
_DATA = _COLUMNS + 2
_ROWS = 19
"""The rows that a chart takes."""
_PAGE = 3 * _ROWS + 5
"""Rows of a printed page: three charts below each other."""


def write_charts(
    book: ListBook, plans: Sequence[FormPlan], ranked: Sequence[Ranked], findings: FindingsPlan, ledger: Ledger
) -> None:
    """Write the sheet: the charts of each form and year below each other, two in a row, then those of the findings."""
    _Sheet(book, book.sheet(CHARTS)).write(plans, ranked, findings, ledger)


class _Sheet:
    def __init__(self, book: ListBook, sheet: Worksheet) -> None:
        self._book, self._sheet = book, sheet
        self._row = 3
        self._data_row = 3
        self._page_ends = _PAGE
        self._breaks: list[int] = []

    def write(
        self, plans: Sequence[FormPlan], ranked: Sequence[Ranked], findings: FindingsPlan, ledger: Ledger
    ) -> None:
        sheet = self._sheet
        sheet.set_column(0, _COLUMNS - 1, 8)
        sheet.set_column(_DATA - 1, _DATA - 1, 36)
        sheet.set_column(_DATA, _DATA + 4, 14)
        sheet.set_row(0, 28)
        sheet.write_string(0, 0, "图表", self._book.look(CellLook.TITLE))
        sheet.write_string(0, _DATA - 1, "图表用的数（随明细变化）", self._book.look(CellLook.CAPTION))
        for plan in plans:
            for period in plan.periods:
                of_period = next((one for one in ranked if one.plan is plan and one.block.period == period), None)
                drawings = [*self._funds(plan, period, ledger), *self._ranks(plan, of_period, ledger)]
                if drawings:
                    self._group(f"《{plan.form.title}》（{plan.form.region}）{year_words(plan.form, period)}", drawings)
        if findings.count:
            self._group("审核意见", [_by_rule(findings, ledger)])
        set_paper(sheet, Page(), 75)
        sheet.print_area(0, 0, max(self._row, 4), _COLUMNS - 1)
        sheet.set_h_pagebreaks(self._breaks)

    def _group(self, title: str, drawings: Sequence[Drawing]) -> None:
        if self._row + len(drawings[::2]) * _ROWS > self._page_ends:
            self._breaks.append(self._row - 1)
            self._page_ends = self._row + _PAGE
        self._sheet.set_row(self._row - 1, 20)
        self._sheet.write_string(self._row - 1, 0, title, self._book.look(CellLook.CAPTION))
        self._row += 1
        for number, drawing in enumerate(drawings):
            column = number % 2 * (_COLUMNS // 2)
            self._sheet.insert_chart(self._row - 1, column, draw(self._book.book, drawing), {"object_position": 3})
            if number % 2 or number == len(drawings) - 1:
                self._row += _ROWS
        self._row += 1

    # -- what is drawn ----------------------------------------------------------------------------------------------

    def _funds(self, plan: FormPlan, period: Period, ledger: Ledger) -> Iterator[Drawing]:
        """The money of the units with most of it, added up by unit."""
        paths = plan.traits.funds
        if not paths:
            return
        listing = plan.listing(paths[0])
        keys = listing.block(period).keys
        main = plan.traits.budget or paths[0]
        own = listing.table
        asked = ", ".join(f"dsum(t.{quoted(own.column(path).name)})" for path in paths)
        answers, more = _first(
            ledger,
            f"SELECT s.unit_name, {asked} FROM _kept k CROSS JOIN {quoted(SUBMISSIONS)} s ON s.{KEY} = k.entered "  # noqa: S608 - own names, quoted
            f"CROSS JOIN {quoted(own.name)} t ON t.{KEY} = k.entered WHERE k.{KEY} BETWEEN ? AND ? GROUP BY s.unit_name "
            f"ORDER BY CAST(dsum(t.{quoted(own.column(main).name)}) AS REAL) DESC, MIN(k.{KEY}) LIMIT {_MOST + 1}",
            keys.start,
            keys.stop - 1,
        )
        units = reference(listing.sheet) + listing.span(listing.place(SourceColumns.NAME), period)
        columns = [plan.column(path, period) for path in paths]
        heads = short_names(plan.form, paths)
        money = f"（{plan.form.money}）" if plan.form.money else ""
        title = f"各单位资金{money}"
        first = self._heads(f"{title}：{plan.form.title} {year_words(plan.form, period)}", ["单位名称", *heads])
        names: list[str] = []
        figures: list[list[float]] = [[] for _ in paths]
        for name, *values in answers:
            row = self._data_row
            self._text(_DATA, name)
            names.append(str(name or ""))
            for number, value in enumerate(values):
                wanted = criterion(f"${cell_name(row, _DATA)}", name)
                self._figure(
                    _DATA + 1 + number, f"SUMIFS({columns[number]},{units},{wanted})", decimal(value), CellLook.MONEY
                )
                figures[number].append(float(value or 0))
            self._data_row += 1
        last = self._data_row - 1
        self._data_row += 1
        if more:
            title += f"：前 {_MOST} 个"
        yield Drawing(
            "bar",
            title,
            tuple(self._series(heads[n], first, last, n + 1, names, figures[n]) for n in range(len(paths))),
        )

    def _ranks(self, plan: FormPlan, ranked: Ranked | None, ledger: Ledger) -> Iterator[Drawing]:
        """The execution rates that are lowest, and the distributions."""
        if ranked is None:
            return
        if plan.traits.rate:
            yield self._rates(plan, ranked.block.period, ledger)
        for spread in ranked.spreads:
            yield _spread(spread)

    def _rates(self, plan: FormPlan, period: Period, ledger: Ledger) -> Drawing:
        own, details = ledger.tables[plan.form.id][0], plan.details
        block = details.block(period)
        rate = f"t.{quoted(own.column(plan.traits.rate).name)}"
        answers, more = _first(
            ledger,
            f"SELECT k.{KEY}, s.unit_name, s.project, {rate} FROM _kept k "  # noqa: S608 - own names, quoted
            f"CROSS JOIN {quoted(SUBMISSIONS)} s ON s.{KEY} = k.entered CROSS JOIN {quoted(own.name)} t ON t.{KEY} = k.entered "
            f"WHERE k.{KEY} BETWEEN ? AND ? AND {rate} IS NOT NULL ORDER BY CAST({rate} AS REAL), k.{KEY} LIMIT {_MOST + 1}",
            block.keys.start,
            block.keys.stop - 1,
        )
        places = [details.place(SourceColumns.NAME)]
        if path := plan.form.project_path:
            places.append(details.number(path))
        first = self._heads(
            f"执行率：{plan.form.title} {year_words(plan.form, period)}",
            ["单位、项目" if path else "单位名称", "执行率"],
        )
        names, rates = [], []
        for key, unit, project, value in answers:
            there = block.first + int(key or 0) - block.keys.start
            name = "　".join(str(text) for text in ((unit, project) if path else (unit,)) if text)
            joined = '&"　"&'.join(f"{reference(details.sheet)}{cell_name(there, place)}" for place in places)
            self._sheet.write_formula(self._data_row - 1, _DATA - 1, f"={joined}", self._book.look(CellLook.TEXT), name)
            source = f"{reference(details.sheet)}{cell_name(there, details.number(plan.traits.rate))}"
            self._figure(_DATA + 1, f'IF({source}="","",{source})', decimal(value), CellLook.PERCENT)
            names.append(name)
            rates.append(float(value or 0))
            self._data_row += 1
        last = max(first, self._data_row - 1)
        self._data_row = last + 2
        title = f"执行率最低的 {_MOST} 份" if more else "各份执行率"
        return Drawing("bar", title, (self._series("执行率", first, last, 1, names, rates),), percent=True)

    # -- cells ------------------------------------------------------------------------------------------------------

    def _heads(self, title: str, heads: Sequence[str]) -> int:
        """Write the heads of what a chart draws, and return its first row."""
        self._sheet.write_string(self._data_row - 1, _DATA - 1, title, self._book.look(CellLook.CAPTION))
        for number, head in enumerate(heads):
            self._sheet.write_string(self._data_row, _DATA - 1 + number, head, self._book.look(CellLook.HEAD))
        self._data_row += 2
        return self._data_row

    def _text(self, column: int, text: Stored) -> None:
        self._sheet.write_string(self._data_row - 1, column - 1, str(text or ""), self._book.look(CellLook.TEXT))

    def _figure(self, column: int, formula: str, value: Decimal | None, look: CellLook) -> None:
        result = "" if value is None else float(value)
        self._sheet.write_formula(self._data_row - 1, column - 1, f"={formula}", self._book.look(look), result)

    @staticmethod
    def _series(
        name: str, first: int, last: int, number: int, names: Sequence[str], values: Sequence[float]
    ) -> ChartSeries:
        return ChartSeries(
            name, _area(CHARTS, _DATA, first, last), _area(CHARTS, _DATA + number, first, last), names, values
        )


def _first(ledger: Ledger, query: str, *values: Stored) -> tuple[list[tuple[Stored, ...]], bool]:
    """Return as many answers as a chart shows, and whether there are more."""
    answers = list(ledger.ask(query, *values))
    return answers[:_MOST], len(answers) > _MOST


def _spread(spread: Spread) -> Drawing:
    names = _area(RANKING, spread.names, spread.first, spread.last)
    counts = _area(RANKING, spread.counts, spread.first, spread.last)
    series = ChartSeries(
        spread.title, names, counts, [name for name, _ in spread.parts], [float(count) for _, count in spread.parts]
    )
    return Drawing("pie" if spread.title == "等级分布" else "column", f"{spread.title}（份）", (series,))


def _by_rule(findings: FindingsPlan, ledger: Ledger) -> Drawing:
    """The rules with most findings, errors and warnings and what is only told on top of each other."""
    rules = top_rules(ledger, _MOST)
    first, last = findings.rules[0], findings.rules[0] + len(rules) - 1
    names = [code for code, *_ in rules]
    series = tuple(
        ChartSeries(
            name,
            _area(FINDINGS, 2, first, last),
            _area(FINDINGS, column, first, last),
            names,
            [float(rule[place]) for rule in rules],
        )
        for name, column, place in (("错误", 3, 1), ("警告", 4, 2), ("提示", 5, 3))
    )
    return Drawing("bar", "审核意见最多的规则（处）", series, stacked=True)


def _area(sheet: str, column: int, first: int, last: int) -> str:
    letter = column_letter(column)
    return f"{reference(sheet)}${letter}${first}:${letter}${last}"
