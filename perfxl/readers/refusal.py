"""What a file is that is no Excel workbook, and the one finding about a file that cannot be read (F01, F02, F03)."""

from __future__ import annotations

from enum import Enum, StrEnum
from typing import NamedTuple

from msgspec.structs import replace

from perfxl.model.finding import Finding, Severity
from perfxl.package.unreadable import Unreadable, UnreadableReason


class Remedy(StrEnum):
    """What to do about a file of another kind, in an officer's words."""

    FILL_IN = "请用下发的 Excel 表填报，交回 Excel 文件。"
    SAVE_AS = "请用 Excel 或 WPS 打开它，选“另存为”，类型选“Excel 工作簿（*.xlsx）”，交回另存的文件。"
    UNPACK = "请先解压，交回里面的 Excel 文件。"


class Format(Enum):
    """A format of workbooks that is read, but is no package of Office Open XML."""

    XLS = "xls"
    ODS = "ods"


class RefusedKind(NamedTuple):
    """What a file is, in words that go on from “这个文件是”, and the way to an Excel file.

    ``attaches``: units send such files along with their returns; the finding then has what it is as its value.
    """

    what: str
    remedy: Remedy = Remedy.FILL_IN
    attaches: bool = False


EMPTY = RefusedKind("空的（没有内容）")
UNKNOWN = RefusedKind("认不出的格式")

_DAMAGED = "这个文件已损坏或不完整，打不开。请用 Excel 或 WPS 打开原来的文件，核对内容后另存，重新交回。"
_ENCRYPTED = "这个文件设了打开密码，读不了。请用 Excel 或 WPS 打开它，在“文件”菜单里取消加密密码，保存后重新交回。"


def refuse_kind(kind: RefusedKind) -> Finding:
    """Return the finding that says what a file is instead of a workbook, and asks for an Excel file."""
    gap = " " if kind.what[0].isascii() else ""
    consequence = "读不出表格" if kind in {EMPTY, UNKNOWN} else "不是 Excel 工作簿"
    message = f"这个文件是{gap}{kind.what}，{consequence}。{kind.remedy}"
    return replace(_error("F01", message), value=kind.what if kind.attaches else None)


def refuse(problem: Unreadable) -> Finding:
    """Return the finding that says why a file could not be opened, and what to do."""
    match problem.reason:
        case UnreadableReason.TOO_LARGE:
            remedy = "请删去图片、附件、多余的工作表和空行，另存后重新交回。"
            return _error("F03", f"这个文件超过允许的大小：{problem.detail}。{remedy}")
        case UnreadableReason.ENCRYPTED:
            return _error("F02", _ENCRYPTED)
        # What is damaged inside is told in words of the file format; an officer can do nothing with them.
        case UnreadableReason.DAMAGED:
            return _error("F01", _DAMAGED)
        case UnreadableReason.NOT_A_PACKAGE:
            return refuse_kind(UNKNOWN)


def _error(code: str, message: str) -> Finding:
    return Finding(code, Severity.ERROR, message)
