"""What changed from one definition to another is told in the form's words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from perfxl.forms.definition.change import Kind, Part
from perfxl.forms.definition.changes import changes
from perfxl.forms.definition.load import NOTHING_COMMON, load_forms, parse
from perfxl.model.form import Form
from support.command import Run

OLD = """\
form: own
version: "2023"
title: 申请表
region: 本地
stage: declaration
year_basis: 预算年度
sheet: 申请表
columns: {A: 10, B: 20}
bands:
- row:
  - {at: A, label: 单位名称}
  - {at: B, field: unit_name, type: text, length: 20}
- row:
  - {at: A, label: 金额}
  - {at: B, field: amount, type: money}
rules:
- {code: M05, must: amount <= 100, at: amount, say: 太大, want: 金额不大于 100}
"""
NEW = (
    OLD.replace('"2023"', '"2024"')
    .replace("length: 20", "length: 50, required: true")
    .replace("label: 金额", "label: 申请金额")
    .replace("field: amount, type: money", "field: sum, type: money")
    .replace("must: amount <= 100, at: amount", "must: sum <= 200, at: sum")
    .replace("不大于 100", "不大于 200")
)


def form(text: str) -> Form:
    made, problems = parse(text, "own/form.yaml", NOTHING_COMMON)
    assert made is not None, problems
    return made


def test_nothing_changed_in_the_same_form() -> None:
    assert all(changes(one, one) == () for one in load_forms().values())


def test_what_came_went_and_changed_is_told() -> None:
    told = {(one.part, one.kind, one.name, one.old, one.new) for one in changes(form(OLD), form(NEW))}
    assert told == {
        (Part.FORM, Kind.CHANGED, "版本", "2023", "2024"),
        (Part.FIELD, Kind.CHANGED, "单位名称的要求", "可以不填", "必填"),
        (Part.FIELD, Kind.CHANGED, "单位名称的字数", "20", "50"),
        (Part.FIELD, Kind.REMOVED, "金额", "金额", ""),
        (Part.FIELD, Kind.ADDED, "申请金额", "", "金额"),
        (Part.LABEL, Kind.CHANGED, "申请金额", "金额", "申请金额"),
        (Part.RULE, Kind.REMOVED, "M05 金额不大于 100", "", ""),
        (Part.RULE, Kind.ADDED, "M05 金额不大于 200", "", ""),
    }


def said(*edits: tuple[str, str], old: str = OLD) -> list[str]:
    """Return the sentences about a definition after some edits."""
    new = old
    for before, after in edits:
        assert before in new
        new = new.replace(before, after, 1)
    return [one.message for one in changes(form(old), form(new))]


MATRIX = """\
form: own
version: "2023"
title: 资金表
region: 本地
stage: declaration
year_basis: 预算年度
sheet: 资金表
columns: {A: 10, B: 20, C: 20}
bands:
- matrix: funds
  name: 资金情况
  head:
  - {at: A, label: 项目}
  - {at: B, label: 预算数, field: budget, type: money}
  - {at: C, label: 执行数, field: executed, type: money}
  rows:
  - {label: 财政拨款, field: fiscal}
  - {label: 事业收入, field: business}
  - {label: 其他收入, field: other}
- row:
  - {at: A, label: 性质}
  - {at: "B:C", field: nature, type: choice, choices: [新增, 延续], hint: 从中选一项}
