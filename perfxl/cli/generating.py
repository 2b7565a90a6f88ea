"""The command generate."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from perfxl.cli.console import UNREADABLE, form_of, load, out, read_units, ready, say, usage, wrong_roster
from perfxl.cli.options import AskedPeriod, FormNames, Jobs, Output, Pattern, Quiet, Templates, Year, path, words
from perfxl.cli.progress import Tally, processes, watched

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from perfxl.forms.outgoing import Outgoing, Own
    from perfxl.model.form import Form
    from perfxl.model.period import Period
    from perfxl.send.each import Parcel, Sent

_TALLY = Tally("正在生成", ("已生成", "写不了"))
_WORTH_A_PROCESS = 500
"""Workbooks that are made in the time that a process takes to start."""


def generate_workbook(  # noqa: PLR0913 - one parameter an option
    form: FormNames,
    *,
    year: Year = None,
    period: AskedPeriod = None,
    unit: Annotated[
        str | None, typer.Option("--unit", metavar="名称", help="单位名称。", parser=words("--unit"))
    ] = None,
    unit_code: Annotated[
        str | None, typer.Option("--unit-code", metavar="代码", help="单位代码。", parser=words("--unit-code"))
    ] = None,
    data: Annotated[
        Path | None, typer.Option("--data", metavar="文件.json", help="预填的数据。", parser=path("--data"))
    ] = None,
    rows: Annotated[
        list[str] | None,
        typer.Option(
            "--rows", metavar="表=行数", help="可增行的表留几行，如 projects=30，可写多次。", parser=words("--rows")
        ),
    ] = None,
    roster: Annotated[
        Path | None,
        typer.Option(
            "--roster", metavar="名册", help="单位名册（CSV 或 Excel），每个单位一个工作簿。", parser=path("--roster")
        ),
    ] = None,
    name: Pattern = None,
    contact: Annotated[
        str | None,
        typer.Option(
            "--contact",
            metavar="文字",
            help="填表说明上写明向谁询问，如 财政局预算科 张某 0000-0000000。",
            parser=words("--contact"),
        ),
    ] = None,
    output: Output = Path("output"),
    jobs: Jobs = None,
    templates: Templates = None,
    quiet: Quiet = False,
) -> None:
    """生成空白的或预填的工作簿；有名册时每个单位一个。"""
    from msgspec.structs import replace

    from perfxl.cli.periods import asked_period
    from perfxl.forms.outgoing import Own
    from perfxl.model.period import Period
    from perfxl.send.each import Parcel

    known = load(templates)
    wanted = [one for text in form for one in _copies(known, text)]
    if templates:
        _lose_nothing(wanted)
    given = _json(data) if data is not None else None
    if given is not None and len({one.id for one in wanted}) > 1:
        usage("--data 只能用于一个表式；几个表式请分别生成")
    sizes = _sizes(rows or [])
    time = asked_period(period, year, wanted) if period is not None else Period(year)
    outgoing = [_outgoing(one, time, given, sizes) for one in wanted]
    if roster is None:
        owns = [tuple(Own(unit, unit_code) for _ in wanted)]
    else:
        owns = [
            tuple(own if own.code else replace(own, code=unit_code) for own in each) for each in _roster(roster, wanted)
        ]
    _dated(outgoing, owns)
    parcels = [Parcel(output / name, own) for name, own in zip(_names(outgoing, owns, name), owns, strict=True)]
    _spare([path for path in (roster, data) if path is not None], parcels)
    _send(outgoing, parcels, jobs, contact or "", quiet=quiet)


def _lose_nothing(forms: Sequence[Form]) -> None:
    """See that no form of one's own goes out with a cell that could not be read when it comes back."""
    from perfxl.send.order import lost_inputs

    problems = [*lost_inputs(forms)]
    if problems:
        usage("表样有错误，请先改正：\n" + "\n".join(map(str, problems)))


def _roster(path: Path, forms: Sequence[Form]) -> Sequence[tuple[Own, ...]]:
    """Read a roster and what it prefills; every mistake in it is told."""
    from perfxl.roster.prefill import prefills
    from perfxl.roster.read import RosterError

    units = read_units(path)
    try:
        found = prefills(units, forms)
    except RosterError as error:
        wrong_roster(path, error)
    for note in found.notes:
        say(f"名册“{path}”：{note}")
    return found.owns


