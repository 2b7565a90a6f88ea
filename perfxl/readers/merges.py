"""The merges of a sheet while it is read, within bounds."""

from __future__ import annotations

from perfxl.model.address import Box
from perfxl.model.grid import WIDEST_MERGE
from perfxl.package.limits import Limits
from perfxl.package.unreadable import Unreadable, UnreadableReason


class Merges:
    """Gathers the merges of one sheet; ``found`` has them in the order of the file."""

    def __init__(self, limits: Limits) -> None:
        self.found: list[Box] = []
        self._limits = limits
        self._covered = 0

    def add(self, box: Box) -> None:
        """Take a merge. Raises Unreadable where there are too many, or too many cells under them."""
        self.found.append(box)
        self._covered += box.area if box.area <= WIDEST_MERGE else 0
        if len(self.found) > self._limits.max_merges:
            raise Unreadable(UnreadableReason.TOO_LARGE, f"一张工作表里合并的单元格超过 {self._limits.max_merges} 处")
        if self._covered > self._limits.max_merged:
            raise Unreadable(
                UnreadableReason.TOO_LARGE, f"一张工作表里合并起来的单元格超过 {self._limits.max_merged} 个"
            )
