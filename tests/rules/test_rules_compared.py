"""Figures held against those of another form of the unit: what is said just at each limit, below and above."""

from __future__ import annotations

from decimal import Decimal

import pytest

from perfxl.forms.definition.load import load_forms
from perfxl.model.record import Record
from perfxl.model.submission import By, FormReturn, Unit
from perfxl.model.value import Value
from perfxl.rules.accepted import AcceptedForm
from perfxl.rules.catalog import CATALOG
from support.cases import Typed, case_of

FORMS = load_forms()
SELF, GOAL, MONITOR = "mof-project-self-eval", "mof-project-goal", "monitoring"
REPORT, TABLE = "hunan-self-eval-report", "hunan-dept-self-eval"
FUNDS = "funds.total.initial"


def said(code: str, form: str, typed: dict[str, Typed], beside: str, there: dict[str, Value]) -> list[str | None]:
    """Return the paths of a form of which something is said next to what another one has."""
    definition = FORMS["mof-project-monitor" if beside == MONITOR else beside]
    other = FormReturn(definition, definition.version, "表", By.STAMP, 1.0, 2024, Unit("某局"), Record(there))
    case, rule = case_of(FORMS[form], typed), CATALOG[code]
    assert rule.pairs is not None
    asked = [one for one in FORMS[form].rules if one.code == code and one.beside == beside]
    found = [found for one in asked for found in rule.pairs(case, one, AcceptedForm("那一份.xlsx", other))]
    label = definition.fields[next(iter(there))].parts[-1]
    assert all(f"》中的{label if code != 'X04' else ''}" in one.message for one in found)
    return [one.path for one in found]


@pytest.mark.parametrize(
    ("here", "there", "told"),
    [
        # 5,000 times as large, from 1,000 on
        ("5000", "1", True),
        ("4999.99", "1", False),
        ("1", "5000", True),
        ("1000", "0.2", True),
        ("999.99", "0.1", False),
        ("0.1", "999.99", False),
        ("0.1", "1000", True),
        ("0", "5000", False),
        ("5000", "0", False),
        ("5000", "-1", False),
    ],
)
def test_amounts_thousands_of_times_as_large(here: str, there: str, *, told: bool) -> None:
    typed: dict[str, Typed] = {"funds.fiscal.initial": Decimal(here)}
    found = said("M13", SELF, typed, MONITOR, {FUNDS: Decimal(there)})
    assert found == ([FUNDS] if told else [])


@pytest.mark.parametrize(
    ("typed", "there", "told"),
    [
        # half of the last place that was typed
        (1051.64, "1051.64", False),
        ("1051.64", "1051.645", False),
        ("1051.64", "1051.646", True),
        ("1051.64", "1051.635", False),
        ("1051.64", "1051.634", True),
        ("1051.6万元", "1051.65", False),
        ("1051.6万元", "1051.651", True),
        ("1051", "1051.5", False),
        ("1051", "1051.51", True),
        ("1051", "1050.5", False),
        ("1051", "1050.49", True),
        # a number cell without places of its own: two, as money is printed
        (1051, "1051.005", False),
        (1051, "1051.006", True),
    ],
)
def test_figures_of_a_report(typed: Typed, there: str, *, told: bool) -> None:
    found = said("X04", REPORT, {"spending.basic.amount": typed}, TABLE, {"funds.by_expense.basic": Decimal(there)})
    assert found == (["spending.basic.amount"] if told else [])


@pytest.mark.parametrize(
    ("here", "there", "told"),
    [
        ("80", "80", False),
        ("80", "80.004", False),  # printed, both are 80.00
        ("80", "80.005", True),
        ("79.995", "80", False),
        ("79.99", "80", True),
        ("80.01", "80", False),
    ],
)
def test_what_was_spent_does_not_fall(here: str, there: str, *, told: bool) -> None:
    typed: dict[str, Typed] = {"funds.fiscal.executed": Decimal(here)}
    executed = "funds.total.executed"
    assert said("M05", SELF, typed, MONITOR, {executed: Decimal(there)}) == ([executed] if told else [])
