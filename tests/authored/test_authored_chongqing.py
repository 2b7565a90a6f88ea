"""重庆 自评表: three values for each indicator, factors with a reason where they are below 100 %, points of its own."""

from __future__ import annotations

from typing import Any

import pytest
from authored_returns import authored, cell_of, changed, read, said, with_row_inserted

OUTPUT, EFFECT = {"level1": "产出指标"}, {"level1": "效益指标"}
RETURN: dict[str, Any] = {
    "year": 2023,
    "project": "校园安防改造",
    "unit_name": "示例中学",
    "funds": {"total": {"initial": 100, "budget": 120, "executed": 115.2}},
    "indicators": [
        {**OUTPUT, "name": "安装摄像头数量", "initial": "≥80个", "target": "≥100个", "actual": "104个", "core": "是",
         "weight": 30, "factor": 1},
        {**OUTPUT, "name": "验收合格率", "initial": "≥95%", "target": "≥95%", "actual": "90%", "core": "否", "weight": 20,
         "factor": 0.9, "reason": "两台设备返修后补验"},
        {**EFFECT, "name": "师生满意度", "initial": "≥90%", "target": "≥90%", "actual": "93%", "core": "否", "weight": 40,
         "factor": 1},
    ],
}  # fmt: skip
PLANTED: dict[str, tuple[Any, str, str]] = {
    "indicators[1].reason": (None, "P06", "indicators[1].reason"),
    "indicators[1].factor": (1.05, "V04", "indicators[1].factor"),
    "indicators[2].factor": (0.9555, "V04", "indicators[2].factor"),
    "indicators[2].actual": (None, "C02", "indicators[2].actual"),
    "indicators[0].weight": (35, "P01", "total.weight"),
    "funds.total.executed": (130, "M05", "funds.total.executed"),
}


def test_a_self_evaluation_is_read_as_it_was_filled_in() -> None:
    form = authored("chongqing-self-eval")
    submission = read(form, changed(form, RETURN, {}))
    record = submission.forms[0].record
    assert said(submission) == set()
    assert (record["total.weight"], str(record["total.score"])) == (100, "97.6")


@pytest.mark.slow
def test_each_mistake_is_found_at_its_cell() -> None:
    form = authored("chongqing-self-eval")
    for path, (value, code, at) in PLANTED.items():
        found = said(read(form, changed(form, RETURN, {path: value})))
        assert (code, cell_of(form, RETURN, at)) in found, (path, found)


def test_points_of_the_form_and_a_core_indicator_are_asked_for() -> None:
    form = authored("chongqing-self-eval")
    moved = read(form, changed(form, RETURN, {"indicators[0].weight": 25, "indicators[2].weight": 45}))
    assert [finding.code for finding in moved.findings if finding.severity == "error"] == ["P01", "P01"]
    none = read(form, changed(form, RETURN, {"indicators[0].core": "否"}))
    assert [finding.title for finding in none.findings if finding.code == "Z01"] == ["没有核心指标"]


def test_the_total_counts_an_inserted_row() -> None:
    form = authored("chongqing-self-eval")
    typed: dict[str, Any] = {
        "name": "新增点位数", "initial": "0个", "target": "≥5个", "actual": "5个", "core": "否", "weight": 0, "factor": 1
    }  # fmt: skip
    submission = read(form, with_row_inserted(form, RETURN, "indicators[0]", typed))
    assert [str(submission.forms[0].record[f"indicators[{row}].score"]) for row in range(4)] == ["30", "0", "18", "40"]
    assert str(submission.forms[0].record["total.score"]) == "97.6"
