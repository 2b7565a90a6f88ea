"""Where groups of indicators, or goals, may have become one: read as it stands, and said (S03 as a warning)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from perfxl.align.read import read
from perfxl.model.form import Look
from perfxl.model.layout import RowKind
from perfxl.model.reading import Oddity, Reading
from support.altered import FORMS, PATTERNS, data_of, draft_of
from support.draft import Draft, Line

HUNAN, HUBEI, HENAN, QINGHAI = "hunan-dept-self-eval", "hubei-dept-goal", "henan-dept-goal", "qinghai-dept-approval"


def row(level1: str, level2: str, name: str) -> dict[str, Any]:
    return {"level1": level1, "level2": level2, "name": name, "target": {"text": "3个"}}


COUNT = [row("产出指标", "数量指标", name) for name in ("甲", "乙", "丙")]
GOAL = {"indicators": [*COUNT, row("效益指标", "社会效益指标", "丁")]}


def draft(form: str, data: Mapping[str, Any]) -> Draft:
    return draft_of(FORMS[form], data)


def read_as(form: str, draft: Draft) -> Reading:
    return read(PATTERNS[form], draft.grid())


def doubts(reading: Reading) -> list[tuple[str, str]]:
    return [(notice.text, notice.label) for notice in reading.notices if notice.oddity is Oddity.MERGED]


def row_of(draft: Draft, text: str) -> int:
    return next(
        n for n, line in enumerate(draft.lines, start=1) for piece in line.pieces.values() if piece.cell.value == text
    )


def typed_in_new_row(form: Draft, at: int) -> None:
    column = next(c for c, p in form.lines[row_of(form, "丙") - 1].pieces.items() if p.cell.value == "丙")
    form.insert_row(at)
    form.say(at, column, "新增的指标")


# -- groups ----------------------------------------------------------------------------------------------------------


def delete_group(form: Draft, level2: str, following: str) -> None:
    first, after = row_of(form, level2), row_of(form, following)
    for _ in range(first, after):
        form.delete_row(first)


@pytest.mark.parametrize("moved", [False, True], ids=["in place", "moved"])
def test_a_level1_that_went_with_the_first_row_of_its_group_is_known_from_the_level2(moved: bool) -> None:  # noqa: FBT001
    form = draft(HUNAN, GOAL)
    delete_group(form, "经济效益指标", "社会效益指标")
    if moved:
        form.insert_row(1)
    reading = read_as(HUNAN, form)
    assert [one["level1"] for one in data_of(FORMS[HUNAN], reading)["indicators"]] == ["产出指标"] * 3 + ["效益指标"]
    assert doubts(reading) == []


def test_a_level2_under_another_level1_that_stands_there_stays_there__quiet() -> None:
    form = draft(HUNAN, {"indicators": [*COUNT, row("产出指标", "社会效益指标", "丁")]})
    last = data_of(FORMS[HUNAN], read_as(HUNAN, form))["indicators"][-1]
    assert (last["level1"], last["level2"]) == ("产出指标", "社会效益指标")


def test_a_row_between_two_groups_may_belong_to_either() -> None:
    form = draft(HUNAN, {"indicators": COUNT})
    typed_in_new_row(form, row_of(form, "丙") + 1)
    reading = read_as(HUNAN, form)
    assert data_of(FORMS[HUNAN], reading)["indicators"][3]["level2"] == "数量指标"
    assert doubts(reading) == [("新增的指标", "数量指标")]


def test_a_row_inside_a_group_belongs_to_it() -> None:
    form = draft(HUNAN, {"indicators": COUNT})
    typed_in_new_row(form, row_of(form, "丙"))
    assert not doubts(read_as(HUNAN, form))


def test_a_row_between_two_groups_that_names_its_own_is_clear() -> None:
    form = draft(HUNAN, {"indicators": COUNT})
    at = row_of(form, "丙") + 1
    typed_in_new_row(form, at)
    form.say(at, 3, "质量指标")
    assert not doubts(read_as(HUNAN, form))


def test_where_groups_are_known_by_their_first_rows_there_is_nothing_to_doubt() -> None:
    form = draft(HUNAN, {"indicators": COUNT})
    form.merges = [box for box in form.merges if box.last_row == box.row]
    typed_in_new_row(form, row_of(form, "丙") + 1)
    assert not doubts(read_as(HUNAN, form))


def test_a_row_below_a_function_may_belong_to_the_next() -> None:
    functions = [{"name": name, "indicators": COUNT} for name in ("督导", "统计")]
    form = draft(QINGHAI, {"core_functions": functions})
    second = next(
        n for n, line in enumerate(form.lines, 1) for p in line.pieces.values() if p.cell.value == "职能2:统计"
    )
    form.insert_row(second)
    form.say(second, 5, "新增的指标")
    assert [label for _, label in doubts(read_as(QINGHAI, form))] == ["职能1:督导"]


# -- goals -----------------------------------------------------------------------------------------------------------


def goals() -> Draft:
    return draft(HUBEI, {"annual_goals": [{"statement": f"第{n}个", **GOAL} for n in "一二三"]})


def beginning(form: Draft, goal: int) -> int:
    """The first row of a goal's own rows."""
    return next(
        n for n, line in enumerate(form.lines, start=1) if line.placed and line.placed.record == f"annual_goals[{goal}]"
    )


