"""排名: the returns of each form that has an execution rate or a total score, the best first, with the distributions.

Every row is read from the row of its return in 明细, name and figures together: sorting 明细 changes which return stands in
a row here, never whose figures stand beside a name.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from msgspec import Struct

from perfxl.ledger.ledger import Ledger, Stored, quoted
from perfxl.ledger.sums import decimal
from perfxl.ledger.tables import KEY, SUBMISSIONS
from perfxl.model.address import Box, cell_name, column_letter
from perfxl.rules.grade import FULL, GRADES
from perfxl.writer.lists.looks import CellLook
from perfxl.writer.lists.sheet import ListCell, ListLine, ListSheet, ListTable, reference
from perfxl.year.summarize.workbook.names import RANKING
from perfxl.year.summarize.workbook.plan import FormPlan, SourceColumns, YearRows, year_words

_HEADS = (
    ("名次", 8), ("单位代码", 12), ("单位名称", 30), ("项目名称", 30), ("预算数", 15), ("执行数", 15),
    ("执行率", 10), ("执行率名次", 10), ("得分", 10), ("得分名次", 10), ("等级", 8),
)  # fmt: skip
_RANK, _CODE, _NAME, _PROJECT, _BUDGET, _SPENT, _RATE, _RATE_RANK, _SCORE, _SCORE_RANK, _GRADE = range(1, 12)
_LINE = 18.0


class Bin(NamedTuple):
    """A part of a distribution: what it is called, its least value (None: no limit), what it stays below."""

    name: str
    least: Decimal | None
    below: Decimal | None


def _bins(*limits: str, percent: bool) -> tuple[Bin, ...]:
    """Parts from the highest down: each holds its lower end and not its upper one."""
    edges = [Decimal(limit) for limit in limits]
    words = [f"{edge * 100:f}".rstrip("0").rstrip(".") + "%" if percent else f"{edge:f}" for edge in edges]
    first = Bin(f"{words[0]} 以上", edges[0], None)
    middle = [
        Bin(f"{low_word}～{high_word}", low, high)
        for low, high, low_word, high_word in zip(edges[1:], edges, words[1:], words, strict=False)
    ]
    return (first, *middle, Bin(f"不到 {words[-1]}", None, edges[-1]))


RATES = _bins("1.00", "0.95", "0.90", "0.80", "0.60", percent=True)
SCORES = _bins("95", "90", "85", "80", "70", "60", percent=False)


class Spread(Struct, frozen=True):
    """A distribution on the sheet, for the charts: its rows, the columns of names and counts, how many each has."""

    title: str
    first: int
    last: int
    names: int
    counts: int
    parts: tuple[tuple[str, int], ...]


class Ranked(Struct, frozen=True):
    """The returns of a form and a year on the sheet: the rows of the list and its distributions."""

    plan: FormPlan
    block: YearRows
    caption: int
    first: int
    last: int
    spreads: tuple[Spread, ...]

    @property
    def head(self) -> int:
        return self.first - 1


class _Standing(NamedTuple):
    """A return: the row in which it stands in 明细, and its figures."""

    row: int
    code: Stored
    name: Stored
    project: Stored
    budget: Decimal | None
    spent: Decimal | None
    rate: Decimal | None
    score: Decimal | None
    grade: Stored


def is_ranked(plan: FormPlan) -> bool:
    """Tell whether a form has anything to rank its returns by."""
    return bool(plan.traits.rate or plan.traits.score)


def rank(plans: Sequence[FormPlan], ledger: Ledger) -> tuple[Ranked, ...]:
    """Lay out the sheet: for each form and year a line, the distributions beside each other, the list below them."""
    found = []
    row = 3
    for plan in plans:
        if not is_ranked(plan):
            continue
        for block in plan.details.blocks:
            spreads = tuple(_spreads(plan, block, ledger, row + 2))
            first = max(spread.last for spread in spreads) + 3
            last = first + len(block.keys) - 1
            found.append(Ranked(plan, block, row, first, last, spreads))
            row = last + 3
    return tuple(found)


def ranking_sheet(ranked: Sequence[Ranked], ledger: Ledger) -> ListSheet:
    """Return the sheet."""
    last = ranked[-1].last if ranked else 3
    heads = tuple(head for head, _ in _HEADS)
    return ListSheet(
        name=RANKING,
        widths=tuple(float(width) for _, width in _HEADS),
        last=last,
        lines=lambda: _lines(ranked, ledger),
        tables=tuple(
            ListTable(f"_{RANKING}_{number}", Box(one.head, 1, one.last, len(heads)), heads)
            for number, one in enumerate(ranked, start=1)
        ),
        frozen=(3, 1),
        heads=(1, 1),
        breaks=tuple(one.caption - 1 for one in ranked[1:]),
    )


def _lines(ranked: Sequence[Ranked], ledger: Ledger) -> Iterator[ListLine]:
    yield ListLine(1, [ListCell(CellLook.TITLE, "执行率和得分排名")], 28)
    if not ranked:
        yield ListLine(3, [ListCell(CellLook.CAPTION, "这次汇总的表里没有执行率，也没有总分，不作排名。")], 20)
        return
    said = "有总分的按得分排，没有的按执行率排；得分相同的名次并列。执行率超过 100% 的请看审核意见。"
    yield ListLine(2, [ListCell(CellLook.CAPTION, said)], 20)
    for one in ranked:
        named = (
            f"《{one.plan.form.title}》（{one.plan.form.region}）"
            if one.plan.form.region
            else f"《{one.plan.form.title}》"
        )
        yield ListLine(
            one.caption,
            [
                ListCell(
                    CellLook.CAPTION, f"{named}{year_words(one.plan.form, one.block.period)}　{len(one.block.keys)} 份"
                )
            ],
            20,
        )
        yield from _spread_lines(one)
        yield ListLine(one.head, [ListCell(CellLook.HEAD, head) for head, _ in _HEADS], 24)
        yield from _ranked_lines(one, ledger)


# -- distributions --------------------------------------------------------------------------------------------------


def _spreads(plan: FormPlan, block: YearRows, ledger: Ledger, first: int) -> Iterator[Spread]:
    grades = dict.fromkeys((name for name, _ in GRADES), 0)
    scores, rates = [0] * len(SCORES), [0] * len(RATES)
    for one in _standings(plan, block, ledger):
        if one.grade in grades:
            grades[str(one.grade)] += 1
        _count(SCORES, scores, one.score)
        _count(RATES, rates, one.rate)
    if plan.traits.score:
        yield Spread("等级分布", first, first + len(grades) - 1, 2, 3, tuple(grades.items()))
        yield Spread("得分分布", first, first + len(SCORES) - 1, 4, 5, _named(SCORES, scores))
    if plan.traits.rate:
        yield Spread("执行率分布", first, first + len(RATES) - 1, 7, 8, _named(RATES, rates))


def _count(bins: Sequence[Bin], counts: list[int], value: Decimal | None) -> None:
    if value is not None:
        counts[next(n for n, one in enumerate(bins) if one.least is None or value >= one.least)] += 1


def _named(bins: Sequence[Bin], counts: Sequence[int]) -> tuple[tuple[str, int], ...]:
    return tuple((one.name, count) for one, count in zip(bins, counts, strict=True))


def _spread_lines(one: Ranked) -> Iterator[ListLine]:
    last = max(spread.last for spread in one.spreads)
    for row in range(one.caption + 1, last + 1):
        cells: list[ListCell | None] = [None] * len(_HEADS)
        for spread in one.spreads:
            if row == spread.first - 1:
                _put(cells, spread, ListCell(CellLook.HEAD, spread.title), ListCell(CellLook.HEAD, "份数"))
            elif spread.first <= row <= spread.last:
                name, count = spread.parts[row - spread.first]
                _put(
                    cells,
                    spread,
                    ListCell(CellLook.MIDDLE, name),
                    ListCell(CellLook.MIDDLE, count, _counting(one, spread, row, name)),
                )
        yield ListLine(row, cells, _LINE)


def _put(cells: list[ListCell | None], spread: Spread, name: ListCell, count: ListCell) -> None:
    cells[spread.names - 1], cells[spread.counts - 1] = name, count


def _counting(one: Ranked, spread: Spread, row: int, name: str) -> str:
    match spread.title:
        case "等级分布":
            return f"COUNTIF({_span(one, _GRADE)},{cell_name(row, spread.names)})"
        case "得分分布":
            part, column = next(found for found in SCORES if found.name == name), _SCORE
        case _:
            part, column = next(found for found in RATES if found.name == name), _RATE
    limits = [f'">={part.least}"'] if part.least is not None else []
    limits += [f'"<{part.below}"'] if part.below is not None else []
    return f"COUNTIFS({','.join(f'{_span(one, column)},{limit}' for limit in limits)})"


def _span(one: Ranked, column: int) -> str:
    letter = column_letter(column)
    return f"${letter}${one.first}:${letter}${one.last}"


# -- the list -------------------------------------------------------------------------------------------------------


def _standings(plan: FormPlan, block: YearRows, ledger: Ledger) -> Iterator[_Standing]:
    """Yield the returns, the best first: those without a figure last, equal ones in their own order."""
    own = ledger.tables[plan.form.id][0]

    def column(path: str) -> str:
        return f"t.{quoted(own.column(path).name)}" if path else "NULL"

    found = plan.traits
    by = "s.score" if found.score else column(found.rate)
    query = (
        f"SELECT k.{KEY}, s.unit_code, s.unit_name, s.project, {column(found.budget)}, {column(found.executed)}, "  # noqa: S608 - own names, quoted
        f"{column(found.rate)}, s.score, s.grade FROM _kept k CROSS JOIN {quoted(SUBMISSIONS)} s ON s.{KEY} = k.entered "
        f"CROSS JOIN {quoted(own.name)} t ON t.{KEY} = k.entered WHERE k.{KEY} BETWEEN ? AND ? "
        f"ORDER BY {by} IS NULL, CAST({by} AS REAL) DESC, k.{KEY}"
    )
    for key, code, name, project, budget, spent, rate, score, grade in ledger.ask(
        query, block.keys.start, block.keys.stop - 1
    ):
        row = block.first + int(key or 0) - block.keys.start
        total = decimal(score) if found.score else None
        yield _Standing(row, code, name, project, decimal(budget), decimal(spent), decimal(rate), total, grade)


def _ranked_lines(one: Ranked, ledger: Ledger) -> Iterator[ListLine]:
    plan, details = one.plan, one.plan.details
    found = plan.traits
    paths = {_BUDGET: found.budget, _SPENT: found.executed, _RATE: found.rate, _PROJECT: plan.form.project_path}
    places = {column: details.number(path) for column, path in paths.items() if path}
    places |= {_CODE: details.place(SourceColumns.CODE), _NAME: details.place(SourceColumns.NAME)}
    if found.score:
        places[_SCORE] = (
            details.place(SourceColumns.SCORE) if details.has(SourceColumns.SCORE) else details.number(found.score)
        )
    rates = _Order(standing.rate for standing in _standings(plan, one.block, ledger))
    scores = _Order(standing.score for standing in _standings(plan, one.block, ledger))
    for row, standing in enumerate(_standings(plan, one.block, ledger), start=one.first):
        yield ListLine(row, list(_cells(one, row, standing, places, rates, scores)), _LINE)


class _Order:
    """The places of numbers among others, the largest first, equal ones on the same."""

    def __init__(self, numbers: Iterable[Decimal | None]) -> None:
        self._numbers = sorted(number for number in numbers if number is not None)

    def place(self, number: Decimal | None) -> int | None:
        return None if number is None else len(self._numbers) - bisect_right(self._numbers, number) + 1


def _cells(
    one: Ranked, row: int, standing: _Standing, places: Mapping[int, int], rates: _Order, scores: _Order
) -> Iterator[ListCell | None]:
    sheet = reference(one.plan.details.sheet)

    def read(column: int, look: CellLook, value: Stored | Decimal) -> ListCell:
        if column not in places:
            return ListCell(look)
        there = f"{sheet}{cell_name(standing.row, places[column])}"
        return ListCell(look, value, f'IF({there}="","",{there})')

    rate_rank, score_rank = rates.place(standing.rate), scores.place(standing.score)
    by_score = bool(one.plan.traits.score)
    main = _SCORE_RANK if by_score else _RATE_RANK
    yield ListCell(CellLook.MIDDLE, score_rank if by_score else rate_rank, cell_name(row, main))
    yield read(_CODE, CellLook.MIDDLE, standing.code)
    yield read(_NAME, CellLook.TEXT, standing.name)
    yield read(_PROJECT, CellLook.TEXT, standing.project)
    yield read(_BUDGET, CellLook.MONEY, standing.budget)
    yield read(_SPENT, CellLook.MONEY, standing.spent)
    yield read(_RATE, CellLook.PERCENT, standing.rate)
    yield _ranked(one, row, _RATE, rate_rank) if _RATE in places else ListCell(CellLook.MIDDLE)
    yield read(_SCORE, CellLook.POINTS, standing.score)
    yield _ranked(one, row, _SCORE, score_rank) if _SCORE in places else ListCell(CellLook.MIDDLE)
    yield (
        ListCell(CellLook.MIDDLE, standing.grade, _grade(cell_name(row, _SCORE)))
        if _SCORE in places
        else ListCell(CellLook.MIDDLE)
    )


def _ranked(one: Ranked, row: int, column: int, place: int | None) -> ListCell:
    cell = cell_name(row, column)
    return ListCell(CellLook.MIDDLE, place, f'IF({cell}="","",RANK({cell},{_span(one, column)}))')


def _grade(score: str) -> str:
    """The formula of a grade: that of :mod:`perfxl.rules.grade`, nothing for a total that is none."""
    formula = ""
    for name, least in reversed(GRADES):
        formula = f'"{name}"' if least is None else f'IF({score}>={least},"{name}",{formula})'
    return f'IF({score}="","",IF(OR({score}<0,{score}>{FULL}),"",{formula}))'
