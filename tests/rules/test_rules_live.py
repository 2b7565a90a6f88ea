"""Which rules a workbook watches, and that every other one says why not."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from msgspec.structs import replace

from perfxl.expr.evaluate import evaluate
from perfxl.expr.parse import parse
from perfxl.expr.scope import Scope
from perfxl.forms.definition.load import load_forms
from perfxl.model.expression import Binary, Operator
from perfxl.model.finding import Severity
from perfxl.model.form import FormRule
from perfxl.model.live import LiveRule
from perfxl.model.record import Record
from perfxl.model.value import Value
from perfxl.rules.catalog import CATALOG
from perfxl.rules.live import live
from perfxl.rules.rule import LiveHalf, OnlyAtImport, Rule
from support.cases import form_of
from support.tinyforms import EVALUATION
from support.trials import HEAD

FORMS = load_forms()
FILLED = {name: form for name, form in FORMS.items() if not form.issued}
NOTHING_TO_WATCH = {"P01", "M13"}
"""Where no 一级 prints its points; where all amounts stand in growing tables, and there is no rate."""


def is_watched(asked: FormRule) -> bool:
    named = CATALOG[asked.code].named
    return asked.must is not None or (named is not None and isinstance(named.live, LiveHalf))


@pytest.mark.parametrize("name", FILLED)
def test_a_form_watches_each_rule_that_has_a_live_half(name: str) -> None:
    form = FILLED[name]
    asked = {rule.code for rule in form.rules if is_watched(rule)}
    in_cells = {"C02"}
    watched = {one.code for one in live(form)}
    assert watched <= asked
    assert asked - watched - in_cells <= NOTHING_TO_WATCH


def test_a_total_without_a_budget_of_what_was_planned_is_watched() -> None:
    watched = [one for one in live(FORMS["mof-project-self-eval"]) if one.code == "M07" and isinstance(one, LiveRule)]
    assert {(one.at, one.severity) for one in watched} >= {
        ("funds.total.executed", Severity.ERROR),
        ("funds.total.rate", Severity.WARNING),
    }


def test_what_is_issued_watches_nothing() -> None:
    issued = [form for form in FORMS.values() if form.issued]
    assert issued
    assert not any(live(form) for form in issued)


@pytest.mark.parametrize(
    "rule", [rule for rule in CATALOG.values() if rule.named is not None], ids=lambda rule: rule.code
)
def test_a_reason_or_a_difference_is_said_in_plain_words(rule: Rule) -> None:
    assert rule.named is not None
    match rule.named.live:
        case OnlyAtImport(because):
            assert re.search("[一-鿿]{4}", because)
        case LiveHalf(_, unlike):
            assert not unlike or re.search("[一-鿿]{4}", unlike)


@pytest.mark.parametrize("name", FILLED)
def test_rules_are_as_grave_as_in_the_catalogue_where_the_form_does_not_say(name: str) -> None:
    form = FILLED[name]
    stated = {rule.code for rule in form.rules if rule.severity is not None}
    for one in live(form):
        assert one.code in stated or one.severity in CATALOG[one.code].severities, one.code


def test_what_is_held_against_another_form_is_watched_once() -> None:
    for name, form in FILLED.items():
        alone = replace(form, rules=tuple(rule for rule in form.rules if not rule.pairs))
        assert live(form) == live(alone), name


def test_what_is_wanted_is_said_as_the_rule_has_it_or_as_its_message_begins() -> None:
    asked = next(rule for rule in EVALUATION.rules if rule.code == "M05")
    for want, said in ((asked.want, "全年执行数大于全年预算数"), ("执行数不大于预算数", "执行数不大于预算数")):
        form = replace(EVALUATION, rules=(replace(asked, want=want),))
        (watched,) = [one for one in live(form) if isinstance(one, LiveRule) and one.code == "M05"]
        assert watched.want.replace(" ", "") == said


@pytest.mark.parametrize(
    ("name", "watched"),
    [
        ("mof-project-self-eval", ["funds.total.rate"]),
        ("hunan-dept-self-eval", ["funds.total.rate"]),
        ("mof-project-monitor", []),  # the rate is of what was planned at first
        ("hunan-self-eval-report", []),  # has no row of totals
    ],
)
def test_money_that_is_left_without_a_budget_is_watched_in_the_row_of_totals(name: str, watched: list[str]) -> None:
    said = "年初有预算"
    found = [one for one in live(FORMS[name]) if isinstance(one, LiveRule) and one.want.startswith(said)]
    assert [(one.code, one.at, one.severity) for one in found] == [("M07", at, Severity.WARNING) for at in watched]


ROWS = """
- table: items
  columns:
  - {at: A, label: 名称, field: name, type: text}
  - {at: B, label: 数量, field: number, type: number}
  - {at: C, label: 单价, field: price, type: money}
  - {at: D, label: 方式, field: way, type: choice, choices: [公开招标, 询价]}
  - {at: E, label: 分值, field: weight, type: number, preset: 10}
  - {at: F, label: 说明, field: reason, type: text}
  rows: 4
