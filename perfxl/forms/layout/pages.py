"""Where the pages of a sheet end: estimated from the heights of its rows, as Excel prints it at the form's margins."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from perfxl.model.form import Page
from perfxl.model.layout import Layout, RowKind

_POINTS_PER_CM = Decimal("28.35")
_LONG_SIDE, _SHORT_SIDE = Decimal("29.7"), Decimal("21.0")
_CHARACTER = Decimal(6)
"""Width of a column's character in points: a digit of 宋体 11, the workbook's own font (8 pixels)."""
_PADDING = Decimal("3.75")
"""What each column has beside its characters, in points (5 pixels)."""
_SAFE = Decimal("0.98")
"""How much of a page is counted on: printers differ, and a break that comes too late leaves a page nearly empty."""
_FULL = Decimal("0.6")
"""How much of a page is in use when what fits on no page begins on the next."""
_KEPT = Decimal("0.35")
"""How much of a page a cell may be high that is kept from being cut."""


def scale(page: Page, widths: Sequence[Decimal]) -> int:
    """Return the percentage at which a sheet is one page wide, at most 100."""
    left, right, _, _ = page.margins
    across = (_LONG_SIDE if page.landscape else _SHORT_SIDE) - left - right
    needed = sum(widths, Decimal(0)) * _CHARACTER + len(widths) * _PADDING
    return min(100, int(across * _POINTS_PER_CM / needed * 100))


def page_breaks(
    layout: Layout, blocks: Sequence[tuple[int, int]], merged: Sequence[tuple[int, int]] = ()
) -> tuple[int, ...]:
    """Return the rows after which a page ends, so that no block is cut in two that fits on a page.

    ``blocks`` and ``merged`` are first and last rows. A longer block, and the table whose heads are repeated, begin on a
    new page too where little is left of the last one. Heads stay with the first row below them, and a low merged cell
    is not cut. Other pages end by themselves: what is typed may still move their ends.
    """
    if not blocks and not merged:
        return ()
    pages = _Pages(layout, blocks, merged)
    starts = dict(blocks)
    for row in layout.rows:
        if row.number in starts:
            pages.begin(row.number, starts[row.number])
        elif row.number == pages.heads[0]:
            pages.begin_long(row.number, len(layout.rows))
        if not pages.holds(row.number):
            pages.end(row.number)
    return tuple(pages.breaks)


class _Pages:
    """The pages of a layout while they are filled: the row that the last one begins with, and the breaks so far."""

    def __init__(self, layout: Layout, blocks: Sequence[tuple[int, int]], merged: Sequence[tuple[int, int]]) -> None:
        _, _, top, bottom = layout.page.margins
        down = (_SHORT_SIDE if layout.page.landscape else _LONG_SIDE) - top - bottom
        self.room = down * _POINTS_PER_CM * 100 / layout.scale * _SAFE
        self.heights = [row.height for row in layout.rows]
        self.heads = layout.repeated_heads or (0, 0)
        tables = [row.number for row in layout.rows if row.kind is RowKind.TABLE]
        opening = [(first, min(n for n in (*tables, last) if n >= first)) for first, last in blocks]
        self.cells = [(first, last) for first, last in merged if self.height(first, last) <= self.room]
        self.kept = (*opening, (self.heads[0], self.heads[1] + 1))
        self.first = 1
        self.breaks: list[int] = []

    def height(self, first: int, last: int) -> Decimal:
        return sum(self.heights[first - 1 : last], Decimal(0))

    def repeated(self, first: int) -> Decimal:
        """The height of the heads that are printed again above a page that begins with a row."""
        return self.height(*self.heads) if 0 < self.heads[1] < first else Decimal(0)

    def holds(self, last: int) -> bool:
        """Tell whether the page that is being filled reaches down to a row."""
        return self.repeated(self.first) + self.height(self.first, last) <= self.room

    def begin(self, first: int, last: int) -> None:
        """Begin a block on a new page where it would be cut, if that is of use."""
        if self.repeated(first) + self.height(first, last) > self.room:
            self.begin_long(first, last)
        elif not self.holds(last):
            self.turn(self.uncut(first))

    def begin_long(self, first: int, last: int) -> None:
        """Begin what fits on no page on a new one where little is left of the last."""
        if not self.holds(last) and self.height(self.first, first - 1) > self.room * _FULL:
            self.turn(self.uncut(first))

    def end(self, row: int) -> None:
        """Let a page end by itself above a row, or by a break further up where the end would cut something."""
        start = self.uncut(row)
        if self.first < start < row:
            self.turn(start)
        else:
            self.first = row

    def uncut(self, row: int) -> int:
        """Return the row to begin a page with, so that neither heads are left alone nor a merged cell is cut.

        No cell is kept whole at the price of a page that is left nearly empty.
        """
        while True:
            cut = [first for first, last in self.kept if first < row <= last]
            cut += [first for first, last in self.cells if first < row <= last and self.filled(first)]
            low = [first for first in cut if self.height(first, row - 1) <= self.room * _KEPT]
            if not low:
                return row
            row = min(low)

    def filled(self, end: int) -> bool:
        """Tell whether the page that is being filled is well in use where it ends above a row and the heads over it."""
        if end == self.heads[1] + 1:
            end = self.heads[0]
        return self.repeated(self.first) + self.height(self.first, end - 1) > self.room * _FULL

    def turn(self, start: int) -> None:
        if start > self.first:
            self.breaks.append(start - 1)
            self.first = start
