"""四川 项目支出绩效目标表: 符号, 数值, 度量单位 in columns of their own, put together to one indicator value for all rules."""

from __future__ import annotations

from typing import Any

import pytest
from authored_returns import authored, cell_of, changed, read, said, with_row_inserted

from perfxl.model.value import NumberValue, Op

PRODUCED = {"level1": "产出指标"}
GOAL: dict[str, Any] = {
    "year": 2024,
    "project": "农村公路养护",
    "supervisor": "示例市交通运输局",
    "unit_name": "示例县公路局",
    "funds": {"fiscal": 300, "other": 20},
    "goal": "养护县乡公路二百公里，路况有所改善，群众出行更加方便。",
    "indicators": [
        {**PRODUCED, "name": "养护里程", "sign": "≥", "figure": "200", "measure": "公里", "actual": "210公里", "weight": 40,
         "score": 40, "direction": "正向"},
        {**PRODUCED, "name": "返工率", "sign": "≤", "figure": "5", "measure": "%", "actual": "4%", "weight": 30, "score": 30,
         "direction": "反向"},
        {"level1": "效益指标", "name": "出行条件", "sign": "定性", "figure": "有所改善", "actual": "达成", "weight": 20, "score": 20},
    ],
}  # fmt: skip


def test_what_stands_in_three_columns_is_one_indicator_value() -> None:
    form = authored("sichuan-project-goal")
    submission = read(form, changed(form, GOAL, {}))
    record = submission.forms[0].record
    assert said(submission) == set()
    value = record["indicators[0].target"]
    assert isinstance(value, NumberValue)
    assert (value.text, value.op, int(value.value), value.unit) == ("≥200公里", Op.AT_LEAST, 200, "公里")
    assert getattr(record["indicators[2].target"], "text", "") == "有所改善"


@pytest.mark.slow
def test_all_rules_of_indicators_read_it() -> None:
    form = authored("sichuan-project-goal")
    planted: dict[str, tuple[Any, set[tuple[str, str]]]] = {
        "indicators[1].actual": ("8%", {("P03", "indicators[1].score"), ("C04", "indicators[1].actual")}),
        "indicators[0].actual": ("210%", {("C03", "indicators[0].actual")}),
        "indicators[0].measure": (None, {("V01", "indicators[0].measure")}),
        "indicators[2].measure": ("次", {("V07", "indicators[2].measure")}),
        "indicators[1].sign": ("≥", {("Z01", "indicators[1].score")}),
        "indicators[2].weight": (25, {("P01", "total.weight")}),
        "goal": ("修路。", {("V02", "goal")}),
    }
    for path, (value, wanted) in planted.items():
        found = said(read(form, changed(form, GOAL, {path: value})))
        assert found >= {(code, cell_of(form, GOAL, at)) for code, at in wanted}, (path, found)


def test_an_inserted_row_is_put_together_too() -> None:
    form = authored("sichuan-project-goal")
    typed: dict[str, Any] = {
        "name": "养护桥梁",
        "sign": "≥",
        "figure": "3",
        "measure": "座",
        "actual": "2座",
        "weight": 0,
        "score": 0,
    }
    submission = read(form, with_row_inserted(form, GOAL, "indicators[0]", typed))
    value = submission.forms[0].record["indicators[1].target"]
    assert isinstance(value, NumberValue)
    assert (value.text, value.unit) == ("≥3座", "座")
