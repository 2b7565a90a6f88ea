"""The rows of the page's tables, put together here: macros of the template take ten times as long.

Whatever was typed is escaped, kept on one line and cut to a length that can be read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from functools import cache, lru_cache
from urllib.parse import quote

from markupsafe import Markup, escape

from perfxl.model.finding import Severity
from perfxl.model.submission import Unit
from perfxl.reporting.contents import Contents
from perfxl.reporting.digest import Chapter, RuleLine, main_points
from perfxl.reporting.entries import ReportEntry, places
from perfxl.reporting.overview import ATTENTION, Filed, Return, Standing, UnitLine
from perfxl.reporting.typeset import visible
from perfxl.reporting.wording import SEVERITY_SYMBOLS, STANDING_NAMES, STANDING_SYMBOLS, plain
from perfxl.rules.grade import grade, is_total
from perfxl.rules.own import title_of

_BEIJING = dt.timezone(dt.timedelta(hours=8))
_POINTS = 4
"""Titles of rules that say what a return must correct."""
_UNKNOWN = "<em>单位不明</em>"


class Rows:
    """The rows of a page; ``look`` gives the address at which a file can be looked at, None where there is none."""

    def __init__(self, contents: Contents, look: Callable[[str], str] | None = None) -> None:
        self._overview = contents.overview
        self._digest = contents.digest
        self._whose = contents.whose
        self._kinds = {kind: number for number, kind in enumerate(contents.digest.kinds)}
        self._scored = bool(contents.digest.scores)
        self._look = look

    def missing(self) -> Iterator[Markup]:
        """Yield the units that have not handed in."""
        return (unit(line.unit) for line in self._overview.units if line.standing is Standing.MISSING)

    def options(self) -> Iterator[Markup]:
        """Yield the units as what one can choose from."""
        for place, line in enumerate(self._overview.units):
            yield _made(f'<option value="{place}">{text(line.unit.name or line.unit.code or "", 30)}</option>')

    def unreadable(self) -> Iterator[Markup]:
        """Yield the files that could not be read, with the reason."""
        for number in self._digest.standing(Standing.UNREADABLE):
            returned = self._overview.returns[number]
            file, why = text(returned.file, 120), text(_reason(returned), 200)
            yield _made(f'<li><b>{self._unit(number)}</b> <span class="file">{file}</span>：{why}</li>')

    def rejected(self) -> Iterator[Markup]:
        """Yield the returns that go back, with what must be corrected."""
        for number in self._digest.standing(Standing.REJECTED):
            returned = self._overview.returns[number]
            yield _made(
                f'<tr><td class="who"><a href="#f{number}">{self._unit(number)}</a></td>'
                f'<td class="wide">{text(main_points(returned.findings, _POINTS))}</td>'
                f'<td class="n lv-error" data-l="错误">{returned.count(Severity.ERROR)}</td>'
                f'<td class="links">{self._links(returned)}</td></tr>'
            )

    def units(self) -> Iterator[Markup]:
        """Yield a row for each unit."""
        for place, line in enumerate(self._overview.units):
            listed = "" if line.listed else ' <small class="mark">不在名册</small>'
            zero = "" if line.superseded else " zero"
            yield _made(
                f'<tr data-status="{line.standing.value}" data-unit="{place}">'
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

    def returns(self) -> Iterator[Markup]:
        """Yield a row for each return."""
        for number, returned in enumerate(self._overview.returns):
            kinds = dict.fromkeys(self._kinds[form.title, form.when] for form in returned.forms)
            units = self._whose.units(number)
            forms = "".join(f"<div>{_form(form)}{_replaced(form)}</div>" for form in returned.forms)
            file = text(returned.file, 120)
            if self._digest.waiting[number]:
                file = f'<a href="#f{number}">{file}</a>'
            yield _made(
                f'<tr id="r{number}" data-status="{returned.standing.value}" data-forms="{" ".join(map(str, kinds))}"'
                f' data-unit="{" ".join(map(str, units))}">'
                f'<td data-v="{ATTENTION.index(returned.standing)}">{status(returned.standing)}</td>'
                f'<td class="who">{self._unit(number)}</td><td class="wide">{forms or "<em>没有认出</em>"}</td>'
                f'<td class="file">{file}</td>{"".join(_counted(returned.count(each), each) for each in Severity)}'
                f'{_scores(returned) if self._scored else ""}<td class="time" data-l="保存时间">'
                f'{_moment(returned.modified)}</td><td class="links">{self._links(returned)}</td></tr>'
            )

    def rule(self, rule: RuleLine) -> Iterator[Markup]:
        """Yield a row for each return in which a rule was broken."""
        for row in rule.returns:
            number = row.number
            alone = self._whose.alone(number)
            file = "" if alone else f' <span class="file">{text(self._digest.files[number], 120)}</span>'
            yield _made(
                f'<tr data-return="{number}"><td><a href="#f{number}">{self._unit(number)}</a>{file}</td>'
                f'<td class="n" data-l="处数">{row.count}</td><td class="wide">{text(row.where, 200)}</td></tr>'
            )

    def head(self, chapter: Chapter) -> Markup:
        """Return whose findings follow."""
        if chapter.line is not None:
            return _made(f"{status(chapter.line.standing)} <b>{unit(chapter.line.unit)}</b>")
        _, returned = chapter.returns[0]
        file = text(returned.file, 120)
        return _made(f'{status(returned.standing)} <b>{_UNKNOWN}</b> <span class="file">{file}</span>')

    def about(self, returned: Return) -> Markup:
        """Return the row above the findings of a return."""
        forms = "".join(f"<span>{_form(form)}</span> " for form in returned.forms)
        return _made(
            f'<tr class="about"><th colspan="7" scope="rowgroup"><span class="file">{text(returned.file, 120)}</span> '
            f'{forms}<span class="links">{self._links(returned)}</span></th></tr>'
        )

    def _unit(self, number: int) -> Markup:
        return unit(self._whose.unit(number))

    def _links(self, returned: Return) -> str:
        looked = f'<a href="{text(self._look(returned.file))}">看表</a>' if self._look else ""
        marked = f'<a href="{address(returned.marked)}">标注件</a>' if returned.marked else ""
        return looked + marked + (f'<a href="{address(returned.document)}">数据</a>' if returned.document else "")


@cache
def status(standing: Standing) -> Markup:
    """Return where something stands, with its sign."""
    mark = Markup('<span class="st st-{}"><i aria-hidden="true">{}</i> {}</span>')
    return mark.format(standing.value, symbol(standing), word(standing))


@lru_cache(maxsize=512)
def unit(who: Unit) -> Markup:
    """Return a unit's name and code."""
    unknown = "" if who.code else _UNKNOWN
    name = text(who.name, 60) if who.name else unknown
    return _made(name + (f' <small class="code">{text(who.code, 30)}</small>' if who.code else ""))


