"""How much room printed text takes: the heights of rows, at each of the ways to set a sheet."""

from __future__ import annotations

import datetime as dt
import math
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cached_property, lru_cache
from itertools import accumulate

from msgspec import Struct

from perfxl.model.address import Box
from perfxl.model.form import Look, Page, Paper
from perfxl.model.layout import PlacedCell
from perfxl.model.value import IndicatorValue, Value

LINE = 15.0
"""Height of a line of 10.5 pt text, in points: that of Noto, 宋体 takes less."""
_LEAN, _LEAN_WIDTH = 1.18 * 10.5, 1.75 / 1.82
"""The same where its maker has set a row's height, and how wide text stands there beside what is counted on otherwise: what 宋体
takes, by which Excel and WPS set rows themselves."""
SNUG = 1.5
"""What a row needs above and below its lines, in points; a row that grows by itself has no more."""
_AIRY = 5.5
"""What a row has above and below its lines where there is room."""
ONE_LINE = LINE + _AIRY
"""How high a row with one line is at most that has its height from what stands in it."""
_EMPTY = 13.5
"""The height of a row in which nothing stands: that of an empty sheet in Chinese Excel."""
_PIXEL = 0.75
"""Rows are as high as whole pixels."""
TALLEST = 400.0
"""Excel allows 409 points a row; the rest of a longer text is seen by widening the row."""
_BODY_SIZE = 10.5
_TITLE = 18 / _BODY_SIZE
_EDGES, _RAGGED = 0.55, 1.05
"""What is lost beside a text, and at the end of a line that is broken, in characters of a column's width."""
_POINTS_PER_CM = 28.35
_SIDES = {Paper.A4: (29.7, 21.0), Paper.A3: (42.0, 29.7)}
"""The long and the short side of paper, in centimetres."""
_CHARACTER = 6.0
"""Width of a column's character in points: a digit of 宋体 11, the workbook's own font (8 pixels)."""
_PADDING = 3.75
"""What each column has beside its characters, in points (5 pixels)."""
_LEAST_SCALE = 0.89
"""How small a sheet is printed at most to save a page: 85 % where fonts, and with them columns, are wider than ours."""
_STEPS = (0.0, 0.25, 0.5, 0.75, 1.0)


class Setting(Struct, frozen=True, dict=True):
    """A way to set a sheet: the widths of its columns, the air in its rows, the scale at which it is one page wide.

    Wider columns are printed smaller, for a sheet is fitted to the width of its page: all programs print it at this
    scale, whatever its rows come to. ``tight`` goes from 0, as the form is defined, to 1. ``room`` is what a page holds,
    in points of the sheet.
    """

    widths: tuple[Decimal, ...]
    air: float
    scale: float
    tight: float
    room: float

    @cached_property
    def reach(self) -> tuple[Decimal, ...]:
        """How far the columns down to each (from 0) reach."""
        return (Decimal(0), *accumulate(self.widths))


@lru_cache(maxsize=64)
def settings(widths: tuple[Decimal, ...], page: Page, margin: int = 0) -> tuple[Setting, ...]:
    """Return the ways to set a sheet, the loosest first; so many columns on its left are not printed."""
    left, right, top, bottom = map(float, page.margins)
    long, short = _SIDES[page.paper]
    across = ((long if page.landscape else short) - left - right) * _POINTS_PER_CM
    down = ((short if page.landscape else long) - top - bottom) * _POINTS_PER_CM
    count = sum(width > 0 for width in widths[margin:])
    whole = float(sum(widths[margin:], Decimal(0)))
    loosest = min(1.0, across / (whole * _CHARACTER + count * _PADDING))
    found = []
    for tight in _STEPS:
        scale = loosest - max(loosest - _LEAST_SCALE, 0.0) * tight
        wider = (across / scale - count * _PADDING) / (whole * _CHARACTER) if scale < loosest else 1.0
        set_to = tuple((width * Decimal(wider)).quantize(Decimal("0.01")) for width in widths)
        found.append(Setting(set_to, _AIRY - (_AIRY - SNUG) * tight, scale, tight, down / scale))
    return tuple(found)


class PrintedText(Struct, frozen=True):
    """A printed text: the cell that it stands in, and how wide each of its paragraphs would stand on one line."""

    box: Box
    paragraphs: tuple[float, ...]
    size: float = 1.0
    """How large its type is beside that of the form."""

    def lines(self, setting: Setting, width: float = 1.0) -> int:
        """Return how many lines it takes; ``width`` is how wide it stands beside what is counted on."""
        size = self.size * width
        wide = tuple(each * size for each in self.paragraphs) if size != 1.0 else self.paragraphs
        return _count(wide, setting.reach[self.box.last_column] - setting.reach[self.box.column - 1])

    def height(self, setting: Setting) -> float:
        """Return how high it stands, the air of its row included."""
        return LINE * self.size * self.lines(setting) + setting.air

    def needed(self, setting: Setting, stated: float) -> float:
        """Return how high its rows have to be that state a height (in points, 0 where they do not): as much where that will do."""
        lean = _LEAN * self.size * self.lines(setting, _LEAN_WIDTH) if stated else 0.0
        return stated if 0 < lean <= stated else self.height(setting)


