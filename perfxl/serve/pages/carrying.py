"""结转: what was accepted goes into the next form of the year."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from perfxl.model.form import Form
from perfxl.model.period import spoken_period
from perfxl.serve.asking import time_of
from perfxl.serve.folder import Outcome
from perfxl.serve.making import carry_over
from perfxl.serve.uploads import RefusedError
from perfxl.serve.visit import Page, Visit


async def show(visit: Visit) -> Response:
    """Show which forms take over from others, and what came of the last time."""
    forms = await run_in_threadpool(visit.desk.workspace.forms)
    return visit.show(
        "carry.html.j2",
        forms=[
            (form, [_named(forms[one.source]) for one in form.carries if one.source in forms])
            for form in forms.values()
            if form.carries
        ],
        work=Outcome.of(visit),
    )


def _named(form: Form) -> str:
    """Name a form so that those of other places are told apart."""
    return f"《{form.title}》（{form.region}）" if form.region else f"《{form.title}》"


async def carry(visit: Visit) -> Response:
    """Make the workbooks of the next form."""
    desk = visit.desk
    async with visit.posted() as given:
        to, asked, name = given.text("to"), given.text("year"), given.text("name")
    if not to:
        raise RefusedError(400, "没有选择带入哪张表。")
    workspace = desk.workspace
    known = await run_in_threadpool(workspace.forms)
    chosen = [known[to]] if to in known else []
    period = time_of(asked, chosen)
    roster = workspace.roster_file if workspace.roster_file.is_file() else None

    made = workspace.results, to, workspace.sent, period, roster, name, workspace.templates
    title = f"结转：{'、'.join(form.title for form in chosen)} {spoken_period(period.year, period.part_said)}".strip()
    return visit.follow(desk.making(workspace.sent, title, "/carry", carry_over, *made))


PAGES: tuple[Page, ...] = (("GET", "/carry", show), ("POST", "/carry", carry))
