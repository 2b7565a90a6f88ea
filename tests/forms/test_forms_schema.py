"""The JSON Schema of every form: valid itself, titled as printed, and met by whatever import writes."""

from __future__ import annotations

import io
import json
import random
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from perfxl.api import generate
from perfxl.forms.data import from_data
from perfxl.forms.data_schema import schema
from perfxl.forms.definition.load import load_forms, shipped
from perfxl.model.record import to_data
from perfxl.receive.library import Library
from perfxl.receive.pipeline import process
from perfxl.receive.request import Request
from perfxl.reporting.document import document
from support.effort import examples
from support.filled import records

FORMS = load_forms()
LIBRARY = Library.of(FORMS)


def as_json(data: object) -> Any:
    return json.loads(document({"data": data}))["data"]


def sample(name: str) -> dict[str, object]:
    text = (shipped() / name / "sample.json").read_text(encoding="utf-8")
    given_: dict[str, object] = json.loads(text, parse_float=Decimal)
    return given_


@pytest.mark.parametrize("name", FORMS)
def test_it_is_a_schema_of_2020_12_and_the_sample_meets_it(name: str) -> None:
    made = schema(FORMS[name])
    Draft202012Validator.check_schema(made)
    record, misfits = from_data(FORMS[name], sample(name))
    assert not misfits
    Draft202012Validator(made).validate(as_json(to_data(FORMS[name], record)))


@pytest.mark.parametrize("name", FORMS)
@settings(max_examples=examples(10))
@given(data=st.data())
def test_random_data_meet_it(name: str, data: st.DataObject) -> None:
    form = FORMS[name]
    Draft202012Validator(schema(form)).validate(as_json(to_data(form, data.draw(records(form)))))


@pytest.mark.slow
@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("seed", range(3))
def test_the_data_of_a_spoilt_return_meet_it(name: str, seed: int) -> None:
    form = FORMS[name]
    book = openpyxl.load_workbook(io.BytesIO(generate(form, data=sample(name))))
    rnd = random.Random(seed)
    cells = [
        cell
        for row in book[form.sheet].iter_rows()
        for cell in row
        if not isinstance(cell, openpyxl.cell.cell.MergedCell)
    ]
    for cell in rnd.sample(cells, len(cells) // 4):
        cell.value = rnd.choice(["约九十", -5, "#REF!", None, "XX", 1e12, "2024年", "=1/0", True])
    buffer = io.BytesIO()
    book.save(buffer)
    submission = process(buffer.getvalue(), "a.xlsx", LIBRARY, Request(form=name))
    for returned in submission.forms:
        Draft202012Validator(schema(form)).validate(as_json(to_data(form, returned.record)))


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "number", "text": "5", "value": "5", "op": None},
        {"kind": "number", "text": "5", "value": 5, "op": "≥"},
        {"kind": "range", "text": "1-2", "low": 1},
        {"kind": "grade", "text": "优", "value": 1},
        {"kind": "other", "text": "优"},
    ],
)
def test_an_indicator_value_of_another_shape_does_not(wrong: dict[str, object]) -> None:
    made = schema(FORMS["hunan-dept-self-eval"])
    good = json.loads((shipped() / "hunan-dept-self-eval" / "sample.json").read_text(encoding="utf-8"))
    validator = Draft202012Validator(made)
    assert validator.is_valid(good)
    good["indicators"][0]["target"] = wrong
    assert not validator.is_valid(good)


def test_titles_are_the_printed_labels() -> None:
    made: Any = schema(FORMS["hunan-dept-self-eval"])
    funds = made["properties"]["funds"]["properties"]
    assert funds["by_income"]["title"] == "按收入性质分"
    assert funds["total"]["properties"]["initial"]["title"] == "年初预算数"
    assert made["properties"]["indicators"]["items"]["properties"]["reason"]["title"] == "偏差原因分析及改进措施"
