"""What a form prints into a growing table: rows of its own, labels with counters, nothing to be typed where it is issued."""

from __future__ import annotations

from collections.abc import Mapping

from forms_sample import formed

from perfxl.forms.data import from_data
from perfxl.forms.layout.arrange import arrange
from perfxl.forms.layout.place import place
from perfxl.model.form import Form
from perfxl.model.layout import Layout
from perfxl.model.record import Record

HEAD = """\
form: printed-sample
version: "1"
title: 样表
region: 测试
stage: approval
year_basis: 年度
sheet: 样
columns: {A: 10, B: 10, C: 10, D: 20, E: 10, F: 20}
"""
PRINTED = formed(
    HEAD
    + """\
bands:
- table: indicators
  columns:
  - {at: A, label: 一级指标, field: level1, type: text, level: 1}
  - {at: B, label: 二级指标, field: level2, type: text, level: 2}
  - {at: C:D, label: 三级指标, field: name, type: text}
  - {at: E, label: 指标值, field: target, type: value}
  - {at: F, label: 指标解释, field: definition, type: text, spread: true}
  printed:
  - {level1: 效能, level2: 目标, name: 合理性, hint: 合理, definition: 是否合理。}
  - {name: 完整性}
  - {level2: 重点, rows: 2, definition: 是否完成。}
  - {level1: 成本, level2: 控制, name: 节约率, definition: 是否节约。}
  - {name: 改革事项, open: true}
"""
)
ISSUED = formed(
    HEAD
    + """\
issued: true
bands:
- heads:
  - {at: A, label: 职能, names: "functions[].name"}
  - {at: B, label: 一级指标, names: "functions[].indicators[].level1"}
  - {at: C, label: 二级指标, names: "functions[].indicators[].level2"}
  - {at: D:E, label: 三级指标, names: "functions[].indicators[].name"}
  - {at: F, label: 指标值, names: "functions[].indicators[].target"}
- block: functions
  count: 2
  spine: {at: A, caption: "职能{n}:____", field: name, type: text}
  bands:
  - table: indicators
    own_heads: false
    columns:
    - {at: B, field: level1, type: text, level: 1}
    - {at: C, field: level2, type: text, level: 2}
    - {at: D, label: "指标{n}:"}
    - {at: E, field: name, type: text}
    - {at: F, field: target, type: value}
    groups: {产出: [数量, 质量], 效益: [社会]}
    rows: 2
"""
)


def record(form: Form, data: Mapping[str, object]) -> Record:
    found, misfits = from_data(form, data)
    assert not misfits
    return found


def texts(layout: Layout, column: int) -> list[str]:
    return [cell.text for cell in layout.cells if cell.box.column == column]


def levels(form: Form, data: Mapping[str, object]) -> list[tuple[str, ...]]:
    table = form.table("indicators")
    return [row.levels for row in arrange(form, table, record(form, data), "indicators")]


class TestPrintedRows:
    def test_what_a_row_leaves_out_is_as_above(self) -> None:
        found = PRINTED.table("indicators").printed
        assert [row.levels for row in found] == [
            ("效能", "目标"),
            ("效能", "目标"),
            ("效能", "重点"),
            ("效能", "重点"),
            ("成本", "控制"),
            ("成本", "控制"),
        ]
        assert [row.values["definition"] for row in found[:3]] == ["是否合理。", "是否合理。", "是否完成。"]
        assert [row.open for row in found] == [False] * 5 + [True]

    def test_a_name_is_not_taken_from_above(self) -> None:
        assert "name" not in PRINTED.table("indicators").printed[2].values

    def test_a_spread_text_is_merged_within_its_group_only(self) -> None:
        boxes = [cell.box for cell in place(PRINTED).cells if cell.box.column == 6]
        assert [(box.row, box.last_row) for box in boxes] == [(1, 1), (2, 3), (4, 5), (6, 7)]

    def test_one_more_open_row_stands_beside_the_same_text(self) -> None:
        rows = [{"level1": "效能", "level2": "重点", "name": f"工作{n}"} for n in range(4)]
        layout = place(PRINTED, record(PRINTED, {"indicators": rows}))
        cells = [cell for cell in layout.cells if cell.text == "是否完成。"]
        assert [(cell.box.row, cell.box.last_row) for cell in cells] == [(4, 7)]

    def test_a_group_of_the_units_own_stands_in_its_first_level(self) -> None:
        rows = [{"level1": "成本", "level2": "自定", "name": "单价"}]
        found = levels(PRINTED, {"indicators": rows})
        assert found == [*[("效能", "目标")] * 2, *[("效能", "重点")] * 2, ("成本", "自定"), *[("成本", "控制")] * 2]


class TestIssued:
    def test_a_blank_has_all_groups_and_counts_within_each(self) -> None:
        layout = place(ISSUED)
        assert texts(layout, 4)[1:] == ["指标1:", "指标2:"] * 6
        assert texts(layout, 1)[1:] == ["职能1:　　", "职能2:　　"]

    def test_filled_in_it_has_the_rows_of_the_data_only(self) -> None:
        rows = [
            {"level1": "产出", "level2": "数量", "name": "甲", "target": "≥1个"},
            {"level1": "产出", "level2": "数量", "name": "乙", "target": "≥2个"},
            {"level1": "效益", "level2": "社会", "name": "丙", "target": "≥3个"},
        ]
        layout = place(ISSUED, record(ISSUED, {"functions": [{"name": "督导", "indicators": rows}]}))
        assert texts(layout, 4)[1:] == ["指标1:", "指标2:", "指标1:"]
        assert texts(layout, 1)[1:] == ["职能1:督导"]

    def test_a_function_without_indicators_keeps_one_row(self) -> None:
        layout = place(ISSUED, record(ISSUED, {"functions": [{"name": "督导"}]}))
        assert texts(layout, 1)[1:] == ["职能1:督导"]
        assert len(layout.rows) == 2
