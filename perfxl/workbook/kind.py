"""The words for files that are no Excel workbook."""

from __future__ import annotations

from enum import Enum, StrEnum
from typing import NamedTuple


class Remedy(StrEnum):
    """What to do about a file of another kind, in an officer's words."""

    FILL_IN = "请用下发的 Excel 表填报，交回 Excel 文件。"
    SAVE_AS = "请用 Excel 或 WPS 打开它，选“另存为”，类型选“Excel 工作簿（*.xlsx）”，交回另存的文件。"
    UNPACK = "请先解压，交回里面的 Excel 文件。"


class Format(Enum):
    """A format of workbooks that is read, but is no package of Office Open XML."""

    XLS = "xls"
    ODS = "ods"


class Kind(NamedTuple):
    """What a file is, in words that go on from “这个文件是”, and the way to an Excel file."""

    what: str
    remedy: Remedy = Remedy.FILL_IN


EMPTY = Kind("空的（没有内容）")
UNKNOWN = Kind("认不出的格式")
