"""The two bounds that are checked while a part is read."""

from __future__ import annotations

from perfxl.workbook.limits import Limits
from perfxl.workbook.package import Reason, Unreadable


def check_count(count: int, limits: Limits) -> None:
    """Refuse more cells, or entries of a table that cells refer to, than allowed: raises Unreadable."""
    if count > limits.max_cells:
        raise Unreadable(Reason.TOO_LARGE, f"填有内容的单元格、样式、合并或名称超过 {limits.max_cells} 个")


def check_length(text: str, limits: Limits) -> str:
    """Return a text as it is. Raises Unreadable where it is longer than a cell can hold."""
    if len(text) > limits.max_text:
        raise Unreadable(Reason.TOO_LARGE, f"有单元格的文字超过 {limits.max_text} 个字")
    return text
