"""A sheet explained row by row: aligned with the form, guessed where that leaves no choice, its values bound."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from perfxl.align.align import How, align
from perfxl.align.fit import bind, printed_in
from perfxl.align.guess import FoundRow, guess
from perfxl.align.heads import Heads, LabelledSheet
from perfxl.align.lines import Spot
from perfxl.align.row_states import FAR, Explained, Item, State, StateKind
from perfxl.model.address import Box

_INSERTED: Final = 2
"""Columns that may have been inserted between the last head and a value that stands further right."""
_NO_HEADS: Final = Heads(0, 0, {}, {}, complete=False)


def explain(sheet: LabelledSheet) -> tuple[Explained, ...]:
    """Return the rows that the form explains, in the order of the form; what fits nowhere is left out."""
    aligned = []
    for step in align(sheet):
        match = sheet.match(step.row, step.state)
        labels = match.spots or _loose(sheet, step.row, step.state)
        again, moved = step.how is How.BLOCK, step.how is How.AGAIN
        aligned.append(FoundRow(step.row, step.state, labels, match.guessed, again=again, moved=moved))
    found = guess(sheet, aligned)
    return (*(_bound(sheet, row) for row in found), *_blank_below(sheet, {row.state for row in found}))


def _loose(sheet: LabelledSheet, row: int, number: int) -> Mapping[int, Spot]:
    """The text of a line whose caption was typed over."""
    state = sheet.pattern.states[number]
    if len(state.items) != 1 or not state.items[0].sign.open:
        return {}
    spots = [spot for spot in sheet.lines.rows[row] if not any(spot in at for at in sheet.says[row].values())]
    return {0: spots[0]} if spots else {}


def _bound(sheet: LabelledSheet, found: FoundRow) -> Explained:
    state, row = sheet.pattern.states[found.state], found.row
    heads = sheet.above(state.head, row) if state.head >= 0 and state.kind is not StateKind.HEAD else None
    heads = heads or _NO_HEADS
    printed = printed_in(sheet, row, state, heads) if state.sides else set()
    marks = [*_spines(sheet, row, heads), *printed]
    stops = [*found.labels.values(), *marks]
    beside: dict[int, tuple[Box, Spot | None]] = {}
    further: dict[int, tuple[tuple[Box, Spot | None], ...]] = {}
    for number, spot in found.labels.items():
        item = state.items[number]
        if item.further:
            own, *rest = _several_on_the_right(sheet, row, item, spot, stops)
            beside |= {number: own} if not item.sign.leads(spot) else {}
            further[number] = tuple(rest)
        elif item.path and not item.inside and not item.sign.leads(spot):
            beside[number] = _on_the_right(sheet, row, item, spot, stops)
        elif item.inside and item.sign.lacks_value(spot) and state.kind is not StateKind.HEAD:
            # 填报日期： in a cell of its own, the date in the next one
            box, held = _on_the_right(sheet, row, item, spot, stops)
            beside |= {number: (box, held)} if held is not None else {}
    for number, (at, column) in (found.blank or {}).items():
        beside[number] = sheet.lines.box(at, column), None
    under = {u: spot for u, spot in bind(sheet, row, state, heads).items() if spot not in stops} if heads.at else {}
    spine = state.spine.under if state.spine is not None else None
    under |= {column: s for s in printed if (column := heads.at.get(s.column, -1)) == spine}
    return Explained(
        row=row,
        state=found.state,
        labels=found.labels,
        beside=beside,
        under=under,
        reach={column: first for column, (first, _) in heads.columns.items()},
        marks=tuple(marks),
        guessed=found.guessed,
        again=found.again,
        moved=found.moved,
        further=further,
    )


def _spines(sheet: LabelledSheet, row: int, heads: Heads) -> list[Spot]:
    """The vertical labels in a row; what stands under a column head is a value, whatever it says."""
    says = sheet.says.get(row, {})
    return [spot for sign in sheet.pattern.spines for spot in says.get(sign, ()) if spot.column not in heads.at]


def _on_the_right(
    sheet: LabelledSheet, row: int, item: Item, label: Spot, stops: list[Spot]
) -> tuple[Box, Spot | None]:
    """The value beside a label: blanks are passed over, the next printed text stops, and so does the form's edge."""
    stop = min((spot.column for spot in stops if spot.column > label.column), default=_edge(sheet, item))
    spots = (s for s in sheet.lines.rows[row] if label.last_column < s.column < stop and s.key != label.key)
    spot = next(spots, None)
    return (spot.box if spot is not None else sheet.lines.box(row, label.last_column + 1)), spot


def _several_on_the_right(
    sheet: LabelledSheet, row: int, item: Item, label: Spot, stops: list[Spot]
) -> list[tuple[Box, Spot | None]]:
    """The values beside a label that has several: each in its column, or all of them in their order.

    What fits neither way is left over, to be told.
    """
    stop = min((spot.column for spot in stops if spot.column > label.column), default=FAR)
    shift = label.column - item.box.column
    boxes = [box for box in (item.value, *(box for _, box in item.further)) if box is not None]
    columns = [box.column + shift for box in boxes]
    spots = [s for s in sheet.lines.rows[row] if label.last_column < s.column < stop and s.key != label.key]
    typed = [spot for spot in spots if spot.key or spot.column in columns]  # a printed dash parts them
    by_column = {spot.column: spot for spot in typed}
    first = 1 if item.sign.leads(label) else 0
    if not by_column.keys() <= {*columns} and len(typed) == len(columns) - first:
        return [*((label.box, None) for _ in range(first)), *((spot.box, spot) for spot in typed)]
    return [(sheet.lines.box(row, column), by_column.get(column)) for column in columns]


def _edge(sheet: LabelledSheet, item: Item) -> int:
    """The first column beyond the form: what stands there is a remark, not the value of a label."""
    if sheet.right is None:
        return FAR
    if item.value is None:
        return sheet.right[1] + 1
    under, end = sheet.right
    beyond = item.value.column - under
    return end + 1 + (beyond + _INSERTED if beyond > 0 else 0)


def _blank_below(sheet: LabelledSheet, reached: set[int]) -> list[Explained]:
    """Rows below heads in which nothing was typed: their places are known all the same."""
    blank = []
    for number, state in enumerate(sheet.pattern.states):
        heads = sheet.above(state.head, FAR) if _is_below(state) and number not in reached else None
        if heads is not None:
            reach = {column: first for column, (first, _) in heads.columns.items()}
            blank.append(Explained(heads.last + 1, number, {}, {}, {}, reach))
    return blank


def _is_below(state: State) -> bool:
    return state.kind is StateKind.BELOW and not state.block
