"""Marks at cells that nobody sees: the list and the note say how they are shown."""

from __future__ import annotations

import io

import openpyxl
import pytest
from openpyxl import Workbook

import perfxl
from perfxl.model.address import Box
from perfxl.model.finding import Finding, Severity
from perfxl.model.grid import Grid, Unseen
from perfxl.receive.copies import marked_copy
from perfxl.receive.hidden import with_the_way
from perfxl.receive.library import Library
from perfxl.receive.pipeline import process
from support.cases import form_of
from support.trials import HEAD

ROW, COLUMN = "（第 3 行被隐藏，先选中上下两行，右键“取消隐藏”）", "（C 列被隐藏，先选中左右两列，右键“取消隐藏”）"
SHEET = "（这张工作表被隐藏，先右键任一工作表标签，“取消隐藏”）"


@pytest.mark.parametrize(
    ("cell", "rows", "columns", "hidden", "said"),
    [
        ("C3", {3}, set(), False, ROW),
        ("C3", set(), {3}, False, COLUMN),
        ("C3", {3}, {3}, False, f"{ROW[:-1]}；{COLUMN[1:]}"),
        ("C3", set(), set(), True, SHEET),
        ("C3", {2, 4}, {2, 4}, False, ""),
        ("D5", {5}, set(), False, ""),  # merged with the row below, which is shown
        ("D5", {5, 6}, set(), False, "（第 5 行被隐藏，先选中上下两行，右键“取消隐藏”）"),
        (None, {3}, set(), False, ""),
    ],
)
def test_the_way_to_a_hidden_cell(cell: str | None, rows: set[int], columns: set[int], hidden: bool, said: str) -> None:  # noqa: FBT001
    grid = Grid("表", {}, (Box(5, 4, 6, 4),), hidden, unseen=Unseen(frozenset(rows), frozenset(columns)))
    finding = Finding("V01", Severity.ERROR, "没有填写", sheet="表", cell=cell)
    (found,) = with_the_way([finding], [grid])
    assert found.message == f"没有填写{said}"


def test_a_marked_copy_leads_to_a_hidden_row_and_leaves_it_hidden() -> None:
    form = form_of(
        f"{HEAD}\n- row:\n  - {{at: A, label: 金额}}\n  - {{at: 'B:F', field: amount, type: money}}\nrules: []\n"
    )
    book: Workbook = openpyxl.load_workbook(io.BytesIO(perfxl.generate(form, unit="某局")))
    book["表"]["B3"] = "约三百"
    book["表"].row_dimensions[3].hidden = True
    saved = io.BytesIO()
    book.save(saved)
    submission = process(saved.getvalue(), "a.xlsx", Library.of({form.id: form}))
    made = openpyxl.load_workbook(io.BytesIO(marked_copy(saved.getvalue(), submission).data))
    listed = [str(cell.value) for row in made["错误清单"].iter_rows() for cell in row]
    assert [ROW in text for text in listed if "约三百" in text and "隐藏" in text] == [True]
    note = made["表"]["B3"].comment
    assert note is not None
    assert ROW in note.text
    assert made["表"].row_dimensions[3].hidden
    assert ROW not in submission.findings[0].message
