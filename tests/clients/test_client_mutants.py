"""Forms altered in LibreOffice as a person would, saved by it, read back: the data is what was typed."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest

from perfxl.align.read import read
from perfxl.align.recognise import ACCEPT, rank
from perfxl.api import generate, layout
from perfxl.forms.compute import compute
from perfxl.forms.data import from_data
from perfxl.forms.definition.load import shipped
from perfxl.model.grid import Book, Grid
from perfxl.model.layout import Layout, RowKind
from perfxl.model.record import to_data
from perfxl.model.submission import By
from perfxl.readers.book import read_book
from perfxl.receive.library import Library
from perfxl.receive.pipeline import process
from perfxl.writer.write import write
from support.altered import FORMS, PATTERNS, TELLING, data_of, differences, draft_of, written
from support.filled import record
from support.mutants import MUTATIONS
from support.office import Office
from support.recorded import Recorded

pytestmark = pytest.mark.client

MUTANTS = len(MUTATIONS)
"""Mutants of each form: each alteration once with up to two others."""
LIBRARY = Library(FORMS, PATTERNS)


def sample(form: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((shipped() / form / "sample.json").read_text("utf-8"))
    return data


def books(path: Path) -> list[Grid]:
    book = read_book(path.read_bytes())
    assert isinstance(book, Book)
    return list(book.sheets)


# -- everything that people do, each in its turn, several at once -----------------------------------------------------


@cache
def mutant(form: str, seed: int) -> tuple[Recorded, tuple[str, ...]]:
    """A form filled at random and altered, with the steps that do the same."""
    rng = Random(f"office {form} {seed}")
    data = to_data(FORMS[form], record(FORMS[form], rng, most=4))
    placed = layout(FORMS[form], data=data)
    draft = Recorded.of(placed, written(placed), data)
    chosen = [MUTATIONS[seed % len(MUTATIONS)], *rng.sample(MUTATIONS, rng.randint(0, 2))]
    return draft, tuple(mutation.__name__ for mutation in chosen if mutation(draft, rng))


@pytest.mark.parametrize("form", FORMS)
def test_what_was_typed_is_read_after_whatever_was_done(form: str, office: Office, tmp_path: Path) -> None:
    """All mutants of a form are sheets of one workbook: it is opened and saved once."""
    made = [mutant(form, seed) for seed in range(MUTANTS)]
    (tmp_path / "a.xlsx").write_bytes(write([draft.layout for draft, _ in made]))
    steps: list[dict[str, Any]] = []
    for number, (draft, _) in enumerate(made):
        draft.name = f"表{number}"
        steps += [{"sheet": number, **step} for step in ({"unprotect": ""}, *draft.done())]
    grids = books(office.edit(tmp_path / "a.xlsx", steps, tmp_path / "b.xlsx"))
    assert [grid.name for grid in grids[:MUTANTS]] == [draft.name for draft, _ in made]
    wrong = []
    for grid, (draft, names) in zip(grids, made, strict=False):
        reading = read(PATTERNS[form], grid)
        expected = to_data(FORMS[form], compute(FORMS[form], from_data(FORMS[form], draft.data)[0]).record)
        found = data_of(FORMS[form], reading)
        if found != expected:
            said = any(notice.oddity in TELLING for notice in reading.notices)
            wrong.append((said, names, differences(expected, found)))
    assert all(said for said, _, _ in wrong), wrong
    assert len(wrong) <= 1, wrong
    assert all(rank(PATTERNS, grid)[0].form == form for grid in grids[:MUTANTS])


def test_every_alteration_is_made_somewhere() -> None:
    made = Counter(name for form in FORMS for seed in range(MUTANTS) for name in mutant(form, seed)[1])
    assert made.keys() == {mutation.__name__ for mutation in MUTATIONS}


# -- copies: rows, blocks, sheets, new files --------------------------------------------------------------------------


def opened(form: str, folder: Path) -> tuple[Path, Layout]:
    """The form's sample in a workbook."""
    path = folder / "a.xlsx"
    path.write_bytes(generate(FORMS[form], data=sample(form)))
    return path, draft_of(FORMS[form], sample(form)).layout


def typed(form: str) -> dict[str, Any]:
    return data_of(FORMS[form], read(PATTERNS[form], draft_of(FORMS[form], sample(form)).grid()))


@pytest.mark.parametrize("form", ["hubei-dept-goal"])
def test_a_whole_goal_is_copied_behind_itself(form: str, office: Office, tmp_path: Path) -> None:
    path, placed = opened(form, tmp_path)
    rows = [
        row.number for row in placed.rows if row.block == "annual_goals" and row.record.startswith("annual_goals[1]")
    ]
    steps: list[dict[str, Any]] = [
        {"unprotect": ""},
        {"insert_rows": len(rows), "before": rows[-1] + 1},
        {"copy_rows": len(rows), "from": rows[0], "to": rows[-1] + 1},
    ]
    (grid, *_) = books(office.edit(path, steps, tmp_path / "b.xlsx"))
    expected = typed(form)
    expected["annual_goals"].insert(2, expected["annual_goals"][1])
    assert data_of(FORMS[form], read(PATTERNS[form], grid)) == expected


@pytest.mark.parametrize("form", ["hubei-dept-goal", "jilin-dept-self-eval", "henan-dept-goal"])
def test_a_row_is_copied_below_itself(form: str, office: Office, tmp_path: Path) -> None:
    path, placed = opened(form, tmp_path)
    table = [row for row in placed.rows if row.kind is RowKind.TABLE][1]
    tall = [cell.box for cell in placed.cells if cell.box.row < table.number <= cell.box.last_row]
    steps: list[dict[str, Any]] = [
        {"unprotect": ""},
        *({"unmerge": box.range_name} for box in tall),  # nobody can paste a row over a part of a merge
        {"insert_rows": 1, "before": table.number + 1},
        {"copy_rows": 1, "from": table.number, "to": table.number + 1},
    ]
    (grid, *_) = books(office.edit(path, steps, tmp_path / "b.xlsx"))
    found, expected = data_of(FORMS[form], read(PATTERNS[form], grid)), typed(form)
    rows = expected[table.table]
    again = [
        {**row, "no": number} if "no" in row else row
        for number, row in enumerate([rows[0], rows[1], *rows[1:]], start=1)
    ]
    assert found == {**expected, table.table: again}


@pytest.mark.parametrize("form", [name for name, form in FORMS.items() if form.many])
def test_sheets_are_copied(form: str, office: Office, tmp_path: Path) -> None:
    path, _ = opened(form, tmp_path)
    steps = [{"copy_sheet": "项目二"}, {"copy_sheet": "项目三"}]
    submission = process(office.edit(path, steps, tmp_path / "b.xlsx").read_bytes(), "b.xlsx", LIBRARY)
    assert [found.form for found in submission.forms] == [form] * 3
    assert all(to_data(FORMS[form], found.record) == typed(form) for found in submission.forms)


@pytest.mark.parametrize("form", FORMS)
def test_it_is_copied_into_a_new_file(form: str, office: Office, tmp_path: Path) -> None:
    path, _ = opened(form, tmp_path)
    new = tmp_path / "new.xlsx"
    office.run({"open": str(path), "steps": [{"into_new_file": str(new)}]})
    submission = process(new.read_bytes(), new.name, LIBRARY)
    (found,) = submission.forms
    assert (found.form, found.confidence > ACCEPT) == (form, True)
    assert to_data(FORMS[form], found.record) == typed(form)
    assert found.by in {By.LAYOUT, By.STAMP}
