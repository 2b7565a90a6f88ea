"""Fields that are ticked in one of several columns: 确定能, 有可能, 完全不可能."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from perfxl.align.lines import Spot
from perfxl.align.row_states import Column, Explained, Side
from perfxl.model.grid import Content

_TICKS: Final = frozenset({"✔", "√", "☑", "✓", "✅", "是", "对", "v", "V", "y", "Y", "1"})


def options_of(side: Side, path: str) -> list[Column]:
    """Return the columns in which one field may be ticked."""
    return [column for column in side.columns if column.path == path]


def ticked(row: Explained, options: Iterable[Column]) -> tuple[Spot | None, Content]:
    """Return the option whose cell is ticked; several ticks, or another text, are quoted for the officer to correct."""
    held = [(column, row.under[column.under]) for column in options if column.under in row.under]
    words = [column.option if spot.flat in _TICKS else spot.text for column, spot in held]
    return (held[0][1] if held else None), "、".join(words) or None
