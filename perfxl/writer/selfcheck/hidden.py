"""The hidden sheet on which a form's growing tables are watched row by row.

A rule about each row of a table must also watch the rows that an officer inserts. So the hidden sheet has a line for
each row that the table has or may get, which finds its row by counting from the row above the table, and ends where the
row below the table stands. Everything in it is an ordinary formula: no macros, no array formulas.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from msgspec import Struct, field

from perfxl.model.address import column_letter
from perfxl.model.once import once_each
from perfxl.model.path import generic
from perfxl.model.stamp import ROWS
from perfxl.writer.places import Places
from perfxl.writer.selfcheck.formula import CheckFormula

NAME = ROWS
LINE = "\N{BULLET}"
"""Stands for the number of the line until it is known; no formula has the sign."""
HERE = "\N{WHITE BULLET}"
"""Stands for the cell of 填报自检 that has the row on the form to look at, until it is known in which line it is."""
SPARE = 30
"""Rows beyond those of the blank that are watched; what stands further down is checked at the import."""
MOST_LINES = 1000
"""Rows of a table that are watched one by one at most: beyond, a workbook would open slowly (perfxl.writer.selfcheck.columns)."""
HOLDS, WARNING, ERROR, MISSING = 0, 1, 2, 3


class TableSpan(Struct, frozen=True):
    """A table as placed: its path (``goals[0].indicators``), its first and last row on the sheet."""

    path: str
    first: int
    last: int

    @property
    def size(self) -> int:
        return self.last - self.first + 1


class RowView(Struct, frozen=True):
    """One row of a table, for the formula printer: its cells are found by the row number in ``at``."""

    places: Places
    row: str
    at: str

    def cell(self, path: str) -> str:
        """Return the cell at a path: in this row by its column, elsewhere as it stands."""
        if not path.startswith(f"{self.row}."):
            return self.places.cell(path)
        letter = column_letter(self.places.cells[path].box.column)
        return f"INDEX({self.places.sheet}${letter}:${letter},{self.at})"

    def ranges(self, path: str) -> tuple[str, ...]:
        """Return the areas of a column."""
        return self.places.ranges(path)

    def printed(self, path: str) -> tuple[str, ...]:
        """Return the cells of the areas that are printed."""
        return self.places.printed(path)


Text = Callable[[RowView], str]
"""Makes the formula of a row; equal but for the row number in all rows of a table."""
Result = Callable[[str | None], Decimal | str | int]
"""Gives what the formula gives in a row as the workbook is written; the path is None for a spare row."""


class Watched(Struct, frozen=True):
    """A column of the hidden sheet: its cells, the rows of the form beside them."""

    area: str
    rows: str
    values: tuple[int, ...]
    numbers: tuple[int, ...]

    @property
    def first(self) -> int:
        """The row on the form of the gravest mark as the workbook is written, 0 where there is none."""
        worst = max(self.values, default=0)
        return self.numbers[self.values.index(worst)] if worst else 0

    def count(self, grade: int) -> CheckFormula:
        """Return how many rows have a grade."""
        return CheckFormula(f"COUNTIF({self.area},{grade})", self.values.count(grade))

    def wrong(self) -> str:
        """Return the formula of how many rows have a mark."""
        return f'COUNTIF({self.area},">{HOLDS}")'

    def row(self) -> CheckFormula:
        """Return the row of the first of the gravest marks, 0 where there is none."""
        return CheckFormula(
            f"IF(SUM({self.area})=0,0,INDEX({self.rows},MATCH(MAX({self.area}),{self.area},0)))", self.first
        )


class FormulasBelow(NamedTuple):
    """Formulas below each other, alike in all lines but for the sign LINE: column and rows from 1, texts and results by line."""

    column: int
    rows: Sequence[int]
    texts: Sequence[str]
    results: Sequence[Decimal | str | int]


class Hidden(Struct):
    """The hidden sheet as it is filled: single cells by row and column, from 1, and formulas below each other."""

    cells: dict[tuple[int, int], CheckFormula] = field(default_factory=dict)
    below: list[FormulasBelow] = field(default_factory=list)
    next_row: int = 1

    def block(self, spans: Sequence[TableSpan], places: Places) -> HiddenBlock:
        """Begin a block of lines for the instances of a table, one below the other."""
        lines: list[HiddenLine] = []
        for span in spans:
            above, below = (f"{places.sheet}$A${row}" for row in (span.first - 1, span.last + 1))
            for number in range(min(span.size + SPARE, MOST_LINES)):
                row = self.next_row
                self.next_row += 1
                there = number < span.size
                text = f"IF(ROW({above})+{number + 1}<ROW({below}),ROW({above})+{number + 1},0)"
                # A block that was deleted has no rows any more.
                at = span.first + number if there else 0
                self.cells[row, 1] = CheckFormula(text, at).or_else("0")
                lines.append(HiddenLine(row, f"{span.path}[{number}]" if there else None, f"{span.path}[0]", at))
        return HiddenBlock(self, places, tuple(lines))


class HiddenLine(Struct, frozen=True):
    """A line of a block: its row on the hidden sheet, the row of the form (None: spare), one of the same table.

    ``number`` is the row on the form's sheet as the workbook is written, 0 of a spare one.
    """

    row: int
    path: str | None
    like: str
    number: int


class HiddenBlock(Struct):
    """The lines for one kind of table. Columns are added from the left; the first holds the row on the form."""

    hidden: Hidden
    places: Places
    lines: tuple[HiddenLine, ...]
    columns: int = 1

    def derive(self, text: Text, result: Result) -> str:
        """Add a column that others read; return its letter."""
        return column_letter(self._add(text, result).column)

    def _add(self, text: Text, result: Result) -> FormulasBelow:
        self.columns += 1
        likes = dict.fromkeys(line.like for line in self.lines)
        texts = {like: text(RowView(self.places, like, f"$A{LINE}")) for like in likes}
        spare = result(None) if any(line.path is None for line in self.lines) else 0
        added = FormulasBelow(
            self.columns,
            [line.row for line in self.lines],
            [texts[line.like] for line in self.lines],
            [spare if line.path is None else result(line.path) for line in self.lines],
        )
        self.hidden.below.append(added)
        return added

    def watch(self, text: Text, result: Result) -> Watched:
        """Add a column of grades; lines without a row have none."""
        added = self._add(
            lambda view: f"IF({view.at}=0,0,IFERROR({text(view)},0))",
            lambda path: HOLDS if path is None else result(path),
        )
        letter, first, last = column_letter(added.column), self.lines[0].row, self.lines[-1].row
        numbers = tuple(line.number for line in self.lines)
        area, rows = (f"{NAME}!${one}${first}:${one}${last}" for one in (letter, "A"))
        return Watched(area, rows, tuple(map(int, added.results)), numbers)

    def first(self, grades: Watched) -> str | None:
        """Return the path of the row that the gravest mark is in as the workbook is written, None where there is none."""
        return next(
            (line.path for line, n in zip(self.lines, grades.numbers, strict=True) if n and n == grades.first), None
        )

    def view(self) -> RowView:
        """Return the row of the form that a line of 填报自检 is about."""
        return RowView(self.places, self.lines[0].like, HERE)

    def found(self, letter: str) -> str:
        """Return the cell of a column in the line of the row that a line of 填报自检 is about."""
        rows, column = (f"{NAME}!${one}${self.lines[0].row}:${one}${self.lines[-1].row}" for one in ("A", letter))
        return f"INDEX({column},MATCH({HERE},{rows},0))"

    def same(self, view: RowView, letter: str) -> str:
        """Return the cell of another column in a view's line."""
        return f"${letter}{view.at.removeprefix('$A')}"


def spans(places: Places, table: str) -> Sequence[TableSpan]:
    """Return the instances of a table (generic path) in their order on the sheet."""
    return _all_spans(places).get(table, ())


@once_each
def _all_spans(places: Places) -> Mapping[str, Sequence[TableSpan]]:
    """Return the instances of each table, by its generic path."""
    found: dict[str, dict[str, list[int]]] = {}
    for row in places.rows.values():
        for record, table in ((row.record, row.table), (row.beside_record, row.beside)):
            if table and generic(record) == f"{table}[]":
                numbers = found.setdefault(table, {}).setdefault(record[: record.rindex("[")], [])
                numbers.append(row.number)
    return {
        table: [TableSpan(path, min(numbers), max(numbers)) for path, numbers in by_path.items()]
        for table, by_path in found.items()
    }
