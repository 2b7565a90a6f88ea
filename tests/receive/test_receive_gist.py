"""What a worker notes of a return is what its document says: settling goes by either, and must come to the same."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from functools import cache

import pytest
from msgspec.structs import replace

from perfxl.api import generate
from perfxl.forms.definition.load import shipped
from perfxl.forms.stock import load_forms
from perfxl.model.finding import Fix, FixKind
from perfxl.model.record import Record
from perfxl.model.submission import Submission
from perfxl.model.value import NumberValue, RangeValue
from perfxl.receive.gist import Gist, GistPacking, Noted, noted
from perfxl.receive.library import Library
from perfxl.receive.pipeline import process
from perfxl.reporting.document import submission_json
from perfxl.reporting.reread import reread
from perfxl.rules.funds.totals import M01
from perfxl.spool import WholePacking

FORMS = load_forms()
PACKING = GistPacking(FORMS)


@cache
def read(form: str) -> Submission:
    data = json.loads((shipped() / form / "sample.json").read_text("utf-8"))
    return process(generate(FORMS[form], data=data, unit_code="430407"), "县/自评表.xlsx", Library.of(FORMS))


def told(one: Noted) -> str:
    """Return all that was noted as it is spelled: 1.0 and 1.00 are equal, and are not written alike."""
    return repr((PACKING.unpack(one.gist), one.versions, WholePacking().unpack(one.parts), one.has_whole, one.loose))


def by_document(submission: Submission) -> Noted:
    return Noted.of(reread(submission_json(submission), FORMS))


def test_a_return_is_noted_as_its_document_says_it() -> None:
    for submission in (*map(read, FORMS), Submission(read("hubei-dept-goal").source, (), ())):
        one = noted(submission, submission_json(submission))
        assert one is not None
        assert told(one) == told(by_document(submission))


def test_forms_come_back_as_those_that_are_known() -> None:
    gist: Gist = PACKING.unpack(Noted.of(read("henan-dept-goal")).gist)
    assert [form.definition for form in gist.submission.forms] == [FORMS["henan-dept-goal"]]
    assert gist.submission.forms[0].definition is FORMS["henan-dept-goal"]
    assert gist == Gist.of(read("henan-dept-goal"))


def test_times_are_noted_to_the_second() -> None:
    zone = dt.timezone(dt.timedelta(hours=8))
    moment = dt.datetime(2024, 1, 16, 8, 30, 0, 250_000, zone)
    submission = read("hubei-dept-goal")
    submission = replace(submission, source=replace(submission.source, modified=moment))
    one = noted(submission, submission_json(submission))
    assert one is not None
    assert told(one) == told(by_document(submission))


@pytest.mark.parametrize("number", [Decimal("1E+2"), Decimal("1E-7"), Decimal("NaN")])
def test_numbers_that_are_written_otherwise_are_not_noted(number: Decimal) -> None:
    submission = read("hubei-dept-goal")
    (form,) = submission.forms
    path = next(path for path, value in form.record.values.items() if isinstance(value, Decimal))
    values = {**form.record.values, path: number}
    finding = M01.finding("相差")
    for one in (
        replace(submission, forms=(replace(form, record=Record(values, form.record.sizes)),)),
        replace(submission, findings=(replace(finding, value=number),)),
        replace(submission, findings=(replace(finding, expected=NumberValue("100", number)),)),
        replace(submission, findings=(replace(finding, fix=Fix(FixKind.SUGGESTED, RangeValue("", number, number))),)),
    ):
        assert noted(one, submission_json(one)) is None


def test_halves_of_characters_are_not_noted() -> None:
    submission = read("hubei-dept-goal")
    for one in (
        replace(submission, source=replace(submission.source, file="\udcff.xlsx")),
        replace(submission, findings=(M01.finding("\ud800"),)),
    ):
        assert noted(one, submission_json(one)) is None


def test_what_a_form_prints_and_leaves_out_of_its_data_is_not_noted_with_it() -> None:
    form = next(form for form in FORMS.values() if any(field.hidden for field in form.fields.values()))
    hidden = next(path for path, field in form.fields.items() if field.hidden)
    (own,) = read(form.id).forms
    # As if the form left out what its returns are known by.
    renamed = replace(form, unit_path=hidden)
    record = Record({**own.record.values, hidden: "某局"}, own.record.sizes)
    odd = replace(read(form.id), forms=(replace(own, definition=renamed, record=record),))
    one = noted(odd, submission_json(odd))
    assert one is not None
    assert one.parts == Noted.of(reread(submission_json(odd), {form.id: renamed})).parts != Noted.of(odd).parts
