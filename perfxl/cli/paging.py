"""The command page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from perfxl.cli.console import form_of, load, out, unwritable, usage
from perfxl.cli.options import Quiet, Templates, path

_PAGE = Path("output") / "填报自检.html"


def write_page(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="表样...", help="放进去的表样，不写则全部。", show_default=False)
    ] = None,
    *,
    output: Annotated[
        Path,
        typer.Option("-o", "--output", metavar="文件", help="网页放在哪里。", parser=path("-o")),
    ] = _PAGE,
    runtime: Annotated[
        Path | None,
        typer.Option(
            "--runtime",
            metavar="位置",
            help="网页要用的组件所在的文件夹或压缩包；不写则下载一次，以后都用它。",
            show_default=False,
            parser=path("--runtime"),
        ),
    ] = None,
    blanks: Annotated[bool, typer.Option("--blanks", help="网页上也可以保存空白表。")] = False,
    templates: Templates = None,
    quiet: Quiet = False,
) -> None:
    """写一个网页（单个文件），发给填报人：在浏览器里打开，不联网、不安装，就能检查填好的工作簿。"""
    from perfxl.outputs import write_whole
    from perfxl.page.build import build
    from perfxl.page.runtime import RuntimeMissingError
    from perfxl.page.runtime import runtime as find

    known = load(templates)
    forms = {form.id: form for form in (form_of(known, name) for name in names)} if names else dict(known)
    if output.is_dir():
        output /= _PAGE.name
    try:
        made = build(forms, find(runtime), blanks=tuple(forms) if blanks else ())
    except RuntimeMissingError as error:
        usage(str(error))
    try:
        write_whole(output, made)
    except OSError as error:
        unwritable(output, error)
    out(f"{output.as_posix()}\n")
    if not quiet:
        out(
            f"网页里有 {len(forms)} 张表样，{len(made) / 1_000_000:.1f} MB；发给填报人，双击打开，把填好的工作簿拖进去就能检查\n"
        )
