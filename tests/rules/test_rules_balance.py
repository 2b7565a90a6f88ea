"""What adding up says cannot close a gap does not close it when it is tried."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.expr.evaluate import evaluate
from perfxl.expr.parse import parse
from perfxl.expr.scope import Scope
from perfxl.model.path import row_of
from perfxl.model.record import Record
from perfxl.model.value import Value
from perfxl.rules.expression import judge
from perfxl.rules.funds.balance import may_hold
from support.cases import form_of
from support.effort import examples

FORM = form_of("""
form: tiny-balance
version: "1"
title: 表
region: 试验
stage: declaration
year_basis: 年度
sheet: 表
money: 万元
columns: {A: 8, B: 8, C: 8, D: 8, E: 8}
bands:
- table: projects
  columns:
  - {at: A, label: 项目, field: name, type: text}
  - {at: B, label: 基本, field: basic, type: money}
  - {at: C, label: 项目支出, field: project, type: money}
  - {at: D, label: 合计, field: sum, type: money, formula: "SUM(basic, project)"}
  - {at: E, label: 差额, field: less, type: money, formula: "basic - project"}
  rows: 2
- row:
  - {at: A, label: 合计}
  - {at: B, field: whole, type: money}
  - {at: C, field: part, type: money}
  - {at: D, field: all, type: money, formula: "SUM(projects.sum)"}
  - {at: E, label: 完}
""")
MUSTS = (
    "SUM(projects.basic) = whole",
    "SUM(projects.sum) = whole",
    "all = whole + part",
    "all - whole = -part",
    "SUM(whole, part, 5) = all + whole",
    "SUM(projects.less, part) = part + whole",
    "whole = part OR all = whole",
    "all = whole AND SUM(projects.basic) = part",
    "whole * 2 = all",
    "ROUND(all, 1) = whole",
    "IF(whole > 10, part, whole) = all",
)
TYPED = ("whole", "part", *(f"projects[{row}].{key}" for row in range(2) for key in ("basic", "project")))
FIGURES = st.one_of(
    st.sampled_from(["0.01", "3", "30", "300", "0.3", "33", "3000000", "7.5"]).map(Decimal),
    st.decimals(-9999, 9999, places=2),
)


def worked_out(typed: Mapping[str, Decimal]) -> Record:
    """Return figures with what is computed from them, not rounded, as figures are tried."""
    values: dict[str, Value] = dict(typed)
    record = Record(values, {"projects": 2})
    for path in FORM.computed:
        formula = FORM.fields[path].formula
        assert formula is not None
        for at in record.paths(path):
            found = evaluate(formula, record, row_of(at))
            values |= {at: found} if isinstance(found, Decimal) else {}
    return record


@settings(max_examples=examples(400))
@given(
    source=st.sampled_from(MUSTS),
    typed=st.dictionaries(st.sampled_from(TYPED), FIGURES, min_size=3),
    power=st.sampled_from([4, 1, 2, 3, -4, -1, -2, -3]),
)
def test_nothing_that_repairs_is_ruled_out(source: str, typed: dict[str, Decimal], power: int) -> None:
    must = parse(source, Scope({path: field.type for path, field in FORM.fields.items()}, ""))
    record = worked_out(typed)
    may = may_hold(must, FORM, record, "")
    breach = judge(must, FORM, record)
    if breach is None or breach.rounding:
        return
    for path, value in typed.items():
        right = value.scaleb(-power)
        after = judge(must, FORM, worked_out({**typed, path: right}))
        if value and (after is None or after.rounding):
            assert may(path, right - value), path


@pytest.mark.parametrize(
    ("source", "path", "change", "may"),
    [
        ("SUM(projects.sum) = whole", "whole", 27, True),
        ("SUM(projects.sum) = whole", "whole", "26.95", False),
        ("SUM(projects.sum) = whole", "part", 27, False),
        ("SUM(projects.sum) = whole", "projects[0].basic", -27, True),
        ("SUM(projects.less) = whole", "projects[0].project", 7, True),
        ("SUM(projects.less) = whole", "projects[0].project", -7, False),
        ("all = part OR all = whole", "whole", 27, True),
        ("all = part AND all = whole", "whole", 27, False),
        ("ROUND(all, 1) = whole", "part", 1, True),  # more than adding up: it must be tried
    ],
)
def test_what_a_change_does_to_the_gap(source: str, path: str, change: object, *, may: bool) -> None:
    typed = {"whole": 3, "part": 1, "projects[0].basic": 20, "projects[0].project": 10}
    values = {name: Decimal(figure) for name, figure in typed.items()}
    record = worked_out(values)
    must = parse(source, Scope({name: field.type for name, field in FORM.fields.items()}, ""))
    assert may_hold(must, FORM, record, "")(path, Decimal(str(change))) is may
