"""What stands below a form on S汇总: for each field from how many returns it comes, its average and its range."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from xlsxwriter.worksheet import Worksheet

from perfxl.forms.layout.row_heights import height
from perfxl.ledger.additive import adds_up
from perfxl.ledger.sums import SumFigure
from perfxl.model.field_type import Type
from perfxl.model.form import Field
from perfxl.model.period import Period
from perfxl.writer.lists.book import ListBook
from perfxl.writer.lists.looks import CellLook
from perfxl.year.summarize.workbook.plan import FormPlan, year_words
from perfxl.year.summarize.workbook.rows import spoken

_SHARES = tuple(map(Decimal, ("0.36", "0.10", "0.15", "0.13", "0.13", "0.13")))
"""How the width of a form is shared among the columns below it."""
_HEADS = ("项目", "取自", "合计", "平均", "最小", "最大")
LEAST_COLUMNS = len(_SHARES) + 1
"""So many columns a sheet needs for this: a label of one narrow column would be too high."""
_LOOKS = {
    Type.MONEY: CellLook.MONEY,
    Type.INTEGER: CellLook.WHOLE,
    Type.PERCENT: CellLook.PERCENT,
    Type.NUMBER: CellLook.POINTS,
}
_COUNTED = frozenset({Type.TEXT, Type.DATE, Type.TICK, Type.YEAR})
_CONDITIONS = frozenset('*?~"')
_LINE = 20.0


class _Figure(NamedTuple):
    """A live figure and its result."""

    formula: str
    value: Decimal | None
    look: CellLook


class _Entry(NamedTuple):
    """A line: what it is about, how many, the figures below 合计, 平均, 最小, 最大."""

    label: str
    returns: _Figure
    figures: Sequence[_Figure | None]


_NONE: tuple[None, ...] = (None,) * 4


class Below:
    """The lines below one block, in columns that share the form's own."""

    def __init__(
        self, book: ListBook, sheet: Worksheet, plan: FormPlan, period: Period, widths: Sequence[Decimal]
    ) -> None:
        self._book, self._sheet, self._plan, self._period, self._widths = book, sheet, plan, period, widths
        self._columns = partition(widths, _SHARES)

    def write(self, row: int) -> int:
        """Write the lines from a row on and return the number of the last one."""
        returns = self._plan.sums[self._period].returns
        when = year_words(self._plan.form, self._period)
        said = f"{when}：以上各数取自 {returns} 份，逐份数据见“{self._plan.details.sheet}”；空白不作零计算。"
        self._merged(row, 0, len(self._columns) - 1, said, CellLook.NOTE)
        self._sheet.set_row(row - 1, float(height(said, (1, len(self._widths)), self._widths)))
        row += 1
        for number, head in enumerate(_HEADS):
            self._merged(row, number, number, head, CellLook.HEAD)
        self._sheet.set_row(row - 1, _LINE)
        for entry in self._entries():
            row += 1
            self._merged(row, 0, 0, entry.label, CellLook.LABEL)
            self._sheet.set_row(row - 1, max(_LINE, float(height(entry.label, self._columns[0], self._widths))))
            for number, figure in enumerate((entry.returns, *entry.figures), start=1):
                self._figure(row, number, figure)
        return row

    # -- what the lines say -----------------------------------------------------------------------------------------

    def _entries(self) -> Iterator[_Entry]:
        form = self._plan.form
        for path, figure in self._plan.sums[self._period].figures.items():
            field = form.fields[path]
            if field.level or field.serial or field.identifies or path in {form.year_path, form.unit_path}:
                continue
            label = f"{field.label}（逐行）" if "[]" in path else field.label
            if field.type in _LOOKS:
                yield self._figures(path, field, figure, label)
                if figure.weighed and field.type in {Type.PERCENT, Type.NUMBER}:
                    yield self._weighted(path, field, figure, label)
            elif field.choices:
                yield from self._choices(path, field, label)
            elif field.type in _COUNTED and "[]" not in path:
                yield _Entry(f"{label}（已填）", self._count(path, "COUNTA", figure.cells), _NONE)

    def _figures(self, path: str, field: Field, figure: SumFigure, label: str) -> _Entry:
        plan, period, look = self._plan, self._period, _LOOKS[field.type]
        added = adds_up(field)
        average = CellLook.POINTS if field.type is Type.INTEGER else look
        return _Entry(
            label,
            self._count(path, "COUNT", figure.cells),
            (
                _Figure(plan.over(path, period, "SUM"), figure.total, look) if added else None,
                _Figure(plan.over(path, period, "AVERAGE"), figure.average, average),
                _Figure(plan.over(path, period, "MIN"), figure.least, look),
                _Figure(plan.over(path, period, "MAX"), figure.most, look),
            ),
        )

    def _weighted(self, path: str, field: Field, figure: SumFigure, label: str) -> _Entry:
        plan = self._plan
        cells = plan.column(path, self._period)
        weights = plan.column(plan.traits.budget, self._period)
        formula = f'IFERROR(SUMPRODUCT({cells},{weights})/SUMPRODUCT(--ISNUMBER({cells}),{weights}),"")'
        count = f"SUMPRODUCT(ISNUMBER({cells})*ISNUMBER({weights}))"
        named = plan.form.fields[plan.traits.budget].parts[-1]
        return _Entry(
            f"{label}（按{named}加权）",
            _Figure(count, Decimal(figure.weighed), CellLook.RETURNS),
            (None, _Figure(formula, figure.weighted, _LOOKS[field.type]), None, None),
        )

    def _choices(self, path: str, field: Field, label: str) -> Iterator[_Entry]:
        cells = self._plan.column(path, self._period)
        chosen = self._plan.sums[self._period].chosen
        for choice in field.choices:
            if field.list and (path, choice.value) not in chosen:
                continue  # of a list of thousands only what was chosen
            word = spoken(field, choice.value)
            look = CellLook.ROWS if "[]" in path else CellLook.RETURNS
            count = Decimal(chosen.get((path, choice.value), 0))
            yield _Entry(f"{label}：{word}", _Figure(_count_of(cells, word), count, look), _NONE)

    def _count(self, path: str, function: str, count: int) -> _Figure:
        look = CellLook.ROWS if "[]" in path else CellLook.RETURNS
        return _Figure(f"{function}({self._plan.column(path, self._period)})", Decimal(count), look)

    # -- cells ------------------------------------------------------------------------------------------------------

    def _figure(self, row: int, number: int, figure: _Figure | None) -> None:
        self._merged(row, number, number, "", CellLook.MIDDLE if figure is None else figure.look)
        if figure is not None:
            value = "" if figure.value is None else float(figure.value)
            left = self._columns[number][0] - 1
            self._sheet.write_formula(row - 1, left, f"={figure.formula}", self._book.look(figure.look), value)

    def _merged(self, row: int, first: int, last: int, text: str, look: CellLook) -> None:
        style = self._book.look(look)
        left, right = self._columns[first][0] - 1, self._columns[last][1] - 1
        if left != right:
            self._sheet.merge_range(row - 1, left, row - 1, right, "", style)
        if text:
            self._sheet.write_string(row - 1, left, text, style)
        elif left == right:
            self._sheet.write_blank(row - 1, left, None, style)


def _count_of(cells: str, word: str) -> str:
    """Return the formula of how many cells hold a word: COUNTIF where it takes the word for itself and no condition."""
    plain = word[:1].isalpha() and not _CONDITIONS.intersection(word)
    said = word.replace('"', '""')
    return f'COUNTIF({cells},"{said}")' if plain else f'SUMPRODUCT(--({cells}="{said}"))'


def partition(widths: Sequence[Decimal], shares: Sequence[Decimal]) -> tuple[tuple[int, int], ...]:
    """Share columns among as many groups as there are shares, in order, each as wide as its share as near as can be.

    Columns count from 1, ends included; there must be as many columns as shares or more.
    """
    whole = sum(widths, Decimal(0))
    groups: list[tuple[int, int]] = []
    first, reached, wanted = 1, Decimal(0), Decimal(0)
    for number, share in enumerate(shares):
        wanted += share * whole
        left = len(shares) - number - 1
        last = first
        reached += widths[last - 1]
        while last < len(widths) - left and abs(reached + widths[last] - wanted) <= abs(reached - wanted):
            reached += widths[last]
            last += 1
        last = last if left else len(widths)
        groups.append((first, last))
        first = last + 1
    return tuple(groups)
