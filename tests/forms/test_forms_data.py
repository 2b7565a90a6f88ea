from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from forms_records import records
from forms_sample import ALL, SHIPPED, WIDE_FORM
from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.forms.data import LONGEST_TEXT, MOST_DIGITS, Misfit, from_data
from perfxl.model.path import generic
from perfxl.model.record import Record, to_data
from perfxl.model.value import WordValue
from support.effort import examples


@pytest.mark.parametrize("name", ALL)
@settings(max_examples=examples(6))
@given(data=st.data())
def test_there_and_back_is_the_identity(name: str, data: st.DataObject) -> None:
    form = ALL[name]
    record = data.draw(records(form))
    back, misfits = from_data(form, to_data(form, record))
    assert misfits == ()
    assert back == record


@pytest.mark.parametrize("name", ALL)
def test_a_blank_form_has_every_key_and_nothing_in_it(name: str) -> None:
    form = ALL[name]
    data = to_data(form, Record())

    def check(item: object) -> None:
        assert item is None or item == [] or isinstance(item, dict)
        for below in item.values() if isinstance(item, dict) else ():
            check(below)

    check(data)
    assert set(data) == {path.partition(".")[0].partition("[")[0] for path, f in form.fields.items() if not f.hidden}


def test_a_row_has_every_key_of_its_table_even_where_it_is_blank() -> None:
    record = Record({"goals[1].indicators[0].name": "甲"}, {"goals": 2, "goals[1].indicators": 1})
    goals = to_data(WIDE_FORM, record)["goals"]
    assert goals == [
        {"statement": None, "indicators": []},
        {
            "statement": None,
            "indicators": [
                {"level1": None, "level2": None, "name": "甲", "target": None, "likelihood": None, "deviates": None}
            ],
        },
    ]


WHOLE = {
    "unit_name": "甲局",
    "funds": {"income": {"fiscal": {"amount": 12.5, "prev2": "3.10"}}, "expense": {"amount": 7}},
    "tasks": [{"name": "修缮", "category": "特定目标", "start": "2024-01-16"}],
    "goals": [{"statement": "目标", "indicators": [{"name": "数量", "target": "≥5个", "deviates": True}]}],
}


def test_part_of_the_data_gives_part_of_the_record() -> None:
    record, misfits = from_data(WIDE_FORM, WHOLE)
    assert misfits == ()
    assert record.sizes == {"tasks": 1, "goals": 1, "goals[0].indicators": 1}
    assert record.values == {
        "unit_name": "甲局",
        "funds.income.fiscal.amount": Decimal("12.5"),
        "funds.income.fiscal.prev2": Decimal("3.10"),
        "funds.expense.amount": Decimal(7),
        "tasks[0].name": "修缮",
        "tasks[0].category": "特定目标",
        "tasks[0].start": dt.date(2024, 1, 16),
        "goals[0].statement": "目标",
        "goals[0].indicators[0].name": "数量",
        "goals[0].indicators[0].target": WordValue("≥5个"),
        "goals[0].indicators[0].deviates": True,
    }


def test_values_of_computed_fields_are_left_out() -> None:
    record, misfits = from_data(WIDE_FORM, {"funds": {"income": {"total": {"amount": 5}}}, "tasks": [{"no": 9}]})
    assert misfits == ()
    assert record.values == {}


