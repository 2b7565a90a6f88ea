"""检查: an officer's own workbook, checked and given back marked. Nothing of it is kept, and no key is asked for."""

from __future__ import annotations

import asyncio
import base64
from pathlib import Path

from markupsafe import Markup
from msgspec import Struct
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from perfxl.package.limits import DEFAULT
from perfxl.receive.run import lost_by
from perfxl.serve import work
from perfxl.serve.rendering import render
from perfxl.serve.uploads import Posted, RefusedError, posted
from perfxl.serve.visit import WORKBOOK, Page, Visit
from perfxl.workers import OutOfMemory, OutOfTime, WorkerDied

_MOST = DEFAULT.max_bytes // 1_000_000


class Shown(Struct, frozen=True):
    """A checked workbook: what there is to see of it, and its marked copy as an address that holds it whole."""

    html: Markup
    copy: str
    name: str


async def ask(visit: Visit) -> Response:
    """Ask for a workbook."""
    _open(visit)
    return HTMLResponse(render("check.html.j2", checked=None, passed_over=(), most=_MOST))


async def check(visit: Visit) -> Response:
    """Check a workbook and show what is wrong with it; the marked copy is in the page, and nowhere else."""
    _open(visit)
    client = visit.request.client
    with visit.desk.gate.pass_through(client.host if client else ""):
        # What changes nothing needs no token; that it comes from our own page has been seen to.
        async with posted(visit.request, None, lambda _: True) as given:
            found = await checked(visit, given)
    shown = [
        Shown(Markup(html), _address(copy), name.rpartition("/")[2])  # noqa: S704 - perfxl escapes all that was typed
        for html, copy, name in zip(found.views, found.marked, found.names, strict=True)
    ]
    return HTMLResponse(render("check.html.j2", checked=shown, passed_over=found.passed_over, most=_MOST))


async def checked(visit: Visit, given: Posted) -> work.Checked:
    """Have the one file that was handed in checked by a watched worker. Raises RefusedError."""
    if given.refused:
        raise RefusedError(413, f"{given.refused[0]}；请删去图片、附件和多余的工作表，另存后再上传。")
    if len(given.files) != 1:
        raise RefusedError(400, "请选择一个填好的工作簿。")
    folder, (name,) = await run_in_threadpool(work.lay_out, given.files)
    return await _worked(visit, folder, name)


async def _worked(visit: Visit, folder: Path, name: str) -> work.Checked:
    try:
        return await asyncio.wrap_future(visit.desk.looking(work.check, folder, [name]))
    except (OutOfTime, OutOfMemory, WorkerDied) as error:
        return await asyncio.wrap_future(visit.desk.looking(work.lost, name, lost_by(error).name))


def _address(copy: bytes | None) -> str:
    return "" if copy is None else f"data:{WORKBOOK};base64,{base64.b64encode(copy).decode()}"


def _open(visit: Visit) -> None:
    if not visit.desk.officers:
        raise HTTPException(404)


PAGES: tuple[Page, ...] = (("GET", "/check", ask), ("POST", "/check", check))
