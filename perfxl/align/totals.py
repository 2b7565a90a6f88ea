"""Totals that an officer adds below a growing table: 合计 with the sums of the rows above is no project and no task."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from perfxl.align.gather import Gathered
from perfxl.align.row_states import Side, StateColumn
from perfxl.model.reading import Sighting
from perfxl.values.label_text import key
from perfxl.values.numeral import read_numeral

_TOTALS: Final = frozenset({"合计", "总计", "小计", "共计"})
_FEWEST: Final = 2
"""Rows of a table of which the last one may be the sum of those above it."""
_CENT: Final = Decimal("0.01")


def take_out_totals(gathered: Gathered) -> list[Sighting]:
    """Take an officer's own totals out of the tables; return what stood there.

    The name alone does not tell: every figure of the row has to be the sum of those above it, and not all of them 0.
    Indicators are never summed.
    """
    return [
        seen
        for state in gathered.pattern.states
        for side in state.sides
        if not state.block and state.spine is None and _is_total(gathered, side)
        for seen in _take_out(gathered, side.table)
    ]


def _is_total(gathered: Gathered, side: Side) -> bool:
    count = gathered.sizes.get(side.table, 0)
    names = next((column for column in side.columns if column.names), None)
    if count < _FEWEST or names is None or side.levels or key(str(_content(gathered, names, count - 1))) not in _TOTALS:
        return False
    figures = [column for column in side.columns if not (column.names or column.level or column.idle)]
    stated = {column.path: value for column in figures if (value := _figure(gathered, column, count - 1)) is not None}
    return any(stated.values()) and all(
        abs(sum(_figure(gathered, column, row) or 0 for row in range(count - 1)) - stated[column.path]) < _CENT
        for column in figures
        if column.path in stated
    )


def _content(gathered: Gathered, column: StateColumn, row: int) -> object:
    seen = gathered.seen.get(column.path.replace("[]", f"[{row}]", 1))
    return seen.content if seen is not None else None


def _figure(gathered: Gathered, column: StateColumn, row: int) -> Decimal | None:
    content = _content(gathered, column, row)
    if isinstance(content, str):
        numeral = read_numeral(content)
        return numeral.value if numeral is not None and numeral.unit != "%" else None
    return content if isinstance(content, Decimal) else None


def _take_out(gathered: Gathered, table: str) -> list[Sighting]:
    last = gathered.sizes[table] - 1
    gathered.sizes[table] = last
    paths = [path for path in gathered.seen if path.startswith(f"{table}[{last}].")]
    return [seen for seen in map(gathered.seen.pop, paths) if seen.cell is not None]
