"""The command report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from perfxl.cli.console import REJECTED, UNREADABLE, load, out, say, usage
from perfxl.cli.options import Jobs, NoColor, Output, Quiet, Templates
from perfxl.cli.progress import Tally, processes, watched
from perfxl.cli.sources import Results, find_sources, is_unreadable, open_sources, tell_left_out

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfxl.year.report.each import ReportParcel, ReportTask
    from perfxl.year.report.outcome import Report

_TALLY = Tally("正在写报告", ("已写", "写不了"))
_WORTH_A_PROCESS = 12
"""Reports that are written in the time that a process takes to start."""


def write_reports(
    paths: Results,
    *,
    output: Output = Path("output"),
    jobs: Jobs = None,
    templates: Templates = None,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """写绩效自评报告（Word 文档），一个单位一份；同一单位同一年度的自评表附在后面，数字逐项核对。"""
    from perfxl.documents.master import report_masters
    from perfxl.documents.mistakes import MasterError
    from perfxl.year.filed import Filings, filings
    from perfxl.year.report.each import ReportTask
    from perfxl.year.report.outcome import NothingToReportError
    from perfxl.year.report.reports import close, parcels, wanted

    del no_color  # nothing here has a colour; the option is every command's
    known = load(templates)
    folders = tuple(templates or ())
    masters = report_masters(known, folders)
    found = find_sources(paths)
    filed = filings(open_sources(found, known, quiet=quiet), known, wanted(known, masters))
    filed = Filings(filed.candidates, (*found.left_out, *filed.left_out))
    tell_left_out(filed.left_out)
    try:
        reports = parcels(filed, known, masters)
    except NothingToReportError as error:
        usage(str(error))
    task = ReportTask(masters, folders, output)
    printer = _Printer(task, quiet=quiet)
    try:
        for report in _made(task, reports, jobs, quiet=quiet):
            printer.tell(report)
    except MasterError as error:
        usage(str(error))
    finally:
        close(task)
    printer.end()
    if printer.failed or is_unreadable(filed.left_out):
        raise typer.Exit(UNREADABLE)
    if printer.differing:
        raise typer.Exit(REJECTED)


def _made(task: ReportTask, wanted: Sequence[ReportParcel], jobs: int | None, *, quiet: bool) -> Iterator[Report]:
    from perfxl.year.report.each import report_each

    with processes(len(wanted), jobs, _WORTH_A_PROCESS) as workers:
        yield from watched(report_each(task, wanted, workers), len(wanted), _TALLY, _kind, quiet=quiet)


def _kind(report: Report) -> str:
    return _TALLY.kinds[bool(report.error)]


class _Printer:
    """Writes where each report is; to stderr what is to be looked at in it."""

    def __init__(self, task: ReportTask, *, quiet: bool) -> None:
        self.task = task
        self.quiet = quiet
        self.told = self.failed = self.differing = 0

    def tell(self, report: Report) -> None:
        if report.error:
            self.failed += 1
            say(report.error)
            return
        out(f"{(self.task.output / report.file).as_posix()}\n")
        self.told += 1
        self.differing += bool(report.differences)
        for name in dict.fromkeys(source.rpartition("#")[0] for source in report.rejected):
            say(f"“{report.file}”用的“{name}”是退回的，改正后请重新生成")
        for finding in report.differences:
            say(f"“{report.file}”（{finding.code}）{finding.message}")
        if self.quiet:
            return
        if not report.table:
            say(f"“{report.file}”后面没有附自评表：没有找到这个单位同一年度的自评表")
        if report.blank:
            say(f"“{report.file}”里没有写的（没有填）：{'、'.join(report.blank)}")

    def end(self) -> None:
        if self.quiet:
            return
        failed = f"，{self.failed} 份没有写成" if self.failed else ""
        differing = f"；{self.differing} 份的数与自评表不符" if self.differing else ""
        say(f"已写 {self.told} 份报告{failed}{differing}")
