"""The carried workbook itself: what is closed, what is open, what is said at its cells; valid, and usable by a person."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from perfxl.model.period import Period
from perfxl.model.submission import FormReturn, Unit
from perfxl.year.carry.workbook import Made, make
from support.carried import hints, merged, read, unlocked
from support.filings import filed, forms
from support.office import Office, RefusedError

GOAL, MONITOR, SELF, HUBEI, APPROVAL = (
    "mof-project-goal",
    "mof-project-monitor",
    "mof-project-self-eval",
    "hubei-dept-goal",
    "qinghai-dept-approval",
)

UNIT = Unit("石鼓区教育局", "430407")


def row(name: str, target: str | None, level2: str = "数量指标", level1: str = "产出指标") -> dict[str, Any]:
    return {"level1": level1, "level2": level2, "name": name, "target": target}


def goal(*rows: dict[str, Any], **more: Any) -> FormReturn:
    data = {"project_name": "校舍维修", "implementing_unit": "石鼓区教育局", "annual_indicators": list(rows), **more}
    return filed(GOAL, data)


def made(to: str, *returned: FormReturn, year: int = 2024) -> Made:
    return make(forms()[to], merged(to, *returned, year=year), period=Period(year), unit=UNIT)


def test_what_was_approved_is_closed_and_the_officer_s_own_cells_beside_it_are_open() -> None:
    found = made(SELF, goal(row("维修面积", "≥560平方米"), row("合格率", None, "质量指标")))
    open_cells, cells = unlocked(found.data), found.cells
    for path in (
        "project_name",
        "indicators[0].name",
        "indicators[0].target",
        "indicators[0].level2",
        "indicators[1].name",
    ):
        assert cells[path] not in open_cells, path
    line = cells["indicators[0].name"][1:]
    assert {f"{column}{line}" for column in "EFGH"} & open_cells  # 实际完成值, 分值, 得分
    target = cells["indicators[0].target"]
    below = f"{target.rstrip('0123456789')}{cells['indicators[1].name'].lstrip('ABCDEFGHIJ')}"
    assert below in open_cells, "a target that was not there can be filled in"


@pytest.mark.slow
def test_an_approved_head_of_rows_cannot_be_reworded_and_one_of_the_unit_s_own_can() -> None:
    own = row("开放课堂", "≥5节", "特色指标", "本单位指标")
    approved = made(SELF, goal(row("维修面积", "≥560平方米"), own))
    assert approved.cells["indicators[1].level1"] not in unlocked(approved.data)
    assert approved.cells["indicators[1].level2"] not in unlocked(approved.data)
    next_year = made(GOAL, goal(row("维修面积", "≥560平方米"), own), year=2025)
    open_cells = unlocked(next_year.data)
    assert next_year.cells["annual_indicators[1].level1"] in open_cells
    assert next_year.cells["annual_indicators[1].level2"] in open_cells
    assert next_year.cells["annual_indicators[0].level1"] not in open_cells, "the form prints it"


@pytest.mark.slow
def test_each_cell_says_where_it_was_taken_from_before_what_it_says_anyway() -> None:
    source = goal(row("维修面积", "≥560平方米"), goal={"annual": "完成维修"}, funds={"annual": {"fiscal": 120}})
    found = made(SELF, source)
    said = hints(found.data)
    at = source.cells
    assert (
        said[found.cells["indicators[0].target"]]
        == f"取自 2024 年项目申报表“校舍维修” {at['annual_indicators[0].target']}。"
    )
    money = said[found.cells["funds.fiscal.initial"]].split("\n")
    assert money[0] == f"取自 2024 年项目申报表“校舍维修” {at['funds.annual.fiscal']}。"
    assert money[1].startswith("输入数字")
    assert said[found.cells["goal.expected"]].startswith("取自 2024 年项目申报表")
    assert said[found.cells["indicators[0].level1"]].startswith("取自 ")
    assert all(len(text) <= 255 for text in said.values())


def test_an_issued_form_says_so_too_and_stays_closed() -> None:
    goals = [{"statement": "目标", "indicators": [row("维修面积", "≥560平方米")]}]
    found = made(APPROVAL, filed(HUBEI, {"unit_name": "石鼓区教育局", "annual_goals": goals}))
    assert not unlocked(found.data)
    assert hints(found.data)[found.cells["core_functions[0].indicators[0].target"]].startswith("取自 2024 年申报表 ")


def test_values_that_may_be_wrong_are_still_held_to_their_limits() -> None:
    found = made(SELF, goal(funds={"annual": {"fiscal": 120}}))
    sheet = openpyxl.load_workbook(io.BytesIO(found.data)).worksheets[0]
    cell = found.cells["funds.fiscal.initial"]
    (rule,) = [one for one in sheet.data_validations.dataValidation if cell in one.sqref]
    assert (rule.type, rule.operator, float(rule.formula1)) == ("decimal", "greaterThanOrEqual", 0)


@pytest.mark.slow
def test_no_cell_has_two_validations(assert_valid_package: Callable[..., None]) -> None:
    rows = [row(f"指标{number}", f"≥{number}个", ("数量指标", "质量指标")[number // 20]) for number in range(40)]
    for to in (SELF, MONITOR, GOAL):
        found = made(to, goal(*rows, goal={"annual": "完成"}), year=2025 if to == GOAL else 2024)
        assert_valid_package(found.data)
        sheet = openpyxl.load_workbook(io.BytesIO(found.data)).worksheets[0]
        areas = [area for one in sheet.data_validations.dataValidation for area in one.sqref.ranges]
        seen = [cell for area in areas for line in area.cells for cell in [line]]
        assert len(seen) == len(set(seen))


def test_a_unit_that_only_the_stamp_names_stands_on_the_new_form_too() -> None:
    source = filed("qinghai-dept-approval", {"annual_goal": "办好学校"})
    found = make(
        forms()["hunan-dept-self-eval"], merged("hunan-dept-self-eval", source), period=Period(2024), unit=UNIT
    )
    (returned,) = read(found.data).forms
    assert returned.record["unit_name"] == "石鼓区教育局"
    assert returned.unit == UNIT
    assert "unit_name" not in found.cells


def test_the_same_sources_give_the_same_bytes() -> None:
    source = goal(row("维修面积", "≥560平方米"))
    assert made(SELF, source).data == made(SELF, source).data


def test_every_carried_value_is_read_back_from_the_cell_that_was_named() -> None:
    found = made(SELF, goal(row("维修面积", "≥560平方米"), row("合格率", "100%", "质量指标")))
    returned = read(found.data).forms[0]
    assert {path: returned.cells.get(path) for path in found.cells} == found.cells


@pytest.mark.client
def test_a_person_can_type_beside_what_was_approved_and_not_over_it(office: Office, tmp_path: Path) -> None:
    found = made(SELF, goal(row("维修面积", "≥560平方米"), goal={"annual": "完成维修"}))
    blank = tmp_path / "a.xlsx"
    blank.write_bytes(found.data)
    target, sheet = found.cells["indicators[0].target"], forms()[SELF].sheet
    actual = f"{chr(ord(target[0]) + 1)}{target[1:]}"
    typed = {sheet: {actual: "570平方米", found.cells["goal.expected"]: "完成维修和验收"}}
    (returned,) = read(office.fill(blank, typed, tmp_path / "b.xlsx").read_bytes()).forms
    assert returned.record["indicators[0].name"] == "维修面积"
    assert returned.record["goal.expected"] == "完成维修和验收"
    assert getattr(returned.record["indicators[0].actual"], "text", "") == "570平方米"
    with pytest.raises(RefusedError):
        office.fill(blank, {sheet: {target: "≥1平方米"}}, tmp_path / "c.xlsx")
