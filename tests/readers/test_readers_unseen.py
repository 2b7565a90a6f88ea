"""Hidden rows and columns, told alike whatever format a workbook is saved in."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from perfxl.model.grid import Book, Unseen
from perfxl.readers.book import read_book
from support.office import Office

HIDDEN = Unseen(frozenset({3}), frozenset({2}))


def hiding() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in range(1, 6):
        for column in range(1, 5):
            sheet.cell(row, column, row * column)
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["B"].hidden = True
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def unseen(data: bytes) -> Unseen:
    book = read_book(data)
    assert isinstance(book, Book)
    return Unseen(book.sheets[0].unseen.rows & set(range(1, 6)), book.sheets[0].unseen.columns & set(range(1, 5)))


def test_hidden_rows_and_columns_of_an_xlsx() -> None:
    assert unseen(hiding()) == HIDDEN


@pytest.mark.client
@pytest.mark.parametrize("suffix", ["xls", "ods", "xlsx"])
def test_hidden_rows_and_columns_after_libreoffice(office: Office, tmp_path: Path, suffix: str) -> None:
    source = tmp_path / "in.xlsx"
    source.write_bytes(hiding())
    assert unseen(office.convert(source, suffix, tmp_path).read_bytes()) == HIDDEN
