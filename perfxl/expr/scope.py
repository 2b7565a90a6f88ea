"""What the names in an expression stand for: fields by path, first in the row that it is about, then anywhere."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping

from msgspec import Struct

from perfxl.model.expression import FieldRef, Range
from perfxl.model.field_type import Type


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
        for prefix in self._prefixes():
            inside = {path: path.removeprefix(prefix) for path in self.types if path.startswith(prefix)}
            exact = [path for path, rest in inside.items() if _bare(rest) == name]
            single = next((path for path in exact if "[]" not in inside[path]), None)
            if single is not None:
                return self._field(single)
            found = exact or [path for path, rest in inside.items() if _bare(rest).startswith(f"{name}.")]
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


def _bare(path: str) -> str:
    return path.replace("[]", "")
