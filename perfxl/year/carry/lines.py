"""The new form while sources are merged into it: its values, and rows inside rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from perfxl.forms.layout.arrange import level_fields
from perfxl.model.form import Form, Table
from perfxl.model.record import Record
from perfxl.model.value import Value
from perfxl.year.carry.fitting import matched
from perfxl.year.carry.outcome import Held


class CarryLine(Struct, eq=False):
    """A row of a growing table, or the form as a whole.

    ``held`` has what was carried by key (``target``, ``cause.other``); ``printed`` what the form prints in the row;
    ``keys`` what rows are compared by. ``below`` has the tables in it. ``takers`` are the sources that have this row
    as one of theirs; ``brought`` is the one that it came with, and the row that it stood in there.
    """

    keys: dict[str, str] = field(default_factory=dict)
    held: dict[str, Held] = field(default_factory=dict)
    printed: Mapping[str, str] = field(default_factory=dict)
    below: dict[str, list[CarryLine]] = field(default_factory=dict)
    takers: set[int] = field(default_factory=set)
    brought: tuple[int, str] | None = None

    def is_like(self, keys: Mapping[str, str]) -> bool:
        """Tell whether a row has the same keys; one without any is like no other."""
        return any(keys.values()) and all(self.keys.get(key) == text for key, text in keys.items())

    def rows(self, table: str) -> Iterator[CarryLine]:
        """Yield the rows of a table by its generic path (``goals[].indicators``), whatever they stand in."""
        first, _, rest = table.partition("[].")
        for line in self.below.get(first, ()):
            if rest:
                yield from line.rows(rest)
            else:
                yield line


class CarrySheet:
    """The new form: ``root`` holds what stands once; rows that the form prints are there from the beginning."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.root = CarryLine()
        self._tables = {band.path: band for band in form.flat() if isinstance(band, Table)}
        for path, table in self._tables.items():
            named = [row for row in table.printed if row.values.get("name")]
            if named and "[]" not in path:
                keys = [spec.key for spec in level_fields(form, table)]
                texts = [{**dict(zip(keys, row.levels, strict=True)), "name": row.values["name"]} for row in named]
                self.root.below[path] = [
                    CarryLine({key: matched(text[key]) for key in text}, printed=text) for text in texts
                ]

    def levels(self, table: str) -> tuple[str, ...]:
        """Return the keys of a table's 一级 and 二级."""
        found = self._tables.get(table)
        return () if found is None else tuple(spec.key for spec in level_fields(self.form, found))

    def insert(self, parent: CarryLine, table: str, line: CarryLine) -> None:
        """Put a new row where it belongs: what one place of a source brings stays as it stands there.

        Among rows from elsewhere, or printed ones, that is behind the last of its 一级 and 二级, so that no group of
        rows comes twice; a group that is not there yet stands where the form prints it, else behind its 一级.
        """
        rows = parent.below.setdefault(table.rpartition("[].")[2], [])
        levels = self.levels(table)
        if all(other.brought == line.brought for other in rows) or not levels:
            rows.append(line)
            return
        order = self._order(table)
        own, *others = (tuple(one.keys.get(key, "") for key in levels) for one in (line, *rows))
        rank, ranks = order.get(own, -1), [order.get(other, -1) for other in others]
        behind = (
            [number for number, other in enumerate(others) if other == own],
            [number for number, other in enumerate(ranks) if 0 <= other <= rank],
            [number for number, other in enumerate(others) if other[:1] == own[:1]],
        )
        if rank >= 0 and not any(behind):
            rows.insert(0, line)
            return
        rows.insert(next((found[-1] + 1 for found in behind if found), len(rows)), line)

    def _order(self, table: str) -> dict[tuple[str, ...], int]:
        """Return the places of the 一级 and 二级 that a form prints in a table."""
        band = self._tables[table]
        printed = [row.levels for row in band.printed] or [
            (group.value, below) for group in band.groups for below in group.below
        ]
        return {tuple(map(matched, texts)): place for place, texts in reversed(list(enumerate(printed)))}

    def record(self) -> tuple[Record, dict[str, Held], dict[int, str]]:
        """Return the values with the rows that they need, what is held by path, and each row by the id of its line.

        Rows that hold nothing but a 一级 and a 二级, and no rows of their own, are left out.
        """
        self._prune(self.root, "")
        values: dict[str, Value] = {}
        sizes: dict[str, int] = {}
        held: dict[str, Held] = {}
        paths = {id(self.root): ""}

        def walk(line: CarryLine, before: str) -> None:
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

    def _prune(self, line: CarryLine, above: str) -> None:
        for name, rows in line.below.items():
            table = f"{above}{name}"
            levels = set(self.levels(table))
            for row in rows:
                self._prune(row, f"{table}[].")
            rows[:] = [row for row in rows if row.printed or row.held.keys() - levels or any(row.below.values())]
