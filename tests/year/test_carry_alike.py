"""Rows with the same names: what one source says of them goes to the right one, or to none and is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from perfxl.forms.data import from_data
from perfxl.forms.definition.load import lint
from perfxl.model.form import Form
from perfxl.model.submission import By, FormReturn, Unit
from perfxl.year.carry.outcome import Merged
from support.carried import merged

HEAD = """
version: "1"
title: 某表
region: 某县
year_basis: 年度
sheet: 表
unit: unit_name
columns: {A: 20, B: 20, C: 20}
bands:
- title: 某表
- row: [{at: A, label: 单位名称}, {at: "B:C", field: unit_name, type: text, required: true}]
- table: items
  columns:
  - {at: A, label: 名称, field: name, type: text}
  - {at: B, label: 计划, field: plan, type: text}
  - {at: C, label: 完成, field: done, type: text}
  rows: 4
"""
TAKE = "  take: {{unit_name: unit_name}}\n  tables: [{{table: items, rows: items, match: [name], take: {{name: name, {0}: {0}}}}}]\n"
CARRY = (
    f"carry:\n- from: planned\n  year: same\n{TAKE.format('plan')}- from: reached\n  year: same\n{TAKE.format('done')}"
)


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Form]:
    folder = tmp_path_factory.mktemp("表样")
    texts = {
        "planned": f"form: planned\nstage: declaration{HEAD}",
        "reached": f"form: reached\nstage: monitoring{HEAD}",
        "both": f"form: both\nstage: self-evaluation{HEAD}{CARRY}",
    }
    for name, text in texts.items():
        (folder / name).mkdir()
        (folder / name / "form.yaml").write_text(text, encoding="utf-8")
    forms, problems = lint([folder])
    assert not problems, [str(problem) for problem in problems]
    return forms


def both(known: Mapping[str, Form], planned: list[dict[str, Any]], reached: list[dict[str, Any]]) -> Merged:
    returned = []
    for name, items in (("planned", planned), ("reached", reached)):
        record, misfits = from_data(known[name], {"unit_name": "某局", "items": items})
        assert not misfits
        returned.append(FormReturn(known[name], "1", "表", By.STAMP, 1.0, 2024, Unit("某局"), record))
    return merged(known["both"], *returned)


def rows(found: Merged) -> list[tuple[object, object, object]]:
    keys = ("name", "plan", "done")
    return [tuple(found.record[f"{path}.{key}"] for key in keys) for path in found.record.rows("items")]  # type: ignore[misc]


def item(name: str, **more: str) -> dict[str, Any]:
    return {"name": name, **more}


TWO = [item("培训", plan="100人"), item("培训", plan="20人")]


def test_what_may_be_of_either_of_two_different_rows_is_told_and_stands_in_none(known: Mapping[str, Form]) -> None:
    found = both(known, TWO, [item("培训", done="19人"), item("培训", done="98人"), item("维修", done="3处")])
    assert rows(found) == [("培训", "100人", None), ("培训", "20人", None), ("维修", None, "3处")]
    assert [(note.kind.value, note.value) for note in found.notes] == [("unmatched", "19人"), ("unmatched", "98人")]
    assert "名称相同的有 2 行，内容不同，分不清是哪一行" in found.notes[0].message


def test_where_either_will_do_they_go_in_their_order(known: Mapping[str, Form]) -> None:
    found = both(known, [item("培训"), item("培训")], [item("培训", done="19人"), item("培训", done="98人")])
    assert rows(found) == [("培训", None, "19人"), ("培训", None, "98人")]
    assert not found.notes


def test_a_row_that_says_no_more_than_its_name_is_no_question(known: Mapping[str, Form]) -> None:
    found = both(known, TWO, [item("培训"), item("培训")])
    assert rows(found) == [("培训", "100人", None), ("培训", "20人", None)]
    assert not found.notes


def test_one_row_is_known_by_its_name(known: Mapping[str, Form]) -> None:
    found = both(known, [item("培训", plan="100人")], [item("培训", done="98人")])
    assert rows(found) == [("培训", "100人", "98人")]
    assert not found.notes
