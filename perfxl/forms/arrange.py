"""The rows of a growing table: what the form prints, and the rows of the data among it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from perfxl.model.form import Field, Form, Printed, Table
from perfxl.model.record import Record


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row to be placed: its levels as printed, the row of the data in it (None: blank), what the form prints."""

    levels: tuple[str, ...]
    source: int | None = None
    printed: Printed | None = None


@dataclass(frozen=True, slots=True)
class _Slot:
    """A place that the form has for a row: the levels as in the data and as printed, and what the form prints there."""

    levels: tuple[str, ...]
    texts: tuple[str, ...]
    printed: Printed | None = None

    @property
    def name(self) -> str:
        return self.printed.values.get("name", "") if self.printed is not None else ""

    def takes(self, levels: tuple[str, ...], name: str) -> bool:
        return self.levels == levels and self.name in {"", name}


def level_fields(form: Form, table: Table) -> list[Field]:
    """Return the fields of a table's 一级 and 二级, left to right; the shared ones of the table beside it too."""
    keys = [entry.path for entry in table.entries] or []
    own = [form.fields[path] for path in dict.fromkeys(keys) if form.fields[path].level]
    if own and own[0].level > 1:
        shared = f"{table.path}[].level1"
        return [form.fields[shared], *own] if shared in form.fields else own
    return own


def arrange(form: Form, table: Table, record: Record, path: str) -> tuple[TableRow, ...]:
    """Return the rows of the table at a concrete path, in the order in which they stand on the sheet.

    The rows of the data keep their order, whatever it is; printed groups and rows stand where the data leaves them
    place, each printed 二级 with at least the blank's number of rows. A form that the bureau issues filled in has no
    blank rows.
    """
    keys = [field.key for field in level_fields(form, table)]
    slots = _slots(table, keys)
    texts = {slot.levels[:1]: slot.texts[:1] for slot in slots}
    given = _given(record, path, keys)
    if form.issued and record.sizes:
        slots = [] if given else [_nowhere(keys)]
    return tuple(_rows(table, slots, texts, given))


def _slots(table: Table, keys: Sequence[str]) -> list[_Slot]:
    if table.printed:
        return [_Slot(row.levels, row.levels, row) for row in table.printed]
    if table.groups:
        return [
            _Slot((group.value, below), (group.text, below))
            for group in table.groups
            for below in group.below
            for _ in range(table.rows)
        ]
    return [_nowhere(keys)] * table.rows


def _nowhere(keys: Sequence[str]) -> _Slot:
    """A place for a row of any level."""
    return _Slot(("",) * len(keys), ("",) * len(keys))


def _given(record: Record, path: str, keys: Sequence[str]) -> list[tuple[tuple[str, ...], str]]:
    """The levels and the name of each row of the data."""
    found = []
    for index in range(record.sizes.get(path, 0)):
        row = f"{path}[{index}]"
        found.append((tuple(_text(record, f"{row}.{key}") for key in keys), _text(record, f"{row}.name")))
    return found


def _text(record: Record, path: str) -> str:
    value = record[path]
    return value if isinstance(value, str) else ""


def _rows(
    table: Table,
    slots: Sequence[_Slot],
    texts: dict[tuple[str, ...], tuple[str, ...]],
    given: Sequence[tuple[tuple[str, ...], str]],
) -> Iterator[TableRow]:
    plain = not table.groups and not table.printed
    reached = 0
    before: tuple[str, ...] | None = None
    for index, (levels, name) in enumerate(given):
        if plain:
            reached += 1
            yield TableRow(levels, index)
            continue
        # Printed places of a group that the data has left are not kept open further down.
        while before is not None and levels != before and reached < len(slots) and slots[reached].levels == before:
            yield TableRow(slots[reached].texts, None, slots[reached].printed)
            reached += 1
        at = next((n for n in range(reached, len(slots)) if slots[n].takes(levels, name)), None)
        if at is not None:
            yield from (TableRow(slot.texts, None, slot.printed) for slot in slots[reached:at])
            reached = at + 1
            yield TableRow(slots[at].texts, index, slots[at].printed)
        else:
            # A 二级 of the unit's own stands within its 一级: what is printed of those above it comes first.
            start = next((n for n in range(reached, len(slots)) if slots[n].levels[:1] == levels[:1]), reached)
            yield from (TableRow(slot.texts, None, slot.printed) for slot in slots[reached:start])
            reached = start
            # What is printed beside the open rows of a 二级 stands beside one more of them too.
            beside = next((slot.printed for slot in slots if slot.levels == levels and not slot.name), None)
            yield TableRow((*texts.get(levels[:1], levels[:1]), *levels[1:]), index, beside)
        before = levels
    yield from (TableRow(slot.texts, None, slot.printed) for slot in slots[reached:])


def counters(rows: Sequence[TableRow]) -> list[int]:
    """Return the number of each row within its 二级: 1, 2, 3, 1, 2 …"""
    return [number for _, run in groupby(rows, key=lambda row: row.levels) for number, _ in enumerate(run, start=1)]


def pair(left: Sequence[TableRow], right: Sequence[TableRow]) -> list[tuple[TableRow, TableRow]]:
    """Put the rows of two tables side by side that share their 一级; the shorter side gets blank rows."""
    found: list[tuple[TableRow, TableRow]] = []
    lefts, rights = _by_first(left), _by_first(right)
    while lefts or rights:
        if lefts and rights and lefts[0][0] == rights[0][0]:
            first, a, b = lefts[0][0], lefts.pop(0)[1], rights.pop(0)[1]
        elif lefts and (not rights or lefts[0][0] not in [text for text, _ in rights]):
            first, a = lefts.pop(0)
            b = []
        else:
            first, b = rights.pop(0)
            a = []
        found += [
            (a[n] if n < len(a) else _blank(first, a), b[n] if n < len(b) else _blank(first, b))
            for n in range(max(len(a), len(b)))
        ]
    return found


def _by_first(rows: Sequence[TableRow]) -> list[tuple[str, list[TableRow]]]:
    runs: list[tuple[str, list[TableRow]]] = []
    for row in rows:
        if not runs or runs[-1][0] != row.levels[0]:
            runs.append((row.levels[0], []))
        runs[-1][1].append(row)
    return runs


def _blank(first: str, rows: Sequence[TableRow]) -> TableRow:
    return TableRow(rows[-1].levels if rows else (first, ""))
