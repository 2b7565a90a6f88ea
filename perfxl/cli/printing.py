"""What import and check write to stdout: pages and a table for people, documents for programs."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from perfxl.cli.console import on_terminal, out, say
from perfxl.cli.options import ScreenFormat

if TYPE_CHECKING:
    from perfxl.receive.conclude import Batch
    from perfxl.receive.pile import Pile, Results

PAGES = 20
"""Returns of which each is told in full; of more only the table is shown, the rest stands in the results."""


class ReturnPrinter:
    """Writes a pile's returns once they are settled and their results written."""

    def __init__(self, output_format: ScreenFormat, pile: Pile, *, color: bool, quiet: bool) -> None:
        self._format = output_format
        self._pile = pile
        self._quiet = quiet
        self._color = color and not os.environ.get("NO_COLOR") and on_terminal()
        self._width = min(shutil.get_terminal_size((100, 24)).columns, 120)
        self._elements = 0

    def show(self, batch: Batch, *, pages: bool) -> None:
        """Write what was asked for; ``pages``: in text each return is told in full."""
        for results in batch.results:
            match self._format:
                case ScreenFormat.JSON:
                    self._element(results)
                case ScreenFormat.JSONL:
                    self._line(results)
                case ScreenFormat.TEXT if pages and not self._quiet:
                    self._page(results)
        if self._format is ScreenFormat.JSON:
            out("\n]\n" if self._elements else "[]\n")
        elif self._format is ScreenFormat.TEXT and not self._quiet:
            self._table(batch)

    def results(self, batch: Batch, output: Path, others: int) -> None:
        """Say where results are; each return's own where there are few. ``others`` files of earlier runs have theirs."""
        if self._quiet or self._format is not ScreenFormat.TEXT:
            return
        from perfxl.receive.naming import FINDINGS, REPORT

        out("结果：\n")
        few = len(batch.results) <= PAGES
        for returned in batch.overview.returns if few else ():
            out(f"  数据　　{(output / returned.document).as_posix()}\n")
            if returned.marked:
                out(f"  标注件　{(output / returned.marked).as_posix()}\n")
        if not few:
            out(f"  数据、标注件　{output.as_posix()}，每个文件一份\n")
        out(f"  审核意见　{(output / FINDINGS).as_posix()}\n")
        out(f"  总览　　{(output / REPORT).as_posix()}（用浏览器打开）\n")
        if others:
            say(f"“{output.as_posix()}”里还有以前导入的 {others} 个文件的结果，没有算在这次里面")

    def _page(self, results: Results) -> None:
        from perfxl.reporting.terminal import render

        out(render(results.submission, color=self._color, width=self._width) + "\n")

    def _line(self, results: Results) -> None:
        from perfxl.reporting.document import as_line

        out(as_line(self._pile.shelf.get(results.number)).decode())

    def _element(self, results: Results) -> None:
        from perfxl.reporting.document import as_element

        out("," if self._elements else "[")
        out("\n" + as_element(self._pile.shelf.get(results.number)).decode())
        self._elements += 1

    def _table(self, batch: Batch) -> None:
        from perfxl.reporting.terminal import summary_table

        for submission in batch.said:
            say(submission.findings[0].message)
        if len(batch.results) > 1:
            out(summary_table(batch.overview, color=self._color, width=self._width) + "\n")
