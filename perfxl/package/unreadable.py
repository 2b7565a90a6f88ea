"""Why a file cannot be read, and the bounds that are checked while its parts are."""

from __future__ import annotations

from enum import Enum

from perfxl.package.limits import Limits


class UnreadableReason(Enum):
    """Why a file cannot be opened as a package."""

    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    TOO_LARGE = "too large"
    NOT_A_PACKAGE = "not a package"


class Unreadable(Exception):  # noqa: N818 - it names what the file is, not what the program did
    """A file that is no package, or one that must not or cannot be read; ``detail`` is a Chinese half sentence."""

    def __init__(self, reason: UnreadableReason, detail: str) -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail


def megabytes(count: int) -> str:
    """Return a number of bytes as a message names it."""
    return f"{count // 1_000_000} MB"


def check_size(data: bytes, limits: Limits) -> None:
    """Refuse a file of more bytes than allowed: raises Unreadable."""
    if len(data) > limits.max_bytes:
        raise Unreadable(UnreadableReason.TOO_LARGE, f"文件超过 {megabytes(limits.max_bytes)}")


def check_count(count: int, limits: Limits) -> None:
    """Refuse more cells, or entries of a table that cells refer to, than allowed: raises Unreadable."""
    if count > limits.max_cells:
        raise Unreadable(UnreadableReason.TOO_LARGE, f"填有内容的单元格、样式、合并或名称超过 {limits.max_cells} 个")


def check_length(text: str, limits: Limits) -> str:
    """Return a text as it is. Raises Unreadable where it is longer than a cell can hold."""
    if len(text) > limits.max_text:
        raise Unreadable(UnreadableReason.TOO_LARGE, f"有单元格的文字超过 {limits.max_text} 个字")
    return text