rules:
- {code: M13, over: funds}
"""


@pytest.mark.parametrize(
    ("edits", "messages"),
    [
        ([("label: 事业收入", "label: 经营收入")], ["A3 印的“事业收入”改为“经营收入”"]),
        ([("label: 执行数", "label: 决算数")], ["C1 印的“执行数”改为“决算数”"]),
        (
            [("  - {label: 财政拨款, field: fiscal}\n", ""), ("other}\n", "other}\n  - {label: 财政拨款, field: fiscal}\n")],
            ["“财政拨款”由 A2 移到 A4"],
        ),
        (
            [("  - {label: 其他收入, field: other}\n", "")],
            [
                "“其他收入 › 预算数”没有了（原来在 B4 填金额）",
                "“其他收入 › 执行数”没有了（原来在 C4 填金额）",
                "不再印“其他收入”（原来在 A4）",
                "空白表的行数由 5 改为 4",
            ],
        ),
        ([("type: choice, choices: [新增, 延续], ", "type: text, ")], None),
        ([("[新增, 延续]", "[新增, 结转]")], ["“性质”（B5）的选项增加了“结转”，删去了“延续”"]),
        ([("[新增, 延续]", "[延续, 新增]")], ["“性质”（B5）的选项改了先后或写法"]),
        ([("从中选一项", "只选一项")], ["“性质”（B5）的提示由“从中选一项”改为“只选一项”"]),
        ([(", hint: 从中选一项", "")], ["“性质”（B5）删去了提示“从中选一项”"]),
        ([("type: choice,", "type: choice, required: true,")], ["“性质”（B5）由可以不填改为必填"]),
        ([("rules:\n- {code: M13, over: funds}\n", "")], ["不再审核：M13 金额可能以元填报，或明显不合情理（资金情况）"]),
        ([("over: funds}", "over: funds, severity: error}")], ["审核规则“M13 金额可能以元填报，或明显不合情理（资金情况）”的内容改了"]),
        ([("B: 20", "B: 32.5")], ["B 列的宽度由 20 改为 32.5"]),
        ([("columns:", "page: {orientation: landscape, paper: A3}\ncolumns:")], ["纸张方向由“纵向”改为“横向”", "纸张由“A4”改为“A3”"]),
        ([("title: 资金表", "title: 资金执行表")], ["表的名称由“资金表”改为“资金执行表”"]),
        ([('at: "B:C", field', "at: B, field")], []),
    ],
)  # fmt: skip
def test_each_change_is_a_sentence_that_names_label_and_cell(
    edits: list[tuple[str, str]], messages: list[str] | None
) -> None:
    found = said(*edits, old=MATRIX)
    if messages is None:
        assert found[0] == "“性质”（B5）的类型由选项改为文字"
    else:
        assert found == messages


def test_a_column_that_came_is_told_with_its_cells() -> None:
    wider = [
        ("C: 20}", "C: 20, D: 9}"),
        ("money}\n  rows", "money}\n  - {at: D, label: 执行率, field: rate, type: percent}\n  rows"),
    ]
    found = said(*wider, old=MATRIX)
    assert "增加了“财政拨款 › 执行率”（在 D2 填百分数）" in found
    assert "D1 增印“执行率”" in found
    assert "列数由 3 改为 4" in found


def test_of_a_long_note_only_what_differs_is_quoted() -> None:
    note = "注：本表由各单位填报，经主管部门审核以后报财政部门，数字保留两位小数，没有的填 0，逐项核对以后再报。"
    band = f'- row:\n  - {{at: "A:C", label: "{note}"}}\nrules:'
    old = MATRIX.replace("rules:", band)
    (one,) = said(("保留两位小数", "保留四位小数"), old=old)
    assert one == "A6 印的“……政部门，数字保留两位小数，没有的填……”改为“……政部门，数字保留四位小数，没有的填……”"


def test_a_section_renamed_is_told_once_and_not_at_each_of_its_values() -> None:
    old = MATRIX.replace("bands:\n- matrix", "bands:\n- section: 资金\n  at: A\n  bands:\n  - matrix")
    head, _, rest = old.partition("  - matrix: funds\n")
    body, _, tail = rest.partition("- row:\n")
    shifted = (
        body.replace("at: B", "at: X").replace("at: A", "at: B").replace("at: C", "at: D").replace("at: X", "at: C")
    )
    shifted = "".join(f"  {line}\n" for line in shifted.splitlines())
    old = f"{head}  - matrix: funds\n{shifted}- row:\n{tail}".replace("C: 20}", "C: 20, D: 20}")
    assert said(("section: 资金", "section: 经费"), old=old) == ["A1 印的“资金”改为“经费”"]


def test_the_command_tells_people_and_programs(run: Run, tmp_path: Path) -> None:
    for name, text in (("old", OLD), ("new", NEW)):
        (tmp_path / name / "own").mkdir(parents=True)
        (tmp_path / name / "own" / "form.yaml").write_text(text, encoding="utf-8")
    old, new = tmp_path / "old" / "own", tmp_path / "new" / "own" / "form.yaml"
    ran = run("diff", old, new)
    assert ran.code == 1
    assert "“单位名称”（B1）最多填的字数由 20 改为 50" in ran.out.splitlines()
    ran = run("diff", old, new, "--output-format", "json")
    entries = json.loads(ran.out)
    assert len(entries) == 8
    assert {"part": "印的字", "kind": "修改", "old": "金额", "new": "申请金额", "cell": "A2"}.items() <= entries[
        5
    ].items()
    ran = run("diff", old, old)
    assert (ran.code, ran.out, ran.err) == (0, "", "没有不同\n")
