"""Points of each 一级 and bands of qualitative scores that a form sets itself: both halves."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec.structs import replace

from perfxl.forms.definition.load import parse
from perfxl.model.finding import Severity
from perfxl.model.form import Form, FormRule
from perfxl.model.live import LiveBands, LivePoints
from perfxl.rules.live import live
from perfxl.rules.run import check
from support.cases import Typed, case_of
from support.tinyforms import EVALUATION, SOUND

ROWS = SOUND[EVALUATION.id]
D = Decimal


def with_rule(**changes: object) -> Form:
    """The tiny self-evaluation with its rule of a code set otherwise."""
    code = changes.pop("code")
    return replace(EVALUATION, rules=tuple(_changed(rule, code, changes) for rule in EVALUATION.rules))


def _changed(rule: FormRule, code: object, changes: dict[str, object]) -> FormRule:
    return replace(rule, **changes) if rule.code == code and rule.must is None else rule


def found(form: Form, code: str, **typed: Typed) -> list[tuple[str | None, Severity]]:
    findings = check(case_of(form, {**ROWS, **{key.replace("__", "."): value for key, value in typed.items()}}))
    return [(one.path, one.severity) for one in findings if one.code == code and "level1" in (one.path or "level1")]


def test_points_of_the_form_beat_those_of_the_caption() -> None:
    assert found(EVALUATION, "P01") == []
    less = with_rule(code="P01", points={"产出指标": D(48), "效益指标": D(40)})
    assert found(less, "P01") == [("indicators[0].level1", Severity.ERROR)]
    assert found(with_rule(code="P01", points={"产出指标": D(50)}), "P01") == []


def test_the_workbook_watches_the_points_of_the_form() -> None:
    form = with_rule(code="P01", points={"产出指标": D(48)})
    (watched,) = [one for one in live(form) if isinstance(one, LivePoints)]
    assert watched.points == {"产出指标": D(48)}


@pytest.mark.parametrize(("score", "wrong"), [(27, False), (26.99, True), (24, True)])
def test_bands_of_the_form_are_its_own(score: float, *, wrong: bool) -> None:
    form = with_rule(code="P04", bands={"达成": (D("0.9"), D(1)), "部分达成": (D("0.5"), D("0.9"))})
    typed = {**ROWS, "indicators[0].target": "完成", "indicators[0].actual": "达成", "indicators[0].score": score}
    assert ("P04" in {one.code for one in check(case_of(form, typed))}) is wrong
    (watched,) = [one for one in live(form) if isinstance(one, LiveBands)]
    assert {band.name: (band.low, band.high) for band in watched.bands}["部分达成"] == (D("0.5"), D("0.9"))
    assert "90% 以上、50%～90%、60% 以下" in watched.want


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("{code: P04, over: indicators, bands: {优: 80-100}}", "bands 的“优: 80-100”不对"),
        ("{code: P04, over: indicators, bands: {达成: 100-80}}", "不对"),
        ("{code: P03, over: indicators, bands: {达成: 80-100}}", "对 P03 不起作用"),
        ("{code: P02, over: indicators, points: {产出指标: 50}}", "对 P02 不起作用"),
    ],
)
def test_what_has_no_effect_is_refused(rule: str, says: str) -> None:
    text = f"""
form: tiny-points
version: "1"
title: 表
region: 试验
stage: self-evaluation
year_basis: 年度
sheet: 表
columns: {{A: 8, B: 8, C: 8, D: 8, E: 8, F: 8}}
bands:
- table: indicators
  columns:
  - {{at: A, label: 一级, field: level1, type: text, level: 1}}
  - {{at: B, label: 名称, field: name, type: text}}
  - {{at: C, label: 目标, field: target, type: value}}
  - {{at: D, label: 完成, field: actual, type: value}}
  - {{at: E, label: 分值, field: weight, type: number}}
  - {{at: F, label: 得分, field: score, type: number}}
rules:
- {rule}
"""
    form, problems = parse(text, "form.yaml")
    assert form is None
    assert any(says in problem.message for problem in problems), problems
