"""Where a value stands, in the words that are printed on the form: 年度目标2 › 年度绩效指标 › 新增学位 › 指标值."""

from __future__ import annotations

from collections.abc import Iterator

from perfxl.model.form import Entry, Field, Form, Label, Row
from perfxl.model.path import generic, in_row, index_of, row_of, table_of, tables_in
from perfxl.model.reading import Reading
from perfxl.model.record import Record
from perfxl.model.words import says_nothing
from perfxl.rules.once import once_a_form

BETWEEN = " › "
_NAME_LENGTH = 20
_COUNTER = "{n}"


def label_at(form: Form, record: Record, path: str, reading: Reading | None = None) -> str:
    """Return a path in the form's words; a row of a table by its name, else by its number, a whole column by its heads.

    ``reading`` tells where the rows stand on the sheet, and how blocks are numbered there; without one they are counted.
    """
    field = form.fields.get(generic(path))
    row = row_of(path)
    if field is None:
        return form.groups.get(path) or BETWEEN.join((*above(form, row, reading), row_name(form, record, row, reading)))
    if not row or "[]" in row:  # a column of whichever rows
        return field.label
    named = () if block_at(form, row, reading) else (row_name(form, record, row, reading),)
    return BETWEEN.join((*above(form, row, reading), *named, *heads(form, field)))


def row_name(form: Form, record: Record, row: str, reading: Reading | None = None) -> str:
    """Return a row of a table as one speaks of it: by its name, shortened, else by where it stands; a block as printed."""
    block = block_at(form, row, reading)
    if block:
        return block
    name = record[f"{row}.name"]
    if isinstance(name, str) and not says_nothing(name):
        flat = " ".join(name.split())
        return flat if len(flat) <= _NAME_LENGTH else f"{flat[: _NAME_LENGTH - 1]}…"
    stands = _sheet_row(form, row, reading) if reading is not None else 0
    return f"第 {stands} 行" if stands else f"第{index_of(row) + 1}项"


def _sheet_row(form: Form, row: str, reading: Reading) -> int:
    """Return the row of the sheet that a row of a table stands in, 0 where nothing of it was seen."""
    prefix = f"{generic(row)}."
    own_fields = (path for path, field in form.fields.items() if path.startswith(prefix) and not field.level)
    cells = (reading.seen.get(in_row(path, row)) for path in own_fields)
    own = [seen.box.row for seen in cells if seen is not None and seen.box.row == seen.box.last_row]
    return own[0] if own else 0


def block_at(form: Form, row: str, reading: Reading | None = None) -> str:
    """Return what is printed next to a row that is a block, "" for a row of a table."""
    return _block(form, row, reading)


def above(form: Form, row: str, reading: Reading | None = None) -> Iterator[str]:
    """Yield the labels above a row of a table: the block that it stands in, what the table is called."""
    for path, index in tables_in(row):
        table = generic(path)
        block = _block(form, f"{path}[{index}]", reading)
        if block:
            yield block
        elif table in form.groups:
            yield form.groups[table]


def _block(form: Form, row: str, reading: Reading | None) -> str:
    number = reading.numbers.get(row) if reading is not None else None
    return block_name(form, generic(table_of(row)), index_of(row) if number is None else number - 1)


def heads(form: Form, field: Field) -> tuple[str, ...]:
    """Return the labels of a column below the label of its table; of a value in a block none but the block's own."""
    return _heads(form, field.path)


@once_a_form
def _heads(form: Form, path: str) -> tuple[str, ...]:
    field, table = form.fields[path], path.rpartition("[]")[0]
    known = tuple(form.groups.get(table, "").split(BETWEEN))
    below = field.parts[len(known) :] if field.parts[: len(known)] == known else field.parts
    return below or (() if _is_block(form, table) else field.parts[-1:])


def block_name(form: Form, path: str, index: int) -> str:
    """Return what is printed beside a repetition of a block, counted from 0: 年度目标2; "" where the path is no block's."""
    if not _is_block(form, path):
        return ""
    printed = _printed(form, path) or f"{form.groups.get(path, '')}{_COUNTER}"
    return printed.replace(_COUNTER, str(index + 1)).strip(" 　:：")


def _is_block(form: Form, path: str) -> bool:
    return form.block(path) is not None


def _printed(form: Form, path: str) -> str:
    """Return the text with the counter of a block: a label in it, or what is printed in front of a value."""
    block = form.block(path)
    if block is None:
        return ""
    pieces = [piece for band in block.bands if isinstance(band, Row) for piece in band.pieces]
    for piece in (block.spine, *pieces):
        text = piece.text if isinstance(piece, Label) else _caption(form, piece) if piece is not None else ""
        if _COUNTER in text:
            return text
    return ""


def _caption(form: Form, entry: Entry) -> str:
    caption = form.fields[entry.path].caption
    return caption.before if caption is not None else ""
