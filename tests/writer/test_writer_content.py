from __future__ import annotations

import io

import openpyxl
import pytest

from perfxl.api import generate
from perfxl.forms.definition.load import load_forms
from perfxl.model.grid import Book
from perfxl.readers.book import read_book

FORM = load_forms()["hunan-dept-self-eval"]


@pytest.mark.parametrize(
    "name",
    [
        "<r>",
        "<r></r>",
        "<r><t>甲</t></r>",
        "<r><c r='A1'/></wrong></r>",
        "<r>&amp; _x0041_ \x01</r>",
        "=1+1",
        "_x000D_",
        "<b>",
    ],
)
def test_a_text_is_a_text_whatever_it_looks_like(name: str) -> None:
    data = generate(FORM, year=2024, unit=name)
    book = read_book(data)
    assert isinstance(book, Book)
    assert name in [cell.value for cell in book.sheets[0].cells.values()]
    assert openpyxl.load_workbook(io.BytesIO(data)).worksheets
