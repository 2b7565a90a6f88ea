"""Sources merged into one form: what goes where, whose word counts, and what is told instead of being lost."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from perfxl.model.field_type import Type
from perfxl.model.form import Choice, Field
from perfxl.model.record import to_data
from perfxl.model.submission import FormReturn
from perfxl.model.value import IndicatorValue, Value
from perfxl.year.carry.fitting import UnfitValue, fitted
from perfxl.year.carry.outcome import Merged, NoteKind
from support.carried import merged
from support.filings import filed, forms

GOAL, MONITOR, SELF = "mof-project-goal", "mof-project-monitor", "mof-project-self-eval"
WHOSE = {"project_name": "校舍维修", "implementing_unit": "石鼓区教育局"}


def row(name: str, target: str | None = None, level2: str = "数量指标", level1: str = "产出指标") -> dict[str, Any]:
    return {"level1": level1, "level2": level2, "name": name, "target": target}


def goal(*rows: dict[str, Any], **more: Any) -> FormReturn:
    return filed(GOAL, {**WHOSE, "annual_indicators": list(rows), **more})


def monitor(*rows: dict[str, Any], **more: Any) -> FormReturn:
    return filed(MONITOR, {**WHOSE, "indicators": list(rows), **more})


def rows_of(found: Merged, table: str = "indicators", key: str = "target") -> list[tuple[object, object]]:
    """The names of a table's rows, each with one more of its values; an indicator value is its text."""
    return [(found.record[f"{path}.name"], _text(found.record[f"{path}.{key}"])) for path in found.record.rows(table)]


def _text(value: object) -> object:
    return value.text if isinstance(value, IndicatorValue) else value


# -- what goes where --------------------------------------------------------------------------------------------------


def test_values_are_renamed_and_what_was_approved_is_locked() -> None:
    source = goal(row("维修面积", "≥560平方米"), supervisor="区政府", funds={"annual": {"fiscal": 120, "other": 3.5}})
    found = merged(MONITOR, source)
    assert found.record["funds.fiscal.initial"] == Decimal(120)
    assert found.record["funds.carryover.initial"] is None
    assert rows_of(found) == [("维修面积", "≥560平方米")]
    assert not found.notes
    locked = {path for path, held in found.held.items() if held.locked}
    assert locked == {
        *("project_name", "supervisor", "implementing_unit"),
        *(f"indicators[0].{key}" for key in ("level1", "level2", "name", "target")),
    }


def test_what_the_source_leaves_blank_is_neither_set_nor_locked() -> None:
    found = merged(MONITOR, goal(row("维修面积")))
    assert "supervisor" not in found.held
    assert "indicators[0].target" not in found.held
    assert "indicators[0].name" in found.held


def test_every_value_knows_where_it_came_from() -> None:
    source = goal(row("维修面积", "≥560平方米"), funds={"annual": {"fiscal": 120}})
    found = merged(MONITOR, source)
    origin = found.held["indicators[0].target"].origin
    assert (origin.source, origin.file, origin.sheet) == ("1.json#mof-project-goal", "1.xlsx", source.sheet)
    cell = source.cells["annual_indicators[0].target"]
    assert origin.cells == (("annual_indicators[0].target", cell),)
    assert origin.hint == f"取自 2024 年项目申报表“校舍维修” {cell}。"
    without = merged(MONITOR, replace(source, cells={}, year=None))
    assert without.held["indicators[0].target"].origin.hint == "取自 项目申报表“校舍维修”。"


def test_a_value_may_be_worked_out_and_says_of_what() -> None:
    source = filed(
        "hunan-dept-self-eval",
        {"unit_name": "石鼓区教育局", "funds": {"total": {"initial": 100, "budget": 80.25, "executed": 80}}},
    )
    found = merged("hunan-self-eval-report", source)
    assert found.record["spending.added"] == Decimal("-19.75")
    assert found.record["spending.carryover"] == Decimal("0.25")
    origin = found.held["spending.added"].origin
    assert origin.computed
    assert {path for path, _ in origin.cells} == {"funds.total.budget", "funds.total.initial"}
    assert origin.hint.startswith("由 2024 年自评表 ")
    assert not found.held["spending.initial"].origin.computed


def test_what_cannot_be_worked_out_is_left_blank() -> None:
    source = filed("hunan-dept-self-eval", {"unit_name": "石鼓区教育局", "funds": {"total": {"initial": 100}}})
    assert merged("hunan-self-eval-report", source).held.keys() == {"unit_name", "spending.initial"}


