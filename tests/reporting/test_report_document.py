from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from perfxl.model.field_type import Type
from perfxl.model.finding import APPLIED, Finding, Fix, FixKind, Severity
from perfxl.model.form import Field, Form
from perfxl.model.record import Record
from perfxl.model.submission import By, FormReturn, Source, Submission, Unit
from perfxl.model.value import (
    DateValue,
    FrequencyValue,
    IndicatorValue,
    Kind,
    MonthsValue,
    NumberValue,
    Op,
    RangeValue,
    WordValue,
)
from perfxl.reporting.document import as_element, as_line, is_spelled_out, submission_json
from support.cases import shipped_form
from support.effort import examples


def form_of(*fields: Field) -> Form:
    """Return the definition of a form that has some fields and nothing else."""
    definition = shipped_form("hunan-dept-self-eval")
    return replace(definition, fields={field.path: field for field in fields})


FORM = FormReturn(
    definition=form_of(
        Field("unit_name", ("预算部门名称",), Type.TEXT),
        Field("funds.total.initial", ("年初预算数",), Type.MONEY),
        Field("funds.total.executed", ("全年执行数",), Type.MONEY),
        Field("indicators[].name", ("三级指标",), Type.TEXT),
    ),
    version="2023",
    sheet="自评表",
    by=By.STAMP,
    confidence=1.0,
    year=2023,
    unit=Unit("青溪区教育局", "030407"),
    record=Record({"unit_name": "青溪区教育局", "funds.total.initial": Decimal("616.43")}),
    cells={"funds.total.initial": "D6"},
)
FINDING = Finding(
    code="M06",
    severity=Severity.WARNING,
    message="收入性质合计 867.51 与全年预算数 867.50 相差 0.01",
    sheet="自评表",
    cell="C9",
    path="funds.by_income",
    label="年度预算申请 › 按收入性质分",
    value=Decimal("867.51"),
    expected=Decimal("867.50"),
    related=("自评表!D6",),
)
SOURCE = Source("教育/a.xlsx", "0f" * 32, 18342, "xlsx", dt.datetime(2024, 1, 16, 8, 30, tzinfo=dt.UTC))
EXPECTED = """\
{
  "perfxl": 1,
  "source": {
    "file": "教育/a.xlsx",
    "sha256": "%s",
    "bytes": 18342,
    "format": "xlsx",
    "modified": "2024-01-16T08:30:00Z",
    "made_from": null
  },
  "status": "accepted",
  "counts": {
    "error": 0,
    "warning": 1,
    "info": 0
  },
  "forms": [
    {
      "form": "hunan-dept-self-eval",
      "version": "2023",
      "sheet": "自评表",
      "recognized": {
        "by": "stamp",
        "confidence": 1.0
      },
      "year": 2023,
      "unit": {
        "code": "030407",
        "name": "青溪区教育局"
      },
      "superseded_by": null,
      "data": {
        "unit_name": "青溪区教育局",
        "funds": {
          "total": {
            "initial": 616.43,
            "executed": null
          }
        },
        "indicators": []
      },
      "cells": {
        "funds.total.initial": "D6"
      }
    }
  ],
  "findings": [
    {
      "code": "M06",
      "severity": "warning",
      "sheet": "自评表",
      "cell": "C9",
      "path": "funds.by_income",
      "label": "年度预算申请 › 按收入性质分",
      "value": 867.51,
      "expected": 867.50,
      "message": "收入性质合计 867.51 与全年预算数 867.50 相差 0.01",
      "fix": {
        "kind": "none"
      },
      "related": [
        "自评表!D6"
      ]
    }
  ]
}
""" % ("0f" * 32)


def written(value: object) -> str:
    """Return how a value stands in the JSON of a form's data."""
    form = replace(FORM, definition=form_of(Field("it", ("它",), Type.TEXT)), record=Record({"it": value}))  # type: ignore[dict-item]
    line = as_line(submission_json(Submission(SOURCE, (form,), ()))).decode()
    return line.split('"data":{"it":')[1].removesuffix('},"cells":{"funds.total.initial":"D6"}}],"findings":[]}\n')


def first_finding(**changes: Any) -> Any:
    finding = Finding(code="V02", severity=Severity.ERROR, message="不是数字", **changes)
    return json.loads(submission_json(Submission(SOURCE, (), (finding,))))["findings"][0]


def test_the_document_is_the_contract_to_the_letter() -> None:
    assert submission_json(Submission(SOURCE, (FORM,), (FINDING,))).decode() == EXPECTED


def test_line_and_element_hold_the_same() -> None:
    document = submission_json(Submission(SOURCE, (FORM,), (FINDING,)))
    line = as_line(document)
    assert line.count(b"\n") == 1
    assert json.loads(line) == json.loads(EXPECTED)
    element = as_element(document)
    array = b"[\n" + element + b",\n" + element + b"\n]"
    assert json.loads(array) == [json.loads(EXPECTED)] * 2
    assert array == msgspec.json.format(array, indent=2)


