"""Values of a form as a table: each field in the form's words, with its cell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from msgspec import Struct

from perfxl.model.path import index_of, row_of
from perfxl.model.submission import FormReturn
from perfxl.model.value import Value
from perfxl.rules.words import shown


class Pair(Struct, frozen=True):
    """A field of a form in its words, the cell that it was read from ("": none), what was filled in."""

    label: str
    cell: str
    value: str


def pairs(returned: FormReturn) -> Iterator[Pair]:
    """Yield what was read of a form, in the order of its fields; growing tables row by row."""
    form, record = returned.definition, returned.record
    done: set[str] = set()
    for path in form.fields:
        table, growing, _ = path.rpartition("[]")
        if table in done or form.fields[path].hidden:
            continue
        if not growing:
            yield _pair(returned, path, path)
            continue
        done.add(table)
        columns = [other for other in form.fields if other.rpartition("[]")[0] == table]
        for row in record.rows(table):
            for column in columns:
                if not form.fields[column].hidden:
                    yield _pair(returned, column, row + column.rpartition("[]")[2])


def _pair(returned: FormReturn, field: str, path: str) -> Pair:
    spec, row = returned.definition.fields[field], row_of(path)
    label = f"{spec.label}（第 {index_of(row) + 1} 行）" if row else spec.label
    value = returned.record[path]
    text = shown(value, spec.type) if isinstance(value, Decimal) else _text(value)
    return Pair(label, returned.cells.get(path, ""), text)


def _text(value: Value) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case str() | dt.date() | Decimal():
            return str(value)
        case _:
            return value.text
