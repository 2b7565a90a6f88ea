"""The rows of a growing table: what the form prints, and the rows of the data among it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from perfxl.model.form import Field, Form, Table
from perfxl.model.record import Record


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row to be placed: the printed texts of its levels, and the row of the data that it holds (None: blank)."""

    levels: tuple[str, ...]
    source: int | None = None


def arrange(form: Form, table: Table, record: Record, path: str) -> tuple[TableRow, ...]:
    """Return the rows of the table at a concrete path, in the order in which they stand on the sheet.

    The rows of the data keep their order, whatever it is; printed groups stand where the data leaves them place. Each
    printed 二级 has at least the blank's number of rows.
    """
    size = record.sizes.get(path, 0)
    if not table.groups:
        levels = [f.key for f in level_fields(form, table)]
        rows = [TableRow(tuple(_text(record, path, i, key) for key in levels), i) for i in range(size)]
        return (*rows, *[TableRow(("",) * len(levels))] * (table.rows - size))
    return tuple(_grouped(table, _runs(table, record, path, size)))


def level_fields(form: Form, table: Table) -> list[Field]:
    """Return the fields of a table's 一级 and 二级, left to right."""
    return [field for entry in table.entries if (field := form.fields[entry.path]).level]


def _text(record: Record, path: str, index: int, key: str) -> str:
    value = record[f"{path}[{index}].{key}"]
    return value if isinstance(value, str) else ""


def _runs(table: Table, record: Record, path: str, size: int) -> list[tuple[tuple[str, str], list[int]]]:
    """The rows of the data, those of one 一级 and 二级 that follow each other taken together."""
    runs: list[tuple[tuple[str, str], list[int]]] = []
    for index in range(size):
        levels = _text(record, path, index, "level1"), _text(record, path, index, "level2")
        if runs and runs[-1][0] == levels:
            runs[-1][1].append(index)
        else:
            runs.append((levels, [index]))
    return runs


def _grouped(table: Table, runs: list[tuple[tuple[str, str], list[int]]]) -> Iterator[TableRow]:
    printed = [((group.value, below), (group.text, below)) for group in table.groups for below in group.below]
    texts = {group.value: group.text for group in table.groups}
    place = {levels: n for n, (levels, _) in enumerate(printed)}
    reached = 0
    for levels, indices in runs:
        at = place.get(levels, -1)
        if at >= reached:
            for _, blank in printed[reached:at]:
                yield from [TableRow(blank)] * table.rows
            reached = at + 1
        shown = (texts.get(levels[0], levels[0]), levels[1])
        yield from (TableRow(shown, index) for index in indices)
        if at >= 0 and at == reached - 1:
            yield from [TableRow(shown)] * (table.rows - len(indices))
    for _, blank in printed[reached:]:
        yield from [TableRow(blank)] * table.rows
