"""Random valid data → generate → import is the identity, for every form."""

from __future__ import annotations

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from perfxl.api import generate
from perfxl.forms.definition.load import load_forms
from perfxl.model.finding import Severity
from perfxl.model.record import to_data
from perfxl.receive.library import Library
from perfxl.receive.pipeline import process
from support.effort import examples
from support.filled import records

FORMS = load_forms()
LIBRARY = Library.of(FORMS)
ABOUT_STRUCTURE = {"F06", "F07", "F08", "F10", "S01", "S02", "S04", "S05", "S06", "S07", "S08"}


@pytest.mark.parametrize("name", FORMS)
@settings(max_examples=examples(12), phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(data=st.data())
def test_what_was_generated_is_what_is_read(name: str, data: st.DataObject) -> None:
    form = FORMS[name]
    filled = to_data(form, data.draw(records(form), label="record"))
    submission = process(generate(form, data=filled), "a.xlsx", LIBRARY)
    assert [returned.form for returned in submission.forms] == [name]
    assert to_data(form, submission.forms[0].record) == filled
    strange = [f for f in submission.findings if f.code in ABOUT_STRUCTURE and f.severity is not Severity.INFO]
    assert not strange
