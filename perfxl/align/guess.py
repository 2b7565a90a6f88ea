"""What alignment alone does not find: rows that were moved, labels that were reworded, captions that were typed over.

A guess is made only where known neighbours leave no choice, and each is reported.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from perfxl.align.heads import LabelledSheet
from perfxl.align.lines import Spot
from perfxl.align.row_states import FAR, Item, StateKind
from perfxl.model.grid import CellKind
from perfxl.values.label_text import is_note


class FoundRow(Struct, frozen=True):
    """A row with the state that explains it, its labels by number of item, and which of these are guessed.

    ``blank`` are items that nothing stands for: their row and column on the sheet are known all the same.
    """

    row: int
    state: int
    labels: Mapping[int, Spot]
    guessed: tuple[int, ...] = ()
    again: bool = False
    moved: bool = False
    blank: Mapping[int, tuple[int, int]] | None = None


def guess(sheet: LabelledSheet, rows: Iterable[FoundRow]) -> list[FoundRow]:
    """Return the explained rows with what can be told from their neighbours."""
    found = list(rows)
    found += _moved(sheet, found)
    found += _reworded(sheet, found)
    places = _Places.of(sheet, found)
    found = [_labels_in_place(sheet, row, places) for row in found]
    return found + _captions(sheet, found, places)


def _moved(sheet: LabelledSheet, found: list[FoundRow]) -> list[FoundRow]:
    """Rows that stand out of order: all the labels of a row that was not reached, in just one unexplained row."""
    rows, reached = {row.row for row in found}, {row.state for row in found}
    moved = []
    for number, state in enumerate(sheet.pattern.states):
        if number in reached or state.kind is not StateKind.FIXED or state.head >= 0 or not state.items:
            continue
        left = [r for r in sheet.order if r not in rows and len(sheet.match(r, number).spots) == len(state.items)]
        if len(left) == 1:
            rows.add(left[0])
            moved.append(FoundRow(left[0], number, sheet.match(left[0], number).spots, moved=True))
    return moved


def _reworded(sheet: LabelledSheet, found: list[FoundRow]) -> list[FoundRow]:
    """Rows whose only label says something else: as many unexplained rows as there are such states in between."""
    ordered = sorted((row for row in found if not row.moved), key=lambda row: row.row)
    ordered.append(FoundRow(FAR, len(sheet.pattern.states), {}))
    explained, reached = {row.row for row in found}, {row.state for row in found}
    left = [row for row in sheet.order if row not in explained]
    missing = [
        number
        for number, state in enumerate(sheet.pattern.states)
        if number not in reached and state.kind is not StateKind.TABLE
    ]
    guessed: list[FoundRow] = []
    for above, below in pairwise(ordered):
        states = [number for number in missing if above.state < number < below.state]
        rows = left[bisect_right(left, above.row) : bisect_left(left, below.row)]
        if not states or len(states) != len(rows):
            continue
        guessed += _labelled(sheet, zip(rows, states, strict=True))
    first = ordered[0]  # above the first known row, where a title is gone, one neighbour is enough, right next to it
    if first.state - 1 in missing and first.row - 1 in left:
        guessed += _labelled(sheet, [(first.row - 1, first.state - 1)])
    return guessed


def _labelled(sheet: LabelledSheet, pairs: Iterable[tuple[int, int]]) -> Iterator[FoundRow]:
    for row, number in pairs:
        spot = _label_of(sheet, row, number)
        if spot is not None:
            yield FoundRow(row, number, {0: spot}, (0,))


def _label_of(sheet: LabelledSheet, row: int, number: int) -> Spot | None:
    """The first text of a row, where it may be the one label of a state, with its value on the right or under heads."""
    state = sheet.pattern.states[number]
    if state.kind is not StateKind.FIXED or len(state.items) != 1 or state.items[0].inside:
        return None
    if not (state.items[0].path or state.columns):
        return None
    spines = {spot for sign in sheet.pattern.spines for spot in sheet.says[row].get(sign, ())} | sheet.copies
    spots = [spot for spot in sheet.lines.rows[row] if spot not in spines]
    known = {spot for at in sheet.says[row].values() for spot in at}
    first = spots[0] if spots else None
    if first is None or first in known or is_note(first.flat) or first.cell.kind is not CellKind.TEXT:
        return None
    return first if len(spots) > 1 and len(first.key) > 1 else None


class _Places(Struct, frozen=True):
    """Where the layout's rows and columns stand on the sheet, as far as labels tell."""

    rows: Mapping[int, int]
    columns: Mapping[int, int]
    left: Sequence[int]
    """Filled rows that nothing explains."""

    @classmethod
    def of(cls, sheet: LabelledSheet, found: Sequence[FoundRow]) -> _Places:
        rows: dict[int, int] = {}
        columns: dict[int, set[int]] = defaultdict(set)
        for row in found:
            state = sheet.pattern.states[row.state]
            for number, spot in row.labels.items():
                box = state.items[number].box
                columns[box.column].add(spot.column)
                if not state.block and not row.moved:
                    rows[box.row] = spot.row
        sure = {column: min(places) for column, places in columns.items() if len(places) == 1}
        explained = {row.row for row in found}
        spines = {spot for sign in sheet.pattern.spines for says in sheet.says.values() for spot in says.get(sign, ())}
        idle = spines | sheet.copies
        filled = [row for row in sheet.order if not idle.issuperset(sheet.lines.rows[row])]
        return cls(rows, sure, [row for row in filled if row not in explained])

    def row(self, row: int) -> int | None:
        """Return the row of the sheet for one of the layout: a known one, or one between two that are as far apart.

        Where blank rows were inserted between them, as many unexplained ones are taken in their order.
        """
        if row in self.rows:
            return self.rows[row]
        above = max((known for known in self.rows if known < row), default=None)
        below = min((known for known in self.rows if known > row), default=None)
        if above is None or below is None:
            return self.next_to(row, above, below)
        first, last = self.rows[above], self.rows[below]
        if last - first == below - above:
            return first + row - above
        between = [filled for filled in self.left if first < filled < last]
        return between[row - above - 1] if len(between) == below - above - 1 else None

    def next_to(self, row: int, above: int | None, below: int | None) -> int | None:
        """At the top and at the bottom of a form one neighbour is enough, right beside."""
        if below is not None:
            return self.rows[below] - 1 if below - row == 1 else None
        return self.rows[above] + 1 if above is not None and row - above == 1 else None

    def of_item(self, item: Item) -> tuple[int, int] | None:
        """Return the row and column where an item is expected."""
        row, column = self.row(item.box.row), self.columns.get(item.box.column)
        return (row, column) if row is not None and column is not None else None


