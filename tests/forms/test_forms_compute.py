from __future__ import annotations

from decimal import Decimal

import pytest
from forms_records import records
from forms_sample import ALL, HUNAN_FORM, SMALL, WIDE_FORM, formed
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from perfxl.expr.evaluate import concrete, evaluate, references
from perfxl.forms.compute import Order, compute, order
from perfxl.model.field_type import Type
from perfxl.model.path import generic, row_of
from perfxl.model.record import Record
from support.effort import examples

D = Decimal


@pytest.mark.parametrize("name", ALL)
@settings(max_examples=examples(6))
@given(data=st.data())
def test_a_computed_value_is_what_its_formula_gives_on_the_outcome(name: str, data: st.DataObject) -> None:
    form = ALL[name]
    record = data.draw(records(form))
    outcome = compute(form, record).record
    assert outcome.sizes == record.sizes
    for path in form.computed:
        field = form.fields[path]
        assert field.formula is not None
        for cell in record.paths(path):
            expected = evaluate(field.formula, outcome, row_of(cell))
            if field.type is Type.PERCENT and isinstance(expected, Decimal):
                assert outcome[cell] == round(expected, Type.PERCENT.traits.places)
            else:
                assert outcome[cell] == expected
    typed = {path: value for path, value in outcome.values.items() if not form.fields[generic(path)].computed}
    assert typed == record.values


@pytest.mark.parametrize("name", ALL)
@settings(max_examples=examples(5))
@given(data=st.data())
def test_computing_twice_changes_nothing_and_what_was_typed_there_does_not_count(
    name: str, data: st.DataObject
) -> None:
    form = ALL[name]
    record = data.draw(records(form))
    once = compute(form, record).record
    assert compute(form, once).record == once
    typed = {cell: D(77) for path in form.computed for cell in record.paths(path)}
    assert compute(form, Record({**record.values, **typed}, record.sizes)).record == once


@pytest.mark.parametrize("name", ALL)
@settings(max_examples=examples(5))
@given(data=st.data())
def test_what_hangs_on_an_unreadable_cell_is_unknown_and_nothing_else(name: str, data: st.DataObject) -> None:
    form = ALL[name]
    record = data.draw(records(form))
    cells = sorted(record.values)
    bad = data.draw(st.sampled_from(cells)) if cells else ""
    computed = compute(form, record, [bad] if bad else [])
    sound = compute(form, record).record
    unknown: set[str] = {bad}
    for path in form.computed:
        formula = form.fields[path].formula
        assert formula is not None
        for cell in record.paths(path):
            if unknown.intersection(concrete(formula, record, row_of(cell))):
                unknown.add(cell)
                assert computed.record[cell] is None
            else:
                assert computed.record[cell] == sound[cell]
    assert computed.unknown == unknown - {bad}


def test_the_hunan_form() -> None:
    values = {"budget": D(6558), "executed": D(6500), "initial": D(1000), "weight": D(10)}
    record = Record(
        {f"funds.total.{key}": value for key, value in values.items()}
        | {"indicators[0].weight": D(50), "indicators[1].weight": D(40), "indicators[0].score": D(49)},
        {"indicators": 3},
    )
    outcome = compute(HUNAN_FORM, record).record
    assert outcome["funds.total.rate"] == D("0.991156")
    assert outcome["funds.total.score"] == D("9.91")
    assert outcome["total.weight"] == D(100)
    assert outcome["total.score"] == D("58.91")


def test_a_blank_operand_gives_a_blank() -> None:
    outcome = compute(HUNAN_FORM, Record({"funds.total.executed": D(5), "funds.total.rate": D(1)})).record
    assert outcome.values == {"funds.total.executed": D(5)}


def test_numbers_of_rows_begin_anew_in_each_table() -> None:
    text = SMALL + (
        "- block: goals\n  count: 2\n  bands:\n  - table: tasks\n    columns:\n"
        "    - {at: A, label: 序号, field: no, serial: true}\n    - {at: B, label: 任务, field: name, type: text}\n"
    )
    record = Record({}, {"goals": 2, "goals[0].tasks": 2, "goals[1].tasks": 1})
    assert compute(formed(text), record).record.values == {
        "goals[0].tasks[0].no": D(1),
        "goals[0].tasks[1].no": D(2),
        "goals[1].tasks[0].no": D(1),
    }


# -- the order of formulas --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ALL)
def test_each_formula_comes_after_those_that_it_reads(name: str) -> None:
    form = ALL[name]
    assert sorted(form.computed) == sorted(path for path, field in form.fields.items() if field.formula is not None)
    done: set[str] = set()
    for path in form.computed:
        formula = form.fields[path].formula
        assert formula is not None
        assert done.issuperset(set(references(formula)) & set(form.computed))
        done.add(path)
    assert order(form.fields).circular == ()


def test_only_what_is_in_the_circle_is_called_circular() -> None:
    cells = {"b": "1", "c": "b", "d": "c", "e": "d"}
    columns = "".join(
        f"  - {{at: {key.upper()}, field: {key}, type: number, formula: {formula}}}\n" for key, formula in cells.items()
    )
    text = SMALL.replace("B: 20}", "B: 20, C: 9, D: 9, E: 9}") + f"- row:\n{columns}"
    fields = dict(formed(text).fields)
    assert order(fields) == Order(("b", "c", "d", "e"), ())
    # b reads d now: b, c and d go round; e only hangs on them.
    fields["b"] = replace(fields["b"], formula=fields["e"].formula)
    assert order(fields) == Order((), ("b", "c", "d"))


def test_wide_sample_sums_its_rows() -> None:
    record = Record({"tasks[0].total": D(5), "tasks[2].total": D("1.5")}, {"tasks": 3})
    outcome = compute(WIDE_FORM, record).record
    assert outcome["_sum"] == D("6.5")
    assert [outcome[f"tasks[{n}].no"] for n in range(3)] == [1, 2, 3]