def test_rows_of_all_functions_go_into_one_table_in_their_order_each_group_once() -> None:
    functions = [
        {"name": "职能一", "indicators": [row("甲", "1个"), row("乙", "2个", "社会效益指标", "效益指标")]},
        {"name": "职能二", "indicators": [row("丙", "3个"), row("甲", "4个")]},
    ]
    source = filed("qinghai-dept-approval", {"unit_name": "石鼓区教育局", "core_functions": functions})
    found = merged("jilin-dept-self-eval", source)
    assert rows_of(found) == [("甲", "1个"), ("丙", "3个"), ("甲", "4个"), ("乙", "2个")]
    assert not found.notes


def test_a_group_that_only_a_later_function_has_stands_where_the_form_prints_it() -> None:
    functions = [
        {
            "name": "职能一",
            "indicators": [row("乙", "1个", "社会效益指标", "效益指标"), row("丁", "2个", "自定", "自定指标")],
        },
        {
            "name": "职能二",
            "indicators": [row("甲", "3个"), row("丙", "4个", "自定", "产出指标"), row("戊", "5个", "时效指标")],
        },
    ]
    source = filed("qinghai-dept-approval", {"unit_name": "石鼓区教育局", "core_functions": functions})
    names = [name for name, _ in rows_of(merged("hunan-dept-self-eval", source))]
    assert names == ["甲", "戊", "丙", "乙", "丁"]


def test_each_source_may_be_a_row() -> None:
    def project(name: str, result: str) -> FormReturn:
        data = {"project_name": name, "implementing_unit": "石鼓区教育局", "goal": {"actual": result}}
        return filed("jilin-project-self-eval", data)

    found = merged("jilin-dept-self-eval", project("甲", "完成"), project("乙", "部分完成"), project("丙", "完成"))
    assert rows_of(found, "tasks", "result") == [("甲", "完成"), ("乙", "部分完成"), ("丙", "完成")]
    assert found.held["tasks[1].name"].origin.source == "2.json#jilin-project-self-eval"
    assert "“乙”" in found.held["tasks[1].name"].origin.hint
    assert not found.notes


def test_rows_stay_in_their_goals() -> None:
    goals = [
        {"statement": "目标甲", "indicators": [{**row("同名"), "prev1": "1个"}, {**row("另一个"), "prev1": "2个"}]},
        {"statement": "目标乙", "indicators": [{**row("同名"), "prev1": "3个"}]},
    ]
    source = filed("hubei-dept-goal", {"unit_name": "石鼓区教育局", "annual_goals": goals})
    found = merged("hubei-dept-goal", source, year=2025)
    data = to_data(forms()["hubei-dept-goal"], found.record)["annual_goals"]
    assert isinstance(data, list)
    assert [(goal["statement"], [_text(one["prev2"]) for one in goal["indicators"]]) for goal in data] == [
        ("目标甲", ["1个", "2个"]),
        ("目标乙", ["3个"]),
    ]


@pytest.mark.parametrize(
    ("until", "carried"), [(2024, None), (2025, Decimal(2025)), (2030, Decimal(2030)), (None, None)]
)
def test_an_end_before_the_new_year_is_not_taken_over(until: int | None, carried: Decimal | None) -> None:
    source = filed("hubei-dept-goal", {"unit_name": "石鼓区教育局", "overall": {"until": until, "long_term": "长期"}})
    found = merged("hubei-dept-goal", source, year=2025)
    assert found.record["overall.until"] == carried
    assert found.record["overall.long_term"] == "长期"
    if carried is not None:
        assert not found.held["overall.until"].origin.computed  # it is the very value that stands there


def test_printed_rows_keep_their_place_and_a_unit_s_own_stand_where_their_group_is() -> None:
    def own(name: str, level2: str) -> dict[str, Any]:
        return {"level1": "履职效能", "level2": level2, "name": name, "target": "≥9项"}

    form = forms()["henan-dept-goal"]
    named = [one for one in form.table("indicators").printed if one.values.get("name")]
    rows: list[dict[str, Any]] = [
        {"level1": one.levels[0], "level2": one.levels[1], "name": one.values["name"], "target": f"{number}项"}
        for number, one in enumerate(named)
    ]
    rows[5:5] = [own("重点一", "重点工作履行"), own("重点二", "重点工作履行"), own("目标一", "部门目标实现")]
    found = merged(form, filed("henan-dept-goal", {"unit_name": "郑州市教育局", "indicators": rows}), year=2025)
    assert not found.notes
    got = rows_of(found)
    assert [name for name, _ in got] == [one["name"] for one in rows]
    assert [target for _, target in got[:6]] == ["0项", "1项", "2项", "3项", "4项", None]  # own rows bring no target
    assert got[8:] == [(one["name"], one["target"]) for one in rows[8:]]


