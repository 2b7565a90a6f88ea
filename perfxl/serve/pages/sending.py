"""下发: the roster, the forms, the year; a workbook for each unit, and how a blank looks."""

from __future__ import annotations

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from perfxl.forms.layout.resize import tables
from perfxl.model.form import MOST_ROWS, Form
from perfxl.model.period import spoken_period
from perfxl.model.roster import Roster
from perfxl.roster.read import RosterError, read_roster
from perfxl.roster.typed import as_table
from perfxl.serve.asking import rows_of, time_of, year_of
from perfxl.serve.folder import Folder, Outcome
from perfxl.serve.making import Order, preview, send_out
from perfxl.serve.uploads import Posted, RefusedError
from perfxl.serve.visit import Page, Visit, watched

SENT = Folder(lambda workspace: workspace.sent, "下发.zip", "工作簿")


async def show(visit: Visit) -> Response:
    """Show what can be sent out to whom, and what was."""
    workspace = visit.desk.workspace
    forms = await run_in_threadpool(workspace.forms)
    roster, wrong = await run_in_threadpool(_roster, visit)
    return visit.show(
        "send.html.j2",
        forms=list(forms.values()),
        growing=[(form, _growing(form)) for form in forms.values() if tables(form)],
        most_rows=MOST_ROWS,
        roster=roster,
        wrong=wrong,
        typed=Markup.escape(workspace.roster_text()),
        files=list(await SENT.files(visit)),
        work=Outcome.of(visit),
    )


def _growing(form: Form) -> list[tuple[str, str]]:
    """Return the tables of a form that may have more rows, each with what it is called on the sheet."""
    said = {path.replace("[]", ""): label for path, label in form.groups.items()}
    return [(table, said.get(table, table)) for table in tables(form)]


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
        known = await run_in_threadpool(desk.workspace.forms)
        chosen = [known[name] for name in forms if name in known]
        period = time_of(given.text("year"), chosen)
        one = given.text("to") == "one"
        workspace = desk.workspace
        roster = None if one else workspace.roster_file
        if roster is not None and not roster.is_file():
            raise RefusedError(400, "还没有名册：请先放入名册，或选择“只做一个”。")
        rows = {form.id: _rows(given, form) for name, form in known.items() if name in forms}
        who = given.text("unit"), given.text("code"), given.text("contact")
        order = Order(forms, period, roster, *who, {name: own for name, own in rows.items() if own}, given.text("name"))

    title = f"下发：{'、'.join(form.title for form in chosen)} {spoken_period(period.year, period.part_said)}".strip()
    return visit.follow(
        desk.making(workspace.sent, title, "/send", send_out, order, workspace.sent, workspace.templates)
    )


def _rows(given: Posted, form: Form) -> dict[str, int]:
    """Return how many rows the tables of a form are to have, where that was typed."""
    asked = {table: rows_of(given.text(f"rows-{form.id}-{table}")) for table in tables(form)}
    return {table: rows for table, rows in asked.items() if rows is not None}


async def blank(visit: Visit) -> Response:
    """Show how the blank of a form looks."""
    desk, form = visit.desk, await visit.form()
    html = await watched(desk.looking(preview, form.id, year_of(visit.asked("year")), desk.workspace.templates))
    return visit.show("preview.html.j2", form=form, shown=Markup(html))  # noqa: S704 - the drawing escapes


PAGES: tuple[Page, ...] = (
    ("GET", "/send", show),
    ("POST", "/send", send),
    ("POST", "/send/roster", keep),
    ("GET", "/send/files.zip", SENT.all),
    ("GET", "/send/file/{name:path}", SENT.one),
    ("GET", "/send/preview/{form}", blank),
)
