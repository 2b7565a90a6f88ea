"""What a form looks like to the reader; shapes that some form has."""

from __future__ import annotations

import pytest

from perfxl.align.row_states import Pattern, State, StateColumn, StateKind
from support.altered import PATTERNS

HUNAN = PATTERNS["hunan-dept-self-eval"]
HUBEI = PATTERNS["hubei-dept-goal"]
QINGHAI = PATTERNS["qinghai-dept-approval"]
HENAN = PATTERNS["henan-dept-goal"]
GOAL = PATTERNS["mof-project-goal"]
MONITOR = PATTERNS["mof-project-monitor"]


def state_of(pattern: Pattern, label: str) -> State:
    return next(state for state in pattern.states if any(item.sign.text == label for item in state.items))


def columns(pattern: Pattern, table: str) -> dict[str, StateColumn]:
    sides = [side for state in pattern.states for side in state.sides if side.table == table]
    return {column.path.rpartition("[].")[2]: column for column in sides[0].columns}


def test_a_value_on_the_right_belongs_to_its_label() -> None:
    (item,) = state_of(HUNAN, "预算部门名称").items
    assert (item.path, item.inside) == ("unit_name", False)


def test_a_label_that_looks_like_a_spine_may_stand_for_one_value() -> None:
    assert state_of(HUBEI, "部门职能概述").items[0].path == "functions"


def test_captions_that_follow_each_other_are_one_list() -> None:
    state = state_of(HUNAN, "其他资金：万元")
    assert state.kind is StateKind.LIST
    assert len(state.items) == 6
    assert all(item.inside for item in state.items)


def test_two_rows_of_one_name_are_two_states() -> None:
    totals = [n for n, state in enumerate(HUBEI.states) if [item.sign.text for item in state.items] == ["合计"]]
    assert len(totals) == 2
    income, expense = (HUBEI.states[number].columns[0].path for number in totals)
    assert (income, expense) == ("funds.income.total.amount", "funds.expense.total.amount")


def test_heads_in_three_rows_are_one_group() -> None:
    head = state_of(HUBEI, "预期当年实现值").head
    assert len(HUBEI.heads[head]) == 3
    by_name = columns(HUBEI, "annual_goals[].indicators")
    assert [by_name[name].under for name in ("prev2", "prev1", "target", "basis")] == [6, 7, 8, 9]


def test_a_wide_head_over_others_has_no_column() -> None:
    wide = next(item for item in state_of(HUBEI, "近两年收支金额").items if item.sign.text == "近两年收支金额")
    assert wide.under is None


def test_a_head_may_hold_a_value_of_its_own() -> None:
    item = state_of(HUBEI, "年度目标").items[0]
    assert (item.path, item.inside, item.under) == ("overall.until", True, 2)
    below = next(state for state in HUBEI.states if state.kind is StateKind.BELOW)
    assert {column.path for column in below.columns} == {"overall.long_term", "overall.annual"}


def test_a_block_is_compiled_once_and_may_come_again() -> None:
    first = next(n for n, state in enumerate(HUBEI.states) if state.block == "annual_goals")
    assert [jump.last for jump in HUBEI.jumps[first] if jump.block] == [len(HUBEI.states) - 1]
    assert HUBEI.states[first].items[0].path == "annual_goals[].statement"


def test_a_block_of_one_row_repeats_itself() -> None:
    number = next(n for n, state in enumerate(HENAN.states) if state.block == "goals")
    assert [(jump.last, jump.block) for jump in HENAN.jumps[number]] == [(number, True)]
    assert HENAN.states[number].items[0].sign.open


def test_a_block_without_a_row_of_its_own_is_told_by_what_stands_down_its_left() -> None:
    (state,) = (state for state in QINGHAI.states if state.spine is not None)
    assert state.spine is not None
    assert (state.spine.path, state.spine.under) == ("core_functions[].name", 1)
    assert [mark.text for mark in state.marks] == ["指标"]
    assert not any(jump.block for jumps in QINGHAI.jumps.values() for jump in jumps)


def test_a_head_over_a_counter_and_a_value_stands_for_the_value() -> None:
    assert columns(QINGHAI, "core_functions[].indicators")["name"].under == 4


def test_tables_side_by_side_share_their_first_level() -> None:
    left, right = (columns(GOAL, table) for table in ("mid_indicators", "annual_indicators"))
    state = next(state for state in GOAL.states if len(state.sides) == 2)
    assert left["level1"].under == 2
    shared = state.sides[1].levels
    assert [(column.path, column.under) for column in shared] == [
        ("annual_indicators[].level1", 2),
        ("annual_indicators[].level2", right["level2"].under),
    ]


def test_each_option_has_a_column_of_its_own() -> None:
    state = next(state for state in MONITOR.states if state.sides)
    options = [c for c in state.sides[0].columns if c.path == "indicators[].likelihood"]
    assert len({column.under for column in options}) == len(options) == 3
    assert [column.option for column in options] == ["certain", "possible", "impossible"]


@pytest.mark.parametrize(("form", "idle"), [("jilin-dept-self-eval", "no"), ("hunan-self-eval-report", "share")])
def test_numbers_of_rows_and_computed_values_use_no_row(form: str, idle: str) -> None:
    found = [c for state in PATTERNS[form].states for side in state.sides for c in side.columns]
    assert [column.path.rpartition("[].")[2] for column in found if column.idle] == [idle]


def test_what_the_form_prints_in_spread_columns_is_known_by_row() -> None:
    assert len(HENAN.spread) > 30
    assert all(path.startswith("indicators[].") for texts in HENAN.spread.values() for path in texts)
    assert HENAN.printed.issuperset(text for texts in HENAN.spread.values() for text in texts.values())
