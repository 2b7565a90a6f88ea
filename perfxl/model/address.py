"""Places on a sheet: columns by letter, cells by name, boxes of cells. All counts begin at 1."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from perfxl.model.regex import deferred

MAX_ROW = 1_048_576
MAX_COLUMN = 16_384

_NAME = deferred(r"\$?([A-Z]{1,3})\$?([1-9]\d{0,6})")


@lru_cache(maxsize=1024)
def column_letter(column: int) -> str:
    """Return the letters of a column: 1 → ``A``, 28 → ``AB``."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@lru_cache(maxsize=1024)
def column_number(letters: str) -> int:
    """Return the number of a column: ``A`` → 1. Raises ValueError for anything but A–XFD."""
    if not re.fullmatch(r"[A-Z]{1,3}", letters):
        raise ValueError(letters)
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    if number > MAX_COLUMN:
        raise ValueError(letters)
    return number


@lru_cache(maxsize=8192)
def cell_name(row: int, column: int) -> str:
    """Return the name of a cell: (9, 3) → ``C9``."""
    return f"{column_letter(column)}{row}"


def parse_cell(name: str) -> tuple[int, int]:
    """Return (row, column) of ``C9`` or ``$C$9``. Raises ValueError for anything else."""
    found = _NAME.fullmatch(name)
    if not found:
        raise ValueError(name)
    row, column = int(found[2]), column_number(found[1])
    if row > MAX_ROW:
        raise ValueError(name)
    return row, column


class Box(NamedTuple):
    """A rectangle of cells, ends included; a single cell has equal corners."""

    row: int
    column: int
    last_row: int
    last_column: int

    @property
    def name(self) -> str:
        """The cell that holds the value: the top left one, as ``C9``."""
        return cell_name(self.row, self.column)

    @property
    def range_name(self) -> str:
        """The whole as ``C9:D10``, or ``C9`` where it is one cell."""
        last = cell_name(self.last_row, self.last_column)
        return self.name if self.single else f"{self.name}:{last}"

    @property
    def area(self) -> int:
        """How many cells it covers."""
        return (self.last_row - self.row + 1) * (self.last_column - self.column + 1)

    @property
    def single(self) -> bool:
        return self.row == self.last_row and self.column == self.last_column

    def moved_down(self, rows: int) -> Box:
        return Box(self.row + rows, self.column, self.last_row + rows, self.last_column)

    def holds(self, row: int, column: int) -> bool:
        return self.row <= row <= self.last_row and self.column <= column <= self.last_column


@lru_cache(maxsize=8192)
def cell_box(row: int, column: int) -> Box:
    """Return the box of a single cell."""
    return Box(row, column, row, column)
