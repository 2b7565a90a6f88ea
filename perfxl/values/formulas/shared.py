"""A formula that several cells share: written in one of them, meant in all with its relative references moved along."""

from __future__ import annotations

from msgspec import Struct

from perfxl.model.address import MAX_COLUMN, MAX_ROW, column_letter, column_number
from perfxl.values.formulas.references import with_references


class SharedFormula(Struct, frozen=True):
    """A formula as it is written in the cell at ``row`` and ``column``."""

    text: str
    row: int
    column: int

    def at(self, row: int, column: int) -> str:
        """Return what it is in another cell; a reference that leads off the sheet is ``#REF!``."""
        down, right = row - self.row, column - self.column
        return with_references(self.text, lambda part: _moved(part, down, right))


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
