"""report.html: a batch on one page that works offline and prints.

Nothing is fetched from anywhere: styles and script stand in the page, and its policy lets in nothing else. Whatever was
typed is escaped, kept on one line and cut to a length that can be read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache, lru_cache
from importlib.resources import files
from urllib.parse import quote

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup, escape

from perfxl.model.finding import Severity
from perfxl.model.submission import Unit
from perfxl.reporting.contents import contents
from perfxl.reporting.digest import main_points
from perfxl.reporting.entries import ReportEntry, entries, places
from perfxl.reporting.folding import FOLD, UNFOLD, folded
from perfxl.reporting.overview import ATTENTION, Overview, Return, Standing
from perfxl.reporting.policy import policy
from perfxl.reporting.typeset import visible
from perfxl.reporting.wording import (
    SEVERITY_SYMBOLS,
    STANDING_NAMES,
    STANDING_SYMBOLS,
    plain,
)
from perfxl.rules.grade import grade, is_total
from perfxl.rules.own import title_of

MANY = 1_000
"""Returns up to which a page holds all of its rows as they are."""
_WHOLE = {"fold": "", "unfold": ""}
_PIECES = 500
"""Pieces of the template that are written at once."""
_BEIJING = dt.timezone(dt.timedelta(hours=8))


def page(overview: Overview) -> str:
    """Return the page as HTML; the same overview gives the same text."""
    return "".join(pieces(overview))


def pieces(overview: Overview) -> Iterator[str]:
    """Yield the page piece by piece: that of a large pile is not held in memory as a whole.

    What a page of very many returns shows below its figures and its list of files stands in it packed.
    """
    style, script = _part("page.css"), _part("page.js")
    whole = {"style": style, "script": script, "policy": policy(style, (script,)), "look": None}
    marks = {"fold": Markup(FOLD), "unfold": Markup(UNFOLD)} if len(overview.returns) > MANY else _WHOLE  # noqa: S704 - our own
    stream = _template().stream(contents(overview), **whole, **marks)
    stream.enable_buffering(_PIECES)
    yield from folded(stream)


def fragment(overview: Overview, look: Callable[[str], str]) -> Markup:
    """Return what the page shows as a part of another page, which has its style and its script (``page.css``, ``page.js``).

    ``look`` gives the address at which a file can be looked at.
    """
    return Markup(_template().render(contents(overview), policy="", look=look, **_WHOLE))  # noqa: S704 - the template escapes


def bare_page(overview: Overview) -> str:
    """Return a page that says no more than what became of each file: for the day on which the page cannot be made."""
    rows = "".join(
        f"<tr><td>{escape(visible(each.file))}</td><td>{STANDING_NAMES[each.standing]}</td></tr>\n"
        for each in overview.returns
    )
    return (
        '<!doctype html>\n<!-- perfxl -->\n<html lang="zh-CN">\n<meta charset="utf-8">\n<meta name="generator" content="perfxl">\n'
        "<title>收表审核总览</title>\n<p>程序出了错，总览没有做全；各份的审核意见见 findings.csv 和各自的标注件。</p>\n"
        f"<table>\n{rows}</table>\n</html>\n"
    )


@cache
def _part(name: str) -> Markup:
    text = files("perfxl.reporting").joinpath(name).read_text(encoding="utf-8")
    return Markup(text)  # noqa: S704 - a file of our own, in which nothing was typed by others


@cache
def _template() -> Template:
    surroundings = Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined, finalize=_one_line
    )
    surroundings.filters.update(
        address=_address,
        best=_best,
        clip=_clip,
        entries=entries,
        figure=_figure,
        grade=_grade,
        moment=_moment,
        places=places,
        points=main_points,
        rank=ATTENTION.index,
        reason=_reason,
        symbol=_symbol,
        title_of=_title,
        word=_word,
    )
    # What stands in every row is put together here: a macro of the template takes ten times as long.
    surroundings.globals.update(status=_status, unit=_unit, counted=_counted, finding=_finding)
    return surroundings.from_string(_part("page.html.j2"))


@cache
def _status(standing: Standing) -> Markup:
    mark = Markup('<span class="st st-{}"><i aria-hidden="true">{}</i> {}</span>')
    return mark.format(standing.value, _symbol(standing), _word(standing))


@lru_cache(maxsize=4096)
def _unit(who: Unit) -> Markup:
    unknown = Markup() if who.code else Markup("<em>单位不明</em>")
    name = escape(visible(_clip(who.name, 60))) if who.name else unknown
    return name + (Markup(' <small class="code">{}</small>').format(visible(_clip(who.code, 30))) if who.code else "")


@lru_cache(maxsize=512)
def _counted(number: int, severity: Severity) -> Markup:
    style = f"lv-{severity.value}" if number else "zero"
    return Markup('<td class="n {}" data-l="{}">{}</td>').format(style, _word(severity), number)


def _finding(entry: ReportEntry) -> Markup:
    code, fix = _text(entry.code), entry.suggestion
    suggested = f'<div class="fix">建议改为：{_text(fix, 120)}</div>' if fix else ""
    return Markup(  # noqa: S704 - all that stands in it is escaped
        f'<tr data-code="{code}" data-level="{entry.severity.value}"><td>{_word(entry.severity)}</td>'
        f'<td><a href="#rule-{code}">{code}</a> {_text(_title(entry))}</td><td>{_text(places(entry.findings, 24), 300)}</td>'
        f"<td>{_text(entry.label, 120)}</td><td>{_text(entry.typed, 120)}</td><td>{_text(entry.expected, 120)}</td>"
        f"<td>{_text(entry.message, 300)}{suggested}</td></tr>"
    )


@lru_cache(maxsize=8192)
def _text(text: str, most: int | None = None) -> str:
    """Return a text as the template sets it: cut, on one line, escaped."""
    return str(escape(visible(text if most is None else _clip(text, most))))


def _one_line(value: object) -> object:
    """Keep out what steers the browser's text: line breaks, and characters that reorder what is read."""
    return value if isinstance(value, Markup) or not isinstance(value, str) else visible(value)


def _address(name: str) -> str:
    """Return a relative address that no name can turn into another: ``教育/a.json`` → ``./%E6%95%99…/a.json``."""
    try:
        raw = name.encode("utf-8", "surrogateescape")  # as a file name that is no UTF-8 stands on the disk
    except UnicodeEncodeError:
        raw = name.encode("utf-8", "replace")
    return "./" + quote(raw, safe="/")


def _clip(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _figure(number: Decimal) -> str:
    return _clip(plain(number.normalize()), 12)


def _grade(total: Decimal) -> str:
    return grade(total) if is_total(total) else "—"


def _best(returned: Return) -> str:
    """Return what a return is sorted by: its highest total."""
    return max((plain(form.score) for form in returned.forms if form.score is not None), key=Decimal, default="")


def _moment(when: dt.datetime | None) -> str:
    if when is None:
        return ""
    local = when.astimezone(_BEIJING) if when.tzinfo else when
    return f"{local:%Y-%m-%d %H:%M}"


def _reason(returned: Return) -> str:
    return next((finding.message for finding in returned.findings if finding.severity is Severity.ERROR), "")


def _title(entry: ReportEntry) -> str:
    return title_of(entry.findings, entry.code)


def _word(value: Severity | Standing) -> str:
    return value.chinese if isinstance(value, Severity) else STANDING_NAMES[value]


def _symbol(value: Severity | Standing) -> str:
    return SEVERITY_SYMBOLS[value] if isinstance(value, Severity) else STANDING_SYMBOLS[value]
