"""Files that programs leave behind where returns lie: nobody hands them in on purpose. Told by their names."""

from __future__ import annotations

from perfxl.model.finding import Finding, Severity

_SYSTEM_FILES = frozenset({"thumbs.db", "ehthumbs.db", ".ds_store", "desktop.ini"})


def why_passed_over(name: str) -> str:
    """Return what a file is, by its name alone, that no officer handed in; "" for any other."""
    low = name.lower()
    if low.startswith(("~$", ".~lock.", ".~")):
        return "Excel 或 WPS 打开文件时留下的临时文件"
    if low.startswith("~") and low.endswith(".tmp"):
        return "Excel、WPS 或 Word 留下的临时文件"
    if low in _SYSTEM_FILES:
        return "系统文件"
    return "苹果电脑的附属文件" if low.startswith("._") else ""


def leftover(name: str) -> Finding | None:
    """Return what is said of such a file where somebody hands it in by itself and it is no workbook, None for any other."""
    why = why_passed_over(name.rpartition("/")[2])
    if not why:
        return None
    lock = "先保存、关闭正在编辑的表，再" if name.rpartition("/")[2].startswith(("~", ".~")) else ""
    return Finding("F01", Severity.ERROR, f"这个文件是{why}，不是填报的表。请{lock}交填好的那个 Excel 文件。")