def finding(entry: ReportEntry) -> Markup:
    """Return the row of a finding."""
    code, fix = text(entry.code), entry.suggestion
    suggested = f'<div class="fix">建议改为：{text(fix, 120)}</div>' if fix else ""
    title = title_of(entry.findings, entry.code)
    return _made(
        f'<tr data-code="{code}" data-level="{entry.severity.value}"><td>{word(entry.severity)}</td>'
        f'<td><a href="#rule-{code}">{code}</a> {text(title)}</td><td>{text(places(entry.findings, 24), 300)}</td>'
        f"<td>{text(entry.label, 120)}</td><td>{text(entry.typed, 120)}</td><td>{text(entry.expected, 120)}</td>"
        f"<td>{text(entry.message, 300)}{suggested}</td></tr>"
    )


@lru_cache(maxsize=512)
def text(given: str, most: int | None = None) -> str:
    """Return a text as it stands on the page: cut, on one line, escaped."""
    return str(escape(visible(given if most is None else clip(given, most))))


def clip(given: str, most: int) -> str:
    """Return a text cut to a length."""
    return given if len(given) <= most else given[: most - 1] + "…"


def address(name: str) -> str:
    """Return a relative address that no name can turn into another: ``教育/a.json`` → ``./%E6%95%99…/a.json``."""
    try:
        raw = name.encode("utf-8", "surrogateescape")  # as a file name that is no UTF-8 stands on the disk
    except UnicodeEncodeError:
        raw = name.encode("utf-8", "replace")
    return "./" + quote(raw, safe="/")


def figure(number: Decimal) -> str:
    """Return a total as it is shown."""
    return clip(plain(number.normalize()), 12)


def word(value: Severity | Standing) -> str:
    """Return what a severity or a standing is called."""
    return value.chinese if isinstance(value, Severity) else STANDING_NAMES[value]


def symbol(value: Severity | Standing) -> str:
    """Return the sign of a severity or a standing."""
    return SEVERITY_SYMBOLS[value] if isinstance(value, Severity) else STANDING_SYMBOLS[value]


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


def _made(row: str) -> Markup:
    return Markup(row)  # noqa: S704 - all that stands in it is escaped
