"""Rows explained by states: the traps, one by one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from perfxl.align.align import How, align
from perfxl.align.heads import LabelledSheet
from perfxl.align.lines import lines
from perfxl.align.row_states import StateKind
from support.altered import FORMS, PATTERNS, draft_of
from support.draft import Draft

HENAN, HUNAN, HUBEI, JILIN = "henan-dept-goal", "hunan-dept-self-eval", "hubei-dept-goal", "jilin-project-self-eval"
ROWS = [
    {"level1": "产出指标", "level2": "数量指标", "name": "培训人数", "target": "≥18人", "actual": "20人", "weight": 50},
    {
        "level1": "效益指标",
        "level2": "社会效益指标",
        "name": "满意人数",
        "target": "≥9人",
        "actual": "9人",
        "weight": 40,
    },
]


def explained(form: str, draft: Draft) -> dict[int, tuple[int, StateKind, How]]:
    sheet = LabelledSheet(PATTERNS[form], lines(draft.grid()))
    return {step.row: (step.state, PATTERNS[form].states[step.state].kind, step.how) for step in align(sheet)}


def row_of(draft: Draft, text: str) -> int:
    return next(
        number
        for number, line in enumerate(draft.lines, start=1)
        if any(str(piece.cell.value).replace("\n", "").startswith(text) for piece in line.pieces.values())
    )


@pytest.fixture
def hunan() -> Draft:
    return draft_of(FORMS[HUNAN], {"year": 2023, "unit_name": "某局", "indicators": ROWS})


def test_every_filled_row_of_a_form_is_explained(hunan: Draft) -> None:
    found = explained(HUNAN, hunan)
    assert found.keys() == {number for number, line in enumerate(hunan.lines, start=1) if line.pieces}
    assert all(how is How.NEXT for _, _, how in found.values())


def test_a_remark_is_noise(hunan: Draft) -> None:
    hunan.insert_row(3)
    hunan.say(3, 1, "请各单位认真填写")
    assert 3 not in explained(HUNAN, hunan)


def test_equal_labels_are_taken_in_order() -> None:
    draft = draft_of(FORMS[HUBEI], {})
    totals = [
        n
        for n, line in enumerate(draft.lines, start=1)
        if any(str(p.cell.value) == "合　计" for p in line.pieces.values())
    ]
    draft.delete_row(row_of(draft, "单位资金"))
    states = [explained(HUBEI, draft)[row - 1][0] for row in totals]
    assert states == sorted(states)
    assert len(set(states)) == 2


def test_heads_that_come_again_lead_back_to_their_table(hunan: Draft) -> None:
    head, row = row_of(hunan, "一级指标"), row_of(hunan, "效益指标")
    hunan.insert_row(row)
    hunan.lines[row - 1].pieces = {c: p for c, p in hunan.lines[head - 1].pieces.items() if c > 1}
    found = explained(HUNAN, hunan)
    assert found[row][2] is How.AGAIN
    assert found[row + 1][1] is StateKind.TABLE


def test_rows_that_read_like_some_of_the_heads_are_no_heads() -> None:
    rows = [{"name": name, "content": "组织实施", "remark": "备注"} for name in ("备注", "合计", "教师培训")]
    draft = draft_of(FORMS[HENAN], {"tasks": rows})
    first = row_of(draft, "教师培训") - 2
    found = explained(HENAN, draft)
    assert [found[row][1:] for row in range(first, first + 3)] == [(StateKind.TABLE, How.NEXT)] * 3


def test_a_block_begins_again() -> None:
    goals = [{"statement": f"目标之{n}", "indicators": []} for n in range(3)]
    draft = draft_of(FORMS[HUBEI], {"annual_goals": goals})
    found = explained(HUBEI, draft)
    begun = [
        how
        for _, (state, _, how) in sorted(found.items())
        if PATTERNS[HUBEI].states[state].items
        and PATTERNS[HUBEI].states[state].items[0].path == "annual_goals[].statement"
    ]
    assert begun == [How.NEXT, How.BLOCK, How.BLOCK]


@pytest.mark.parametrize("name", ["总分", "其他资金", "产出指标", "预期目标"])
def test_a_value_that_reads_like_a_label_stays_a_value(name: str) -> None:
    draft = draft_of(FORMS[HUNAN], {"indicators": [{**ROWS[0], "name": name}, ROWS[1]]})
    row = row_of(draft, "产出指标")
    assert explained(HUNAN, draft)[row][1] is StateKind.TABLE
    assert explained(HUNAN, draft)[row_of(draft, "总分") if name != "总分" else len(draft.lines)][1] is StateKind.FIXED


def test_a_total_below_a_table_is_no_row_of_it(hunan: Draft) -> None:
    assert explained(HUNAN, hunan)[row_of(hunan, "总分")][1] is StateKind.FIXED


@pytest.mark.parametrize("remark", ["注：以上均已核实", "填表人：张某", "以下空白，不再填写。"])
def test_a_remark_below_a_table_is_no_row_of_it(remark: str) -> None:
    draft = draft_of(FORMS[JILIN], {"project_name": "某项目"})
    draft.insert_row(len(draft.lines) + 1)
    draft.say(len(draft.lines), 2, remark)
    assert len(draft.lines) not in explained(JILIN, draft)


def _last(draft: Draft) -> int:
    return len(draft.lines)


@pytest.mark.parametrize("where", [lambda _: 1, _last], ids=["above", "below"])
def test_rows_that_fit_nowhere_do_not_hide_the_form(hunan: Draft, where: Callable[[Draft], int]) -> None:
    before = len(explained(HUNAN, hunan))
    for number in range(5):
        at = where(hunan)
        hunan.insert_row(at + (at > 1))
        hunan.say(at + (at > 1), 1, f"附注{number}")
    assert len(explained(HUNAN, hunan)) == before
