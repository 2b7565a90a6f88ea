"""From a form and a record to a Layout: every cell gets its place, role, style and path."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import groupby

from msgspec import Struct, field
from msgspec.structs import replace

from perfxl.forms.layout.arrange import DEEPEST, TableRow, arrange, counters, folds, level_fields, pair
from perfxl.forms.layout.row_heights import shown
from perfxl.forms.printed_text import HOLE, filled, template
from perfxl.model.address import Box
from perfxl.model.field_type import Type
from perfxl.model.form import (
    Band,
    Block,
    Caption,
    Entry,
    Field,
    Form,
    Label,
    Printed,
    Required,
    Row,
    Section,
    Table,
)
from perfxl.model.layout import Layout, PlacedCell, PlacedRow, Role, RowKind, Stamp
from perfxl.model.live import about
from perfxl.model.record import Record
from perfxl.model.submission import Unit
from perfxl.model.value import Value
from perfxl.rules.live import live

_GAP = "　　"
_ROOM = "　　　　"
_NO_DATE = "　　　年　　月　　日"
"""What stands between values in one cell, and where one is still to be written."""


def place(form: Form, record: Record | None = None, *, year: int | None = None, unit_code: str | None = None) -> Layout:
    """Place a form on a sheet, with as many rows as the record needs and its values in place; it is not set out yet.

    A record without values gives the blank. ``year`` is the form's where the record holds none; ``unit_code`` goes into
    the stamp only.
    """
    record = record or Record()
    stamp = identity(form, record, year=year, unit_code=unit_code)
    placer = _Placer(form, record, stamp.year)
    placer.margin(form.origin[0] - 1)
    placer.bands(form.bands)
    return Layout(
        sheet=form.sheet,
        title=form.title,
        stamp=stamp,
        money=form.money,
        widths=form.widths,
        page=form.page,
        rows=tuple(placer.rows),
        cells=tuple(sorted(placer.cells, key=lambda cell: cell.box)),
        many=form.many,
        issued=form.issued,
        origin=form.origin,
        lists=form.lists,
        cover=form.cover,
        contents=form.contents,
        notes=form.notes,
    )


def place_live(
    form: Form, record: Record | None = None, *, year: int | None = None, unit_code: str | None = None
) -> Layout:
    """Place a form that is to be filled in, as ``place`` does, with what its workbook watches."""
    return replace(place(form, record, year=year, unit_code=unit_code), live=live(form))


def place_sheets(
    form: Form, record: Record | None = None, *, year: int | None = None, unit_code: str | None = None
) -> tuple[Layout, ...]:
    """Place a form on its sheets, as ``place_live`` does on one; each watches what is about it."""
    if not form.sheets:
        return (place_live(form, record, year=year, unit_code=unit_code),)
    watched = live(form)
    placed = (place(part, record, year=year, unit_code=unit_code) for part in form.parts)
    return tuple(
        replace(
            layout,
            stamp=replace(layout.stamp, part=number + 1),
            live=tuple(one for one in watched if form.part_of(about(one)) == number),
        )
        for number, layout in enumerate(placed)
    )


def captioned(caption: Caption | None, kind: Type, value: Value) -> str:
    """Return the text of a cell that has a caption in it; "" where a number format carries the caption, or none is there."""
    if caption is None:
        return ""
    if value is None:
        return f"{caption.before}　　{caption.after}"
    return f"{caption.before}{shown(value)}{caption.after}" if kind.traits.in_words else ""


def joined(cell: PlacedCell, others: Sequence[PlacedCell]) -> PlacedCell:
    """Return a cell in which several values stand, each with its caption, in one text."""
    whole = (cell, *others)
    text = _GAP.join(map(_said, whole))
    begins = [*(each.caption.before if each.caption is not None else "" for each in others), ""]
    first, *rest = (replace(each, until=until, text="") for each, until in zip(whole, begins, strict=True))
    return replace(first, others=tuple(rest), text=text)


def _said(cell: PlacedCell) -> str:
    """Return a value with its caption as it is printed among others; where there is none, with room to write it."""
    caption, value = cell.caption or Caption("", ""), cell.value
    if value is None:
        room = _NO_DATE if cell.field is not None and cell.field.type is Type.DATE else _ROOM
        return f"{caption.before}{room}{caption.after}"
    said = f"{value.year}年{value.month}月{value.day}日" if isinstance(value, dt.date) else shown(value)
    return f"{caption.before}{said}{caption.after}"


def identity(form: Form, record: Record, *, year: int | None = None, unit_code: str | None = None) -> Stamp:
    """Return the stamp of a form's sheet: ``year`` is the form's where the record holds none."""
    given, name = record[form.year_path], record[form.unit_path]
    return Stamp(
        form=form.id,
        version=form.version,
        digest=form.digest,
        year=int(given) if isinstance(given, Decimal) else year,
        unit=Unit(name if isinstance(name, str) else None, unit_code),
    )


def _of_printed_row(field: Field, printed: Printed) -> Field:
    """Return a field as it is asked for in a row that the form prints."""
    if field.key in printed.hints:
        field = replace(field, hint=f"参考标准：{printed.hints[field.key]}。{field.hint}")
    return replace(field, required=Required.NO) if printed.open else field


class _Here(Struct, frozen=True):
    """Which repetition of a block is being placed: its generic path and its number from 0."""

    block: str = ""
    number: int = 0

    def path(self, generic: str) -> str:
        """Return a generic path with the block's brackets filled; those of a growing table stay open."""
        return generic.replace(f"{self.block}[]", f"{self.block}[{self.number}]", 1) if self.block else generic


