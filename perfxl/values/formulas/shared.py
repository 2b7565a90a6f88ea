"""A formula that several cells share: written in one of them, meant in all with its relative references moved along."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from perfxl.model.address import MAX_COLUMN, MAX_ROW, column_letter, column_number

_PIECE: Final = re.compile(
    r"""
    (?P<kept>(?<!")"(?:[^"]++|"")*+" | (?<!')'(?:[^']++|'')*+'! | [^\W\d]\w*+! | [^\W\d][\w.]*+\()
    | (?P<reference>
        \$?[A-Za-z]{1,3}\$?[1-9]\d{0,6} | \$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3} | \$?[1-9]\d{0,6}:\$?[1-9]\d{0,6}
      )(?![\w(!.])
    | [\w.]++
    """,
    re.VERBOSE,
)
_PART: Final = re.compile(r"\$?(?:[A-Za-z]+|\d+)|:")


@dataclass(frozen=True, slots=True)
class SharedFormula:
    """A formula as it is written in the cell at ``row`` and ``column``."""

    text: str
    row: int
    column: int

    def at(self, row: int, column: int) -> str:
        """Return what it is in another cell; a reference that leads off the sheet is ``#REF!``."""
        down, right = row - self.row, column - self.column

        def moved(found: re.Match[str]) -> str:
            if found["reference"] is None:
                return found[0]
            parts = [_moved(part[0], down, right) for part in _PART.finditer(found["reference"])]
            return "#REF!" if None in parts else "".join(filter(None, parts))

        return _PIECE.sub(moved, self.text)


def _moved(part: str, down: int, right: int) -> str | None:
    """Return a row or a column moved along, None where it leads off the sheet; absolute ones and ``:`` stay."""
    if part == ":" or part.startswith("$"):
        return part
    if part.isdecimal():
        row = int(part) + down
        return str(row) if 1 <= row <= MAX_ROW else None
    try:
        column = column_number(part.upper()) + right
    except ValueError:
        return part  # a name that only looks like a column
    return column_letter(column) if 1 <= column <= MAX_COLUMN else None
