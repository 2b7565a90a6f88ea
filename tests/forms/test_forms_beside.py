"""Two tables side by side, tables with a name of their own, rule lists used in part."""

from __future__ import annotations

from itertools import groupby

from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.forms.definition.language import CommonSpec, RuleSpec
from perfxl.forms.definition.load import Common, parse
from perfxl.forms.layout.arrange import TableRow, pair
from perfxl.forms.layout.place import place
from perfxl.model.form import Form
from perfxl.model.layout import Role
from perfxl.model.record import Record
from support.cases import form_of
from support.effort import examples

FORM = """
form: two-sides
version: "1"
title: 两边的表
region: 全国
stage: declaration
year_basis: 预算年度
sheet: 表
columns: {A: 10, B: 10, C: 10, D: 10, E: 10}
bands:
- section: 绩效指标
  at: A
  bands:
  - table: mid
    name: 中期指标
    columns:
    - {at: B, label: 一级指标, field: level1, type: text, level: 1}
    - {at: C, label: 二级指标, field: level2, type: text, level: 2}
    groups: {产出指标: [数量指标, 质量指标]}
    rows: 2
    beside:
      table: annual
      name: 年度指标
      shared: [level1]
      columns:
      - {at: D, label: 二级指标, field: level2, type: text, level: 2}
      - {at: E, label: 三级指标, field: name, type: text}
"""

LEVELS = st.tuples(st.sampled_from(["产出", "效益", "满意度"]), st.sampled_from(["", "数量", "质量", "时效"]))
SIDE = st.lists(LEVELS, max_size=8).map(lambda rows: [TableRow(row, index) for index, row in enumerate(rows)])


def built() -> Form:
    return form_of(FORM)


@settings(max_examples=examples(60))
@given(SIDE, SIDE)
def test_each_side_keeps_its_rows_and_their_order(left: list[TableRow], right: list[TableRow]) -> None:
    pairs = pair(left, right)
    assert [a for a, _ in pairs if a.source is not None] == left
    assert [b for _, b in pairs if b.source is not None] == right
    assert all(a.source is not None or b.source is not None for a, b in pairs)
    assert all(a.levels[0] == b.levels[0] for a, b in pairs)


@settings(max_examples=examples(60))
@given(SIDE)
def test_equal_sides_stand_beside_each_other(side: list[TableRow]) -> None:
    assert pair(side, side) == [(row, row) for row in side]


def test_the_shorter_side_of_a_level_gets_blank_rows_of_it() -> None:
    left = [TableRow(("产出", "数量"), n) for n in range(3)] + [TableRow(("产出", "质量"), 3)]
    right = [TableRow(("产出", "数量"), 0), TableRow(("产出", "质量"), 1)]
    found = [(b.levels[1], b.source) for _, b in pair(left, right)]
    assert found == [("数量", 0), ("数量", None), ("数量", None), ("质量", 1)]


def test_a_level_of_one_side_alone_faces_rows_of_none() -> None:
    left = [TableRow(("产出", "数量"), 0), TableRow(("产出", "自定"), 1), TableRow(("产出", "质量"), 2)]
    right = [TableRow(("产出", "数量"), 0), TableRow(("产出", "质量"), 1)]
    assert [b.levels[1] for _, b in pair(left, right)] == ["数量", "", "质量"]


def test_levels_that_agree_begin_in_the_same_row_on_the_sheet() -> None:
    levels = ["数量指标"] * 3 + ["质量指标"]
    values = {f"mid[{n}].level1": "产出指标" for n in range(4)}
    values |= {f"mid[{n}].level2": level for n, level in enumerate(levels)}
    layout = place(built(), Record(values, {"mid": 4}))
    printed = [cell for cell in layout.cells if cell.role is Role.PRINTED and cell.text == "质量指标"]
    rows = {(cell.box.row, cell.box.last_row) for cell in printed}
    assert [len(printed), len(rows)] == [2, 1]


def test_tables_with_a_name_are_told_apart() -> None:
    form = built()
    assert form.fields["mid[].level2"].label == "绩效指标 › 中期指标 › 二级指标"
    assert form.fields["annual[].level1"].label == "绩效指标 › 年度指标 › 一级指标"
    assert form.groups["annual"] == "绩效指标 › 年度指标"
    assert [key for key, _ in groupby(form.fields, key=lambda path: path.partition("[")[0])] == ["mid", "annual"]


RULES = """
rules:
- {{use: indicators, over: annual, without: [{code}]}}
"""


def rules_without(code: str) -> tuple[list[str], list[str]]:
    common = Common(CommonSpec(rules={"indicators": (RuleSpec(code="G01"), RuleSpec(code="G06"))}), "")
    form, problems = parse(FORM + RULES.format(code=code), "form.yaml", common)
    return [rule.code for rule in form.rules] if form else [], [str(problem) for problem in problems]


def test_a_shared_list_is_used_without_some_codes() -> None:
    assert rules_without("G01") == (["G06"], [])


def test_a_code_that_the_list_has_not_is_reported() -> None:
    codes, problems = rules_without("G07")
    assert not codes
    assert ["G07" in text for text in problems] == [True]
