"""What hangs on a form alone is worked out once for each form and each of its rules."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Iterator

from msgspec.structs import replace

from perfxl.model.form import Form, FormRule
from perfxl.rules.once import once_a_form
from support.filings import forms

CALLS: list[str] = []


@once_a_form
def _said(form: Form, asked: FormRule, path: str) -> Iterator[str]:
    CALLS.append(path)
    yield f"{form.id} {asked.code} {path}"


def test_it_is_worked_out_once_for_each_form_rule_and_path() -> None:
    CALLS.clear()
    form = replace(forms()["hubei-dept-goal"])  # one of which nothing is known yet
    first, second, *_ = form.rules
    assert _said(form, first, "a") == (f"{form.id} {first.code} a",)
    assert _said(form, first, "a") is _said(form, first, "a")
    assert _said(form, first, "b") == (f"{form.id} {first.code} b",)
    assert _said(form, second, "a") == (f"{form.id} {second.code} a",)
    assert CALLS == ["a", "b", "a"]


def test_what_is_given_by_name_is_worked_out_each_time() -> None:
    form = replace(forms()["hubei-dept-goal"])
    rule = form.rules[0]
    assert _said(form, rule, path="a") == (f"{form.id} {rule.code} a",)
    assert _said(form, rule, path="b") == (f"{form.id} {rule.code} b",)


def test_equal_forms_and_rules_are_not_taken_for_each_other() -> None:
    CALLS.clear()
    form = replace(forms()["hubei-dept-goal"])
    rule, again = form.rules[0], replace(form.rules[0])
    assert _said(form, rule, "a") == _said(form, again, "a") == _said(replace(form), rule, "a")
    assert CALLS == ["a", "a", "a"]


def test_what_is_kept_is_not_packed_with_a_form() -> None:
    form = forms()["hubei-dept-goal"]
    assert _said(form, form.rules[0], "a")
    assert not pickle.loads(pickle.dumps(form)).__dict__  # noqa: S301 - rules have other ids there
    assert not copy.copy(form).__dict__
