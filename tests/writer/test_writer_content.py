from __future__ import annotations

import io
from random import Random

import openpyxl
import pytest

from perfxl.api import generate
from perfxl.forms.definition.load import load_forms
from perfxl.forms.layout.place import place_live
from perfxl.model.grid import Book
from perfxl.readers.book import read_book
from perfxl.writer.write import write
from support.extreme import extreme

FORM = load_forms()["hunan-dept-self-eval"]


@pytest.mark.slow
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


def _set_anew(form: str, rng: Random, share: float) -> None:
    definition = load_forms()[form]
    filled = extreme(definition, rng, share, most=4)
    data = write(
        [place_live(definition, filled, year=rng.choice((2024, 9999, None)), unit_code=rng.choice((None, "1" * 300)))]
    )
    assert isinstance(read_book(data), Book)


@pytest.mark.slow
@pytest.mark.parametrize("form", load_forms())
def test_values_of_any_size_can_be_written(form: str) -> None:
    _set_anew(form, Random(form), 0.9)


@pytest.mark.slow
@pytest.mark.parametrize("form", load_forms())
def test_values_of_any_size_can_be_written_among_others(form: str) -> None:
    rng = Random(form)
    for _ in range(8):
        _set_anew(form, rng, 0.25)
