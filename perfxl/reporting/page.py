"""report.html: a batch on one page that works offline and prints.

Nothing is fetched from anywhere: styles and script stand in the page, and its policy lets in nothing else. Whatever was
typed is escaped, kept on one line and cut to a length that can be read.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from importlib.resources import files
from urllib.parse import quote

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup, escape

from perfxl.model.finding import Severity
from perfxl.reporting.contents import contents
from perfxl.reporting.digest import main_points
from perfxl.reporting.entries import ReportEntry, entries, places
from perfxl.reporting.overview import ATTENTION, Overview, Return, Standing
from perfxl.reporting.typeset import visible
from perfxl.reporting.wording import (
    SEVERITY_SYMBOLS,
    STANDING_NAMES,
    STANDING_SYMBOLS,
    plain,
)
from perfxl.rules.grade import grade, is_total
from perfxl.rules.own import title_of

_PIECES = 500
"""Pieces of the template that are written at once."""
_BEIJING = dt.timezone(dt.timedelta(hours=8))


def page(overview: Overview) -> str:
    """Return the page as HTML; the same overview gives the same text."""
    return "".join(pieces(overview))


def pieces(overview: Overview) -> Iterator[str]:
    """Yield the page piece by piece: that of a large pile is not held in memory as a whole."""
    style, script = _part("page.css"), _part("page.js")
    whole = {"style": style, "script": script, "policy": _policy(style, script), "look": None}
    stream = _template().stream(contents(overview), **whole)
    stream.enable_buffering(_PIECES)
    yield from stream


def fragment(overview: Overview, look: Callable[[str], str]) -> Markup:
    """Return what the page shows as a part of another page, which has its style and its script (``page.css``, ``page.js``).

    ``look`` gives the address at which a file can be looked at.
    """
    return Markup(_template().render(contents(overview), policy="", look=look))  # noqa: S704 - the template escapes


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


def _policy(style: str, script: str) -> str:
    """Allow this style and this script by their hashes, and nothing else, from anywhere."""
    allowed = {"style-src": style, "script-src": script}
    hashes = {name: base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for name, text in allowed.items()}
    sources = [f"{name} 'sha256-{value}'" for name, value in hashes.items()]
    return "; ".join(["default-src 'none'", *sources, "base-uri 'none'", "form-action 'none'"])


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
    return surroundings.from_string(_part("page.html.j2"))


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
