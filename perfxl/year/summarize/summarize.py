"""One run of summarizing: from opened documents to a file or a folder that is there whole or not at all."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from perfxl.files import File
from perfxl.forms.stock import load_forms
from perfxl.ledger.csv_files import write_csv
from perfxl.ledger.duckdb_file import write_duckdb, write_parquet
from perfxl.ledger.ledger import Ledger
from perfxl.ledger.sqlite_file import write_sqlite
from perfxl.ledger.tables import COMMON, LedgerTable
from perfxl.model.form import Form
from perfxl.model.roster import Roster, code_key, name_key
from perfxl.outputs import making_folder, making_whole, reachable, scratch, sweep, workplace, writing_whole
from perfxl.receive.request import roster_of
from perfxl.year.sources import LeftOut, Opened, find, open_documents
from perfxl.year.summarize.outcome import (
    DuckDBMissingError,
    NothingToSumError,
    OthersFolderError,
    Summary,
    SummaryTarget,
)
from perfxl.year.summarize.stock import Stock, take_stock

_FULL = "磁盘已满或没有权限"
"""What data bases of others say of a disk that does not take more, each in its own way."""


def summarize(
    paths: Path | str | Sequence[Path | str],
    output: Path | str,
    *,
    to: str = "xlsx",
    roster: Roster | File | None = None,
    everything: bool = False,
    templates: Sequence[Path | str] = (),
) -> Summary:
    """Add up what an import wrote: the submissions at some paths (JSON files, folders with all below them).

    ``to`` is ``xlsx`` (the 汇总 workbook), ``sqlite``, ``duckdb``, or ``parquet`` and ``csv``, for which ``output`` is a
    folder. Counted are submissions that were accepted and not superseded, of a department's whole and its parts never
    both (X02); with ``everything`` rejected ones too. A ``roster`` (or its file) gives the order of the units. The same
    submissions give the same bytes, but for DuckDB's own file, into which it writes a random identity.

    Raises FileNotFoundError for a path that leads nowhere, ValueError for another ``to``, NothingToSumError where nothing
    counts, OthersFolderError where the folder for the results holds other files, TooManyRowsError, DuckDBMissingError,
    RosterError, DefinitionError, OSError where the disk does not take the result.
    """
    given = [paths] if isinstance(paths, Path | str) else paths
    known = load_forms(*map(Path, templates))
    units = None if roster is None else roster_of(roster)
    found = find([Path(path) for path in given])
    return summarize_opened(
        open_documents(found.documents, known),
        known,
        Path(output),
        target=SummaryTarget(to),
        roster=units,
        everything=everything,
        left_out=found.left_out,
    )


def summarize_opened(  # noqa: PLR0913 - what a run is asked for
    opened: Iterable[Opened],
    forms: Mapping[str, Form],
    output: Path,
    *,
    target: SummaryTarget = SummaryTarget.XLSX,
    roster: Roster | None = None,
    everything: bool = False,
    left_out: tuple[LeftOut, ...] = (),
    settled: Callable[[], object] = lambda: None,
) -> Summary:
    """Summarise opened documents into a file or a folder; the same documents give the same bytes (but for DuckDB's own).

    ``left_out`` is what could not even be opened; ``settled`` is called when all is read and the writing begins. Raises
    NothingToSumError, OthersFolderError, TooManyRowsError, DuckDBMissingError, and OSError where the disk does not take the
    result.
    """
    if target.by_duckdb:
        _need_duckdb()
    if target.is_folder:
        _refuse_others(output, target)
    sweep([workplace(output)])
    try:
        with scratch(workplace(output)) as place, Ledger(place, forms.values()) as ledger:
            stock = take_stock(opened, ledger, forms, roster=roster, everything=everything, left_out=left_out)
            if not stock.entries:
                raise NothingToSumError(stock.left_out)
            settled()
            _write(stock, ledger, forms, output, target)
    except sqlite3.Error as error:
        raise OSError(errno.ENOSPC, _FULL, str(output)) from error
    return Summary(
        output,
        len(stock.entries),
        len({code_key(entry.unit.code or "") or name_key(entry.unit.name or "") for entry in stock.entries}),
        stock.forms,
        stock.left_out,
        stock.missing,
        stock.strangers,
    )


def _write(stock: Stock, ledger: Ledger, forms: Mapping[str, Form], output: Path, target: SummaryTarget) -> None:
    tables = (*COMMON, *(table for form in stock.forms for table in ledger.tables[form]))
    match target:
        case SummaryTarget.XLSX:
            from perfxl.year.summarize.workbook.write import write_workbook  # noqa: PLC0415 - brings XlsxWriter along

            with writing_whole(output) as file:
                write_workbook(stock, ledger, forms, output, file)
        case SummaryTarget.SQLITE:
            with making_whole(output) as path:
                write_sqlite(ledger, tables, path)
        case SummaryTarget.DUCKDB:
            with making_whole(output) as path:
                _by_duckdb(write_duckdb, ledger, tables, path)
        case SummaryTarget.PARQUET:
            with making_folder(output) as folder:
                _by_duckdb(write_parquet, ledger, tables, folder)
        case SummaryTarget.CSV:
            with making_folder(output) as folder:
                write_csv(ledger, tables, folder)


def _by_duckdb(
    write: Callable[[Ledger, Iterable[LedgerTable], Path], None],
    ledger: Ledger,
    tables: Iterable[LedgerTable],
    path: Path,
) -> None:
    import duckdb  # noqa: PLC0415 - an extra of the package

    try:
        write(ledger, tables, path)
    except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
        raise OSError(errno.ENOSPC, _FULL, str(path)) from error


def _need_duckdb() -> None:
    try:
        import duckdb  # noqa: F401, PLC0415 - an extra of the package
    except ImportError as error:
        raise DuckDBMissingError from error


def _refuse_others(output: Path, target: SummaryTarget) -> None:
    """Refuse to take the place of a folder that holds anything but results of an earlier run."""
    place = reachable(output)
    if place.exists() and not place.is_dir():
        raise OthersFolderError(output)
    for found in place.iterdir() if place.exists() else ():
        if found.suffix != f".{target}":
            raise OthersFolderError(found)
