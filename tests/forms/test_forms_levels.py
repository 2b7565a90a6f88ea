"""Growing tables with a third level, which the unit fills in below the printed 二级."""

from __future__ import annotations

from typing import Any

import pytest
from forms_sample import SMALL, formed

from perfxl.api import generate, layout
from perfxl.forms.definition.load import NOTHING_COMMON, parse
from perfxl.model.layout import Role
from perfxl.model.record import to_data
from perfxl.receive.library import Library
from perfxl.receive.pipeline import process
from perfxl.writer.formats import locked

TEXT = (
    SMALL.replace("columns: {A: 10, B: 20}", "columns: {A: 12, B: 14, C: 16, D: 24, E: 14}")
    + """\
- table: indicators
  columns:
  - {at: A, label: 一级指标, field: level1, type: text, level: 1}
  - {at: B, label: 二级指标, field: level2, type: text, level: 2}
  - {at: C, label: 三级指标, field: level3, type: text, level: 3}
  - {at: D, label: 四级指标, field: name, type: text}
  - {at: E, label: 指标值, field: target, type: value}
  rows: 3
  groups:
    产出指标: [数量指标, 质量指标]
    效益指标: [经济效益指标]
"""
)
FORM = formed(TEXT, NOTHING_COMMON)


def rows(*levels: str) -> dict[str, Any]:
    """Return data with a row for each ``一级/二级/三级``."""
    keys = ("level1", "level2", "level3")
    found = [dict(zip(keys, each.split("/"), strict=True)) for each in levels]
    return {
        "name": "甲局",
        "indicators": [{**row, "name": f"第{n}项", "target": "≥3个"} for n, row in enumerate(found)],
    }


@pytest.mark.parametrize(
    "levels",
    [
        ("产出指标/数量指标/新建", "产出指标/数量指标/新建", "产出指标/数量指标/改建", "产出指标/数量指标/改建"),
        ("产出指标/数量指标/新建", "产出指标/质量指标/新建", "效益指标/经济效益指标/新建"),
        ("产出指标/质量指标/新建", "效益指标/社会效益指标/就业", "效益指标/社会效益指标/增收"),
    ],
)
def test_a_third_level_is_read_as_it_was_written(levels: tuple[str, ...]) -> None:
    submission = process(generate(FORM, data=rows(*levels)), "a.xlsx", Library.of({FORM.id: FORM}))
    data: dict[str, Any] = to_data(FORM, submission.forms[0].record)
    assert ["/".join((row["level1"], row["level2"], row["level3"])) for row in data["indicators"]] == list(levels)
    assert not [finding for finding in submission.findings if finding.code.startswith("S")]


def test_equal_third_levels_are_merged_and_open() -> None:
    placed = layout(FORM, data=rows("产出指标/数量指标/新建", "产出指标/数量指标/新建", "产出指标/质量指标/新建"))
    third = [cell for cell in placed.cells if cell.field and cell.field.level == 3 and cell.text]
    assert [cell.box.last_row - cell.box.row + 1 for cell in third] == [2, 1]
    assert all(cell.role is Role.PRINTED and not locked(cell) for cell in third)


def test_there_is_no_fourth_level() -> None:
    deeper = TEXT.replace("field: name, type: text}\n  - {at: E", "field: level4, type: text, level: 4}\n  - {at: E")
    form, problems = parse(deeper, "form.yaml", NOTHING_COMMON)
    assert form is None
    assert any("level 要从左到右依次为 1、2、3" in str(problem) for problem in problems)
