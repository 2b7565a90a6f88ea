"""How a placed form is set on its pages: loosely where there is room, closer where that saves a page or a cut."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from perfxl.forms.layout.pages import GROWTH, SAFE, WILD_GROWTH, PagedSheet, Pages, divisible, parted, parts
from perfxl.forms.layout.row_heights import (
    LINE,
    SNUG,
    Least,
    PrintedText,
    Setting,
    own_heights,
    row_heights,
    settings,
    size_of,
    texts,
)
from perfxl.model.field_type import Type
from perfxl.model.layout import Layout, PlacedCell, PlacedRow, Role, RowKind

_TIGHT = 15.0
"""What the tightest setting costs beside what its pages do: text that is easily read is worth a little."""
_WRITING_ROOM, _ROOMY = 2.0, 4.0
_LONG = 1000
_VERY_MANY = 15
_PIXEL = 0.75
_YIELDS = 0.05
"""What part of its heights a form gives up at most to stand on one page where it states them."""


class _Set(Struct, frozen=True):
    setting: Setting
    heights: Sequence[float]
    pages: Pages


def set_out(layout: Layout) -> Layout:
    """Return a placed layout with its columns, the heights of its rows and the ends of its pages.

    A form that can stand on one page stands on one.
    """
    merged = [cell for cell in layout.cells if cell.box.row < cell.box.last_row]
    heads = layout.repeated_heads or (0, 0)
    growing = () if layout.issued else tuple(_growing(layout))
    sheet = PagedSheet(
        layout.rows,
        merged,
        tuple(_blocks(layout.rows)),
        heads,
        frozenset(cell.box.row for cell in growing),
        frozenset(_wild(layout, growing)),
        frozenset(_endless(layout, growing)),
    )
    least = _least(layout)
    chosen = _chosen(layout, least, sheet)
    own = own_heights(least, texts(layout.cells), chosen.setting)
    ends = chosen.pages.ends
    return replace(
        layout,
        widths=chosen.setting.widths,
        scale=int(chosen.setting.scale * 100),
        rows=tuple(
            replace(row, height=Decimal(height), fixed=_is_fixed(row, height, by_itself, room))
            for row, height, by_itself, room in zip(layout.rows, chosen.heights, own, least, strict=True)
        ),
        cells=tuple(replace(cell, parts=parts(cell.box, ends)) if _cut(cell, ends) else cell for cell in layout.cells),
        breaks=ends,
    )


def _chosen(layout: Layout, least: Sequence[Least], sheet: PagedSheet) -> _Set:
    printed = texts(layout.cells)
    ways = [
        (each, row_heights(least, printed, each)) for each in settings(layout.widths, layout.page, layout.origin[1] - 1)
    ]
    if layout.page.single:  # programs print it as small as it takes
        setting, heights = next((way for way in ways if sum(way[1]) <= way[0].room * SAFE), ways[-1])
        return _Set(setting, heights, Pages((), 0.0))
    if 2 * sum(one.stated > 0 for one in least) > len(least):
        as_stated = _as_stated(ways, least, printed)
        if as_stated is not None:
            return as_stated
    to_grow = GROWTH * len(sheet.open_rows) + WILD_GROWTH * len(sheet.wild)
    # Where there is no setting with room to grow, the closest has the most of it; long texts need more than that.
    for spare in (to_grow,) if sheet.wild else (to_grow, 0.0):
        fitting = [each for each in ways if sum(each[1]) + spare <= each[0].room * SAFE]
        if fitting:
            setting, heights = fitting[0 if spare == to_grow else -1]
            return _Set(setting, heights, Pages((), 0.0))
    # To look at all ways takes longer the more rows there are, and a page more or less of very many saves nothing.
    setting, heights = ways[0]
    ways = ways[:1] if sum(heights) > setting.room * _VERY_MANY else ways
    return min(
        (_paged(setting, heights, sheet, printed) for setting, heights in ways),
        key=lambda each: each.pages.cost + _TIGHT * each.setting.tight,
    )


def _as_stated(
    ways: Sequence[tuple[Setting, list[float]]], least: Sequence[Least], printed: Sequence[PrintedText]
) -> _Set | None:
    """Return a sheet of rows with stated heights on one page, None where it does not stand on one.

    It is set as loosely as that allows; where it is only a little too high, its rows are lower by as much, for a form that its
    maker has set to the last line of a page.
    """
    for setting, heights in ways:
        if sum(heights) <= setting.room * SAFE:
            return _Set(setting, heights, Pages((), 0.0))
    setting, heights = min(ways, key=lambda way: sum(way[1]) / way[0].room)
    room = setting.room * SAFE
    lower = 1 - (sum(heights) - room) / sum(one.stated for one in least)
    if lower < 1 - _YIELDS:
        return None
    lowered = [replace(one, stated=round(one.stated * lower / _PIXEL) * _PIXEL) for one in least]
    heights = row_heights(lowered, printed, setting)
    return _Set(setting, heights, Pages((), 0.0)) if sum(heights) <= setting.room else None


def _paged(setting: Setting, heights: Sequence[float], sheet: PagedSheet, printed: Sequence[PrintedText]) -> _Set:
    lines = {text.box: text.lines(setting) for text in printed if text.box.row < text.box.last_row}
    return _Set(setting, heights, parted(sheet, heights, lines, setting.room))


def _is_fixed(row: PlacedRow, height: float, by_itself: float, room: Least) -> bool:
    """Tell whether a row keeps its height whatever is typed into it.

    A table's row that is higher than it would be by itself does, and one whose form states its height where that has room for
    a second line, or no text is typed into it.
    """
    if row.kind is not RowKind.TABLE:
        return True
    if not room.stated:
        return height > by_itself + _PIXEL
    return not room.wraps or height >= LINE * room.size * _WRITING_ROOM


def _least(layout: Layout) -> list[Least]:
    """Tell room to write in, which is never given up, from room for looks: less than two lines, or filled in already."""
    inputs = (cell.box for cell in layout.cells if cell.role is Role.INPUT and cell.value is None)
    blank = {row for box in inputs for row in range(box.row, box.last_row + 1)}
    wraps = {cell.box.row for cell in layout.cells if cell.role is Role.INPUT and not cell.option and _wraps(cell)}
    sizes: dict[int, float] = {}
    for cell in layout.cells:
        if cell.font is not None and cell.role is Role.INPUT:
            sizes[cell.box.row] = max(size_of(cell), sizes.get(cell.box.row, 0.0))
    return [
        Least(
            row.lines,
            writing=row.lines >= _WRITING_ROOM and row.number in blank,
            spare=row.fold > 0 and row.lines <= 1 and not row.stated,
            size=sizes.get(row.number, 1.0),
            stated=row.stated,
            wraps=row.number in wraps,
        )
        for row in layout.rows
    ]


def _lines_of(row: PlacedRow) -> float:
    """Return the least height of a row in lines of text, also of one whose form states it in points."""
    return max(row.lines, (row.stated - SNUG) / LINE)


def _blocks(rows: Sequence[PlacedRow]) -> Iterator[tuple[int, int]]:
    """Yield the first and last row of each repetition of a block."""
    for where, run in groupby(rows, key=lambda row: row.block and row.record[: row.record.index("]")]):
        if where:
            numbers = [row.number for row in run]
            yield numbers[0], numbers[-1]


def _growing(layout: Layout) -> Iterator[PlacedCell]:
    """Yield the cells of growing tables in which a text is still to be typed."""
    tables = {row.number for row in layout.rows if row.kind is RowKind.TABLE}
    for cell in layout.cells:
        blank = cell.role is Role.INPUT and cell.value is None and not cell.option and cell.field is not None
        if blank and cell.box.row in tables and cell.box.row == cell.box.last_row and _wraps(cell):
            yield cell


def _wraps(cell: PlacedCell) -> bool:
    return cell.field is not None and not (cell.field.type.numeric or cell.field.type in {Type.TICK, Type.DATE})


def _wild(layout: Layout, growing: Sequence[PlacedCell]) -> Iterator[int]:
    """Yield the rows that may grow to any height: long texts without room for them, in tables that are blank as yet."""
    rows = {row.number: row for row in layout.rows}
    begun = {rows[cell.box.row].table for cell in layout.cells if cell.role is Role.INPUT and cell.value is not None}
    for cell in growing:
        field, row = cell.field, rows[cell.box.row]
        long = field is not None and not field.spread and (field.length or 0) >= _LONG
        if long and _lines_of(row) < _ROOMY and row.table not in begun:
            yield row.number


def _endless(layout: Layout, growing: Sequence[PlacedCell]) -> Iterator[int]:
    """Yield the rows of stated height without much room for a text of which no length is stated.

    Who states heights has them from a printed form, which does not say how much is written into it.
    """
    rows = {row.number: row for row in layout.rows if row.stated}
    for cell in growing:
        field = cell.field
        unbounded = field is not None and field.type is Type.TEXT and field.length is None
        if unbounded and cell.box.row in rows and _lines_of(rows[cell.box.row]) < _ROOMY:
            yield cell.box.row


def _cut(cell: PlacedCell, ends: Sequence[int]) -> bool:
    return divisible(cell) and any(cell.box.row <= end < cell.box.last_row for end in ends)
