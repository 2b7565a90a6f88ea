"""How well a row of a sheet fits the states of a form. The constants were tuned on altered returns.

A row with labels is known by these. A row of a growing table, or below heads, is known by standing under the heads that
come last above it. Its score does not grow with the number of filled columns: else the wider table would swallow the
next one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from perfxl.align.heads import Heads, LabelledSheet
from perfxl.align.lines import Spot
from perfxl.align.row_states import Pattern, State, StateColumn, StateKind
from perfxl.values.label_text import is_note, key, level

_LABEL: Final = 2.0
_ROW: Final = 1.0
_NAMELESS: Final = 0.4
_UNUSED: Final = 0.1
_OWN_LEVEL: Final = 0.05
_LOOSE: Final = 0.5
_LIKE_A_LABEL: Final = 0.95
_LONGEST_LEVEL: Final = 20


def fits(sheet: LabelledSheet, row: int) -> dict[int, float]:
    """Return how well a row fits each state; states that it cannot be are left out."""
    pattern, says, spots = sheet.pattern, sheet.says[row], sheet.lines.rows[row]
    found: dict[int, float] = {}
    for number in {number for sign in says for number in pattern.states_of.get(sign, ())}:
        matched = len(sheet.match(row, number).spots)
        state = pattern.states[number]
        if matched:
            lacking = 0 if state.kind is StateKind.LIST else len(state.items) - matched
            found[number] = _LABEL * matched - lacking + sum(sign in says for sign in state.spines)
    if is_note(spots[0].flat):
        return found
    labelled = {spot for sign, at in says.items() if sign not in pattern.spines for spot in at}
    over = sheet.over(row)
    for number in pattern.under:
        state = pattern.states[number]
        heads = sheet.above(state.head, row)
        if heads is not None and heads.last >= over:
            score = _fit_under(sheet, row, state, heads, labelled)
            if score is not None:
                found[number] = score
    for number in pattern.loose:
        if number not in found and _is_loose(sheet, row, pattern.states[number]):
            found[number] = _LOOSE
    return found


def _fit_under(sheet: LabelledSheet, row: int, state: State, heads: Heads, labelled: set[Spot]) -> float | None:
    spots = sheet.lines.rows[row]
    printed = printed_in(sheet, row, state, heads)
    bound = {under: spot for under, spot in bind(sheet, row, state, heads).items() if spot not in printed}
    columns = {column.under: column for column in columns_of(state)}
    values = [u for u, spot in bound.items() if u in columns and not is_no_value(sheet.pattern, columns[u], spot)]
    wrong = _LIKE_A_LABEL * sum(bound[under] in labelled for under in values)
    typed = {spot.cell.value for spot in bound.values()}
    known = labelled | printed | sheet.copies
    strange = [spot for spot in spots if spot not in known and spot.cell.value not in typed]
    if not values:
        return _fit_unused(sheet, columns, bound) if bound or printed else None
    if state.kind is StateKind.BELOW:
        reach = heads.columns.values()
        first, last = min(begin for begin, _ in reach), max(end for _, end in reach)
        return None if any(first <= spot.column <= last for spot in strange) else _ROW - wrong
    if any(columns[under].names for under in values):
        return _ROW - wrong
    return None if strange else _NAMELESS - wrong


def _fit_unused(sheet: LabelledSheet, columns: Mapping[int, StateColumn], bound: Mapping[int, Spot]) -> float | None:
    """An unused row holds its printed levels only: rows below inherit from it. A stray remark there must not."""
    if any(under not in columns for under in bound):
        return None
    levels = [spot for under, spot in bound.items() if columns[under].level]
    if all(key(level(spot.flat)) in sheet.pattern.levels for spot in levels):
        return _UNUSED
    return _OWN_LEVEL if all(map(_may_be_level, levels)) else None


def printed_in(sheet: LabelledSheet, row: int, state: State, heads: Heads) -> set[Spot]:
    """Return the spots of a table's row that are no values of its own: counters, and what tells blocks apart."""
    found = {spot for sign in state.marks for spot in sheet.says[row].get(sign, ())}
    if state.spine is not None:
        found.update(sheet.says[row].get(state.spine.sign, ()))
        left = [spot for spot in sheet.lines.rows[row] if heads.at.get(spot.column, -1) == state.spine.under]
        found.update(left if len(sheet.lines.rows[row]) > len(left) else ())  # alone it is a remark
    return found


def bind(sheet: LabelledSheet, row: int, state: State, heads: Heads) -> dict[int, Spot]:
    """Bind a row to the columns of heads. A printed text beside a value does not take the value's place."""
    bound = sheet.under(row, heads)
    if not state.marks:
        return bound
    printed = {spot for sign in state.marks for spot in sheet.says[row].get(sign, ())}
    for spot in sheet.lines.rows[row]:
        under = heads.at.get(spot.column)
        if under is not None and spot not in printed and bound.get(under) in printed:
            bound[under] = spot
    return bound


def is_no_value(pattern: Pattern, column: StateColumn, spot: Spot) -> bool:
    """Tell whether a spot does not make its row a used one: a level, a row's number, what the form prints."""
    if column.level or column.idle or not spot.flat:
        return True
    return column.spread and key(spot.text) in pattern.printed


def _may_be_level(spot: Spot) -> bool:
    """Tell whether a text may be a 一级 or 二级 of the unit's own: a short word, and no remark."""
    remark = any(mark in spot.flat for mark in ":。;,")
    return len(spot.flat) <= _LONGEST_LEVEL and not remark and not spot.key.isdigit()


def _is_loose(sheet: LabelledSheet, row: int, state: State) -> bool:
    """Tell whether a text whose caption was typed over stands here, beside the vertical label of such lines."""
    spots = [spot for spot in sheet.lines.rows[row] if not any(spot in at for at in sheet.says[row].values())]
    if len(spots) != 1 or len(sheet.lines.rows[row]) - len(spots) > len(state.spines):
        return False
    beside = (sheet.lines.tall.get((row, column)) for column in range(1, spots[0].column))
    keys = {text for sign in state.spines for text in sign.keys}
    return any(spine is not None and spine.key in keys for spine in beside)


def columns_of(state: State) -> tuple[StateColumn, ...]:
    """Return the columns of a state, those of two tables side by side together."""
    if state.sides:
        return tuple(column for side in state.sides for column in side.columns)
    return state.columns
