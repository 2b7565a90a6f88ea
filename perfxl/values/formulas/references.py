"""The references in a formula's text, and the formula with others in their place."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from perfxl.model.regex import deferred

_PIECE: Final = deferred(
    r"""
    (?P<kept>(?<!")"(?:[^"]++|"")*+" | (?<!')'(?:[^']++|'')*+'! | [^\W\d]\w*+! | [^\W\d][\w.]*+\()
    | (?P<reference>
        \$?[A-Za-z]{1,3}\$?[1-9]\d{0,6} | \$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3} | \$?[1-9]\d{0,6}:\$?[1-9]\d{0,6}
      )(?![\w(!.])
    | [\w.]++
    """,
    re.VERBOSE,
)
_PART: Final = deferred(r"\$?(?:[A-Za-z]+|\d+)|:")


def with_references(text: str, moved: Callable[[str], str | None]) -> str:
    """Return a formula with the rows and columns of its references moved, each as it is written: ``$B``, ``12``, ``:``.

    A reference of which a part is moved to None leads off the sheet: ``#REF!``.
    """

    def changed(found: re.Match[str]) -> str:
        if found["reference"] is None:
            return found[0]
        parts = [moved(part[0]) for part in _PART.finditer(found["reference"])]
        return "#REF!" if None in parts else "".join(filter(None, parts))

    return _PIECE.sub(changed, text)


def after_insertion(text: str, row: int) -> str:
    """Return a formula as it is after a row was inserted below one of its own sheet, which is the only one it refers to."""

    def moved(part: str) -> str:
        pin, number = part[: part.startswith("$")], part.removeprefix("$")
        return f"{pin}{int(number) + 1}" if number.isdecimal() and int(number) > row else part

    return with_references(text, moved)
