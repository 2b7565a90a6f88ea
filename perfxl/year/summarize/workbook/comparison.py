"""年度对比: two years side by side, money by form, then what was meant and what was reached by unit and indicator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import TypeAlias

from msgspec import Struct

from perfxl.ledger.facts import Compared, Fact, compared, count_compared
from perfxl.ledger.ledger import Ledger
from perfxl.ledger.sums import quotient
from perfxl.ledger.tables import ValuePart
from perfxl.model.address import Box, cell_name
from perfxl.model.period import Period
from perfxl.values.units import same_unit
from perfxl.writer.lists.looks import CellLook
from perfxl.writer.lists.sheet import ListCell, ListLine, ListSheet, ListTable, reference
from perfxl.year.summarize.workbook.names import COMPARISON
from perfxl.year.summarize.workbook.plan import FormPlan, Listing, SourceColumns
from perfxl.year.summarize.workbook.rows import MOST_ROWS

_LINE = 18.0
_PLACES = 14
"""The first of the columns that say in which rows of the lists the values stand."""
_KEYS = ("target", "actual")

Libraries: TypeAlias = Mapping[str, Listing]
"""The lists of indicators by form."""


class YearPair(Struct, frozen=True):
    """Two years on the sheet: rows of the money, rows of the indicators (first and last; none: a blank row)."""

    earlier: int
    later: int
    funds: tuple[tuple[FormPlan, str], ...]
    caption: int
    funds_first: int
    first: int
    count: int

    @property
    def last(self) -> int:
        return self.first + max(1, self.count) - 1


def is_compared(plan: FormPlan) -> bool:
    """Tell whether a form's returns are those of whole years, which can stand next to each other."""
    return plan.form.identity.dated and not plan.form.identity.parts


def pair_years(plans: Sequence[FormPlan], ledger: Ledger) -> tuple[YearPair, ...]:
    """Lay out the sheet: a part for every two years that follow each other, the latest first."""
    plans = [plan for plan in plans if is_compared(plan)]
    years = sorted({one.year for plan in plans for one in plan.periods if one.year is not None}, reverse=True)
    found = []
    row = 3
    for later, earlier in pairwise(years):
        both = [plan for plan in plans if {Period(later), Period(earlier)} <= set(plan.periods)]
        funds = tuple((plan, path) for plan in both for path in plan.traits.funds)
        first_fund = row + 2
        first = first_fund + len(funds) + 3 if funds else row + 2
        pair = YearPair(earlier, later, funds, row, first_fund, first, count_compared(ledger, earlier, later))
        found.append(pair)
        row = pair.last + 3
    return tuple(found)


def comparison_sheet(pairs: Sequence[YearPair], libraries: Libraries, ledger: Ledger) -> ListSheet:
    """Return the sheet; ``libraries`` are the lists of indicators by form."""
    widths = (12.0, 26.0, 20.0, 13.0, 20.0, 30.0, 14.0, 14.0, 11.0, 14.0, 14.0, 11.0, 12.0, *(9.0,) * 4)
    return ListSheet(
        name=COMPARISON,
        widths=widths,
        last=pairs[-1].last,
        lines=lambda: _lines(pairs, libraries, ledger),
        tables=tuple(
            ListTable(f"_{COMPARISON}_{one.later}", Box(one.first - 1, 1, one.last, len(widths)), _heads(one))
            for one in pairs
        ),
        frozen=(3, 1),
        heads=(1, 1),
        merges=tuple(box for one in pairs for box in _merges(one)),
        printed=_PLACES - 1,
    )


def _heads(pair: YearPair) -> tuple[str, ...]:
    years = [f"{year}{word}" for year in (pair.earlier, pair.later) for word in ("目标值", "完成值", "完成÷目标")]
    places = [f"{year}{word}行" for year in (pair.earlier, pair.later) for word in ("目标", "完成")]
    return ("单位代码", "单位名称", "项目名称", "一级指标", "二级指标", "三级指标", *years, "完成值增减", *places)


def _lines(pairs: Sequence[YearPair], libraries: Libraries, ledger: Ledger) -> Iterator[ListLine]:
    yield ListLine(1, [ListCell(CellLook.TITLE, "年度对比")], 28)
    said = (
        "目标值取批复的，没有批复取申报的，再没有取监控的、自评的；完成值取自评的。同一单位（项目）同名的三级指标才作对比；"
        "“完成÷目标”只在两个数计量单位相同时计算，成本类等越低越好的指标请注意方向。"
    )
    yield ListLine(2, [ListCell(CellLook.CAPTION, said)], 20)
    for pair in pairs:
        yield ListLine(pair.caption, [ListCell(CellLook.CAPTION, f"{pair.later} 年度与 {pair.earlier} 年度")], 20)
        yield from _fund_lines(pair)
        count = f"指标：两个年度都有的 {pair.count} 个" if pair.count else "指标：没有两个年度都有的"
        if pair.first - 2 > pair.caption:
            yield ListLine(pair.first - 2, [ListCell(CellLook.CAPTION, count)], 20)
        yield ListLine(pair.first - 1, [ListCell(CellLook.HEAD, head) for head in _heads(pair)], 32)
        row = pair.first - 1
        for row, one in enumerate(compared(ledger, pair.earlier, pair.later), start=pair.first):
            yield ListLine(row, list(_cells(one, row, libraries)), _LINE)
        if row < pair.first:
            yield ListLine(pair.first, [ListCell(CellLook.TEXT)] * len(_heads(pair)), _LINE)


