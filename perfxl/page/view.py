"""One checked workbook as the page shows it: a verdict in a sentence, the findings, the sheet with its wrong cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from perfxl.model.finding import Finding, Severity
from perfxl.model.grid import Grid
from perfxl.model.submission import Submission
from perfxl.reporting.drawing import DrawnSheet, draw
from perfxl.reporting.entries import ReportEntry, entries
from perfxl.reporting.overview import Filed
from perfxl.reporting.remarks import MOST_PLACES
from perfxl.reporting.typeset import visible
from perfxl.reporting.wording import SEVERITY_SYMBOLS
from perfxl.rules.catalog import CATALOG

_HEADS = {
    Severity.ERROR: "错误，请改正",
    Severity.WARNING: "警告，请核实，确有错误的一并改正",
    Severity.INFO: "提示，不用改",
}


def view(submission: Submission, filed: Sequence[Filed], sheets: Sequence[Grid], identity: str) -> str:
    """Return a workbook's part of the page as HTML; ``identity`` is what the identities in it begin with."""
    wanted = {name for form in submission.forms for name in form.every_sheet}
    drawn = [
        draw(grid, submission.findings, f"{identity}s{place}")
        for place, grid in enumerate(sheets)
        if not grid.hidden and (grid.name in wanted or any(one.sheet == grid.name for one in submission.findings))
    ]
    return "".join(
        (
            f'<h2 tabindex="-1">{_plain(submission.source.file)}</h2>',
            f'<p class="verdict {_standing(submission)}">{verdict(submission)}</p>',
            *(f'<p class="form">{_plain(one.title)}{_year(one)}</p>' for one in filed),
            *_lists(submission.findings, {one.name: one for one in drawn}),
            *map(_drawn, drawn),
        )
    )


def verdict(submission: Submission) -> str:
    """Return what a person wants to know first: whether the workbook may be handed in."""
    errors, warnings = (submission.count(severity) for severity in (Severity.ERROR, Severity.WARNING))
    if submission.unreadable:
        return "这个文件读不了，不能上报"
    if errors:
        return f"还有 {errors} 处错误，改正后再上报"
    if warnings:
        return f"可以上报；有 {warnings} 处警告，请先核实"
    return "可以上报，没有发现错误"


def _standing(submission: Submission) -> str:
    if submission.unreadable or submission.count(Severity.ERROR):
        return "error"
    return "warning" if submission.count(Severity.WARNING) else "passed"


def _drawn(sheet: DrawnSheet) -> str:
    name = _plain(sheet.name)
    scrolled = f'<div class="scroll" tabindex="0" role="region" aria-label="{name}">{sheet.html}</div>'
    return f'<section class="drawn"><h3>{name}</h3><div class="beside">{scrolled}{sheet.remarks}</div></section>'


def _year(filed: Filed) -> str:
    return f"（{filed.year} 年{filed.part or '度'}）" if filed.year is not None else ""


def _lists(findings: Sequence[Finding], drawn: dict[str, DrawnSheet]) -> Iterator[str]:
    """Yield a list for each severity: hints folded away, nobody has to do anything about them."""
    for severity, head in _HEADS.items():
        found = entries(finding for finding in findings if finding.severity is severity)
        if not found:
            continue
        items = "".join(_item(entry, drawn) for entry in found)
        count = sum(len(entry.findings) for entry in found)
        title = f'<span aria-hidden="true">{SEVERITY_SYMBOLS[severity]}</span> {head}（{count} 处）'
        if severity is Severity.INFO:
            yield f'<details class="found info"><summary>{title}</summary><ol>{items}</ol></details>'
        else:
            yield f'<section class="found {severity.value}"><h3>{title}</h3><ol>{items}</ol></section>'


def _item(entry: ReportEntry, drawn: dict[str, DrawnSheet]) -> str:
    label = f'<b class="label">{_plain(entry.label)}</b> ' if entry.label else ""
    places = "".join(_place(finding, drawn) for finding in entry.findings[:MOST_PLACES])
    more = len(entry.findings) - MOST_PLACES
    rest = f"<span>等 {len(entry.findings)} 处</span>" if more > 0 else ""
    return f'<li>{label}{_plain(entry.message)}{_remedy(entry)}<span class="places">{places}{rest}</span></li>'


def _remedy(entry: ReportEntry) -> str:
    rule = CATALOG.get(entry.code)
    if rule is None or not rule.remedy or entry.severity is Severity.INFO:
        return ""
    return f'<span class="remedy">处理办法：{_plain(rule.remedy)}</span>'


def _place(finding: Finding, drawn: dict[str, DrawnSheet]) -> str:
    if not finding.sheet or not finding.cell:
        return ""
    sheet = drawn.get(finding.sheet)
    text = finding.cell if len(drawn) == 1 else f"{finding.sheet}!{finding.cell}"
    target = sheet.cells.get(finding.cell) if sheet is not None else None
    if target is None:
        return f"<span>{_plain(text)}</span>"
    return f'<a href="#{escape(target)}" data-cell="{escape(target)}" aria-label="到单元格 {_plain(text)}">{_plain(text)}</a>'


def _plain(text: str) -> str:
    return escape(visible(text))
