"""Versions of a form side by side: returns of an earlier year are read by theirs, and given in the newest's names."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from msgspec.structs import replace

from perfxl.api import generate, read
from perfxl.forms.definition.load import lint, load_forms
from perfxl.forms.editions import renewed
from perfxl.forms.named import UnknownVersionError, form_named
from perfxl.model.field_type import Type
from perfxl.model.form import Form
from perfxl.model.record import Record
from perfxl.model.submission import Submission
from perfxl.receive.copies import marked_copy
from perfxl.reporting.document import submission_json
from perfxl.reporting.reread import reread
from support.command import Run

NEWEST = """\
form: own
version: "2024"
title: 专项补助申请表
region: 本地
stage: declaration
year_basis: 预算年度
sheet: 申请表
unit: unit_name
year: year
columns: {A: 14, B: 20, C: 14, D: 20}
bands:
- title: 专项补助申请表
- row:
  - {at: A:D, look: caption, caption: （____年度）, field: year, type: year}
- row:
  - {at: A, label: 申请单位}
  - {at: B:D, field: unit_name, type: text, required: true}
- row:
  - {at: A, label: 申请补助金额}
  - {at: B, field: amount, type: money, required: true}
  - {at: C, label: 联系电话}
  - {at: D, field: phone, type: text}
- row:
  - {at: A, label: 绩效管理情况}
  - {at: B:D, field: management, type: text}
- table: items
  name: 补助明细
  columns:
  - {at: A:B, label: 补助对象, field: name, type: text}
  - {at: C, label: 补助标准, field: rate, type: money}
  - {at: D, label: 发放方式, field: manner, type: text}
  rows: 3
