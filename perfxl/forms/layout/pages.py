"""Where the pages of a sheet end: of all ways to part it the one that cuts least and leaves no page nearly empty."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate
from math import inf

from msgspec import Struct

from perfxl.forms.layout.row_heights import LINE
from perfxl.model.address import Box
from perfxl.model.layout import PlacedCell, PlacedRow, Role, RowKind

SAFE = 0.98
"""How much of a page is counted on: printers differ, and a break that comes too late leaves a page nearly empty."""
GROWTH, ENDLESS_GROWTH, WILD_GROWTH = 4.0, 2 * LINE, 40.0
"""By how many points a row that is still blank grows on an average when it is filled in, one with a text of which no length is
stated, and one of long texts."""
_WELL = 0.2
"""How much of a page holds something at least, unless it is the last of many."""
_OWN_PAGE = 0.4
"""How much of a page fills one that could do with more."""
_MANY = 5

# What it costs to end a page somewhere. A text that is cut cannot be read; all else is a matter of looks.
_NEVER, _CUT, _LOST, _EMPTY = 100_000.0, 10_000.0, 2_000.0, 400.0
_BLOCK, _FUNDS, _GROUP, _BESIDE, _SPINE = 60.0, 30.0, 12.0, 4.0, 1.0
_NOISE = 1e-6
"""What sums of costs may differ by that were added up in another order."""
_PAGE, _BLANK_PAGE, _NO_ROOM_TO_GROW, _LITTLE_ON_THE_LAST = 20.0, 30.0, 25.0, 20.0


class Pages(Struct, frozen=True):
    """The rows after which pages end, the last page's excepted, and what that costs."""

    ends: tuple[int, ...]
    cost: float


class PagedSheet(Struct, frozen=True, dict=True):
    """A sheet to be parted: its rows and what is merged over several of them.

    ``blocks`` are the first and last rows of each repetition of a block. ``lines`` has the lines of the text in a merged
    cell. ``heads`` are the rows that are printed again on each page after their own, (0, 0) where there are none.
    """

    rows: Sequence[PlacedRow]
    merged: Sequence[PlacedCell]
    blocks: Sequence[tuple[int, int]]
    heads: tuple[int, int]
    open_rows: frozenset[int]
    """Rows in which something is still to be filled in."""
    wild: frozenset[int]
    """Those of them that may grow to any height: a page with them ends where it will."""
    endless: frozenset[int] = frozenset()
    """Those of them without much room for a text of which the form states no length."""

    def growth(self, row: int) -> float:
        """Return by how many points a row grows on an average when it is filled in."""
        if row in self.endless:
            return ENDLESS_GROWTH
        return GROWTH if row in self.open_rows else 0.0

    @cached_property
    def grown(self) -> Sequence[float]:
        """By how many points the rows down to each (from 0) grow on an average."""
        return [0.0, *accumulate(self.growth(row.number) for row in self.rows)]

    @cached_property
    def dear(self) -> Sequence[float]:
        """What it costs to end a page after each row (from 0), before anything is said of heights."""
        cost = [0.0] * (len(self.rows) + 1)
        for row in self.rows:
            if row.kind is RowKind.HEAD:
                cost[row.number] += _NEVER
            if row.kept:
                cost[row.number - 1] += _CUT
        for first, last in self.blocks:
            tables = (row.number for row in self.rows[first - 1 : last] if row.kind is RowKind.TABLE)
            for number in range(first, next(tables, first)):
                cost[number] += _LOST
        return cost

    @cached_property
    def crossings(self) -> Sequence[_Crossing]:
        """What it means to end a page within each of the merged cells."""
        return [_Crossing.of(cell, self) for cell in self.merged]


