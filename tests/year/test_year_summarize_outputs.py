"""sqlite, duckdb, parquet and csv hold the same tables with the same sums; files are whole or not there."""

from __future__ import annotations

import csv
import errno
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

import perfxl
from perfxl.ledger.tables import ColumnKind, tables
from perfxl.model.error import reason_of
from perfxl.model.field_type import Type
from perfxl.model.submission import FormReturn
from perfxl.year.summarize import summarize as module
from perfxl.year.summarize.outcome import DuckDBMissingError, NothingToSumError, OthersFolderError, SummaryTarget
from perfxl.year.summarize.summarize import summarize
from support.county import FOUR, filings, lay
from support.filings import ERROR, document, forms

COUNT = 24


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lay(tmp_path_factory.mktemp("county"), COUNT)


def expected() -> Mapping[tuple[str, str], tuple[int, Decimal]]:
    """Return count and sum of every column with amounts, counts or points, added up from what was filed."""
    found: dict[tuple[str, str], tuple[int, Decimal]] = {}
    filed: dict[str, list[FormReturn]] = {form: [] for form in FOUR}
    for _, returned, _ in filings(COUNT):
        filed[returned.form].append(returned)
    for form, returns in filed.items():
        for table in tables(forms()[form]):
            for column in table.columns:
                if column.field is None or column.field.type not in {Type.MONEY, Type.INTEGER, Type.NUMBER}:
                    continue
                values = [
                    value
                    for returned in returns
                    for path in returned.record.paths(column.field.path)
                    if isinstance(value := returned.record[path], Decimal)
                ]
                found[table.name, column.name] = len(values), sum(values, Decimal(0))
    return found


def in_sqlite(path: Path) -> Iterator[tuple[tuple[str, str], tuple[int, Decimal]]]:
    base = sqlite3.connect(path)
    for table, column in expected():
        answers = base.execute(f'SELECT "{column}" FROM "{table}" WHERE "{column}" IS NOT NULL')  # noqa: S608 - own names
        values = [row[0] for row in answers]
        yield (table, column), (len(values), sum((Decimal(str(value)) for value in values), Decimal(0)))
    base.close()


def in_duckdb(base: duckdb.DuckDBPyConnection, named: str) -> Iterator[tuple[tuple[str, str], tuple[int, Decimal]]]:
    for table, column in expected():
        query = f'SELECT COUNT("{column}"), SUM("{column}") FROM {named.format(table)}'  # noqa: S608 - own names
        answer = base.execute(query).fetchone()
        assert answer is not None
        yield (table, column), (answer[0], Decimal(str(answer[1] or 0)))