def test_goals_with_all_their_rows_are_clear() -> None:
    form = goals()
    form.insert_row(1)
    assert not doubts(read_as(HUBEI, form))


def test_a_goal_that_lost_its_statement_is_said() -> None:
    form = goals()
    at = beginning(form, 1)
    form.delete_row(at)
    for line in form.lines:
        line.pieces = {c: p for c, p in line.pieces.items() if p.placed is None or p.placed.look is not Look.SPINE}
    reading = read_as(HUBEI, form)
    assert any(notice.oddity in {Oddity.MERGED, Oddity.MISSING} for notice in reading.notices)


def test_a_goal_that_lost_its_statement_and_heads_is_said() -> None:
    form = goals()
    at = beginning(form, 1)
    while (placed := form.lines[at - 1].placed) is not None and placed.kind is not RowKind.TABLE:
        form.delete_row(at)
    assert len(data_of(FORMS[HUBEI], read_as(HUBEI, form))["annual_goals"]) == 2
    assert [label for _, label in doubts(read_as(HUBEI, form))] == ["年度目标1"]


def test_heads_again_inside_a_goal_may_be_the_next_one() -> None:
    form = goals()
    heads = [n for n in form.rows(RowKind.HEAD) if n > beginning(form, 0)][:3]
    lines = [
        Line({c: p for c, p in form.lines[n - 1].pieces.items() if p.placed and p.placed.look is Look.HEAD})
        for n in heads
    ]
    at = row_of(form, "丙") + 1 if row_of(form, "丙") > heads[-1] else heads[-1] + 4
    for number, line in enumerate(lines):
        form.insert_row(at + number, line)
    assert doubts(read_as(HUBEI, form))


def test_heads_again_at_the_top_of_a_page_are_no_doubt() -> None:
    form = draft(HENAN, {"tasks": [{"name": f"任务{n}", "budget_total": n} for n in range(1, 9)]})
    heads = [n for n in form.rows(RowKind.HEAD) if n < row_of(form, "任务1")][-2:]
    lines = [
        Line({c: p for c, p in form.lines[n - 1].pieces.items() if p.placed and p.placed.look is Look.HEAD})
        for n in heads
    ]
    at = row_of(form, "任务5")
    for number, line in enumerate(lines):
        form.insert_row(at + number, line)
    reading = read_as(HENAN, form)
    assert len(data_of(FORMS[HENAN], reading)["tasks"]) == 8
    assert not doubts(reading)
    assert any(notice.oddity is Oddity.MOVED for notice in reading.notices)
