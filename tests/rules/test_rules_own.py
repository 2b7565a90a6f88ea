"""Codes of a form's own: checked, watched, told by their name in every report."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from perfxl.forms.definition.load import parse
from perfxl.model.finding import Severity
from perfxl.model.live import LiveRule
from perfxl.reporting.digest import main_points
from perfxl.reporting.show import form_text
from perfxl.rules.live import live
from perfxl.rules.own import remedies, rule_in, title_of
from perfxl.rules.run import check
from support.cases import case_of, form_of
from support.command import Run
from support.tinyforms import PURCHASE_TEXT, SOUND

CODES = """\
codes:
- {code: Z01, title: 单价偏高, meaning: 单价高于 100 万元的要先论证。, remedy: 请附论证意见，或核对单价。, severity: warning}
rules:
- {code: Z01, must: price <= 100, at: price, say: "单价 {left} 高于 {right}，多 {gap}"}
"""
TEXT = PURCHASE_TEXT + CODES
FORM = form_of(TEXT)
SOUND_HERE = SOUND[FORM.id]


def test_it_is_raised_at_its_cell_with_its_name_and_remedy() -> None:
    (found,) = check(case_of(FORM, {**SOUND_HERE, "price": 120}))
    assert (found.code, found.severity, found.path) == ("Z01", Severity.WARNING, "price")
    assert (found.title, found.remedy) == ("单价偏高", "请附论证意见，或核对单价。")
    assert found.message == "单价 120.00 高于 100.00，多 20.00"
    assert check(case_of(FORM, {**SOUND_HERE, "price": 100})) == ()


def test_the_workbook_watches_it() -> None:
    (watched,) = [one for one in live(FORM) if isinstance(one, LiveRule) and one.code == "Z01"]
    assert (watched.severity, watched.at) == (Severity.WARNING, "price")


def test_reports_call_it_by_its_name() -> None:
    found = check(case_of(FORM, {**SOUND_HERE, "price": 120}))
    assert title_of(found, "Z01") == "单价偏高"
    assert title_of(found, "V01") == "必填项未填"
    assert remedies(found)["Z01"] == "请附论证意见，或核对单价。"
    assert main_points([replace(found[0], severity=Severity.ERROR)], 3) == "单价偏高"
    assert "Z01 单价偏高" in form_text(FORM)
    assert rule_in(FORM, "Z01").group == "自定"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("code: Z01, title", "code: Z1, title", "不是自定的代码"),
        ("code: Z01, title", "code: M77, title", "不是自定的代码"),
        ("code: Z01, must", "code: Z02, must", "没有代码 Z02"),
        ('must: price <= 100, at: price, say: "单价 {left} 高于 {right}，多 {gap}"', "over: items", "没有现成的审核"),
        ("title: 单价偏高", "title: 单价高于一百万元而没有附上论证意见的采购", "title 太长"),
    ],
)
def test_what_is_no_code_of_its_own_is_refused(old: str, new: str, says: str) -> None:
    form, problems = parse(TEXT.replace(old, new, 1), "form.yaml")
    assert form is None
    assert any(says in problem.message for problem in problems), problems


def test_the_command_lists_and_explains_it(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / FORM.id
    folder.mkdir()
    (folder / "form.yaml").write_text(TEXT, encoding="utf-8")
    told = run("rules", "z01", "--templates", tmp_path)
    assert "Z01 单价偏高" in told.out
    assert "怎么办" in told.out
    assert "举例" not in told.out
    assert "Z01" in run("rules", "--templates", tmp_path).out
    assert "Z01" not in run("rules").out