# -- two sources ------------------------------------------------------------------------------------------------------


def test_where_two_sources_differ_the_earlier_stage_counts_and_it_is_told() -> None:
    early = goal(row("维修面积", "≥560平方米"), row("验收合格率", "100%", "质量指标"))
    late = monitor(row("验收合格率", "≥95%", "质量指标"), row("维修面积", "≥560平方米"))
    for order in ((early, late), (late, early)):
        found = merged(SELF, *order)
        assert rows_of(found) == [("维修面积", "≥560平方米"), ("验收合格率", "100%")]
        (note,) = found.notes
        assert note.kind is NoteKind.CONFLICT
        assert note.path == "indicators[1].target"
        assert note.label == "绩效指标 › 验收合格率 › 年度指标值"
        assert (_text(note.value), _text(note.other)) == ("100%", "≥95%")
        assert "100%" in note.message
        assert "≥95%" in note.message
        assert "监控表" in note.message


def test_another_field_of_the_same_row_is_no_conflict_both_are_kept() -> None:
    found = merged(SELF, goal(row("维修面积")), monitor(row("维修面积", "≥560平方米"), funds={"other": {"initial": 3}}))
    assert rows_of(found) == [("维修面积", "≥560平方米")]
    assert found.record["funds.other.initial"] == Decimal(3)
    assert found.held["indicators[0].target"].origin.source == "2.json#mof-project-monitor"
    assert not found.notes


def test_amounts_for_equal_keys_are_neither_doubled_nor_summed() -> None:
    money = {"annual": {"fiscal": 120}}
    found = merged(SELF, goal(funds=money), monitor(funds={"fiscal": {"initial": 120.00}}))
    assert found.record["funds.fiscal.initial"] == Decimal(120)
    assert not found.notes
    found = merged(SELF, goal(funds=money), goal(funds={"annual": {"fiscal": 130}}))
    assert found.record["funds.fiscal.initial"] == Decimal(120)
    (note,) = found.notes
    assert (note.value, note.other) == (Decimal(120), Decimal(130))
    assert "“" not in note.label
    assert (note.origin.file, note.origin.source) == ("2.xlsx", "2.json#mof-project-goal")


def test_the_same_row_of_two_sources_is_one_row_and_equal_rows_of_one_source_are_two() -> None:
    twice = goal(row("维修", "1个"), row("维修", "2个"))
    assert rows_of(merged(SELF, twice)) == [("维修", "1个"), ("维修", "2个")]
    found = merged(SELF, twice, monitor(row("维修", "2个"), row("维修", "1个")))
    assert rows_of(found) == [("维修", "1个"), ("维修", "2个")]
    assert not found.notes, "rows in another order are the same rows"
    found = merged(SELF, twice, monitor(row("维修", "2个"), row("维修", "3个"), row("维修", "1个")))
    assert rows_of(found) == [("维修", "1个"), ("维修", "2个"), ("维修", "3个")]
    assert not found.notes


def test_lines_that_were_swapped_are_matched_by_name_never_by_position() -> None:
    one = [row("甲", "1个"), row("乙", "2个"), row("丙", "3个", "质量指标")]
    found = merged(SELF, goal(*one), monitor(*reversed(one)))
    assert rows_of(found) == [("甲", "1个"), ("乙", "2个"), ("丙", "3个")]
    assert not found.notes


@pytest.mark.parametrize("name", ["（一）校舍总数", " (一)校舍 总数", "(一) 校舍总数。", "（一）校舍總數"])
def test_names_are_compared_as_labels_are_when_a_sheet_is_read(name: str) -> None:
    found = merged(SELF, goal(row("（一）校舍总数", "1个")), monitor(row(name, "1个")))
    assert rows_of(found) == [("（一）校舍总数", "1个")]
    assert not found.notes


