"""The filed forms on the disk while they are summarised: so many that they are not held in memory.

A ledger is a data base file (SQLite) that lives as long as the work. Forms are entered one after another as they are
read; once it is known which of them count, and in what order, every question about them is a query. Decimals stand as
text, to the last digit, and are added as decimals.
"""

from __future__ import annotations

import datetime as dt
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Context, Decimal
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeAlias

from msgspec import Struct

from perfxl.ledger.tables import (
    COMMON,
    FINDINGS,
    KEY,
    SUBMISSIONS,
    Cell,
    ColumnKind,
    LedgerTable,
    TableColumn,
    ValuePart,
    rows,
    tables,
)
from perfxl.model.form import Form
from perfxl.model.record import Record
from perfxl.model.roster import code_key, name_key
from perfxl.model.value import Value
from perfxl.reporting.wording import plain
from perfxl.values.label_text import key

Stored: TypeAlias = int | str | None
"""A value as the ledger holds it: decimals and dates as text, a tick as 1."""

NAME_KEY = "_key"
"""A column of the ledger only: the name of an indicator as names are compared."""
REPLACED = "superseded"
"""The status of a form in whose place a later one counts."""
_NAME = "name"
_SURROGATE = re.compile("[\ud800-\udfff]")
"""Half a character, which an edited document may hold and no data base takes."""
_EXACT = Context(prec=80)
"""More digits than products of two amounts have, however many are added."""


class LedgerForm(Struct, frozen=True):
    """A form to be entered: its own row of ``submissions`` but for the key, its findings' rows likewise, its record."""

    form: Form
    about: tuple[Stored, ...]
    findings: tuple[tuple[Stored, ...], ...]
    record: Record


class Ledger:
    """The filed forms by number as they were entered, from 1 (``entered``), and by key those that are listed, that count."""

    def __init__(self, path: Path, forms: Iterable[Form]) -> None:
        """Make a ledger in a new file. Raises sqlite3.Error where the disk does not take it."""
        known = tuple(forms)
        self.tables: Mapping[str, tuple[LedgerTable, ...]] = {form.id: tables(form) for form in known}
        self.titles: Mapping[str, str] = {form.id: form.title for form in known}
        self._codes = {(form.id, code): own.title for form in known for code, own in form.codes.items()}
        self._base = sqlite3.connect(path, isolation_level=None)
        self._entered = 0
        # It is made anew at every run and thrown away at the end: nothing of it has to outlive a crash.
        for setting in ("journal_mode = OFF", "synchronous = OFF", "temp_store = FILE", "cache_size = -4000"):
            self._base.execute(f"PRAGMA {setting}")
        self._base.create_function("unit_key", 2, _unit_key, deterministic=True)
        self._base.create_function("name_key", 1, _name_key, deterministic=True)
        self._base.create_function("own_title", 2, self._own_title, deterministic=True)
        for name, (count, aggregate) in _AGGREGATES.items():
            self._base.create_aggregate(name, count, aggregate)
        for table in (*COMMON, *(table for each in self.tables.values() for table in each)):
            own = f"{KEY} INTEGER PRIMARY KEY" if _one_each(table) else f"{KEY} INTEGER"
            others = "".join(f", {quoted(name)}" for name in _stored(table)[1:])
            self._base.execute(f"CREATE TABLE {quoted(table.name)} ({own}{others})")
        for name in ("_kept", "_listed"):
            self._base.execute(f"CREATE TABLE {name} ({KEY} INTEGER PRIMARY KEY, entered INTEGER UNIQUE)")
        self._base.execute("BEGIN")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._base.close()

    def _own_title(self, form: Stored, code: Stored) -> str:
        """Return the title of a code of a form's own, "" where it has no such: two forms may mean different things by it."""
        return self._codes.get((str(form), str(code)), "")

    def enter(self, filed: LedgerForm) -> int:
        """Enter a filed form and return its number. Raises sqlite3.Error."""
        self._entered += 1
        number = self._entered
        self._insert(SUBMISSIONS, [(number, *filed.about)])
        self._insert(FINDINGS, [(number, *finding) for finding in filed.findings])
        for table in self.tables[filed.form.id]:
            named = _named(table)
            found = (list(map(stored, row)) for row in rows(table, filed.record, number))
            self._insert(table.name, (row if named < 0 else [*row, _compared(row[named])] for row in found))
        return number

    def figures(self, number: int, form: Form) -> Record:
        """Return the values of a form as it was entered, but for those in its growing tables and indicator values."""
        table = self.tables[form.id][0]
        row = self.one(f"SELECT * FROM {quoted(table.name)} WHERE {KEY} = ?", number)  # noqa: S608 - own names, quoted
        pairs = zip(table.columns[1:], row[1:], strict=True)
        found = {column.field.path: _value(column, value) for column, value in pairs if column.field is not None}
        return Record({path: value for path, value in found.items() if value is not None})

    def keep(self, order: Sequence[int], superseded: Sequence[int] = ()) -> None:
        """Say which forms count: they get the keys 1, 2, 3 … in this order; those that are only listed get the next ones."""
        self._base.executemany("INSERT INTO _listed VALUES (?, ?)", enumerate((*order, *superseded), start=1))
        self._base.execute(f"INSERT INTO _kept SELECT * FROM _listed WHERE {KEY} <= ?", (len(order),))  # noqa: S608 - own names
        said = f"UPDATE {SUBMISSIONS} SET status = '{REPLACED}' WHERE {KEY} = ?"  # noqa: S608 - own names
        self._base.executemany(said, [(number,) for number in superseded])
        for table in (*COMMON, *(table for each in self.tables.values() for table in each)):
            if not _one_each(table):
                self._base.execute(f"CREATE INDEX {quoted('_by_' + table.name)} ON {quoted(table.name)} ({KEY})")
        self._base.execute("COMMIT")

    def do(self, statement: str, *values: Stored) -> None:
        """Carry out a statement."""
        self._base.execute(statement, values)

    def ask(self, query: str, *values: Stored) -> Iterator[tuple[Stored, ...]]:
        """Yield the answers to a query."""
        yield from self._base.execute(query, values)

    def one(self, query: str, *values: Stored) -> tuple[Stored, ...]:
        """Return the only answer to a query. Raises LookupError where there is none."""
        for answer in self._base.execute(query, values):
            found: tuple[Stored, ...] = answer
            return found
        raise LookupError(query)

    def rows(self, table: LedgerTable) -> Iterator[tuple[Stored, ...]]:
        """Yield the rows of a table in the order of the forms' keys; the key is the first value."""
        columns = ", ".join(f"t.{quoted(column.name)}" for column in table.columns[1:])
        yield from self.ask(
            f"SELECT k.{KEY}, {columns} FROM _listed k CROSS JOIN {quoted(table.name)} t ON t.{KEY} = k.entered"  # noqa: S608 - own names, quoted
            f" ORDER BY k.{KEY}, t.rowid"
        )

    def _insert(self, table: str, found: Iterable[Sequence[Stored]]) -> None:
        known = list(found)
        if known:
            marks = ", ".join("?" * len(known[0]))
            self._base.executemany(f"INSERT INTO {quoted(table)} VALUES ({marks})", known)  # noqa: S608 - own names, quoted