def texts(cells: Iterable[PlacedCell]) -> list[PrintedText]:
    """Return what is printed in cells; numbers and dates shrink to their cell and never wrap."""
    found = []
    for cell in cells:
        text = "" if cell.option else cell.text or shown(cell.value)
        if text:
            found.append(PrintedText(cell.box, paragraphs(text), size_of(cell)))
    return found


def size_of(cell: PlacedCell) -> float:
    """Return how large the type of a cell is beside that of the form."""
    if cell.font is not None:
        return cell.font.size / _BODY_SIZE
    return _TITLE if cell.look is Look.TITLE else 1.0


class Least(Struct, frozen=True):
    """The least height of a row in lines of text.

    ``writing``: so much room is there to be written into. ``spare``: the row is not needed as long as it is blank, and
    grows as soon as it is not. ``size`` is how large the type is that is written into it, beside that of the form.
    ``stated`` is the height in points that the form states, which is never given up, 0 where it states none. ``wraps``: texts
    are typed into it, which may need more lines.
    """

    lines: float
    writing: bool = False
    spare: bool = False
    size: float = 1.0
    stated: float = 0.0
    wraps: bool = False

    def at(self, setting: Setting) -> float:
        """Return it in points; room that nobody has to write into is given up where a sheet is set tightly."""
        if self.stated:
            return self.stated
        lines = self.lines if self.writing else 1 + (self.lines - 1) * (1 - setting.tight)
        height = LINE * self.size * lines + setting.air
        return height - (height - _EMPTY) * setting.tight if self.spare else height


def row_heights(least: Sequence[Least], printed: Sequence[PrintedText], setting: Setting) -> list[float]:
    """Return the heights of rows in points, at least those given, so that every text has room.

    What a cell over several rows needs beyond their own heights is given to the spare ones as far as they would have it
    by themselves, and beyond that to the last, for a row that is higher does not grow any more; where none is spare, it
    is given to all in equal shares.
    """
    heights = [each.at(setting) for each in least]
    tall = []
    for text in printed:
        if text.box.row == text.box.last_row:
            needed = text.needed(setting, least[text.box.row - 1].stated)
            heights[text.box.row - 1] = max(heights[text.box.row - 1], min(needed, TALLEST))
        else:
            tall.append(text)
    for text in sorted(tall, key=lambda text: (text.box.last_row - text.box.row, text.box)):
        rows = range(text.box.row - 1, text.box.last_row)
        stated = sum(heights[row] for row in rows) if any(least[row].stated for row in rows) else 0.0
        lacking = min(text.needed(setting, stated), TALLEST * len(rows)) - sum(heights[row] for row in rows)
        spare = [row for row in rows if least[row].spare]
        for row in spare:
            share = min(max(lacking, 0.0), max(LINE + setting.air - heights[row], 0.0))
            heights[row] += share
            lacking -= share
        if lacking > 0:
            taking = spare[-1:] if spare and heights[spare[-1]] + lacking <= TALLEST else rows
            for row in taking:
                heights[row] += lacking / len(taking)
    return [
        height if height == own.stated else math.ceil(height / _PIXEL) * _PIXEL
        for height, own in zip(heights, least, strict=True)
    ]


def own_heights(least: Iterable[Least], printed: Iterable[PrintedText], setting: Setting) -> list[float]:
    """Return the heights that rows find by themselves: programs pass over what is merged."""
    heights = [LINE * row.size + setting.air for row in least]
    for text in printed:
        if text.box.single:
            heights[text.box.row - 1] = max(heights[text.box.row - 1], text.height(setting))
    return heights


def height(text: str, columns: tuple[int, int], widths: Sequence[Decimal]) -> Decimal:
    """Return the height in points to which a row grows by itself for a text in some columns."""
    return Decimal(min(LINE * count_lines(paragraphs(text), columns, widths) + SNUG, TALLEST))


def count_lines(paragraphs: Sequence[float], columns: tuple[int, int], widths: Sequence[Decimal]) -> int:
    """Return how many lines paragraphs take in some columns."""
    return _count(paragraphs, sum(widths[columns[0] - 1 : columns[1]], Decimal(0)))


def _count(paragraphs: Sequence[float], across: Decimal) -> int:
    """Return how many lines paragraphs take in columns that are together so wide."""
    if not across:
        return 1  # a column that is not shown makes no row higher
    width = float(across) - _EDGES
    return sum(_lines(needed, width) for needed in paragraphs)


def _lines(needed: float, width: float) -> int:
    """Count the lines of a paragraph; where it is broken, a line ends up to a punctuation mark early."""
    return 1 if needed <= width else math.ceil(needed / max(width - _RAGGED, 1.0))


def paragraphs(text: str) -> tuple[float, ...]:
    """Return how wide each paragraph of a text would stand on one line, in characters of a column's width."""
    return tuple(map(_display_width, text.split("\n")))


def _display_width(text: str) -> float:
    """Return how wide a text stands, in characters of a column's width (a digit of 宋体 11)."""
    return sum(1.82 if unicodedata.east_asian_width(char) in "WFA" else 0.98 for char in text)


def shown(value: Value) -> str:
    """Return what a cell shows for a value, to measure it; numbers and dates shrink to their cell and never wrap."""
    if isinstance(value, IndicatorValue):
        return value.text
    return "" if value is None or isinstance(value, Decimal | dt.date) else str(value)
