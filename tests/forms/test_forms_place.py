from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest
from forms_records import records
from forms_sample import ALL, HUNAN_FORM, WIDE_FORM
from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.forms.compute import compute
from perfxl.forms.layout.place import place
from perfxl.forms.layout.set_out import set_out
from perfxl.model.form import Form
from perfxl.model.layout import Layout, PlacedCell, Role, RowKind
from perfxl.model.path import generic
from perfxl.model.record import Record
from support.effort import examples

FORMS = list(ALL.values())


def drawn(form: Form, data: st.DataObject) -> tuple[Record, Layout]:
    record = compute(form, data.draw(records(form))).record
    return record, set_out(place(form, record, year=2024))


def fields_of(layout: Layout, path: str) -> list[PlacedCell]:
    return [cell for cell in layout.cells if cell.field is not None and generic(cell.path) == path]


@pytest.mark.parametrize("form", FORMS, ids=list(ALL))
@settings(max_examples=examples(4))
@given(data=st.data())
def test_cells_lie_apart_inside_the_sheet_and_in_order(form: Form, data: st.DataObject) -> None:
    _, layout = drawn(form, data)
    assert [row.number for row in layout.rows] == list(range(1, len(layout.rows) + 1))
    assert all(0 < row.height <= 409 for row in layout.rows)
    assert [cell.box for cell in layout.cells] == sorted(cell.box for cell in layout.cells)
    taken: dict[tuple[int, int], PlacedCell] = {}
    for cell in layout.cells:
        box = cell.box
        assert 1 <= box.column <= box.last_column <= len(layout.widths)
        assert 1 <= box.row <= box.last_row <= len(layout.rows)
        for row in range(box.row, box.last_row + 1):
            for column in range(box.column, box.last_column + 1):
                assert (row, column) not in taken, (cell, taken[row, column])
                taken[row, column] = cell


@pytest.mark.parametrize("form", FORMS, ids=list(ALL))
@settings(max_examples=examples(4))
@given(data=st.data())
def test_every_field_stands_in_every_row_and_nowhere_else(form: Form, data: st.DataObject) -> None:
    _, layout = drawn(form, data)
    rows: Counter[str] = Counter()
    blocks: dict[str, set[str]] = {}
    for row in layout.rows:
        rows.update(table for table in (row.table, row.beside) if table and row.kind is RowKind.TABLE)
        if row.block:
            blocks.setdefault(row.block, set()).add(row.record.partition("]")[0])
    for path, field in form.fields.items():
        cells = fields_of(layout, path)
        options = {cell.option for cell in cells}
        holder = path.rpartition("[]")[0]
        if field.level or field.spread:
            covered = sum(cell.box.last_row - cell.box.row + 1 for cell in cells)
            # The shared level of two tables side by side stands in the left one's column only.
            assert covered in {rows[holder], 0}
        elif rows[holder]:
            assert len(cells) == rows[holder] * len(options)
        elif holder:
            assert len(cells) == len(blocks[holder]) * len(options)
        else:
            assert len(cells) == len(options) >= 1


@pytest.mark.parametrize("form", FORMS, ids=list(ALL))
@settings(max_examples=examples(4))
@given(data=st.data())
def test_the_values_of_the_record_stand_in_order(form: Form, data: st.DataObject) -> None:
    record, layout = drawn(form, data)
    for path, field in form.fields.items():
        cells = fields_of(layout, path)
        if field.level or field.spread or field.preset is not None or any(cell.role is Role.PRINTED for cell in cells):
            continue
        values = [record[cell] for cell in record.paths(path)]
        for option in {cell.option for cell in cells}:
            placed = [cell.value for cell in cells if cell.option == option]
            assert [value for value in placed if value is not None] == [value for value in values if value is not None]


@pytest.mark.parametrize("form", FORMS, ids=list(ALL))
def test_the_blank_holds_presets_and_nothing_else(form: Form) -> None:
    layout = place(form)
    for cell in layout.cells:
        if cell.field is None:
            assert cell.role is Role.LABEL
            assert cell.value is None
        elif cell.role is not Role.PRINTED:
            assert cell.value == (None if cell.field.computed else cell.field.preset)
            assert cell.role is (Role.COMPUTED if cell.field.computed else Role.INPUT)
    assert (layout.stamp.form, layout.stamp.version, layout.stamp.digest) == (form.id, form.version, form.digest)


@pytest.mark.parametrize("form", FORMS, ids=list(ALL))
@settings(max_examples=examples(3))
@given(data=st.data())
def test_paths_of_one_sheet_are_distinct_but_for_options(form: Form, data: st.DataObject) -> None:
    _, layout = drawn(form, data)
    seen = Counter((cell.path, cell.option) for cell in layout.cells if cell.field is not None)
    assert not [path for path, times in seen.items() if times > 1]


def test_years_and_counters_are_filled_in() -> None:
    def texts(layout: Layout) -> set[str]:
        return {cell.text for cell in layout.cells if cell.template}

    assert {"2024年综合样表", "2022年", "2023年"} <= texts(place(WIDE_FORM, year=2024))
    assert {"2030年综合样表", "2028年"} <= texts(place(WIDE_FORM, Record({"year": Decimal(2030)}), year=2024))
    assert "　　年综合样表" in texts(place(WIDE_FORM))
    goals = [cell for cell in place(WIDE_FORM).cells if generic(cell.path) == "goals[].statement"]
    assert [cell.text for cell in goals] == ["目标1：　　", "目标2：　　"]
    assert [cell.path for cell in goals] == ["goals[0].statement", "goals[1].statement"]


def test_a_caption_stands_around_what_was_typed() -> None:
    layout = place(WIDE_FORM, Record({"goals[0].statement": "建成"}, {"goals": 1}))
    cell = next(cell for cell in layout.cells if cell.path == "goals[0].statement")
    assert (cell.text, cell.value) == ("目标1：建成", "建成")


def test_more_goals_and_rows_than_the_blank_has_are_placed() -> None:
    blank = place(WIDE_FORM)
    record = Record({}, {"goals": 5, "tasks": 20, **{f"goals[{n}].indicators": 0 for n in range(5)}})
    grown = place(WIDE_FORM, record)
    assert len(fields_of(grown, "goals[].statement")) == 5
    assert len(fields_of(grown, "tasks[].name")) == 20
    per_goal = (len(fields_of(blank, "goals[].indicators[].name"))) // 2
    assert len(grown.rows) - len(blank.rows) == 17 + 3 * (per_goal + 3)


def test_rows_of_one_kind_share_their_band() -> None:
    layout = place(WIDE_FORM, Record({}, {"goals": 3}))
    by_place: dict[int, set[int]] = {}
    starts = [row.number for row in layout.rows if row.record == "goals[1]" or row.record.startswith("goals[1].")]
    first = [row for row in layout.rows if row.record == "goals[0]" or row.record.startswith("goals[0].")]
    second = [layout.rows[number - 1] for number in starts]
    assert [row.band for row in first] == [row.band for row in second]
    for row in layout.rows:
        if row.kind is RowKind.TABLE:
            by_place.setdefault(row.band, set()).add(hash((row.table, row.beside)))
    assert all(len(kinds) == 1 for kinds in by_place.values())


def test_stamp_and_sheet() -> None:
    layout = place(HUNAN_FORM, Record({"unit_name": "甲局", "year": Decimal(2023)}), year=2020, unit_code="0430")
    assert (layout.stamp.year, layout.stamp.unit.name, layout.stamp.unit.code) == (2023, "甲局", "0430")
    assert layout.sheet == "自评表"
    assert place(HUNAN_FORM, year=2020).stamp.year == 2020
