"""Which form a sheet is, and that a sheet which is none is never taken for one."""

from __future__ import annotations

import time

import pytest

from perfxl.align.own_sheets import is_own
from perfxl.align.recognise import ACCEPT, MARGIN, rank, stamp_of
from perfxl.api import layout
from perfxl.model import stamp as stamps
from perfxl.model.grid import Book, CellKind, Grid, GridCell
from perfxl.readers.book import read_book
from perfxl.writer.write import write
from support.altered import FORMS, PATTERNS, sheet
from support.unrelated import kin, sheets

HUNAN, JILIN = "hunan-dept-self-eval", "jilin-project-self-eval"
UNRELATED, KIN = sheets(), kin()


def book_of(*forms: str) -> Book:
    book = read_book(write([layout(FORMS[form], year=2024, unit="某局") for form in forms]))
    assert isinstance(book, Book)
    return book


def renamed(book: Book, *names: str, local: bool = True) -> Book:
    """The book with its visible sheets renamed; without the sheets' own names unless ``local``."""
    fresh = iter(names)
    grids = [
        grid if is_own(grid) else Grid(next(fresh), grid.cells, grid.merges, grid.hidden, grid.names if local else {})
        for grid in book.sheets
    ]
    return Book(book.format, tuple(grids), book.properties)


def test_there_are_enough_unrelated_sheets() -> None:
    assert len(UNRELATED) >= 50


@pytest.mark.parametrize("name", UNRELATED)
def test_an_unrelated_sheet_is_no_form(name: str) -> None:
    assert all(candidate.reading.confidence < ACCEPT / 2 for candidate in rank(PATTERNS, UNRELATED[name]))


@pytest.mark.parametrize("name", KIN)
def test_an_official_form_of_another_kind_is_none_of_ours(name: str) -> None:
    assert all(candidate.reading.confidence < 0.75 * ACCEPT for candidate in rank(PATTERNS, KIN[name]))


def test_an_empty_sheet_is_no_form() -> None:
    assert rank(PATTERNS, Grid("空", {})) == ()


def test_a_sheet_without_any_label_is_rejected_at_once() -> None:
    cells = {(r, c): GridCell(r, c, CellKind.TEXT, f"内容{r}{c}") for r in range(1, 3000) for c in range(1, 6)}
    begun = time.process_time()
    assert rank(PATTERNS, Grid("数据", cells)) == ()
    assert time.process_time() - begun < 2


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_a_form_is_told_from_all_others(form: str) -> None:
    for seed in range(3):
        _, grid, _ = sheet(form, seed)
        best, *others = rank(PATTERNS, Grid("Sheet1", grid.cells, grid.merges))
        assert (best.form, best.reading.confidence) == (form, 1)
        assert all(best.reading.confidence - other.reading.confidence > MARGIN for other in others)


@pytest.mark.slow
def test_siblings_are_told_apart_without_the_direct_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("perfxl.align.read.by_place", lambda *_: None)
    for form, sibling in ((JILIN, "mof-project-self-eval"), (HUNAN, "jilin-dept-self-eval")):
        for mine, other in ((form, sibling), (sibling, form)):
            _, grid, _ = sheet(mine, 1)
            found = {c.form: c.reading.confidence for c in rank({m: PATTERNS[m] for m in (mine, other)}, grid)}
            assert found[mine] - found.get(other, 0) > MARGIN


def test_the_nearest_form_is_named_though_it_is_none() -> None:
    _, grid, _ = sheet(HUNAN, 1)
    part = {at: cell for at, cell in grid.cells.items() if at[0] < 8}
    (nearest, *_) = rank(PATTERNS, Grid("残", part))
    assert nearest.form == HUNAN
    assert nearest.reading.confidence < ACCEPT


# -- stamps ----------------------------------------------------------------------------------------------------------


def test_a_stamp_is_on_the_sheet_itself() -> None:
    book = renamed(book_of(HUNAN, JILIN), "甲", "乙")
    found = [stamp_of(book, grid) for grid in book.sheets if not is_own(grid)]
    assert [stamp.form for stamp in found if stamp] == [HUNAN, JILIN]


def test_without_the_sheets_own_name_its_title_in_the_workbook_tells() -> None:
    book = book_of(HUNAN, JILIN)
    names = [grid.name for grid in book.sheets if not is_own(grid)]
    found = [stamp_of(book, grid) for grid in renamed(book, *names, local=False).sheets if not is_own(grid)]
    assert [stamp.form for stamp in found if stamp] == [HUNAN, JILIN]


def test_the_only_sheet_may_be_renamed() -> None:
    book = renamed(book_of(HUNAN), "甲", local=False)
    stamp = stamp_of(book, book.sheets[0])
    assert stamp is not None
    assert (stamp.form, stamp.year, stamp.unit.name) == (HUNAN, 2024, "某局")


def test_one_of_several_sheets_may_not() -> None:
    book = renamed(book_of(HUNAN, JILIN), "甲", "乙", local=False)
    assert stamp_of(book, book.sheets[0]) is None


def test_the_properties_are_enough() -> None:
    book = book_of(HUNAN)
    grids = tuple(Grid(grid.name, grid.cells, grid.merges) for grid in book.sheets if not is_own(grid))
    stamp = stamp_of(Book("xlsx", grids, book.properties), grids[0])
    assert stamp is not None
    assert stamp.form == HUNAN
    assert stamp_of(Book("xlsx", grids), grids[0]) is None


def test_a_spoilt_stamp_is_none() -> None:
    grid = Grid("表", {}, names={stamps.NAME: '="nothing of ours"'})
    assert stamp_of(Book("xlsx", (grid,)), grid) is None
