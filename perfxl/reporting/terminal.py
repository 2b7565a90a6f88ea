"""What ``import`` and ``check`` print for people."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from perfxl.model.finding import Finding, Severity
from perfxl.model.period import spoken_period
from perfxl.model.submission import By, FormReturn, Status, Submission, Unit
from perfxl.reporting.digest import lead, standings
from perfxl.reporting.entries import entries, places
from perfxl.reporting.overview import Overview, Return, Standing, is_attached
from perfxl.reporting.painted import Painter, Piece
from perfxl.reporting.typeset import visible
from perfxl.reporting.wording import STANDING_NAMES, STATUS_NAMES
from perfxl.rules.own import remedies, title_of

_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.INFO: "dim"}
_STATUS_STYLES = {Status.ACCEPTED: "bold green", Status.REJECTED: "bold red"}
_STANDING_STYLES = {
    Standing.UNREADABLE: "bold red",
    Standing.REJECTED: "bold red",
    Standing.WARNED: "yellow",
    Standing.PASSED: "bold green",
    Standing.SUPERSEDED: "dim",
    Standing.ATTACHED: "dim",
}
_ACCEPTED = frozenset({Standing.PASSED, Standing.WARNED, Standing.ATTACHED})
_MANY = 40
_BY = {By.STAMP: "按文件中的标识认出", By.LAYOUT: "按栏目认出", By.OPTION: "按指定的表式读取"}
_LISTED = 5
"""Different messages of one code that are written out; of the rest the cells are named."""


def render(submission: Submission, *, color: bool, width: int) -> str:
    """Return a submission as text ``width`` columns wide: the head, the forms, errors and warnings, infos as a count."""
    printer = Painter(color=color, width=width)
    if is_attached(submission):
        name = STANDING_NAMES[Standing.ATTACHED], _STANDING_STYLES[Standing.ATTACHED]
        printer.line((visible(submission.source.file), "bold"), "  ", name)
        for finding in submission.findings:
            printer.line((visible(finding.message), "dim"), indent=2)
        return printer.text
    printer.line(*_head(submission))
    for form in submission.forms:
        printer.line((_recognised(form), "dim"), indent=2)
    if not submission.forms:
        printer.line(("没有认出任何表", "dim"), indent=2)
    for severity in (Severity.ERROR, Severity.WARNING):
        for code, findings in _by_code(submission.findings, severity).items():
            _print_rule(printer, code, severity, findings)
    return printer.text


def summary_table(overview: Overview, *, color: bool, width: int) -> str:
    """Return one row per file (file, unit, where it stands, counts), as the page has them, and the batch in a sentence.

    Of many files those that passed are not listed, for they would push the others off the screen.
    """
    many = len(overview.returns) > _MANY
    found = Counter(each.standing for each in overview.returns)
    passed = sum(found[standing] for standing in _ACCEPTED) if many else 0
    printer = Painter(color=color, width=width)
    if passed < len(overview.returns):
        listed = (each for each in overview.returns if not (many and each.standing in _ACCEPTED))
        printer.add(_table(listed, color=color, width=printer.width))
    if passed:
        warned = found[Standing.WARNED]
        among = f"，其中有警告的 {warned} 份" if warned else ""
        printer.line((f"通过的 {passed} 份没有列出{among}", "dim"))
    printer.line(lead(overview, standings(found)))
    return printer.text


def _table(returns: Iterable[Return], *, color: bool, width: int) -> str:
    from rich.box import SIMPLE_HEAD  # noqa: PLC0415 - of one file no table is printed: start-up counts
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("文件", overflow="fold")
    table.add_column("单位", overflow="fold")
    table.add_column("结果", no_wrap=True)
    for severity in Severity:
        table.add_column(severity.chinese, justify="right", no_wrap=True)
    for returned in returns:
        counts = [str(returned.count(severity)) for severity in Severity]
        result = Text(STANDING_NAMES[returned.standing], _STANDING_STYLES[returned.standing])
        units = "、".join(dict.fromkeys(name for form in returned.forms if (name := _unit(form.unit))))
        table.add_row(Text(visible(returned.file)), Text(units), result, *counts)
    out = io.StringIO()
    Console(
        file=out,
        width=width,
        force_terminal=color,
        color_system="standard" if color else None,
        no_color=not color,
        legacy_windows=False,
        _environ={},
    ).print(table)
    return out.getvalue()


def _head(submission: Submission) -> Iterator[Piece]:
    yield (visible(submission.source.file), "bold")
    yield from ("  ", (STATUS_NAMES[submission.status], _STATUS_STYLES[submission.status]))
    for severity in Severity:
        count = submission.count(severity)
        yield from ("  ", (f"{severity.chinese} {count}", _STYLES[severity] if count else "dim"))


def _recognised(form: FormReturn) -> str:
    parts = [
        form.definition.title,
        *_period(form),
        _unit(form.unit) or "单位不明",
        _BY[form.by] + (f"（把握 {form.confidence:.0%}）" if form.by is By.LAYOUT else ""),
    ]
    sheets = "、".join(f"“{visible(name)}”" for name in form.every_sheet)
    return f"工作表{sheets}：{'，'.join(parts)}"


def _period(form: FormReturn) -> Iterator[str]:
    if form.definition.identity.dated:
        yield spoken_period(form.year, form.period.part_shown) or "年度不明"


def _unit(unit: Unit) -> str:
    return visible(f"{unit.name}（{unit.code}）" if unit.name and unit.code else unit.name or unit.code or "")


def _by_code(findings: Iterable[Finding], severity: Severity) -> dict[str, list[Finding]]:
    codes: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.severity is severity:
            codes.setdefault(finding.code, []).append(finding)
    return codes


def _print_rule(printer: Painter, code: str, severity: Severity, findings: Sequence[Finding]) -> None:
    name, remedy = title_of(findings, code), remedies(findings).get(code, "")
    head = (f"{severity.chinese} {code}", _STYLES[severity])
    title = (f" {name}" if name else "", "bold")
    printer.line(head, title, f"（{len(findings)} 处）" if len(findings) > 1 else "", indent=2)
    listed = entries(findings)
    for entry in listed[:_LISTED]:
        where = visible(places(entry.findings))
        text = visible(f"{entry.label}：{entry.message}" if entry.label else entry.message)
        printer.line((where, "cyan"), "  " if where else "", text, indent=4)
        if entry.suggestion:
            printer.line(f"建议改为：{visible(entry.suggestion)}", indent=6)
    rest = [finding for entry in listed[_LISTED:] for finding in entry.findings]
    if rest:
        printer.line(f"另有 {len(rest)} 处：", (visible(places(rest)), "cyan"), indent=4)
    if remedy and severity is Severity.ERROR:
        printer.line(f"怎么办：{remedy}", indent=4)
