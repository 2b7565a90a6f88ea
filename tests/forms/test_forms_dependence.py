"""What is said not to depend on some values does not: it is the same whatever they are."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.expr.evaluate import evaluate
from perfxl.forms.compute import compute, compute_again
from perfxl.forms.definition.load import load_forms
from perfxl.forms.dependence import Dependence
from perfxl.model.expression import Expr
from perfxl.model.form import Form
from perfxl.model.live import LiveRule
from perfxl.model.path import generic
from perfxl.model.record import Record
from perfxl.model.value import Value
from perfxl.rules.live import live
from support.effort import examples

FORMS = load_forms()
ROWS = 2
FIGURES = st.sampled_from([None, *map(Decimal, ("0", "1", "20", "100", "0.5"))])
WORDS = st.sampled_from([None, "甲", "无", "优"])


def figures_of(form: Form, sizes: dict[str, int]) -> list[str]:
    """Return the paths of what may be typed in a form: numbers and texts."""
    typed = (
        path for path, field in form.fields.items() if not field.computed and (field.type.numeric or not field.list)
    )
    return [at for path in typed for at in Record({}, sizes).paths(path)]


@cache
def rules_of(name: str) -> tuple[tuple[Expr, str], ...]:
    """Return what must hold in a form, and for which rows."""
    return tuple((rule.must, rule.each) for rule in live(FORMS[name]) if isinstance(rule, LiveRule))


def drawn(data: st.DataObject, form: Form, path: str) -> Value:
    return data.draw(FIGURES if form.fields[generic(path)].type.numeric else WORDS, label=path)


@pytest.mark.parametrize("name", sorted(FORMS))
@settings(max_examples=examples(20))
@given(data=st.data())
def test_what_does_not_depend_on_values_is_the_same_whatever_they_are(name: str, data: st.DataObject) -> None:
    form = FORMS[name]
    tables = [path for path in form.fields if path.count("[]") == 1]
    sizes = {path.partition("[]")[0]: ROWS for path in tables}
    paths = st.sampled_from(figures_of(form, sizes))
    fixed = {path: drawn(data, form, path) for path in data.draw(st.lists(paths, max_size=12, unique=True))}
    own = data.draw(st.lists(paths, max_size=4, unique=True))
    one, other = (Record({**fixed, **{path: drawn(data, form, path) for path in own}}, sizes) for _ in range(2))
    first, second = compute(form, one).record, compute(form, other).record
    depends = Dependence.of(form, map(generic, own), map(generic, one.values))

    computed = {path for generic_path in form.worked_out for path in first.paths(generic_path)}
    known = {path: value for path, value in first.values.items() if path in computed}
    again = compute_again(form, Record({**other.values, **known}, sizes), depends.computed)
    assert again == second

    for must, each in rules_of(name):
        if depends.settles(must):
            for row in first.rows(each) if each else ("",):
                assert evaluate(must, first, row) == evaluate(must, second, row)
