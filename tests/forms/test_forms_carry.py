"""The carry: part of definitions: what it becomes, and every mistake in it with its place and what to do."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from perfxl.forms.definition.carry import link
from perfxl.forms.definition.load import draft, lint, load_forms, read_common, shipped
from perfxl.forms.definition.problem import Problem, Problems
from perfxl.model.carry import Carry, Only, YearSpan
from perfxl.model.expression import Binary
from perfxl.model.field_type import Type
from perfxl.model.form import Form

FORMS = load_forms()
COMMON = read_common(shipped() / "common.yaml")[0]
MARK = "⌖"
_ROWS = "    match: [level1, level2, name]\n"


def text_of(form: str) -> str:
    return (shipped() / form / "form.yaml").read_text(encoding="utf-8")


def linked(text: str, known: dict[str, Form] | None = None) -> tuple[tuple[Carry, ...], tuple[Problem, ...]]:
    made, found = draft(text, "form.yaml", COMMON)
    assert made is not None, found
    problems = Problems("form.yaml")
    carries = link(made.carries, made.form, FORMS if known is None else known, ("gone-form",), problems)
    return carries, tuple(problems.found)


class Broken(NamedTuple):
    """A mistake put into a shipped definition; ``⌖`` stands in front of the place that must be told."""

    form: str
    old: str
    new: str
    message: str
    remedy: str


BROKEN = (
    Broken(
        "hunan-dept-self-eval",
        "from: qing",
        "from: ⌖qinh",
        "from 的“qinhhai-dept-approval”不是已有的表式",
        "perfxl forms",
    ),
    Broken(
        "mof-project-self-eval",
        "from: mof-project-monitor",
        "from: ⌖mof-project-goal",
        "“mof-project-goal”写了两次",
        "合成一项",
    ),
    Broken("mof-project-monitor", "goal: goal.annual", "gaol: ⌖goal.annual", "“gaol”不是《", "perfxl show"),
    Broken(
        "mof-project-monitor",
        "goal: goal.annual",
        "indicators.name: ⌖goal.annual",
        "“indicators.name”不是《",
        "写在 tables 里",
    ),
    Broken(
        "mof-project-monitor",
        "funds.other.initial: funds",
        "funds.total.initial: ⌖funds",
        "“funds.total.initial”由公式得出，不能带入",
        "公式用到的各项",
    ),
    Broken(
        "mof-project-monitor", "goal: goal.annual", "goal: ⌖goal.anual", "没有“goal.anual”这一栏", "docs/authoring.md"
    ),
    Broken("mof-project-monitor", "goal: goal.annual", "goal: ⌖SUM(", "“SUM(”写得不对", "docs/authoring.md"),
    Broken(
        "mof-project-monitor",
        "goal: goal.annual",
        "goal: ⌖funds.annual.total",
        "得出的不是“年度总体目标”要的内容",
        "type 是 text",
    ),
    Broken(
        "mof-project-monitor",
        "funds.other.initial: funds.annual.other",
        "funds.other.initial: ⌖goal.annual",
        "得出的不是",
        "type 是 money",
    ),
    Broken(
        "mof-project-monitor",
        "lock: [project_name, supervisor",
        "lock: ⌖[project_nam, supervisor",
        "lock 的“project_nam”没有带入",
        "删去",
    ),
    Broken(
        "mof-project-monitor",
        "    project_name: project_name\n",
        "    ⌖project_name2: project_name\n".replace("⌖project_name2: ", "project_name2: ⌖"),
        "“project_name2”不是《",
        "perfxl show",
    ),
    Broken(
        "mof-project-monitor",
        "- table: indicators\n    rows",
        "- table: ⌖indicator\n    rows",
        "table 的“indicator”不是《",
        "可用：indicators",
    ),
    Broken(
        "mof-project-monitor",
        "rows: annual_indicators",
        "rows: ⌖annual_indicator",
        "rows 的“annual_indicator”不是《",
        "annual_indicators",
    ),
    Broken("mof-project-monitor", _ROWS, "    match: ⌖[]\n", "match 没有写列", "[level1, level2, name]"),
    Broken(
        "mof-project-monitor", _ROWS, "    match: ⌖[level1, reason]\n", "match 的“reason”没有带入", "在 take 里写上"
    ),
    Broken(
        "mof-project-monitor",
        "name: name, target: target}",
        "name: name, target: ⌖targte}",
        "没有“targte”这一栏",
        "docs",
    ),
    Broken(
        "mof-project-monitor",
        "name: name, target: target}",
        "nam: ⌖name, target: target}",
        "“nam”不是《",
        "perfxl show",
    ),
    Broken("mof-project-monitor", _ROWS, f"{_ROWS}    only: ⌖printed\n", "表“indicators”没有印好的行", "删去 only"),
    Broken("mof-project-monitor", _ROWS, f"{_ROWS}    only: ⌖ownn\n", "“only”不能是“ownn”", "own"),
    Broken("mof-project-monitor", "  year: same\n", "  year: ⌖last\n", "“year”不能是“last”", "可选：same、next"),
    Broken("henan-dept-goal", "    only: printed\n", "", "表“indicators”写了两次", "分别写 only"),
    Broken(
        "qinghai-dept-approval",
        "  - table: core_functions\n    rows: annual_goals\n",
        "  - table: core_functions\n    rows: long_term_goals\n",
        "表“core_functions.indicators”套在“core_functions”里，看不出各行放进哪一个",
        "另写一项 table: core_functions",
    ),
    Broken("hunan-dept-self-eval", "    unit_name: unit_name\n", "", "没有带入单位名称“unit_name”", "unit_name: …"),
    Broken(
        "mof-project-monitor",
        "    project_name: project_name\n",
        "",
        "没有带入项目名称“project_name”",
        "project_name: …",
    ),
    Broken(
        "jilin-project-self-eval",
        "\nrules:",
        "\ncarry:\n- from: ⌖hunan-dept-self-eval\n  year: same\n  take: {project_name: unit_name}\nrules:",
        "不分项目",
        "分项目的表",
    ),
    Broken(
        "jilin-project-self-eval",
        "\nrules:",
        "\ncarry:\n- ⌖from: mof-project-goal\n  year: same\nrules:",
        "什么也没有带入",
        "take",
    ),
)


@pytest.mark.parametrize("broken", BROKEN, ids=[f"{number}-{case.message}" for number, case in enumerate(BROKEN)])
def test_a_mistake_is_told_at_its_place_with_what_to_do(broken: Broken) -> None:
    text = text_of(broken.form)
    assert broken.old in text
    marked = text.replace(broken.old, broken.new, 1)
    made, problems = draft(marked.replace(MARK, ""), "form.yaml", COMMON)
    if made is not None:
        problems = linked(marked.replace(MARK, ""))[1]
    found = next((problem for problem in problems if broken.message in problem.message), None)
    assert found is not None, problems
    assert broken.remedy in found.remedy
    if MARK in marked:
        before = marked[: marked.index(MARK)]
        assert (found.line, found.column) == (before.count("\n") + 1, len(before) - before.rfind("\n"))


def test_amounts_in_another_unit_are_not_taken_over_as_they_are() -> None:
    text = text_of("mof-project-monitor").replace("money: 万元", "money: 元")
    (carry,), problems = linked(text)
    assert {problem.message for problem in problems} == {
        f"“funds.annual.{key}”的单位是万元，这张表的是元" for key in ("fiscal", "carryover", "other")
    }
    assert not linked(text.replace(": funds.annual.", ": 10000 * funds.annual."))[1]
    assert carry.takes[3].copies


def test_of_a_form_that_could_not_be_loaded_nothing_is_said() -> None:
    text = text_of("hunan-dept-self-eval").replace("from: qinghai-dept-approval", "from: gone-form")
    assert linked(text) == ((), ())


def test_a_folder_of_one_s_own_may_take_from_the_shipped_forms(tmp_path: Path) -> None:
    folder = tmp_path / "our-self-eval"
    folder.mkdir()
    shutil.copy(shipped() / "hunan-dept-self-eval" / "form.yaml", folder)
    text = (folder / "form.yaml").read_text(encoding="utf-8").replace("form: hunan-dept-self", "form: our-self", 1)
    (folder / "form.yaml").write_text(text, encoding="utf-8")
    forms, problems = lint([tmp_path])
    assert not problems
    assert [carry.source for carry in forms["our-self-eval"].carries] == ["qinghai-dept-approval"]
    (folder / "form.yaml").write_text(text.replace("annual_goal\n", "annual_gaol\n"), encoding="utf-8")
    forms, problems = lint([tmp_path])
    assert not forms
    assert "annual_gaol" in problems[0].message


def test_a_mapping_is_what_was_written() -> None:
    (goal, monitor) = FORMS["mof-project-self-eval"].carries
    assert (goal.source, goal.span, monitor.source) == ("mof-project-goal", YearSpan.SAME, "mof-project-monitor")
    locked = {take.path for take in goal.takes if take.locked}
    assert locked == {"project_name", "supervisor", "implementing_unit"}
    (rows,) = goal.tables
    assert (rows.table, rows.rows, rows.match) == ("indicators", "annual_indicators", ("level1", "level2", "name"))
    assert [(take.path, take.kind, take.locked) for take in rows.takes][3] == ("indicators[].target", Type.VALUE, True)
    added = next(take for take in FORMS["hunan-self-eval-report"].carries[0].takes if take.path == "spending.added")
    assert isinstance(added.value, Binary)
    printed, own = (rows for rows in FORMS["henan-dept-goal"].carries[0].tables if rows.table == "indicators")
    assert (printed.only, printed.adds, own.only, own.adds) == (Only.PRINTED, False, Only.OWN, True)
    assert [carry.supplements for carry in FORMS["hubei-dept-goal"].carries] == [False, True, True]
    outer, inner = (rows.table for rows in FORMS["qinghai-dept-approval"].carries[0].tables)
    assert (outer, inner) == ("core_functions", "core_functions[].indicators")


def test_every_row_of_the_chain_is_declared() -> None:
    chain = {name: {carry.source: str(carry.span) for carry in form.carries} for name, form in FORMS.items()}
    assert {name: sources for name, sources in chain.items() if sources} == {
        "mof-project-monitor": {"mof-project-goal": "same"},
        "mof-project-self-eval": {"mof-project-goal": "same", "mof-project-monitor": "same"},
        "mof-project-goal": {"mof-project-goal": "next"},
        "qinghai-dept-approval": {"hubei-dept-goal": "same"},
        "hubei-dept-goal": {"hubei-dept-goal": "next", "hunan-dept-self-eval": "next", "jilin-dept-self-eval": "next"},
        "henan-dept-goal": {"henan-dept-goal": "next"},
        "jilin-dept-self-eval": {"qinghai-dept-approval": "same", "jilin-project-self-eval": "same"},
        "hunan-dept-self-eval": {"qinghai-dept-approval": "same"},
        "hunan-self-eval-report": {"hunan-dept-self-eval": "same"},
    }
