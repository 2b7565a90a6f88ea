"""report.html: a batch on one page that works offline and prints.

Nothing is fetched from anywhere: styles and script stand in the page, and its policy lets in nothing else. Whatever was
typed is escaped, kept on one line and cut to a length that can be read. A skeleton has what always stands there, and
names what does not (``{{ name }}``); to fill it in takes no library of templates, which takes as long to load as the
page of a hundred returns to be made.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib.resources import files

from markupsafe import Markup, escape

from perfxl.reporting.contents import Contents
from perfxl.reporting.folding import FOLD, HOLD, UNFOLD, UNHOLD, folded
from perfxl.reporting.overview import Overview
from perfxl.reporting.policy import policy
from perfxl.reporting.rows import Rows
from perfxl.reporting.sections import Marks, Section, sections
from perfxl.reporting.typeset import visible
from perfxl.reporting.wording import STANDING_NAMES

MANY = 1_000
"""Returns up to which a page holds all of its rows as they are."""
_WHOLE = Marks()
_PARTLY = Marks(FOLD, UNFOLD, HOLD, UNHOLD)
_NAMED = re.compile(r"\{\{ (\w+) \}\}")


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
    marks = _PARTLY if len(overview.returns) > MANY else _WHOLE
    main = _filled("page_main.html", sections(contents, Rows(contents), marks))
    own = {"style": style, "script": script, "policy": escape(policy(style, (script,))), "main": main}
    yield from folded(_filled("page.html", own))


def fragment(overview: Overview, look: Callable[[str], str]) -> Markup:
    """Return what the page shows as a part of another page, which has its style and its script (``page.css``, ``page.js``).

    ``look`` gives the address at which a file can be looked at.
    """
    contents = Contents.of(overview)
    shown = "".join(_filled("page_main.html", sections(contents, Rows(contents, look), _WHOLE)))
    return Markup(f"{shown}\n")  # noqa: S704 - all that was typed is escaped


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


def _filled(skeleton: str, parts: Mapping[str, Section]) -> Iterator[str]:
    """Yield a skeleton with parts in the places of their names."""
    for place, part in enumerate(_NAMED.split(_part(skeleton).removesuffix("\n"))):
        found = parts[part] if place % 2 else part
        if isinstance(found, str):
            yield found
        else:
            yield from found


@cache
def _part(name: str) -> str:
    return files("perfxl.reporting").joinpath(name).read_text(encoding="utf-8")
