"""What is written past XlsxWriter is what XlsxWriter writes, in each of the releases with which that is done."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
import xlsxwriter
from xlsxwriter.exceptions import OverlappingRange

from perfxl.forms.outgoing import Outgoing, Own
from perfxl.forms.stock import load_forms
from perfxl.model.layout import Layout
from perfxl.package.zip_writer import archive
from perfxl.writer import form_book, write
from perfxl.writer.form_book import PlainBook, QuickBook
from support.filled import record
from support.packages import parts

FORMS = load_forms()


def written(layouts: list[Layout], book: Callable[[], PlainBook], monkeypatch: pytest.MonkeyPatch) -> bytes:
    monkeypatch.setattr(write, "form_book", book)
    return write.write(layouts, "某局")


def test_the_release_that_is_installed_is_known() -> None:
    """Who installs another one looks at what its worksheets have become; whoever has one that is not known waits longer."""
    assert isinstance(form_book.form_book(), QuickBook), f"XlsxWriter {xlsxwriter.__version__}"


def test_another_release_does_all_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsxwriter, "__version__", "99.0")
    assert type(form_book.form_book()) is PlainBook


@pytest.mark.parametrize("name", FORMS)
def test_both_books_are_the_same(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    form = FORMS[name]
    blank = Outgoing.of(form, year=2024)
    filled = Outgoing.holding(form, record(form, Random(name)))
    layouts = [sheet for one in (blank, filled) for sheet in one.layouts(Own("某局<&>", "01"))]
    made, plain = (written(layouts, book, monkeypatch) for book in (QuickBook, PlainBook))
    assert parts(made) == parts(plain)
    assert made == plain


def test_cells_and_conditions_of_other_kinds_are_left_to_xlsxwriter() -> None:
    books = []
    for make in (QuickBook, PlainBook):
        book = make()
        look = book.add_format({"bg_color": "#FF0000"})
        sheet = book.add_worksheet("表")
        sheet.set_column(0, 3, 9, look)
        sheet.set_row(7, 20, look)
        sheet.write_comment(3, 9, "注")
        for row, value in enumerate([None, "a&b", 1.5, True, "=1+1", "<r><t>x</t></r>"]):
            sheet.write(row, 0, value)
            sheet.write(row + 20, 30, value, look)
        sheet.write_formula(7, 1, "=1+1", None, 2)
        sheet.write_array_formula(8, 1, 8, 1, "=1+1", look, 2)
        sheet.merge_range(9, 0, 10, 1, "", look)
        sheet.merge_range(14, 0, 15, 1, "字", look)
        sheet.merge_range(17, 0, 18, 1, "")
        sheet.conditional_format(0, 0, 2, 2, {"type": "formula", "criteria": '=A1<"&\x01_x0041_"', "format": look})
        sheet.conditional_format(0, 0, 2, 2, {"type": "cell", "criteria": ">", "value": 1, "format": look})
        sheet.conditional_format(
            5, 0, 5, 2, {"type": "formula", "criteria": "=A1>1", "format": look, "stop_if_true": True}
        )
        sheet.conditional_format(3, 0, 3, 0, {"type": "formula", "criteria": "=A1", "format": look})
        books.append(book.finished())
    assert books[0] == books[1]


@pytest.mark.parametrize("make", [QuickBook, PlainBook])
def test_cells_that_are_merged_already_are_refused(make: type[PlainBook]) -> None:
    book = make()
    sheet, look = book.add_worksheet("表"), book.add_format()
    sheet.merge_range(1, 0, 2, 1, "", look)
    with pytest.raises(OverlappingRange):
        sheet.merge_range(2, 1, 3, 3, "", look)


def test_an_archive_is_a_package_of_its_parts_in_their_order() -> None:
    wanted = {"xl/b.xml": b"<b/>" * 2000, "[Content_Types].xml": b"<a/>"}
    data = archive(wanted)
    assert parts(data) == wanted
    assert list(parts(data)) == list(wanted)
    assert archive(wanted) == data