_NOWHERE = _Here()


class _Placer(Struct):
    form: Form
    record: Record
    year: int | None
    rows: list[PlacedRow] = field(default_factory=list)
    cells: list[PlacedCell] = field(default_factory=list)
    kinds: int = 0

    @property
    def next(self) -> int:
        return len(self.rows) + 1

    def margin(self, rows: int) -> None:
        """Leave some rows empty above the form."""
        self.rows += [PlacedRow(number, 1.0, RowKind.FIXED, self.kinds) for number in range(1, rows + 1)]

    def bands(self, bands: Iterable[Band], here: _Here = _NOWHERE) -> None:
        for band in bands:
            match band:
                case Row():
                    self.row(band, here)
                case Table():
                    self.table(band, here)
                case Section():
                    first = self.next
                    self.bands(band.bands, here)
                    self.label(band.spine, first, len(self.rows), here)
                case Block():
                    self.block(band)

    def block(self, block: Block) -> None:
        """Place a block as often as the record or the blank needs; all repetitions count as the same kinds of rows."""
        kinds = self.kinds
        size = self.record.sizes.get(block.path, 0)
        least = 1 if self.form.issued and self.record.sizes else block.count
        for number in range(max(least, size)):
            self.kinds = kinds
            here = _Here(block.path, number)
            first = self.next
            self.bands(block.bands, here)
            if block.spine is not None:
                self.entry(block.spine, first, here.path(block.spine.path), len(self.rows), here)
            if number >= max(size, 1):
                deep = min(number, DEEPEST)
                self.rows[first - 1 :] = [replace(row, fold=row.fold + deep) for row in self.rows[first - 1 :]]

    # -- rows that stand once ---------------------------------------------------------------------------------------

    def label(self, label: Label, first: int, last: int, here: _Here, counted: int | None = None) -> str:
        """Place a label with its holes filled; its counter is the row's where rows are counted, else the block's."""
        box = Box(first, label.columns.first, last, label.columns.last)
        role = Role.PRINTED if label.body else Role.LABEL
        text = filled(label.text, counted or (here.number + 1 if here.block else None), self.year)
        self.cells.append(
            PlacedCell(
                box,
                role,
                label.look,
                text,
                label.aliases,
                label.names,
                template=template(label.text),
                font=label.font,
            )
        )
        return text

    def row(self, row: Row, here: _Here = _NOWHERE) -> None:
        number, last = self.next, self.next + row.deep - 1
        self.kinds += 1
        for piece in row.pieces:
            if isinstance(piece, Label):
                self.label(piece, number, max(last, number + piece.deep - 1), here)
            else:
                self.entry(piece, number, here.path(piece.path), last, here)
        kind = RowKind.HEAD if row.head else RowKind.FIXED
        record = f"{here.block}[{here.number}]" if here.block else ""
        lines = max(row.lines / row.deep, 1.0) if row.deep > 1 else row.lines
        stated = row.height / row.deep
        for at in range(number, last + 1):
            kept = row.kept and at == number
            placed = PlacedRow(at, lines, kind, self.kinds, row.table, record, block=here.block, kept=kept)
            self.rows.append(replace(placed, stated=stated) if stated else placed)

    def entry(self, entry: Entry, first: int, path: str, last: int, here: _Here, value: Value = None) -> PlacedCell:
        """Place an entry with its value: the record's at the path, the given one, or the preset."""
        if value is None:
            value = self.value(entry, path)
        box = Box(first, entry.columns.first, last, entry.columns.last)
        cell = self.typed(entry, box, path, value, here)
        if entry.others:
            others = (replace(entry, path=generic, others=()) for generic in entry.others)
            cell = joined(
                cell, [self.typed(e, box, at, self.value(e, at), here) for e in others for at in [here.path(e.path)]]
            )
        self.cells.append(cell)
        return cell

    def value(self, entry: Entry, path: str) -> Value:
        """Return what stands in a place: the value of the record, else the preset."""
        spec, value = self.form.fields[entry.path], self.record[path]
        return spec.preset if value is None and not spec.computed else value

    def typed(self, entry: Entry, box: Box, path: str, value: Value, here: _Here) -> PlacedCell:
        spec = self.form.fields[entry.path]
        caption, whole = None, ""
        if spec.caption is not None:
            number = here.number + 1 if here.block else None
            before, after = (filled(t, number, self.year) for t in (spec.caption.before, spec.caption.after))
            caption = Caption(before, after)
            whole = template(f"{spec.caption.before}{HOLE}{spec.caption.after}")
        role = Role.COMPUTED if spec.computed else Role.INPUT
        text = captioned(caption, spec.type, value)
        return PlacedCell(
            *(box, role, entry.look, text, (), path, spec, value, caption, whole, entry.option, path), font=entry.font
        )

    # -- growing tables ---------------------------------------------------------------------------------------------

    def table(self, table: Table, here: _Here) -> None:
        for head in table.heads:
            self.row(head, here)
        first = self.next
        self.kinds += 1
        left = arrange(self.form, table, self.record, here.path(table.path))
        if table.beside is None:
            for index, (row, fold) in enumerate(zip(left, folds(left), strict=True)):
                self.table_rows(((table, row, index),), here, fold)
            self.side(table, left, first, here)
            return
        right = arrange(self.form, table.beside, self.record, here.path(table.beside.path))
        pairs = pair(left, right)
        lefts, rights = [a for a, _ in pairs], [b for _, b in pairs]
        if not table.beside.apart:
            lefts, rights = ([dataclasses.replace(row, spare=False) for row in rows] for rows in (lefts, rights))
        deep = map(min, folds(lefts), folds(rights))
        for index, (a, b, fold) in enumerate(zip(lefts, rights, deep, strict=True)):
            self.table_rows(((table, a, index), (table.beside, b, index)), here, fold)
        self.side(table, lefts, first, here)
        self.side(table.beside, rights, first, here)

    def table_rows(self, sides: Sequence[tuple[Table, TableRow, int]], here: _Here, fold: int) -> None:
        """Place one row of the sheet: of a table, or of two side by side. Levels and spread values come after."""
        number = self.next
        records = []
        for table, row, index in sides:
            path = here.path(table.path)
            records.append((table.path, f"{path}[{index}]"))
            for entry in table.entries:
                spec = self.form.fields[entry.path]
                if spec.level or spec.spread:
                    continue
                if row.spare:
                    box = Box(number, entry.columns.first, number, entry.columns.last)
                    self.cells.append(PlacedCell(box, Role.LABEL, entry.look, font=entry.font))
                    continue
                key = entry.path.removeprefix(f"{table.path}[]")
                self.table_entry(entry, number, f"{path}[{index}]{key}", f"{path}[{row.source}]{key}", row, here)
        (left, record), (right, beside) = records[0], records[1] if len(records) > 1 else ("", "")
        lines = sides[0][0].lines
        placed = PlacedRow(
            *(number, lines, RowKind.TABLE, self.kinds, left, record, right, beside, here.block),
            stated=sides[0][0].height,
            fold=fold,
        )
        self.rows.append(placed)

    def table_entry(self, entry: Entry, number: int, path: str, source: str, row: TableRow, here: _Here) -> None:
        spec = self.form.fields[entry.path]
        value = self.record[source] if row.source is not None else None
        text = row.printed.values.get(spec.key, "") if row.printed is not None else ""
        box = Box(number, entry.columns.first, number, entry.columns.last)
        cell = replace(self.typed(entry, box, path, value, here), source=source if row.source is not None else "")
        if text:
            cell = replace(cell, role=Role.PRINTED, text=text, value=text)
        elif row.printed is not None and cell.field is not None:
            cell = replace(cell, field=_of_printed_row(cell.field, row.printed))
        self.cells.append(cell)

    def side(self, table: Table, rows: Sequence[TableRow], first: int, here: _Here) -> None:
        """Place what is merged down over several rows of a table: its levels, and values that are spread."""
        for depth, spec in enumerate(level_fields(self.form, table)):
            entry = next((e for e in table.entries if e.path == spec.path), None)
            if entry is not None:
                texts = [row.levels[: depth + 1] if row.levels[depth] else () for row in rows]
                self.merged(entry, table, rows, first, here, texts)
        for entry in table.entries:
            if self.form.fields[entry.path].spread:
                said = [self.spread(entry, table, row, here) for row in rows]
                spread = [(row.levels, text) if text else () for row, text in zip(rows, said, strict=True)]
                self.merged(entry, table, rows, first, here, spread)
        for label in table.labels:
            for number, counted in enumerate(counters(rows), start=first):
                self.label(label, number, number, here, counted)

    def spread(self, entry: Entry, table: Table, row: TableRow, here: _Here) -> str:
        key = self.form.fields[entry.path].key
        value = self.record[f"{here.path(table.path)}[{row.source}].{key}"] if row.source is not None else None
        printed = row.printed.values.get(key, "") if row.printed is not None else ""
        return value if isinstance(value, str) else printed

    def merged(
        self,
        entry: Entry,
        table: Table,
        rows: Sequence[TableRow],
        first: int,
        here: _Here,
        texts: Sequence[object],
    ) -> None:
        """Place one cell over each run of rows that have the same text there; blank rows have one each."""
        spec = self.form.fields[entry.path]
        start = 0
        for _, run in groupby(range(len(rows)), key=lambda n: texts[n] or n):
            numbers = list(run)
            size, row = len(numbers), rows[numbers[0]]
            text = row.levels[spec.level - 1] if spec.level else self.spread(entry, table, row, here)
            key = entry.path.removeprefix(f"{table.path}[]")
            path = f"{here.path(table.path)}[{start}]{key}"
            top = first + start
            role = Role.PRINTED if text else Role.INPUT
            if row.spare and not text:
                spare = Box(top, entry.columns.first, top, entry.columns.last)
                self.cells.append(PlacedCell(spare, Role.LABEL, entry.look, font=entry.font))
                start += size
                continue
            box = Box(top, entry.columns.first, top + size - 1, entry.columns.last)
            held = [rows[n].source for n in numbers if rows[n].source is not None]
            source = f"{here.path(table.path)}[{held[0]}]{key}" if held else ""
            cell = PlacedCell(box, role, entry.look, text, (), path, spec, text or None, source=source, font=entry.font)
            self.cells.append(cell)
            start += size
