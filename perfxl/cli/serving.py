"""The command serve."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from perfxl.cli.console import out, ready, say, usage
from perfxl.cli.options import number, path, words

_EXTRA = "perfxl[serve]"


def serve_workspace(
    *,
    workspace: Annotated[
        Path,
        typer.Option(
            "--workspace",
            metavar="文件夹",
            help="工作所在的文件夹：下发、交回、结果、汇总、名册都在里面。",
            parser=path("--workspace"),
        ),
    ] = Path(),
    host: Annotated[
        str,
        typer.Option(
            "--host",
            metavar="地址",
            help="在哪个地址上提供服务；127.0.0.1 只有本机能打开，0.0.0.0 局域网里都能打开。",
            parser=words("--host"),
        ),
    ] = "127.0.0.1",
    port: Annotated[
        int,
        typer.Option(
            "--port", metavar="端口", help="在哪个端口上。", parser=number("--port", 1, 65535, " 1 到 65535 的整数")
        ),
    ] = 8300,
    officers: Annotated[bool, typer.Option("--officers", help="另开 /check 一页给填报人检查，不用密钥。")] = False,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="不自动打开浏览器。")] = False,
) -> None:
    """在浏览器里做全部工作：下发、收表、审核、退回、结转、汇总。"""
    try:
        from perfxl.serve.server import NoAddressError, PortTakenError, listen, serve
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == "perfxl":
            raise
        usage(f'还没有安装这项功能要用的组件，请先运行：pip install "{_EXTRA}"')
    if workspace.exists() and not workspace.is_dir():
        usage(f"“{workspace}”不是文件夹")
    ready([workspace])
    try:
        taken = listen(host, port)
    except PortTakenError as error:
        usage(f"{error}；请用 --port 另选一个，如 --port {port % 65535 + 1}")
    except NoAddressError as error:
        usage(f"{error}，请改 --host")

    def told(address: str) -> None:
        out(f"{address}\n")
        say(f"已启动，工作都在文件夹“{workspace.resolve()}”里。用上面的地址打开；地址里有密钥，不要发给不相干的人。")
        if officers:
            say(f"填报人检查用：{address.partition('?')[0]}check")
        say("要停下来，在这个窗口按 Ctrl+C。")
        if not no_browser:
            import threading
            import webbrowser

            # A browser of letters keeps the terminal until it is left: the server goes on meanwhile.
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

    serve(taken, workspace, host, officers=officers, told=told)
