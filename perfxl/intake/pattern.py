"""What a form looks like to the reader: a sequence of states, one for each kind of row, made from its layout.

A fixed row is known by its labels; a head by its column heads; a table row or a row below heads by standing under them; a
list of captions by any of these. How a value is found follows from where the layout has it: on the right of its label,
under a column head, or inside a caption.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from perfxl.intake.text import flat, key, level
from perfxl.model.address import Box
from perfxl.model.form import Caption, Look
from perfxl.model.layout import Layout, PlacedCell, PlacedRow, Role, RowKind
from perfxl.model.record import generic
from perfxl.model.value import Type


class StateKind(Enum):
    """The kinds of rows; TABLE, BELOW and LIST may repeat."""

    FIXED = "fixed"
    HEAD = "head"
    TABLE = "table"
    BELOW = "below"
    LIST = "list"


@dataclass(frozen=True, slots=True, eq=False)
class Sign:
    """A label as the reader knows it: the keys that mean it, or a pattern whose group is the value inside it."""

    text: str
    keys: frozenset[str]
    pattern: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A sign in a state: the field whose value belongs to it (fixed, list), or the column that it heads.

    ``opens`` is the group of fields that the label stands for.
    """

    sign: Sign
    path: str = ""
    opens: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """A kind of row. ``columns`` gives the fields by the column heads that they stand under; ``head`` is those heads' state.

    ``skip`` is what its absence costs.
    """

    kind: StateKind
    items: tuple[Item, ...] = ()
    spines: tuple[Sign, ...] = ()
    head: int = -1
    columns: tuple[tuple[str, str], ...] = ()
    table: str = ""
    levels: tuple[str, ...] = ()
    band: int = 0

    @property
    def skip(self) -> float:
        match self.kind:
            case StateKind.TABLE:
                return 0.0
            case StateKind.BELOW:
                return 0.2
            case _:
                return min(3.0, 0.5 + 0.5 * len(self.items))


@dataclass(frozen=True, slots=True)
class Pattern:
    """A form's states with the signs by key, made once for each form."""

    states: tuple[State, ...]
    by_key: Mapping[str, tuple[Sign, ...]]
    patterns: tuple[Sign, ...]
    states_of: Mapping[Sign, tuple[int, ...]]
    inline: frozenset[Sign]
    spines: frozenset[Sign]
    merged_down: frozenset[str]
    printed: frozenset[str]
    """Keys of the 一级 and 二级 that the form prints."""


def compile_pattern(layout: Layout) -> Pattern:
    """Return the pattern of a form from the layout of its blank."""
    return _Compiler(layout).pattern()


@dataclass(slots=True)
class _Heads:
    """The columns of the heads above, by the place where the layout has them."""

    state: int
    cells: tuple[PlacedCell, ...]

    def over(self, cell: PlacedCell) -> str | None:
        """The column that a cell stands under: the head of the same extent, by its first column."""
        for head in self.cells:
            if (head.box.column, head.box.last_column) == (cell.box.column, cell.box.last_column):
                return column_id(head)
        return None


def column_id(head: PlacedCell) -> str:
    """Return the name of the column under a head: the path that it heads, else its place in the layout."""
    return head.path or f"@{head.box.column}"


