"""How a workbook asks to be printed: without fills, without the sheets beside the forms, blank rows to be folded away."""

from __future__ import annotations

import io

import openpyxl
import pytest
from openpyxl.utils import column_index_from_string
from openpyxl.worksheet.worksheet import Worksheet

from perfxl.api import generate, layout
from perfxl.forms.definition.load import load_forms
from perfxl.model.form import Form
from perfxl.model.layout import RowKind
from perfxl.model.stamp import INSTRUCTIONS, SELF_CHECK

FORMS = load_forms()


def sheets(form: Form, data: dict[str, object] | None = None) -> dict[str, Worksheet]:
    book = openpyxl.load_workbook(io.BytesIO(generate(form, year=2024, data=data)))
    return {sheet.title: sheet for sheet in book.worksheets}


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
def test_fills_are_not_printed(form: Form) -> None:
    assert sheets(form)[form.sheet].page_setup.blackAndWhite


@pytest.mark.parametrize("name", ["mof-project-goal", "hubei-dept-goal"])
def test_of_the_sheets_beside_the_forms_a_hidden_column_is_printed_that_is_nothing(name: str) -> None:
    found = sheets(FORMS[name])
    for title in (SELF_CHECK, INSTRUCTIONS):
        area = found[title].print_area.rpartition("!")[2].replace("$", "")
        letters = area.partition(":")[0].rstrip("0123456789")
        assert found[title].column_dimensions[letters].hidden or _hidden(found[title], letters)


def _hidden(sheet: Worksheet, letters: str) -> bool:
    """Tell whether a column is hidden as one of a run: openpyxl has a run's first column only."""
    number = column_index_from_string(letters)
    return any(
        each.hidden and (each.min or 0) <= number <= (each.max or 0) for each in sheet.column_dimensions.values()
    )


def test_the_blank_rows_of_a_group_fold_behind_its_first() -> None:
    form = FORMS["mof-project-self-eval"]
    sheet = sheets(form)[form.sheet]
    table = [row.number for row in layout(form, year=2024).rows if row.kind is RowKind.TABLE]
    assert [sheet.row_dimensions[row].outlineLevel for row in table] == [0, 1, 2] * 9
    outline = sheet.sheet_properties.outlinePr
    assert outline is not None
    assert not outline.summaryBelow
    assert not any(sheet.row_dimensions[row].hidden for row in table)


def test_rows_that_are_used_do_not_fold() -> None:
    form = FORMS["mof-project-self-eval"]
    rows = [{"level1": "产出指标", "level2": "数量指标", "name": f"指标{n}"} for n in range(4)]
    rows.append({"level1": "产出指标", "level2": "质量指标", "name": "合格率"})
    made = layout(form, year=2024, data={"indicators": rows})
    table = [row.fold for row in made.rows if row.kind is RowKind.TABLE]
    assert table[:7] == [0, 0, 0, 0, 0, 1, 2]


def test_goals_that_are_blank_fold_as_a_whole() -> None:
    made = layout(
        FORMS["hubei-dept-goal"], year=2024, data={"annual_goals": [{"statement": "甲"}, {"statement": "乙"}]}
    )
    least: dict[str, int] = {}
    for row in made.rows:
        if row.block == "annual_goals":
            repetition = row.record.partition("]")[0]
            least[repetition] = min(least.get(repetition, 9), row.fold)
    assert list(least.values()) == [0, 0, 2]


@pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
def test_no_row_is_deeper_than_excel_folds(form: Form) -> None:
    assert all(0 <= row.fold <= 7 for row in layout(form, year=2024).rows)


def test_a_label_stands_in_each_of_its_parts() -> None:
    form = FORMS["mof-project-monitor"]
    made = layout(form, year=2024)
    spine = next(cell for cell in made.cells if cell.parts and cell.text == "绩\n效\n指\n标")
    sheet = sheets(form)[form.sheet]
    ranges = {str(merged) for merged in sheet.merged_cells.ranges}
    for part in spine.parts:
        assert sheet[part.name].value == spine.text
        assert part.range_name in ranges


def test_the_text_of_a_label_that_begins_beside_repeated_heads_stands_below_them() -> None:
    form = FORMS["mof-project-monitor"]
    placed = layout(form, year=2024)
    spine = next(cell for cell in placed.cells if cell.parts)
    assert placed.repeated_heads == (spine.box.row, spine.box.row + 1)
    sheet = sheets(form)[form.sheet]
    # At the bottom is where a text stands of which nothing is said.
    assert [sheet[part.name].alignment.vertical for part in spine.parts] == [None, "center"]
