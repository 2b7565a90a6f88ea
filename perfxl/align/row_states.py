"""What a form looks like to the reader: states, one for each kind of row, and the signs that they are known by; which option is ticked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import Enum
from functools import cached_property
from typing import TypeAlias

from msgspec import Struct, field

from perfxl.align.lines import Spot
from perfxl.model.address import Box, cell_box
from perfxl.model.grid import CellKind, Content, GridCell
from perfxl.model.words import is_cross, is_tick
from perfxl.values.label_text import key

FAR = 1 << 30
"""Further than any row or column."""


class StateKind(Enum):
    """The kinds of rows; TABLE, BELOW and LIST may repeat."""

    FIXED = "fixed"
    HEAD = "head"
    TABLE = "table"
    BELOW = "below"
    LIST = "list"


class Sign(Struct, frozen=True, eq=False, dict=True):
    """A printed text as the reader knows it: the keys that mean it, or a pattern on flat text.

    The groups of a pattern are ``value`` (what the officer typed inside), ``year`` (a printed year, ``offset`` years
    after the form's own), ``later`` (one behind a title) and ``number`` (a counter). ``core`` is a piece of every text
    that the pattern fits.
    """

    text: str
    keys: frozenset[str] = frozenset()
    pattern: re.Pattern[str] | None = None
    core: str = ""
    offset: int | None = None
    open: bool = False
    """Whether the value inside is a text that may stand there without what is printed around it."""
    leads_with: tuple[str, ...] = ()
    """The words (flat) that stand before a colon where the value stands behind it, in the same cell."""

    def reads(self, flat: str) -> re.Match[str] | None:
        """Return the match of a flat text with the pattern, None where there is none."""
        return self.pattern.fullmatch(flat) if self.pattern is not None and self.core in flat else None

    def leads(self, spot: Spot) -> bool:
        """Tell whether a spot says it before a colon, with its value behind: 部门名称：某局."""
        return bool(spot.before) and (key(spot.before) in self.keys or self.reads(spot.before) is not None)

    def lacks_value(self, spot: Spot) -> bool:
        """Tell whether a spot says the words before a value, and then ends: 填报日期："""
        read = self.reads(spot.flat)
        return read is not None and read.start("value") == len(spot.flat)

    def means(self, spot: Spot) -> bool:
        """Tell whether a spot says it, and nothing more."""
        return (spot.cell.kind is CellKind.TEXT and spot.cell.value == self._as_printed) or self._is_said_by(spot)

    @cached_property
    def _as_printed(self) -> str | None:
        """Its text where that, as it stands, says it, None where it does not: most labels are as they were printed."""
        itself = Spot(cell_box(1, 1), GridCell(1, 1, CellKind.TEXT, self.text))
        return self.text if self._is_said_by(itself) else None

    def _is_said_by(self, spot: Spot) -> bool:
        said = spot.key in self.keys or spot.bare in self.keys
        return (said and not self.leads(spot)) or self.reads(spot.flat) is not None


class Item(Struct, frozen=True, eq=False):
    """A sign in a state, at its place in the layout.

    ``path`` is the field whose value stands inside it (``inside``) or on its right, in the layout in the box ``value``;
    ``opens`` the column or group of fields that it stands for, ``under`` the column of the layout that it heads.
    """

    sign: Sign
    box: Box
    path: str = ""
    inside: bool = False
    value: Box | None = None
    opens: str = ""
    under: int | None = None
    further: tuple[tuple[str, Box], ...] = ()
    """More fields on its right, before the next printed text, each with its place in the layout."""


class StateColumn(Struct, frozen=True):
    """A field that stands under a head. ``under`` is the head's column of the layout, ``option`` what a tick means.

    ``word`` is what people call that.

    ``names`` tells that it names its row. An ``idle`` value (a row's number, a computed one) does not make a row used;
    a ``spread`` one holds for all rows that its cell covers.
    """

    under: int
    path: str
    level: int = 0
    idle: bool = False
    spread: bool = False
    option: str = ""
    names: bool = False
    word: str = ""


class Side(Struct, frozen=True, dict=True):
    """The columns of one growing table; two may share their rows, and then a 一级."""

    table: str
    columns: tuple[StateColumn, ...]

    @cached_property
    def keyed(self) -> tuple[tuple[StateColumn, str], ...]:
        """Its columns, each with what stands in its path behind that of a row (``.target``)."""
        opening = len(self.opening)
        return tuple((column, column.path[opening:]) for column in self.columns)

    @property
    def opening(self) -> str:
        """What the paths of all its columns begin with."""
        return f"{self.table}[]"

    @cached_property
    def telling(self) -> tuple[StateColumn, ...]:
        """Those whose values may tell that a row is used."""
        return tuple(column for column in self.columns if not (column.level or column.idle))

    @cached_property
    def spreading(self) -> tuple[StateColumn, ...]:
        """Those whose values may hold for several rows."""
        return tuple(column for column in self.columns if column.spread)

    @cached_property
    def naming(self) -> StateColumn | None:
        """The first that names a row."""
        return next((column for column in self.columns if column.names), None)

    @cached_property
    def levels(self) -> tuple[StateColumn, ...]:
        """Those of the 一级, 二级 …, in this order."""
        return tuple(sorted((column for column in self.columns if column.level), key=lambda column: column.level))

    @cached_property
    def options(self) -> Mapping[str, tuple[StateColumn, ...]]:
        """By field the columns in which it may be ticked: 确定能, 有可能, 完全不可能."""
        ticked = {column.path for column in self.columns if column.option}
        return {path: tuple(column for column in self.columns if column.path == path) for path in ticked}


class State(Struct, frozen=True):
    """A kind of row. Paths in a block keep its brackets open, those in a growing table that one's too.

    ``head`` is the first state of the heads that ``columns`` or ``sides`` refer to. ``spine`` is the value down the
    left that tells blocks apart which have no row of their own; ``marks`` are printed texts in the rows of a table,
    ``printed`` those in a row that stands once, by the column of the head that they stand under.
    """

    kind: StateKind
    items: tuple[Item, ...] = ()
    spines: tuple[Sign, ...] = ()
    head: int = -1
    columns: tuple[StateColumn, ...] = ()
    sides: tuple[Side, ...] = ()
    block: str = ""
    spine: Item | None = None
    marks: tuple[Sign, ...] = ()
    printed: Mapping[int, Sign] = field(default_factory=dict)

    def explains(self, under: int, spot: Spot) -> bool:
        """Tell whether a spot belongs under its head: what stands over a printed text does not."""
        sign = self.printed.get(under)
        return sign is None or sign.means(spot)

    @property
    def skip(self) -> float:
        """What the absence of the state costs."""
        match self.kind:
            case StateKind.TABLE:
                return 0.0
            case StateKind.BELOW:
                return 0.2
            case _:
                return min(3.0, 0.5 + 0.5 * len(self.items))


class Jump(Struct, frozen=True):
    """A way back: from any state up to ``last``. To the next repetition of a block, or to heads on a new page."""

    last: int
    block: bool


class SkeletonCell(Struct, frozen=True):
    """A cell of the skeleton by its columns in the layout: printed text (``label``), or a place for a value.

    ``sign`` is what stands there, or around the value; ``item`` the item of the state that the cell belongs to,
    ``under`` the head that it stands under.
    """

    column: int
    last_column: int
    sign: Sign | None = None
    label: bool = False
    item: int | None = None
    under: int | None = None
    nth: int = 0
    """Which of the values on the right of the item it holds, the first being 0."""


class SkeletonRow(Struct, frozen=True, dict=True):
    """A row of the skeleton: a row of the blank, as the direct path expects it. ``fixed`` ones have printed text."""

    state: int
    fixed: bool
    cells: Mapping[int, SkeletonCell]
    repeats: bool = False
    back: int | None = None
    """Where the block begins that ends with this row."""

    @cached_property
    def headed(self) -> tuple[tuple[int, int], ...]:
        """The columns of the cells that stand under a head, each with that head."""
        return tuple((column, cell.under) for column, cell in self.cells.items() if cell.under is not None)

    @cached_property
    def reach(self) -> Mapping[int, int]:
        """These columns by their heads."""
        return {under: column for column, under in self.headed}

    @cached_property
    def others(self) -> tuple[tuple[int, SkeletonCell], ...]:
        """The other cells by their columns."""
        return tuple((column, cell) for column, cell in self.cells.items() if cell.under is None)

    @cached_property
    def required(self) -> frozenset[int]:
        """The columns in which its printed texts must stand."""
        return frozenset(column for column, cell in self.cells.items() if cell.label and self.fixed)


BLANK_ROW = SkeletonRow(-1, fixed=False, cells={})
"""A row in which nothing stands: of a margin, or covered by what stands above it."""


Target: TypeAlias = tuple[int, int, Item]
"""An item of a form, behind the numbers of its state and of itself among the items of that."""


class Captions(Struct, frozen=True):
    """How captions are found in a (flat) text: those that lead to a value by their words, and what is printed without."""

    finder: re.Pattern[str]
    items: Mapping[str, Target]
    printed: tuple[Target, ...]
    pieces: tuple[str, ...]
    """Of these there is one in each text in which a caption is found."""


class Pattern(Struct, frozen=True, dict=True):
    """A form as the reader sees it, made once for each form.

    ``merged_down`` are keys of heads and vertical labels, ``levels`` those of the 一级 and 二级 that the form prints;
    ``homes`` has the 一级 of each 二级 that it prints under one only. ``printed`` are keys of what it prints in spread
    columns; ``spread`` has these by path, for rows that have a printed name by that, for others by their 二级. ``heads``
    are the states of each group of heads by the first of them.
    """

    states: tuple[State, ...]
    by_key: Mapping[str, tuple[Sign, ...]]
    patterns: tuple[Sign, ...]
    states_of: Mapping[Sign, tuple[int, ...]]
    inline: frozenset[Sign]
    spines: frozenset[Sign]
    jumps: Mapping[int, tuple[Jump, ...]]
    merged_down: frozenset[str]
    levels: frozenset[str]
    homes: Mapping[str, str]
    printed: frozenset[str]
    spread: Mapping[str, Mapping[str, str]]
    skeleton: tuple[SkeletonRow, ...]
    heads: Mapping[int, tuple[int, ...]]
    under: tuple[int, ...]
    """The states that are known by the heads above them."""
    loose: tuple[int, ...]
    """The states of lines whose captions may be typed over."""
    captions: Captions
    left: int
    """The first column of the form."""
    year: str
    """The path of the form's year in a line of its own, "" where it has none."""

    @cached_property
    def following(self) -> Mapping[int, tuple[tuple[int, bool], ...]]:
        """The rows of the skeleton that may follow one (the first follows -1), and whether a block begins again."""
        return {number: _following(self.skeleton, number) for number in range(-1, len(self.skeleton))}


def _following(skeleton: tuple[SkeletonRow, ...], at: int) -> tuple[tuple[int, bool], ...]:
    """Return what may follow a row; rows with printed text are tried first."""
    here = skeleton[at] if at >= 0 else None
    ways = [(at + 1, False)] if at + 1 < len(skeleton) else []
    if here is not None and here.back is not None:
        ways.append((here.back, True))
    if here is not None and here.repeats:
        ways.append((at, False))
    open_ways = [way for way in ways if not skeleton[way[0]].fixed]
    # Two rows without printed text cannot be told apart by their places.
    return (*(way for way in ways if skeleton[way[0]].fixed), *(open_ways if len(open_ways) == 1 else ()))


class Explained(Struct, frozen=True):
    """A row of a sheet explained by a state: which spots are its labels, and where its values stand.

    ``labels`` by number of item, ``beside`` the value on the right of one (None: blank) with its place, ``further`` those
    that follow it, ``under`` the
    spots by column of the layout, ``reach`` the first column on the sheet of each. ``guessed`` labels say something
    else; ``marks`` are printed texts besides.
    """

    row: int
    state: int
    labels: Mapping[int, Spot]
    beside: Mapping[int, tuple[Box, Spot | None]]
    under: Mapping[int, Spot]
    reach: Mapping[int, int]
    marks: tuple[Spot, ...] = ()
    guessed: tuple[int, ...] = ()
    again: bool = False
    """Whether it begins the next repetition of its block."""
    moved: bool = False
    """Whether it stands elsewhere than on the form: heads on a new page, a row out of order."""
    further: Mapping[int, tuple[tuple[Box, Spot | None], ...]] = field(default_factory=dict)


def ticked(row: Explained, options: Iterable[StateColumn]) -> tuple[Spot | None, Content]:
    """Return the option whose cell is ticked; several ticks, or another text, are quoted for the officer to correct.

    A cross says that an option is not meant.
    """
    held = [(column, row.under[column.under]) for column in options if column.under in row.under]
    meant = [(column, spot) for column, spot in held if not is_cross(spot.flat)]
    first = next((spot for _, spot in (*meant, *held)), None)
    match meant:
        case [(column, spot)] if is_tick(spot.flat):
            return first, column.option
        case _:
            return first, "、".join(column.word if is_tick(spot.flat) else spot.text for column, spot in meant) or None
