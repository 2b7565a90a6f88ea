from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec.structs import replace

from perfxl.align.own_sheets import is_own
from perfxl.api import generate
from perfxl.forms.definition.load import load_forms
from perfxl.marks.error_list import HEADS, is_finding_list
from perfxl.marks.mark import mark
from perfxl.model import stamp as stamps
from perfxl.model.finding import Finding, Severity
from perfxl.model.grid import Book, CellKind, Grid, GridCell
from perfxl.readers.book import read_book
from support.pile import good

FORMS = load_forms()


def book(data: bytes) -> Book:
    found = read_book(data)
    assert isinstance(found, Book)
    return found


def filled(name: str) -> Grid:
    """Return a filled form on a sheet of another name."""
    return replace(book(good()).sheets[0], name=name)


def with_cells(grid: Grid, *cells: GridCell) -> Grid:
    return replace(grid, cells={**grid.cells, **{(cell.row, cell.column): cell for cell in cells}})


@pytest.mark.slow
@pytest.mark.parametrize("form", sorted(FORMS))
def test_what_is_written_beside_a_form_is_known_again(form: str) -> None:
    first, *others = book(generate(FORMS[form], year=2024)).sheets
    assert not is_own(first)
    assert others
    assert all(is_own(grid) for grid in others)


@pytest.mark.parametrize("name", [*sorted(stamps.OWN), "错误清单"])
def test_a_form_is_a_form_whatever_its_sheet_is_called(name: str) -> None:
    assert not is_own(filled(name))
    assert not is_finding_list(filled(name))


def test_a_form_below_a_title_of_ours_is_a_form() -> None:
    title = GridCell(1, 1, CellKind.TEXT, stamps.SELF_CHECK)
    assert not is_own(with_cells(filled("表"), title))
    heads = [
        GridCell(2, n, CellKind.TEXT, text) for n, text in enumerate(("序号", "检查内容", "结果", "说明", "查看"), 1)
    ]
    assert not is_own(with_cells(filled("表"), title, *heads))


def test_a_form_with_the_heads_of_the_list_is_a_form() -> None:
    title = GridCell(60, 1, CellKind.TEXT, "审核错误清单")
    heads = [GridCell(61, number, CellKind.TEXT, text) for number, text in enumerate(HEADS, 1)]
    assert not is_finding_list(with_cells(filled("错误清单"), title, *heads))
    listed = book(mark(good(), [Finding("V01", Severity.ERROR, "未填", "自评表", "D5")], {})).sheets[0]
    assert is_finding_list(listed)
    noted = with_cells(listed, GridCell(5, 12, CellKind.TEXT, "已改"))
    assert is_finding_list(noted)
    form = {(row + 40, column): cell._replace(row=row + 40) for (row, column), cell in filled("表").cells.items()}
    assert not is_finding_list(replace(listed, cells={**listed.cells, **form}))


def test_what_is_typed_on_a_sheet_of_ours_makes_it_another_one() -> None:
    _, check, rows, hidden, said = book(generate(FORMS["hunan-dept-self-eval"], year=2024)).sheets
    places = (
        (check, (9, 4)),
        (check, (9, 7)),
        (rows, (3, 3)),
        (hidden, (1, 3)),
        (said, (3, 1)),
        (said, (40, 2)),
        (said, (2, 3)),
    )
    for sheet, place in places:
        assert is_own(sheet)
        assert not is_own(with_cells(sheet, GridCell(*place, CellKind.TEXT, "另有一张表")))
    assert is_own(with_cells(check, GridCell(9, 7, CellKind.NUMBER, Decimal(1))))
    assert not is_own(replace(check, damaged=True))
