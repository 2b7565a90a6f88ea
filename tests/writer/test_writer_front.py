"""封面, 目录 and a form's own 填表说明: written before the forms, never taken for one when the workbook comes back."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from perfxl.api import generate, generate_each
from perfxl.forms.definition.load import parse
from perfxl.model.roster import Roster, RosterUnit
from perfxl.model.submission import Submission
from perfxl.receive.library import Library
from perfxl.receive.pipeline import process
from support.cases import form_of
from support.office import Office

TEXT = """\
form: tiny-front
version: "1"
title: 部门绩效自评表
region: 试验
stage: self-evaluation
year_basis: 被评价年度
sheet: 自评表
money: 万元
unit: unit_name
year: year
filled: filled
cover:
  title: "{year}年部门\\n绩效自评"
  lines: ["填报单位：{unit_name}", "金额合计：{total}万元", "填报日期：{filled}", "{{盖章}}"]
contents: true
notes: [一、一个部门填一份。, 二、金额单位为万元。]
columns: {A: 14, B: 20, C: 14, D: 20}
bands:
- title: 部门绩效自评表
- row:
  - {at: "A:D", look: caption, caption: （____年度）, field: year, type: year, required: true, name: 年度}
- row:
  - {at: A, label: 部门名称}
  - {at: B, field: unit_name, type: text, required: true}
  - {at: C, label: 填报日期}
  - {at: D, field: filled, type: date}
- row:
  - {at: A, label: 金额合计}
  - {at: B, field: total, type: money, max: 500}
  - {at: "C:D"}
"""
FORM = form_of(TEXT)
OTHER = form_of(
    TEXT.replace("form: tiny-front", "form: tiny-second")
    .replace("部门绩效自评表", "项目绩效自评表")
    .replace("sheet: 自评表", "sheet: 项目表")
)
DATA: dict[str, Any] = {"year": 2024, "unit_name": "甲县财政局", "total": 12.5, "filled": "2025-03-01"}


def read(data: bytes) -> Submission:
    return process(data, "a.xlsx", Library.of({form.id: form for form in (FORM, OTHER)}))


def changed(data: bytes, sheet: str, cell: str, value: str | float) -> bytes:
    book, saved = openpyxl.load_workbook(io.BytesIO(data)), io.BytesIO()
    book[sheet][cell] = value
    book.save(saved)
    return saved.getvalue()


def test_they_stand_before_the_form_and_show_what_is_typed_into_it() -> None:
    book = openpyxl.load_workbook(io.BytesIO(generate(FORM, data=DATA)), data_only=True)
    assert book.sheetnames[:4] == ["封面", "目录", "自评表", "填报自检"]
    shown = [cell.value for (cell,) in book["封面"].iter_rows(max_col=1) if cell.value]
    assert shown == [
        "2024年部门\n绩效自评",
        "填报单位：甲县财政局",
        "金额合计：12.5万元",
        "填报日期：2025年3月1日",
        "{盖章}",
    ]
    assert [c.value for (c,) in book["目录"].iter_rows(max_col=1) if c.value] == ["目　　录", "1．部门绩效自评表"]
    assert (book["填表说明"]["A2"].value, book["填表说明"]["B2"].value) == (
        "本表",
        "一、一个部门填一份。\n二、金额单位为万元。",
    )
    live = openpyxl.load_workbook(io.BytesIO(generate(FORM)))["封面"]
    assert "'自评表'!B3" in str(live["A13"].value)


def test_they_are_no_forms_when_the_workbook_comes_back() -> None:
    submission = read(generate(FORM, data=DATA))
    assert (submission.status, submission.findings) == ("accepted", ())
    assert submission.forms[0].record["unit_name"] == "甲县财政局"


def test_what_somebody_typed_on_a_cover_is_told() -> None:
    submission = read(changed(generate(FORM, data=DATA), "封面", "A13", "乙县财政局"))
    assert [(finding.code, finding.sheet) for finding in submission.findings] == [("F07", "封面")]


def test_a_mistake_is_told_and_marked_on_the_form() -> None:
    data = changed(generate(FORM, data=DATA), "自评表", "B4", 600)
    submission = read(data)
    assert [(f.code, f.sheet, f.cell) for f in submission.findings] == [("V04", "自评表", "B4")]


def test_forms_in_one_workbook_are_listed_together() -> None:
    data = generate([FORM, OTHER], data=DATA)
    book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    assert book.sheetnames[:5] == ["封面", "封面(2)", "目录", "自评表", "项目表"]
    assert [c.value for (c,) in book["目录"].iter_rows(max_col=1) if c.value][1:] == [
        "1．部门绩效自评表",
        "2．项目绩效自评表",
    ]
    assert str(book["填表说明"]["B2"].value).startswith("《部门绩效自评表》")
    assert {one.form for one in read(data).forms} == {"tiny-front", "tiny-second"}


def test_each_unit_has_its_own_cover() -> None:
    units = Roster((RosterUnit("甲县财政局", "001", 2), RosterUnit("乙县财政局", "002", 3)))
    for unit, data in generate_each(FORM, units, year=2024):
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
        assert book["封面"]["A13"].value == f"填报单位：{unit.name}"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("{unit_name}", "{nobody}", "不是这张表的项"),
        ("sheet: 自评表", "sheet: 封面", "也叫“封面”"),
        ("sheet: 自评表", "sheet: 目录", "也叫“目录”"),
        ("{{盖章}}", "盖" * 201, "太长"),
    ],
)
def test_what_is_wrong_is_said(old: str, new: str, says: str) -> None:
    _, problems = parse(TEXT.replace(old, new), "form.yaml")
    assert any(says in problem.message for problem in problems)


@pytest.mark.client
def test_a_cover_follows_what_is_typed(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    path.write_bytes(changed(generate(FORM, data=DATA), "自评表", "B3", "丙县财政局"))
    assert office.recalculated(path)["封面"]["A13"] == "填报单位：丙县财政局"
