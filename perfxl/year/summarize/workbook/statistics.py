"""指标统计: what the returns' numbers for one indicator come to, live over the lists of indicators."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from perfxl.ledger.indicators import LEAST_RETURNS, Indicator
from perfxl.ledger.tables import ValuePart
from perfxl.model.address import Box, cell_name
from perfxl.values.units import PERCENT
from perfxl.writer.lists.looks import CellLook
from perfxl.writer.lists.sheet import ANY_NUMBER, ListCell, ListLine, ListSheet, ListTable, reference
from perfxl.year.summarize.workbook.names import STATISTICS, title
from perfxl.year.summarize.workbook.plan import FormPlan, Listing, SourceColumns

_HEADS = (
    ("指标编号", 9), ("表式", 24), ("指标表", 14), ("年度", 7), ("一级指标", 13), ("二级指标", 20), ("三级指标", 28),
    ("统计的值", 14), ("计量单位", 9), ("取值个数", 9), ("合计", 13), ("平均", 11), ("平均的算法", 24), ("最小", 11), ("最大", 11),
)  # fmt: skip
_HEAD = 3


class ListedIndicator(NamedTuple):
    """An indicator and the list that it stands in."""

    plan: FormPlan
    listing: Listing
    indicator: Indicator


def statistics_sheet(found: Sequence[ListedIndicator]) -> ListSheet:
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


def _lines(found: Sequence[ListedIndicator]) -> Iterator[ListLine]:
    yield ListLine(1, [ListCell(CellLook.TITLE, "指标统计")], 28)
    said = (
        f"同名三级指标有 {LEAST_RETURNS} 份以上填了同一计量单位的数值的，在此统计；各单位的指标值不相加成一个指标，"
        "逐条见各指标表（按“指标编号”筛选）。"
    )
    yield ListLine(2, [ListCell(CellLook.CAPTION, said)], 20)
    yield ListLine(_HEAD, [ListCell(CellLook.HEAD, head) for head, _ in _HEADS], 24)
    for row, one in enumerate(found, start=_HEAD + 1):
        yield ListLine(row, list(_cells(one, row)), 18)
    if not found:
        yield ListLine(_HEAD + 1, [ListCell(CellLook.TEXT)] * len(_HEADS), 18)


def _cells(found: ListedIndicator, row: int) -> Iterator[ListCell]:
    plan, listing, one = found
    levels = (*one.levels, "", "")
    yield ListCell(CellLook.MIDDLE, one.number)
    yield ListCell(CellLook.TEXT, plan.form.title)
    yield ListCell(CellLook.MIDDLE, title(plan.form, listing.table))
    if one.period.whole:
        yield ListCell(CellLook.YEAR, one.period.year)
    else:
        yield ListCell(CellLook.MIDDLE, one.period.name)
    yield ListCell(CellLook.TEXT, levels[0])
    yield ListCell(CellLook.TEXT, levels[1])
    yield ListCell(CellLook.TEXT, one.name)
    yield ListCell(CellLook.MIDDLE, one.field.parts[-1])
    yield ListCell(CellLook.MIDDLE, one.unit)
    yield from _figures(found, row)


def _figures(found: ListedIndicator, row: int) -> Iterator[ListCell]:
    plan, listing, one = found
    number, unit = f"${cell_name(row, 1)}", f"${cell_name(row, 9)}"

    def column(place: int) -> str:
        return reference(listing.sheet) + listing.span(place, one.period)

    groups = column(listing.place(SourceColumns.GROUP))
    values = column(listing.number(one.field.path, ValuePart.VALUE))
    units = column(listing.number(one.field.path, ValuePart.UNIT))
    # A blank cell as what is looked for counts as 0: where there is no unit, the empty text stands there.
    wanted = unit if one.unit is not None else '""'
    chosen = f"{groups},{number},{units},{wanted}"
    those = f"({groups}={number})*({units}={wanted})*ISNUMBER({values})"
    yield ListCell(CellLook.WHOLE, one.count, f"COUNTIFS({chosen},{values},{ANY_NUMBER})")
    if one.total is None:
        yield ListCell(CellLook.MIDDLE, "—")
    else:
        yield ListCell(CellLook.NUMBER, one.total, f"SUMIFS({values},{chosen})")
    if one.weighted:
        budgets = column(listing.place(SourceColumns.BUDGET))
        formula = f'IFERROR(SUMPRODUCT({those},{values},{budgets})/SUMPRODUCT({those},{budgets}),"")'
        yield ListCell(CellLook.POINTS, one.average, formula)
        yield ListCell(CellLook.MIDDLE, f"按{plan.form.fields[plan.traits.budget].parts[-1]}加权")
    else:
        yield ListCell(CellLook.POINTS, one.average, f'IFERROR(AVERAGEIFS({values},{chosen}),"")')
        yield ListCell(CellLook.MIDDLE, "简单平均（表内无预算数）" if one.unit == PERCENT else "简单平均")
    yield _extreme("MIN", those, values, one.least)
    yield _extreme("MAX", those, values, one.most)


def _extreme(function: str, those: str, values: str, value: Decimal) -> ListCell:
    return ListCell(CellLook.NUMBER, value, f"{function}(IF({those},{values}))", array=True)
