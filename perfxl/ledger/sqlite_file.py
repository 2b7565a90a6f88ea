"""The tables as an SQLite data base: money as exact text, keys that join."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path

from perfxl.ledger.ledger import Ledger, quoted
from perfxl.ledger.tables import KEY, SUBMISSIONS, ColumnKind, LedgerTable, TableColumn

_TYPES = {
    ColumnKind.WHOLE: "INTEGER",
    ColumnKind.MONEY: "TEXT",
    ColumnKind.NUMBER: "REAL",
    ColumnKind.TEXT: "TEXT",
    ColumnKind.DATE: "TEXT",
    ColumnKind.TICK: "INTEGER",
}


def write_sqlite(ledger: Ledger, tables: Iterable[LedgerTable], path: Path) -> None:
    """Write tables into an empty file. Raises sqlite3.Error where the disk does not take them."""
    base = sqlite3.connect(path, isolation_level=None)
    try:
        # The file takes its place only when it is whole: no journal has to guard it before.
        base.execute("PRAGMA journal_mode = OFF")
        base.execute("PRAGMA synchronous = OFF")
        base.execute("BEGIN")
        for table in tables:
            base.execute(f"CREATE TABLE {quoted(table.name)} ({', '.join(_declared(table))})")
            marks = ", ".join("?" * len(table.columns))
            base.executemany(f"INSERT INTO {quoted(table.name)} VALUES ({marks})", ledger.rows(table))  # noqa: S608 - own names, quoted
            if table.path or not table.form:
                base.execute(f"CREATE INDEX {quoted(f'by_{table.name}')} ON {quoted(table.name)} ({KEY})")
        base.execute("COMMIT")
    finally:
        base.close()


def _declared(table: LedgerTable) -> Iterable[str]:
    for column in table.columns:
        yield f"{quoted(column.name)} {_TYPES[column.kind]}{_key(table, column)}"


def _key(table: LedgerTable, column: TableColumn) -> str:
    if column.name != KEY:
        return ""
    if table.name == SUBMISSIONS:
        return " PRIMARY KEY"
    own = " PRIMARY KEY" if table.form and not table.path else ""
    return f"{own} REFERENCES {quoted(SUBMISSIONS)} ({KEY})"