class _Crossing(Struct, frozen=True):
    """A merged cell that a page may end in: its box, the row below which a part of its text stands (0: its first).

    ``price`` is what that costs where no text is cut by it. ``divided``: it is printed in parts, each with its text; ``one``: it
    is one text, which is cut wherever the cell would stand on a page.
    """

    box: Box
    below: int
    price: float
    divided: bool
    one: bool

    @classmethod
    def of(cls, cell: PlacedCell, sheet: PagedSheet) -> _Crossing:
        # The text of what is parted stands below heads that are printed again.
        bottom = sheet.heads[1]
        below = bottom if cell.box.row <= bottom < cell.box.last_row else 0
        if divisible(cell):
            return cls(cell.box, below, _of_spine(cell, sheet), divided=True, one=False)
        level = cell.field is not None and cell.field.level
        return cls(cell.box, below, _GROUP if level else _BESIDE, divided=False, one=_holds_one_text(cell, sheet))


def parted(sheet: PagedSheet, heights: Sequence[float], lines: Mapping[Box, int], room: float) -> Pages:
    """Return the pages of a sheet whose rows have some heights, ``room`` points a page.

    Rows that may grow to any height push the ends of pages before them: there pages end by themselves, and what stands
    below begins on a page of its own, which they do not touch.
    """
    reach = [0.0, *accumulate(heights)]
    parting = _Parting(sheet, reach, _ends(sheet, reach, lines, room), room)
    ends: list[int] = []
    cost, first = 0.0, 1
    for last in [*_after_wild(sheet, reach, room), len(heights)]:
        if sheet.wild.isdisjoint(range(first, last + 1)):
            found = parting.best(first, last)
            ends += found.ends
            cost += found.cost
        else:
            cost += _of_flow((reach[last] - reach[first - 1]) / (room * SAFE))
        ends.append(last)
        first = last + 1
    return Pages(tuple(ends[:-1]), cost)


def _after_wild(sheet: PagedSheet, reach: Sequence[float], room: float) -> Iterator[int]:
    """Yield the last rows of what may grow to any height, where enough stands below to begin a page with."""
    for row in sorted(sheet.wild):
        if row + 1 not in sheet.wild and reach[-1] - reach[row] > room * _OWN_PAGE:
            yield row


class _Parting(Struct, frozen=True):
    """The search for the best ends: how far down each row ends, what it costs to end there."""

    sheet: PagedSheet
    reach: Sequence[float]
    dear: Sequence[float]
    room: float

    def best(self, first: int, last: int) -> Pages:
        """Return the best pages for some rows, the first of which begins a page."""
        reach, grown, room = self.reach, self.sheet.grown, self.room
        most, fullest = room * SAFE, first - 1
        top, bottom = self.sheet.heads
        again = reach[bottom] - reach[top - 1] if bottom else 0.0
        # For each row the least cost of the pages down to it, the row after which the last one begins, their number.
        cheapest, begins, numbers = [inf] * (last + 1), [0] * (last + 1), [0] * (last + 1)
        cheapest[first - 1] = 0.0
        later = _LeastBehind(last)
        for end in range(first, last + 1):
            later.reach(end - 1, cheapest[end - 1], fullest)
            found, chosen = inf, 0
            dear = self.dear[end] if end < last else 0.0
            # The page that holds most comes first: of those that hold less nearly all can be seen to cost more.
            if fullest < bottom < end - 1 and reach[end] - reach[bottom] + again > most:
                fullest = bottom
            while fullest < end - 1 and reach[end] - reach[fullest] + (again if 0 < bottom <= fullest else 0.0) > most:
                fullest += 1
            for start in range(fullest, end):
                if later.least[start] + _PAGE + dear > found:
                    break
                before = cheapest[start]
                if before + _PAGE + dear > found:
                    continue
                used = reach[end] - reach[start] + (again if 0 < bottom <= start else 0.0)
                filled = used / room
                if end < last and before + _PAGE + dear + _BLANK_PAGE * (1 - filled) ** 2 - _NOISE > found:
                    continue
                # What part of a page will be lacking when its rows are filled in; below 0 where there is room.
                lack = (used + grown[end] - grown[start]) / room - SAFE
                cost = before + _of_page(filled, lack, numbers[start] + 1, last=end == last) + dear
                if cost < found:
                    found, chosen = cost, start
            cheapest[end], begins[end], numbers[end] = found, chosen, numbers[chosen] + 1
        ends: list[int] = []
        row = begins[last]
        while row >= first:
            ends.append(row)
            row = begins[row]
        return Pages(tuple(reversed(ends)), cheapest[last])


