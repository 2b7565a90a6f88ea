"""The command carry."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from perfxl.cli.console import UNREADABLE, form_of, load, out, read_units, say, usage
from perfxl.cli.options import (
    AskedPeriod,
    Jobs,
    NoColor,
    Output,
    OutputFormat,
    Pattern,
    Quiet,
    ScreenFormat,
    Templates,
    ToForm,
    Year,
    path,
)
from perfxl.cli.progress import Tally, processes, watched
from perfxl.cli.sources import Results, is_unreadable, survey_sources, tell_left_out

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfxl.year.carry.each import Carried, CarryParcel, CarryTask

_TALLY = Tally("正在带入", ("已带入", "写不了"))
_WORTH_A_PROCESS = 40
"""Workbooks that are made in the time that a process takes to start."""
_NOTES = 12
"""Notes of one workbook that are told on the terminal; the rest is counted, and stands in the JSON."""


def carry_forward(  # noqa: PLR0913 - one parameter an option
    paths: Results,
    *,
    to: ToForm,
    year: Year = None,
    period: AskedPeriod = None,
    roster: Annotated[
        Path | None,
        typer.Option(
            "--roster", metavar="名册", help="单位名册（CSV 或 Excel）：定先后，补单位代码。", parser=path("--roster")
        ),
    ] = None,
    name: Pattern = None,
    output: Output = Path("output"),
    output_format: OutputFormat = ScreenFormat.TEXT,
    jobs: Jobs = None,
    templates: Templates = None,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """把通过的数据带入下一环节的表，每个单位（项目表为每个项目）一个工作簿。"""
    from perfxl.cli.periods import asked_period
    from perfxl.send.naming import PatternError
    from perfxl.year.carry.carrying import close, parcels
    from perfxl.year.carry.each import CarryTask
    from perfxl.year.carry.targets import NothingToCarryError, plan

    del no_color  # nothing here has a colour; the option is every command's
    known = load(templates)
    form = form_of(known, to)
    units = read_units(roster) if roster is not None else None
    time = asked_period(period, year, [form]) if period is not None else None
    surveyed = survey_sources(paths, known, quiet=quiet)
    try:
        planned = plan(surveyed, form, known, year, units, time)
    except NothingToCarryError as error:
        tell_left_out(surveyed.left_out)
        usage(str(error))
    try:
        wanted = parcels(planned, form, name)
    except PatternError as error:
        usage(f"--name 的样式不能用：{error}")
    if roster is not None and roster.resolve() in {(output / parcel.file).resolve() for parcel in wanted}:
        usage(f"会覆盖名册“{roster}”，请用 -o 另选一个文件夹")
    tell_left_out(planned.left_out)
    for remark in planned.remarks:
        say(remark)
    task = CarryTask(form.id, tuple(templates or ()), output)
    failed = _write(task, wanted, output_format, jobs, quiet=quiet)
    close(task)
    if failed or is_unreadable(planned.left_out):
        raise typer.Exit(UNREADABLE)


def _write(
    task: CarryTask, wanted: Sequence[CarryParcel], output_format: ScreenFormat, jobs: int | None, *, quiet: bool
) -> int:
    """Write all workbooks and tell of each; return how many could not be written."""
    printer = _Printer(task, output_format, quiet=quiet)
    for carried in _made(task, wanted, jobs, quiet=quiet):
        printer.tell(carried)
    printer.end()
    return printer.failed


def _made(task: CarryTask, wanted: Sequence[CarryParcel], jobs: int | None, *, quiet: bool) -> Iterator[Carried]:
    from perfxl.year.carry.each import carry_each

    with processes(len(wanted), jobs, _WORTH_A_PROCESS) as workers:
        yield from watched(carry_each(task, wanted, workers), len(wanted), _TALLY, _kind, quiet=quiet)


def _kind(carried: Carried) -> str:
    return _TALLY.kinds[bool(carried.error)]


class _Printer:
    """Writes what became of each workbook: paths for people, entries for programs; notes to stderr."""

    def __init__(self, task: CarryTask, output_format: ScreenFormat, *, quiet: bool) -> None:
        self.task = task
        self.format = output_format
        self.quiet = quiet
        self.told = self.failed = self.notes = 0

    def tell(self, carried: Carried) -> None:
        if carried.error:
            self.failed += 1
            say(carried.error)
            return
        if self.format is ScreenFormat.TEXT:
            out(f"{(self.task.output / carried.file).as_posix()}\n")
            self._notes(carried)
        else:
            self._entry(carried)
        self.told += 1
        self.notes += len(carried.notes)

    def _notes(self, carried: Carried) -> None:
        if self.quiet or not carried.notes:
            return
        say(f"“{carried.file}”带入 {carried.carried} 项，有 {len(carried.notes)} 处请核对：")
        for note in carried.notes[:_NOTES]:
            say(f"  {note.message}")
        if len(carried.notes) > _NOTES:
            say(f"  ……还有 {len(carried.notes) - _NOTES} 处，用 --output-format json 列出全部")

    def _entry(self, carried: Carried) -> None:
        from perfxl.reporting.document import as_line
        from perfxl.year.carry.document import element, entry

        if self.format is ScreenFormat.JSONL:
            out(as_line(entry(carried)).decode())
            return
        out("," if self.told else "[")
        out("\n" + element(carried).decode())

    def end(self) -> None:
        if self.format is ScreenFormat.JSON:
            out("\n]\n" if self.told else "[]\n")
        if self.quiet:
            return
        failed = f"，{self.failed} 个没有生成" if self.failed else ""
        notes = f"；有 {self.notes} 处请核对" if self.notes else ""
        say(f"已带入 {self.told} 个工作簿{failed}{notes}")
