"""The inputs of a form that reading cannot find: nothing printed stands near them, or another one is nearer to it."""

from __future__ import annotations

from collections.abc import Iterator

from perfxl.align.fit import columns_of
from perfxl.align.pattern import compile_pattern
from perfxl.align.row_states import Pattern, StateKind
from perfxl.align.shape import path_of
from perfxl.model.layout import Layout, PlacedCell, Role


def unread(layout: Layout) -> tuple[PlacedCell, ...]:
    """Return the inputs of a blank that are not read, the first cell of each field.

    A value is found inside its caption, on the right of a label, or under the head of its column.
    """
    found = frozenset(_read(compile_pattern(layout)))
    lost: dict[tuple[str, str], PlacedCell] = {}
    for cell in layout.cells:
        asked = cell.role is Role.INPUT and cell.field is not None and not cell.field.hidden
        if asked and (path_of(cell), cell.option) not in found:
            lost.setdefault((path_of(cell), cell.option), cell)
    return tuple(lost.values())


def _read(pattern: Pattern) -> Iterator[tuple[str, str]]:
    """Yield the generic paths that a pattern leads to, each with the option that a tick there means."""
    growing = {state.head for state in pattern.states if state.kind is StateKind.TABLE}
    for state in pattern.states:
        if state.kind is StateKind.BELOW and state.head in growing:
            continue  # nothing tells it from one more row of the table
        for item in state.items:
            yield item.path, ""
            yield from ((path, "") for path, _ in item.further)
        if state.spine is not None:
            yield state.spine.path, ""
        group = pattern.heads.get(state.head, ())
        free = {item.under for number in group for item in pattern.states[number].items}
        for column in columns_of(state):
            if column.under in free:
                yield column.path, column.option
                free.discard(column.under)
