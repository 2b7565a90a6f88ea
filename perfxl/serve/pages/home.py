"""The first page, the page that asks for the key, and the ways to the others."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response

from perfxl.serve.rendering import render
from perfxl.serve.uploads import posted
from perfxl.serve.visit import Page, Visit
from perfxl.serve.workspace import files_below


async def show(visit: Visit) -> Response:
    """Show where the year's work stands, and what is to be done next."""
    workspace = visit.desk.workspace
    sent, returned, summaries = await run_in_threadpool(
        lambda: [len(files_below(each)) for each in (workspace.sent, workspace.returned, workspace.summaries)]
    )
    counts = {"/send": sent, "/returns": returned, "/summary": summaries}
    return visit.show("home.html.j2", place=str(workspace.root), counts=counts)


async def admit(visit: Visit) -> Response:
    """Let in somebody who types the key."""
    keyring = visit.desk.keyring
    async with posted(visit.request, None, lambda _: True) as given:
        if not keyring.fits(given.text("key")):
            return HTMLResponse(render("key.html.j2", wrong=True, officers=visit.desk.officers), 403)
    answer = HTMLResponse(render("admitted.html.j2", address="/"))
    answer.headers["set-cookie"] = keyring.admit()
    return answer


PAGES: tuple[Page, ...] = (("GET", "/", show), ("POST", "/key", admit))
