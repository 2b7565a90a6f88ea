"""report.html: a batch on one page that works offline and prints.

Nothing is fetched from anywhere: styles and script stand in the page, and its policy lets in nothing else. Whatever was
typed is escaped, kept on one line and cut to a length that can be read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup, escape

from perfxl.reporting.cells import clip, figure, status, symbol, word
from perfxl.reporting.contents import Contents
from perfxl.reporting.folding import FOLD, HOLD, UNFOLD, UNHOLD, folded
from perfxl.reporting.overview import Overview
from perfxl.reporting.policy import policy
from perfxl.reporting.rows import Rows
from perfxl.reporting.typeset import visible
from perfxl.reporting.wording import STANDING_NAMES

MANY = 1_000
"""Returns up to which a page holds all of its rows as they are."""
_WHOLE = {"fold": "", "unfold": "", "hold": "", "unhold": ""}
_PARTLY = {"fold": FOLD, "unfold": UNFOLD, "hold": HOLD, "unhold": UNHOLD}


def page(overview: Overview) -> str:
    """Return the page as HTML; the same overview gives the same text."""
    return "".join(pieces(overview))


def pieces(overview: Overview) -> Iterator[str]:
    """Yield the page piece by piece: that of a large pile is not held in memory as a whole.

    What a page of very many returns shows below its figures stands in it as text, most of that packed: the script makes
    rows of it as they are looked at.
    """
    style, script = _part("page.css"), _part("page.js")
    contents = Contents.of(overview)
    whole = {"style": style, "script": script, "policy": policy(style, (script,)), "rows": Rows(contents)}
    yield from folded(_template().generate(contents.variables(), **whole, **_marks(overview)))


def fragment(overview: Overview, look: Callable[[str], str]) -> Markup:
    """Return what the page shows as a part of another page, which has its style and its script (``page.css``, ``page.js``).

    ``look`` gives the address at which a file can be looked at. Rows of very many returns are made as in the page.
    """
    contents = Contents.of(overview)
    shown = _template().generate(contents.variables(), policy="", rows=Rows(contents, look), **_marks(overview))
    return Markup("".join(folded(shown)))  # noqa: S704 - the template escapes


def _marks(overview: Overview) -> Mapping[str, Markup]:
    """Return what stands around the parts of which a page of very many returns makes rows as they are looked at."""
    marks = _PARTLY if len(overview.returns) > MANY else _WHOLE
    return {name: Markup(mark) for name, mark in marks.items()}  # noqa: S704 - our own


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
    surroundings.filters.update(clip=clip, figure=figure, symbol=symbol, word=word)
    surroundings.globals.update(status=status)
    return surroundings.from_string(_part("page.html.j2"))


def _one_line(value: object) -> object:
    """Keep out what steers the browser's text: line breaks, and characters that reorder what is read."""
    return value if isinstance(value, Markup) or not isinstance(value, str) else visible(value)
