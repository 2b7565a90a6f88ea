"""What is ranked, weighed by and drawn: read from a form's formulas and rules, never from its name."""

from __future__ import annotations

import pytest

from perfxl.forms.definition.load import load_forms
from perfxl.model.form import Form
from perfxl.rules.traits import Traits, traits
from support.cases import form_of
from support.tinyforms import DECLARATION, MONITORING

FORMS = load_forms()
RATE, SCORE = "funds.total.rate", "total.score"
INITIAL, BUDGET, EXECUTED = (f"funds.total.{key}" for key in ("initial", "budget", "executed"))
RATED = Traits(RATE, BUDGET, EXECUTED, SCORE, (INITIAL, BUDGET, EXECUTED))


@pytest.mark.parametrize(
    ("form", "has"),
    [
        # in the row of the budget, which is the one of totals
        (FORMS["hunan-dept-self-eval"], RATED),
        (FORMS["mof-project-self-eval"], RATED),
        (FORMS["jilin-project-self-eval"], Traits(RATE, BUDGET, EXECUTED, "", RATED.funds)),
        (
            FORMS["mof-project-monitor"],
            Traits(RATE, INITIAL, EXECUTED, "", (INITIAL, EXECUTED, "funds.total.forecast")),
        ),
        # a budget that is added up: its parts, and what was spent
        (
            FORMS["hunan-self-eval-report"],
            Traits("spending.rate", "", "spending.final", "", ("spending.initial", "spending.added", "spending.final")),
        ),
        # without a rate: of each row of totals the form's own year, two of them at most
        (
            FORMS["hubei-dept-goal"],
            Traits(funds=("funds.income.total.amount", "funds.expense.total.amount")),
        ),
        (FORMS["mof-project-goal"], Traits(funds=("funds.mid.total", "funds.annual.total"))),
        (DECLARATION, Traits(funds=("funds.total.amount",))),
        # amounts in a growing table only
        (FORMS["henan-dept-goal"], Traits(funds=("tasks[].budget_total", "tasks[].budget_fiscal"))),
        # no amounts
        (FORMS["jilin-dept-self-eval"], Traits()),
        (FORMS["qinghai-dept-approval"], Traits()),
        (MONITORING, Traits()),
    ],
    ids=lambda given: given.id if isinstance(given, Form) else "",
)
def test_what_a_form_has(form: Form, has: Traits) -> None:
    assert traits(form) == has


def test_the_rate_of_all_the_money_is_the_one_of_totals_wherever_it_stands() -> None:
    form = form_of("""
form: tiny-rates
version: "1"
title: 表
region: 试验
stage: self-evaluation
year_basis: 年度
sheet: 表
money: 万元
columns: {A: 8, B: 8, C: 8, D: 8}
bands:
- matrix: funds
  head:
  - {at: A}
  - {at: B, label: 预算数, field: budget, type: money}
  - {at: C, label: 执行数, field: executed, type: money}
  - {at: D, label: 执行率, field: rate, type: percent, formula: "ROUND(executed / budget, 6)"}
  rows:
  - {label: 财政拨款, field: fiscal}
  - {label: 其他资金, field: other}
  - {label: 合计, field: total, formulas: {budget: "funds.fiscal.budget + funds.other.budget"}}
rules:
- {code: M07, over: funds}
""")
    assert traits(form).rate == "funds.total.rate"


AMOUNTS = """
form: tiny-amounts
version: "1"
title: 表
region: 试验
stage: declaration
year_basis: 年度
sheet: 表
money: 万元
columns: {A: 8, B: 8, C: 8}
bands:
- matrix: funds
  head:
  - {at: A}
  - {at: B, label: 本年, field: amount, type: money}
  - {at: C, label: 上年, field: prev1, type: money}
  rows:
  - {label: 人员类, field: staff}
  - {label: 运转类, field: running}
  - {label: 项目类, field: projects}
"""
SUMS = "formulas: {amount: funds.staff.amount, prev1: funds.staff.prev1}"


@pytest.mark.parametrize(
    ("totals", "funds"),
    [
        ((), ("funds.staff.amount", "funds.staff.prev1")),
        (("one",), ("funds.one.amount",)),
        (("one", "two"), ("funds.one.amount", "funds.two.amount")),
        (("one", "two", "three"), ("funds.one.amount", "funds.two.amount")),
    ],
)
def test_the_first_two_totals_stand_for_the_money_else_the_first_two_amounts(
    totals: tuple[str, ...], funds: tuple[str, ...]
) -> None:
    rows = "".join(f"  - {{label: 合计{name}, field: {name}, {SUMS}}}\n" for name in totals)
    assert traits(form_of(AMOUNTS + rows)).funds == funds
