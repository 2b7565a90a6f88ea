"""A filled original, read through the form that was adopted from its blank, gives every value."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from adopt_blanks import FORMS, bare, stripped

from perfxl.adopt.adopting import adopt
from perfxl.api import read
from perfxl.forms.definition.load import load_forms, read_common, shipped
from perfxl.model.form import Form
from perfxl.reporting.document import submission_json

QUICK = {"jilin-project-self-eval"}
EACH = [pytest.param(form, marks=() if form in QUICK else pytest.mark.slow) for form in FORMS]


@pytest.mark.slow
@pytest.mark.parametrize("form", EACH)
def test_every_value_of_the_sample_is_read(form: str) -> None:
    common, _ = read_common(shipped() / "common.yaml")
    filled = stripped(form, filled=True)
    wanted = values(filled, load_forms()[form])
    assert wanted.total() > 20
    for blank in (stripped(form), bare(form)):
        (one,) = adopt(blank, "blank.xlsx", common, form="own").forms
        assert not wanted - values(filled, one.form)


def values(data: bytes, form: Form) -> Counter[str]:
    """Return the values that a workbook holds, read as a form, whatever they are called."""
    submission = read(data, name="a.xlsx", forms={form.id: form}, form=form.id)
    return Counter(_leaves(json.loads(submission_json(submission))["forms"][0]["data"]))


def _leaves(value: Any) -> Iterator[str]:
    match value:
        case {"text": str(text), "kind": _}:
            yield _said(text)
        case dict():
            for inner in value.values():
                yield from _leaves(inner)
        case list():
            for inner in value:
                yield from _leaves(inner)
        case None | True:
            pass
        case _:
            yield _said(str(value))


def _said(text: str) -> str:
    try:
        return str(round(float(text), 6))
    except ValueError:
        return "".join(text.split())