@pytest.mark.parametrize(
    ("data", "path", "message"),
    [
        ({"unit": "甲局"}, "unit", "这张表没有这一项"),
        ({"_sum": 5}, "_sum", "这张表没有这一项"),
        ({"tasks": {"name": "甲"}}, "tasks", "结构不对"),
        ({"tasks": "甲"}, "tasks", "结构不对"),
        ({"tasks": ["甲"]}, "tasks[0]", "结构不对"),
        ({"tasks": [{"nom": "甲"}]}, "tasks[0].nom", "这张表没有这一项"),
        ({"tasks[0]": {"name": "甲"}}, "tasks[0]", "名称里不能有方括号"),
        ({"funds": [1]}, "funds", "结构不对"),
        ({"funds": {"expense": 5}}, "funds.expense", "结构不对"),
        ({"unit_name": 5}, "unit_name", "应为文字，现在是“5”"),
        ({"unit_name": ["甲"]}, "unit_name", "应为文字，现在是列表"),
        ({"unit_name": "长" * (LONGEST_TEXT + 1)}, "unit_name", "一格最多"),
        ({"year": "二〇二四"}, "year", "应为数字"),
        ({"year": True}, "year", "应为数字"),
        ({"year": {"a": 1}}, "year", "现在是对象"),
        ({"year": float("nan")}, "year", "应为数字"),
        ({"year": float("inf")}, "year", "应为数字"),
        ({"year": "1e999999"}, "year", "应为数字"),
        ({"year": 10**MOST_DIGITS}, "year", "应为数字"),
        ({"year": 10**5000}, "year", "现在是太大的数"),
        ({"tasks": [{"category": "人员"}]}, "tasks[0].category", "只能是人员类、特定目标，现在是“人员”"),
        ({"tasks": [{"start": "2024-13-01"}]}, "tasks[0].start", "应为日期"),
        ({"tasks": [{"start": 45307}]}, "tasks[0].start", "应为日期"),
        ({"goals": [{"indicators": [{"deviates": "是"}]}]}, "goals[0].indicators[0].deviates", "只能是 true 或 null"),
        ({"goals": [{"indicators": [{"target": ["a"]}]}]}, "goals[0].indicators[0].target", "应为指标值"),
        ({"goals": [{"indicators": [{"target": True}]}]}, "goals[0].indicators[0].target", "应为指标值"),
    ],
)
def test_what_does_not_fit_is_told(data: dict[str, object], path: str, message: str) -> None:
    _, misfits = from_data(WIDE_FORM, data)
    assert [misfit.path for misfit in misfits] == [path]
    assert message in misfits[0].message


def test_every_misfit_is_told_and_the_rest_is_there() -> None:
    data = {**WHOLE, "year": "x", "unit": 1, "tasks": [{"name": "甲", "total": "y"}, {"name": 3}]}
    record, misfits = from_data(WIDE_FORM, data)
    assert {misfit.path for misfit in misfits} == {"year", "unit", "tasks[0].total", "tasks[1].name"}
    assert record["tasks[0].name"] == "甲"
    assert record["unit_name"] == "甲局"


@pytest.mark.parametrize(
    ("given_value", "value"),
    [
        ("", None),
        (None, None),
        ({"text": ""}, None),
        ({"text": "≥5", "kind": "number"}, WordValue("≥5")),
        (5, WordValue("5")),
        (0.1, WordValue("0.1")),
        (1e-7, WordValue("0.0000001")),
    ],
)
def test_an_indicator_value_is_known_by_its_text(given_value: object, value: object) -> None:
    record, misfits = from_data(WIDE_FORM, {"common": [{"target": given_value}]})
    assert misfits == ()
    assert record["common[0].target"] == value


def test_blank_rows_and_groups_may_be_null() -> None:
    record, misfits = from_data(WIDE_FORM, {"funds": None, "tasks": [None, {}], "goals": None, "unit_name": ""})
    assert (record, misfits) == (Record({}, {"tasks": 2}), ())


_KEYS = sorted({key.strip("[]") for form in SHIPPED.values() for path in form.fields for key in path.split(".")})
_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(st.sampled_from(_KEYS), st.text(max_size=5)), inner, max_size=4),
    ),
    max_leaves=15,
)


@settings(max_examples=examples(80))
@given(
    data=st.dictionaries(st.sampled_from([*_KEYS, "unit_name", "indicators", "goals", "funds"]), _JSON),
    form=st.sampled_from(list(ALL.values())),
)
def test_no_data_whatever_raises_and_what_is_kept_belongs_to_the_form(data: dict[str, object], form: object) -> None:
    assert form in ALL.values()
    chosen = next(known for known in ALL.values() if known is form)
    record, misfits = from_data(chosen, data)
    assert all(generic(path) in chosen.fields for path in record.values)
    assert all(isinstance(misfit, Misfit) and misfit.message for misfit in misfits)
    to_data(chosen, record)
