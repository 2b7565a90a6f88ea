"""The proof that a form works finds what does not come back, and nothing in the forms that are shipped."""

from __future__ import annotations

import pytest

from perfxl.forms.definition.load import load_forms
from perfxl.trial.proof import try_form
from support.cases import form_of

HEAD = """
form: plan
version: "1"
title: 采购计划表
region: 试验
stage: declaration
year_basis: 预算年度
sheet: 表
money: 万元
unit: unit_name
columns: {A: 12, B: 12, C: 12, D: 12, E: 12, F: 12}
bands:
- title: 采购计划表
- row:
  - {at: A:B, label: 单位名称}
  - {at: C:F, field: unit_name, type: text, required: true}
"""


def told(bands: str) -> list[str]:
    return [str(problem) for problem in try_form(form_of(HEAD + bands), "plan/form.yaml")]


@pytest.mark.parametrize("name", sorted(load_forms()))
def test_what_is_typed_into_a_shipped_form_comes_back_to_its_place(name: str) -> None:
    assert try_form(load_forms()[name]) == ()


def test_a_value_that_nothing_stands_near_is_named_with_its_cell() -> None:
    bands = """
- row:
  - {at: A:C, field: loose, type: text, name: 说明}
  - {at: D:F, field: other, type: money, name: 金额}
"""
    found = told(bands)
    line = 1 + (HEAD + bands)[: (HEAD + bands).index("field: loose")].count("\n")
    assert any(f"plan/form.yaml:{line}:" in one and "A3" in one and "没有读到" in one for one in found), found