def test_an_error_rejects_and_a_file_without_forms_has_none() -> None:
    document = json.loads(submission_json(Submission(SOURCE, (), (Finding("F01", Severity.ERROR, "坏了"),))))
    assert document["status"] == "rejected"
    assert document["counts"] == {"error": 1, "warning": 0, "info": 0}
    assert document["forms"] == []
    assert document["findings"] == [
        {"code": "F01", "severity": "error", "sheet": None, "cell": None, "path": None, "label": None}
        | {"value": None, "expected": None, "message": "坏了", "fix": {"kind": "none"}, "related": []}
    ]


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("6558.51", "6558.51"),
        ("867.50", "867.50"),
        ("1E+2", "100"),
        ("-1.5E+3", "-1500"),
        ("1E-7", "0.0000001"),
        ("0", "0"),
        ("0E+3", "0"),
        ("123456789012345678901234567890.12", "123456789012345678901234567890.12"),
        ("1E+999999", "1E+999999"),
        ("-1E-999999", "-1E-999999"),
        ("NaN", "null"),
        ("-Infinity", "null"),
    ],
)
def test_numbers_are_exact_and_without_powers_of_ten(number: str, text: str) -> None:
    assert written(Decimal(number)) == text


@settings(max_examples=examples(200))
@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_every_number_comes_back_as_it_was(number: Decimal) -> None:
    assert json.loads(written(number), parse_float=Decimal, parse_int=Decimal) == number


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (2024, "2024"),
        ("第一行\n第二行", '"第一行\\n第二行"'),
        (dt.date(2024, 1, 16), '"2024-01-16"'),
        (dt.date(21, 1, 6), '"0021-01-06"'),
        (dt.datetime(2024, 1, 16, 8, tzinfo=dt.UTC), '"2024-01-16"'),
        ([], "[]"),
        (({"a": Decimal(1)},), '[{"a":1}]'),
        ("\udcff半个", '"�半个"'),
    ],
)
def test_other_values(value: object, text: str) -> None:
    assert written(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (
            NumberValue("≥560个", Decimal(560), Op.AT_LEAST, "个"),
            '{"text":"≥560个","kind":"number","op":">=","value":560,"unit":"个"}',
        ),
        (NumberValue("5", Decimal(5), None), '{"text":"5","kind":"number","op":null,"value":5}'),
        (
            RangeValue("95%-100%", low=Decimal(95), high=Decimal(100), unit="%"),
            '{"text":"95%-100%","kind":"range","low":95,"high":100,"unit":"%"}',
        ),
        (
            MonthsValue("10-11月份", from_month=10, to_month=11),
            '{"text":"10-11月份","kind":"months","from":10,"to":11}',
        ),
        (
            DateValue("12月底前", Op.AT_MOST, month=12),
            '{"text":"12月底前","kind":"date","op":"<=","month":12}',
        ),
        (
            DateValue("2024年6月", date="2024-06"),
            '{"text":"2024年6月","kind":"date","op":null,"date":"2024-06"}',
        ),
        (
            FrequencyValue("每月1次", times=Decimal(1), per="月"),
            '{"text":"每月1次","kind":"frequency","times":1,"per":"月"}',
        ),
        (WordValue("长期", Kind.DURATION), '{"text":"长期","kind":"duration"}'),
        (WordValue("充分", Kind.GRADE), '{"text":"充分","kind":"grade"}'),
        (WordValue("无", Kind.NONE), '{"text":"无","kind":"none"}'),
        (WordValue("启动"), '{"text":"启动","kind":"text"}'),
    ],
)
def test_an_indicator_value_has_the_keys_of_its_kind_and_no_other(value: IndicatorValue, text: str) -> None:
    assert written(value) == text
    assert first_finding(value=value)["value"] == json.loads(text)


def test_only_a_suggested_fix_carries_a_value() -> None:
    suggested = first_finding(value="1205000元", fix=Fix(FixKind.SUGGESTED, Decimal("120.5")))
    assert suggested["fix"] == {"kind": "suggested", "value": 120.5}
    applied = first_finding(value="１２０．５", fix=APPLIED)
    assert applied["value"] == "１２０．５"
    assert applied["fix"] == {"kind": "applied"}


@pytest.mark.parametrize("value", [1.5, object(), {1, 2}])
def test_what_is_no_form_value_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="no form value"):
        written(value)


@settings(max_examples=examples(500))
@given(st.integers(0, 10**18), st.integers(-20, 4), st.booleans())
def test_a_number_is_spelled_out_where_it_has_at_most_six_decimals(digits: int, exponent: int, negative: bool) -> None:  # noqa: FBT001
    number = Decimal((int(negative), tuple(map(int, str(digits))), exponent))
    assert is_spelled_out(number) == (-6 <= exponent <= 0)


@pytest.mark.parametrize("number", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_not_spelled_out(number: str) -> None:
    assert not is_spelled_out(Decimal(number))
