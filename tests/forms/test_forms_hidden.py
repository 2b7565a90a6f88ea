"""Columns of width 0: not shown, not printed, worked out all the same; what may not stand there is refused."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from perfxl.api import generate, layout
from perfxl.forms.definition.load import NOTHING_COMMON, parse
from perfxl.model.form import Form
from perfxl.receive.library import Library
from perfxl.receive.pipeline import process
from perfxl.trial.proof import try_form
from support.office import Office

TEXT = """\
form: tiny-hidden
version: "1"
title: 采购明细
region: 试验
stage: declaration
year_basis: 预算年度
sheet: 表
money: 元
lists:
- {list: codes, file: 编码.csv, code: 编码, name: 名称, under: 大类}
columns: {A: 14, B: 14, C: 20, D: 0}
bands:
- title: 采购明细
- table: items
  columns:
  - {at: A, label: 采购方式, field: way, type: choice, choices: [自行采购, 集中采购], required: true}
  - {at: B, label: 编码, field: code, type: choice, list: codes, within: group}
  - {at: C, label: 品名, field: title, type: text, lookup: code}
  - {at: D, label: 大类, field: group, type: text, formula: "IF(way = '集中采购', '设备', '耗材')"}
  rows: 4
"""
FILES = (("编码.csv", "编码,名称,大类\n0101,电脑,设备\n0102,打印机,设备\n0201,硒鼓,耗材\n".encode()),)


def form() -> Form:
    made, problems = parse(TEXT, "form.yaml", NOTHING_COMMON, FILES)
    assert made is not None, problems
    return made


def told(text: str) -> list[str]:
    return [f"{problem.message}：{problem.remedy}" for problem in parse(text, "form.yaml", NOTHING_COMMON, FILES)[1]]


def test_a_drop_down_may_depend_on_a_column_that_is_not_shown() -> None:
    data = generate(form(), data={"items": [{"way": "集中采购", "code": "0101"}]})
    sheet = openpyxl.load_workbook(io.BytesIO(data))["表"]
    assert sheet.column_dimensions["D"].hidden
    (offered,) = [v.formula1 for v in sheet.data_validations.dataValidation if "B3" in str(v.sqref)]
    assert "$D3" in str(offered)
    submission = process(data, "a.xlsx", Library.of({"tiny-hidden": form()}))
    assert submission.findings == ()
    assert submission.forms[0].record["items[0].group"] == "设备"


def test_a_choice_of_another_group_is_told_at_its_cell() -> None:
    data = generate(form(), data={"items": [{"way": "自行采购", "code": "0101"}]})
    submission = process(data, "a.xlsx", Library.of({"tiny-hidden": form()}))
    assert [(finding.code, finding.cell) for finding in submission.findings] == [("V03", "B3")]


def test_the_trial_passes() -> None:
    assert try_form(form()) == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("columns: {A: 14, B: 14, C: 20, D: 0}", "columns: {A: 0, B: 14, C: 20, D: 10}"),
        ("B: 14", "B: 0"),
        ("- title: 采购明细\n", "- title: 采购明细\n- row:\n  - {at: 'A:C', label: 备注}\n  - {at: D, label: 印章}\n"),
    ],
)
def test_what_is_typed_or_printed_is_not_hidden(old: str, new: str) -> None:
    assert any("列的宽度不对：宽度写 0 的列不显示" in line for line in told(TEXT.replace(old, new)))


def test_rows_are_no_higher_for_what_is_not_shown() -> None:
    shown = layout(form())
    wide, _ = parse(TEXT.replace("D: 0", "D: 20"), "form.yaml", NOTHING_COMMON, FILES)
    assert wide is not None
    assert [row.height for row in shown.rows] == [row.height for row in layout(wide).rows]


@pytest.mark.client
def test_libreoffice_works_it_out(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    path.write_bytes(generate(form(), data={"items": [{"way": "自行采购", "code": "0201"}]}))
    sheet = office.recalculated(path)["表"]
    assert (sheet["D3"], sheet["C3"]) == ("耗材", "硒鼓")