def quoted(name: str) -> str:
    """Return a name as SQL takes it, whatever it holds."""
    return '"' + name.replace('"', '""') + '"'


def stored(value: Cell) -> Stored:
    """Return a value as the ledger holds it."""
    match value:
        case bool():
            return int(value)
        case Decimal():
            whole = int(value)
            return whole if whole == value else plain(value).rstrip("0")
        case dt.date():
            return value.isoformat()[:10]
        case str():
            return value if value.isascii() else _SURROGATE.sub("�", value)
        case int() | None:
            return value
        case _:
            return stored(value.text)


def is_indicators(table: LedgerTable) -> bool:
    """Tell whether the rows of a table are indicators: they have a name and values that say what is meant or reached."""
    parts = {column.part for column in table.columns}
    return ValuePart.TEXT in parts and any(column.name == _NAME for column in table.columns)


def _one_each(table: LedgerTable) -> bool:
    """Tell whether each filed form has exactly one row in a table."""
    return table.name == SUBMISSIONS or (bool(table.form) and not table.path)


def _stored(table: LedgerTable) -> list[str]:
    """The names of a table's columns in the ledger."""
    return [column.name for column in table.columns] + ([NAME_KEY] if is_indicators(table) else [])


def _named(table: LedgerTable) -> int:
    """Return the place of an indicator's name in a row, -1 in a table that is none of indicators."""
    names = [column.name for column in table.columns]
    return names.index(_NAME) if is_indicators(table) else -1


def _compared(name: Stored) -> Stored:
    return key(name) if isinstance(name, str) else None


def _value(column: TableColumn, value: Stored) -> Value:
    match column.kind:
        case ColumnKind.MONEY | ColumnKind.NUMBER | ColumnKind.WHOLE:
            return None if value is None else Decimal(value)
        case ColumnKind.TEXT if column.part is ValuePart.NONE:
            return value if isinstance(value, str) else None
        case _:
            return None


def _unit_key(code: Stored, name: Stored) -> str:
    """What a unit is known by over the years: its name as names are compared, its code where it has none."""
    return name_key(str(name)) if name else code_key(str(code or ""))


def _name_key(name: Stored) -> str:
    return name_key(str(name)) if name else ""


class _Sum:
    """An exact sum of decimals as text; NULL where there is none."""

    def __init__(self) -> None:
        self._sum: Decimal | None = None

    def step(self, text: Stored) -> None:
        if text is not None:
            self._sum = _EXACT.add(self._sum or Decimal(0), Decimal(text))

    def finalize(self) -> str | None:
        return None if self._sum is None else plain(self._sum)


class _Extreme:
    def __init__(self) -> None:
        self._found: Decimal | None = None

    def step(self, text: Stored) -> None:
        if text is not None:
            value = Decimal(text)
            self._found = value if self._found is None else self.pick(self._found, value)

    def pick(self, one: Decimal, other: Decimal) -> Decimal:
        raise NotImplementedError

    def finalize(self) -> str | None:
        return None if self._found is None else plain(self._found)


class _Least(_Extreme):
    """The least of some decimals as text."""

    def pick(self, one: Decimal, other: Decimal) -> Decimal:
        return min(one, other)


class _Most(_Extreme):
    """The largest of some decimals as text."""

    def pick(self, one: Decimal, other: Decimal) -> Decimal:
        return max(one, other)


class _Product:
    """The exact sum of the products of two columns, where both hold something."""

    def __init__(self) -> None:
        self._sum: Decimal | None = None

    def step(self, one: Stored, other: Stored) -> None:
        if one is not None and other is not None:
            self._sum = _EXACT.fma(Decimal(one), Decimal(other), self._sum or Decimal(0))

    def finalize(self) -> str | None:
        return None if self._sum is None else plain(self._sum)


_AGGREGATES: Mapping[str, tuple[int, Any]] = {
    "dsum": (1, _Sum),
    "dmin": (1, _Least),
    "dmax": (1, _Most),
    "dproduct": (2, _Product),
}
"""What queries may ask for beside SQL's own: exact sums, extremes and sums of products of decimals that stand as text."""
