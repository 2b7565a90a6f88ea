"""Pages from their templates; whatever was typed is escaped, and nothing in it steers the browser's text."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from perfxl.reporting.typeset import visible
from perfxl.reporting.wording import STANDING_NAMES, STANDING_SYMBOLS

_STYLES = (
    ("perfxl.reporting", "page.css"),
    ("perfxl.reporting", "drawing.css"),
    ("perfxl.page", "view.css"),
    ("perfxl.adopt", "page.css"),
    ("perfxl.serve", "static/serve.css"),
)
_SCRIPTS = {
    "overview.js": (("perfxl.reporting", "page.js"),),
    "serve.js": (("perfxl.page", "steps.js"), ("perfxl.adopt", "page.js"), ("perfxl.serve", "static/serve.js")),
}


@cache
def _surroundings() -> Environment:
    found = Environment(
        loader=PackageLoader("perfxl.serve"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        finalize=_plain,
    )
    found.filters.update(word=STANDING_NAMES.__getitem__, symbol=STANDING_SYMBOLS.__getitem__)
    return found


def _plain(value: object) -> object:
    return value if isinstance(value, Markup) or not isinstance(value, str) else visible(value)


def render(template: str, **values: object) -> str:
    """Return a page; ``values`` are what its template speaks of."""
    return _surroundings().get_template(template).render(values)


@cache
def static() -> dict[str, tuple[bytes, str]]:
    """Return the files that pages load, by name, each with its media type: all are in the package, none on a path."""
    style = "".join(map(_read, _STYLES))
    found = {"style.css": (style.encode(), "text/css; charset=utf-8")}
    for name, parts in _SCRIPTS.items():
        found[name] = ("\n".join(map(_read, parts)).encode(), "text/javascript; charset=utf-8")
    return found


def _read(place: tuple[str, str]) -> str:
    package, name = place
    return files(package).joinpath(name).read_text(encoding="utf-8")
