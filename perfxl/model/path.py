"""Paths of a form's data.

A *concrete* path names one value: ``funds.total.initial``, ``indicators[3].weight``, ``goals[0].indicators[2].name``.
Its *generic* path names the field: ``indicators[].weight``. A *row* is the part up to the last bracket: ``indicators[3]``.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from perfxl.model.regex import deferred

_INDEX = deferred(r"\[(\d+)\]")


@lru_cache(maxsize=8192)
def generic(path: str) -> str:
    """Return the path of the field that a path belongs to: ``indicators[3].weight`` → ``indicators[].weight``."""
    return _INDEX.sub("[]", path)


def bare(path: str) -> str:
    """Return a path without brackets, as authors write it: ``goals[].indicators`` → ``goals.indicators``."""
    return path.replace("[]", "")


def row_of(path: str) -> str:
    """Return the row that a path of a growing table lies in: ``indicators[3].weight`` → ``indicators[3]``, else ""."""
    return path[: path.rindex("]") + 1] if "]" in path else ""


def table_of(path: str) -> str:
    """Return the innermost table that a path lies in: ``goals[0].indicators[3].weight`` → ``goals[0].indicators``."""
    return path.rpartition("[")[0]


def key_of(path: str) -> str:
    """Return the last part of a path: ``indicators[3].weight`` → ``weight``."""
    return path.rpartition(".")[2]


def parent_of(path: str) -> str:
    """Return what a path lies in directly, a row or a group: ``funds.total.initial`` → ``funds.total``."""
    return path.rpartition(".")[0]


def index_of(row: str) -> int:
    """Return the number of a row in its table, from 0: ``indicators[3]`` → 3."""
    return int(row[row.rindex("[") + 1 : -1])


def column_of(path: str) -> str:
    """Return the column of one table that a path is in.

    ``goals[0].indicators[3].weight`` → ``goals[0].indicators[].weight``; a path outside tables is itself.
    """
    table, bracket, rest = path.rpartition("[")
    return f"{table}[]{rest[rest.index(']') + 1 :]}" if bracket else path


def tables_in(path: str) -> Iterator[tuple[str, int]]:
    """Yield the tables that a path leads through, each with the number of the row in it.

    ``goals[0].indicators[3].weight`` → ``goals`` 0, ``goals[0].indicators`` 3.
    """
    for found in _INDEX.finditer(path):
        yield path[: found.start()], int(found[1])


def in_row(path: str, row: str) -> str:
    """Return a generic path in a row: ``projects[].name`` in ``projects[3]`` → ``projects[3].name``.

    Brackets that the row does not reach stay open.
    """
    for index in _INDEX.findall(row):
        path = path.replace("[]", f"[{index}]", 1)
    return path


def is_under(path: str, top: str) -> bool:
    """Tell whether a path is ``top`` or lies in it: a field of a group, a column of a table."""
    return path.startswith(top) and (len(path) == len(top) or path[len(top)] in ".[")
