"""What printed forms have beside labels and cells: rows over several rows, margins, several places in a cell, prints."""

from __future__ import annotations

import io
from random import Random
from typing import Any

import openpyxl
import pytest
from forms_sample import PAPER, PAPER_FORM, formed
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from perfxl.align.pattern import compile_pattern
from perfxl.align.read import read
from perfxl.api import generate, layout
from perfxl.forms.compute import compute
from perfxl.forms.data import from_data
from perfxl.forms.definition.load import NOTHING_COMMON
from perfxl.forms.layout.place import place
from perfxl.model.field_type import Type
from perfxl.model.form import Required
from perfxl.model.layout import Role
from perfxl.model.reading import Oddity
from perfxl.model.record import to_data
from perfxl.receive.library import Library
from perfxl.receive.pipeline import process
from support.altered import TELLING, data_of, differences, written
from support.draft import Draft
from support.effort import examples
from support.filled import record, records
from support.mutants import MUTATIONS, Mutation

PATTERN = compile_pattern(place(PAPER_FORM))
LIBRARY = Library.of({PAPER_FORM.id: PAPER_FORM})


@settings(max_examples=examples(20), phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(data=st.data())
def test_what_was_generated_is_what_is_read(data: st.DataObject) -> None:
    filled = to_data(PAPER_FORM, data.draw(records(PAPER_FORM), label="record"))
    submission = process(generate(PAPER_FORM, data=filled), "a.xlsx", LIBRARY)
    assert to_data(PAPER_FORM, submission.forms[0].record) == filled
    assert not [f for f in submission.findings if f.code.startswith("S")]


def altered(mutation: Mutation, seed: int) -> tuple[bool, list[str], bool]:
    """Do one alteration: whether there was anything to alter, what was read otherwise, whether it is told."""
    data: dict[str, Any] = to_data(PAPER_FORM, record(PAPER_FORM, Random(seed), most=8))
    placed = layout(PAPER_FORM, data=data)
    draft = Draft.of(placed, written(placed), data)
    made = mutation(draft, Random(seed))
    reading = read(PATTERN, draft.grid())
    expected = to_data(PAPER_FORM, compute(PAPER_FORM, from_data(PAPER_FORM, draft.data)[0]).record)
    told = any(notice.oddity in TELLING for notice in reading.notices)
    return made, differences(expected, data_of(PAPER_FORM, reading)), told


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.__name__)
def test_one_alteration_leaves_the_data_as_it_was(mutation: Mutation) -> None:
    for seed in range(4):
        _, different, _ = altered(mutation, seed)
        assert not different, seed


def test_what_was_typed_over_a_printed_text_is_told() -> None:
    placed = layout(PAPER_FORM, data={"unit_name": "甲局"})
    draft = Draft.of(placed, written(placed), {})
    (row,) = [cell.box.row for cell in placed.cells if cell.text == "万元"]
    draft.say(row, 4, "元")
    notices = read(PATTERN, draft.grid()).notices
    assert [(notice.cell, notice.text) for notice in notices if notice.oddity is Oddity.OUTSIDE] == [(f"D{row}", "元")]


def test_a_row_over_several_rows_is_one_cell_and_ends_no_page() -> None:
    text = PAPER.replace("  rows: 4\n  lines: 6", "  rows: 8\n  lines: 24").replace("rows: 6\n", "rows: 30\n")
    placed = layout(formed(text, NOTHING_COMMON))
    (duties,) = [cell.box for cell in placed.cells if cell.path == "duties"]
    assert duties.last_row - duties.row == 7
    assert placed.breaks
    assert not any(duties.row <= end < duties.last_row for end in placed.breaks)


def test_the_margin_is_left_out_of_the_print() -> None:
    (sheet,) = openpyxl.load_workbook(io.BytesIO(generate(PAPER_FORM))).worksheets[:1]
    assert sheet.print_area == f"'情况表'!$B$3:$H${sheet.max_row}"


def test_what_a_cell_of_a_matrix_says_counts_before_its_head() -> None:
    fields = PAPER_FORM.fields
    assert fields["staff.cost.last"].type is Type.MONEY
    assert fields["staff.cost.last"].maximum == 100000
    assert fields["staff.other.last"].preset == 0
    assert [choice.value for choice in fields["staff.open.last"].choices] == ["是", "否"]
    assert fields["staff.open.last"].required is Required.ALWAYS
    assert fields["staff.total.last"].computed
    assert not fields["staff.total.remark"].computed
    assert "staff.open.first" not in fields


def test_what_is_left_over_beside_the_longer_list_is_closed() -> None:
    placed = layout(PAPER_FORM).cells
    cells = {cell.box.name: cell for cell in placed}
    sites = [cell.box.row for cell in placed if cell.field and cell.field.path == "sites[].area"]
    cars = [cell.box.row for cell in placed if cell.field and cell.field.path == "cars[].worth"]
    assert (len(cars), len(sites)) == (6, 4)
    assert all(cells[f"G{row}"].role is Role.LABEL for row in cars[4:])
