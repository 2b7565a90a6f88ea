"""Returns of forms that were written from docs/authoring.md: filled in, changed cell by cell, with rows inserted."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import openpyxl

from perfxl.api import generate, layout
from perfxl.forms.definition.load import lint
from perfxl.model.form import Form
from perfxl.model.path import generic, row_of
from perfxl.model.submission import Submission
from perfxl.receive.library import Library
from perfxl.receive.pipeline import process

HERE = Path(__file__).parent
Typed: TypeAlias = str | float | dt.date | None


@cache
def authored(name: str) -> Form:
    """Load a form of this folder, which must be without mistakes."""
    forms, problems = lint([HERE / name])
    assert not problems, [str(problem) for problem in problems]
    return forms[name]


def cell_of(form: Form, data: Mapping[str, Any], path: str) -> str:
    """Return the cell in which a path stands in the form filled in with some data."""
    cells = list(layout(form, data=data).values)
    return next(cell.box.name for key in ("source", "path") for cell in cells if getattr(cell, key) == path)


def changed(form: Form, data: Mapping[str, Any], typed: Mapping[str, Typed]) -> bytes:
    """Return the form filled in with some data, with other things typed into the cells of some paths."""
    book = openpyxl.load_workbook(io.BytesIO(generate(form, data=data)))
    for path, value in typed.items():
        book[form.sheet][cell_of(form, data, path)] = value
    return _saved(book)


def with_row_inserted(form: Form, data: Mapping[str, Any], below: str, typed: Mapping[str, Typed]) -> bytes:
    """Return the filled form with a row inserted below a row of a table (``items[1]``), typed in by column."""
    placed = layout(form, data=data)
    number = next(cell.box.row for cell in placed.cells if cell.source and row_of(cell.source) == below)
    columns = {cell.field.key: cell.box.column for cell in placed.cells if cell.box.row == number and cell.field}
    book = openpyxl.load_workbook(io.BytesIO(generate(form, data=data)))
    sheet = book[form.sheet]
    merges = list(sheet.merged_cells.ranges)
    for area in merges:
        sheet.unmerge_cells(str(area))
    sheet.insert_rows(number + 1)
    for area in merges:  # openpyxl leaves merges where they were; spreadsheet programs move and stretch them
        area.shift(row_shift=1) if area.min_row > number else area.expand(down=1) if area.max_row > number else None
        sheet.merge_cells(str(area))
    for key, value in typed.items():
        sheet.cell(number + 1, columns[key]).value = value
    return _saved(book)


def read(form: Form, data: bytes) -> Submission:
    return process(data, "a.xlsx", Library.of({form.id: form}))


def said(submission: Submission) -> set[tuple[str, str | None]]:
    """Return the errors and warnings of a return as code and cell."""
    return {(f.code, f.cell) for f in submission.findings if f.severity != "info"}


def _saved(book: openpyxl.Workbook) -> bytes:
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def columns_of(form: Form, table: str) -> list[str]:
    """Return the keys of a table's columns."""
    return [generic(path).rpartition(".")[2] for path in form.fields if path.startswith(f"{table}[].")]
