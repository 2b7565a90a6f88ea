"""The direct path: only for what stands where the form has it, and with the same result as the aligner."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest

from perfxl.align.by_place import by_place
from perfxl.align.explain import explain
from perfxl.align.heads import LabelledSheet
from perfxl.align.lines import lines
from perfxl.align.read import read
from perfxl.forms.definition.load import shipped
from perfxl.model.grid import Grid, GridCell
from support import mutants
from support.altered import FORMS, PATTERNS, data_of, draft_of, sheet
from support.draft import Draft


@pytest.mark.parametrize("form", FORMS)
def test_an_untouched_return_takes_it(form: str) -> None:
    sample = Path(shipped() / form / "sample.json")
    draft = draft_of(FORMS[form], json.loads(sample.read_text("utf-8")))
    grid = draft.grid()
    assert by_place(PATTERNS[form], lines(grid)) is not None
    reading = read(PATTERNS[form], grid)
    assert reading.confidence == 1
    assert not reading.notices


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("seed", range(3))
def test_the_aligner_says_the_same(form: str, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    _, grid, data = sheet(form, seed)
    direct = read(PATTERNS[form], grid)
    monkeypatch.setattr("perfxl.align.read.by_place", lambda *_: None)
    aligned = read(PATTERNS[form], grid)
    assert data_of(FORMS[form], direct) == data_of(FORMS[form], aligned) == data
    assert {path: seen.cell for path, seen in direct.seen.items() if seen.cell} == {
        path: seen.cell for path, seen in aligned.seen.items() if seen.cell
    }
    assert (direct.sizes, direct.places, direct.year) == (aligned.sizes, aligned.places, aligned.year)
    assert not aligned.notices


@pytest.mark.parametrize(
    "mutation",
    [
        mutants.notes_above,
        mutants.note_on_the_right,
        mutants.shifted_right,
        mutants.merges_dropped,
        mutants.heads_repeated,
        mutants.head_reworded,
        mutants.title_deleted,
    ],
)
def test_whatever_is_out_of_place_does_not(mutation: mutants.Mutation) -> None:
    form = "hunan-dept-self-eval"
    placed, grid, data = sheet(form, 5)
    draft = Draft.of(placed, grid, data)
    assert any(mutation(draft, Random(seed)) for seed in range(20))
    assert by_place(PATTERNS[form], lines(draft.grid())) is None


def test_something_far_below_does_not() -> None:
    form = "hunan-dept-self-eval"
    _, grid, _ = sheet(form, 5)
    stray = GridCell(1_048_576, 4, next(iter(grid.cells.values())).kind, "x")
    far = Grid(grid.name, {**grid.cells, (stray.row, stray.column): stray}, grid.merges)
    assert by_place(PATTERNS[form], lines(far)) is None


def test_rows_that_are_gone_do_not() -> None:
    form = "hunan-dept-self-eval"
    placed, grid, data = sheet(form, 5)
    draft = Draft.of(placed, grid, data)
    draft.delete_row(len(draft.lines))
    assert by_place(PATTERNS[form], lines(draft.grid())) is None


def test_an_empty_sheet_is_explained_by_nothing() -> None:
    pattern = PATTERNS["hunan-dept-self-eval"]
    nothing = lines(Grid("表", {}))
    assert by_place(pattern, nothing) is None
    assert explain(LabelledSheet(pattern, nothing)) == ()
