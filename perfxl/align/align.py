"""The best explanation of a sheet's rows as rows of a form: dynamic programming over rows and states.

A form is a sequence of states, any of which may be missing at a cost; table rows, rows below heads and lists may
repeat, a block of states as a whole; repeated heads lead back to their table. "Skip any number of states" is one
running maximum, so the work is rows × states. What fits nowhere is noise, at a cost.
"""

from __future__ import annotations

from enum import Enum
from itertools import accumulate
from typing import Final

from msgspec import Struct

from perfxl.align.fit import fits
from perfxl.align.heads import LabelledSheet
from perfxl.align.row_states import Jump, StateKind

_NEVER: Final = -1e9
_NOISE: Final = 0.8
_NOISE_LABEL: Final = 0.5
_AGAIN: Final = 0.4
_REPEATING: Final = frozenset({StateKind.TABLE, StateKind.BELOW, StateKind.LIST})


class How(Enum):
    """How a row came to its state: in order, with the next repetition of a block, or to heads that come again."""

    NEXT = "next"
    BLOCK = "block"
    AGAIN = "heads again"
    NOISE = "noise"


class AlignedRow(Struct, frozen=True):
    """A row explained: by which state, and how it was reached."""

    row: int
    state: int
    how: How


def align(sheet: LabelledSheet) -> tuple[AlignedRow, ...]:
    """Return the rows that the form explains, in order; rows that fit nowhere are left out."""
    states = sheet.pattern.states
    count = len(states)
    cost = list(accumulate((state.skip for state in states), initial=0.0))
    repeating = [state.kind in _REPEATING for state in states]
    jumps = sheet.pattern.jumps
    start = 0.0
    scores = [_NEVER] * count
    trail: list[list[tuple[int, How]]] = []
    for row in sheet.order:
        suits = fits(sheet, row)
        noise = _NOISE + _NOISE_LABEL * sum(sign not in sheet.pattern.spines for sign in sheet.says[row])
        # best: of all ways to stand before a state, skipped ones refunded; came: where it leads from
        best, came = start, (-1, How.NEXT)
        new = [score - noise for score in scores]
        back = [(number, How.NOISE) for number in range(count)]
        for number in range(count):
            for jump in jumps.get(number, ()) if suits else ():
                if not jump.block and not sheet.heads_again(row, number):
                    continue
                value, origin = _back(sheet, row, number, jump, scores, cost)
                if value > best:
                    best, came = value, (origin, How.BLOCK if jump.block else How.AGAIN)
            fit = suits.get(number)
            if fit is not None:
                value, via = best - cost[number], came
                if repeating[number] and scores[number] > value:
                    value, via = scores[number], (number, How.NEXT)
                if value + fit > new[number]:
                    new[number], back[number] = value + fit, via
            potential = scores[number] + cost[number + 1]
            if potential > best:
                best, came = potential, (number, How.NEXT)
        start, scores = start - noise, new
        trail.append(back)
    return _trace(sheet, scores, cost, trail)


def _back(
    sheet: LabelledSheet, row: int, first: int, jump: Jump, scores: list[float], cost: list[float]
) -> tuple[float, int]:
    """The best way back to a state from one up to ``jump.last``: what was left of the block counts as skipped.

    Heads that come again on a new page cost more than a block that begins, all the more with their vertical label.
    """
    origin = max(range(first, jump.last + 1), key=lambda number: scores[number] + cost[number + 1])
    value = scores[origin] + cost[origin + 1] - cost[jump.last + 1] + cost[first]
    if not jump.block:
        spines = sheet.pattern.states[first].spines
        value -= _AGAIN + sum(sign in sheet.says[row] for sign in spines)
    return value, origin


def _trace(
    sheet: LabelledSheet, scores: list[float], cost: list[float], trail: list[list[tuple[int, How]]]
) -> tuple[AlignedRow, ...]:
    if not scores:
        return ()
    state = max(range(len(scores)), key=lambda number: scores[number] + cost[number + 1])
    steps = []
    for row, back in zip(reversed(sheet.order), reversed(trail), strict=True):
        if state < 0:
            break
        came, how = back[state]
        if how is not How.NOISE:
            steps.append(AlignedRow(row, state, how))
        state = came
    return tuple(reversed(steps))
