"""The rows of the page's tables, put together here: macros of the template take ten times as long.

Each row is one line of the page, and nothing else stands on it: the page's script takes rows as lines (``page.js``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache, wraps
from itertools import islice
from typing import ParamSpec

from markupsafe import Markup

from perfxl.model.finding import Severity
from perfxl.reporting.cells import UNKNOWN, address, figure, made, status, text, unit, word
from perfxl.reporting.contents import Contents
from perfxl.reporting.digest import Chapter, RuleLine, main_points
from perfxl.reporting.entries import ReportEntry, entries, places
from perfxl.reporting.overview import ATTENTION, Filed, Return, Standing, UnitLine
from perfxl.reporting.wording import plain
from perfxl.rules.grade import grade, is_total
from perfxl.rules.own import title_of

AT_ONCE = 50
"""Rows that the template is given at once."""
UNITS = 4_096
"""Returns of which it is known in memory whose they are: each is named in several tables."""
_BEIJING = dt.timezone(dt.timedelta(hours=8))
_POINTS = 4
"""Titles of rules that say what a return must correct."""
_MOST = 200
"""Entries of one return that are written out; the rest stand in findings.csv."""
_HEADS = "".join(f'<th scope="col">{head}</th>' for head in ("级别", "规则", "位置", "项目", "填的是", "应为", "意见"))
_Given = ParamSpec("_Given")


def _many(rows: Callable[_Given, Iterator[str]]) -> Callable[_Given, Iterator[Markup]]:
    """Have rows come many at once, each with the end of its line: a step of the template takes as long as a row."""

    @wraps(rows)
    def lines(*given: _Given.args, **named: _Given.kwargs) -> Iterator[Markup]:
        left = rows(*given, **named)
        while some := "".join(f"{row}\n" for row in islice(left, AT_ONCE)):
            yield made(some)

    return lines


class Rows:
    """The rows of a page; ``look`` gives the address at which a file can be looked at, None where there is none."""

    def __init__(self, contents: Contents, look: Callable[[str], str] | None = None) -> None:
        self._overview = contents.overview
        self._digest = contents.digest
        self._whose = contents.whose
        self._chapters = contents.chapters
        self._kinds = {kind: number for number, kind in enumerate(contents.digest.kinds)}
        self._scored = bool(contents.digest.scores)
        self._look = look
        self._unit = lru_cache(maxsize=UNITS)(lambda number: unit(contents.whose.unit(number)))

    @_many
    def missing(self) -> Iterator[str]:
        """Yield the units that have not handed in."""
        return (f"<li>{unit(line.unit)}</li>" for line in self._overview.units if line.standing is Standing.MISSING)

    @_many
    def options(self) -> Iterator[str]:
        """Yield the units as what one can choose from."""
        for place, line in enumerate(self._overview.units):
            yield f'<option value="{place}">{text(line.unit.name or line.unit.code or "", 30)}</option>'

    @_many
    def unreadable(self) -> Iterator[str]:
        """Yield the files that could not be read, with the reason."""
        for number in self._digest.standing(Standing.UNREADABLE):
            returned = self._overview.returns[number]
            file, why = text(returned.file, 120), text(_reason(returned), 200)
            yield f'<li><b>{self._unit(number)}</b> <span class="file">{file}</span>：{why}</li>'

    @_many
    def rejected(self) -> Iterator[str]:
        """Yield the returns that go back, with what must be corrected."""
        for number in self._digest.standing(Standing.REJECTED):
            returned = self._overview.returns[number]
            yield (
                f'<tr><td class="who"><a href="#f{number}">{self._unit(number)}</a></td>'
                f'<td class="wide">{text(main_points(returned.findings, _POINTS))}</td>'
                f'<td class="n lv-error" data-l="错误">{returned.count(Severity.ERROR)}</td>'
                f'<td class="links">{self._links(returned)}</td></tr>'
            )

    @_many
    def units(self) -> Iterator[str]:
        """Yield a row for each unit."""
        for place, line in enumerate(self._overview.units):
            listed = "" if line.listed else ' <small class="mark">不在名册</small>'
            zero = "" if line.superseded else " zero"
            yield (
                f'<tr data-status="{line.standing.value}" data-unit="{place}" data-superseded="{len(line.superseded)}">'
                f'<td data-v="{ATTENTION.index(line.standing)}">{status(line.standing)}</td>'
                f"<td>{text(line.unit.name or '', 60)}{listed}</td>"
                f'<td class="code">{text(line.unit.code or "", 30)}</td>'
                f'<td class="n" data-l="有效">{len(line.returns)}</td>'
                f'<td class="n{zero}" data-l="被替代">{len(line.superseded)}</td>'
                f'<td class="file">{self._files_of(line)}</td></tr>'
            )

    def _files_of(self, line: UnitLine) -> str:
        guessed = ' <small class="mark">按文件名认定</small>' if line.guessed else ""
        replaced = f" <small>被替代：{self._to(line.superseded)}</small>" if line.superseded else ""
        return f"{self._to(line.returns)}{guessed}{replaced}"

    def _to(self, numbers: Iterable[int]) -> str:
        files = self._digest.files
        return "、".join(f'<a href="#r{number}">{text(files[number], 120)}</a>' for number in numbers)

    @_many
    def returns(self) -> Iterator[str]:
        """Yield a row for each return."""
        for number, returned in enumerate(self._overview.returns):
            kinds = dict.fromkeys(self._kinds[form.title, form.when] for form in returned.forms)
            units = self._whose.units(number)
            forms = "".join(f"<div>{_form(form)}{_replaced(form)}</div>" for form in returned.forms)
            file = text(returned.file, 120)
            if self._digest.waiting[number]:
                file = f'<a href="#f{number}">{file}</a>'
            yield (
                f'<tr id="r{number}" data-status="{returned.standing.value}" data-forms="{" ".join(map(str, kinds))}"'
                f' data-unit="{" ".join(map(str, units))}">'
                f'<td data-v="{ATTENTION.index(returned.standing)}">{status(returned.standing)}</td>'
                f'<td class="who">{self._unit(number)}</td><td class="wide">{forms or "<em>没有认出</em>"}</td>'
                f'<td class="file">{file}</td>{"".join(_counted(returned.count(each), each) for each in Severity)}'
                f'{_scores(returned) if self._scored else ""}<td class="time" data-l="保存时间">'
                f'{_moment(returned.modified)}</td><td class="links">{self._links(returned)}</td></tr>'
            )

    @_many
    def rule(self, rule: RuleLine) -> Iterator[str]:
        """Yield a row for each return in which a rule was broken."""
        for row in rule.returns:
            number = row.number
            alone = self._whose.alone(number)
            file = "" if alone else f' <span class="file">{text(self._digest.files[number], 120)}</span>'
            yield (
                f'<tr data-return="{number}"><td><a href="#f{number}">{self._unit(number)}</a>{file}</td>'
                f'<td class="n" data-l="处数">{row.count}</td><td class="wide">{text(row.where, 200)}</td></tr>'
            )

    @_many
    def chapters(self) -> Iterator[str]:
        """Yield the findings of each unit, and of each file whose unit is unknown."""
        for chapter in self._chapters:
            bodies = "".join(self._findings(number, returned) for number, returned in chapter.returns)
            yield (
                f'<details class="chapter"><summary>{_head(chapter)} {_counts(chapter)}</summary>'
                f'<table class="grid findings"><thead><tr>{_HEADS}</tr></thead>{bodies}</table></details>'
            )

    def _findings(self, number: int, returned: Return) -> str:
        found = entries(returned.findings)
        rows = "".join(map(_finding, found[:_MOST]))
        rest = len(found) - _MOST
        more = f'<tr><td colspan="7">另有 {rest} 条，见 findings.csv 和标注件的错误清单。</td></tr>' if rest > 0 else ""
        forms = "".join(f"<span>{_form(form)}</span> " for form in returned.forms)
        return (
            f'<tbody id="f{number}" data-return="{number}" tabindex="-1">'
            f'<tr class="about"><th colspan="7" scope="rowgroup"><span class="file">{text(returned.file, 120)}</span> '
            f'{forms}<span class="links">{self._links(returned)}</span></th></tr>{rows}{more}</tbody>'
        )

    def _links(self, returned: Return) -> str:
        looked = f'<a href="{text(self._look(returned.file))}">看表</a>' if self._look else ""
        marked = f'<a href="{address(returned.marked)}">标注件</a>' if returned.marked else ""
        return looked + marked + (f'<a href="{address(returned.document)}">数据</a>' if returned.document else "")


def _head(chapter: Chapter) -> str:
    """Return whose findings follow."""
    if chapter.line is not None:
        return f"{status(chapter.line.standing)} <b>{unit(chapter.line.unit)}</b>"
    _, returned = chapter.returns[0]
    return f'{status(returned.standing)} <b>{UNKNOWN}</b> <span class="file">{text(returned.file, 120)}</span>'


def _counts(chapter: Chapter) -> str:
    found = [finding.severity for _, returned in chapter.returns for finding in returned.findings]
    return "".join(
        f'<span class="count lv-{each.value}">{word(each)} {found.count(each)}</span> '
        for each in Severity
        if each in found
    )


def _finding(entry: ReportEntry) -> str:
    code, fix = text(entry.code), entry.suggestion
    suggested = f'<div class="fix">建议改为：{text(fix, 120)}</div>' if fix else ""
    title = title_of(entry.findings, entry.code)
    return (
        f'<tr data-code="{code}" data-level="{entry.severity.value}"><td>{word(entry.severity)}</td>'
        f'<td><a href="#rule-{code}">{code}</a> {text(title)}</td><td>{text(places(entry.findings, 24), 300)}</td>'
        f"<td>{text(entry.label, 120)}</td><td>{text(entry.typed, 120)}</td><td>{text(entry.expected, 120)}</td>"
        f"<td>{text(entry.message, 300)}{suggested}</td></tr>"
    )


def _form(filed: Filed) -> str:
    when = f" <small>{text(filed.when)}</small>" if filed.when else ""
    project = f" <small>· {text(filed.project, 80)}</small>" if filed.project else ""
    return f"{text(filed.title, 60)}{when}{project}"


def _replaced(filed: Filed) -> str:
    by = filed.superseded_by
    return f' <small class="mark">已由 {text(by, 120)} 替代</small>' if by else ""


@lru_cache(maxsize=512)
def _counted(number: int, severity: Severity) -> str:
    style = f"lv-{severity.value}" if number else "zero"
    return f'<td class="n {style}" data-l="{word(severity)}">{number}</td>'


def _scores(returned: Return) -> str:
    totals: Sequence[Decimal] = [form.score for form in returned.forms if form.score is not None]
    best = max(map(plain, totals), key=Decimal, default="")
    shown = "".join(f"<div>{text(figure(total))}</div>" for total in totals)
    grades = "".join(f"<div>{grade(total) if is_total(total) else '—'}</div>" for total in totals)
    return f'<td class="n" data-l="得分" data-v="{text(best)}">{shown}</td><td data-l="等次">{grades}</td>'


def _moment(when: dt.datetime | None) -> str:
    if when is None:
        return ""
    local = when.astimezone(_BEIJING) if when.tzinfo else when
    return f"{local:%Y-%m-%d %H:%M}"


def _reason(returned: Return) -> str:
    return next((finding.message for finding in returned.findings if finding.severity is Severity.ERROR), "")