def _dated(outgoing: Sequence[Outgoing], owns: Sequence[tuple[Own, ...]]) -> None:
    """See that no form goes out with blanks for the year in its printed words."""
    from perfxl.send.order import UndatedError, see_dated

    try:
        see_dated(outgoing, owns)
    except UndatedError as error:
        usage(f"{error}，请用 --year 写明，如 --year 2024")


def _names(outgoing: Sequence[Outgoing], owns: Sequence[tuple[Own, ...]], pattern: str | None) -> list[str]:
    """Name the workbooks; a pattern that cannot be used is told."""
    from perfxl.send.naming import PatternError
    from perfxl.send.order import names

    try:
        return names(outgoing, owns, pattern)
    except PatternError as error:
        usage(f"--name 的样式不能用：{error}")


def _spare(inputs: Sequence[Path], parcels: Sequence[Parcel]) -> None:
    """See that nothing is written over what was given."""
    given = {path.resolve() for path in inputs}
    for parcel in parcels:
        if parcel.path.resolve() in given:
            usage(f"会覆盖“{parcel.path}”，请用 -o 另选一个文件夹")


def _send(
    outgoing: Sequence[Outgoing], parcels: Sequence[Parcel], jobs: int | None, contact: str, *, quiet: bool
) -> None:
    """Write all workbooks, print their paths, and end with exit code 3 where one could not be written."""
    from perfxl.outputs import sweep
    from perfxl.send.each import send

    ready({parcel.path.parent for parcel in parcels})
    failed: dict[str, list[str]] = {}
    with processes(len(parcels), jobs, _WORTH_A_PROCESS) as workers:
        sending = send(outgoing, parcels, workers, contact=contact)
        for sent in watched(sending, len(parcels), _TALLY, _outcome, quiet=quiet):
            if sent.error:
                failed.setdefault(sent.error, []).append(sent.path.as_posix())
            else:
                out(f"{sent.path.as_posix()}\n")
    sweep({parcel.path.parent for parcel in parcels})
    for reason, names in failed.items():
        say(f"写不了“{names[0]}”{f'等 {len(names)} 个文件' if len(names) > 1 else ''}：{reason}")
    lost = sum(map(len, failed.values()))
    if not quiet:
        say(f"已生成 {len(parcels) - lost} 个工作簿{f'，{lost} 个写不了' if lost else ''}")
    if lost:
        raise typer.Exit(UNREADABLE)


def _outcome(sent: Sent) -> str:
    return _TALLY.kinds[bool(sent.error)]


def _sizes(texts: list[str]) -> dict[str, int]:
    """Read ``projects=30``."""
    from perfxl.model.form import MOST_ROWS

    sizes: dict[str, int] = {}
    for text in texts:
        table, equals, count = text.partition("=")
        if not (table and equals) or not (count.isascii() and count.isdigit() and 1 <= int(count) <= MOST_ROWS):
            usage(f"--rows 的“{text}”写得不对，写成 projects=30 这样，1 到 {MOST_ROWS} 行")
        sizes[table] = int(count)
    return sizes


def _outgoing(form: Form, period: Period, data: Mapping[str, Any] | None, rows: Mapping[str, int]) -> Outgoing:
    """Prepare a form with what every unit gets; data that does not belong to it is told with every misfit."""
    from perfxl.forms.data import DataError
    from perfxl.forms.outgoing import Outgoing

    try:
        return Outgoing.of(form, period=period, data=data, rows=rows)
    except DataError as error:
        lines = "\n".join(f"  {misfit.path}：{misfit.message}" for misfit in error.misfits)
        usage(f"填入的内容与《{form.title}》不符：\n{lines}")


def _copies(known: Mapping[str, Form], text: str) -> list[Form]:
    """Read ``form`` or ``form:4``."""
    name, colon, count = text.partition(":")
    if colon and not (count.isascii() and count.isdigit() and 1 <= int(count) <= 200):
        usage(f"“{text}”的张数不对，写成 {name}:4 这样，1 到 200 张")
    return [form_of(known, name)] * int(count or 1)


def _json(path: Path) -> Mapping[str, Any]:
    import json
    from decimal import Decimal

    from perfxl.model.error import reason_of

    try:
        given = json.loads(path.read_text(encoding="utf-8-sig"), parse_float=Decimal)
    except OSError as error:
        usage(f"打不开“{path}”：{reason_of(error)}")
    except (ValueError, RecursionError):
        usage(f"“{path}”不是可读的 JSON 文件")
    if not isinstance(given, dict):
        usage(f"“{path}”里应是一个表的数据（以花括号开头）")
    return given
