"""What is worked out row by row is added up as it stands: 10 at 3 yuan and 20 at 5 are 130 yuan, not 30 at 8."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

import perfxl
from perfxl.ledger.additive import adds_up, is_added_as_it_stands

FORM = """\
form: rows-sample
version: "1"
title: 购书计划表
region: 测试
stage: declaration
year_basis: 预算年度
sheet: 购书计划
money: 元
unit: unit_name
year: year
columns: {A: 14, B: 14, C: 10, D: 10, E: 12, F: 12}
bands:
- title: 购书计划表
- row:
  - {at: "A:F", look: caption, caption: （____年度）, field: year, name: 年度, type: year, required: true}
- row:
  - {at: A, label: 单位}
  - {at: "B:F", field: unit_name, type: text, required: true}
- table: books
  columns:
  - {at: A, label: 书名, field: name, type: text}
  - {at: B, label: 种类, field: kind, type: choice, choices: ["少儿\\"读物\\"", 文学*, 01]}
  - {at: C, label: 册数, field: count, type: integer}
  - {at: D, label: 单价, field: price, type: money}
  - {at: E, label: 金额, field: amount, type: money, formula: "ROUND(count * price, 2)"}
  - {at: F, label: 含运费, field: sent, type: money, formula: "SUM(count, price)"}
  rows: 3
- row:
  - {at: "A:B", label: 合计}
  - {at: C, field: total.count, name: 册数合计, type: integer, formula: SUM(books.count)}
  - {at: D, field: total.kinds, name: 文学种数, type: integer, formula: "COUNTIF(books.kind, '文学*')"}
  - {at: E, field: total.amount, name: 金额合计, type: money, formula: SUM(books.amount)}
  - {at: F, field: total.mean, name: 平均单价, type: money, formula: "ROUND(total.amount / total.count, 2)"}
- row:
  - {at: "A:D", label: 01 类金额}
  - {at: E, field: total.first, name: 01 类金额, type: money, formula: "SUMIF(books.kind, '01', books.amount)"}
  - {at: F, field: total.again, name: 金额合计二, type: money, formula: "SUMPRODUCT(books.count, books.price)"}
"""
UNITS: tuple[tuple[str, list[dict[str, Any]]], ...] = (
    (
        "青溪区图书馆",
        [
            {"name": "甲", "kind": "文学*", "count": 10, "price": 3},
            {"name": "乙", "kind": "01", "count": 2, "price": 7},
        ],
    ),
    ("白石区图书馆", [{"name": "丙", "kind": '少儿"读物"', "count": 20, "price": 5}]),
)
WANTED = {"C8": 32, "D8": 1, "E8": 144, "F8": 4.5, "E9": 14, "F9": 144, "C5": 32, "E5": 144, "F5": 47}


@pytest.fixture(scope="module")
def summary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("rows")
    templates = place / "templates"
    (templates / "rows-sample").mkdir(parents=True)
    (templates / "rows-sample" / "form.yaml").write_text(FORM, encoding="utf-8")
    form = perfxl.load_forms(templates)["rows-sample"]
    (place / "in").mkdir()
    for unit, books in UNITS:
        data = {"unit_name": unit, "books": books}
        (place / "in" / f"{unit}.xlsx").write_bytes(perfxl.generate(form, year=2025, unit=unit, data=data))
    perfxl.import_returns(place / "in", place / "results", templates=[templates])
    perfxl.summarize(place / "results", place / "汇总.xlsx", templates=[templates])
    return place / "汇总.xlsx"


def test_totals_over_rows_are_those_of_the_returns(summary: Path) -> None:
    sheet = openpyxl.load_workbook(summary, data_only=True)["购书计划汇总"]
    assert {cell: sheet[cell].value for cell in WANTED} == WANTED


def test_what_stands_on_the_sheet_gives_the_same(summary: Path) -> None:
    """A formula over one row of sums would not; what only adds stays the form's own formula."""
    sheet = openpyxl.load_workbook(summary)["购书计划汇总"]
    for cell in ("E5", "D8", "E9", "F9"):
        assert "!$" in sheet[cell].value
    for cell in ("F5", "C8", "E8", "F8"):
        assert "!$" not in sheet[cell].value


def test_words_that_a_condition_would_take_otherwise_are_counted_as_they_are(summary: Path) -> None:
    sheet = openpyxl.load_workbook(summary)["购书计划汇总"]
    said = [str(cell.value) for row in sheet.iter_rows() for cell in row if "购书计划" in str(cell.value)]
    for word in ('="少儿""读物"""))', '="文学*"))', '="01"))'):
        assert any(one.startswith("=SUMPRODUCT(--(") and one.endswith(word) for one in said)
    counted = openpyxl.load_workbook(summary, data_only=True)["购书计划汇总"]
    lines = {row[0].value: row for row in counted.iter_rows() if row[0].value}
    for label in ('：少儿"读物"', "：文学*", "：01"):
        line = next(row for said, row in lines.items() if str(said).endswith(label))
        assert 1 in [cell.value for cell in line]


def test_amounts_each_are_not_added_up(summary: Path) -> None:
    form = perfxl.load_forms(summary.parent / "templates")["rows-sample"]
    assert not adds_up(form.fields["total.mean"])
    assert {path for path, field in form.fields.items() if is_added_as_it_stands(field)} == {
        "books[].amount",
        "total.kinds",
        "total.first",
        "total.again",
    }