class _Compiler:
    def __init__(self, layout: Layout) -> None:
        self.signs: dict[tuple[str, ...], Sign] = {}
        self.states: list[State] = []
        self.heads: list[_Heads] = []
        self.rows: dict[int, list[PlacedCell]] = defaultdict(list)
        self.spine_cells = [c for c in layout.cells if c.look is Look.SPINE]
        for cell in layout.cells:
            if cell.look is not Look.SPINE:
                self.rows[cell.box.row].append(cell)
        self.layout = layout

    def pattern(self) -> Pattern:
        seen: set[int] = set()
        for row in self.layout.rows:
            if row.band not in seen:
                seen.add(row.band)
                self.row(row)
        by_key: dict[str, list[Sign]] = defaultdict(list)
        for sign in self.signs.values():
            for text in sign.keys:
                by_key[text].append(sign)
        states_of: dict[Sign, list[int]] = defaultdict(list)
        for number, state in enumerate(self.states):
            for item in state.items:
                states_of[item.sign].append(number)
        spines = frozenset(sign for state in self.states for sign in state.spines)
        headed = [item.sign for state in self.states if state.kind is StateKind.HEAD for item in state.items]
        printed = {key(level(c.text)) for c in self.layout.cells if c.role is Role.PRINTED}
        return Pattern(
            states=tuple(self.states),
            by_key={text: tuple(signs) for text, signs in by_key.items()},
            patterns=tuple(sign for sign in self.signs.values() if sign.pattern),
            states_of={sign: tuple(numbers) for sign, numbers in states_of.items()},
            inline=frozenset(
                item.sign
                for state in self.states
                if state.kind in {StateKind.FIXED, StateKind.LIST}
                for item in state.items
                if item.path
            ),
            spines=spines,
            merged_down=frozenset(text for sign in (*spines, *headed) for text in sign.keys),
            printed=frozenset(printed),
        )

    def row(self, row: PlacedRow) -> None:
        cells = self.rows[row.number]
        if row.kind is RowKind.HEAD:
            labels = [c for c in cells if c.role is Role.LABEL and c.text]
            items = tuple(Item(self.sign(c), column_id(c), c.path) for c in labels)
            self.heads.append(_Heads(len(self.states), tuple(labels)))
            self.add(State(StateKind.HEAD, items, self.spines(row, first=True), len(self.states), band=row.band))
        elif row.kind is RowKind.TABLE:
            self.table(row)
        else:
            self.fixed(row, cells)

    def add(self, state: State) -> None:
        self.states.append(state)

    def table(self, row: PlacedRow) -> None:
        heads = self.heads[-1]
        columns = tuple((column_id(c), c.path) for c in heads.cells if c.path)
        levels = []
        for cell in self.layout.cells:
            field = cell.field
            if field is not None and field.level and generic(cell.path).startswith(f"{row.table}[]."):
                path = generic(cell.path)
                if path not in levels and path in dict(columns):
                    levels.append(path)
        levels.sort(key=lambda path: [c for c, _ in columns].index(path))
        self.add(
            State(StateKind.TABLE, (), (), heads.state, columns, row.table, tuple(levels), row.band),
        )

    def fixed(self, row: PlacedRow, cells: list[PlacedCell]) -> None:
        """Sort out a row that stands once: what is on the right of a label, under heads, or inside a caption."""
        labels = [c for c in cells if c.role is Role.LABEL and c.text]
        entries = [c for c in cells if c.field is not None]
        captions = [c for c in entries if c.field is not None and c.field.caption is not None]
        if not labels and not entries:
            return
        spines = self.spines(row)
        if captions and len(captions) == len(entries) and not labels:
            self.captions(captions, spines, row.band)
            return
        right: dict[Box, str] = {}
        columns: list[tuple[str, str]] = []
        head = -1
        for number, label in enumerate(labels):
            stop = labels[number + 1].box.column if number + 1 < len(labels) else 1 << 30
            behind = [c for c in entries if label.box.column < c.box.column < stop]
            if len(behind) == 1:
                right[label.box] = behind[0].path
        for entry in entries:
            if entry.path not in right.values():
                for heads in reversed(self.heads):
                    over = heads.over(entry)
                    if over is not None and head in {-1, heads.state}:
                        head = heads.state
                        columns.append((over, entry.path))
                        break
        items = tuple(Item(self.sign(c), right.get(c.box, ""), c.path) for c in labels)
        kind = StateKind.FIXED if items else StateKind.BELOW
        self.add(State(kind, items, spines, head, tuple(columns), band=row.band))

    def captions(self, cells: list[PlacedCell], spines: tuple[Sign, ...], band: int) -> None:
        """Add captions to the list before them, or begin one: their order and side do not matter."""
        items = tuple(Item(self.sign(c), c.path) for c in cells)
        last = self.states[-1] if self.states else None
        if last is not None and last.kind is StateKind.LIST and spines == last.spines:
            self.states[-1] = State(StateKind.LIST, (*last.items, *items), spines, band=last.band)
        else:
            self.add(State(StateKind.LIST if len(cells) > 1 else StateKind.FIXED, items, spines, band=band))

    def spines(self, row: PlacedRow, *, first: bool = False) -> tuple[Sign, ...]:
        """The vertical labels beside a row; ``first``: only those that begin there."""
        beside = [c for c in self.spine_cells if c.box.row <= row.number <= c.box.last_row]
        return tuple(self.sign(c) for c in beside if not first or c.box.row == row.number)

    def sign(self, cell: PlacedCell) -> Sign:
        caption = cell.field.caption if cell.field is not None else None
        if caption is not None and cell.field is not None:
            texts = (f"{caption.before}{{}}{caption.after}",)
        else:
            texts = (cell.text, *cell.aliases)
        if texts not in self.signs:
            if caption is not None and cell.field is not None:
                sign = Sign(texts[0], frozenset(), caption_pattern(caption, cell.field.type))
            elif cell.look is Look.TITLE:
                sign = Sign(cell.text, frozenset(), re.compile(f".{{0,25}}{re.escape(flat(cell.text))}.{{0,12}}"))
            else:
                sign = Sign(cell.text, frozenset(key(text) for text in texts))
            self.signs[texts] = sign
        return self.signs[texts]


_OPTIONAL = re.compile(r"([()\[\]:,、。])")
_INSIDE = {Type.YEAR: r"([\d_]*)", Type.MONEY: r"(.*?)"}


def caption_pattern(caption: Caption, kind: Type) -> re.Pattern[str]:
    """Return the pattern of a caption on flat text: brackets, colons, a leading 其中 and a unit behind may be missing."""
    before, after = flat(caption.before), flat(caption.after)
    before = before.removeprefix("其中:")
    tail = _loose(after)
    if kind is Type.MONEY:
        tail = f"(?:{tail})?"
    return re.compile(f"(?:其中:?)?{_loose(before)}{_INSIDE.get(kind, '(.*?)')}{tail}")


def _loose(text: str) -> str:
    return "".join(
        f"{re.escape(part)}?" if _OPTIONAL.fullmatch(part) else re.escape(part) for part in _OPTIONAL.split(text)
    )
