"""What printed forms have beside labels and cells: rows over several rows, margins, several places in a cell, prints."""

from __future__ import annotations

import io
import zipfile
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


@pytest.mark.slow
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


def test_a_page_is_as_the_form_says() -> None:
    page = 'page: {paper: A3, orientation: landscape, header: "甲&乙", footer: "{page}/{pages}", single: true}\n'
    made = generate(formed(PAPER.replace("bands:\n", f"{page}bands:\n", 1)))
    sheet = zipfile.ZipFile(io.BytesIO(made)).read("xl/worksheets/sheet1.xml").decode()
    assert '<pageSetup paperSize="8" ' in sheet
    assert 'orientation="landscape"' in sheet
    assert "<pageSetUpPr fitToPage=" in sheet
    assert 'fitToHeight="0"' not in sheet
    assert "<oddHeader>&amp;C甲&amp;&amp;乙</oddHeader>" in sheet
    assert "<oddFooter>&amp;C&amp;P/&amp;N</oddFooter>" in sheet


def test_a_form_that_is_to_stand_on_one_page_has_no_breaks() -> None:
    long = PAPER.replace("rows: 6\n", "rows: 90\n")
    assert layout(formed(long)).breaks
    assert not layout(formed(long.replace("bands:\n", "page: {single: true}\nbands:\n", 1))).breaks


@pytest.mark.parametrize("rows", range(34, 46))
def test_rows_that_are_kept_stand_on_the_page_of_the_row_before_them(rows: int) -> None:
    signed = "- row:\n  - {at: B:H, look: plain, label: 负责人签字}\n- row:\n  - {at: B:H, look: plain, label: 公章}\n"
    kept = signed.replace("- row:", "- keep: true\n  row:")
    text = PAPER.replace("rows: 6\n", f"rows: {rows}\n").replace("rules:\n", f"{kept}rules:\n")
    placed = layout(formed(text))
    last = len(placed.rows)
    assert [row.kept for row in placed.rows[-3:]] == [False, True, True]
    assert not {last - 1, last - 2} & set(placed.breaks)
