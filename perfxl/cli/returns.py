"""The commands import and check."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

from perfxl.cli.console import UNREADABLE, form_of, load, look_back, read_units, say, unwritable, usage
from perfxl.cli.options import (
    Earlier,
    FailOn,
    Force,
    Format,
    Jobs,
    NoColor,
    OnlyForm,
    Output,
    OutputFormat,
    Paths,
    Quiet,
    Roster,
    Strict,
    Templates,
    Year,
)
from perfxl.cli.printing import PAGES, Printer
from perfxl.cli.progress import Tally, watched

if TYPE_CHECKING:
    from perfxl.receive.conclude import Batch
    from perfxl.receive.pile import Pile, Step
    from perfxl.receive.request import Request

_VERDICTS = {"accepted": "通过", "rejected": "退回", "unreadable": "读不了"}
_TALLY = Tally("正在审核", tuple(_VERDICTS.values()))


def import_returns(  # noqa: PLR0913 - one parameter an option
    paths: Paths,
    *,
    output: Output = Path("output"),
    form: OnlyForm = None,
    year: Year = None,
    roster: Roster = None,
    against: Earlier = None,
    fail_on: Strict = FailOn.ERROR,
    force: Force = False,
    output_format: OutputFormat = Format.TEXT,
    jobs: Jobs = None,
    templates: Templates = None,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """收回填好的工作簿：读出数据，审核，标出错处。"""
    from perfxl.receive.conclude import write_batch
    from perfxl.receive.importing import WouldOverwriteError, gather

    _there(paths)
    if against is not None and output.resolve().is_relative_to(against.resolve()):
        usage("--against 的文件夹里不能是这次的结果；请用 -o 另选一个文件夹")
    request = _request(templates, form, year, roster, against)
    try:
        pile, folder = gather(paths, output, request, force=force)
    except WouldOverwriteError as error:
        usage(f"结果会覆盖交回的文件“{error}”，请用 -o 另选一个文件夹")
    _read(pile, jobs, quiet=quiet)
    printer = Printer(output_format, pile, color=not no_color, quiet=quiet)
    try:
        batch = printer.conclude(pages=len(pile.found.inputs) <= PAGES)
        write_batch(batch, output)
        folder.close()
    except OSError as error:
        unwritable(output, error)
    printer.results(batch, output, folder.others)
    _end(pile, batch, fail_on)


def check_returns(  # noqa: PLR0913 - one parameter an option
    paths: Paths,
    *,
    form: OnlyForm = None,
    year: Year = None,
    roster: Roster = None,
    against: Earlier = None,
    fail_on: Strict = FailOn.ERROR,
    output_format: OutputFormat = Format.TEXT,
    jobs: Jobs = None,
    templates: Templates = None,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """只读取和审核，不写任何文件。"""
    from perfxl.receive.importing import look

    _there(paths)
    pile = look(paths, _request(templates, form, year, roster, against))
    _read(pile, jobs, quiet=quiet)
    batch = Printer(output_format, pile, color=not no_color, quiet=quiet).conclude(pages=True)
    _end(pile, batch, fail_on)


def _there(paths: Iterable[Path]) -> None:
    missing = [str(path) for path in paths if not path.exists()]
    if missing:
        usage(f"找不到：{'、'.join(missing)}")


def _request(
    templates: list[Path] | None, form: str | None, year: int | None, roster: Path | None, against: Path | None
) -> Request:
    """Return what the options ask for; what is wrong with them is wrong usage."""
    from perfxl.receive.request import Request

    known = load(templates)
    if form is not None:
        form_of(known, form)
    units = read_units(roster) if roster is not None else None
    earlier = look_back(against, known) if against is not None else None
    return Request.of(templates=templates or (), form=form, year=year, roster=units, against=earlier)


def _read(pile: Pile, jobs: int | None, *, quiet: bool) -> None:
    """Read a pile in as many processes as there are processors, and tell what of it was read before."""
    import os

    from perfxl.workers import Workers

    total = len(pile.found.inputs)
    count = min(jobs or os.cpu_count() or 1, total)
    kept = 0
    with Workers(count, pile.request.limits.max_seconds) as workers:
        try:
            for step in watched(pile.read(workers), total, _TALLY, _verdict, quiet=quiet):
                kept += step.kept
        except BaseException:
            workers.shutdown(wait=True, cancel_futures=True)
            raise
    if kept and not quiet:
        say(f"{kept} 个文件与上次相同，沿用上次的结果（要重新读取请加 --force）")


def _verdict(step: Step) -> str:
    return _VERDICTS[step.verdict.value]


def _end(pile: Pile, batch: Batch, fail_on: FailOn) -> NoReturn:
    from perfxl.model.finding import Severity
    from perfxl.receive.conclude import exit_code

    for item, error in pile.unwritten:
        say(f"“{item.name}”的结果写不了：{error.strerror or '磁盘已满或没有权限'}")
    code = exit_code(batch.submissions, Severity(fail_on.value))
    raise typer.Exit(UNREADABLE if pile.unwritten else code)
