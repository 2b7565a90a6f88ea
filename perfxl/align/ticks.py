"""Fields that are ticked in one of several columns: 确定能, 有可能, 完全不可能."""

from __future__ import annotations

from collections.abc import Iterable

from perfxl.align.lines import Spot
from perfxl.align.row_states import Explained, Side, StateColumn
from perfxl.model.grid import Content
from perfxl.model.words import is_cross, is_tick


def options_of(side: Side, path: str) -> list[StateColumn]:
    """Return the columns in which one field may be ticked."""
    return [column for column in side.columns if column.path == path]


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
