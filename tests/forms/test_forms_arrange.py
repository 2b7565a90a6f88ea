from __future__ import annotations

import pytest
from forms_records import records, tables
from forms_sample import ALL, HUNAN_FORM, WIDE_FORM
from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.forms.layout.arrange import TableRow, arrange, counters, level_fields, pair
from perfxl.model.form import Form, Table
from perfxl.model.record import Record
from support.effort import examples

TABLES = [(form, table) for form in ALL.values() for table in tables(form)]
IDS = [f"{form.id}-{table.path}" for form, table in TABLES]


def arranged(form: Form, table: Table, record: Record) -> list[tuple[str, tuple[TableRow, ...]]]:
    """The rows of a table, once for each block that it stands in."""
    holder = table.path.rpartition("[]")[0]
    rows = record.rows(holder) if holder else [""]
    rest = table.path[len(holder) + 2 :] if holder else table.path
    return [(f"{row}{rest}", arrange(form, table, record, f"{row}{rest}")) for row in rows]


@pytest.mark.parametrize(("form", "table"), TABLES, ids=IDS)
@settings(max_examples=examples(6))
@given(data=st.data())
def test_rows_of_the_data_keep_their_order_and_their_levels(form: Form, table: Table, data: st.DataObject) -> None:
    record = data.draw(records(form))
    keys = [field.key for field in level_fields(form, table)]
    values = {group.text: group.value for group in table.groups}
    for path, rows in arranged(form, table, record):
        assert [row.source for row in rows if row.source is not None] == list(range(record.sizes.get(path, 0)))
        for row in rows:
            assert len(row.levels) == len(keys)
            if row.source is None:
                continue
            levels = [record[f"{path}[{row.source}].{key}"] or "" for key in keys]
            assert [values.get(text, text) for text in row.levels] == levels


@pytest.mark.parametrize(("form", "table"), TABLES, ids=IDS)
@settings(max_examples=examples(6))
@given(data=st.data())
def test_all_that_the_form_prints_is_there(form: Form, table: Table, data: st.DataObject) -> None:
    record = data.draw(records(form))
    for path, rows in arranged(form, table, record):
        if form.issued:
            assert len(rows) == max(record.sizes.get(path, 0), 1)
            continue
        groups = [(group.text, below) for group in table.groups for below in group.below]
        assert {row.levels for row in rows} >= set(groups)
        named = [row for row in table.printed if row.values.get("name")]
        for printed in named:
            assert [row for row in rows if row.printed is printed]
        if not groups and not table.printed:
            assert len(rows) == max(record.sizes.get(path, 0), table.rows)


@pytest.mark.parametrize(("form", "table"), TABLES, ids=IDS)
def test_the_blank_has_the_rows_of_the_definition(form: Form, table: Table) -> None:
    path = table.path.replace("[]", "[0]")
    rows = arrange(form, table, Record(), path)
    places = len(table.printed) or table.rows * (sum(len(group.below) for group in table.groups) or 1)
    assert len(rows) == places
    assert all(row.source is None for row in rows)


def _rows(*levels: tuple[str, str]) -> Record:
    values = {f"indicators[{n}].level{k + 1}": text for n, pair_ in enumerate(levels) for k, text in enumerate(pair_)}
    return Record(values, {"indicators": len(levels)})


def levels_of(record: Record) -> list[tuple[str, str, int | None]]:
    rows = arrange(HUNAN_FORM, HUNAN_FORM.table("indicators"), record, "indicators")
    return [(row.levels[0].partition("\n")[0], row.levels[1], row.source) for row in rows]


def test_data_fills_the_printed_places_of_its_group_then_makes_more() -> None:
    many = [("产出指标", "数量指标")] * 5
    found = levels_of(_rows(*many))
    assert found[:5] == [("产出指标", "数量指标", n) for n in range(5)]
    assert found[5] == ("产出指标", "质量指标", None)
    assert len(found) == 5 + 8 * 3


def test_a_group_of_the_units_own_stands_where_the_data_has_it() -> None:
    found = levels_of(_rows(("产出指标", "数量指标"), ("产出指标", "自定指标"), ("产出指标", "质量指标")))
    assert found[:4] == [
        *[("产出指标", "数量指标", n) for n in (0, None, None)],
        ("产出指标", "自定指标", 1),
    ]
    assert ("产出指标", "质量指标", 2) in found


def test_a_group_that_the_data_leaves_out_is_still_printed() -> None:
    found = levels_of(_rows(("满意度指标", "服务对象满意度指标")))
    assert found[-3:] == [("满意度指标", "服务对象满意度指标", n) for n in (0, None, None)]
    assert len(found) == 9 * 3


def test_two_tables_side_by_side_keep_their_rows_and_share_the_first_level() -> None:
    table = WIDE_FORM.table("mid")
    assert table.beside is not None
    values = {"mid[0].level1": "产出指标", "mid[0].level2": "数量指标"}
    values |= {f"annual[{n}].level1": "效益指标" for n in range(7)} | {
        f"annual[{n}].level2": "自定指标" for n in range(7)
    }
    record = Record(values, {"mid": 1, "annual": 7})
    left = arrange(WIDE_FORM, table, record, "mid")
    right = arrange(WIDE_FORM, table.beside, record, "annual")
    pairs = pair(left, right)
    assert all(a.levels[0] == b.levels[0] for a, b in pairs)
    assert [b.source for _, b in pairs if b.source is not None] == list(range(7))
    assert [a.source for a, _ in pairs if a.source is not None] == [0]
    assert len(pairs) >= max(len(left), len(right))


_SIDES = st.lists(st.tuples(st.sampled_from("甲乙丙"), st.sampled_from("子丑")).map(TableRow), max_size=8)


@settings(max_examples=examples(80))
@given(left=_SIDES, right=_SIDES)
def test_pairing_loses_no_row_and_no_order(left: list[TableRow], right: list[TableRow]) -> None:
    left = [TableRow(row.levels, n) for n, row in enumerate(left)]
    right = [TableRow(row.levels, n) for n, row in enumerate(right)]
    pairs = pair(left, right)
    assert [a for a, _ in pairs if a.source is not None] == left
    assert [b for _, b in pairs if b.source is not None] == right
    assert all(a.levels[0] == b.levels[0] for a, b in pairs)
    assert all(a.source is not None or b.source is not None for a, b in pairs)


def test_counters_begin_anew_in_each_second_level() -> None:
    rows = [TableRow(levels) for levels in (("甲", "子"), ("甲", "子"), ("甲", "丑"), ("乙", "丑"), ("乙", "丑"))]
    assert counters(rows) == [1, 2, 1, 1, 2]
    assert counters([]) == []
