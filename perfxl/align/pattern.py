"""From the layout of a blank to the pattern that the reader aligns sheets with.

A fixed row is known by its labels; a head by its column heads; a table row or a row below heads by standing under
them; a list of captions by any of these. How a value is found follows from where the layout has it: on the right of its
label, under a column head, or inside a caption. All repetitions of a row, and of a block of rows, are one state.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import takewhile

from msgspec import Struct, field
from msgspec.structs import replace

from perfxl.align.captions import captions_of
from perfxl.align.label_patterns import sign_of
from perfxl.align.row_states import (
    BLANK_ROW,
    Item,
    Jump,
    Pattern,
    Side,
    Sign,
    SkeletonCell,
    SkeletonRow,
    State,
    StateColumn,
    StateKind,
)
from perfxl.align.shape import (
    HeadGroup,
    column_of,
    is_above,
    is_year_line,
    labels_a_row,
    on_the_right,
    parent_of,
    path_of,
    runs,
    shared,
    spread_texts,
    with_names,
)
from perfxl.model.address import Box
from perfxl.model.form import Look
from perfxl.model.layout import Layout, PlacedCell, PlacedRow, Role, RowKind
from perfxl.values.label_text import key, level

__all__ = ["Pattern", "compile_pattern"]


def compile_pattern(layout: Layout) -> Pattern:
    """Return the pattern of a form from the layout of its blank."""
    compiler = _Compiler(layout)
    compiler.compile()
    return compiler.pattern()


class _Compiler(Struct):
    layout: Layout
    signs: dict[tuple[str, ...], Sign] = field(default_factory=dict)
    states: list[State] = field(default_factory=list)
    heads: list[HeadGroup] = field(default_factory=list)
    groups: dict[int, tuple[int, ...]] = field(default_factory=dict)
    skeleton: list[SkeletonRow] = field(default_factory=list)
    jumps: dict[int, list[Jump]] = field(default_factory=lambda: defaultdict(list))
    rows: dict[int, list[PlacedCell]] = field(default_factory=lambda: defaultdict(list))
    spines: list[PlacedCell] = field(default_factory=list)
    block_spines: list[PlacedCell] = field(default_factory=list)

    def compile(self) -> None:
        kinds = {row.number: row.kind for row in self.layout.rows}
        for cell in self.layout.cells:
            if cell.look is not Look.SPINE or labels_a_row(cell, self.layout.cells):
                self.rows[cell.box.row].append(cell)
            elif cell.field is None:
                self.spines.append(cell)
            elif kinds[cell.box.row] is RowKind.TABLE:
                self.block_spines.append(cell)
            else:
                self.rows[cell.box.row].append(cell)
        begun: tuple[str, int, int] | None = None
        for rows in runs(self.layout.rows):
            block = rows[0].block
            if begun is not None and block != begun[0]:
                self.close(*begun)
                begun = None
            if block and begun is None:
                begun = (block, len(self.states), len(self.skeleton))
            self.run(rows)
        if begun is not None:
            self.close(*begun)
        for group in self.heads:
            body = [n for n, state in enumerate(self.states) if state.head == group.state and state.sides]
            if body:
                self.jumps[group.state].append(Jump(body[-1], block=False))

    def close(self, block: str, first: int, row: int) -> None:
        """A block has ended: its rows may come again, unless a value down their left tells one block from the next."""
        last = len(self.states) - 1
        if first > last or any(state.spine is not None for state in self.states[first:]):
            return
        self.states[first:] = [replace(state, block=block) for state in self.states[first:]]
        self.jumps[first].append(Jump(last, block=True))
        self.skeleton[-1] = replace(self.skeleton[-1], back=row)

    def run(self, rows: Sequence[PlacedRow]) -> None:
        row = rows[0]
        match row.kind:
            case RowKind.HEAD:
                self.head(rows)
            case RowKind.TABLE:
                self.table(row)
            case RowKind.FIXED if self.heads_a_table(row):
                self.head(rows)
                self.skeleton += [BLANK_ROW] * self.merged_rows(row)
            case RowKind.FIXED:
                self.fixed(row)
                self.skeleton += [BLANK_ROW] * self.merged_rows(row)

    def heads_a_table(self, row: PlacedRow) -> bool:
        """Tell whether the labels of a row name the columns of a growing table further down, and nothing else stands in it."""
        cells = self.rows[row.number]
        named = sum("[]." in cell.path for cell in cells if cell.field is None)
        return named > 1 and all(cell.field is None for cell in cells)

    def merged_rows(self, row: PlacedRow) -> int:
        """Return how many rows of the sheet the cells of a row cover below their first."""
        below = self.layout.rows[row.number :]
        return len(list(takewhile(lambda other: (other.band, other.record) == (row.band, row.record), below)))

    # -- heads ------------------------------------------------------------------------------------------------------

    def head(self, rows: Sequence[PlacedRow]) -> None:
        """Add a state for each row of a group of heads; what stands under it refers to the first."""
        first = len(self.states)
        cells = [cell for row in rows for cell in self.rows[row.number]]
        leaves = [cell for cell in cells if not any(is_above(cell, other) for other in cells)]
        named = [leaf for leaf in leaves if leaf.text or leaf.caption]
        # A head over columns without names of their own stands for the one of them that holds a value.
        for leaf in leaves:
            above = [cell for cell in cells if cell.text and is_above(cell, leaf)]
            if above and leaf not in named and self.holds_value(leaf):
                named.append(replace(leaf, text=above[-1].text, path=leaf.path))
        heading = {parent_of(leaf, cells).box: leaf.box.column for leaf in named}
        for row in rows:
            printed = [cell for cell in self.rows[row.number] if cell.text or cell.caption]
            items = tuple(self.head_item(cell, heading.get(cell.box)) for cell in printed)
            self.skeleton.append(self.skeleton_row(row, items, (), fixed=bool(items)))
            self.states.append(State(StateKind.HEAD, items, self.beside(row, first=True), first))
        self.heads.append(HeadGroup(first, tuple(named)))
        self.groups[first] = tuple(range(first, len(self.states)))

    def head_item(self, cell: PlacedCell, under: int | None) -> Item:
        opens = cell.path.partition("=")[0] if cell.field is None else ""
        path = path_of(cell)
        return Item(self.sign(cell), cell.box, path, inside=bool(path), opens=opens, under=under)

    def holds_value(self, leaf: PlacedCell) -> bool:
        """Tell whether what stands under a head is more than a number or a printed text."""
        below = (c for c in self.layout.cells if c.box.row > leaf.box.row and c.box.column == leaf.box.column)
        cell = next((c for c in below if c.field is not None or c.text), None)
        return cell is not None and cell.field is not None and not cell.field.serial

    # -- growing tables ---------------------------------------------------------------------------------------------

    def table(self, row: PlacedRow) -> None:
        if not self.heads:
            return
        group = self.heads[-1]
        cells = self.rows[row.number]
        headed = [cell for cell in cells if group.over(cell, exactly=False) is not None]
        sides: list[Side] = []
        for table in filter(None, (row.table, row.beside)):
            columns = [column_of(cell, group) for cell in headed if path_of(cell).rpartition("[]")[0] == table]
            columns = with_names(columns, cells)
            columns += shared(columns, sides, table)
            sides.append(Side(table, tuple(columns)))
        marks = tuple(self.sign(cell) for cell in cells if cell.field is None and cell.text)
        spine = self.block_spine(row, group)
        self.skeleton.append(self.skeleton_row(row, (), sides, spine=spine))
        self.states.append(State(StateKind.TABLE, head=group.state, sides=tuple(sides), spine=spine, marks=marks))

    def block_spine(self, row: PlacedRow, group: HeadGroup) -> Item | None:
        for cell in self.block_spines:
            if cell.box.row <= row.number <= cell.box.last_row:
                under = group.over(cell, exactly=False)
                return Item(self.sign(cell), cell.box, path_of(cell), inside=True, under=under)
        return None

    # -- rows that stand once ---------------------------------------------------------------------------------------

    def fixed(self, row: PlacedRow) -> None:
        """Sort out a row that stands once: what is on the right of a label, under heads, or inside a caption."""
        cells = self.rows[row.number]
        labels = [c for c in cells if c.role is Role.LABEL and c.text]
        captions = [c for c in cells if c.field is not None and c.caption is not None]
        captions += [other for c in captions for other in c.others]
        entries = [c for c in cells if c.field is not None and c.caption is None]
        if captions and not labels and not entries:
            self.captions(row, captions)
            return
        columns, head = self.under_heads(labels, entries)
        under = {column.path for column in columns}
        named = [label for label in labels if key(label.text)]  # a printed dash is no label: everybody types dashes
        headed = [c for c in entries if path_of(c) in under]
        right = on_the_right(named, [c for c in entries if path_of(c) not in under], [*captions, *headed])
        items = [Item(self.sign(c), c.box, path_of(c), inside=True) for c in captions]
        for label in named:
            entry, *others = right.get(label.box, [None])
            value = entry.box if entry is not None else None
            further = tuple((path_of(other), other.box) for other in others if other is not None)
            items.append(
                Item(self.sign(label), label.box, path_of(entry), value=value, opens=label.path, further=further)
            )
        if not items and not columns:
            self.skeleton.append(BLANK_ROW)
            return
        items.sort(key=lambda item: item.box.column)
        kind = StateKind.FIXED if items else StateKind.BELOW
        self.skeleton.append(self.skeleton_row(row, items, (Side("", columns),), fixed=bool(labels)))
        printed = self.printed_below_heads(cells)
        self.states.append(State(kind, tuple(items), self.beside(row), head, columns, printed=printed))

    def under_heads(
        self, labels: Sequence[PlacedCell], entries: Sequence[PlacedCell]
    ) -> tuple[tuple[StateColumn, ...], int]:
        """The entries that belong to heads above: those of a matrix, of a total below a table, of texts below heads."""
        last = self.states[-1] if self.states else None
        if entries and not labels and last is not None and last.kind is StateKind.FIXED and not last.columns:
            self.make_head(entries)
        for group in reversed(self.heads):
            stand = [entry for entry in entries if group.over(entry, exactly=bool(labels)) is not None]
            inside = last is not None and last.head == group.state
            if stand and (len(stand) > 1 or inside or not labels):
                return tuple(column_of(entry, group) for entry in stand), group.state
            if labels and inside:
                break
        return (), -1

    def printed_below_heads(self, cells: Iterable[PlacedCell]) -> dict[int, Sign]:
        """What a row prints below heads, where others have values; numbers are no labels to look for."""
        body = [cell for cell in cells if cell.role is Role.PRINTED and cell.field is None]
        return {under: self.sign(c) for c in body for under in [self.heads[-1].over(c, exactly=False)] if under}

    def make_head(self, entries: Sequence[PlacedCell]) -> None:
        """A line of printed text with nothing but an answer below it is that answer's head."""
        last = self.states[-1]
        if len(last.items) != 1 or last.items[0].path or last.items[0].sign.pattern is not None:
            return
        box = last.items[0].box
        if not all(box.column <= entry.box.column and entry.box.last_column <= box.last_column for entry in entries):
            return
        number = len(self.states) - 1
        items = (replace(last.items[0], under=box.column),)
        self.states[-1] = replace(last, kind=StateKind.HEAD, items=items, head=number)
        self.heads.append(HeadGroup(number, (PlacedCell(box, Role.LABEL, Look.HEAD, items[0].sign.text),)))
        self.groups[number] = (number,)

    def captions(self, row: PlacedRow, cells: Sequence[PlacedCell]) -> None:
        """Add captions to the list before them, or begin one: their order and side do not matter."""
        spines = self.beside(row)
        items = tuple(Item(self.sign(c), c.box, path_of(c), inside=True) for c in cells)
        last = self.states[-1] if self.states else None
        shift = 0
        if last is not None and last.kind is StateKind.LIST and spines == last.spines and not row.block:
            shift = len(last.items)
            self.states[-1] = replace(last, items=(*last.items, *items))
        else:
            kind = StateKind.LIST if len(cells) > 1 else StateKind.FIXED
            self.states.append(State(kind, items, spines))
        expected = self.skeleton_row(row, items, (), shift=shift)
        self.skeleton.append(replace(expected, state=len(self.states) - 1))

    def beside(self, row: PlacedRow, *, first: bool = False) -> tuple[Sign, ...]:
        """The vertical labels beside a row; ``first``: only those that begin there."""
        cells = [c for c in self.spines if c.box.row <= row.number <= c.box.last_row and c.text]
        return tuple(self.sign(c) for c in cells if not first or c.box.row == row.number)

    def sign(self, cell: PlacedCell) -> Sign:
        made = sign_of(cell)
        same = (made.text, *sorted(made.keys), made.pattern.pattern if made.pattern else "", str(made.offset))
        return self.signs.setdefault(same, made)

    # -- the whole --------------------------------------------------------------------------------------------------

    def skeleton_row(
        self,
        row: PlacedRow,
        items: Iterable[Item],
        sides: Iterable[Side],
        *,
        fixed: bool = False,
        spine: Item | None = None,
        shift: int = 0,
    ) -> SkeletonRow:
        """Return a row as the direct path expects it; it belongs to the state that is added next."""
        under = {(column.path, column.option): column.under for side in sides for column in side.columns}
        items = tuple(items)
        numbers: dict[Box, int] = {}
        for n, item in enumerate(items, start=shift):
            for box in filter(None, (item.box, item.value)):
                numbers.setdefault(box, n)
        further = {
            box: (n, nth) for n, item in enumerate(items, start=shift) for nth, (_, box) in enumerate(item.further, 1)
        }
        beginning = [c for c in self.spines if c.box.row == row.number and c.text]
        beginning += [c for c in self.block_spines if spine is not None and c.box == spine.box]
        cells: dict[int, SkeletonCell] = {}
        for cell in (*self.rows[row.number], *beginning):
            label = cell.field is None
            if label and not cell.text:
                continue
            place = under.get((path_of(cell), cell.option))
            if spine is not None and cell.box == spine.box:
                place = spine.under
            cells[cell.box.column] = SkeletonCell(
                cell.box.column,
                cell.box.last_column,
                self.sign(cell) if label or cell.caption is not None else None,
                label,
                *(further[cell.box][:1] if cell.box in further else (numbers.get(cell.box),)),
                place,
                further[cell.box][1] if cell.box in further else 0,
            )
        return SkeletonRow(len(self.states), fixed, cells, repeats=row.kind is RowKind.TABLE)

    def pattern(self) -> Pattern:
        by_key: dict[str, list[Sign]] = defaultdict(list)
        for sign in self.signs.values():
            for text in filter(None, sign.keys):
                by_key[text].append(sign)
        states_of: dict[Sign, list[int]] = defaultdict(list)
        for number, state in enumerate(self.states):
            for sign in dict.fromkeys(item.sign for item in state.items):
                states_of[sign].append(number)
        spines = frozenset(sign for state in self.states for sign in state.spines)
        headed = [item.sign for state in self.states if state.kind is StateKind.HEAD for item in state.items]
        printed = [cell for cell in self.layout.cells if cell.role is Role.PRINTED and cell.field is not None]
        year = next((path_of(c) for c in self.layout.cells if is_year_line(c)), "")
        return Pattern(
            states=tuple(self.states),
            by_key={text: tuple(signs) for text, signs in by_key.items()},
            patterns=tuple(sign for sign in self.signs.values() if sign.pattern),
            states_of={sign: tuple(numbers) for sign, numbers in states_of.items()},
            inline=frozenset(
                item.sign for state in self.states for item in state.items if item.path and not item.inside
            ),
            spines=spines,
            jumps={state: tuple(ways) for state, ways in self.jumps.items()},
            merged_down=frozenset(text for sign in (*spines, *headed) for text in sign.keys),
            levels=frozenset(key(level(cell.text)) for cell in printed if cell.field is not None and cell.field.level),
            homes=_homes(printed),
            printed=frozenset(key(cell.text) for cell in printed if cell.field is not None and cell.field.spread),
            spread=spread_texts(printed),
            skeleton=tuple(self.skeleton),
            heads=self.groups,
            under=tuple(n for n, s in enumerate(self.states) if s.kind in {StateKind.TABLE, StateKind.BELOW}),
            captions=captions_of(
                (
                    (number, n, item)
                    for number, state in enumerate(self.states)
                    if not state.block and not state.sides
                    for n, item in enumerate(state.items)
                ),
                year,
            ),
            left=self.layout.origin[1],
            year=year,
            loose=tuple(n for n, s in enumerate(self.states) if s.block and len(s.items) == 1 and s.items[0].sign.open),
        )


def _homes(printed: Sequence[PlacedCell]) -> dict[str, str]:
    """Return the 一级 of each 二级 that a form prints under one 一级 only, by its key."""
    tops = [cell for cell in printed if cell.field is not None and cell.field.level == 1]
    found: dict[str, set[str]] = defaultdict(set)
    for cell in printed:
        if cell.field is not None and cell.field.level == 2:
            above = (top for top in tops if top.box.row <= cell.box.row <= top.box.last_row)
            found[key(level(cell.text))].update(level(top.text) for top in above)
    return {text: home for text, (home, *others) in found.items() if not others}
