"""指标统计: what the returns' numbers for one indicator come to, live over the lists of indicators."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from perfxl.ledger.indicators import LEAST_RETURNS, Indicator
from perfxl.ledger.tables import Part
from perfxl.model.address import Box, cell_name
from perfxl.values.units import PERCENT
from perfxl.writer.lists.looks import Look
from perfxl.writer.lists.sheet import ANY_NUMBER, Cell, Line, ListSheet, ListTable, reference
from perfxl.year.summarize.workbook.names import STATISTICS, title
from perfxl.year.summarize.workbook.plan import FormPlan, Listing, Source

_HEADS = (
    ("指标编号", 9), ("表式", 24), ("指标表", 14), ("年度", 7), ("一级指标", 13), ("二级指标", 20), ("三级指标", 28),
    ("统计的值", 14), ("计量单位", 9), ("取值个数", 9), ("合计", 13), ("平均", 11), ("平均的算法", 24), ("最小", 11), ("最大", 11),
)  # fmt: skip
_HEAD = 3


class Found(NamedTuple):
    """An indicator and the list that it stands in."""

    plan: FormPlan
    listing: Listing
    indicator: Indicator


def statistics_sheet(found: Sequence[Found]) -> ListSheet:
    """Return the sheet; without any indicator that enough returns have, it says so."""
    last = _HEAD + max(1, len(found))
    heads = tuple(head for head, _ in _HEADS)
    return ListSheet(
        name=STATISTICS,
        widths=tuple(float(width) for _, width in _HEADS),
        last=last,
        lines=lambda: _lines(found),
        tables=(ListTable(f"_{STATISTICS}", Box(_HEAD, 1, last, len(heads)), heads),),
        heads=(_HEAD, _HEAD),
        frozen=(_HEAD + 1, 1),
    )


def _lines(found: Sequence[Found]) -> Iterator[Line]:
    yield Line(1, [Cell(Look.TITLE, "指标统计")], 28)
    said = (
        f"同名三级指标有 {LEAST_RETURNS} 份以上填了同一计量单位的数值的，在此统计；各单位的指标值不相加成一个指标，"
        "逐条见各指标表（按“指标编号”筛选）。"
    )
    yield Line(2, [Cell(Look.CAPTION, said)], 20)
    yield Line(_HEAD, [Cell(Look.HEAD, head) for head, _ in _HEADS], 24)
    for row, one in enumerate(found, start=_HEAD + 1):
        yield Line(row, list(_cells(one, row)), 18)
    if not found:
        yield Line(_HEAD + 1, [Cell(Look.TEXT)] * len(_HEADS), 18)


def _cells(found: Found, row: int) -> Iterator[Cell]:
    plan, listing, one = found
    levels = (*one.levels, "", "")
    yield Cell(Look.MIDDLE, one.number)
    yield Cell(Look.TEXT, plan.form.title)
    yield Cell(Look.MIDDLE, title(plan.form, listing.table))
    yield Cell(Look.YEAR, one.year)
    yield Cell(Look.TEXT, levels[0])
    yield Cell(Look.TEXT, levels[1])
    yield Cell(Look.TEXT, one.name)
    yield Cell(Look.MIDDLE, one.field.parts[-1])
    yield Cell(Look.MIDDLE, one.unit)
    yield from _figures(found, row)


def _figures(found: Found, row: int) -> Iterator[Cell]:
    plan, listing, one = found
    number, unit = f"${cell_name(row, 1)}", f"${cell_name(row, 9)}"

    def column(place: int) -> str:
        return reference(listing.sheet) + listing.span(place, one.year)

    groups = column(listing.place(Source.GROUP))
    values = column(listing.number(one.field.path, Part.VALUE))
    units = column(listing.number(one.field.path, Part.UNIT))
    # A blank cell as what is looked for counts as 0: where there is no unit, the empty text stands there.
    wanted = unit if one.unit is not None else '""'
    chosen = f"{groups},{number},{units},{wanted}"
    those = f"({groups}={number})*({units}={wanted})*ISNUMBER({values})"
    yield Cell(Look.WHOLE, one.count, f"COUNTIFS({chosen},{values},{ANY_NUMBER})")
    if one.total is None:
        yield Cell(Look.MIDDLE, "—")
    else:
        yield Cell(Look.NUMBER, one.total, f"SUMIFS({values},{chosen})")
    if one.weighted:
        budgets = column(listing.place(Source.BUDGET))
        formula = f'IFERROR(SUMPRODUCT({those},{values},{budgets})/SUMPRODUCT({those},{budgets}),"")'
        yield Cell(Look.POINTS, one.average, formula)
        yield Cell(Look.MIDDLE, f"按{plan.form.fields[plan.traits.budget].parts[-1]}加权")
    else:
        yield Cell(Look.POINTS, one.average, f'IFERROR(AVERAGEIFS({values},{chosen}),"")')
        yield Cell(Look.MIDDLE, "简单平均（表内无预算数）" if one.unit == PERCENT else "简单平均")
    yield _extreme("MIN", those, values, one.least)
    yield _extreme("MAX", those, values, one.most)


def _extreme(function: str, those: str, values: str, value: Decimal) -> Cell:
    return Cell(Look.NUMBER, value, f"{function}(IF({those},{values}))", array=True)
