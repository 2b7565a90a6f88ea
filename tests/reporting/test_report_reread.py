from __future__ import annotations

import datetime as dt
import json
import string
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from perfxl.forms.definition.load import load_forms
from perfxl.model.finding import APPLIED, Finding, Fix, FixKind, Severity
from perfxl.model.submission import By, FormReturn, Source, Submission, Unit
from perfxl.model.value import (
    DateValue,
    FrequencyValue,
    Kind,
    MonthsValue,
    NumberValue,
    Op,
    RangeValue,
    WordValue,
)
from perfxl.reporting.document import submission_json
from perfxl.reporting.reread import NoSubmission, reread
from support.effort import examples
from support.filled import record

FORMS = load_forms()
NAME = "hunan-dept-self-eval"

indicators = st.sampled_from(
    [
        NumberValue("≥560个", Decimal(560), Op.AT_LEAST, "个"),
        RangeValue("90-95%", low=Decimal(90), high=Decimal(95), unit="%"),
        MonthsValue("10-11月份", from_month=10, to_month=11),
        DateValue("12月底前", Op.AT_MOST, month=12),
        DateValue("2024年6月", date="2024-06"),
        FrequencyValue("每月1次", times=Decimal(1), per="月"),
        WordValue("无", Kind.NONE),
    ]
)
numbers = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20)
texts = st.text(string.ascii_letters + "预算数（》“”\n\t\"\\'", max_size=12)
shown = st.none() | st.booleans() | texts | numbers | indicators
findings = st.builds(
    Finding,
    code=st.sampled_from(["V02", "M06", "X03"]),
    severity=st.sampled_from(Severity),
    message=texts,
    sheet=st.none() | texts,
    cell=st.none() | st.just("C9"),
    path=st.none() | st.just("indicators[3].target"),
    label=st.none() | texts,
    value=shown,
    expected=shown,
    fix=st.sampled_from([Fix(), APPLIED]) | st.builds(Fix, st.just(FixKind.SUGGESTED), shown),
    related=st.lists(texts, max_size=2).map(tuple),
)


def submission(form: str, seed: int, said: tuple[Finding, ...] = ()) -> Submission:
    returned = FormReturn(
        definition=FORMS[form],
        version=FORMS[form].version,
        sheet="表",
        by=By.LAYOUT,
        confidence=0.973,
        year=2024,
        unit=Unit("青溪区教育局", "030407"),
        record=record(FORMS[form], Random(seed)),
        superseded_by="b.xlsx" if seed % 2 else None,
        cells={"unit_name": "D3"} if seed % 5 else {},
    )
    modified = dt.datetime(2024, 1, 16, 8, 30, seed % 60, tzinfo=dt.UTC) if seed % 3 else None
    return Submission(Source("教育/a.xlsx", "0f" * 32, 18342, "xlsx", modified), (returned,), said)


def written(one: Submission) -> bytes:
    return submission_json(one)


@settings(max_examples=examples(150))
@given(st.sampled_from(sorted(FORMS)), st.integers(0, 2**32), st.lists(findings, max_size=3).map(tuple))
def test_what_is_read_back_is_written_the_same(form: str, seed: int, said: tuple[Finding, ...]) -> None:
    one = submission(form, seed, said)
    back = reread(written(one), FORMS)
    assert written(back) == written(one)
    assert back.source == one.source
    assert back.findings == said


@pytest.mark.parametrize("form", sorted(FORMS))
def test_the_record_comes_back_as_it_was(form: str) -> None:
    one = submission(form, 7)
    (back,) = reread(written(one), FORMS).forms
    hidden = {path for path, field in FORMS[form].fields.items() if field.hidden}
    if not hidden:
        filled = {path: value for path, value in one.forms[0].record.values.items() if value is not None}
        assert dict(back.record.values) == filled
    assert back == replace(one.forms[0], record=back.record)


def test_a_number_no_computer_holds_comes_back_too() -> None:
    found = Finding("V04", Severity.ERROR, "太大", value=Decimal("1E+999999"))
    one = Submission(Source("a.xlsx", "", 0, "xlsx"), (), (found,))
    assert reread(written(one), FORMS) == one


def _without(*keys: str) -> bytes:
    tree = json.loads(written(submission(NAME, 7)))
    at = tree
    for key in keys[:-1]:
        at = at[key] if isinstance(at, dict) else at[int(key)]
    del at[keys[-1]]
    return json.dumps(tree).encode()


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"{}",
        b"[]",
        b'{"perfxl": 2}',
        b"\xff\xfe",
        b"[" * 100_000,
        written(submission(NAME, 7))[:-40],
        written(submission(NAME, 7)).replace(NAME.encode(), b"another-form"),
        written(submission(NAME, 7)).replace(b'"layout"', b'"magic"'),
        _without("source"),
        _without("forms", "0", "data", "funds"),
        _without("forms", "0", "recognized", "by"),
    ],
)
def test_what_is_no_submission_is_refused(document: bytes) -> None:
    with pytest.raises(NoSubmission):
        reread(document, FORMS)
