"""汇总: what was accepted is added up; its charts on the screen, its workbook to be saved."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from perfxl.serve.figures import figures
from perfxl.serve.jobs import Job
from perfxl.serve.making import Made, made_by, sum_up
from perfxl.serve.pages.receiving import archived
from perfxl.serve.uploads import RefusedError
from perfxl.serve.visit import Page, Visit, download, missing, watched
from perfxl.serve.workspace import files_below
from perfxl.year.summarize.outcome import SummaryTarget

_WORDS = {
    SummaryTarget.XLSX: "Excel 工作簿（汇总表、明细、排名、图表）",
    SummaryTarget.CSV: "CSV 文件（给别的程序）",
    SummaryTarget.SQLITE: "SQLite 数据库（给别的程序）",
    SummaryTarget.DUCKDB: "DuckDB 数据库（给别的程序）",
    SummaryTarget.PARQUET: "Parquet 文件（给别的程序）",
}


async def show(visit: Visit) -> Response:
    """Show the charts of the 汇总, and what has been made."""
    desk = visit.desk
    workbook = desk.workspace.summaries / SummaryTarget.XLSX.default_name
    drawn = await watched(desk.looking(figures, workbook)) if workbook.is_file() else ()
    job = desk.jobs.find(visit.asked("job"))
    return visit.show(
        "summary.html.j2",
        targets=[(target.value, word) for target, word in _WORDS.items()],
        figures=drawn,
        job=job,
        made=made_by(job),
        files=[name for name in await run_in_threadpool(files_below, desk.workspace.summaries) if "/" not in name],
    )


async def sum_them_up(visit: Visit) -> Response:
    """Add up."""
    desk = visit.desk
    async with visit.posted() as given:
        asked, everything = given.text("target") or SummaryTarget.XLSX.value, bool(given.text("all"))
    if asked not in {target.value for target in SummaryTarget}:
        raise RefusedError(400, "没有这种汇总。")
    target = SummaryTarget(asked)
    workspace = desk.workspace
    roster = workspace.roster_file if workspace.roster_file.is_file() else None
    output = workspace.summaries / target.default_name

    def work(job: Job) -> Made:
        job.back = f"/summary?job={job.identity}"
        return desk.make(
            sum_up, workspace.results, output, target.value, roster, workspace.templates, everything=everything
        )

    title = f"汇总：{target.default_name}{'（退回的也计入）' if everything else ''}"
    return visit.follow(desk.jobs.start(str(workspace.summaries), title, "/summary", work))


async def one(visit: Visit) -> Response:
    """Give a file of the 汇总; a folder of tables as an archive."""
    files = await run_in_threadpool(files_below, visit.desk.workspace.summaries)
    name = visit.request.path_params["name"]
    if name in files:
        return download(files[name], name)
    below = {inside: path for inside, path in files.items() if inside.startswith(f"{name}/")}
    if not below:
        raise missing("这个文件")
    return await archived(below, f"{name.rpartition('/')[2]}.zip")


PAGES: tuple[Page, ...] = (
    ("GET", "/summary", show),
    ("POST", "/summary", sum_them_up),
    ("GET", "/summary/file/{name:path}", one),
)
