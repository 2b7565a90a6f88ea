"""Rules that a form asks for and perfxl cannot run."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from perfxl.forms.definition.load import load_forms
from perfxl.model.form import Form, FormRule
from perfxl.rules.unfit import unfit
from support.tinyforms import DECLARATION, EVALUATION


def test_the_shipped_and_the_tiny_forms_ask_for_nothing_unknown() -> None:
    for form in (*load_forms().values(), EVALUATION, DECLARATION):
        assert list(unfit(form)) == []


@pytest.mark.parametrize(
    ("form", "code", "over", "lacks"),
    [
        (EVALUATION, "V99", "indicators", "没有代码 V99"),
        (EVALUATION, "X01", "indicators", "不是对着表或项审核的规则"),
        (EVALUATION, "V11", "funds", "缺少可增行的表（indicators）"),
        (EVALUATION, "V18", "indicators", "缺少列 prev1"),
        (DECLARATION, "C04", "goals[].indicators", "缺少列 actual"),
        (DECLARATION, "P02", "goals[].indicators", "缺少列 weight、score"),
        (EVALUATION, "M07", "indicators", "缺少由公式计算的执行率"),
        (EVALUATION, "M08", "indicators", "缺少有 budget 的资金行"),
        (DECLARATION, "G02", "projects[]", "缺少写有文字的块"),
        (DECLARATION, "G02", "goals", "缺少列出各目标的那一项"),
        (EVALUATION, "M10", "indicators", "缺少金额"),
        (EVALUATION, "M01", "funds", "缺少由公式计算的项"),
        (EVALUATION, "P05", "goal", "缺少由公式计算的项"),
        (EVALUATION, "C07", "funds", "缺少funds.expected、funds.actual"),
    ],
)
def test_what_a_rule_lacks_is_said_with_its_line(form: Form, code: str, over: str, lacks: str) -> None:
    wrong = replace(form, rules=(*form.rules, FormRule(code, 77, over=over)))
    ((line, message, remedy),) = unfit(wrong)
    assert line == 77
    assert lacks in message
    assert remedy


def test_an_expression_needs_a_code_of_the_catalogue_only() -> None:
    must = next(rule.must for rule in EVALUATION.rules if rule.must is not None)
    rules = (FormRule("M04", 5, must=must), FormRule("M99", 6, must=must))
    assert [line for line, _, _ in unfit(replace(EVALUATION, rules=rules))] == [6]


@pytest.mark.parametrize(("code", "key"), [("M07", "rate"), ("M08", "initial"), ("M08", "executed"), ("M09", "rate")])
def test_a_fund_row_needs_its_columns(code: str, key: str) -> None:
    fields = {path: field for path, field in EVALUATION.fields.items() if path != f"funds.total.{key}"}
    computed = tuple(path for path in EVALUATION.computed if path in fields)
    form = replace(EVALUATION, fields=fields, computed=computed, rules=(FormRule(code, 3, over="funds"),))
    ((_, message, _),) = unfit(form)
    assert key in message


def test_a_code_that_holds_no_forms_against_each_other_is_told_those_that_do() -> None:
    pairs = {"total.score": "total.score"}
    rules = tuple(FormRule(code, 9, pairs=pairs, beside="monitoring") for code in ("X04", "M05", "M13"))
    assert list(unfit(replace(EVALUATION, rules=rules))) == []
    ((line, message, remedy),) = unfit(replace(EVALUATION, rules=(FormRule("P02", 8, pairs=pairs),)))
    assert (line, message) == (8, "P02 不能与另一张表核对")
    assert sorted(remedy.partition("：")[2].split("、")) == ["M05", "M13", "X04"]


def test_a_code_that_cannot_be_asked_for_is_told_those_that_can() -> None:
    ((_, _, remedy),) = unfit(replace(EVALUATION, rules=(FormRule("S01", 8, over="funds"),)))
    named = remedy.partition("：")[2].split("、")
    assert {"M07", "G02", "C04", "P03"} <= set(named)
    assert not {"S01", "X04", "F01"} & set(named)
