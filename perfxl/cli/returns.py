"""The commands import and check."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import typer

from perfxl.cli.console import form_of, load, out, say, usage, write
from perfxl.cli.options import (
    FailOn,
    Format,
    Jobs,
    NoColor,
    OnlyForm,
    Output,
    OutputFormat,
    Paths,
    Quiet,
    Strict,
    Templates,
    Year,
)

if TYPE_CHECKING:
    from perfxl.batch import Outcome, Task
    from perfxl.outputs import Input


def import_returns(  # noqa: PLR0913 - one parameter an option
    paths: Paths,
    *,
    output: Output = Path("output"),
    form: OnlyForm = None,
    year: Year = None,
    fail_on: Strict = FailOn.ERROR,
    output_format: OutputFormat = Format.TEXT,
    jobs: Jobs = None,
    templates: Templates = None,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """收回填好的工作簿：读出数据，审核，标出错处。"""
    from perfxl.batch import find
    from perfxl.report.document import submission_json
    from perfxl.report.findings import findings_csv, summary_json

    _there(paths)
    found = find(paths, but=output)
    task, titles = _task(templates, form, year)
    outcomes = _run(found.inputs, task, jobs, quiet=quiet)
    names = _names(found.inputs, outcomes, output)
    for outcome, (document, copy) in zip(outcomes, names, strict=True):
        write(output / document, submission_json(outcome.submission, outcome.datas))
        if outcome.marked is not None:
            write(output / copy, outcome.marked)
        else:
            (output / copy).unlink(missing_ok=True)
    everything = [*(outcome.submission for outcome in outcomes), *found.passed_over]
    write(output / "findings.csv", findings_csv(everything))
    write(output / "summary.json", summary_json(everything))
    _print(outcomes, found.passed_over, output_format, titles, quiet=quiet, no_color=no_color)
    if not quiet and output_format is Format.TEXT:
        out("结果：\n")
        for outcome, (document, copy) in zip(outcomes, names, strict=True):
            out(f"  数据　　{(output / document).as_posix()}\n")
            if outcome.marked is not None:
                out(f"  标注件　{(output / copy).as_posix()}\n")
        out(f"  审核意见　{(output / 'findings.csv').as_posix()}\n")
    _end(outcomes, fail_on)


def check_returns(  # noqa: PLR0913 - one parameter an option
    paths: Paths,
    *,
    form: OnlyForm = None,
    year: Year = None,
    fail_on: Strict = FailOn.ERROR,
    output_format: OutputFormat = Format.TEXT,
    jobs: Jobs = None,
    templates: Templates = None,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """只读取和审核，不写任何文件。"""
    from perfxl.batch import find

    _there(paths)
    found = find(paths)
    task, titles = _task(templates, form, year)
    outcomes = _run(found.inputs, task, jobs, quiet=quiet)
    _print(outcomes, found.passed_over, output_format, titles, quiet=quiet, no_color=no_color)
    _end(outcomes, fail_on)


def _there(paths: Iterable[Path]) -> None:
    missing = [str(path) for path in paths if not path.exists()]
    if missing:
        usage(f"找不到：{'、'.join(missing)}")


def _task(templates: list[Path] | None, form: str | None, year: int | None) -> tuple[Task, dict[str, str]]:
    """Return what workers need to know, and the title of each form."""
    from perfxl.batch import Task
    from perfxl.pipeline import Asked

    known = load(templates)
    if form is not None:
        form_of(known, form)
    task = Task(tuple(templates or ()), Asked(form=form, year=year))
    return task, {name: one.title for name, one in known.items()}


def _run(inputs: tuple[Input, ...], task: Task, jobs: int | None, *, quiet: bool) -> list[Outcome]:
    """Run a batch: one file here, many in as many processes as there are processors."""
    import os

    from perfxl.batch import prepare, run

    count = min(jobs or os.cpu_count() or 1, len(inputs))
    if count <= 1 or (jobs is None and len(inputs) < 8):
        return list(_progress(run(inputs, task), len(inputs), quiet=quiet))
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(count, initializer=prepare, initargs=(task,)) as executor:
        return list(_progress(run(inputs, task, executor), len(inputs), quiet=quiet))


def _progress(outcomes: Iterable[Outcome], total: int, *, quiet: bool) -> Iterable[Outcome]:
    """Show a bar on stderr where a person watches and there is something to wait for."""
    if quiet or total < 8 or not sys.stderr.isatty():
        return outcomes
    from rich.console import Console
    from rich.progress import track

    return track(outcomes, "正在审核", total=total, console=Console(stderr=True), transient=True)


def _names(inputs: tuple[Input, ...], outcomes: list[Outcome], output: Path) -> list[tuple[str, str]]:
    """The names of all results; refused where one of them is a file that was handed in."""
    from perfxl.batch import result_names

    names = result_names(inputs, [outcome.submission for outcome in outcomes])
    handed_in = {item.path.resolve() for item in inputs}
    for name in (name for pair in names for name in pair):
        if (output / name).resolve() in handed_in:
            usage(f"结果会覆盖交回的文件“{output / name}”，请用 -o 另选一个文件夹")
    return names


def _print(
    outcomes: list[Outcome],
    passed_over: Iterable[Any],
    output_format: Format,
    titles: dict[str, str],
    *,
    quiet: bool,
    no_color: bool,
) -> None:
    if output_format is Format.TEXT:
        if not quiet:
            _text(outcomes, passed_over, titles, no_color=no_color)
        return
    from perfxl.report.document import submission_line, submissions_json

    if output_format is Format.JSON:
        out(submissions_json([(outcome.submission, outcome.datas) for outcome in outcomes]).decode())
        return
    for outcome in outcomes:
        out(submission_line(outcome.submission, outcome.datas).decode())


def _text(outcomes: list[Outcome], passed_over: Iterable[Any], titles: dict[str, str], *, no_color: bool) -> None:
    import os
    import shutil

    from perfxl.report.terminal import render, summary_table

    color = not no_color and not os.environ.get("NO_COLOR") and sys.stdout.isatty()
    width = min(shutil.get_terminal_size((100, 24)).columns, 120)
    for outcome in outcomes:
        out(render(outcome.submission, color=color, width=width, titles=titles) + "\n")
    for submission in passed_over:
        say(submission.findings[0].message)
    if len(outcomes) > 1:
        out(summary_table([outcome.submission for outcome in outcomes], color=color, width=width) + "\n")


def _end(outcomes: list[Outcome], fail_on: FailOn) -> NoReturn:
    from perfxl.batch import exit_code
    from perfxl.model.finding import Severity

    raise typer.Exit(exit_code((outcome.submission for outcome in outcomes), Severity(fail_on.value)))
