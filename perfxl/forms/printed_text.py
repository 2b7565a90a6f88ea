"""Printed text as it is spoken of, and the holes in it."""

from __future__ import annotations

import re

from perfxl.model.regex import deferred
from perfxl.model.words import compact

HOLE = "____"
"""Where the value stands in a caption, as on paper."""

_HOLES = deferred(r"\{\{|\}\}|\{([^{}]*)\}")
"""A brace that is printed stands twice; else it holds a counter or a year."""
_YEAR = deferred(r"year(?:([+-])(\d))?")
_UNIT_BEHIND = deferred(r"[（(][^（()）]*元[)）]$")
_NO_YEAR = "　　"


def words(label: str) -> str:
    """Return a printed label as it is spoken: no line breaks, no unit in brackets, no colon, no counter, no 其中."""
    flat = _HOLES.sub(lambda found: _brace(found) or "", compact(label)).rstrip("：:")
    return _UNIT_BEHIND.sub("", flat).removeprefix("其中：").removeprefix("其中:").rstrip("：:")


def holes(text: str) -> list[str]:
    """Return what stands in the curly brackets of a text: ``n``, ``year``, ``year-1``."""
    return [found[1] for found in _HOLES.finditer(text) if found[1] is not None]


def is_hole(name: str) -> bool:
    """Tell whether a hole is one that can be filled: a counter or a year."""
    return name == "n" or bool(_YEAR.fullmatch(name))


def wants_year(text: str) -> bool:
    """Tell whether a printed text has a hole for the year or for one near it."""
    return any(_YEAR.fullmatch(name) for name in holes(text))


def template(text: str) -> str:
    """Return a printed text with its holes open and its braces as they are printed, "" where it has no holes."""
    return _HOLES.sub(lambda found: _brace(found) or found[0], text) if holes(text) else ""


def filled(text: str, number: int | None, year: int | None) -> str:
    """Return a printed text with its holes filled; an unknown year leaves room to write it."""

    def fill(found: re.Match[str]) -> str:
        brace, name = _brace(found), found[1]
        if brace is not None:
            return brace
        if name == "n":
            return "" if number is None else str(number)
        offset = _YEAR.fullmatch(name)
        if offset is None:
            return found[0]
        if year is None:
            return _NO_YEAR
        return str(year + int(f"{offset[1] or '+'}{offset[2] or 0}"))

    return _HOLES.sub(fill, text)


def _brace(found: re.Match[str]) -> str | None:
    """Return the brace that is printed for one that stands twice, None for a hole."""
    return found[0][0] if found[1] is None else None
