"""A form filled in by its cells: what stands in each, and where in the data it belongs."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from perfxl.forms.layout.place import captioned, joined
from perfxl.model.address import Box
from perfxl.model.form import Field, Form
from perfxl.model.layout import Layout, PlacedCell, Role
from perfxl.model.path import row_of, tables_in
from perfxl.model.value import Value
from perfxl.model.words import TICK
from perfxl.trial.samples import sample

_DAY_ZERO: Final = dt.date(1899, 12, 30)


class Answer(Struct, frozen=True):
    """What was typed into a cell. ``path`` is where it belongs in the data."""

    box: Box
    field: Field
    path: str
    value: Value


def answers(form: Form, layout: Layout, year: int) -> tuple[Answer, ...]:
    """Return a value for every input of a blank; the form's own year is the one that its printed text says."""
    found: list[Answer] = []
    ticked: dict[str, Value] = {}
    inputs = (cell for cell in layout.values if cell.role is Role.INPUT)
    for number, cell in enumerate(inputs):
        spec = cell.field
        if spec is None or spec.hidden:
            continue
        value = Decimal(year) if spec.path == form.year_path else sample(spec, number)
        if cell.option:  # one of several cells, of which one is ticked
            value = ticked.setdefault(cell.path, value)
            if value != cell.option:
                continue
        found.append(Answer(cell.box, spec, cell.path, value))
    return tuple(found)


def typed_in(layout: Layout, answers: Sequence[Answer]) -> Layout:
    """Return a layout with the answers in their cells, as they stand there after typing."""
    by_path = {answer.path: answer.value for answer in answers}
    return replace(layout, cells=tuple(_typed(cell, by_path) for cell in layout.cells))


def _typed(cell: PlacedCell, values: Mapping[str, Value]) -> PlacedCell:
    if cell.others:
        return together(cell, values)
    value = values.get(cell.path)
    if value is None or cell.field is None or cell.role is not Role.INPUT:
        return cell
    return replace(cell, value=value, text=captioned(cell.caption, cell.field.type, value))


def together(cell: PlacedCell, values: Mapping[str, Value]) -> PlacedCell:
    """Return a cell in which several values stand, with some of them."""
    first, *others = (replace(each, value=values.get(each.path)) for each in (cell, *cell.others))
    return joined(first, others)


def entered(value: Value) -> str | Decimal:
    """Return a value as it stands in a cell: a date as its serial number."""
    match value:
        case Decimal():
            return value
        case dt.date():
            return Decimal((value - _DAY_ZERO).days)
        case True:
            return TICK
        case str() | None | False:
            return value or ""
        case _:
            return value.text


def left(layout: Layout, kept: Sequence[Answer]) -> tuple[Answer, ...]:
    """Return some answers of a blank with their paths as they are when nothing else was typed.

    Rows and blocks in which nothing stands are not in the data: those below them move up.
    """
    used: dict[str, set[int]] = defaultdict(set)
    for path in (*(answer.path for answer in kept if _makes_used(answer.field)), *_printed(layout)):
        for table, index in tables_in(path):
            used[table].add(index)
    ranks = {table: {old: new for new, old in enumerate(sorted(indexes))} for table, indexes in used.items()}
    in_use = {row for table, indexes in used.items() for row in (f"{table}[{index}]" for index in indexes)}
    return tuple(
        replace(answer, path=renumbered(answer.path, ranks))
        for answer in kept
        if not row_of(answer.path) or row_of(answer.path) in in_use
    )


def _makes_used(field: Field) -> bool:
    """Tell whether a value makes its row a used one: its levels do not, nor does what stands in every row."""
    return not field.level and (field.preset is None or "[]" not in field.path)


def _printed(layout: Layout) -> Iterator[str]:
    """Yield the paths of what the form prints in a row, which makes the row a used one."""
    for cell in layout.cells:
        if cell.role is Role.PRINTED and cell.field is not None and not (cell.field.level or cell.field.spread):
            yield cell.path


def renumbered(path: str, ranks: Mapping[str, Mapping[int, int]]) -> str:
    """Return a path with other numbers of its rows; ``ranks`` has these by table, as its path was before."""
    new, done = "", 0
    for table, index in tables_in(path):
        new += f"{path[done : len(table)]}[{ranks.get(table, {}).get(index, index)}]"
        done = len(table) + len(f"[{index}]")
    return new + path[done:]
