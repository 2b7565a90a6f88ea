"""A filled form as values by path: ``funds.total.initial``, ``indicators[3].weight``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain

from msgspec import Struct, field

from perfxl.model.form import Form, Nested
from perfxl.model.value import Value

_USUAL = 100
"""Rows of a growing table whose paths are remembered: rules ask for the same ones again and again."""


class Record(Struct, frozen=True):
    """The values of one form by path, blanks left out; ``sizes`` has the number of rows of each growing table."""

    values: Mapping[str, Value] = field(default_factory=dict)
    sizes: Mapping[str, int] = field(default_factory=dict)

    def __getitem__(self, path: str) -> Value:
        """Return the value at a path, None where it is blank."""
        return self.values.get(path)

    def paths(self, wanted: str) -> Iterator[str]:
        """Give the paths that a generic path stands for, in row order; a path without ``[]`` is itself."""
        head, bracket, rest = wanted.partition("[]")
        if not bracket:
            return iter((wanted,))
        size = self.sizes.get(head, 0)
        rows = _usual_rows(head, rest, size) if size <= _USUAL else _rows(head, rest, size)
        return chain.from_iterable(map(self.paths, rows)) if "[]" in rest else iter(rows)

    def rows(self, table: str) -> Iterator[str]:
        """Yield the rows of a growing table: ``indicators`` → ``indicators[0]``, ``indicators[1]`` …"""
        yield from self.paths(f"{table}[]")


def _rows(head: str, rest: str, size: int) -> Sequence[str]:
    return [f"{head}[{index}]{rest}" for index in range(size)]


@lru_cache(maxsize=1024)
def _usual_rows(head: str, rest: str, size: int) -> Sequence[str]:
    return _rows(head, rest, size)


def to_data(form: Form, record: Record, shown: Callable[[Value], object] = lambda value: value) -> dict[str, object]:
    """Return a record as the form's nested data: every field there, null where blank; a list for each growing table.

    ``shown`` gives what stands there for a value.
    """
    return _below(form.nested, record, "", shown)


def _below(
    level: Mapping[str, Nested | None], record: Record, before: str, shown: Callable[[Value], object]
) -> dict[str, object]:
    """Return what lies in a group or a row, whose paths begin with ``before``."""
    data: dict[str, object] = {}
    values = record.values
    for key, nested in level.items():
        path = before + key
        if nested is None:
            value = values.get(path)
            data[key] = None if value is None else shown(value)
        elif nested.repeats:
            size = record.sizes.get(path, 0)
            data[key] = [_below(nested.below, record, f"{path}[{index}].", shown) for index in range(size)]
        else:
            data[key] = _below(nested.below, record, f"{path}.", shown)
    return data
