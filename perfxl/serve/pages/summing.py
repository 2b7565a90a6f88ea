"""汇总: what was accepted is added up; its charts on the screen, its workbook to be saved."""

from __future__ import annotations

from starlette.responses import Response

from perfxl.serve.figures import figures
from perfxl.serve.folder import Folder, Outcome
from perfxl.serve.making import sum_up
from perfxl.serve.uploads import RefusedError
from perfxl.serve.visit import Page, Visit, watched
from perfxl.year.summarize.outcome import SummaryTarget

SUMMARIES = Folder(lambda workspace: workspace.summaries, "汇总.zip", "文件")
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
    return visit.show(
        "summary.html.j2",
        targets=[(target.value, word) for target, word in _WORDS.items()],
        figures=drawn,
        files=[name for name in await SUMMARIES.files(visit) if "/" not in name],
        work=Outcome.of(visit),
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
    title = f"汇总：{target.default_name}{'（退回的也计入）' if everything else ''}"
    made = workspace.results, output, target.value, roster, workspace.templates
    return visit.follow(desk.making(workspace.summaries, title, "/summary", sum_up, *made, everything=everything))


PAGES: tuple[Page, ...] = (
    ("GET", "/summary", show),
    ("POST", "/summary", sum_them_up),
    ("GET", "/summary/file/{name:path}", SUMMARIES.one),
)
