"""What the names in an expression stand for: fields by path, first in the row that it is about, then anywhere."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache

from msgspec import Struct

from perfxl.model.expression import FieldRef, Range
from perfxl.model.field_type import Type


class FieldTypes(Mapping[str, Type]):
    """The type of every field of a form by its generic path, in the form's order.

    The same types are the same object: by it what was parsed and looked up is kept, for all formulas of a form that may have
    thousands of fields.
    """

    __slots__ = ("_types",)
    __hash__ = object.__hash__
    __eq__ = object.__eq__

    def __init__(self, types: Mapping[str, Type]) -> None:
        self._types = types

    @classmethod
    def of(cls, types: Mapping[str, Type]) -> FieldTypes:
        """Return the object of some types."""
        return types if isinstance(types, FieldTypes) else _kept(tuple(types.items()))

    def __getitem__(self, path: str) -> Type:
        return self._types[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._types)

    def __len__(self) -> int:
        return len(self._types)


@lru_cache(maxsize=64)
def _kept(types: tuple[tuple[str, Type], ...]) -> FieldTypes:
    return FieldTypes(dict(types))


class Scope(Struct, frozen=True):
    """The fields of a form, and the row that an expression is about.

    ``types``: every field by its generic path, in the order of the form (``indicators[].weight``). ``row``: ``""``, the
    generic row of a growing table (``annual_goals[].indicators[]``), or the row of a matrix (``funds.total``).
    """

    types: Mapping[str, Type]
    row: str = ""

    def find(self, name: str) -> FieldRef | Range | None:
        """Return what a name without brackets stands for, None where it is unknown.

        The row is tried first, then the rows that hold it, then the whole form. Inside each, a field is preferred to a
        group (a name that several fields begin with).
        """
        known = FieldTypes.of(self.types)
        for prefix in self._prefixes():
            inside = _named(known, prefix)
            exact = inside.fields.get(name, ())
            single = next((path for path in exact if "[]" not in path.removeprefix(prefix)), None)
            if single is not None:
                return self._field(single)
            found = exact or inside.groups.get(name, ())
            if found:
                return Range(tuple(self._field(path) for path in found), prefix.count("[]"))
        return None

    def nearest(self, name: str) -> str | None:
        """Return the known name that ends like an unknown one or looks most like it, None where none does."""
        names = self._names()
        ending = [known for known in names if known.endswith(f".{name}")]
        close = ending or difflib.get_close_matches(name, names)
        return close[0] if close else None

    def _field(self, path: str) -> FieldRef:
        return FieldRef(path, self.types[path].traits.sort)

    def _prefixes(self) -> Iterator[str]:
        row = self.row
        while row:
            yield f"{row}."
            row = row[: row.rfind("[]", 0, -2) + 2] if "[]" in row[:-2] else ""
        yield ""

    def _names(self) -> list[str]:
        names: dict[str, None] = {}
        for prefix in self._prefixes():
            for path in self.types:
                if path.startswith(prefix):
                    keys = _bare(path.removeprefix(prefix)).split(".")
                    names |= dict.fromkeys(".".join(keys[:depth]) for depth in range(len(keys), 0, -1))
        return list(names)


class _Named(Struct, frozen=True):
    """The paths below a row by what formulas may call them: each by its own name, and by each that it begins with."""

    fields: Mapping[str, list[str]]
    groups: Mapping[str, list[str]]


@lru_cache(maxsize=256)
def _named(types: FieldTypes, prefix: str) -> _Named:
    """Return the names below a row."""
    fields: dict[str, list[str]] = defaultdict(list)
    groups: dict[str, list[str]] = defaultdict(list)
    for path in types:
        if not path.startswith(prefix):
            continue
        name = _bare(path.removeprefix(prefix))
        fields[name].append(path)
        keys = name.split(".")
        for depth in range(1, len(keys)):
            groups[".".join(keys[:depth])].append(path)
    return _Named(dict(fields), dict(groups))


def _bare(path: str) -> str:
    return path.replace("[]", "")
