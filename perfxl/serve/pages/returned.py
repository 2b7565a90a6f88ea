"""看一份: one return, its sheet drawn with the wrong cells coloured, what is wrong beside it, its data."""

from __future__ import annotations

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from perfxl.receive.inputs import Input
from perfxl.serve import work
from perfxl.serve.desk import identity
from perfxl.serve.pages.receiving import standings_of
from perfxl.serve.visit import Page, Visit, download, missing, watched


def _input(visit: Visit) -> Input:
    item = standings_of(visit.desk).inputs.get(visit.request.path_params["identity"])
    if item is None:
        raise missing("这份表")
    return item


async def show(visit: Visit) -> Response:
    """Show a return."""
    item, desk = _input(visit), visit.desk
    place = desk.document_of(item)
    if place is None:
        raise missing("这份表的结果")
    document = await run_in_threadpool(place.read_bytes)
    standings = standings_of(desk)
    looked = await watched(desk.looking(work.look, item, document, standings.done.pile.request))
    names = [one.file for one in standings.overview.returns]
    at = names.index(item.name)
    return visit.show(
        "return.html.j2",
        name=item.name,
        identity=identity(item.name),
        shown=Markup(looked.html),  # noqa: S704 - perfxl escapes all that was typed
        forms=looked.forms,
        marked=desk.marked_of(item) is not None,
        before=identity(names[at - 1]) if at else "",
        after=identity(names[at + 1]) if at + 1 < len(names) else "",
        place=at + 1,
        total=len(names),
    )


async def document(visit: Visit) -> Response:
    """Give a return's data."""
    place = visit.desk.document_of(_input(visit))
    if place is None:
        raise missing("这份表的数据")
    return download(place)


async def marked(visit: Visit) -> Response:
    """Give a return's marked copy."""
    place = visit.desk.marked_of(_input(visit))
    if place is None:
        raise missing("这份表的标注件")
    return download(place)


PAGES: tuple[Page, ...] = (
    ("GET", "/returns/look/{identity}", show),
    ("GET", "/returns/look/{identity}/data.json", document),
    ("GET", "/returns/look/{identity}/marked", marked),
)
