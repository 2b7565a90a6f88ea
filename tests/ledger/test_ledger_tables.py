"""What is summarised as tables: their names, columns and rows."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.ledger.tables import KEY, ValuePart, rows, tables
from perfxl.model.path import generic, row_of
from perfxl.model.record import Record
from perfxl.model.value import IndicatorValue, Value
from support.filings import forms
from support.filled import records


def test_names_are_those_of_the_contract() -> None:
    found = {
        table.name: [column.name for column in table.columns] for table in tables(forms()["mof-project-self-eval"])
    }
    assert list(found) == ["mof_project_self_eval", "mof_project_self_eval__indicators"]
    assert found["mof_project_self_eval"][:6] == [
        KEY, "year", "project_name", "supervisor", "implementing_unit", "funds__total__initial",
    ]  # fmt: skip
    assert found["mof_project_self_eval__indicators"][:10] == [
        KEY, "row", "level1", "level2", "name", "target", "target__op", "target__value", "target__unit", "actual",
    ]  # fmt: skip


def test_rows_of_nested_tables_know_what_they_lie_in() -> None:
    found = {table.path: [column.name for column in table.columns] for table in tables(forms()["hubei-dept-goal"])}
    assert found["annual_goals"] == [KEY, "row", "statement"]
    assert found["annual_goals[].indicators"][:4] == [KEY, "annual_goals__row", "row", "level1"]


def test_a_value_that_is_printed_only_is_in_no_table() -> None:
    names = [c.name for table in tables(forms()["hunan-self-eval-report"]) for c in table.columns]
    assert not any("_by_function" in name for name in names)


@pytest.mark.parametrize("name", list(forms()))
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_every_value_of_a_record_stands_in_one_place(name: str, data: st.DataObject) -> None:
    form = forms()[name]
    record = data.draw(records(form))
    found: dict[str, Value] = {}
    for table in tables(form):
        for row in rows(table, record, 7):
            assert row[0] == 7
            numbers = [int(str(number)) - 1 for number in row[1 : len(table.parents) + 2]] if table.path else []
            for column, value in zip(table.columns, row, strict=True):
                if column.field is not None and column.part in {ValuePart.NONE, ValuePart.TEXT} and value is not None:
                    path = column.field.path
                    for number in numbers:
                        path = path.replace("[]", f"[{number}]", 1)
                    assert not isinstance(value, int) or isinstance(value, bool)
                    found[path] = value
    shown = {
        path: value.text if isinstance(value, IndicatorValue) else value
        for path, value in record.values.items()
        if not form.fields[generic(path)].hidden
    }
    assert found == shown


def test_an_indicator_value_stands_in_its_parts() -> None:
    form = forms()["mof-project-self-eval"]
    from perfxl.values.indicator import parse_indicator  # noqa: PLC0415

    record = Record({"indicators[0].target": parse_indicator("≥95%")}, {"indicators": 1})
    _, table = tables(form)
    (row,) = rows(table, record, 1)
    named = dict(zip([column.name for column in table.columns], row, strict=True))
    assert [named[f"target{part}"] for part in ("", "__op", "__value", "__unit")] == ["≥95%", ">=", Decimal(95), "%"]
    assert row_of("indicators[0].target") == "indicators[0]"