class _LeastBehind:
    """The least of the costs from each row on, as far as they are known."""

    def __init__(self, last: int) -> None:
        self.least = [inf] * (last + 1)

    def reach(self, row: int, cost: float, first: int) -> None:
        """Add the cost of the next row; nobody asks for rows before ``first`` any more."""
        while row >= first and self.least[row] > cost:
            self.least[row] = cost
            row -= 1


def _of_flow(pages: float) -> float:
    """Return what pages cost that end by themselves."""
    return _PAGE * pages + (_EMPTY if pages > 1 and pages % 1 < _OWN_PAGE else 0.0)


def _of_page(filled: float, lack: float, number: int, *, last: bool) -> float:
    """Return what a page costs: nearly empty ones, and those that will not hold what is filled in."""
    cost = _PAGE + _NO_ROOM_TO_GROW * min(max(lack, 0.0) * 10, 1.0)
    if not last:
        return cost + _BLANK_PAGE * (1 - filled) ** 2 + (_EMPTY if filled < _WELL else 0.0)
    if number == 1 or filled >= _WELL:
        return cost
    return cost + (_LITTLE_ON_THE_LAST if number >= _MANY else _EMPTY)


def _ends(sheet: PagedSheet, reach: Sequence[float], lines: Mapping[Box, int], room: float) -> list[float]:
    """Return what it costs to end a page after each row (from 0)."""
    cost = list(sheet.dear)
    for first, last in sheet.blocks:
        fits = reach[last] - reach[first - 1] <= room * SAFE
        for number in range(first, last):
            cost[number] += _BLOCK if fits else _SPINE
    for each in sheet.crossings:
        text = LINE * lines.get(each.box, 0)
        top, bottom = reach[each.box.row - 1], reach[each.box.last_row]
        below, middle = max(top, reach[each.below]), (top + bottom) / 2
        whole = each.one and bottom - top <= room * SAFE
        for row in range(each.box.row, each.box.last_row):
            at = reach[row]
            cut = min(at - below, bottom - at) < text if each.divided else whole or abs(at - middle) < text / 2
            cost[row] += _CUT if cut else each.price
    return cost


def _holds_one_text(cell: PlacedCell, sheet: PagedSheet) -> bool:
    """Tell whether what is typed into a cell stands over several rows because the form prints it so high."""
    first, last = sheet.rows[cell.box.row - 1], sheet.rows[cell.box.last_row - 1]
    return first.kind is RowKind.FIXED and first.band == last.band and first.record == last.record


def divisible(cell: PlacedCell) -> bool:
    """Tell whether a merged cell is parted where a page ends, its text in each part: what nobody types into."""
    if cell.role is Role.PRINTED:
        return cell.field is not None and cell.field.level == 1
    return cell.role is Role.LABEL


def _of_spine(cell: PlacedCell, sheet: PagedSheet) -> float:
    """A table may go on on the next page; rows that stand once belong together."""
    rows = sheet.rows[cell.box.row - 1 : cell.box.last_row]
    return _SPINE if any(row.kind is RowKind.TABLE for row in rows) else _FUNDS


def parts(box: Box, ends: Sequence[int]) -> tuple[Box, ...]:
    """Return the parts of a box where pages end within it."""
    starts = [box.row, *(end + 1 for end in ends if box.row <= end < box.last_row)]
    lasts = [*(start - 1 for start in starts[1:]), box.last_row]
    return tuple(Box(first, box.column, last, box.last_column) for first, last in zip(starts, lasts, strict=True))
