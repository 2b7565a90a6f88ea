"""What changed from one definition to another is told in the form's words."""

from __future__ import annotations

import json
from pathlib import Path

from perfxl.forms.definition.changes import Kind, Part, changes
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
        (Part.LABEL, Kind.REMOVED, "金额", "", ""),
        (Part.LABEL, Kind.ADDED, "申请金额", "", ""),
        (Part.RULE, Kind.REMOVED, "M05 金额不大于 100", "", ""),
        (Part.RULE, Kind.ADDED, "M05 金额不大于 200", "", ""),
    }


def test_the_command_tells_people_and_programs(run: Run, tmp_path: Path) -> None:
    for name, text in (("old", OLD), ("new", NEW)):
        (tmp_path / name / "own").mkdir(parents=True)
        (tmp_path / name / "own" / "form.yaml").write_text(text, encoding="utf-8")
    old, new = tmp_path / "old" / "own", tmp_path / "new" / "own" / "form.yaml"
    ran = run("diff", old, new)
    assert ran.code == 1
    assert "修改填报项 单位名称的字数：20 → 50" in ran.out.splitlines()
    ran = run("diff", old, new, "--output-format", "json")
    assert len(json.loads(ran.out)) == 9
    ran = run("diff", old, old)
    assert (ran.code, ran.out, ran.err) == (0, "", "没有不同\n")
