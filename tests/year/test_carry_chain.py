"""Each row of the chain (FORMS.md, The chain) with the seeds' figures: carried over, and read back from the workbook."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

import perfxl
from perfxl.demo import type_in
from perfxl.model.finding import Severity
from perfxl.model.submission import Submission
from perfxl.model.value import IndicatorValue
from support.carried import carry, hints, only, read, sample, seed, unlocked
from support.filings import filed, forms

HUBEI, APPROVAL, JILIN, HUNAN = (
    "hubei-dept-goal",
    "qinghai-dept-approval",
    "jilin-dept-self-eval",
    "hunan-dept-self-eval",
)
PROJECT, REPORT = "jilin-project-self-eval", "hunan-self-eval-report"
GOAL, MONITOR, SELF = "mof-project-goal", "mof-project-monitor", "mof-project-self-eval"
HANYANG = "武汉市汉阳区教育局"
FOUR = ("level1", "level2", "name", "target")


def data_of(data: bytes) -> Any:
    (returned,) = read(data).forms
    return returned.data


def plain(value: object) -> object:
    """Data as one writes it: an indicator value is its text."""
    match value:
        case _ if isinstance(value, IndicatorValue):
            return value.text
        case Mapping() if "kind" in value and "text" in value:
            return value["text"]
        case Mapping():
            return {key: plain(one) for key, one in value.items()}
        case list():
            return [plain(one) for one in value]
        case float() | int() if not isinstance(value, bool):
            return Decimal(str(value))
        case _:
            return value


def keys(rows: Any, *wanted: str) -> list[tuple[object, ...]]:
    return [tuple(plain(row[key]) for key in wanted) for row in rows]


def grouped(rows: list[tuple[object, ...]]) -> dict[tuple[object, ...], list[tuple[object, ...]]]:
    """Rows by their 一级 and 二级, each group in its order."""
    found: dict[tuple[object, ...], list[tuple[object, ...]]] = {}
    for row in rows:
        found.setdefault(row[:2], []).append(row[2:])
    return found


def structure(submission: Submission) -> list[str]:
    """What is strange about how a workbook could be read."""
    return [
        found.code for found in submission.findings if found.code[0] in "FS" and found.severity is not Severity.INFO
    ]


def hubei() -> Any:
    return filed(HUBEI, seed("hubei"), unit=HANYANG, code=None)


# -- Hubei's goals into an approval and on to both self-evaluations -----------------------------------------------------


def test_goals_that_were_declared_become_what_is_approved(tmp_path: Path) -> None:
    declared, workbook = seed("hubei"), only(tmp_path, APPROVAL, [hubei()])
    approved = data_of(workbook)
    assert (approved["year"], approved["unit_name"]) == (Decimal(2024), HANYANG)
    assert approved["functions"] == declared["functions"]
    assert approved["annual_goal"] == declared["overall"]["annual"]
    assert [one["name"] for one in approved["core_functions"]] == [one["statement"] for one in declared["annual_goals"]]
    for function, goal in zip(approved["core_functions"], declared["annual_goals"], strict=True):
        assert keys(function["indicators"], *FOUR) == keys(goal["indicators"], *FOUR)
    assert not structure(read(workbook))
    assert not unlocked(workbook)  # issued by the bureau


@pytest.mark.slow
@pytest.mark.parametrize(("to", "goal"), [(JILIN, "annual_goal"), (HUNAN, "goal.expected")])
def test_what_was_approved_is_evaluated(to: str, goal: str, tmp_path: Path) -> None:
    approved = data_of(only(tmp_path / "批复", APPROVAL, [hubei()]))
    returned = read(only(tmp_path / "批复", APPROVAL, [hubei()])).forms[0]
    workbook = only(tmp_path, to, [returned])
    found = data_of(workbook)
    wanted = [row for function in approved["core_functions"] for row in function["indicators"]]
    assert grouped(keys(found["indicators"], *FOUR)) == grouped(keys(wanted, *FOUR))
    assert len(wanted) > 15
    heads = [row["level1"] for row in found["indicators"]]
    assert len(list(groupby(heads))) == len(set(heads)), "each 一级 stands once, its points are not asked for twice"
    assert found["unit_name"] == HANYANG
    first, _, rest = goal.partition(".")
    assert (found[first][rest] if rest else found[first]) == approved["annual_goal"]
    assert {plain(row["actual"]) for row in found["indicators"]} == {None}
    cells = read(workbook).forms[0].cells
    open_cells, hint = unlocked(workbook), hints(workbook)
    for path, cell in cells.items():
        if path.startswith("indicators"):
            assert cell not in open_cells, path
            assert "取自 2024 年批复表 " in hint[cell]
    assert cells["unit_name"] in open_cells
    assert read(workbook).forms[0].year == 2024


# -- Jilin's four projects into the department's tasks -------------------------------------------------------------------


def test_four_projects_become_the_department_s_tasks(tmp_path: Path) -> None:
    unit = "长春市双阳区教育局"
    projects = [filed(PROJECT, seed("jilin", number), year=2022, unit=unit, code=None) for number in (1, 2, 3, 4)]
    workbook = only(tmp_path, JILIN, projects)
    found = data_of(workbook)
    assert found["unit_name"] == projects[0].record["implementing_unit"] == f"{unit}（汇总）"
    assert [(row["no"], row["name"], row["result"]) for row in found["tasks"]] == [
        (Decimal(number), project.record["project_name"], project.record["goal.actual"])
        for number, project in enumerate(projects, start=1)
    ]
    cell = read(workbook).forms[0].cells["tasks[2].result"]
    name = str(projects[2].record["project_name"])
    source = projects[2].cells["goal.actual"]
    assert f"取自 2022 年项目自评表“{name[:29]}" in hints(workbook)[cell]
    assert f" {source}。" in hints(workbook)[cell]


# -- Hunan's table into the report -----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_table_s_figures_go_into_the_report_and_one_changed_there_is_found(tmp_path: Path) -> None:
    table = filed(HUNAN, seed("hunan"), year=2023)
    workbook = only(tmp_path, REPORT, [table])
    found = data_of(workbook)
    spending = found["spending"]
    assert (found["year"], found["unit_name"]) == (Decimal(2023), "石鼓区教育局")
    assert found["goals"] == seed("hunan")["goal"]["expected"]
    assert plain(spending["initial"]) == Decimal("1616.43")
    assert plain(spending["added"]) == Decimal("4942.07")
    assert (plain(spending["final"]), plain(spending["carryover"])) == (Decimal("6558.5"), Decimal(0))
    assert plain(spending["basic"]["amount"]) == Decimal("1051.64")
    assert plain(spending["project"]["amount"]) == Decimal("5506.86")
    earlier = tmp_path / "结果"
    assert "X04" not in codes(workbook, tmp_path, earlier)
    # The box can be corrected: the seed's report has another figure than its table, and that is found.
    cell = read(workbook).forms[0].cells["spending.basic.amount"]
    assert cell in unlocked(workbook)
    changed = type_in(workbook, forms()[REPORT].sheet, {cell: 1051.47})
    assert "X04" in codes(changed, tmp_path, earlier)


def codes(data: bytes, folder: Path, earlier: Path) -> set[str]:
    (folder / "报告.xlsx").write_bytes(data)
    return {found.code for found in perfxl.read(folder / "报告.xlsx", against=earlier).findings}


def test_the_report_and_its_table_imported_together_raise_the_difference_too(tmp_path: Path) -> None:
    """The seed as it stands: 1051.47 in the report, 1051.64 in the table."""
    given = Path(__file__).parents[1] / "returns" / "hunan.xlsx"
    batch = perfxl.import_returns(given, tmp_path / "out")
    assert batch is not None
    text = (tmp_path / "out" / "hunan.json").read_text("utf-8")
    assert '"code": "X04"' in text
    assert "1051.47" in text
    assert "1051.64" in text


# -- a project through its year --------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_project_s_goal_is_monitored(tmp_path: Path) -> None:
    declared = sample(GOAL)
    workbook = only(tmp_path, MONITOR, [filed(GOAL, declared, year=2022)])
    found = data_of(workbook)
    for key in ("project_name", "supervisor", "implementing_unit"):
        assert found[key] == declared[key]
    assert found["goal"] == declared["goal"]["annual"]
    for key in ("fiscal", "carryover", "other"):
        assert plain(found["funds"][key]["initial"]) == plain(declared["funds"]["annual"][key])
    assert plain(found["funds"]["total"]["initial"]) == plain(Decimal("4367.73"))
    assert keys(found["indicators"], *FOUR) == keys(declared["annual_indicators"], *FOUR)
    returned = read(workbook).forms[0]
    open_cells = unlocked(workbook)
    locked = {path for path, cell in returned.cells.items() if cell not in open_cells}
    approved = {"project_name", "supervisor", "implementing_unit"}
    approved |= {path for path in returned.record.values if path.startswith("indicators[")}
    computed = {path for path, field in forms()[MONITOR].fields.items() if field.computed}
    assert locked - computed == approved
    assert returned.year == 2022


@pytest.mark.slow
def test_a_project_is_evaluated_against_its_goal_and_its_monitoring(tmp_path: Path) -> None:
    declared, seen = sample(GOAL), sample(MONITOR)
    seen |= {"project_name": declared["project_name"], "implementing_unit": declared["implementing_unit"]}
    workbook = only(tmp_path / "申报", SELF, [filed(GOAL, declared, year=2022)])
    found = data_of(workbook)
    assert found["goal"]["expected"] == declared["goal"]["annual"]
    assert keys(found["indicators"], *FOUR) == keys(declared["annual_indicators"], *FOUR)
    assert plain(found["funds"]["fiscal"]["initial"]) == Decimal("4367.73")
    found = data_of(only(tmp_path / "监控", SELF, [filed(MONITOR, seen, year=2022)]))
    assert found["goal"]["expected"] == seen["goal"]
    assert keys(found["indicators"], *FOUR) == keys(seen["indicators"], *FOUR)
    assert {row["reason"] for row in found["indicators"]} == {None}
    for key in ("fiscal", "carryover", "other"):
        assert plain(found["funds"][key]["initial"]) == plain(seen["funds"][key]["initial"])


def test_next_year_s_goal_of_a_project_begins_with_this_year_s(tmp_path: Path) -> None:
    declared = sample(GOAL)
    workbook = only(tmp_path, GOAL, [filed(GOAL, declared, year=2022)])
    found = data_of(workbook)
    assert found["year"] == Decimal(2023)
    for key in ("project_name", "supervisor", "implementing_unit", "attribute", "period"):
        assert found[key] == declared[key]
    assert plain(found["funds"]["mid"]["fiscal"]) == plain(declared["funds"]["mid"]["fiscal"])
    assert found["funds"]["annual"]["fiscal"] is None
    assert (found["goal"]["mid"], found["goal"]["annual"]) == (declared["goal"]["mid"], None)
    assert keys(found["mid_indicators"], *FOUR) == keys(declared["mid_indicators"], *FOUR)
    assert keys(found["annual_indicators"], *FOUR[:3]) == keys(declared["annual_indicators"], *FOUR[:3])
    assert {row["target"] for row in found["annual_indicators"]} == {None}
    returned = read(workbook).forms[0]
    typed = [path for path, field in forms()[GOAL].fields.items() if not field.computed and "[]" not in path]
    assert {returned.cells[path] for path in typed if path in returned.cells} <= unlocked(workbook)


# -- a department's next year ------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("evaluation", [JILIN, HUNAN])
def test_next_year_s_declaration_moves_the_figures_one_year_on(evaluation: str, tmp_path: Path) -> None:
    declared = seed("hubei")
    evaluated = [
        {**{key: row[key] for key in FOUR[:3]}, "target": row["target"], "actual": f"{number}个"}
        for number, row in enumerate(declared["annual_goals"][0]["indicators"])
    ]
    result = filed(evaluation, {"unit_name": HANYANG, "indicators": evaluated}, unit=HANYANG, code=None)
    workbook = only(tmp_path, HUBEI, [hubei(), result])
    found = data_of(workbook)
    for part, lines in declared["funds"].items():
        for line, values in lines.items():
            assert plain(found["funds"][part][line]["prev1"]) == plain(values["amount"]), (part, line)
            assert plain(found["funds"][part][line]["prev2"]) == plain(values["prev1"])
            if line != "total":
                assert found["funds"][part][line]["amount"] is None
    assert keys(found["projects"], "name", "category", "total_budget", "purpose") == keys(
        declared["projects"], "name", "category", "total_budget", "purpose"
    )
    assert {row["year_budget"] for row in found["projects"]} == {None}
    assert (found["overall"]["until"], found["overall"]["long_term"]) == (None, declared["overall"]["long_term"])
    assert plain(found["long_term_goals"]) == plain(declared["long_term_goals"])
    for now, before in zip(found["annual_goals"], declared["annual_goals"], strict=True):
        assert now["statement"] == before["statement"]
        assert keys(now["indicators"], *FOUR[:3], "prev2", "basis") == keys(
            before["indicators"], *FOUR[:3], "prev1", "basis"
        )
        assert {row["target"] for row in now["indicators"]} == {None}
    assert [plain(row["prev1"]) for row in found["annual_goals"][0]["indicators"]] == [
        f"{number}个" for number in range(len(evaluated))
    ]
    assert found["fill_date"] is None
    assert found["phone"] is None
    assert read(workbook).forms[0].year == 2025


def test_next_year_s_declaration_of_zhengzhou_keeps_its_own_indicators_and_the_printed_ones_targets(
    tmp_path: Path,
) -> None:
    declared = seed("henan")
    workbook = only(tmp_path, "henan-dept-goal", [filed("henan-dept-goal", declared, year=2020, unit="郑州市教育局")])
    found = data_of(workbook)
    assert keys(found["tasks"], "name", "content") == keys(declared["tasks"], "name", "content")
    assert len(found["tasks"]) == 55
    assert {row["budget_total"] for row in found["tasks"]} == {None}
    assert keys(found["indicators"], *FOUR[:3]) == keys(declared["indicators"], *FOUR[:3])
    own = {"重点工作履行", "部门目标实现"}
    for now, before in zip(found["indicators"], declared["indicators"], strict=True):
        assert plain(now["target"]) == (None if now["level2"] in own else plain(before["target"]))
        assert (now["definition"], now["explanation"]) == (before["definition"], before["explanation"])
    assert {goal["text"] for goal in found["goals"]} <= {None}


@pytest.mark.slow
def test_the_files_are_called_as_generate_calls_them_and_projects_by_their_name(tmp_path: Path) -> None:
    done = carry(tmp_path, MONITOR, [filed(GOAL, {**sample(GOAL), "project_name": name}) for name in ("乙", "甲")])
    names = [one.file for one in done.workbooks]
    assert names == [f"石鼓区教育局-{name}-项目支出绩效目标执行监控表-2024.xlsx" for name in ("乙", "甲")]
    assert [one.project for one in done.workbooks] == ["乙", "甲"]
    (one,) = carry(tmp_path / "b", APPROVAL, [hubei()], name="{{code}}{{unit}}_{{form}}").workbooks
    assert one.file == f"{HANYANG}_{APPROVAL}.xlsx"