def test_the_same_name_under_another_head_is_another_row() -> None:
    found = merged(SELF, goal(row("维修", "1个")), monitor(row("维修", "1个", "质量指标")))
    assert rows_of(found) == [("维修", "1个"), ("维修", "1个")]


def test_a_row_that_only_the_later_source_has_stands_with_its_group() -> None:
    early = goal(row("甲", "1个"), row("乙", "2个", "社会效益指标", "效益指标"))
    late = monitor(row("丙", "3个"), row("丁", "4个", "质量指标"))
    assert [name for name, _ in rows_of(merged(SELF, early, late))] == ["甲", "丙", "丁", "乙"]


def test_boxes_that_were_not_approved_can_be_corrected() -> None:
    found = merged(SELF, goal(row("甲", "1个"), goal={"annual": "总目标"}, funds={"annual": {"fiscal": 120}}))
    assert not found.held["goal.expected"].locked
    assert not found.held["funds.fiscal.initial"].locked
    source = filed("hubei-dept-goal", {"unit_name": "石鼓区教育局", "functions": "职能", "projects": [{"name": "甲"}]})
    assert not any(held.locked for held in merged("hubei-dept-goal", source).held.values())


def test_that_a_name_says_whole_or_own_is_no_difference() -> None:
    project = {"project_name": "甲", "implementing_unit": "石鼓区教育局（汇总）"}
    approval = filed("qinghai-dept-approval", {"unit_name": "石鼓区教育局"})
    found = merged("jilin-dept-self-eval", approval, filed("jilin-project-self-eval", project))
    assert found.record["unit_name"] == "石鼓区教育局"
    assert not found.notes


# -- what has no place --------------------------------------------------------------------------------------------------


def declared(*names: str) -> FormReturn:
    rows = [{**row(name), "target": "1个"} for name in names]
    return filed(
        "hubei-dept-goal", {"unit_name": "石鼓区教育局", "annual_goals": [{"statement": "目标", "indicators": rows}]}
    )


def evaluated(*rows: tuple[str, str | None], level2: str = "数量指标") -> FormReturn:
    indicators = [{**row(name, "1个", level2), "actual": actual} for name, actual in rows]
    return filed("jilin-dept-self-eval", {"unit_name": "石鼓区教育局", "indicators": indicators})


def test_last_year_s_actual_values_complete_the_rows_that_are_there() -> None:
    found = merged("hubei-dept-goal", declared("甲", "乙"), evaluated(("乙", "8个"), ("甲", None)), year=2025)
    assert rows_of(found, "annual_goals[0].indicators", "prev1") == [("甲", None), ("乙", "8个")]
    assert found.held["annual_goals[0].indicators[1].prev1"].origin.source == "2.json#jilin-dept-self-eval"
    assert not found.notes


def test_an_actual_value_that_finds_no_row_is_told_with_its_label_and_value() -> None:
    found = merged("hubei-dept-goal", declared("甲"), evaluated(("新的", "8个")), year=2025)
    (note,) = found.notes
    assert note.kind is NoteKind.UNMATCHED
    assert note.path == "annual_goals[].indicators[].prev1"
    assert note.label == "年度绩效指标 › 新的 › 指标值 › 近两年指标值 › 上年"
    assert _text(note.value) == "8个"
    assert note.origin.cells[0][1] is not None
    for said in ("新的", "8个", "完成值", "2.xlsx", note.origin.cells[0][1], "申报表"):
        assert said in note.message


def test_of_rows_that_cannot_be_told_apart_only_what_all_say_is_carried() -> None:
    rows = [{**row("甲"), "target": "1个"}]
    twice = {"annual_goals": [{"statement": "目标一", "indicators": rows}, {"statement": "目标二", "indicators": rows}]}
    goals = filed("hubei-dept-goal", {"unit_name": "石鼓区教育局", **twice})
    found = merged("hubei-dept-goal", goals, evaluated(("甲", "8个"), ("甲", "8个")), year=2025)
    assert [_text(found.record[f"annual_goals[{n}].indicators[0].prev1"]) for n in (0, 1)] == ["8个", "8个"]
    assert not found.notes
    found = merged("hubei-dept-goal", goals, evaluated(("甲", "8个"), ("甲", "9个")), year=2025)
    assert [found.record[f"annual_goals[{n}].indicators[0].prev1"] for n in (0, 1)] == [None, None]
    assert [(note.kind, _text(note.value)) for note in found.notes] == [
        (NoteKind.UNMATCHED, "8个"),
        (NoteKind.UNMATCHED, "9个"),
    ]
    assert "分不清" in found.notes[0].message