def _labels_in_place(sheet: LabelledSheet, found: FoundRow, places: _Places) -> FoundRow:
    """Take what stands exactly where a missing label is expected for that label, in a row of which others are known."""
    state = sheet.pattern.states[found.state]
    if state.kind is not StateKind.FIXED or not found.labels:
        return found
    known = {spot for at in sheet.says[found.row].values() for spot in at}
    labels, guessed = dict(found.labels), list(found.guessed)
    for number, item in enumerate(state.items):
        column = places.columns.get(item.box.column)
        if number in labels or item.inside or column is None:
            continue
        spot = next((s for s in sheet.lines.rows[found.row] if s.column == column and s not in known), None)
        if spot is not None and spot.cell.kind is CellKind.TEXT and not spot.key.isdigit():
            labels[number] = spot
            guessed.append(number)
    return replace(found, labels=labels, guessed=tuple(guessed))


def _captions(sheet: LabelledSheet, found: list[FoundRow], places: _Places) -> list[FoundRow]:
    """Values that stand where a caption with its value was: the caption is gone, its neighbours show the place."""
    known = {(row.state, number) for row in found for number in row.labels}
    taken = {spot for row in found for spot in row.labels.values()}
    more = []
    for number, state in enumerate(sheet.pattern.states):
        if state.block or state.kind not in {StateKind.FIXED, StateKind.LIST}:
            continue
        for index, item in enumerate(state.items):
            place = places.of_item(item) if item.inside and (number, index) not in known else None
            if place is None:
                continue
            row, column = place
            spot = next((s for s in sheet.lines.rows.get(row, ()) if s.column == column), None)
            if spot is None:
                more.append(FoundRow(row, number, {}, blank={index: place}))
            elif spot in taken or any(spot in at for at in sheet.says[row].values()):
                continue
            elif item.sign.open or ":" not in spot.flat:  # 填报单位：某局 is a line of its own
                more.append(FoundRow(row, number, {index: spot}, () if item.sign.open else (index,)))
    return more
