"""F04–F10 and S11: the workbook as a whole and whose form it is. (F01–F03 come from opening the file.)"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from perfxl.align.recognise import Candidate
from perfxl.model.finding import Finding, Severity
from perfxl.model.form import Form
from perfxl.model.grid import Book, Grid
from perfxl.model.layout import Stamp
from perfxl.model.reading import Oddity, Reading
from perfxl.model.value import Type
from perfxl.rules.case import Case

_NAMED = 4
"""How many missing labels a message names."""


def with_macros() -> Finding:
    """F04: macros are never run."""
    return Finding("F04", Severity.WARNING, "文件里带有宏，没有运行；填报不需要宏，请另存为不带宏的 .xlsx 再交")


def with_external_links() -> Finding:
    """F05: links are never followed."""
    return Finding("F05", Severity.WARNING, "文件里有指向其他文件的链接，没有读取；请把这些单元格改成实际的数或文字")


def converted(suffix: str) -> Finding:
    """F12: a format that few programs save as others do."""
    message = f"这是 .{suffix} 文件，已读取；少数格式可能与原文件有出入，请对照原文件核对，下次请另存为 .xlsx 再交"
    return Finding("F12", Severity.WARNING, message)


def no_form(tried: Sequence[tuple[Grid, Sequence[Candidate]]], forms: Mapping[str, Form]) -> Finding:
    """F06: no sheet is one of the forms; the nearest one and what it lacks."""
    nearest = max(
        ((grid, ranking[0]) for grid, ranking in tried if ranking),
        key=lambda pair: pair[1].reading.confidence,
        default=None,
    )
    if nearest is None:
        return Finding("F06", Severity.ERROR, "文件里没有一张工作表是要填报的表，请用下发的表填报后交回")
    grid, candidate = nearest
    title = forms[candidate.form].title
    lacking = lacks(candidate.reading)
    without = f"，但缺少{lacking}" if lacking else ""
    message = f"没有认出要填报的表。工作表“{grid.name}”最接近《{title}》{without}；请用下发的表填报后交回"
    return Finding("F06", Severity.ERROR, message, sheet=grid.name)


def lacks(reading: Reading) -> str:
    """Name the labels that a sheet lacks, a few of them."""
    labels = [notice.label for notice in reading.notices if notice.oddity is Oddity.MISSING]
    names = [name for label in labels for name in label.split("、") if name]
    shown = "、".join(f"“{name}”" for name in names[:_NAMED])
    return f"{shown}等" if len(names) > _NAMED else shown


def stranger(grid: Grid) -> Finding:
    """F07: a sheet beside the forms that is none of them; an empty or hidden one is only noted."""
    if grid.damaged and not grid.hidden:
        message = f"工作表“{grid.name}”在文件里已损坏，没有读取；如是填报内容请在新的空表中重新填写，不是则删去"
        return Finding("F07", Severity.WARNING, message, sheet=grid.name)
    if not grid.cells:
        return Finding("F07", Severity.INFO, f"工作表“{grid.name}”是空的，没有读取", sheet=grid.name)
    if grid.hidden:
        return Finding("F07", Severity.INFO, f"工作表“{grid.name}”是隐藏的，不是要填报的表，没有读取", sheet=grid.name)
    message = f"工作表“{grid.name}”不是要填报的表，没有读取；如是填报内容请改用下发的表，不是则删去"
    return Finding("F07", Severity.WARNING, message, sheet=grid.name)


def strangers(book: Book, findings: Iterable[Finding]) -> tuple[str, ...]:
    """Return the names of the sheets that hold something and are, by the findings, none of the forms."""
    told = {finding.sheet for finding in findings if finding.code == "F07"}
    return tuple(grid.name for grid in book.sheets if grid.cells and grid.name in told)


def claimed_twice(grid: Grid, first: Grid, form: Form) -> Finding:
    """F08: two sheets are one form of which there can be only one."""
    message = f"工作表“{first.name}”和“{grid.name}”都是《{form.title}》，只能有一张；请删去多余的一张"
    return Finding("F08", Severity.ERROR, message, sheet=grid.name)


def in_doubt(grid: Grid, ranking: Sequence[Candidate], forms: Mapping[str, Form]) -> Finding:
    """F10: another form fits nearly as well."""
    best, other = forms[ranking[0].form], forms[ranking[1].form]
    nearest, runner_up = (f"《{form.title}》（{form.region}）" for form in (best, other))
    message = f"工作表“{grid.name}”按{nearest}读取，也可能是{runner_up}，请核对"
    return Finding("F10", Severity.WARNING, message, sheet=grid.name)


def origin(case: Case, stamp: Stamp | None, asked_year: int | None, year: int | None) -> list[Finding]:
    """F09: made from another version or year than asked for. S11: a year on the form that does not go with its own."""
    findings = []
    form = case.form
    if stamp is not None and stamp.form == form.id and stamp.version != form.version:
        message = f"这张表是 {stamp.version} 版，现在用的是 {form.version} 版，已按现在的版本读取，请核对"
        findings.append(Finding("F09", Severity.WARNING, message, sheet=case.sheet))
    if asked_year is not None and year is not None and year != asked_year:
        message = f"这张表是 {year} 年度的，要的是 {asked_year} 年度，请核对是否交错了表"
        findings.append(Finding("F09", Severity.WARNING, message, sheet=case.sheet))
    typed = case.number(form.year_path) if form.year_path else None
    if typed is not None and year is not None and int(typed) != year:
        message = f"标题下写的是 {int(typed)} 年度，这张表下发时是 {year} 年度，请核对年度"
        findings.append(case.finding("S11", form.year_path, message, value=typed))
    return [*findings, *_printed(case, year), *_past(case, year)]


def _printed(case: Case, year: int | None) -> Iterator[Finding]:
    """S11: a year that is printed on the form and was changed: （2023年度）, the heads of past years."""
    for told, cell in case.reading.years.items():
        if year is not None and told != year:
            message = f"这里写的年份属于 {told} 年度的表，这张表是 {year} 年度的，请改正年份"
            yield Finding("S11", Severity.WARNING, message, sheet=case.sheet, cell=cell, value=Decimal(told))


def _past(case: Case, year: int | None) -> Iterator[Finding]:
    """S11: a year up to which something is planned, and which is over when the form's own begins."""
    for path, field in case.form.fields.items():
        until = case.number(path) if field.type is Type.YEAR and path != case.form.year_path else None
        if until is not None and year is not None and until < year:
            message = f"{case.name(path)} {int(until)} 早于本表年度 {year}，请核对"
            yield case.finding("S11", path, message, value=until)
