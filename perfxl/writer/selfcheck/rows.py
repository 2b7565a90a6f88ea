"""What is watched in each row of a growing table: rules about rows, and values left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from perfxl.expr.evaluate import evaluate
from perfxl.expr.excel import to_excel_broken
from perfxl.expr.pieces import BLANK_OR_NOTHING, none_of
from perfxl.expr.rounding import explained, to_excel_explained
from perfxl.model.finding import Severity
from perfxl.model.form import Required
from perfxl.model.layout import Layout, PlacedCell, Role
from perfxl.model.live import LiveRule
from perfxl.model.path import generic
from perfxl.model.record import Record
from perfxl.writer.places import Places
from perfxl.writer.selfcheck.formula import CheckFormula
from perfxl.writer.selfcheck.hidden import (
    ERROR,
    HOLDS,
    MISSING,
    WARNING,
    Hidden,
    HiddenBlock,
    Result,
    RowView,
    Text,
    spans,
)
from perfxl.writer.selfcheck.messages import Figures, Message, said_in_row

LEFT = Message(CheckFormula('"还没有填写"', "还没有填写"), "还没有填写")


class WatchedRows(Protocol):
    """How many rows of a table have which grade, and the first of the gravest."""

    @property
    def area(self) -> str:
        """The cells that hold the grades of rows, "" where none do."""

    def count(self, grade: int) -> CheckFormula:
        """Return how many rows have a grade."""

    def wrong(self) -> str:
        """Return the formula of how many rows have a mark."""

    def row(self) -> CheckFormula:
        """Return the row of the first of the gravest marks, 0 where there is none."""


class RowCheck(Struct, frozen=True):
    """Something watched in the rows of a table: the code, what must hold, the column that turns red, its grades.

    ``message`` is what is said of the first row of the gravest.
    """

    code: str
    want: str
    column: str
    watched: WatchedRows
    message: Message
    rule: LiveRule | None = None
    missing: bool = False


class RowChecks(Struct, frozen=True):
    """Makes the checks of one kind of table (``table`` is its generic path)."""

    layout: Layout
    figures: Figures
    table: str
    block: HiddenBlock
    in_use: str = ""
    """The column that tells whether a row is in use, "" where nothing asks for it."""

    @classmethod
    def of(cls, layout: Layout, figures: Figures, table: str, hidden: Hidden) -> RowChecks:
        """Begin a block on the hidden sheet for the table."""
        rows = cls(layout, figures, table, hidden.block(spans(figures.places, table), figures.places))
        if rows.has("name"):
            return replace(rows, in_use=rows.use_column())
        return replace(rows, in_use=rows.any_column()) if rows._asks() else rows

    @property
    def places(self) -> Places:
        return self.figures.places

    @property
    def record(self) -> Record:
        return self.figures.record

    def use_column(self) -> str:
        """Add the column that tells whether a row is in use: it has a name, not 无, not one that may be left blank."""
        unasked = (*BLANK_OR_NOTHING, *self._unasked())
        return self.block.derive(
            lambda row: f"IF({row.at}=0,0,IF({none_of(row.cell(f'{row.row}.name'), unasked)},1,0))",
            lambda path: int(path is not None and text_of(self.record, f"{path}.name") not in unasked),
        )

    def any_column(self) -> str:
        """Add the column that tells whether a row is in use in a table whose rows have no names: anything is typed."""
        keys = self._typed()
        return self.block.derive(
            lambda row: f"IF({row.at}=0,0,IF(COUNTA({','.join(row.cell(f'{row.row}.{key}') for key in keys)})>0,1,0))",
            lambda path: int(path is not None and any(self.record[f"{path}.{key}"] is not None for key in keys)),
        )

    def _asks(self) -> bool:
        """Tell whether a row in use must have some value."""
        first = self.block.lines[0].like
        cells = ((path, cell.field) for path, cell in self.places.cells.items() if path.startswith(f"{first}."))
        return any(field is not None and field.required is not Required.NO for _, field in cells)

    def _typed(self) -> list[str]:
        """Return the columns that are typed; what stands in every row says nothing of its use."""
        return typed_keys(self.places, self.block.lines[0].like)

    def used(self, view: RowView) -> str:
        """Return the condition that a row is in use."""
        return f"{self.block.same(view, self.in_use)}=1"

    def has(self, key: str) -> bool:
        return f"{self.block.lines[0].like}.{key}" in self.places.cells

    def rule(self, rule: LiveRule) -> RowCheck:
        """Watch a rule about each row."""
        grave = MISSING if rule.left else ERROR if rule.severity is Severity.ERROR else WARNING

        summed = rule.summed and grave == ERROR

        def text(view: RowView) -> str:
            rounding = to_excel_explained(rule.must, view, view.row) if summed else ""
            worst = f"IF({rounding},{WARNING},{grave})" if rounding else str(grave)
            return f"IF({to_excel_broken(rule.must, view, view.row)},{worst},{HOLDS})"

        def result(path: str | None) -> int:
            if path is None or evaluate(rule.must, self.record, path) is not False:
                return HOLDS
            return WARNING if summed and explained(rule.must, self.record, path) else grave

        watched = self.block.watch(text, result)
        message = said_in_row(rule, self.block.view(), self.block.first(watched), self.figures)
        return RowCheck(rule.code, rule.want, generic(rule.at), watched, message, rule, missing=rule.left)

    def missing(self) -> Iterator[RowCheck]:
        """Watch the values that each row in use must have."""
        for cell in required_columns(self.places, self.block.lines[0].like):
            if cell.field is None or not self.in_use:
                continue
            watched = self.block.watch(*self._missing(cell.field.key))
            want = f"{self.label(cell)}要填写"
            yield RowCheck(cell.field.missing, want, generic(cell.path), watched, LEFT, missing=True)

    def label(self, cell: PlacedCell) -> str:
        """Return a column as one speaks of it."""
        return "" if cell.field is None else cell.field.parts[-1].replace("\n", "")

    def _missing(self, key: str) -> tuple[Text, Result]:
        unasked, named, typed = (*BLANK_OR_NOTHING, *self._unasked()), self.has("name"), self._typed()

        def text(view: RowView) -> str:
            return f"IF(AND({self.used(view)},LEN(TRIM({view.cell(f'{view.row}.{key}')}))=0),{MISSING},{HOLDS})"

        def result(path: str | None) -> int:
            if named:
                used = text_of(self.record, f"{path}.name") not in unasked
            else:
                used = any(self.record[f"{path}.{other}"] is not None for other in typed)
            return MISSING if used and self.record[f"{path}.{key}"] is None else HOLDS

        return text, result

    def _unasked(self) -> tuple[str, ...]:
        """The names of printed rows that a unit may leave blank."""
        return unasked_names(self.places, [line.path for line in self.block.lines])[len(BLANK_OR_NOTHING) :]


def required_columns(places: Places, row: str) -> list[PlacedCell]:
    """Return the cells of a row (``items[0]``) that must be filled in where the row is used."""
    cells = [cell for path, cell in places.cells.items() if path.startswith(f"{row}.")]
    return [
        cell
        for cell in cells
        if cell.field is not None and cell.field.required is not Required.NO and cell.field.key != "name"
        if not (cell.field.computed or cell.field.level or cell.option)
    ]


def typed_keys(places: Places, row: str) -> list[str]:
    """Return the columns of a row that are typed; what stands in every row says nothing of its use."""
    fields = (cell.field for path, cell in places.cells.items() if path.startswith(f"{row}."))
    return [f.key for f in fields if f is not None and not (f.computed or f.level) and f.preset is None]


def unasked_names(places: Places, rows: Iterable[str | None]) -> tuple[str, ...]:
    """Return the names of rows of which nothing is asked: none, 无, and printed rows that a unit may leave blank."""
    cells = places.cells
    pairs = ((cells.get(f"{row}.name"), cells.get(f"{row}.target")) for row in rows)
    printed = (
        name.text.strip()
        for name, target in pairs
        if name is not None and name.role is Role.PRINTED and "\n" not in name.text
        if target is not None and target.field is not None and target.field.required is Required.NO
    )
    return (*BLANK_OR_NOTHING, *printed)


def text_of(record: Record, path: str) -> str:
    """Return what stands at a path as text, ends trimmed, "" where it is blank."""
    value = record[path]
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(getattr(value, "text", "" if value is None else value)).strip()
