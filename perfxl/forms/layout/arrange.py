"""The rows of a growing table: what the form prints, and the rows of the data among it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from itertools import groupby, zip_longest

from msgspec import Struct

from perfxl.model.form import Field, Form, Printed, Table
from perfxl.model.record import Record

DEEPEST = 3
"""How many parts of blank rows there are to fold away, one after the other."""


@dataclasses.dataclass(frozen=True, slots=True)
class TableRow:
    """A row to be placed: its levels as printed, the row of the data in it (None: blank), what the form prints.

    A ``spare`` one is there only because the table on its other side has more rows.
    """

    levels: tuple[str, ...]
    source: int | None = None
    printed: Printed | None = None
    spare: bool = dataclasses.field(default=False, compare=False)


class _Slot(Struct, frozen=True):
    """A place that the form has for a row: the levels as in the data and as printed, and what the form prints there."""

    levels: tuple[str, ...]
    texts: tuple[str, ...]
    printed: Printed | None = None

    @property
    def name(self) -> str:
        return self.printed.values.get("name", "") if self.printed is not None else ""

    def takes(self, levels: tuple[str, ...], name: str) -> bool:
        return _agree(self.levels, levels) and self.name in {"", name}


def _agree(slot: tuple[str, ...], levels: tuple[str, ...]) -> bool:
    """Tell whether a place takes a row of some levels: a third one that the form leaves open is the unit's."""
    return slot[:2] == levels[:2] and all(own in {"", other} for own, other in zip(slot[2:], levels[2:], strict=True))


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
    open_ = ("",) * (len(keys) - 2)
    if table.groups:
        return [
            _Slot((group.value, below, *open_), (group.text, below, *open_))
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
        gone = before if before is not None and levels[:2] != before[:2] else None
        while gone is not None and reached < len(slots) and _agree(slots[reached].levels, gone):
            yield TableRow(slots[reached].texts, None, slots[reached].printed)
            reached += 1
        at = next((n for n in range(reached, len(slots)) if slots[n].takes(levels, name)), None)
        if at is not None:
            yield from (TableRow(slot.texts, None, slot.printed) for slot in slots[reached:at])
            reached = at + 1
            yield TableRow((*slots[at].texts[:2], *levels[2:]), index, slots[at].printed)
        else:
            # A 二级 of the unit's own stands within its 一级: what is printed of those above it comes first.
            start = next((n for n in range(reached, len(slots)) if slots[n].levels[:1] == levels[:1]), reached)
            yield from (TableRow(slot.texts, None, slot.printed) for slot in slots[reached:start])
            reached = start
            # What is printed beside the open rows of a 二级 stands beside one more of them too.
            beside = next((slot.printed for slot in slots if _agree(slot.levels, levels) and not slot.name), None)
            yield TableRow((*texts.get(levels[:1], levels[:1]), *levels[1:]), index, beside)
        before = levels
    yield from (TableRow(slot.texts, None, slot.printed) for slot in slots[reached:])


def folds(rows: Sequence[TableRow]) -> list[int]:
    """Return how deep each row may be folded away, 0 for those that stay: what is used, and the first row of each 二级.

    The blank rows behind it are 1 to 3 deep, in equal parts: who needs one of them more keeps the first part.
    """
    found: list[int] = []
    for _, run in groupby(rows, key=lambda row: row.levels):
        blank = [row.source is None and not (row.printed and row.printed.values.get("name")) for row in run]
        spare = blank.count(True) - (blank[0] and all(blank))
        first = len(blank) - spare
        found += [
            1 + min(DEEPEST - 1, DEEPEST * (number - first) // spare) if number >= first and blank[number] else 0
            for number in range(len(blank))
        ]
    return found


def counters(rows: Sequence[TableRow]) -> list[int]:
    """Return the number of each row within its 二级: 1, 2, 3, 1, 2 …"""
    return [number for _, run in groupby(rows, key=lambda row: row.levels) for number, _ in enumerate(run, start=1)]


def pair(left: Sequence[TableRow], right: Sequence[TableRow]) -> list[tuple[TableRow, TableRow]]:
    """Put the rows of two tables side by side that share their 一级, equal 二级 beside each other.

    Each side keeps its order. The shorter one gets blank rows: of the same 二级, of none where it does not have it.
    """
    return list(_paired(left, right, ()))


def _paired(
    left: Sequence[TableRow], right: Sequence[TableRow], above: tuple[str, ...]
) -> Iterator[tuple[TableRow, TableRow]]:
    """Pair the rows of two sides that agree in the levels ``above``."""
    deep = len((*left, *right)[0].levels) if left or right else 0
    if len(above) == deep:
        blank = TableRow(above, spare=True)
        yield from zip_longest(left, right, fillvalue=blank)
        return
    lefts, rights = _runs(left, len(above)), _runs(right, len(above))
    while lefts or rights:
        here = lefts[0][0] if lefts else rights[0][0]
        if rights and here != rights[0][0] and here in [level for level, _ in rights]:
            here = rights[0][0]
        a = lefts.pop(0)[1] if lefts and lefts[0][0] == here else []
        b = rights.pop(0)[1] if rights and rights[0][0] == here else []
        if above and not (a and b):
            # A 二级 that one side has alone: the other has rows of none, which the unit may still fill in.
            none = TableRow((*above, ""), spare=True)
            yield from ((row, none) for row in a)
            yield from ((none, row) for row in b)
        else:
            yield from _paired(a, b, (*above, here))


def _runs(rows: Sequence[TableRow], depth: int) -> list[tuple[str, list[TableRow]]]:
    return [(level, list(run)) for level, run in groupby(rows, key=lambda row: row.levels[depth])]
