"""The command summarize."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from perfxl.cli.console import UNREADABLE, load, out, read_units, say, unwritable, usage
from perfxl.cli.options import Quiet, Templates, one_of, path, words
from perfxl.cli.sources import Results, find_sources, is_unreadable, open_sources, tell_left_out

if TYPE_CHECKING:
    from collections.abc import Iterable

    from perfxl.year.sources import Document
    from perfxl.year.summarize.outcome import Summary, SummaryTarget

_FOLDER = Path("output")
_SUFFIXES = {".sqlite": "sqlite", ".db": "sqlite", ".duckdb": "duckdb"}
_NAMED = 10
"""How many units are named on the terminal."""


def _targets() -> list[str]:
    from perfxl.year.summarize.outcome import SummaryTarget

    return [target.value for target in SummaryTarget]


def summarize_returns(
    paths: Results,
    *,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="文件",
            help="汇总写到哪里，默认 output/汇总.xlsx。",
            show_default=False,
            parser=path("-o"),
        ),
    ] = None,
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="xlsx|sqlite|duckdb|parquet|csv",
            help="写成什么，默认 xlsx；parquet、csv 是一个文件夹。",
            show_default=False,
            parser=words("--to"),
            autocompletion=lambda incomplete: [word for word in _targets() if word.startswith(incomplete)],
        ),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="退回的也计入；被后来交回的代替的列在明细里，不计入合计。")
    ] = False,
    roster: Annotated[
        Path | None,
        typer.Option(
            "--roster",
            metavar="名册",
            help="单位名册（CSV 或 Excel）：定先后，列出还没有可用结果的单位。",
            parser=path("--roster"),
        ),
    ] = None,
    templates: Templates = None,
    quiet: Quiet = False,
) -> None:
    """把导入的结果汇总成一个工作簿：汇总表、明细、指标、排名、图表；或写成数据库。"""
    from perfxl.model.error import Error
    from perfxl.year.summarize.outcome import NothingToSumError
    from perfxl.year.summarize.summarize import summarize_opened

    target = _target(to, output)
    result = output or _FOLDER / target.default_name
    if result.is_dir() and not target.is_folder:
        result /= target.default_name
    known = load(templates)
    units = read_units(roster) if roster is not None else None
    found = find_sources(paths)
    _spare(result, found.documents, [*paths, *([roster] if roster is not None else [])])
    try:
        summary = summarize_opened(
            open_sources(found, known, quiet=quiet),
            known,
            result,
            target=target,
            roster=units,
            everything=everything,
            left_out=found.left_out,
            settled=lambda: None if quiet else say("正在写汇总…"),
        )
    except NothingToSumError as error:
        tell_left_out(error.left_out)
        usage("没有可以汇总的结果" + ("" if everything else "；退回的也要计入，请加 --all"))
    except Error as error:
        usage(str(error))
    except OSError as error:
        unwritable(result, error)
    _tell(summary, quiet=quiet)
    out(f"{result.as_posix()}\n")
    if is_unreadable(summary.left_out):
        raise typer.Exit(UNREADABLE)


def _target(to: str | None, output: Path | None) -> SummaryTarget:
    """Return what is to be written: as asked for, else as the file's name says."""
    from perfxl.year.summarize.outcome import SummaryTarget

    asked = to or (_SUFFIXES.get(output.suffix.lower(), "xlsx") if output is not None else "xlsx")
    return one_of("--to", SummaryTarget)(asked)


def _spare(result: Path, documents: Iterable[Document], given: Iterable[Path]) -> None:
    """See that nothing is written over what was given."""
    place = result.resolve()
    inputs = {document.path.resolve() for document in documents} | {one.resolve() for one in given}
    if place in inputs:
        usage(f"会覆盖“{result}”，请用 -o 另选一个文件")


def _tell(summary: Summary, *, quiet: bool) -> None:
    """Say on stderr what was not counted, and why; then what was."""
    tell_left_out(summary.left_out)
    if summary.strangers:
        say(
            f"不在名册的单位 {len(summary.strangers)} 个：{_listed(unit.name or unit.code or '' for unit in summary.strangers)}"
        )
    if summary.missing:
        say(f"名册上还没有可用结果的单位 {len(summary.missing)} 个：{_listed(unit.name for unit in summary.missing)}")
    if not quiet:
        left = f"，{len(summary.left_out)} 项没有计入" if summary.left_out else ""
        say(f"已汇总 {summary.counted} 份，{summary.units} 个单位{left}")


def _listed(names: Iterable[str]) -> str:
    found = list(names)
    return "、".join(found[:_NAMED]) + ("等" if len(found) > _NAMED else "")
