"""Chains of stages: declared next to the forms, several in one folder, and what a stage says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from perfxl.forms.definition.load import lint, parse_common
from perfxl.model.form import Form
from perfxl.model.stage import BUDGET

PURCHASE = """
chains:
- chain: purchase
  title: 政府采购
  stages:
  - {stage: plan, label: 计划, sheet: 采购计划表}
  - {stage: approval, label: 审批, approves: true}
  - {stage: progress, label: 执行, repeats: [approval, plan], interim: true}
  - {stage: acceptance, label: 验收, repeats: [approval, plan, progress], final: true}
"""
ASSETS = """- chain: assets
  title: 资产清查
  stages:
  - {stage: approval, label: 核准}
  - {stage: count, label: 盘点}
"""


def definition(name: str, head: str, rules: str = "") -> str:
    return f"""
form: {name}
version: "1"
title: 某表
region: 某县
{head}
year_basis: 年度
sheet: 表
unit: unit_name
columns: {{A: 20, B: 30, C: 20, D: 30}}
bands:
- title: 某表
- row:
  - {{at: A, label: 单位名称}}
  - {{at: B, field: unit_name, type: text, required: true}}
  - {{at: C, label: 全年预算数}}
  - {{at: D, field: budget, type: money}}
{rules}"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "common.yaml").write_text(PURCHASE + ASSETS, encoding="utf-8")
    return tmp_path


def put(folder: Path, name: str, head: str, rules: str = "") -> None:
    (folder / name).mkdir()
    (folder / name / "form.yaml").write_text(definition(name, head, rules), encoding="utf-8")


def loaded(folder: Path) -> tuple[Mapping[str, Form], list[str]]:
    forms, problems = lint([folder])
    return forms, [f"{problem.line}: {problem.message}（{problem.remedy}）" for problem in problems]


def test_two_chains_and_the_usual_one_live_in_one_folder(folder: Path) -> None:
    put(folder, "buy", "chain: purchase\nstage: progress")
    put(folder, "count", "chain: assets\nstage: approval")
    put(folder, "usual", "stage: approval")
    forms, problems = loaded(folder)
    assert not problems
    buy, count, usual = (forms[name] for name in ("buy", "count", "usual"))
    assert (str(buy.stage), buy.stage.label, buy.stage.sheet) == ("progress", "执行", "执行表")
    assert [stage.label for stage in buy.chain.repeated(buy.stage)] == ["审批", "计划"]
    assert usual.chain is BUDGET
    assert len({buy.chain.stage("approval"), count.stage, usual.stage}) == 3, "one name, three stages"


def test_what_was_approved_counts_first_then_the_earlier() -> None:
    assert [s.name for s in sorted(BUDGET.stages, key=BUDGET.standing)] == [
        *("approval", "declaration", "monitoring", "self-evaluation", "report")
    ]
    assert [BUDGET.place(stage) for stage in BUDGET.stages] == [0, 1, 2, 3, 4]


def test_a_form_may_have_a_chain_of_its_own(tmp_path: Path) -> None:
    put(tmp_path, "alone", "chain: purchase\nstage: acceptance", PURCHASE)
    forms, problems = loaded(tmp_path)
    assert not problems
    assert forms["alone"].stage.final


@pytest.mark.parametrize(
    ("head", "rules", "said"),
    [
        ("stage: progress", "", "“stage”不能是“progress”（可选：declaration、approval"),
        ("chain: purchase\nstage: progres", "", "“stage”不能是“progres”（是否想写 progress）"),
        ("chain: purchace\nstage: plan", "", "没有名为“purchace”的环节链（可用：budget、purchase、assets"),
        (
            "chain: assets\nstage: count",
            "rules: [{code: X04, beside: monitoring, pairs: {budget: budget}}]",
            "beside 的“monitoring”不是资产清查的环节，也不是已有的表式（写一个环节（approval、count）",
        ),
    ],
)
def test_a_stage_that_there_is_not_is_told_with_those_that_there_are(
    folder: Path, head: str, rules: str, said: str
) -> None:
    put(folder, "wrong", head, rules)
    forms, problems = loaded(folder)
    assert not forms
    assert len(problems) == 1
    assert said in problems[0]


def test_rules_may_name_a_stage_of_their_own_chain_or_any_form(folder: Path) -> None:
    pairs = "rules: [{code: X04, beside: %s, pairs: {budget: budget}}]"
    put(folder, "by-stage", "chain: assets\nstage: count", pairs % "approval")
    put(folder, "by-form", "chain: assets\nstage: count", pairs % "mof-project-goal")
    assert loaded(folder)[1] == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("stage: plan,", "stage: 计划,", "stage 的“计划”不合规定"),
        ("stage: approval,", "stage: plan,", "环节“plan”写了两次"),
        ("repeats: [approval, plan],", "repeats: [acceptance],", "repeats 的“acceptance”不是前面的环节"),
        ("chain: purchase", "chain: Purchase", "chain 的“Purchase”不合规定"),
        ("label: 计划", f"label: {'长' * 30}", "label 太长"),
    ],
)
def test_mistakes_in_a_chain_are_told_where_it_stands(old: str, new: str, said: str) -> None:
    assert old in PURCHASE
    _, problems = parse_common(PURCHASE.replace(old, new, 1), "common.yaml")
    assert any(said in problem.message and problem.remedy and problem.line > 2 for problem in problems)
