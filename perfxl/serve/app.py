"""The application: the pages under their addresses, behind the guard; mistakes of visitors told in Chinese."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from perfxl.forms.definition.problem import DefinitionError
from perfxl.model.error import Error, reason_of
from perfxl.roster.read import RosterError
from perfxl.serve.desk import Desk, report
from perfxl.serve.guard import Guard
from perfxl.serve.rendering import render, static
from perfxl.serve.security import known_hosts
from perfxl.serve.uploads import GoneError, RefusedError
from perfxl.serve.visit import routes

PAGES = (
    "home",
    "work",
    "sending",
    "receiving",
    "round",
    "returned",
    "carrying",
    "summing",
    "narrating",
    "definitions",
    "adopting",
    "rules",
    "officers",
    "programs",
)
"""The modules of ``perfxl.serve.pages``; each has its ``PAGES``."""


def application(desk: Desk, host: str = "127.0.0.1") -> ASGIApp:
    """Return the application of a desk for a server that listens at an address."""

    @asynccontextmanager
    async def living(_: Starlette) -> AsyncIterator[None]:
        desk.begin()
        try:
            yield
        finally:
            desk.close()

    found = [Route("/static/{name}", _static)]
    for name in PAGES:
        found += routes(desk, import_module(f"perfxl.serve.pages.{name}").PAGES)
    inside = Starlette(
        routes=found,
        lifespan=living,
        exception_handlers={
            RefusedError: _refused,
            HTTPException: _unknown,
            Error: _mistaken,
            OSError: _disk,
            Exception: _fault,
        },
    )
    return Guard(inside, keyring=desk.keyring, hosts=known_hosts(host), officers=desk.officers)


async def _static(request: Request) -> Response:
    found = static().get(request.path_params["name"])
    if found is None:
        raise HTTPException(404)
    data, kind = found
    return Response(data, media_type=kind)


def _told(request: Request, status: int, messages: list[str], leads: Sequence[tuple[str, str]] = ()) -> Response:
    """Answer with what went wrong: as JSON to programs and scripts, else as a page."""
    wants_json = request.url.path.startswith("/api/") or "application/json" in request.headers.get("accept", "")
    if wants_json:
        return JSONResponse({"message": "\n".join(messages)}, status)
    return HTMLResponse(render("refused.html.j2", messages=messages, leads=leads), status)


async def _refused(request: Request, error: Exception) -> Response:
    status = error.status if isinstance(error, RefusedError) else 400
    answer = _told(request, status, [str(error)], error.leads if isinstance(error, GoneError) else ())
    # What of a body was not read would be taken for the next request.
    answer.headers["connection"] = "close"
    return answer


async def _unknown(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    return _told(request, status, ["没有这一页。" if status == 404 else "这里不能这样用。"])


async def _mistaken(request: Request, error: Exception) -> Response:
    match error:
        case DefinitionError():
            return _told(request, 422, ["表样有错误，请先改正：", *map(str, error.problems)])
        case RosterError():
            return _told(request, 422, ["名册有错误，请先改正：", *map(str, error.problems)])
        case _:
            return _told(request, 422, [str(error)])


async def _disk(request: Request, error: Exception) -> Response:
    if isinstance(error, FileNotFoundError) and error.filename:
        name = Path(error.filename).name
        said = f"“{name}”已不在工作文件夹里，可能已被移走或改名；请到“收表”页重新审核，再打开。"
        return _told(request, 404, [said])
    reason = reason_of(error) if isinstance(error, OSError) else ""
    return _told(request, 507, [f"读写文件时出了错：{reason}"])


async def _fault(request: Request, error: Exception) -> Response:
    report(error)
    return _told(request, 500, ["程序自己出了错。请把启动窗口里的提示告知维护人员。"])
