"""Forms altered in LibreOffice as a person would, saved by it, read back: the data is what was typed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from perfxl.api import generate
from perfxl.forms.load import shipped
from perfxl.intake.read import read
from perfxl.intake.recognise import ACCEPT, rank
from perfxl.model.grid import Book, Grid
from perfxl.model.layout import Layout, RowKind
from perfxl.workbook.grid import read_book
from support.altered import FORMS, PATTERNS, data_of, draft_of
from support.office import Office

pytestmark = pytest.mark.client

ALTERED = ("hunan-dept-self-eval", "hubei-dept-goal", "henan-dept-goal", "mof-project-goal", "mof-project-monitor")

Steps = Sequence[Mapping[str, Any]]


def sample(form: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((shipped() / form / "sample.json").read_text("utf-8"))
    return data


def rows_inserted(layout: Layout) -> Steps:
    """Rows in every table, from the last to the first so that the others keep their numbers."""
    rows = [row.number for row in layout.rows if row.kind is RowKind.TABLE]
    return [{"insert_rows": 2, "before": row} for row in sorted(rows[2::7], reverse=True)]


def unused_rows_deleted(layout: Layout) -> Steps:
    """Rows in which nothing stands."""
    filled = {
        row
        for cell in layout.cells
        if cell.value is not None or cell.text
        for row in (cell.box.row, cell.box.last_row if cell.field is None or not cell.field.level else cell.box.row)
    }
    rows = [row.number for row in layout.rows if row.kind is RowKind.TABLE and row.number not in filled]
    return [{"delete_rows": 1, "from": row} for row in sorted(rows[:9], reverse=True)]


def notes_around(layout: Layout) -> Steps:
    """A note above, which shifts the form, and one below."""
    return [
        {"insert_rows": 2, "before": 1},
        {"type": "附件3", "cell": "A1"},
        {"type": "注：本表一式三份", "cell": f"A{len(layout.rows) + 4}"},
    ]


def renamed(_layout: Layout) -> Steps:
    return [{"rename": "某单位"}]


@pytest.mark.parametrize("form", ALTERED)
@pytest.mark.parametrize("alter", [rows_inserted, unused_rows_deleted, notes_around, renamed])
def test_what_was_typed_is_read(form: str, alter: Any, office: Office, tmp_path: Path) -> None:
    data = sample(form)
    draft = draft_of(FORMS[form], data)
    blank = tmp_path / "a.xlsx"
    blank.write_bytes(generate(FORMS[form], data=data))
    steps = [{"unprotect": ""}, *alter(draft.layout)]
    grid = _first(office.edit(blank, [{"sheet": FORMS[form].sheet, **step} for step in steps], tmp_path / "b.xlsx"))
    assert data_of(FORMS[form], read(PATTERNS[form], grid)) == data_of(FORMS[form], read(PATTERNS[form], draft.grid()))
    best = rank(PATTERNS, grid)[0]
    assert (best.form, best.reading.confidence >= ACCEPT) == (form, True)


def _first(path: Path) -> Grid:
    book = read_book(path.read_bytes())
    assert isinstance(book, Book)
    return book.sheets[0]
