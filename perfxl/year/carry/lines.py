"""The new form while sources are merged into it: its values, and rows inside rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from perfxl.forms.layout.arrange import level_fields
from perfxl.model.form import Form, Table
from perfxl.model.record import Record
from perfxl.model.value import Value
from perfxl.year.carry.fitting import matched
from perfxl.year.carry.outcome import Held


@dataclass(slots=True, eq=False)
class Line:
    """A row of a growing table, or the form as a whole.

    ``held`` has what was carried by key (``target``, ``cause.other``); ``printed`` what the form prints in the row;
    ``keys`` what rows are compared by. ``below`` has the tables in it. ``takers`` are the sources that have this row
    as one of theirs.
    """

    keys: dict[str, str] = field(default_factory=dict)
    held: dict[str, Held] = field(default_factory=dict)
    printed: Mapping[str, str] = field(default_factory=dict)
    below: dict[str, list[Line]] = field(default_factory=dict)
    takers: set[int] = field(default_factory=set)

    def is_like(self, keys: Mapping[str, str]) -> bool:
        """Tell whether a row has the same keys; one without any is like no other."""
        return any(keys.values()) and all(self.keys.get(key) == text for key, text in keys.items())

    def rows(self, table: str) -> Iterator[Line]:
        """Yield the rows of a table by its generic path (``goals[].indicators``), whatever they stand in."""
        first, _, rest = table.partition("[].")
        for line in self.below.get(first, ()):
            if rest:
                yield from line.rows(rest)
            else:
                yield line


class Sheet:
    """The new form: ``root`` holds what stands once; rows that the form prints are there from the beginning."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.root = Line()
        self._tables = {band.path: band for band in form.flat() if isinstance(band, Table)}
        for path, table in self._tables.items():
            named = [row for row in table.printed if row.values.get("name")]
            if named and "[]" not in path:
                keys = [spec.key for spec in level_fields(form, table)]
                texts = [{**dict(zip(keys, row.levels, strict=True)), "name": row.values["name"]} for row in named]
                self.root.below[path] = [
                    Line({key: matched(text[key]) for key in text}, printed=text) for text in texts
                ]

    def levels(self, table: str) -> tuple[str, ...]:
        """Return the keys of a table's 一级 and 二级."""
        found = self._tables.get(table)
        return () if found is None else tuple(spec.key for spec in level_fields(self.form, found))

    def insert(self, parent: Line, table: str, line: Line, source: int) -> None:
        """Put a new row where it belongs among those that other sources, or the form itself, have brought.

        That is after the last of its 一级 and 二级, else after the last of its 一级; the rows of one source keep their
        order.
        """
        rows = parent.below.setdefault(table.rpartition("[].")[2], [])
        levels = self.levels(table)
        line.takers.add(source)
        if all(other.takers == {source} for other in rows) or not levels:
            rows.append(line)
            return
        ranks = [self._rank(table, other, levels) for other in rows]
        own = self._rank(table, line, levels)
        after = [number for number, rank in enumerate(ranks) if rank == own]
        if not after and own[0] >= 0:
            after = [number for number, rank in enumerate(ranks) if 0 <= rank[0] <= own[0]]
        if not after:
            after = [number for number, rank in enumerate(ranks) if rank[1][:1] == own[1][:1]]
        rows.insert(after[-1] + 1 if after else len(rows), line)

    def _rank(self, table: str, line: Line, levels: Sequence[str]) -> tuple[int, tuple[str, ...]]:
        """Return where a row's levels stand among those that the form prints, -1 for its own, and the levels."""
        own = tuple(line.keys.get(key, "") for key in levels)
        printed = [tuple(map(matched, row.levels)) for row in self._tables[table].printed]
        return (printed.index(own) if own in printed else -1), own

    def record(self) -> tuple[Record, dict[str, Held], dict[int, str]]:
        """Return the values with the rows that they need, what is held by path, and each row by the id of its line.

        Rows that hold nothing but a 一级 and a 二级, and no rows of their own, are left out.
        """
        self._prune(self.root, "")
        values: dict[str, Value] = {}
        sizes: dict[str, int] = {}
        held: dict[str, Held] = {}
        paths = {id(self.root): ""}

        def walk(line: Line, before: str) -> None:
            values.update({f"{before}{key}": text for key, text in line.printed.items()})
            for key, one in line.held.items():
                values[f"{before}{key}"] = one.value
                held[f"{before}{key}"] = one
            for name, rows in line.below.items():
                sizes[f"{before}{name}"] = len(rows)
                for index, row in enumerate(rows):
                    paths[id(row)] = f"{before}{name}[{index}]"
                    walk(row, f"{before}{name}[{index}].")

        walk(self.root, "")
        return Record(values, sizes), held, paths

    def _prune(self, line: Line, above: str) -> None:
        for name, rows in line.below.items():
            table = f"{above}{name}"
            levels = set(self.levels(table))
            for row in rows:
                self._prune(row, f"{table}[].")
            rows[:] = [row for row in rows if row.printed or row.held.keys() - levels or any(row.below.values())]
