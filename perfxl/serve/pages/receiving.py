"""收表: files handed in by the clerk, checked as they come; the overview; what goes back."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from perfxl.forms.definition.problem import DefinitionError
from perfxl.model.finding import Severity
from perfxl.receive.naming import FINDINGS
from perfxl.reporting.contents import groups
from perfxl.reporting.digest import digest
from perfxl.reporting.overview import Overview, Standing
from perfxl.reporting.page import fragment
from perfxl.serve.desk import RECEIVING, Desk, Standings, identity
from perfxl.serve.folder import Outcome, archived
from perfxl.serve.making import write_notices
from perfxl.serve.pages.round import choices
from perfxl.serve.uploads import RefusedError
from perfxl.serve.visit import Page, Visit, download, missing
from perfxl.serve.workspace import files_below


async def show(visit: Visit) -> Response:
    """Show what has come back, who is missing, and where files are handed in."""
    desk = visit.desk
    count = await run_in_threadpool(lambda: len(files_below(desk.workspace.returned)))
    try:
        forms = await run_in_threadpool(desk.workspace.forms)
    except DefinitionError:  # the work itself says so, with all that is wrong
        forms = {}
    collecting = desk.workspace.collecting
    expected = await run_in_threadpool(collecting.expected)
    earlier = len(await run_in_threadpool(collecting.documents))
    # The work first: what it came to is there before it is over.
    job = desk.jobs.latest(RECEIVING)
    seen = job.seen() if job else None
    overview = desk.standings.overview if desk.standings else None
    return visit.show(
        "returns.html.j2",
        job=seen,
        work=Outcome.of(visit),
        overview=overview,
        groups=groups(overview, digest(overview)) if overview else [],
        missing=[line.unit for line in overview.units if line.standing is Standing.MISSING] if overview else [],
        returns=[(identity(one.file), one) for one in overview.returns] if overview else [],
        count=count,
        choices=choices(forms, expected),
        expected=len(expected),
        earlier=earlier,
        severity=Severity,
        has_roster=desk.workspace.roster_file.is_file(),
        marked=any(one.marked for one in overview.returns) if overview else False,
        rejected=any(one.standing is Standing.REJECTED for one in overview.returns) if overview else False,
    )


async def take(visit: Visit) -> Response:
    """Take files in and have them checked."""
    desk = visit.desk
    async with visit.posted() as given:
        if not given.files and not given.refused:
            raise RefusedError(400, "没有选择文件。")
        taken = await run_in_threadpool(desk.workspace.take_in, given.files, desk.workspace.returned)
        said = [*given.refused, *(f"“{name}”早已收到，内容相同，没有重复收下" for name in taken.known)]
    job = desk.receive()
    if visit.wants_json:
        return JSONResponse({**job.told(), "taken": len(taken.taken), "said": said})
    if said:
        return visit.show("taken.html.j2", taken=taken.taken, said=said, job=job)
    return visit.follow(job)


async def again(visit: Visit) -> Response:
    """Check anew, after files were put into the folder by hand or the roster was changed."""
    async with visit.posted():
        return visit.follow(visit.desk.receive())


def standings_of(desk: Desk) -> Standings:
    """Return what the last import came to. Raises RefusedError where there was none."""
    if desk.standings is None:
        raise RefusedError(404, "还没有审核结果；请先在“收表”页放入交回的文件。")
    return desk.standings


async def overview(visit: Visit) -> Response:
    """Show the batch at a glance, as report.html does."""
    standings = standings_of(visit.desk)
    if standings.shown is None:  # it is the same until the next import
        standings.shown = await run_in_threadpool(fragment, standings.overview, _address)
    return visit.show("overview.html.j2", shown=standings.shown)


def _address(name: str) -> str:
    return f"/returns/look/{identity(name)}"


async def result(visit: Visit) -> Response:
    """Give a document or a marked copy that the overview names, found among those that the last import wrote."""
    desk = visit.desk
    wanted = visit.request.path_params["name"]
    if wanted not in _results(standings_of(desk).overview):
        raise missing("这个文件")
    return download(desk.workspace.results / wanted, wanted)


def _results(overview: Overview) -> frozenset[str]:
    names = (name for one in overview.returns for name in (one.document, one.marked))
    return frozenset(filter(None, names))


async def findings(visit: Visit) -> Response:
    """Give all findings as a list."""
    standings_of(visit.desk)
    return download(visit.desk.workspace.results / FINDINGS)


async def copies(visit: Visit) -> Response:
    """Give all marked copies in one archive."""
    desk = visit.desk
    names = [one.marked for one in standings_of(desk).overview.returns if one.marked]
    if not names:
        raise RefusedError(404, "没有标注件：交回的文件都没有错误和警告。")
    return await archived({name: desk.workspace.results / name for name in names}, "标注件.zip")


async def notify(visit: Visit) -> Response:
    """Write the 退回通知 of all returns that go back."""
    desk = visit.desk
    async with visit.posted() as given:
        standings_of(desk)
        day = given.text("deadline")
    workspace = desk.workspace
    made = workspace.results, workspace.summaries / "退回通知.docx", day, workspace.templates
    return visit.follow(desk.making(workspace.summaries, "退回通知", "/returns", write_notices, *made))


PAGES: tuple[Page, ...] = (
    ("GET", "/returns", show),
    ("POST", "/returns", take),
    ("POST", "/returns/again", again),
    ("GET", "/returns/overview/", overview),
    ("GET", "/returns/overview/{name:path}", result),
    ("GET", "/returns/findings.csv", findings),
    ("GET", "/returns/marked.zip", copies),
    ("POST", "/returns/notices", notify),
)
