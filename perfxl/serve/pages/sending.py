"""下发: the roster, the forms, the year; a workbook for each unit, and how a blank looks."""

from __future__ import annotations

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from perfxl.model.roster import Roster
from perfxl.roster.read import RosterError, read_roster
from perfxl.roster.typed import as_table
from perfxl.serve.asking import year_of
from perfxl.serve.jobs import Job
from perfxl.serve.making import Made, Order, made_by, preview, send_out
from perfxl.serve.pages.receiving import archived
from perfxl.serve.uploads import RefusedError
from perfxl.serve.visit import Page, Visit, download, missing, watched
from perfxl.serve.workspace import files_below


async def show(visit: Visit) -> Response:
    """Show what can be sent out to whom, and what was."""
    workspace = visit.desk.workspace
    forms = await run_in_threadpool(workspace.forms)
    roster, wrong = await run_in_threadpool(_roster, visit)
    job = visit.desk.jobs.find(visit.asked("job"))
    return visit.show(
        "send.html.j2",
        forms=list(forms.values()),
        roster=roster,
        wrong=wrong,
        typed=Markup.escape(workspace.roster_text()),
        job=job,
        made=made_by(job),
        files=list(await run_in_threadpool(files_below, workspace.sent)),
    )


def _roster(visit: Visit) -> tuple[Roster | None, list[str]]:
    try:
        return visit.desk.workspace.roster(), []
    except RosterError as error:
        return None, [*map(str, error.problems)]


async def keep(visit: Visit) -> Response:
    """Keep a roster, from a file or as it was typed."""
    workspace = visit.desk.workspace
    async with visit.posted() as given:
        if given.files:
            data = await run_in_threadpool(given.files[0].path.read_bytes)
        elif given.text("typed"):
            data = as_table(given.text("typed"))
        else:
            raise RefusedError(400, "没有选择名册文件，也没有填写单位。")
    # A workbook is looked into by a watched worker, as everything that is handed in.
    await run_in_threadpool(workspace.keep_roster, await watched(visit.desk.looking(read_roster, data)))
    return visit.go("/send")


async def send(visit: Visit) -> Response:
    """Make the workbooks."""
    desk = visit.desk
    async with visit.posted() as given:
        forms = given.all("form")
        if not forms:
            raise RefusedError(400, "没有选择要下发的表。")
        year = year_of(given.text("year"))
        one = given.text("to") == "one"
        workspace = desk.workspace
        roster = None if one else workspace.roster_file
        if roster is not None and not roster.is_file():
            raise RefusedError(400, "还没有名册：请先放入名册，或选择“只做一个”。")
        order = Order(forms, year, roster, given.text("unit"), given.text("code"), given.text("contact"))

    def work(job: Job) -> Made:
        job.back = f"/send?job={job.identity}"
        return desk.make(send_out, order, workspace.sent, workspace.templates)

    return visit.follow(desk.jobs.start(str(workspace.sent), f"下发：{'、'.join(forms)} {year or ''}", "/send", work))


async def archive(visit: Visit) -> Response:
    """Give workbooks that were made, all together or those of one piece of work, in one archive."""
    desk = visit.desk
    files = await run_in_threadpool(files_below, desk.workspace.sent)
    made = made_by(desk.jobs.find(visit.asked("job")))
    if made is not None:
        files = {name: files[name] for name in made.files if name in files}
    if not files:
        raise missing("要下载的文件")
    return await archived(files, "下发.zip")


async def one(visit: Visit) -> Response:
    """Give one workbook that was made."""
    files = await run_in_threadpool(files_below, visit.desk.workspace.sent)
    name = visit.request.path_params["name"]
    if name not in files:
        raise missing("这个文件")
    return download(files[name], name)


async def blank(visit: Visit) -> Response:
    """Show how the blank of a form looks."""
    desk, form = visit.desk, await visit.form()
    html = await watched(desk.looking(preview, form.id, year_of(visit.asked("year")), desk.workspace.templates))
    return visit.show("preview.html.j2", form=form, shown=Markup(html))  # noqa: S704 - the drawing escapes


PAGES: tuple[Page, ...] = (
    ("GET", "/send", show),
    ("POST", "/send", send),
    ("POST", "/send/roster", keep),
    ("GET", "/send/files.zip", archive),
    ("GET", "/send/file/{name:path}", one),
    ("GET", "/send/preview/{form}", blank),
)
