"""报告: the narrative 自评报告 of each unit, as a Word document."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from perfxl.serve.jobs import Job
from perfxl.serve.making import Made, made_by, write_reports
from perfxl.serve.pages.receiving import archived
from perfxl.serve.visit import Page, Visit, download, missing
from perfxl.serve.workspace import files_below


async def show(visit: Visit) -> Response:
    """Show the reports that there are."""
    job = visit.desk.jobs.find(visit.asked("job"))
    return visit.show(
        "reports.html.j2",
        job=job,
        made=made_by(job),
        files=list(await run_in_threadpool(files_below, visit.desk.workspace.reports)),
    )


async def write(visit: Visit) -> Response:
    """Write the reports."""
    desk = visit.desk
    async with visit.posted():
        workspace = desk.workspace

    def work(job: Job) -> Made:
        job.back = f"/reports?job={job.identity}"
        return desk.make(write_reports, workspace.results, workspace.reports, workspace.templates)

    return visit.follow(desk.jobs.start(str(workspace.reports), "自评报告", "/reports", work))


async def archive(visit: Visit) -> Response:
    """Give all reports in one archive."""
    files = await run_in_threadpool(files_below, visit.desk.workspace.reports)
    if not files:
        raise missing("报告")
    return await archived(files, "自评报告.zip")


async def one(visit: Visit) -> Response:
    """Give a report."""
    files = await run_in_threadpool(files_below, visit.desk.workspace.reports)
    name = visit.request.path_params["name"]
    if name not in files:
        raise missing("这份报告")
    return download(files[name], name)


PAGES: tuple[Page, ...] = (
    ("GET", "/reports", show),
    ("POST", "/reports", write),
    ("GET", "/reports/files.zip", archive),
    ("GET", "/reports/file/{name:path}", one),
)