"""
ABOUT_ROWS = (
    "NOT(ISBLANK(name))",
    "COUNTA(name) = 1",
    "IF(ISBLANK(reason), NOT(ISBLANK(price)), NOT(ISBLANK(way)))",
    "SUM(0, number) > 0",
    "SAID(reason) + COUNT(price) >= 1",
    "weight > 10",
    "NOT(ISBLANK(number)) = NOT(ISBLANK(weight))",
    "number <= 5",
    'way <> "询价" or price < 100',
)


@pytest.mark.parametrize("must", ABOUT_ROWS)
def test_a_row_in_which_nothing_was_typed_is_no_mistake_on_the_sheet_either(must: str) -> None:
    rule = f"""
rules:
- {{code: V01, each: items, must: '{must}', at: name, say: 请补全}}
"""
    form = form_of(HEAD + ROWS + rule)
    (asked,), (watched,) = form.rules, live(form)
    assert isinstance(watched, LiveRule)
    assert asked.must is not None
    keys: dict[str, Value] = {
        "name": "课桌",
        "number": Decimal(7),
        "price": Decimal(9),
        "way": "询价",
        "reason": "更新",
    }
    blank = Record({"items[0].weight": Decimal(10)}, {"items": 1})
    assert evaluate(watched.must, blank, "items[0]") is not False
    for kept in range(1, 2 ** len(keys)):
        filled = {f"items[0].{key}": value for number, (key, value) in enumerate(keys.items()) if kept >> number & 1}
        record = Record({**blank.values, **filled}, blank.sizes)
        assert evaluate(watched.must, record, "items[0]") == evaluate(asked.must, record, "items[0]")


def test_a_rate_that_is_absurd_is_an_error_in_each_row() -> None:
    watched = [one for one in live(FORMS["mof-project-self-eval"]) if isinstance(one, LiveRule)]
    rates = [one for one in watched if one.code == "M13" and one.want.endswith("%")]
    assert rates
    assert {one.severity for one in rates} == {Severity.ERROR}


@pytest.mark.parametrize(
    ("must", "summed"),
    [
        ("SUM(funds.by_income) = funds.total.budget", True),
        ("-funds.total.budget <= 0", True),
        ("funds.total.executed / funds.total.budget <= 1", False),
        ("-(funds.total.executed / funds.total.budget) >= -1", False),
        ("ROUND(funds.total.executed / funds.total.budget, 2) <= 1", False),
        ("1 >= funds.total.executed / funds.total.budget", False),
        ("total.weight <= funds.total.budget", False),
        ("total.weight = 100", False),
    ],
)
def test_rounding_may_explain_sums_of_money_and_no_shares(must: str, *, summed: bool) -> None:
    scope = Scope({path: field.type for path, field in EVALUATION.fields.items()}, "")
    rule = FormRule("M06", 1, parse(must, scope), at="funds.total.budget", say="不符")
    (watched,) = live(replace(EVALUATION, rules=(rule,)))
    assert isinstance(watched, LiveRule)
    assert watched.summed is summed


def test_a_computed_share_may_be_off_by_a_hundredth_of_a_percent_and_a_sum_by_nothing() -> None:
    shares = [one for one in live(EVALUATION) if isinstance(one, LiveRule) and "公式算出" in one.want]
    assert {one.code for one in shares} >= {"M07", "P03"}
    operators = {(one.code, one.must.operator) for one in shares if isinstance(one.must, Binary)}
    assert operators >= {("M07", Operator.AT_MOST), ("P03", Operator.EQUAL)}
    assert not operators & {("M07", Operator.EQUAL), ("P03", Operator.AT_MOST)}
