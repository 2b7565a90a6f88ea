"""The head of a small form whose bands a test adds."""

from __future__ import annotations

HEAD = """
form: plan
version: "1"
title: 采购计划表
region: 试验
stage: declaration
year_basis: 预算年度
sheet: 表
money: 万元
unit: unit_name
columns: {A: 12, B: 12, C: 12, D: 12, E: 12, F: 12}
bands:
- title: 采购计划表
- row:
  - {at: A:B, label: 单位名称}
  - {at: C:F, field: unit_name, type: text, required: true}
"""


def line_of(text: str, piece: str) -> int:
    """Return the line in which a piece of a text begins."""
    return 1 + text[: text.index(piece)].count("\n")
