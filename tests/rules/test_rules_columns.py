"""A rule that is marked at a whole column: the finding stands at its head, whatever table the column is in."""

from __future__ import annotations

from typing import Any

import pytest

import perfxl
from support.cases import form_of

FORM = form_of("""\
form: columns-sample
version: "1"
title: 购书计划表
region: 测试
stage: declaration
year_basis: 年度
sheet: 购书计划
columns: {A: 12, B: 12, C: 12}
unit: unit_name
bands:
- title: 购书计划表
- row:
  - {at: A, label: 单位}
  - {at: "B:C", field: unit_name, type: text, required: true}
- table: books
  name: 书目
  columns:
  - {at: A, label: 书名, field: name, type: text}
  - {at: B, label: 大类, field: kind, type: text}
  - {at: C, label: 册数, field: count, type: integer}
  rows: 3
- block: branches
  name: 分馆
  count: 2
  bands:
  - row:
    - {at: A, look: spine, label: "分馆{n}："}
    - {at: "B:C", field: name, type: text}
  - table: shelves
    name: 书架
    columns:
    - {at: "A:B", label: 架号, field: name, type: text}
    - {at: C, label: 层数, field: levels, type: integer}
    rows: 2
rules:
- code: V04
  must: IF(COUNTA(books.kind) = 0, BLANK, COUNTIF(books.kind, '少儿读物') >= 1)
  at: books.kind
  say: 至少要有一种少儿读物
- {code: M13, must: SUM(branches.shelves.levels) <= 10, at: branches.shelves.levels, say: "共 {left} 层，高于 {right} 层"}
""")
DATA: dict[str, Any] = {
    "unit_name": "青溪区图书馆",
    "books": [{"name": "甲", "kind": "少儿读物", "count": 3}, {"name": "乙", "kind": "文学", "count": 2}],
    "branches": [{"name": "东馆", "shelves": [{"name": "一", "levels": 4}]}, {"name": "西馆", "shelves": []}],
}


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, []),
        (
            {"books": [{"name": "乙", "kind": "文学", "count": 2}]},
            [("V04", "B3", "books[].kind", "书目 › 大类", "至少要有一种少儿读物")],
        ),
        (
            {"branches": [{"name": "东馆", "shelves": [{"name": "一", "levels": 11}]}]},
            [("M13", "C8", "branches[].shelves[].levels", "书架 › 层数", "共 11 层，高于 10 层")],
        ),
    ],
)
def test_the_finding_stands_at_the_head_of_the_column(changed: dict[str, Any], found: list[tuple[str, ...]]) -> None:
    workbook = perfxl.generate(FORM, data=DATA | changed)
    submission = perfxl.read(workbook, forms={FORM.id: FORM})
    said = [(one.code, one.cell, one.path, one.label, one.message) for one in submission.findings]
    assert said == found