# -- money ----------------------------------------------------------------------------------------------------------


def _merges(pair: YearPair) -> Iterator[Box]:
    """The names of forms and amounts take the room of several columns of the indicators below."""
    for row in range(pair.funds_first - 1, pair.funds_first + len(pair.funds)) if pair.funds else ():
        yield Box(row, 1, row, 2)
        yield Box(row, 3, row, 6)


def _fund_lines(pair: YearPair) -> Iterator[ListLine]:
    if not pair.funds:
        return
    heads = ("表式", "", "项目", "", "", "", f"{pair.earlier}合计", f"{pair.later}合计", "增减", "增减率")
    yield ListLine(pair.funds_first - 1, [ListCell(CellLook.HEAD, head) for head in heads], 20)
    for row, (plan, path) in enumerate(pair.funds, start=pair.funds_first):
        before, now = (plan.sums[Period(year)].figures[path].total for year in (pair.earlier, pair.later))
        cells = [
            ListCell(CellLook.TEXT, plan.form.title),
            ListCell(CellLook.TEXT),
            ListCell(CellLook.TEXT, plan.form.fields[path].label),
        ]
        cells += [ListCell(CellLook.TEXT)] * 3
        for year, total in ((pair.earlier, before), (pair.later, now)):
            cells.append(ListCell(CellLook.MONEY, total, plan.over(path, Period(year), "SUM")))
        old, new = cell_name(row, 7), cell_name(row, 8)
        gap = now - before if now is not None and before is not None else None
        cells.append(ListCell(CellLook.MONEY, gap, f'IF(COUNT({old},{new})<2,"",{new}-{old})'))
        cells.append(ListCell(CellLook.PERCENT, quotient(gap, before), f'IFERROR({cell_name(row, 9)}/{old},"")'))
        yield ListLine(row, cells, _LINE)


# -- indicators -----------------------------------------------------------------------------------------------------


def _cells(one: Compared, row: int, libraries: Libraries) -> Iterator[ListCell]:
    yield ListCell(CellLook.MIDDLE, one.code)
    for text in (one.name, one.project, *one.levels, one.indicator):
        yield ListCell(CellLook.TEXT, text)
    facts = (*one.earlier, *one.later)
    values = [
        _Value(fact, _KEYS[number % 2], cell_name(row, _PLACES + number), libraries) if fact is not None else None
        for number, fact in enumerate(facts)
    ]
    for meant, reached in (values[:2], values[2:]):
        yield meant.text if meant is not None else ListCell(CellLook.MIDDLE)
        yield reached.text if reached is not None else ListCell(CellLook.MIDDLE)
        yield _ratio(meant, reached)
    yield _change(values[1], values[3])
    for value in values:
        yield value.place if value is not None else ListCell(CellLook.MIDDLE)


class _Value:
    """An indicator's value in its list: found by the row's own number, so that sorting the list does no harm."""

    def __init__(self, fact: Fact, key: str, at: str, libraries: Libraries) -> None:
        self.fact = fact
        self._at = at
        self._listing = libraries[fact.form]
        self._path = next(column.path for column in self._listing.columns if column.path.endswith(f"[].{key}"))

    def _part(self, part: ValuePart) -> str:
        return f"INDEX({self._span(self._listing.number(self._path, part))},{self._at})"

    def _span(self, number: int) -> str:
        return reference(self._listing.sheet) + self._listing.span(number, Period(self.fact.year))

    @property
    def text(self) -> ListCell:
        return ListCell(CellLook.MIDDLE, self.fact.text, f'IFERROR({self._part(ValuePart.TEXT)}&"","")')

    @property
    def number(self) -> str:
        return self._part(ValuePart.VALUE)

    @property
    def place(self) -> ListCell:
        identity = self.fact.submission * MOST_ROWS + self.fact.row
        keys = self._span(self._listing.place(SourceColumns.IDENTITY))
        return ListCell(CellLook.MIDDLE, self.fact.place, f'IFERROR(MATCH({identity},{keys},0),"")')


def _ratio(meant: _Value | None, reached: _Value | None) -> ListCell:
    """What was reached of what was meant, in one unit of measure."""
    if meant is None or reached is None or not _comparable(meant.fact, reached.fact):
        return ListCell(CellLook.PERCENT)
    formula = f'IFERROR({reached.number}/{meant.number},"")'
    return ListCell(CellLook.PERCENT, quotient(reached.fact.value, meant.fact.value), formula)


def _change(before: _Value | None, now: _Value | None) -> ListCell:
    if before is None or now is None or not _comparable(before.fact, now.fact):
        return ListCell(CellLook.NUMBER)
    gap = (now.fact.value or Decimal(0)) - (before.fact.value or Decimal(0))
    return ListCell(CellLook.NUMBER, gap, f'IFERROR({now.number}-{before.number},"")')


def _comparable(one: Fact, other: Fact) -> bool:
    return one.value is not None and other.value is not None and same_unit(one.unit, other.unit)
