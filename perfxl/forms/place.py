"""From a form and a record to a Layout: every cell gets its place, role, style and path."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import groupby

from perfxl.forms.arrange import TableRow, arrange, level_fields
from perfxl.model.address import Box
from perfxl.model.form import Band, Columns, Entry, Field, Form, Label, Look, Row, Section, Table
from perfxl.model.layout import Layout, PlacedCell, PlacedRow, Role, RowKind, Stamp
from perfxl.model.record import Record
from perfxl.model.submission import Unit
from perfxl.model.value import IndicatorValue, Value

LINE = Decimal("14.5")
"""Height of a line of 10.5 pt text, in points."""
PADDING = Decimal("5.5")
TALLEST = Decimal(400)
"""Excel allows 409 points a row; longer texts wrap below the visible part and the officer widens the row."""


def place(form: Form, record: Record | None = None, unit_code: str | None = None) -> Layout:
    """Place a form on a sheet, with as many rows as the record needs and its values in place.

    A record without values gives the blank. ``unit_code`` goes into the stamp only.
    """
    placer = _Placer(form, record or Record())
    placer.bands(form.bands)
    record = placer.record
    year, name = record[form.year_path], record[form.unit_path]
    stamp = Stamp(
        form=form.id,
        version=form.version,
        digest=form.digest,
        year=int(year) if isinstance(year, Decimal) else None,
        unit=Unit(name if isinstance(name, str) else None, unit_code),
    )
    return Layout(
        sheet=form.sheet,
        title=form.title,
        stamp=stamp,
        money=form.money,
        widths=form.widths,
        page=form.page,
        rows=tuple(placer.rows),
        cells=tuple(sorted(placer.cells, key=lambda cell: cell.box)),
    )


@dataclass(slots=True)
class _Placer:
    form: Form
    record: Record
    rows: list[PlacedRow] = field(default_factory=list)
    cells: list[PlacedCell] = field(default_factory=list)
    kinds: int = 0

    @property
    def next(self) -> int:
        return len(self.rows) + 1

    def bands(self, bands: Iterable[Band]) -> None:
        for band in bands:
            match band:
                case Row():
                    self.row(band)
                case Table():
                    self.table(band)
                case Section():
                    self.section(band)

    def section(self, section: Section) -> None:
        first = self.next
        self.bands(section.bands)
        self.label(section.spine, first, len(self.rows))
        self.stretch(section.spine, first)

    def stretch(self, spine: Label, first: int) -> None:
        """Give the last row of a section what its spine's text needs beyond the rows beside it."""
        needed = self.height(spine.text, spine.columns)
        lacking = needed - sum((row.height for row in self.rows[first - 1 :]), Decimal(0))
        if lacking > 0:
            self.rows[-1] = replace(self.rows[-1], height=self.rows[-1].height + lacking)

    def label(self, label: Label, first: int, last: int) -> None:
        box = Box(first, label.columns.first, last, label.columns.last)
        self.cells.append(PlacedCell(box, Role.LABEL, label.look, label.text, label.aliases, label.names))

    def row(self, row: Row, table: str = "") -> None:
        number = self.next
        self.kinds += 1
        height = LINE * Decimal(str(row.lines)) + PADDING
        for piece in row.pieces:
            if isinstance(piece, Label):
                self.label(piece, number, number + piece.deep - 1)
                text = piece.text
            else:
                cell = self.entry(piece, self.form.fields[piece.path], piece.path, number, self.record[piece.path])
                text = cell.text or shown(cell.value)
            if piece.look is not Look.TITLE:
                height = max(height, self.height(text, piece.columns))
        kind = RowKind.HEAD if row.head else RowKind.FIXED
        self.rows.append(PlacedRow(number, height, kind, self.kinds, table))

    def entry(self, entry: Entry, spec: Field, path: str, row: int, value: Value) -> PlacedCell:
        value = spec.preset if value is None and not spec.computed else value
        box = Box(row, entry.columns.first, row + entry.deep - 1, entry.columns.last)
        text = ""
        if spec.caption and value is None:
            text = f"{spec.caption.before}　　{spec.caption.after}"
        role = Role.COMPUTED if spec.computed else Role.INPUT
        cell = PlacedCell(box, role, entry.look, text, (), path, spec, value)
        self.cells.append(cell)
        return cell

    # -- growing tables ---------------------------------------------------------------------------------------------

    def table(self, table: Table) -> None:
        for head in table.heads:
            self.row(head, table.path)
        first = self.next
        self.kinds += 1
        arranged = arrange(self.form, table, self.record, table.path)
        levels = {spec.path for spec in level_fields(self.form, table)}
        for index, row in enumerate(arranged):
            self.table_row(table, row, index, levels)
        for depth, spec in enumerate(level_fields(self.form, table)):
            entry = next(e for e in table.entries if e.path == spec.path)
            self.level(entry, spec, arranged, depth, first)

    def table_row(self, table: Table, row: TableRow, index: int, levels: set[str]) -> None:
        number = self.next
        height = LINE * Decimal(str(table.lines)) + PADDING
        for entry in table.entries:
            if entry.path in levels:
                continue
            spec = self.form.fields[entry.path]
            key = spec.path.removeprefix(f"{table.path}[]")
            value = None if row.source is None else self.record[f"{table.path}[{row.source}]{key}"]
            cell = self.entry(entry, spec, f"{table.path}[{index}]{key}", number, value)
            height = max(height, self.height(shown(cell.value), entry.columns))
        record = f"{table.path}[{index}]"
        self.rows.append(PlacedRow(number, height, RowKind.TABLE, self.kinds, table.path, record))

    def level(self, entry: Entry, spec: Field, rows: tuple[TableRow, ...], depth: int, first: int) -> None:
        """Place the texts of a 一级 or 二级, merged down over the rows that they are for."""
        start = 0
        for text, run in groupby(rows, key=lambda row: row.levels[: depth + 1]):
            size = len(list(run))
            top = first + start
            path = spec.path.replace("[]", f"[{start}]")
            box = Box(top, entry.columns.first, top + size - 1, entry.columns.last)
            role = Role.PRINTED if text[-1] else Role.INPUT
            value = text[-1] or None
            self.cells.append(PlacedCell(box, role, entry.look, text[-1], (), path, spec, value))
            lacking = self.height(text[-1], entry.columns) - sum(
                (row.height for row in self.rows[top - 1 : top - 1 + size]), Decimal(0)
            )
            if lacking > 0:
                share = (lacking / size).quantize(Decimal("0.1")) + Decimal("0.1")
                for at in range(top - 1, top - 1 + size):
                    self.rows[at] = replace(self.rows[at], height=self.rows[at].height + share)
            start += size

    def height(self, text: str, columns: Columns) -> Decimal:
        """The height in points that a text needs in some columns, at most what a row can have."""
        width = float(sum(self.form.widths[columns.first - 1 : columns.last], Decimal(0)))
        lines = sum(math.ceil(max(display_width(part), 1) / max(width - 1.2, 1.0)) for part in text.split("\n"))
        return min(LINE * lines + PADDING, TALLEST)


def display_width(text: str) -> float:
    """Return how wide a text stands, in characters of a column's width: a Chinese character is about two."""
    return sum(2.1 if unicodedata.east_asian_width(char) in "WFA" else 1.1 for char in text)


def shown(value: Value) -> str:
    """Return roughly what a cell shows for a value, to measure it."""
    if isinstance(value, IndicatorValue):
        return value.text
    if isinstance(value, Decimal):
        return f"{value:,.2f}"
    return "" if value is None else str(value)


