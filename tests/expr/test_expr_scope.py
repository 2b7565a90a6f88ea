from __future__ import annotations

import pytest
from expr_sample import TYPES

from perfxl.expr.scope import Scope
from perfxl.model.expression import FieldRef, Range
from perfxl.model.field_type import Sort


def found(name: str, row: str = "") -> tuple[list[str], int] | str | None:
    match Scope(TYPES, row).find(name):
        case FieldRef(path):
            return path
        case Range(fields, bound):
            return [field.path for field in fields], bound
        case _:
            return None


@pytest.mark.parametrize(
    ("name", "row", "path"),
    [
        ("year", "", "year"),
        ("executed", "funds.total", "funds.total.executed"),
        ("funds.total.executed", "funds.total", "funds.total.executed"),
        ("weight", "indicators[]", "indicators[].weight"),
        ("weight", "goals[].indicators[]", "goals[].indicators[].weight"),
        ("statement", "goals[].indicators[]", "goals[].statement"),
        ("year", "goals[].indicators[]", "year"),
    ],
)
def test_a_name_is_a_field_of_the_row_then_of_the_form(name: str, row: str, path: str) -> None:
    assert found(name, row) == path


@pytest.mark.parametrize(
    ("name", "row", "paths", "bound"),
    [
        ("indicators.weight", "", ["indicators[].weight"], 0),
        ("indicators.weight", "indicators[]", ["indicators[].weight"], 0),
        ("indicators.weight", "goals[]", ["goals[].indicators[].weight"], 1),
        ("indicators.weight", "goals[].indicators[]", ["goals[].indicators[].weight"], 1),
        ("goals.indicators.weight", "goals[]", ["goals[].indicators[].weight"], 0),
        ("goals.statement", "goals[]", ["goals[].statement"], 0),
        ("projects", "", ["projects[].category", "projects[].year_budget", "projects[].urgent"], 0),
        (
            "funds.by_income",
            "funds.total",
            ["funds.by_income.general", "funds.by_income.gov_fund", "funds.by_income.other"],
            0,
        ),
    ],
)
def test_a_name_is_a_column_or_a_group_in_form_order(name: str, row: str, paths: list[str], bound: int) -> None:
    assert found(name, row) == (paths, bound)


@pytest.mark.parametrize("name", ["weights", "fund", "indicators.weight.x", "executed", ""])
def test_an_unknown_name_is_nothing(name: str) -> None:
    assert found(name) is None


@pytest.mark.parametrize(
    ("name", "row", "near"),
    [
        ("funds.total.budgets", "", "funds.total.budget"),
        ("wieght", "indicators[]", "weight"),
        ("executed", "", "funds.total.executed"),
        ("fund.by_incom", "", "funds.by_income"),
        ("全年预算数", "", None),
    ],
)
def test_the_nearest_name_is_suggested(name: str, row: str, near: str | None) -> None:
    assert Scope(TYPES, row).nearest(name) == near


def test_sorts_come_from_the_types() -> None:
    sorts = [
        TYPES[path].traits.sort for path in ("year", "unit_name", "start", "projects[].urgent", "indicators[].target")
    ]
    assert sorts == [Sort.NUMBER, Sort.TEXT, Sort.DATE, Sort.TICK, Sort.TEXT]