def test_a_printed_row_that_is_no_longer_printed_becomes_the_unit_s_own() -> None:
    rows = [{"level1": "管理效率", "level2": "预算管理", "name": "以前印的指标", "target": "≥9%"}]
    found = merged("henan-dept-goal", filed("henan-dept-goal", {"unit_name": "某局", "indicators": rows}), year=2025)
    paths = [path for path in found.record.rows("indicators") if found.record[f"{path}.name"] == "以前印的指标"]
    assert len(paths) == 1
    assert found.record[f"{paths[0]}.target"] is None


def test_a_text_too_long_for_its_new_place_is_told_whole() -> None:
    long = "维" * 2500
    source = filed("qinghai-dept-approval", {"unit_name": "石鼓区教育局", "annual_goal": long})
    found = merged("hunan-dept-self-eval", source)
    assert "goal.expected" not in found.held
    (note,) = found.notes
    assert (note.kind, note.path, note.value, note.other) == (NoteKind.DROPPED, "goal.expected", long, None)
    assert note.label == "年度总体目标 › 预期目标"
    assert "有 2500 个字，这一格最多 2000 个字" in note.message


def test_an_amount_below_its_new_place_s_least_is_told() -> None:
    funds = {"total": {"initial": 100, "budget": 90, "executed": 95}}
    found = merged("hunan-self-eval-report", filed("hunan-dept-self-eval", {"unit_name": "某局", "funds": funds}))
    (note,) = found.notes
    assert (note.kind, note.path, note.value) == (NoteKind.DROPPED, "spending.carryover", Decimal(-5))
    assert "不能小于 0" in note.message
    assert found.record["spending.added"] == Decimal(-10)


def test_a_row_whose_name_cannot_stand_keeps_what_can() -> None:
    def project(name: str) -> FormReturn:
        data = {"project_name": name, "implementing_unit": "某局", "goal": {"actual": "完成"}}
        return filed("jilin-project-self-eval", data)

    found = merged("jilin-dept-self-eval", project("长" * 200), project("甲"))
    assert rows_of(found, "tasks", "result") == [(None, "完成"), ("甲", "完成")]
    assert [(note.kind, note.path) for note in found.notes] == [(NoteKind.DROPPED, "tasks[0].name")]


@pytest.mark.parametrize(
    ("kind", "value", "kept", "why"),
    [
        ("integer", Decimal("2.5"), None, "不是整数"),
        ("integer", Decimal(2), Decimal(2), ""),
        ("number", Decimal("1E+15"), None, "超过 15 位整数"),
        ("money", Decimal(-1), None, "不能小于 0"),
        ("choice", "特定目标类", "特定目标", ""),
        ("choice", "别的", None, "不是可选的内容（特定目标）"),
        ("value", "≥95%", "≥95%", ""),
        ("value", "字" * 40000, None, "最多 32767 个字"),
        ("text", "字" * 11, None, "有 11 个字，这一格最多 10 个字"),
        ("date", dt.date(1800, 1, 1), None, "早于 1900 年"),
        ("date", dt.date(2024, 1, 16), dt.date(2024, 1, 16), ""),
        ("tick", True, True, ""),
    ],
)
def test_what_a_field_cannot_hold_is_refused_with_the_reason(kind: str, value: Value, kept: Value, why: str) -> None:
    choices = (Choice("特定目标", ("特定目标类",)),) if kind == "choice" else ()
    least = Decimal(0) if kind == "money" else None
    spec = Field("x", ("栏",), Type(kind), length=10 if kind == "text" else None, choices=choices, minimum=least)
    found = fitted(value, spec)
    if why:
        assert isinstance(found, UnfitValue)
        assert why in found.why
    else:
        assert _text(found) == kept


def test_unused_rows_and_goals_leave_no_trace() -> None:
    goals = [
        {"statement": None, "indicators": [{"level1": "产出指标", "level2": "数量指标"}]},
        {"statement": "目标", "indicators": []},
    ]
    source = filed("hubei-dept-goal", {"unit_name": "某局", "annual_goals": goals})
    found = merged("hubei-dept-goal", source, year=2025)
    assert found.record.sizes["annual_goals"] == 1
    assert found.record["annual_goals[0].statement"] == "目标"
