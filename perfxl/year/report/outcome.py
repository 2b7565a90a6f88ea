"""What comes of writing reports, and what may keep it from happening."""

from __future__ import annotations

from msgspec import Struct

from perfxl.model.error import Error
from perfxl.model.finding import Finding
from perfxl.model.submission import Unit
from perfxl.year.sources import LeftOut


class Report(Struct, frozen=True):
    """What became of a report: its file below the output folder, whose it is, what it was made of.

    ``source`` and ``table`` are the documents of report and table (``教育/a.json#hunan-self-eval-report``; "": there is no
    table). ``rejected``: the return goes back, or that of the table. ``differences`` are the figures that are not the
    table's (X04). ``blank`` is what was not filled in, in the form's words. ``error`` says in Chinese why nothing was
    written, "" where it was.
    """

    file: str
    form: str
    title: str
    year: int | None
    unit: Unit
    source: str
    table: str = ""
    rejected: tuple[str, ...] = ()
    differences: tuple[Finding, ...] = ()
    blank: tuple[str, ...] = ()
    error: str = ""


class Reporting(Struct, frozen=True):
    """The reports in the order of their documents, and what was left out."""

    reports: tuple[Report, ...]
    left_out: tuple[LeftOut, ...]


class NothingToReportError(Error):
    """None of what was given is a form that has a report; ``left_out`` says what there was instead."""

    def __init__(self, titles: tuple[str, ...], left_out: tuple[LeftOut, ...]) -> None:
        self.left_out = left_out
        named = "、".join(f"《{title}》" for title in titles)
        super().__init__(f"没有可以写成报告的结果：要有{named}的数据（perfxl import 得到的 .json 文件）")
