"""Every code asked for over every part of a form: refused with what it lacks, or it runs and its workbook can be written."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from perfxl.forms.layout.place import place_live
from perfxl.model.form import Form, FormRule
from perfxl.rules.catalog import CATALOG
from perfxl.rules.run import check
from perfxl.rules.unfit import unfit
from perfxl.writer.write import write
from support.cases import case_of
from support.tinyforms import DECLARATION, EVALUATION, MONITORING, SOUND

pytestmark = pytest.mark.slow

FORMS = (DECLARATION, EVALUATION, MONITORING)


def parts(form: Form) -> Iterator[str]:
    """Yield every field, every group of fields, every table and block, and what is none."""
    found = {"nowhere": None}
    for path in form.fields:
        names = path.split(".")
        found |= dict.fromkeys(".".join(names[:count]) for count in range(1, len(names) + 1))
        found |= dict.fromkeys(".".join(names[:count]).removesuffix("[]") for count in range(1, len(names) + 1))
    yield from found


def asked(form: Form) -> Iterator[FormRule]:
    musts = [(rule.must, rule.at, rule.each) for rule in form.rules if rule.must is not None][:1]
    for code in CATALOG:
        yield from (FormRule(code, 9, over=over) for over in parts(form))
        yield from (FormRule(code, 9, must=must, at=at, each=each, say="差 {gap}") for must, at, each in musts)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_a_rule_is_refused_or_runs(form: Form) -> None:
    codes = set()
    for rule in asked(form):
        one = replace(form, rules=(rule,))
        if list(unfit(one)):
            continue
        layout = place_live(one)
        for typed in (SOUND[form.id], {}):
            check(case_of(one, typed))
            check(case_of(one, typed, stamped=False))
        if rule.code not in codes:
            assert write([layout])
        codes.add(rule.code)
    assert codes
