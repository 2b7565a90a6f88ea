"""Returns that are told apart by a field of the form's own: a contract each, of whatever year."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from perfxl.api import generate
from perfxl.forms.definition.load import load_forms
from perfxl.receive.importing import import_returns
from perfxl.year.summarize.summarize import summarize

FORM = """
form: contract
version: "1"
title: 合同履约评价表
region: 某县
stage: self-evaluation
year_basis: 年度
sheet: 合同
unit: unit_name
identity: [unit, contract_no]
columns: {A: 20, B: 30, C: 20, D: 30}
bands:
- title: 合同履约评价表
- row:
  - {at: A, label: 单位名称}
  - {at: B, field: unit_name, type: text, required: true}
  - {at: C, label: 合同编号}
  - {at: D, field: contract_no, type: text, required: true}
- row:
  - {at: A, label: 合同金额}
  - {at: B, field: amount, type: money, required: true}
  - {at: C:D}
"""
FILES = {"a": ("甲局", "HT-1", 1), "b": ("甲局", "HT-2", 2), "c": ("乙局", "HT-1", 4), "d": ("甲局", "HT-2", 8)}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("合同")
    (folder / "表样" / "contract").mkdir(parents=True)
    (folder / "表样" / "contract" / "form.yaml").write_text(FORM, encoding="utf-8")
    (folder / "交回").mkdir()
    form = load_forms(folder / "表样")["contract"]
    for name, (unit, contract, amount) in FILES.items():
        data = {"unit_name": unit, "contract_no": contract, "amount": amount}
        (folder / "交回" / f"{name}.xlsx").write_bytes(generate(form, data=data))
    import_returns(folder / "交回", folder / "结果", templates=[folder / "表样"])
    return folder / "结果"


def test_two_contracts_of_a_unit_are_two_returns_one_contract_twice_is_said(results: Path) -> None:
    trees = {name: json.loads((results / f"{name}.json").read_text("utf-8")) for name in FILES}
    said = {name: [one["message"] for one in tree["findings"] if one["code"] == "X03"] for name, tree in trees.items()}
    assert {name for name, found in said.items() if found} == {"b", "d"}
    assert said["b"][0].startswith("甲局 合同编号“HT-2”的《合同履约评价表》交回了几份")
    assert trees["a"]["forms"][0]["identity"] == {"period": None, "contract_no": "HT-1"}


def test_contracts_of_all_years_stand_in_one_block(results: Path, tmp_path: Path) -> None:
    summary = summarize([results], tmp_path / "汇总.xlsx", templates=[results.parent / "表样"])
    assert "同一单位的同一张表" in next(one.said for one in summary.left_out)
    details = openpyxl.load_workbook(tmp_path / "汇总.xlsx")["合同明细"]
    captions = [row[0].value for row in details.iter_rows() if "份" in str(row[0].value)]
    assert captions[-1] == "不分年度　3 份　金额单位：万元"
