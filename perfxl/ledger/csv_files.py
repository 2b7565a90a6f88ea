"""The tables as CSV files that Excel, WPS and other programs open right."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

from perfxl.ledger.ledger import Ledger, Stored
from perfxl.ledger.tables import ColumnKind, LedgerTable
from perfxl.reporting.findings import inert


def write_csv(ledger: Ledger, tables: Iterable[LedgerTable], folder: Path) -> None:
    """Write a file for each table into a folder: UTF-8 with BOM, blanks empty, a tick 1, all digits of a number.

    Whatever was typed is inert: a text that would be a formula gets an apostrophe in front. Raises OSError.
    """
    for table in tables:
        with (folder / f"{table.name}.csv").open("w", encoding="utf-8-sig", errors="replace", newline="") as file:
            writer = csv.writer(file, lineterminator="\r\n")
            writer.writerow([column.name for column in table.columns])
            writer.writerows(_inert(table, ledger.rows(table)))


def _inert(table: LedgerTable, rows: Iterable[tuple[Stored, ...]]) -> Iterator[list[Stored]]:
    texts = [column.kind is ColumnKind.TEXT for column in table.columns]
    for row in rows:
        yield [
            inert(value) if text and isinstance(value, str) else value for text, value in zip(texts, row, strict=True)
        ]
