"""One request, as the pages see it: the desk that it is about, who asks, and how it is answered."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TypeAlias, TypeVar
from urllib.parse import quote

from msgspec import Struct
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from perfxl.model.form import Form
from perfxl.serve.desk import Desk
from perfxl.serve.jobs import Job
from perfxl.serve.rendering import render
from perfxl.serve.uploads import Posted, RefusedError, posted
from perfxl.workers import OutOfMemory, OutOfTime, WorkerDied

_T = TypeVar("_T")
STEPS = (
    ("/send", "下发", "按名册生成空白表或预填好的表，每个单位一个工作簿。"),
    ("/returns", "收表", "放入交回的文件，自动审核，标出错处，写退回通知。"),
    ("/carry", "结转", "把通过的数据带入下一环节的表。"),
    ("/summary", "汇总", "汇总表、明细、排名和图表。"),
    ("/reports", "报告", "写绩效自评报告（Word 文档）。"),
    ("/forms", "表样", "有哪些表，每一项怎么填；把公文里的表变成表样。"),
    ("/rules", "规则", "审核意见的每个代码是什么意思、怎么办。"),
)
"""The pages in the order in which a clerk's year goes through them: address, name, what is done there."""
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TYPES = {
    ".xlsx": WORKBOOK,
    ".xlsm": "application/vnd.ms-excel.sheet.macroEnabled.12",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".json": "application/json",
    ".csv": "text/csv; charset=utf-8",
    ".zip": "application/zip",
}


class Visit(Struct, frozen=True):
    """A request to a page."""

    desk: Desk
    request: Request

    @property
    def session(self) -> str:
        return getattr(self.request.state, "session", "")

    async def form(self) -> Form:
        """Return the form that the address names. Raises RefusedError where there is none."""
        form = (await run_in_threadpool(self.desk.workspace.forms)).get(self.request.path_params["form"])
        if form is None:
            raise missing("这张表样", "可能已改名或删去")
        return form

    @property
    def wants_json(self) -> bool:
        return self.request.headers.get("accept", "").startswith("application/json")

    def asked(self, name: str) -> str:
        """Return a part of the address behind the question mark, "" where it is not there."""
        return self.request.query_params.get(name, "").strip()

    def posted(self) -> AbstractAsyncContextManager[Posted]:
        """Read what one of our own forms has sent; its files lie in the workspace while it is looked at."""
        keyring, session = self.desk.keyring, self.session
        return posted(self.request, self.desk.workspace.root, lambda given: keyring.is_token(session, given))

    def show(self, template: str, status: int = 200, **values: object) -> Response:
        """Answer with a page that has the way to all others above it."""
        here = "/" + self.request.url.path.strip("/").partition("/")[0]
        token = self.desk.keyring.token(self.session)
        page = render(template, steps=STEPS, here=here, token=token, **values)
        return HTMLResponse(page, status)

    def go(self, address: str) -> Response:
        """Answer with another page."""
        return RedirectResponse(address, 303)

    def follow(self, job: Job) -> Response:
        """Answer with the page on which a piece of work can be watched, or to a script with how far it is."""
        return JSONResponse(job.told()) if self.wants_json else self.go(f"/jobs/{job.identity}")


Handler: TypeAlias = Callable[[Visit], Awaitable[Response]]
Page: TypeAlias = tuple[str, str, Handler]
"""A method, an address, and what answers it."""


def routes(desk: Desk, pages: tuple[Page, ...]) -> list[Route]:
    """Return the routes of some pages."""

    def answering(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            return await handler(Visit(desk, request))

        return answer

    return [Route(address, answering(handler), methods=[method]) for method, address, handler in pages]


def download(path: Path, name: str = "") -> Response:
    """Answer with a file of the workspace, to be saved: it is never shown in place of a page."""
    kind = _TYPES.get(path.suffix.lower(), "application/octet-stream")
    return FileResponse(path, media_type=kind, headers=saved_as(name or path.name))


def saved_as(name: str) -> Mapping[str, str]:
    """Return the header that says under which name a download is saved."""
    return {"content-disposition": f"attachment; filename*=UTF-8''{quote(name.rpartition('/')[2], safe='')}"}


async def watched(future: Future[_T]) -> _T:
    """Wait for a worker that looks into what was handed in. Raises RefusedError where that was too much for it."""
    try:
        return await asyncio.wrap_future(future)
    except (OutOfTime, OutOfMemory, WorkerDied):
        raise RefusedError(422, "读这个文件花的时间或内存太多，已停止。") from None


def missing(what: str, why: str = "可能已经重新审核过") -> RefusedError:
    """Return what is answered where something is asked for that is not there, and ``why`` that may be."""
    return RefusedError(404, f"没有找到{what}，{why}；请回到上一页再打开。")
