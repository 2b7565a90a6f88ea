"""The command notices."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from perfxl.cli.console import UNREADABLE, load, out, say, unwritable, usage
from perfxl.cli.options import Quiet, Templates, path
from perfxl.cli.sources import Results, find_sources, is_unreadable, open_sources, tell_left_out

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfxl.year.notices.outcome import Notice

_TOGETHER = Path("output") / "退回通知.docx"


def _day(given: object) -> dt.date:
    """Return the day that was typed; what is none ends the command."""
    from perfxl.values.dates import read_date

    day = read_date(str(given)).value
    if day is None:
        usage(f"选项 --deadline 填的是“{given}”，应是年月日，如 2024-05-20")
    return day


def write_notices(
    paths: Results,
    *,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="文件",
            help="全部通知写成一个文档，放在哪里，默认 output/退回通知.docx。",
            show_default=False,
            parser=path("-o"),
        ),
    ] = None,
    each: Annotated[
        Path | None,
        typer.Option("--each", metavar="文件夹", help="一份通知一个文档，放在这里。", parser=path("--each")),
    ] = None,
    deadline: Annotated[
        dt.date | None,
        typer.Option(
            "--deadline", metavar="日期", help="重新报送的期限，如 2024-05-20。", show_default=False, parser=_day
        ),
    ] = None,
    templates: Templates = None,
    quiet: Quiet = False,
) -> None:
    """写退回通知（Word 文档）：每份退回的表一页，写明须改正的、怎样改、请核实的。"""
    from perfxl.documents.mistakes import MasterError
    from perfxl.year.notices.gather import gather
    from perfxl.year.notices.notices import write

    known = load(templates)
    found = find_sources(paths)
    made, left_out = gather(open_sources(found, known, quiet=quiet), known)
    left_out = (*found.left_out, *left_out)
    tell_left_out(left_out)
    together = output or (None if each is not None else _TOGETHER)
    if together is not None and together.is_dir():
        together /= _TOGETHER.name
    try:
        files = write(made, together, each, deadline=deadline, templates=tuple(templates or ()))
    except MasterError as error:
        usage(str(error))
    except OSError as error:
        unwritable(Path(error.filename2 or error.filename or together or each or ""), error)
    for file in files:
        out(f"{file.as_posix()}\n")
    if not quiet:
        _tell(made)
    if is_unreadable(left_out):
        raise typer.Exit(UNREADABLE)


def _tell(made: Sequence[Notice]) -> None:
    """Say on stderr how many notices there are, and which list only a part."""
    if not made:
        say("没有要退回的，没有写通知")
        return
    for notice in made:
        more = notice.more_errors + notice.more_warnings
        if more and not notice.marked:
            say(f"“{notice.document}”的通知只列出一部分，另有 {more} 处没有列；标注件不在旁边，请从审核总览查看")
    say(f"已写退回通知 {len(made)} 份")
