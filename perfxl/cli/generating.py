"""The command generate."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from perfxl.cli.console import form_of, load, out, say, usage, write
from perfxl.cli.options import Output, Quiet, Templates, Year

if TYPE_CHECKING:
    from collections.abc import Mapping

    from perfxl.model.form import Form
    from perfxl.model.layout import Layout


def generate_workbook(  # noqa: PLR0913 - one parameter an option
    form: Annotated[
        list[str], typer.Argument(metavar="表式...", help="几个表式合成一个工作簿；表式:4 为同样的 4 张。")
    ],
    *,
    year: Year = None,
    unit: Annotated[str | None, typer.Option("--unit", metavar="名称", help="单位名称。")] = None,
    unit_code: Annotated[str | None, typer.Option("--unit-code", metavar="代码", help="单位代码。")] = None,
    data: Annotated[Path | None, typer.Option("--data", metavar="文件.json", help="预填的数据。")] = None,
    rows: Annotated[
        list[str] | None, typer.Option("--rows", metavar="表=行数", help="可增行的表留几行，如 projects=30，可写多次。")
    ] = None,
    name: Annotated[str | None, typer.Option("--name", metavar="样式", help="文件名的样式，见文档。")] = None,
    output: Output = Path("output"),
    templates: Templates = None,
    quiet: Quiet = False,
) -> None:
    """生成空白的或预填的工作簿。"""
    from perfxl.api import generate
    from perfxl.naming import Named, PatternError, file_names

    known = load(templates)
    wanted = [one for text in form for one in _copies(known, text)]
    given = _json(data) if data is not None else None
    if given is not None and len({one.id for one in wanted}) > 1:
        usage("--data 只能用于一个表式；几个表式请分别生成")
    sizes = _sizes(rows or [])
    stamps = [_placed(one, year, unit, unit_code, given, sizes).stamp for one in wanted]
    named = Named(
        form=wanted[0].id,
        title=wanted[0].title,
        year="" if stamps[0].year is None else str(stamps[0].year),
        unit=stamps[0].unit.name or "",
        code=unit_code or "",
    )
    try:
        (target,) = file_names([named], name)
    except PatternError as error:
        usage(f"--name 的样式不能用：{error}")
    workbook = generate(wanted, year=year, unit=unit, unit_code=unit_code, data=given, rows=sizes)
    write(output / target, workbook)
    if not quiet:
        say("已生成：")
    out(f"{(output / target).as_posix()}\n")


def _sizes(texts: list[str]) -> dict[str, int]:
    """Read ``projects=30``."""
    sizes: dict[str, int] = {}
    for text in texts:
        table, equals, count = text.partition("=")
        if not equals or not (count.isascii() and count.isdigit() and 1 <= int(count) <= 2000):
            usage(f"--rows 的“{text}”写得不对，写成 projects=30 这样，1 到 2000 行")
        sizes[table] = int(count)
    return sizes


def _placed(
    form: Form,
    year: int | None,
    unit: str | None,
    code: str | None,
    data: Mapping[str, Any] | None,
    rows: Mapping[str, int],
) -> Layout:
    """Place a form with what is known; data that does not belong to it is told with every misfit."""
    from perfxl.api import DataError, layout

    try:
        return layout(form, year=year, unit=unit, unit_code=code, data=data, rows=rows)
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

    try:
        given = json.loads(path.read_text(encoding="utf-8-sig"), parse_float=Decimal)
    except OSError:
        usage(f"打不开“{path}”")
    except (ValueError, RecursionError):
        usage(f"“{path}”不是可读的 JSON 文件")
    if not isinstance(given, dict):
        usage(f"“{path}”里应是一个表的数据（以花括号开头）")
    return given
