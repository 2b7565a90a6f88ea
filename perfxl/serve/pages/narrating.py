"""报告: the narrative 自评报告 of each unit, as a Word document."""

from __future__ import annotations

from starlette.responses import Response

from perfxl.serve.folder import Folder, Outcome
from perfxl.serve.making import write_reports
from perfxl.serve.visit import Page, Visit

REPORTS = Folder(lambda workspace: workspace.reports, "自评报告.zip", "报告")


async def show(visit: Visit) -> Response:
    """Show the reports that there are."""
    return visit.show("reports.html.j2", files=list(await REPORTS.files(visit)), work=Outcome.of(visit))


async def write(visit: Visit) -> Response:
    """Write the reports."""
    desk = visit.desk
    async with visit.posted():
        workspace = desk.workspace
    made = workspace.results, workspace.reports, workspace.templates
    return visit.follow(desk.making(workspace.reports, "自评报告", "/reports", write_reports, *made))


PAGES: tuple[Page, ...] = (
    ("GET", "/reports", show),
    ("POST", "/reports", write),
    ("GET", "/reports/files.zip", REPORTS.all),
    ("GET", "/reports/file/{name:path}", REPORTS.one),
)
