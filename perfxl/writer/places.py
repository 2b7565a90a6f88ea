"""Where the values of a layout stand, for the formula printer."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from perfxl.model.address import Box, column_letter
from perfxl.model.code_list import CodeList
from perfxl.model.expression import Expr
from perfxl.model.layout import Layout, PlacedCell, PlacedRow, RowKind
from perfxl.model.path import generic, in_row, row_of
from perfxl.writer.list_ranges import Part, range_name
from perfxl.writer.shared_cell import inside

_TEXT = re.compile(r'"[^"]*"')


def column_of(path: str) -> str:
    """Return the column of one table that a cell is in.

    ``goals[0].indicators[3].weight`` → ``goals[0].indicators[].weight``.
    """
    table, bracket, rest = path.rpartition("[")
    return f"{table}[]{rest[rest.index(']') + 1 :]}" if bracket else path


class SheetPlace(NamedTuple):
    """Another sheet of the same form: its layout, what it is called in the workbook, its number there."""

    layout: Layout
    name: str
    number: int


class Places(Struct, frozen=True, dict=True):
    """Where the values of a layout stand. ``columns`` has the cells of each column of each growing table.

    Those of a form that stands on several sheets have the values of all of them; ``rows`` are those of one.
    """

    cells: Mapping[str, PlacedCell]
    columns: Mapping[str, tuple[PlacedCell, ...]]
    heads: Mapping[str, int]
    rows: Mapping[int, PlacedRow]
    titled: frozenset[str] = frozenset()
    """The columns right below whose head, in the row above them, there is printed text."""
    lists: Mapping[str, CodeList] = field(default_factory=dict)
    """The lists that choices are from, where they are written into the same workbook."""
    year: int | None = None
    naming: Mapping[str, PlacedCell] = field(default_factory=dict)
    """The cell that tells whether a row of a table is used, by row (``indicators[3]``)."""
    sheet: str = ""
    """What stands before each cell's name: ``'自评表'!`` for formulas on another sheet."""
    row: str = ""
    """The row of a table (``indicators[0]``) that a conditional format begins in: what is not in it is named ``$A$1``."""
    away: Mapping[str, str] = field(default_factory=dict)
    """What stands before the names of cells on other sheets of the form, by path, and by column of tables."""
    numbers: Mapping[str, int] = field(default_factory=dict)
    """The numbers of these sheets by name."""

    @classmethod
    def of(cls, layout: Layout, others: Sequence[SheetPlace] = ()) -> Places:
        """Look up a layout's cells by path and by column; ``others`` are the other sheets of the same form."""
        columns = _columns(layout)
        heads = _heads(layout, columns)
        own = cls(
            {cell.path: cell for cell in layout.values},
            columns,
            heads,
            {row.number: row for row in layout.rows},
            _titled(layout, columns, heads),
            {} if layout.issued else layout.lists,
            layout.stamp.year,
            _naming(layout),
        )
        return own.among([(cls.of(other.layout), other) for other in others]) if others else own

    def among(self, others: Sequence[tuple[Places, SheetPlace]]) -> Places:
        """Return the same places with those on other sheets of the form."""
        away = {path: f"'{at.name}'!" for there, at in others for path in (*there.cells, *there.columns)}
        every = (self, *(there for there, _ in others))
        return replace(
            self,
            cells={path: cell for one in every for path, cell in one.cells.items()},
            columns={path: cells for one in every for path, cells in one.columns.items()},
            heads={path: row for one in every for path, row in one.heads.items()},
            titled=frozenset().union(*(one.titled for one in every)),
            naming={row: cell for one in every for row, cell in one.naming.items()},
            away=away,
            numbers={at.name: at.number for _, at in others},
        )

    def at_home(self, formula: str) -> str | None:
        """Return a formula that stands on another sheet as it stands on this one, None where that is not told by its text."""
        if self.numbers or '"' in self.sheet or any(self.sheet in text for text in _TEXT.findall(formula)):
            return None
        return formula.replace(self.sheet, "")

    @cached_property
    def by_field(self) -> Mapping[str, Sequence[PlacedCell]]:
        """The cells of each field, by its generic path."""
        found: dict[str, list[PlacedCell]] = defaultdict(list)
        for path, cell in self.cells.items():
            found[generic(path)].append(cell)
        return dict(found)

    @property
    def own_columns(self) -> Iterator[tuple[PlacedCell, ...]]:
        """Yield the cells of each column of each growing table on the sheet itself."""
        return (cells for path, cells in self.columns.items() if path not in self.away)

    def elsewhere(self, sheet: str) -> Places:
        """Return the same places for formulas that stand on another sheet than this one."""
        return replace(self, sheet=f"'{sheet}'!")

    def from_row(self, row: str) -> Places:
        """Return the same places for a formula that is read anew in each row below one: nothing else moves with it."""
        return replace(self, row=row)

    def cell(self, path: str) -> str:
        """Return the cell at a concrete path; where printed text stands in it too, what is left without that."""
        cell = self.cells[path]
        name = self.name(path)
        if cell.until is not None:
            return inside(cell, name)
        if cell.caption is None or cell.field is None or cell.field.type.traits.as_number:
            return name
        for printed in (cell.caption.before, cell.caption.after):
            name = f'SUBSTITUTE({name},"{printed}","")' if printed else name
        return f"TRIM({name})"

    def formula(self, path: str) -> Expr | None:
        """Return the formula of a field (generic path), None where it has none."""
        found = (cell.field for cell in self.by_field.get(path, ()) if cell.field is not None)
        field = next(found, None)
        return field.formula if field is not None else None

    def list_range(self, name: str, part: Part) -> str:
        """Return the defined name of a column of a list, "" where the list is not written."""
        listed = self.lists.get(name)
        return range_name(listed, self.year, part) if listed is not None and listed.entries else ""

    def beside(self, path: str, other: str) -> str:
        """Return the cell of another field (generic path) in the row of a concrete path, or where it stands once."""
        return self.name(in_row(other, row_of(path)))

    def name(self, path: str) -> str:
        """Return the name of the cell at a concrete path."""
        box, sheet = self.cells[path].box, self.away.get(path, self.sheet)
        if self.row and not path.startswith(f"{self.row}."):
            return f"{sheet}{_fixed(box.column, box.row)}"
        return f"{sheet}{box.name}"

    def ranges(self, path: str) -> tuple[str, ...]:
        """Return the cells of a column of a growing table, from the locked head to the row that closes the table.

        Rows inserted anywhere below the head, also behind the last one, are inside: the head's text does not count,
        and the span ends one row above the row that follows the table, wherever that is. Where the heads do not stand
        right above (tables in blocks with common heads), the span is the rows as they are.
        """
        found = []
        for column in self._columns(path):
            cells = self.columns[column]
            first, last = cells[0].box, cells[-1].box
            letter, sheet = column_letter(first.column), self.away.get(column, self.sheet)
            head = self.heads.get(column)
            if self.row:
                found.append(_fixed_range(sheet, first, last, head))
            elif head is None:
                found.append(f"{sheet}{letter}{first.row}:{letter}{last.last_row}")
            else:
                end = f"INDEX({sheet}{letter}:{letter},ROW({sheet}{letter}{last.last_row + 1})-1)"
                found.append(f"{sheet}{letter}${head}:{end}")
        return tuple(found)

    def printed(self, path: str) -> tuple[str, ...]:
        """Return the cells of the ranges that are printed heads; a merged head may have its text further up."""
        pin = "$" if self.row else ""
        return tuple(
            f"{self.away.get(column, self.sheet)}{pin}{letter}${self.heads[column]}"
            for column in self._columns(path)
            if column in self.titled
            for letter in [column_letter(self.columns[column][0].box.column)]
        )

    def _columns(self, path: str) -> list[str]:
        if path in self.columns:
            return [path]
        return self._columns_of_fields.get(path, [])

    @cached_property
    def _columns_of_fields(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for column in self.columns:
            found[generic(column)].append(column)
        return dict(found)

    def names(self, path: str) -> PlacedCell | None:
        """Return the cell that tells whether the row of a table's cell is used: the name's, else the first input's."""
        return self.naming.get(row_of(path))


def _fixed(column: int, row: int) -> str:
    return f"${column_letter(column)}${row}"


def places_of(sheets: Sequence[tuple[Layout, str]], first: int = 0) -> list[Places]:
    """Return where the values stand that each sheet of one form may name; the sheets are called and numbered so."""
    known = [SheetPlace(layout, name, number) for number, (layout, name) in enumerate(sheets, start=first)]
    return [Places.of(one.layout, [other for other in known if other is not one]) for one in known]


def _fixed_range(sheet: str, first: Box, last: Box, head: int | None) -> str:
    column, top = first.column, _fixed(first.column, head or first.row)
    if head is None:
        return f"{sheet}{top}:{_fixed(column, last.last_row)}"
    letter, below = column_letter(column), _fixed(column, last.last_row + 1)
    return f"{sheet}{top}:INDEX({sheet}${letter}:${letter},ROW({sheet}{below})-1)"


def _columns(layout: Layout) -> dict[str, tuple[PlacedCell, ...]]:
    """Return the cells of each column of each growing table."""
    rows = {row.number: row.kind for row in layout.rows}
    columns: dict[str, list[PlacedCell]] = defaultdict(list)
    for cell in layout.cells:
        if cell.field is not None and rows[cell.box.row] is RowKind.TABLE:
            columns[column_of(cell.path)].append(cell)
    return {path: tuple(cells) for path, cells in columns.items()}


def _heads(layout: Layout, columns: Mapping[str, Sequence[PlacedCell]]) -> dict[str, int]:
    """Return the row of the heads that stand right above a table, by column."""
    rows = {row.number for row in layout.rows if row.kind is RowKind.HEAD and row.table}
    above = {path: cells[0].box.row - 1 for path, cells in columns.items()}
    return {path: row for path, row in above.items() if row in rows}


def _titled(layout: Layout, columns: Mapping[str, Sequence[PlacedCell]], heads: Mapping[str, int]) -> frozenset[str]:
    texts = {(cell.box.row, cell.box.column) for cell in layout.cells if cell.text}
    return frozenset(path for path, row in heads.items() if (row, columns[path][0].box.column) in texts)


def _naming(layout: Layout) -> dict[str, PlacedCell]:
    """Return the cell of the name of each row, else of its first input."""
    found: dict[str, PlacedCell] = {}
    names: dict[str, PlacedCell] = {}
    for cell in layout.cells:
        if cell.field is None or "]" not in cell.path:
            continue
        row, _, key = cell.path.rpartition(".")
        if key == "name" and row.endswith("]"):
            names[row] = cell
        elif not (cell.field.computed or cell.field.level):
            found.setdefault(row_of(cell.path), cell)
    return found | names
