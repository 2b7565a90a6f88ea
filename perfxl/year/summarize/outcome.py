"""What is asked of summarizing, what comes of it, and what may keep it from happening."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from msgspec import Struct

from perfxl.model.error import Error
from perfxl.model.roster import RosterUnit
from perfxl.model.submission import Unit
from perfxl.year.sources import LeftOut


class SummaryTarget(StrEnum):
    """What is written."""

    XLSX = "xlsx"
    SQLITE = "sqlite"
    DUCKDB = "duckdb"
    PARQUET = "parquet"
    CSV = "csv"

    @property
    def is_folder(self) -> bool:
        return self in {SummaryTarget.PARQUET, SummaryTarget.CSV}

    @property
    def default_name(self) -> str:
        """What the result is called where nothing else is said."""
        return f"汇总-{self}" if self.is_folder else f"汇总.{self}"

    @property
    def by_duckdb(self) -> bool:
        return self in {SummaryTarget.DUCKDB, SummaryTarget.PARQUET}


class Summary(Struct, frozen=True):
    """What was summarised: ``counted`` forms of ``units`` units, into the file or folder at ``path``.

    ``left_out`` is what was not, and why; ``missing`` the units of the roster none of whose forms counts, ``strangers``
    those counted that are not in it.
    """

    path: Path
    counted: int
    units: int
    forms: tuple[str, ...]
    left_out: tuple[LeftOut, ...] = ()
    missing: tuple[RosterUnit, ...] = ()
    strangers: tuple[Unit, ...] = ()


class NothingToSumError(Error):
    """Nothing counts of what was given; ``left_out`` says why."""

    def __init__(self, left_out: tuple[LeftOut, ...]) -> None:
        self.left_out = left_out
        super().__init__("没有可以汇总的结果")


class DuckDBMissingError(Error):
    """DuckDB is not installed."""

    def __init__(self) -> None:
        super().__init__(
            "写 duckdb、parquet 需要 DuckDB，现在没有安装；请运行 pip install perfxl[data]，或改用 --to sqlite"
        )


class OthersFolderError(Error):
    """The folder for the results holds something that is none, or is a file: ``path``."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(f"“{path}”不是汇总的结果，不会替换它；请用 -o 另选一个文件夹")


class TooManyRowsError(Error):
    """A list has more rows than a sheet of Excel; ``sheet`` is its name."""

    def __init__(self, sheet: str, rows: int) -> None:
        self.sheet = sheet
        super().__init__(
            f"“{sheet}”有 {rows} 行，Excel 一张工作表放不下；请分批汇总，或改用 --to sqlite、duckdb、parquet、csv"
        )
