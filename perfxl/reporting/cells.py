"""What stands in the cells of the page's rows: texts, units, standings, addresses, figures.

Whatever was typed is escaped, kept on one line and cut to a length that can be read.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache, lru_cache
from urllib.parse import quote

from markupsafe import Markup, escape

from perfxl.model.finding import Severity
from perfxl.model.submission import Unit
from perfxl.reporting.overview import Standing
from perfxl.reporting.typeset import visible
from perfxl.reporting.wording import SEVERITY_SYMBOLS, STANDING_NAMES, STANDING_SYMBOLS, plain

UNKNOWN = "<em>单位不明</em>"


@cache
def status(standing: Standing) -> Markup:
    """Return where something stands, with its sign."""
    mark = Markup('<span class="st st-{}"><i aria-hidden="true">{}</i> {}</span>')
    return mark.format(standing.value, symbol(standing), word(standing))


@lru_cache(maxsize=512)
def unit(who: Unit) -> Markup:
    """Return a unit's name and code."""
    unknown = "" if who.code else UNKNOWN
    name = text(who.name, 60) if who.name else unknown
    return made(name + (f' <small class="code">{text(who.code, 30)}</small>' if who.code else ""))


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


def made(row: str) -> Markup:
    """Return a text in which all that was typed is escaped already, as what it is."""
    return Markup(row)  # noqa: S704 - all that stands in it is escaped
