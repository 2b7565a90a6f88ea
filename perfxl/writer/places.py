"""Where the values of a layout stand, for the formula printer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import field, replace

from perfxl.model.address import Box, column_letter
from perfxl.model.code_list import CodeList
from perfxl.model.expression import Expr
from perfxl.model.layout import Layout, PlacedCell, PlacedRow, RowKind
from perfxl.model.lazy_dataclass import dataclass
from perfxl.model.path import generic, in_row, row_of
from perfxl.writer.list_ranges import Part, range_name
from perfxl.writer.shared_cell import inside


def column_of(path: str) -> str:
    """Return the column of one table that a cell is in.

    ``goals[0].indicators[3].weight`` → ``goals[0].indicators[].weight``.
    """
    table, bracket, rest = path.rpartition("[")
    return f"{table}[]{rest[rest.index(']') + 1 :]}" if bracket else path


@dataclass(frozen=True, slots=True)
class Places:
    """Where the values of a layout stand. ``columns`` has the cells of each column of each growing table."""

    cells: Mapping[str, PlacedCell]
    columns: Mapping[str, tuple[PlacedCell, ...]]
    heads: Mapping[str, int]
    rows: Mapping[int, PlacedRow]
    texts: frozenset[tuple[int, int]] = frozenset()
    """Where printed text stands, by row and column."""
    lists: Mapping[str, CodeList] = field(default_factory=dict)
    """The lists that choices are from, where they are written into the same workbook."""
    year: int | None = None
    naming: Mapping[str, PlacedCell] = field(default_factory=dict)
    """The cell that tells whether a row of a table is used, by row (``indicators[3]``)."""
    sheet: str = ""
    """What stands before each cell's name: ``'自评表'!`` for formulas on another sheet."""
    row: str = ""
    """The row of a table (``indicators[0]``) that a conditional format begins in: what is not in it is named ``$A$1``."""

    @classmethod
    def of(cls, layout: Layout) -> Places:
        """Look up a layout's cells by path and by column."""
        columns: dict[str, list[PlacedCell]] = defaultdict(list)
        rows = {row.number: row for row in layout.rows}
        for cell in layout.cells:
            if cell.field is not None and rows[cell.box.row].kind is RowKind.TABLE:
                columns[column_of(cell.path)].append(cell)
        heads: dict[str, int] = {}
        last = {row.number: row for row in layout.rows if row.kind is RowKind.HEAD and row.table}
        for path, cells in columns.items():
            first = cells[0].box.row
            if first - 1 in last:
                heads[path] = first - 1
        return cls(
            {cell.path: cell for cell in layout.values},
            {path: tuple(cells) for path, cells in columns.items()},
            heads,
            rows,
            frozenset((cell.box.row, cell.box.column) for cell in layout.cells if cell.text),
            {} if layout.issued else layout.lists,
            layout.stamp.year,
            _naming(layout),
        )

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
        found = (cell.field for at, cell in self.cells.items() if cell.field is not None and generic(at) == path)
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
        box = self.cells[path].box
        if self.row and not path.startswith(f"{self.row}."):
            return f"{self.sheet}{_fixed(box.column, box.row)}"
        return f"{self.sheet}{box.name}"

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
            letter = column_letter(first.column)
            head = self.heads.get(column)
            if self.row:
                found.append(self._fixed_range(first, last, head))
            elif head is None:
                found.append(f"{self.sheet}{letter}{first.row}:{letter}{last.last_row}")
            else:
                end = f"INDEX({self.sheet}{letter}:{letter},ROW({self.sheet}{letter}{last.last_row + 1})-1)"
                found.append(f"{self.sheet}{letter}${head}:{end}")
        return tuple(found)

    def _fixed_range(self, first: Box, last: Box, head: int | None) -> str:
        column, top = first.column, _fixed(first.column, head or first.row)
        if head is None:
            return f"{self.sheet}{top}:{_fixed(column, last.last_row)}"
        letter, below = column_letter(column), _fixed(column, last.last_row + 1)
        return f"{self.sheet}{top}:INDEX({self.sheet}${letter}:${letter},ROW({self.sheet}{below})-1)"

    def printed(self, path: str) -> tuple[str, ...]:
        """Return the cells of the ranges that are printed heads; a merged head may have its text further up."""
        columns = [column for column in self._columns(path) if column in self.heads]
        heads = [(self.heads[column], self.columns[column][0].box.column) for column in columns]
        pin = "$" if self.row else ""
        return tuple(f"{self.sheet}{pin}{column_letter(head[1])}${head[0]}" for head in heads if head in self.texts)

    def _columns(self, path: str) -> list[str]:
        if path in self.columns:
            return [path]
        return [column for column in self.columns if generic(column) == path]

    def names(self, path: str) -> PlacedCell | None:
        """Return the cell that tells whether the row of a table's cell is used: the name's, else the first input's."""
        return self.naming.get(row_of(path))


def _fixed(column: int, row: int) -> str:
    return f"${column_letter(column)}${row}"


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
