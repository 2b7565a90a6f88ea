"""Fixed tables with all that they may print and hold by cell: what is typed comes back, its formulas work."""

from __future__ import annotations

import pytest

from perfxl.model.form import Form
from perfxl.trial.office import soffice, try_formulas
from perfxl.trial.proof import try_form
from support.cases import form_of

TEXT = """\
form: tiny-matrix
version: "1"
title: 机构人员情况表
region: 试验
stage: declaration
year_basis: 预算年度
sheet: 表
money: 万元
columns: {A: 8, B: 14, C: 6, D: 10, E: 10, F: 10, G: 10, H: 10, I: 10}
bands:
- title: 机构人员情况表
- matrix: staff
  head:
  - {at: "A:B", label: 项目}
  - {at: C, label: 行次, serial: true}
  - {at: D, label: 计量单位, prints: unit}
  - {at: "E:F", label: 年末数, field: last, type: integer, min: 0}
  - {at: "G:I", label: 备注, field: remark, type: text}
  rows:
  - {label: 在编人员, field: regular, texts: {unit: 人}}
  - {label: 编外人员, field: other, texts: {unit: 人, remark: 按合同}, cells: {last: {preset: 0}}}
  - {label: 合计, field: total, texts: {unit: 人}, sum: [regular, other]}
  - {label: 人员经费, field: cost, texts: {unit: 万元}, cells: {last: {type: money, max: 100000}}}
  - {label: 是否公开, field: open, cells: {last: {type: choice, choices: [是, 否], preset: 是}}}
"""


@pytest.fixture(scope="module")
def form() -> Form:
    return form_of(TEXT)


def test_what_is_typed_into_every_cell_comes_back(form: Form) -> None:
    assert try_form(form) == ()


@pytest.mark.client
def test_its_formulas_work(form: Form) -> None:
    program = soffice()
    assert program is not None
    assert try_formulas({"form.yaml": form}, program) == ()
