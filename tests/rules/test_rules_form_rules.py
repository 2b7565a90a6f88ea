"""Every rule of every shipped form that is an expression: quiet on the sample, broken by a figure or two changed in it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from itertools import combinations

import pytest

from perfxl.expr.evaluate import concrete
from perfxl.forms.data import from_data
from perfxl.forms.definition.load import load_forms, shipped
from perfxl.model.expression import Expr
from perfxl.model.field_type import Type
from perfxl.model.finding import Finding
from perfxl.model.form import Form, FormRule
from perfxl.model.path import generic, row_of
from perfxl.model.record import Record
from perfxl.model.value import IndicatorValue
from perfxl.rules.catalog import CATALOG
from perfxl.rules.expression import findings
from support.cases import Typed, case_of

FORMS = load_forms()
RULES = [(form, number) for form in FORMS.values() for number, rule in enumerate(form.rules) if rule.must is not None]
KNOWN_IN_SAMPLES = {("hubei-dept-goal", "M11"), ("hunan-dept-self-eval", "M06"), ("hunan-self-eval-report", "M01")}
"""What is true of the filled forms that the samples come from."""


@cache
def sample(form: str) -> tuple[Mapping[str, Typed], Record]:
    text = (shipped() / form / "sample.json").read_text(encoding="utf-8")
    record, _ = from_data(FORMS[form], json.loads(text, parse_float=Decimal))
    typed: dict[str, Typed] = {}
    for path, value in record.values.items():
        if FORMS[form].fields[generic(path)].computed or value is None:
            continue
        if isinstance(value, IndicatorValue | dt.date):
            typed[path] = value.text if isinstance(value, IndicatorValue) else value.isoformat()
        else:
            typed[path] = "✔" if value is True else value
    return typed, record


def inputs(form: Form, record: Record, expr: Expr, row: str) -> list[str]:
    """The typed fields that an expression reads, by itself or through computed ones; the first few of each column."""
    found: dict[str, None] = {}
    waiting = list(concrete(expr, record, row))
    while waiting:
        path = waiting.pop(0)
        formula = form.fields[generic(path)].formula
        if formula is not None:
            waiting += concrete(formula, record, row_of(path))
        else:
            found[path] = None
    columns: dict[str, list[str]] = {}
    for path in found:
        columns.setdefault(generic(path), []).append(path)
    return [path for paths in columns.values() for path in paths[:2]]


def others(form: Form, path: str, value: Typed) -> list[Typed]:
    """Values unlike the one that stands there."""
    field = form.fields[generic(path)]
    if field.type is Type.CHOICE:
        return [choice.value for choice in field.choices if choice.value != value]
    if field.type in {Type.TEXT, Type.VALUE}:
        return ["建成并投入使用", None]
    number = value if isinstance(value, Decimal) else Decimal(0)
    return [number + 50, number * 3 + 1, Decimal(0), Decimal(7)]


def changes(form: Form, rule: FormRule) -> Iterator[Mapping[str, Typed]]:
    """Changes of one figure of the sample, then of two."""
    typed, record = sample(form.id)
    assert rule.must is not None
    row = f"{rule.each}[0]" if rule.each else ""
    single = [
        (path, other) for path in inputs(form, record, rule.must, row) for other in others(form, path, typed.get(path))
    ]
    yield from ({path: other} for path, other in single)
    yield from ({one: first, two: second} for (one, first), (two, second) in combinations(single, 2) if one != two)
    names = [path for path in typed if path.endswith("].name") and not path.startswith("by_")]
    yield {**dict.fromkeys(names), **{path: other for path, other in single if other and path not in names}}


def found(form: Form, rule: FormRule, changed: Mapping[str, Typed]) -> list[Finding]:
    return list(findings(case_of(form, {**sample(form.id)[0], **changed}), rule, CATALOG[rule.code]))


@pytest.mark.parametrize(("form", "number"), RULES, ids=lambda value: getattr(value, "id", value))
def test_a_rule_is_quiet_on_the_sample_and_breaks_on_a_change_of_it(form: Form, number: int) -> None:
    rule = form.rules[number]
    if (form.id, rule.code) not in KNOWN_IN_SAMPLES:
        assert not [f.message for f in found(form, rule, {})]
    broken = next((one for change in changes(form, rule) if (one := found(form, rule, change))), [])
    (first, *_) = broken
    assert first.code == rule.code
    assert generic(first.path or "") == rule.at
    assert first.cell is not None
    assert first.message
    assert not set("{}[]_") & set(first.message)


def test_there_are_such_rules_in_every_form_that_has_figures() -> None:
    with_figures = {name for name, form in FORMS.items() if any(f.type is Type.MONEY for f in form.fields.values())}
    assert with_figures == {form.id for form, _ in RULES}
