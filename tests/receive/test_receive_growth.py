"""Returns of very many rows, and with very much outside the form, take as much more work as they are larger."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache

import openpyxl
import pytest

import perfxl
from perfxl.model.form import Form
from perfxl.receive.library import Library
from perfxl.receive.pipeline import process
from support.cases import form_of
from support.trials import HEAD
from support.work import growth

BANDS = """
- table: items
  columns:
  - {at: A, label: 序号, field: no, type: integer, serial: true}
  - {at: B, label: 名称, field: name, type: text}
  - {at: C, label: 数量, field: number, type: integer, min: 0}
  - {at: D, label: 单价, field: price, type: money}
  - {at: E, label: 金额, field: amount, type: money, formula: "ROUND(number * price, 2)"}
  - {at: F, label: 备注, field: note, type: text}
  rows: 450
- row:
  - {at: "A:D", label: 合计}
  - {at: E, field: total, type: money, formula: "ROUND(SUM(items.amount), 2)"}
  - {at: F}
rules:
- {code: M01, over: total}
- {code: M05, each: items, must: "amount <= 100000", at: amount, say: 金额太大}
"""
FORM = form_of(HEAD + BANDS)


@cache
def blank() -> bytes:
    return perfxl.generate(FORM, unit="某局", data={"items": [{"name": "甲", "number": 1, "price": 2}]})


def handed_in(change: Callable[[openpyxl.Workbook], None]) -> bytes:
    """Return a return in which a label was changed, and none of whose formulas has a result."""
    book = openpyxl.load_workbook(io.BytesIO(blank()))
    change(book)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


@cache
def many_rows(rows: int) -> bytes:
    def filled(book: openpyxl.Workbook) -> None:
        sheet = book["表"]
        sheet["F3"] = "备注说明"
        for row in range(5, 5 + rows):
            for letter, value in zip("BCD", (f"物品{row}", 3, "2.5" if row % 3 else 2.5), strict=True):
                sheet[f"{letter}{row}"] = value

    return handed_in(filled)


@cache
def much_outside(rows: int) -> bytes:
    def noted(book: openpyxl.Workbook) -> None:
        sheet = book["表"]
        for row in range(600, 600 + rows):
            for column in range(1, 9):
                sheet.cell(row, column, f"旁注{row}" if column % 2 else row)

    return handed_in(noted)


def read(data: bytes, form: Form = FORM) -> object:
    return process(data, "a.xlsx", Library.of({form.id: form}))


@pytest.mark.slow
@pytest.mark.parametrize("made", [many_rows, much_outside])
def test_work_grows_as_the_sheet_does(made: Callable[[int], bytes]) -> None:
    for size in (110, 220, 440):
        made(size)
    assert growth(lambda size: read(made(size)), 110) < 2.2
