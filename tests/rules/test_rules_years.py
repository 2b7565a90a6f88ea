"""S11: years that contradict the form's."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from perfxl.rules.years import off
from support.cases import case_of, form_of
from support.tinyforms import EVALUATION

PLAN = form_of("""
form: tiny-plan
version: "1"
title: 表
region: 试验
stage: declaration
year_basis: 年度
sheet: 表
money: 万元
year: year
columns: {A: 8, B: 8, C: 8, D: 8}
bands:
- row:
  - {at: A, label: 年度}
  - {at: B, field: year, type: year}
  - {at: C, label: 截止年份}
  - {at: D, field: until, type: year}
rules: []
""")


@pytest.mark.parametrize(
    ("typed", "year", "paths"),
    [
        ({"year": 2024, "until": 2024}, 2024, []),
        ({"year": 2024, "until": 2023}, 2024, ["until"]),
        ({"year": 2024, "until": 2025}, 2024, []),
        ({"year": 2023, "until": 2024}, 2024, ["year"]),
        ({"year": 2025, "until": 2024}, 2024, ["year"]),
        ({"until": 2024}, 2024, []),
        ({"year": 2023, "until": 2022}, None, []),
    ],
)
def test_years_that_are_typed(typed: dict[str, int], year: int | None, paths: list[str]) -> None:
    assert [found.path for found in off(case_of(PLAN, typed), year)] == paths


def test_years_that_are_printed() -> None:
    case = case_of(EVALUATION, {})
    printed = replace(case, reading=replace(case.reading, years={2023: "A1", 2024: "B1", 2025: "C1"}))
    assert [(found.cell, found.value) for found in off(printed, 2024)] == [("A1", 2023), ("C1", 2025)]
