"""200 returns of four forms: every total is added up again from what was filed, with Decimal and nothing of the code."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cache

import pytest

from perfxl.forms.layout.place import place
from perfxl.model.field_type import Type
from perfxl.model.form import Field
from perfxl.year.summarize.summarize import summarize
from support.county import FOUR, filings, lay
from support.filings import forms
from support.sheets import Sheet, Sheets

pytestmark = pytest.mark.slow

COUNT = 200
ADDED = {Type.MONEY, Type.INTEGER}


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Sheets:
    folder = tmp_path_factory.mktemp("county")
    lay(folder / "in", COUNT)
    summary = summarize(folder / "in", folder / "汇总.xlsx")
    assert (summary.counted, summary.left_out) == (COUNT, ())
    return Sheets(summary.path.read_bytes())


@cache
def filed(form: str, path: str) -> tuple[Decimal, ...]:
    """Return all numbers of a field in the returns of its form."""
    records = (returned.record for _, returned, _ in filings(COUNT) if returned.form == form)
    found = (record[one] for record in records for one in record.paths(path))
    return tuple(value for value in found if isinstance(value, Decimal))


def right(shown: object, number: Decimal) -> bool:
    """Compare a double with an exact number: to as many digits as a double has."""
    return isinstance(shown, float) and abs(Decimal(shown) - number) <= Decimal("1e-14") * max(Decimal(1), abs(number))


def added(form: str) -> Iterator[Field]:
    for field in forms()[form].fields.values():
        if field.type in ADDED and not field.serial and not field.hidden:
            yield field


def total(sheet: Sheet, head: str) -> object:
    """Return what stands in the total row of a list below a head."""
    last = max(row for row, column in sheet.grid if column == 1 and sheet.at(row, 1) == "合计")
    column = next(column for (row, column), text in sheet.grid.items() if row == 3 and text == head)
    return sheet.at(last, column)


@pytest.mark.parametrize("form", FOUR)
def test_every_total_of_200_returns_is_right(book: Sheets, form: str) -> None:
    own = forms()[form].sheet
    checked = 0
    for field in added(form):
        numbers = filed(form, field.path)
        if "[]" in field.path:
            table = field.path.partition("[]")[0]
            lists = [
                name for name in book.names if name.startswith(own) and name.removeprefix(own) in LISTS.get(table, ())
            ]
            (name,) = lists
            assert right(total(book[name], " ".join(field.parts[1:])), sum(numbers, Decimal(0))), field.path
        else:
            assert right(total(book[f"{own}明细"], field.label), sum(numbers, Decimal(0))), field.path
        checked += 1
    assert checked or form == "jilin-dept-self-eval"


LISTS = {"projects": ("项目支出情况",)}
"""What the lists of growing tables with amounts are called, after the form's sheet."""


@pytest.mark.parametrize("form", FOUR)
def test_the_form_and_what_stands_below_it_come_from_all_of_them(book: Sheets, form: str) -> None:
    sheet = book[f"{forms()[form].sheet}汇总"]
    cells = {cell.path: cell.box.name for cell in place(forms()[form], year=2024).cells if cell.field is not None}
    lines = {str(line[0]): line[1:] for line in sheet.lines()}
    for field in added(form):
        numbers = filed(form, field.path)
        label = f"{field.label}（逐行）" if "[]" in field.path else field.label
        count, *figures = lines[label]
        assert count == len(numbers)
        wanted = (sum(numbers, Decimal(0)), sum(numbers, Decimal(0)) / len(numbers), min(numbers), max(numbers))
        assert all(map(right, figures, wanted)), (label, figures, wanted)
        if not field.computed:
            assert right(sheet.value(cells[field.path.replace("[]", "[0]")]), wanted[0]), field.path


@pytest.mark.parametrize("form", FOUR)
def test_each_return_has_a_row_in_the_list(book: Sheets, form: str) -> None:
    rows = book[f"{forms()[form].sheet}明细"].rows()[:-1]
    assert [row["单位代码"] for row in rows] == sorted(
        returned.unit.code for _, returned, _ in filings(COUNT) if returned.form == form and returned.unit.code
    )