rules:
- {code: M05, must: amount <= 1000, at: amount, say: "申请补助金额 {left} 太大", want: 金额不大于 1000}
carry:
- {from: own, year: next, take: {unit_name: unit_name, phone: phone, amount: amount}}
"""
OLDER = (
    NEWEST.replace('"2024"', '"2023"')
    .replace("label: 申请补助金额", "label: 补助金额（万元）")
    .replace("label: 联系电话", "label: 资金管理办法文号")
    .replace("field: phone", "field: rule_number")
    .replace("label: 绩效管理情况", "label: 申请理由")
    .replace("field: management", "field: reason")
    .replace("label: 发放方式, field: manner", "label: 备注, field: remark")
    .replace("amount <= 1000", "amount <= 10")
    .replace("不大于 1000", "不大于 10")
    .partition("carry:")[0]
)
OTHERWISE = OLDER.replace("field: amount, type: money", "field: amount, type: text").partition("rules:")[0]


def folder(place: Path, newest: str = NEWEST, **older: str) -> Path:
    own = place / "own"
    own.mkdir(parents=True)
    (own / "form.yaml").write_text(newest, encoding="utf-8")
    for version, text in older.items():
        (own / f"form@{version.removeprefix('v')}.yaml").write_text(text, encoding="utf-8")
    return place


@pytest.fixture
def forms(tmp_path: Path) -> Mapping[str, Form]:
    return load_forms(folder(tmp_path / "templates", v2023=OLDER))


def filled(form: Form, *, stamped: bool = True) -> bytes:
    amount = 20 if form.fields["amount"].type is Type.MONEY else "二十"
    common = {"unit_name": "青溪区教育局", "amount": amount, "year": 2023}
    own = (
        {"reason": "校舍老旧", "rule_number": "青财〔2023〕5号"}
        if form.version == "2023"
        else {"phone": "0000-0000000"}
    )
    rows = [{"name": "青溪一小", "rate": 5}]
    data = generate(form, year=2023, data={**common, **own, "items": rows})
    if stamped:
        return data
    book: Any = openpyxl.load_workbook(io.BytesIO(data))
    for other in book.worksheets[1:]:
        book.remove(other)
    sheet = book.worksheets[0]
    for names in (book.defined_names, sheet.defined_names):
        for name in [name for name in names if "perfxl" in name]:
            del names[name]
    for name in [*book.custom_doc_props.names]:
        del book.custom_doc_props[name]
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def said(submission: Submission, code: str) -> list[str]:
    return [finding.message for finding in submission.findings if finding.code == code]


@pytest.mark.parametrize("stamped", [True, False])
def test_a_return_of_last_year_is_read_by_its_version(forms: Mapping[str, Form], *, stamped: bool) -> None:
    older = form_named(forms, "own@2023")
    submission = read(filled(older, stamped=stamped), name="a.xlsx", forms=forms)
    (returned,) = submission.forms
    assert (returned.form, returned.version, returned.definition) == ("own", "2023", forms["own"])
    assert returned.read_by is older
    assert returned.record["amount"] == Decimal(20)
    assert returned.record["items[0].name"] == "青溪一小"
    assert "reason" not in returned.data
    assert returned.data["phone"] is None
    (about,) = said(submission, "F09")
    assert "2023 版" in about
    assert "“申请理由”" in about
    assert "资金管理办法文号" in about
    (too_large,) = said(submission, "M05")
    assert "20" in too_large


@pytest.mark.parametrize("stamped", [True, False])
def test_a_return_of_this_year_is_read_by_the_newest(forms: Mapping[str, Form], *, stamped: bool) -> None:
    submission = read(filled(forms["own"], stamped=stamped), name="a.xlsx", forms=forms)
    (returned,) = submission.forms
    assert returned.version == "2024"
    assert returned.record["phone"] == "0000-0000000"
    assert not said(submission, "F09")
    assert not said(submission, "M05")


def test_what_is_read_is_read_again_from_its_json(forms: Mapping[str, Form]) -> None:
    submission = read(filled(form_named(forms, "own@2023")), name="a.xlsx", forms=forms)
    again = reread(submission_json(submission), forms)
    assert again == submission
    assert json.loads(submission_json(submission))["forms"][0]["version"] == "2023"


def test_a_version_asked_for_is_the_one_that_reads(forms: Mapping[str, Form]) -> None:
    data = filled(form_named(forms, "own@2023"), stamped=False)
    assert read(data, name="a.xlsx", forms=forms, form="own").forms[0].version == "2023"
    assert read(data, name="a.xlsx", forms=forms, form="own@2023").forms[0].version == "2023"
    with pytest.raises(UnknownVersionError, match="没有 2019 版，有：2024、2023"):
        read(data, name="a.xlsx", forms=forms, form="own@2019")


def test_where_the_versions_are_of_other_types_the_data_keeps_the_older_one_s_names(tmp_path: Path) -> None:
    forms = load_forms(folder(tmp_path, v2023=OTHERWISE))
    submission = read(filled(form_named(forms, "own@2023")), name="a.xlsx", forms=forms)
    (returned,) = submission.forms
    assert returned.definition.version == "2023"
    assert returned.record["reason"] == "校舍老旧"
    assert "按 2023 版" in said(submission, "F09")[0]
    assert reread(submission_json(submission), forms) == submission


def test_only_what_both_have_is_renewed(forms: Mapping[str, Form]) -> None:
    record = Record({"amount": Decimal(1), "reason": "甲", "items[1].remark": "乙"}, {"items": 2})
    found = renewed(form_named(forms, "own@2023"), forms["own"], record)
    assert found is not None
    assert found.record == Record({"amount": Decimal(1)}, {"items": 2})
    assert found.gone == ("reason", "items[1].remark")


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_a_return_of_last_year_is_marked_as_it_was_laid_out(forms: Mapping[str, Form], kind: str) -> None:
    """What the newest has no place for stands in the marked copy, also where that is set anew."""
    data = filled(form_named(forms, "own@2023"))
    submission = read(data, name="a.xlsx", forms=forms)
    made = marked_copy(data, replace(submission, source=replace(submission.source, format=kind)))
    sheet: Any = openpyxl.load_workbook(io.BytesIO(made.data))["申请表"]
    shown = {cell.value for row in sheet.iter_rows() for cell in row}
    assert {"申请理由", "校舍老旧", "青财〔2023〕5号"} <= shown


@pytest.mark.slow
@pytest.mark.parametrize("older", [OLDER.replace("amount <= 10,", "amount <= 30,"), OTHERWISE])
def test_last_year_s_values_are_carried_where_the_names_agree(older: str, tmp_path: Path, run: Run) -> None:
    """Of a version with other types what still fits is carried."""
    templates = folder(tmp_path / "templates", v2023=older)
    forms = load_forms(templates)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.xlsx").write_bytes(filled(form_named(forms, "own@2023")))
    assert run("import", tmp_path / "in", "-o", tmp_path / "out", "--templates", templates).code == 0
    ran = run("carry", tmp_path / "out", "--to", "own", "--templates", templates, "-o", tmp_path / "next")
    assert ran.code == 0, ran.err
    (made,) = (tmp_path / "next").glob("*.xlsx")
    (returned,) = read(made.read_bytes(), name="b.xlsx", forms=forms).forms
    assert (returned.version, returned.year) == ("2024", 2024)
    assert returned.record["unit_name"] == "青溪区教育局"
    assert returned.record["amount"] == (None if older is OTHERWISE else Decimal(20))


@pytest.mark.parametrize(
    ("name", "text", "said_of_it"),
    [
        ("2022", OLDER, "文件名里的版本“2022”与 version 的“2023”不一致"),
        ("2024", NEWEST, "与 form.yaml 的 version 相同"),
        ("2023", OLDER.replace("form: own", "form: other"), "不一致"),
        ("2023", OLDER.replace("type: money", "type: mony"), "mony"),
    ],
)
def test_what_is_wrong_with_an_older_version_is_told(name: str, text: str, said_of_it: str, tmp_path: Path) -> None:
    _, problems = lint([folder(tmp_path, **{f"v{name}": text})])
    assert problems
    assert any(said_of_it in problem.message and f"form@{name}.yaml" in problem.file for problem in problems)


@pytest.mark.slow
def test_commands_show_and_take_versions(tmp_path: Path, run: Run) -> None:
    templates = folder(tmp_path / "templates", v2023=OLDER, v2022=OLDER.replace('"2023"', '"2022"'))
    assert run("lint", templates).code == 0
    assert "own 现用 2024 版，另有旧版：2023、2022" in run("forms", "--templates", templates).out
    listed = json.loads(run("forms", "--json", "--templates", templates).out)
    assert next(one for one in listed if one["id"] == "own")["older"] == ["2023", "2022"]
    assert "2024 版，另有旧版 2023、2022" in run("show", "own", "--templates", templates).out
    assert "申请理由" in run("show", "own@2023", "--templates", templates).out
    assert "urn:perfxl:own:2023" in run("schema", "own@2023", "--templates", templates).out
    for wanted, label in (("own", "绩效管理情况"), ("own@2023", "申请理由")):
        out = tmp_path / wanted
        assert run("generate", wanted, "--year", "2024", "--templates", templates, "-o", out).code == 0
        (made,) = out.glob("*.xlsx")
        sheet: Any = openpyxl.load_workbook(made).worksheets[0]
        assert label in {cell.value for row in sheet.iter_rows() for cell in row}
    ran = run("generate", "own@2019", "--templates", templates)
    assert ran.code == 2
    assert "没有 2019 版" in ran.err


def test_versions_are_compared(tmp_path: Path, run: Run) -> None:
    templates = folder(tmp_path / "templates", v2023=OLDER)
    by_file = run("diff", templates / "own" / "form@2023.yaml", templates / "own" / "form.yaml")
    by_name = run("diff", "own@2023", "own", "--templates", templates)
    assert by_file.code == by_name.code == 1
    assert by_file.out == by_name.out
    assert "申请理由" in by_file.out
    assert run("diff", "own@2023", templates / "own" / "form@2023.yaml", "--templates", templates).code == 0
