"""How the cells of a layout belong together: columns under heads, values beside labels, rows of one kind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from perfxl.align.row_states import FAR, Side, StateColumn
from perfxl.model.address import Box
from perfxl.model.field_type import Type
from perfxl.model.form import Look
from perfxl.model.layout import PlacedCell, PlacedRow, RowKind
from perfxl.values.label_text import key


class HeadGroup(Struct, frozen=True):
    """A group of heads: the first of its states, and the heads that have no others below them."""

    state: int
    leaves: tuple[PlacedCell, ...]

    def over(self, cell: PlacedCell, *, exactly: bool = True) -> int | None:
        """The column that a cell stands under: the head of the same extent, else the one that holds all of it."""
        for leaf in self.leaves:
            if (leaf.box.column, leaf.box.last_column) == (cell.box.column, cell.box.last_column):
                return leaf.box.column
        if not exactly:
            for leaf in self.leaves:
                if leaf.box.column <= cell.box.column and cell.box.last_column <= leaf.box.last_column:
                    return leaf.box.column
        return None


def runs(rows: Iterable[PlacedRow]) -> list[list[PlacedRow]]:
    """Return the kinds of rows, each by its first; heads of one table that follow each other make one run."""
    seen: set[int] = set()
    runs: list[list[PlacedRow]] = []
    for row in rows:
        if row.band in seen:
            continue
        seen.add(row.band)
        last = runs[-1][-1] if runs else None
        same = last is not None and (row.kind, row.table, row.block) == (last.kind, last.table, last.block)
        if same and row.kind is RowKind.HEAD:
            runs[-1].append(row)
        else:
            runs.append([row])
    return runs


def labels_a_row(cell: PlacedCell, cells: Iterable[PlacedCell]) -> bool:
    """Tell whether a label that looks like a vertical one stands for the one value on its right."""
    if cell.field is not None or cell.box.row != cell.box.last_row:
        return False
    beside = [c for c in cells if c.box.row == cell.box.row and c.box.column > cell.box.column]
    return bool(beside) and all(c.field is not None and c.caption is None for c in beside if c.field or c.text)


def is_above(cell: PlacedCell, other: PlacedCell) -> bool:
    """Tell whether another head stands below one."""
    return other.box.row > cell.box.row and (
        cell.box.column <= other.box.column and other.box.last_column <= cell.box.last_column
    )


def parent_of(leaf: PlacedCell, cells: Iterable[PlacedCell]) -> PlacedCell:
    """Return the head whose text stands for a column: its own, or that above a column without a name."""
    return [cell for cell in cells if cell.text == leaf.text and (cell.box == leaf.box or is_above(cell, leaf))][-1]


def column_of(cell: PlacedCell, group: HeadGroup) -> StateColumn:
    """Return the column of an entry under heads. Raises ValueError where it stands under none."""
    under = group.over(cell, exactly=False)
    spec = cell.field
    if under is None or spec is None:
        raise ValueError(f"{cell.path} stands under no head")
    preset = spec.preset is not None and "[]" in spec.path
    word = next((choice.word for choice in spec.choices if choice.value == cell.option), cell.option)
    return StateColumn(under, spec.path, spec.level, spec.computed or preset, spec.spread, cell.option, word=word)


def with_names(columns: Sequence[StateColumn], cells: Iterable[PlacedCell]) -> list[StateColumn]:
    """Mark the column that names the rows: the one called so, else the first text."""
    types = {cell.field.path: cell.field.type for cell in cells if cell.field is not None}
    own = [column.path for column in columns if not column.level and not column.idle]
    texts = [path for path in own if types[path] is Type.TEXT]
    names = next((path for path in own if path.endswith("].name")), texts[0] if texts else "")
    return [replace(column, names=column.path == names) for column in columns]


def shared(columns: Sequence[StateColumn], sides: Sequence[Side], table: str) -> list[StateColumn]:
    """Return the levels that a table on the right takes from the one on its left: those above its own."""
    own = min((column.level for column in columns if column.level), default=0)
    if not sides or own < 2:
        return []
    left = [column for column in sides[0].columns if 0 < column.level < own]
    return [replace(column, path=f"{table}[].{column.path.rpartition('[].')[2]}") for column in left]


def on_the_right(
    labels: Sequence[PlacedCell], entries: Sequence[PlacedCell], others: Sequence[PlacedCell]
) -> dict[Box, list[PlacedCell]]:
    """Return the entries that each label has before the next printed text, from left to right.

    ``others`` are cells with values that are found in another way: by a caption, by a head above.
    """
    printed = sorted(cell.box.column for cell in (*labels, *others))
    found = {}
    for label in labels:
        stop = next((column for column in printed if column > label.box.column), FAR)
        behind = [entry for entry in entries if label.box.column < entry.box.column < stop]
        if behind:
            found[label.box] = behind
    return found


def path_of(cell: PlacedCell | None) -> str:
    """Return the path of a cell's field, brackets open."""
    return cell.field.path if cell is not None and cell.field is not None else ""


def spread_texts(printed: Iterable[PlacedCell]) -> dict[str, dict[str, str]]:
    """Return what the form prints in spread columns, by path: by the name that it prints in the row, else by its 二级."""
    cells = [(cell, cell.field) for cell in printed if cell.field is not None]
    found: dict[str, dict[str, str]] = {}
    for tall, spec in cells:
        if not spec.spread:
            continue
        for row in range(tall.box.row, tall.box.last_row + 1):
            beside = [(c, f) for c, f in cells if c.box.row <= row <= c.box.last_row and not f.spread]
            name = next((c.text for c, f in beside if not f.level), "")
            level = max(((f.level, c.text) for c, f in beside if f.level), default=(0, ""))[1]
            found.setdefault(key(name or level), {})[spec.path] = key(tall.text)
    return found


def is_year_line(cell: PlacedCell) -> bool:
    """Tell whether a cell is the form's line with its year: （2024年度）."""
    return cell.look is Look.CAPTION and cell.field is not None and cell.field.type is Type.YEAR