def in_csv(path: Path) -> Iterator[tuple[tuple[str, str], tuple[int, Decimal]]]:
    for table, column in expected():
        with (path / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
            values = [Decimal(row[column]) for row in csv.DictReader(file) if row[column]]
        yield (table, column), (len(values), sum(values, Decimal(0)))


@pytest.mark.slow
def test_all_hold_the_same_sums(folder: Path, tmp_path: Path) -> None:
    right = expected()
    assert dict(in_sqlite(summarize(folder, tmp_path / "a.sqlite", to="sqlite").path)) == right
    assert dict(in_csv(summarize(folder, tmp_path / "csv", to="csv").path)) == right
    with duckdb.connect(str(summarize(folder, tmp_path / "a.duckdb", to="duckdb").path)) as base:
        assert dict(in_duckdb(base, '"{}"')) == right
    parquet = summarize(folder, tmp_path / "parquet", to="parquet").path
    with duckdb.connect() as base:
        assert dict(in_duckdb(base, f"'{parquet}/{{}}.parquet'")) == right


def test_keys_join_and_rows_say_whose_they_are(folder: Path, tmp_path: Path) -> None:
    summary = summarize(folder, tmp_path / "a.sqlite", to="sqlite")
    assert (summary.counted, summary.units, summary.left_out) == (COUNT, COUNT // 4, ())
    base = sqlite3.connect(summary.path)
    base.execute("PRAGMA foreign_keys = ON")
    assert not base.execute("PRAGMA foreign_key_check").fetchall()
    (count,) = base.execute(
        "SELECT COUNT(*) FROM hubei_dept_goal__annual_goals__indicators i "
        "JOIN hubei_dept_goal__annual_goals g ON g.submission = i.submission AND g.row = i.annual_goals__row "
        "JOIN submissions s ON s.submission = i.submission WHERE s.status = 'accepted' AND s.year = 2024"
    ).fetchone()
    assert count == base.execute("SELECT COUNT(*) FROM hubei_dept_goal__annual_goals__indicators").fetchone()[0] > 0
    assert (
        base.execute("SELECT SUM(warnings) FROM submissions").fetchone()
        == base.execute("SELECT COUNT(*) FROM findings WHERE severity = 'warning'").fetchone()
    )
    base.close()


def test_amounts_are_decimals_to_the_last_digit(folder: Path, tmp_path: Path) -> None:
    path = lay(tmp_path / "own", 1, ("hunan-dept-self-eval",))
    (file,) = path.rglob("*.json")
    text = file.read_text("utf-8")
    start = text.index('"initial": ') + len('"initial": ')
    file.write_text(text[:start] + "0.12345678901234" + text[text.index(",", start) :], "utf-8")
    with duckdb.connect(str(summarize(path, tmp_path / "a.duckdb", to="duckdb").path)) as base:
        (kind,) = base.execute("SELECT typeof(funds__total__initial) FROM hunan_dept_self_eval").fetchone() or ("",)
        assert kind == "DECIMAL(38,14)"
        (value,) = base.execute("SELECT funds__total__initial FROM hunan_dept_self_eval").fetchone() or (None,)
    assert value == Decimal("0.12345678901234")
    base = sqlite3.connect(summarize(path, tmp_path / "a.sqlite", to="sqlite").path)  # type: ignore[assignment]
    assert base.execute("SELECT funds__total__initial FROM hunan_dept_self_eval").fetchone() == ("0.12345678901234",)
    base.close()
    del folder


@pytest.mark.slow
@pytest.mark.parametrize("to", ["xlsx", "sqlite", "parquet", "csv"])
def test_the_same_input_gives_the_same_bytes(folder: Path, tmp_path: Path, to: str) -> None:
    def contents(path: Path) -> dict[str, bytes]:
        files = sorted(path.iterdir()) if path.is_dir() else [path]
        return {file.name: file.read_bytes() for file in files}

    first, again = (contents(summarize(folder, tmp_path / name / f"汇总.{to}", to=to).path) for name in "ab")
    assert first == again


def test_what_was_typed_is_inert_in_csv(tmp_path: Path) -> None:
    folder = lay(tmp_path / "own", 1, ("hunan-dept-self-eval",))
    (file,) = folder.rglob("*.json")
    file.write_text(file.read_text("utf-8").replace('"expected": "', '"expected": "=1+1,\\n\\"', 1), "utf-8")
    path = summarize(folder, tmp_path / "csv", to="csv").path / "hunan_dept_self_eval.csv"
    with path.open(encoding="utf-8-sig", newline="") as lines:
        (row,) = csv.DictReader(lines)
    assert row["goal__expected"].startswith("'=1+1,\n\"")


def test_a_folder_with_other_files_is_not_replaced(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "名单.docx").write_bytes(b"mine")
    with pytest.raises(OthersFolderError):
        summarize(folder, tmp_path / "out", to="csv")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["名单.docx"]
    summarize(folder, tmp_path / "csv", to="csv")
    (tmp_path / "csv" / "gone.csv").write_bytes(b"of an earlier run")
    summarize(folder, tmp_path / "csv", to="csv")
    assert not (tmp_path / "csv" / "gone.csv").exists()


def test_without_duckdb_it_is_said_what_to_install(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(DuckDBMissingError, match=r"pip install perfxl\[data\]"):
        summarize(folder, tmp_path / "a.duckdb", to="duckdb")
    assert not (tmp_path / "a.duckdb").exists()


def test_nothing_that_counts_gives_nothing(tmp_path: Path) -> None:
    _, returned, _ = next(filings(1))
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.json").write_bytes(document("a.xlsx", returned, findings=(ERROR,)))
    with pytest.raises(NothingToSumError) as caught:
        summarize(tmp_path / "in", tmp_path / "out" / "汇总.xlsx")
    assert [one.name for one in caught.value.left_out] == ["a.json"]
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.slow
def test_the_public_name_is_the_function(folder: Path, tmp_path: Path) -> None:
    assert perfxl.summarize([str(folder)], str(tmp_path / "a.xlsx")).counted == COUNT
    with pytest.raises(FileNotFoundError):
        perfxl.summarize(tmp_path / "nowhere", tmp_path / "a.xlsx")
    with pytest.raises(ValueError, match="pdf"):
        perfxl.summarize(folder, tmp_path / "a.pdf", to="pdf")


# -- disks and signals --------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("to", list(SummaryTarget))
def test_a_full_disk_leaves_nothing_half_written(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, to: str
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def full_base(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    def full_duck(*_: object) -> None:
        raise duckdb.IOException("could not write")

    target = tmp_path / "out" / "汇总"
    monkeypatch.setattr(module, "write_csv", full)
    monkeypatch.setattr(module, "write_sqlite", full_base)
    monkeypatch.setattr(module, "write_duckdb", full_duck)
    monkeypatch.setattr(module, "write_parquet", full_duck)
    monkeypatch.setattr("perfxl.year.summarize.workbook.write.write_workbook", full)
    with pytest.raises(OSError, match=r"\S") as caught:
        summarize(folder, target, to=to)
    assert reason_of(caught.value).startswith("磁盘已满")
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="no signals there")
def test_killed_in_the_middle_the_old_file_is_there_whole(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "out" / "汇总.xlsx"
    command = [sys.executable, "-m", "perfxl", "summarize", str(folder), "-o", str(target), "--quiet"]
    begin = time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    took, before = time.monotonic() - begin, target.read_bytes()
    for share in (0.3, 0.6, 0.8, 0.9):
        running = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        time.sleep(share * took)
        running.send_signal(signal.SIGKILL)
        running.wait()
        assert target.read_bytes() == before
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    assert [path.name for path in target.parent.iterdir()] == ["汇总.xlsx"]
    assert target.read_bytes() == before


def test_kinds_of_columns_have_a_type_in_each_base() -> None:
    from perfxl.ledger import duckdb_file, sqlite_file  # noqa: PLC0415

    assert set(sqlite_file._TYPES) == set(ColumnKind)  # noqa: SLF001
    assert set(duckdb_file._TYPES) | {ColumnKind.MONEY, ColumnKind.NUMBER} == set(ColumnKind)  # noqa: SLF001
