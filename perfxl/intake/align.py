"""The best explanation of a sheet's rows as rows of a form: dynamic programming over rows and states.

A form is a sequence of states, any of which may be missing at a cost; table rows, rows below heads and lists may repeat;
repeated heads lead back to their table. "Skip any number of states" is one running maximum, so the work is rows × states.
What fits nowhere is noise, at a cost. After the proof in shared/prototypes; the constants were tuned there.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from itertools import accumulate

from perfxl.intake.heads import Sheet
from perfxl.intake.lines import Spot
from perfxl.intake.pattern import State, StateKind
from perfxl.intake.text import is_note, key, level

_NEVER = -1e9
_NOISE = 0.8
_NOISE_LABEL = 0.5
_AGAIN = 0.4
_REPEATING = frozenset({StateKind.TABLE, StateKind.BELOW, StateKind.LIST})


class How(Enum):
    """How a row came to its state."""

    NEXT = "next"
    AGAIN = "heads again"
    MOVED = "moved"
    NOISE = "noise"


@dataclass(frozen=True, slots=True)
class Step:
    """A row explained: by which state, and how it was reached."""

    row: int
    state: int
    how: How


def align(sheet: Sheet) -> tuple[Step, ...]:
    """Return the rows that the form explains, in order; rows that fit nowhere are left out.

    Fixed rows that were moved elsewhere are added at the end, where all their labels stand in one unexplained row.
    """
    steps = _path(sheet)
    return (*steps, *_moved(sheet, steps))


def _path(sheet: Sheet) -> tuple[Step, ...]:
    states = sheet.pattern.states
    count = len(states)
    cost = list(accumulate((state.skip for state in states), initial=0.0))
    start = 0.0
    scores = [_NEVER] * count
    trail: list[list[tuple[int, How]]] = []
    for row in sheet.order:
        fits = _fits(sheet, row)
        noise = _NOISE + _NOISE_LABEL * sum(sign not in sheet.pattern.spines for sign in sheet.says[row])
        best, came = start, (-1, How.NEXT)
        new = [_NEVER] * count
        back: list[tuple[int, How]] = [(0, How.NOISE)] * count
        for number, state in enumerate(states):
            if state.kind is StateKind.HEAD and number in fits:
                again = _again(sheet, row, number, scores, cost)
                if again is not None and again[0] > best:
                    best, came = again[0], (again[1], How.AGAIN)
            new[number], back[number] = scores[number] - noise, (number, How.NOISE)
            if number in fits:
                value, via = best - cost[number], came
                if state.kind in _REPEATING and scores[number] > value:
                    value, via = scores[number], (number, How.NEXT)
                if value + fits[number] > new[number]:
                    new[number], back[number] = value + fits[number], via
            if scores[number] + cost[number + 1] > best:
                best, came = scores[number] + cost[number + 1], (number, How.NEXT)
        start, scores = start - noise, new
        trail.append(back)
    return _trace(sheet, scores, cost, trail)


def _again(sheet: Sheet, row: int, head: int, scores: list[float], cost: list[float]) -> tuple[float, int] | None:
    """The way back from a table to its own head, repeated on a new page."""
    states = sheet.pattern.states
    body = [n for n in range(head + 1, len(states)) if states[n].kind is StateKind.TABLE and states[n].head == head]
    if not body:
        return None
    last = body[-1]
    anew = float(sum(sign in sheet.says[row] for sign in states[head].spines))
    origin = max(range(head, last + 1), key=lambda n: scores[n] + cost[n + 1])
    value = scores[origin] + cost[origin + 1] - cost[last + 1] + cost[head] - _AGAIN - anew
    return value, origin


def _trace(
    sheet: Sheet, scores: list[float], cost: list[float], trail: list[list[tuple[int, How]]]
) -> tuple[Step, ...]:
    if not scores:
        return ()
    state = max(range(len(scores)), key=lambda n: scores[n] + cost[n + 1])
    steps = []
    for row, back in zip(reversed(sheet.order), reversed(trail), strict=True):
        if state < 0:
            break
        came, how = back[state]
        if how is not How.NOISE:
            steps.append(Step(row, state, how))
        state = came
    return tuple(reversed(steps))


def _moved(sheet: Sheet, steps: tuple[Step, ...]) -> list[Step]:
    rows, reached = {step.row for step in steps}, {step.state for step in steps}
    found = []
    for number, state in enumerate(sheet.pattern.states):
        if number in reached or state.kind is not StateKind.FIXED or state.head >= 0:
            continue
        left = [r for r in sheet.order if r not in rows and len(sheet.match(r, number).spots) == len(state.items)]
        if len(left) == 1:
            rows.add(left[0])
            found.append(Step(left[0], number, How.MOVED))
    return found


def _fits(sheet: Sheet, row: int) -> dict[int, float]:
    """Return how well a row fits each state; states that it cannot be are left out."""
    pattern, says, spots = sheet.pattern, sheet.says[row], sheet.lines.rows[row]
    found: dict[int, float] = {}
    for number in {number for sign in says for number in pattern.states_of.get(sign, ())}:
        matched = len(sheet.match(row, number).spots)
        state = pattern.states[number]
        if matched:
            lacking = 0 if state.kind is StateKind.LIST else len(state.items) - matched
            found[number] = 2.0 * matched - lacking + sum(sign in says for sign in state.spines)
    if is_note(spots[0].flat):
        return found
    labelled = {spot for sign, at in says.items() if sign not in pattern.spines for spot in at}
    # A table is over when the heads of another stand between.
    over = max((heads.row for n in sheet.heads if (heads := sheet.above(n, row)) and heads.complete), default=0)
    for number, state in enumerate(pattern.states):
        if state.kind in {StateKind.TABLE, StateKind.BELOW}:
            heads = sheet.above(state.head, row)
            if heads is not None and heads.row >= over:
                bound = sheet.under(row, heads.columns)
                score = _fit_under(sheet, spots, state, heads.columns, bound, labelled)
                if score is not None:
                    found[number] = score
    return found


def _fit_under(
    sheet: Sheet,
    spots: tuple[Spot, ...],
    state: State,
    columns: dict[str, tuple[int, int]],
    bound: dict[str, Spot],
    labelled: set[Spot],
) -> float | None:
    fields = dict(state.columns)
    values = [name for name in bound if name in fields and fields[name] not in state.levels]
    wrong = 0.95 * sum(bound[name] in labelled for name in values)
    typed = {spot.cell.value for spot in bound.values()}
    strange = [spot for spot in spots if spot not in labelled and spot.cell.value not in typed]
    if not values:
        # An unused row holds its printed levels only: rows below inherit from it. A stray remark there must not.
        return 0.1 if bound and all(_is_level(sheet, state, spot) for spot in bound.values()) else None
    if state.kind is StateKind.BELOW:
        first, last = min(columns.values())[0], max(columns.values())[1]
        return None if any(first <= spot.column <= last for spot in strange) else 1.0 - wrong
    if any(fields[name].endswith(".name") for name in values):
        # The same for any number of filled columns: the wider table would swallow the next one.
        return 1.0 - wrong
    return None if strange else 0.4 - wrong


def _is_level(sheet: Sheet, state: State, spot: Spot) -> bool:
    return bool(state.levels) and key(level(spot.flat)) in sheet.pattern.printed
