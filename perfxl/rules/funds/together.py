"""Amounts that are typed together: the columns of a fund table, the lists in which each amount has a row of its own."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from perfxl.model.field_type import Type
from perfxl.model.form import Entry, Form, Label, Row
from perfxl.model.path import is_under, key_of, parent_of
from perfxl.rules.funds.rows import own_words
from perfxl.rules.once import once_a_form


class Amounts(Struct, frozen=True):
    """Typed amounts outside growing tables that belong together, and what they are called on the form."""

    name: str
    paths: tuple[str, ...]


@once_a_form
def amounts_together(form: Form, over: str) -> tuple[Amounts, ...]:
    """Return the columns and lists of typed amounts at or below a path, in the order of the form.

    Amounts whose row is called after their parent (年度资金总额 | 年初预算数 …) belong to the columns of a table; the
    others (其中：基本支出 …, 项目支出 …) are a list, parent by parent.
    """
    in_tables = {path for row in _table_rows(form) for path in row}
    groups: dict[tuple[str, str], list[str]] = {}
    for path in _typed(form, over):
        parent = parent_of(path)
        groups.setdefault((parent_of(parent), key_of(path)) if path in in_tables else (parent, ""), []).append(path)
    return tuple(Amounts(_name(form, over, group, paths), tuple(paths)) for group, paths in groups.items())


@once_a_form
def row_amounts(form: Form, over: str) -> tuple[tuple[str, ...], ...]:
    """Return the typed amounts at or below a path that stand in one row of a fund table, row by row."""
    typed = frozenset(_typed(form, over))
    rows = (tuple(path for path in row if path in typed) for row in _table_rows(form))
    return tuple(row for row in rows if len(row) > 1)


def _typed(form: Form, over: str) -> list[str]:
    return [
        path
        for path, field in form.fields.items()
        if field.type is Type.MONEY and not field.computed and "[]" not in path and is_under(path, over)
    ]


def _table_rows(form: Form) -> Iterator[tuple[str, ...]]:
    """Yield the fields of each row that is called after their parent."""
    for row in form.flat():
        if isinstance(row, Row):
            named = {piece.names for piece in row.pieces if isinstance(piece, Label) and piece.names}
            yield tuple(
                piece.path for piece in row.pieces if isinstance(piece, Entry) and parent_of(piece.path) in named
            )


def _name(form: Form, over: str, group: tuple[str, str], paths: list[str]) -> str:
    parent, key = group
    if not key:
        return own_words(form, parent)
    row = parent_of(paths[0]) if len(paths) == 1 else parent
    head = _head(form, paths[0])
    return f"{own_words(form, row)}的{head}" if row in form.groups and row != over else head


def _head(form: Form, path: str) -> str:
    """Return the words over a column, those of all its levels: 年初预算数, 近两年收支金额（上年）."""
    parts = form.fields[path].parts
    row = form.groups[parent_of(path)].rpartition(" › ")[2]
    first, *rest = (part.replace("\n", "") for part in parts[parts.index(row) + 1 :] if row in parts)
    return f"{first}（{rest[-1]}）" if rest else first
