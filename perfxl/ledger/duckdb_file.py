"""The tables as a DuckDB data base or as Parquet files, by DuckDB (``pip install perfxl[data]``): money as DECIMAL."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from perfxl.ledger.ledger import Ledger, quoted
from perfxl.ledger.tables import ColumnKind, LedgerTable, TableColumn

if TYPE_CHECKING:
    import duckdb

_TYPES = {ColumnKind.WHOLE: "BIGINT", ColumnKind.TEXT: "VARCHAR", ColumnKind.DATE: "DATE", ColumnKind.TICK: "BOOLEAN"}
_DIGITS, _DECIMALS = 38, 6
_NULL = "\x01"
"""What stands for a blank on the way into the data base: no cell of a workbook holds it."""
_LONGEST_LINE = 50_000_000


def write_duckdb(ledger: Ledger, tables: Iterable[LedgerTable], path: Path) -> None:
    """Write tables into a new file. Raises ImportError without DuckDB, OSError and duckdb.Error where the disk is full."""
    import duckdb  # noqa: PLC0415 - an extra of the package

    path.unlink(missing_ok=True)
    with duckdb.connect(str(path), config=_settings(path.parent)) as base:
        for table in tables:
            _load(base, ledger, table, path.with_name(f"{path.name}.csv"))


def write_parquet(ledger: Ledger, tables: Iterable[LedgerTable], folder: Path) -> None:
    """Write a file for each table into a folder. Raises as write_duckdb does."""
    import duckdb  # noqa: PLC0415 - an extra of the package

    with duckdb.connect(config=_settings(folder)) as base:
        for table in tables:
            _load(base, ledger, table, folder / f"{table.name}.csv")
            target = str(folder / f"{table.name}.parquet").replace("'", "''")
            base.execute(f"COPY {quoted(table.name)} TO '{target}' (FORMAT parquet, COMPRESSION zstd)")
            base.execute(f"DROP TABLE {quoted(table.name)}")


def _settings(folder: Path) -> dict[str, str | bool | int | float | list[str]]:
    """One thread, so that the same rows give the same file; what does not fit into memory goes next to the results."""
    return {
        "threads": 1,
        "memory_limit": "400MB",
        "temp_directory": str(folder / ".duckdb"),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }


def _load(base: duckdb.DuckDBPyConnection, ledger: Ledger, table: LedgerTable, passing: Path) -> None:
    """Load a table by way of a file: rows one by one would take a hundred times as long."""
    types = [f"{quoted(column.name)} {_type(ledger, table, column)}" for column in table.columns]
    base.execute(f"CREATE TABLE {quoted(table.name)} ({', '.join(types)})")
    try:
        with passing.open("w", encoding="utf-8", errors="replace", newline="") as file:
            csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(_passing(ledger, table))
        base.execute(
            f"COPY {quoted(table.name)} FROM '{str(passing).replace(chr(39), chr(39) * 2)}' (FORMAT csv, AUTO_DETECT false, HEADER false, "
            f"DELIMITER ',', QUOTE '\"', ESCAPE '\"', NULLSTR '{_NULL}', NEW_LINE '\\n', PARALLEL false, "
            f"MAX_LINE_SIZE {_LONGEST_LINE}, ALLOW_QUOTED_NULLS true)"
        )
    finally:
        passing.unlink(missing_ok=True)


def _passing(ledger: Ledger, table: LedgerTable) -> Iterator[list[int | str]]:
    for row in ledger.rows(table):
        yield [_NULL if value is None else value for value in row]


def _type(ledger: Ledger, table: LedgerTable, column: TableColumn) -> str:
    """The type of a column: a decimal has six places, more where a figure has more."""
    if column.kind not in {ColumnKind.MONEY, ColumnKind.NUMBER}:
        return _TYPES[column.kind]
    name = quoted(column.name)
    (longest,) = ledger.one(
        f"SELECT MAX(LENGTH({name}) - INSTR({name}, '.')) FROM {quoted(table.name)} WHERE INSTR({name}, '.')"  # noqa: S608 - own names, quoted
    )
    return f"DECIMAL({_DIGITS}, {max(_DECIMALS, int(longest or 0))})"
