"""Forms pasted into new files without a stamp, altered, beside each other and beside sheets that are none."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest

from perfxl.model.grid import Grid
from perfxl.model.record import to_data
from perfxl.model.submission import By
from perfxl.receive.library import Library
from perfxl.receive.pipeline import process
from support.altered import FORMS, PATTERNS, Outcome, altered
from support.mutants import MUTATIONS
from support.retold import retold
from support.unrelated import sheets

LIBRARY = Library(FORMS, PATTERNS)
STRANGERS = sheets()
NAMES = ("Sheet1", "部门表", "项目（1）", "2024", "某单位上报", "表 五", "终稿", "Sheet1 (2)")
MANY = tuple(name for name, form in FORMS.items() if form.many)


def outcomes(form: str, seed: int, count: int) -> Iterator[Outcome]:
    for number in range(count):
        rng = Random(f"{form} {seed} {number}")
        yield altered(form, 97 * seed + 4 * number, rng.sample(MUTATIONS, rng.randint(0, 3)))


def named(grid: Grid, name: str) -> Grid:
    return Grid(name, grid.cells, grid.merges)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("form", FORMS)
def test_it_is_found_among_other_sheets_and_read_as_it_was(form: str, seed: int) -> None:
    rng = Random(f"workbook {form} {seed}")
    made = list(outcomes(form, seed, rng.randint(2, 4) if form in MANY else 1))
    names = rng.sample(NAMES, len(made))
    strangers = rng.sample(sorted(STRANGERS), rng.randint(1, 3))
    hidden = {name for name in strangers if rng.random() < 0.5}
    grids = [named(outcome.grid, name) for outcome, name in zip(made, names, strict=True)]
    grids += [STRANGERS[name] for name in strangers]
    grids += [Grid("空表", {})]
    submission = process(retold(grids, hidden), "a.xlsx", LIBRARY)
    assert [(found.form, found.sheet, found.by) for found in submission.forms] == [
        (form, name, By.LAYOUT) for name in names
    ]
    for found, outcome in zip(submission.forms, made, strict=True):
        assert to_data(FORMS[form], found.record) == outcome.data
    told = {(f.sheet, f.severity.value) for f in submission.findings if f.code == "F07"}
    expected = {(name, "info" if name in hidden else "warning") for name in strangers}
    assert told == expected | {("空表", "info")}
    assert not {"F06", "F08", "F10"} & {finding.code for finding in submission.findings}


def test_two_sheets_of_a_form_that_there_is_one_of() -> None:
    form = "hunan-dept-self-eval"
    grids = [named(outcome.grid, name) for outcome, name in zip(outcomes(form, 0, 2), NAMES, strict=False)]
    submission = process(retold(grids), "a.xlsx", LIBRARY)
    assert len(submission.forms) == 2
    assert [f.sheet for f in submission.findings if f.code == "F08"] == [NAMES[1]]


@pytest.mark.slow
def test_all_forms_in_one_workbook() -> None:
    made = {form: next(outcomes(form, 5, 1)) for form in FORMS}
    grids = [named(outcome.grid, f"表{number}") for number, outcome in enumerate(made.values(), start=1)]
    submission = process(retold(grids), "a.xlsx", LIBRARY)
    assert [found.form for found in submission.forms] == list(made)
    for found in submission.forms:
        assert to_data(FORMS[found.form], found.record) == made[found.form].data
