"""A sheet read as a form: where values are found, and what is said about the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import pytest

from perfxl.align.pattern import compile_pattern
from perfxl.align.read import read
from perfxl.api import layout
from perfxl.model.address import Box
from perfxl.model.form import Look
from perfxl.model.grid import CellKind, GridCell
from perfxl.model.reading import Oddity, Reading
from support.altered import FORMS, PATTERNS, data_of, draft_of
from support.cases import form_of
from support.draft import Draft, Line, Piece, text_cell
from support.trials import HEAD

HUNAN, HUBEI, HENAN = "hunan-dept-self-eval", "hubei-dept-goal", "henan-dept-goal"
QINGHAI, GOAL, MONITOR = "qinghai-dept-approval", "mof-project-goal", "mof-project-monitor"


def read_as(form: str, draft: Draft) -> Reading:
    return read(PATTERNS[form], draft.grid())


def draft(form: str, data: Mapping[str, Any] | None = None) -> Draft:
    return draft_of(FORMS[form], data or {})


def place(draft: Draft, path: str) -> tuple[int, int]:
    """The row and column of the cell for a path, as long as nothing was moved."""
    cell = next(cell for cell in draft.layout.cells if cell.field is not None and cell.path == path)
    return cell.box.row, cell.box.column


def put(draft: Draft, path: str, value: str | Decimal) -> None:
    row, column = place(draft, path)
    kind = CellKind.TEXT if isinstance(value, str) else CellKind.NUMBER
    draft.lines[row - 1].pieces[column] = Piece(GridCell(1, 1, kind, value), None)


def told(reading: Reading, oddity: Oddity) -> list[tuple[str | None, str]]:
    return [(notice.cell, notice.label or notice.text) for notice in reading.notices if notice.oddity is oddity]


def out_of_place(draft: Draft) -> Draft:
    """A row above everything: the direct path is no way any more."""
    draft.insert_row(1)
    return draft


# -- captions --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("moved", [False, True], ids=["in place", "moved"])
def test_an_amount_typed_over_its_caption_is_read_and_said(moved: bool) -> None:  # noqa: FBT001 - the two ways of reading
    form = draft(HUNAN, {"funds": {"by_income": {"general": 10, "other": 2}, "by_expense": {"basic": 5, "project": 7}}})
    put(form, "funds.by_income.special_account", Decimal(3))
    row, column = place(form, "funds.by_income.special_account")
    reading = read_as(HUNAN, out_of_place(form) if moved else form)
    assert reading.seen["funds.by_income.special_account"].content == 3
    cell = f"{chr(64 + column)}{row + moved}"
    assert told(reading, Oddity.REWORDED) == [(cell, "纳入专户管理的非税收入拨款：万元")]


@pytest.mark.parametrize("moved", [False, True], ids=["in place", "moved"])
def test_a_caption_that_was_cleared_is_a_blank(moved: bool) -> None:  # noqa: FBT001 - the two ways of reading
    form = draft(HUNAN)
    row, column = place(form, "funds.by_income.special_account")
    del form.lines[row - 1].pieces[column]
    reading = read_as(HUNAN, out_of_place(form) if moved else form)
    assert reading.seen["funds.by_income.special_account"].content is None
    assert not told(reading, Oddity.MISSING)


@pytest.mark.parametrize("title", ["2023年度部门整体支出绩效自评表", "某县教育局2023年部门整体支出绩效自评表"])
@pytest.mark.parametrize("line", ["", "（    年度）"])
def test_a_year_in_the_title_only_is_read_there(title: str, line: str) -> None:
    form = draft(HUNAN)
    row, column = place(form, "year")
    form.say(row - 1, column, title)
    form.lines[row - 1].pieces = {column: Piece(text_cell(line), None)} if line else {}
    reading = read_as(HUNAN, form)
    assert (reading.seen["year"].content, reading.seen["year"].name) == (2023, "A1")
    assert not told(reading, Oddity.MISSING)


def test_a_year_in_its_own_line_is_read_there_whatever_the_title_says() -> None:
    form = draft(HUNAN)
    row, column = place(form, "year")
    form.say(row - 1, column, "2022年度部门整体支出绩效自评表")
    put(form, "year", "（2023年度）")
    assert read_as(HUNAN, form).seen["year"].content == "2023"


@pytest.mark.parametrize("line", ["填报单位：某局", "填报单位:"])
def test_another_label_where_a_caption_stood_is_no_value(line: str) -> None:
    form = draft(HUNAN)
    put(form, "year", line)
    reading = read_as(HUNAN, out_of_place(form))
    assert "year" not in reading.seen
    assert [text for _, text in told(reading, Oddity.OUTSIDE)] == [line]


def test_words_where_a_caption_stood_are_what_was_typed_there() -> None:
    form = draft(HUNAN)
    put(form, "year", "待填")
    reading = read_as(HUNAN, out_of_place(form))
    assert reading.seen["year"].content == "待填"
    assert [text for _, text in told(reading, Oddity.REWORDED)] == ["（年度）"]


def test_a_whole_caption_typed_as_text_gives_its_amount() -> None:
    form = draft(HUNAN)
    put(form, "funds.by_income.general", "其中： 一般公共预算：6,463.09 万元")
    assert read_as(HUNAN, form).seen["funds.by_income.general"].content == "6,463.09"


def test_a_long_text_behind_its_caption_is_not_cut() -> None:
    text = "保障 运转，" * 300
    form = draft(HENAN)
    put(form, "goals[0].text", f"目标1：{text}")
    assert read_as(HENAN, form).seen["goals[0].text"].content == text.strip()


def beside(form: str, path: str, caption: str, value: str | Decimal, columns: int = 1) -> Reading:
    """A caption without its value, and the value in a cell further right; the caption's own merge is gone."""
    made = draft(form)
    row, column = place(made, path)
    made.merges = [box for box in made.merges if not box.holds(row, column)]
    put(made, path, caption)
    kind = CellKind.TEXT if isinstance(value, str) else CellKind.NUMBER
    made.lines[row - 1].pieces[column + columns] = Piece(GridCell(1, 1, kind, value), None)
    return read_as(form, made)


@pytest.mark.parametrize(
    ("form", "path", "caption", "value"),
    [
        (HUBEI, "fill_date", "填报日期：", "2024年1月16日"),
        (HENAN, "goals[0].text", "目标1：", "推进内涵建设"),
        (HUNAN, "funds.by_income.general", "其中:一般公共预算：", Decimal("6463.09")),
    ],
)
def test_a_value_beside_the_cell_of_its_caption(form: str, path: str, caption: str, value: str | Decimal) -> None:
    reading = beside(form, path, caption, value)
    assert reading.seen[path].content == value
    assert not told(reading, Oddity.OUTSIDE)


def test_what_stands_beyond_the_form_is_no_value_of_a_caption() -> None:
    reading = beside(HUBEI, "fill_date", "填报日期：", "已核对", columns=20)
    assert reading.seen["fill_date"].content in {None, ""}
    assert [text for _, text in told(reading, Oddity.OUTSIDE)] == ["已核对"]


def test_a_year_beside_a_caption_that_goes_on_behind_it_is_a_remark() -> None:
    reading = beside(HUNAN, "year", "（    年度）", Decimal(2023))
    assert told(reading, Oddity.OUTSIDE)


@pytest.mark.parametrize("moved", [False, True], ids=["in place", "moved"])
def test_a_text_may_stand_without_its_caption(moved: bool) -> None:  # noqa: FBT001 - the two ways of reading
    form = draft(HENAN)
    put(form, "goals[0].text", "促进教育均衡发展")
    put(form, "goals[1].text", "目标2：推进内涵建设")
    reading = read_as(HENAN, out_of_place(form) if moved else form)
    assert data_of(FORMS[HENAN], reading)["goals"] == [{"text": "促进教育均衡发展"}, {"text": "推进内涵建设"}]
    assert not reading.notices


@pytest.mark.parametrize("moved", [False, True], ids=["in place", "moved"])
def test_a_typed_dash_is_no_label_though_the_form_prints_dashes(moved: bool) -> None:  # noqa: FBT001 - the two ways of reading
    row = {"level1": "产出指标", "level2": "数量指标", "name": "甲", "target": {"text": "-"}, "actual": {"text": "—"}}
    form = draft("mof-project-self-eval", {"indicators": [{**row, "weight": 1, "score": 1, "reason": "-"}]})
    put(form, "funds.other.initial", "-")
    reading = read_as("mof-project-self-eval", out_of_place(form) if moved else form)
    content = [reading.seen[f"indicators[0].{key}"].content for key in ("name", "target", "actual", "reason")]
    assert content == ["甲", "-", "—", "-"]
    assert reading.seen["funds.other.initial"].content == "-"
    assert not reading.notices


@pytest.mark.parametrize(("text", "told_of"), [("—", False), ("√", True), ("-3", True)])
def test_a_dash_beside_the_form_says_nothing(text: str, *, told_of: bool) -> None:
    form = draft(HUNAN)
    form.say(5, 20, text)
    assert bool(told(read_as(HUNAN, form), Oddity.OUTSIDE)) is told_of


def test_heads_at_the_top_of_a_blank_page_are_no_row_though_one_was_reworded() -> None:
    form = draft(HUBEI)
    row, _ = place(form, "projects[0].name")
    heads = Line({c: Piece(p.cell, p.placed) for c, p in form.lines[row - 2].pieces.items() if c > 1})
    form.insert_row(row + 3, heads)
    form.say(row + 3, 7, "核定数")
    reading = read_as(HUBEI, form)
    assert not reading.sizes.get("projects")
    assert told(reading, Oddity.REWORDED)


@pytest.mark.parametrize("label", ["中期目标（2024年—2026年）", "中期目标(20XX年-20XX+n年)", "中期 目标"])
def test_a_label_may_have_years_behind_it(label: str) -> None:
    form = draft(GOAL, {"goal": {"mid": "三年完成", "annual": "当年完成"}})
    row, column = place(form, "goal.mid")
    form.say(row - 1, column, label)
    reading = read_as(GOAL, out_of_place(form))
    assert reading.seen["goal.mid"].content == "三年完成"
    assert not reading.notices


def test_a_head_may_have_a_unit_behind_it() -> None:
    form = draft(HUNAN, {"funds": {"total": {"initial": 1, "budget": 2, "executed": 3}}})
    row, column = place(form, "funds.total.budget")
    form.say(row - 1, column, "全年预算数（单位：万元）")
    reading = read_as(HUNAN, form)
    assert reading.seen["funds.total.budget"].content == 2
    assert not reading.notices


# -- labels ----------------------------------------------------------------------------------------------------------


def test_a_value_behind_its_label_in_one_cell() -> None:
    form = draft(HUNAN, {"unit_name": "某局"})
    row, column = place(form, "unit_name")
    form.lines[row - 1].pieces = {1: Piece(text_cell("预算部门名称： 某县教育局"), None)}
    reading = read_as(HUNAN, form)
    assert reading.seen["unit_name"].content == "某县教育局"
    assert column > 1


def test_a_reworded_head_between_known_ones_is_guessed_and_said() -> None:
    form = draft(HUNAN, {"funds": {"total": {"initial": 1, "budget": 2, "executed": 3}}})
    row, column = place(form, "funds.total.budget")
    form.say(row - 1, column, "调整后数额")
    reading = read_as(HUNAN, form)
    assert reading.seen["funds.total.budget"].content == 2
    assert [label for _, label in told(reading, Oddity.REWORDED)] == ["全年预算数"]


def test_a_head_that_is_gone_is_missing_and_its_values_are_said() -> None:
    form = draft(HUNAN, {"funds": {"total": {"initial": 1, "budget": 2, "executed": 3}}})
    row, column = place(form, "funds.total.budget")
    del form.lines[row - 2].pieces[column]
    reading = read_as(HUNAN, form)
    assert "funds.total.budget" not in reading.seen
    assert [label for _, label in told(reading, Oddity.MISSING)] == ["全年预算数"]
    assert [text for _, text in told(reading, Oddity.OUTSIDE)] == ["2"]
    assert reading.seen["funds.total.initial"].content == 1


def test_a_reworded_label_between_known_rows_is_guessed_and_said() -> None:
    form = draft(HUNAN, {"unit_name": "某局"})
    row, _ = place(form, "unit_name")
    form.say(row, 1, "填报的单位")
    reading = read_as(HUNAN, form)
    assert reading.seen["unit_name"].content == "某局"
    assert [label for _, label in told(reading, Oddity.REWORDED)] == ["预算部门名称"]


def test_a_remark_beyond_the_edge_is_not_the_value_of_a_label() -> None:
    form = draft(HUNAN)
    row, _ = place(form, "unit_name")
    form.say(row, 14, "请填写全称")
    reading = read_as(HUNAN, form)
    assert reading.seen["unit_name"].content is None
    assert told(reading, Oddity.OUTSIDE) == [(f"N{row}", "请填写全称")]


def test_a_title_may_go() -> None:
    form = draft(HUNAN)
    form.delete_row(1)
    assert not read_as(HUNAN, form).notices


def test_the_year_that_heads_tell() -> None:
    form = draft_of(FORMS[HUBEI], {})
    assert read_as(HUBEI, form).year is None
    for text in ("2022年", "2023年"):
        piece = next(
            p for _, _, p in form.labels() if p.placed and "{year" in p.placed.template and p.cell.value != "2022年"
        )
        piece.cell = text_cell(text)
    assert read_as(HUBEI, form).year == 2024


def test_year_heads_that_disagree_tell_none() -> None:
    form = draft_of(FORMS[HUBEI], {})
    heads = [piece for _, _, piece in form.labels() if piece.placed and "{year" in piece.placed.template]
    for piece, text in zip(heads, ("2021年", "2023年"), strict=True):
        piece.cell = text_cell(text)
    assert read_as(HUBEI, form).year is None


# -- growing tables --------------------------------------------------------------------------------------------------


def test_unused_rows_are_no_rows() -> None:
    assert read_as(HUNAN, draft(HUNAN)).sizes == {}


def test_levels_are_inherited_until_another_one_begins() -> None:
    rows = [
        {"level1": "产出指标", "level2": "数量指标", "name": "甲"},
        {"level1": "产出指标", "level2": "数量指标", "name": "乙"},
        {"level1": "效益指标", "level2": "社会效益指标", "name": "丙"},
    ]
    form = draft(HUNAN, {"indicators": rows})
    form.merges = []
    data = data_of(FORMS[HUNAN], read_as(HUNAN, form))["indicators"]
    assert [(row["level1"], row["level2"], row["name"]) for row in data] == [tuple(row.values()) for row in rows]


def test_a_level_of_the_units_own_without_a_row_is_said() -> None:
    form = draft(HUNAN, {"indicators": [{"level1": "产出指标", "level2": "数量指标", "name": "甲"}]})
    row = next(
        n
        for n, line in enumerate(form.lines, start=1)
        if any(p.cell.value == "服务对象满意度指标" for p in line.pieces.values())
    )
    form.say(row, 3, "自定指标")
    reading = read_as(HUNAN, form)
    assert (f"C{row}", "自定指标") in told(reading, Oddity.OUTSIDE)


def test_printed_rows_are_always_there() -> None:
    data = data_of(FORMS[HENAN], read_as(HENAN, draft(HENAN)))
    assert len(data["indicators"]) == 42
    assert all(row["definition"] for row in data["indicators"][:5])


def test_what_is_printed_for_several_rows_holds_for_each_though_unmerged() -> None:
    form = draft(HENAN)
    expected = data_of(FORMS[HENAN], read_as(HENAN, form))
    form.merges = []
    assert data_of(FORMS[HENAN], read_as(HENAN, form)) == expected


def test_a_printed_counter_is_no_value() -> None:
    goals = [
        {
            "name": "教育督导",
            "indicators": [{"level1": "产出指标", "level2": "数量指标", "name": "检查频次", "target": "≥9次"}],
        }
    ]
    form = draft(QINGHAI, {"core_functions": goals})
    (line,) = (line for line in form.lines if any(p.cell.value == "检查频次" for p in line.pieces.values()))
    line.pieces = {c: p for c, p in line.pieces.items() if c not in {4, 5}} | {
        4: Piece(text_cell("指标1：检查频次"), None)
    }
    data = data_of(FORMS[QINGHAI], read_as(QINGHAI, form))
    assert [row["name"] for row in data["core_functions"][0]["indicators"]] == ["检查频次"]


def test_two_tables_side_by_side_grow_by_themselves() -> None:
    data = {
        "mid_indicators": [
            {"level1": "产出指标", "level2": "数量指标", "name": f"中{n}", "target": "≥1个"} for n in range(4)
        ],
        "annual_indicators": [{"level1": "产出指标", "level2": "质量指标", "name": "年1", "target": "98%"}],
    }
    form = out_of_place(draft(GOAL, data))
    found = data_of(FORMS[GOAL], read_as(GOAL, form))
    assert [row["name"] for row in found["mid_indicators"]] == ["中0", "中1", "中2", "中3"]
    assert [(row["level1"], row["level2"], row["name"]) for row in found["annual_indicators"]] == [
        ("产出指标", "质量指标", "年1")
    ]


@pytest.mark.parametrize(
    ("ticks", "content"),
    [
        ({14: "✔"}, "certain"),
        ({15: "√"}, "possible"),
        ({}, None),
        ({14: "✔", 16: "是"}, "确定能、完全不可能"),
        ({15: "不清楚"}, "不清楚"),
    ],
)
def test_a_choice_by_tick(ticks: dict[int, str], content: str | None) -> None:
    form = draft(MONITOR, {"indicators": [{"level1": "产出指标", "level2": "数量指标", "name": "甲"}]})
    row, _ = place(form, "indicators[0].name")
    for column, tick in ticks.items():
        form.say(row, column, tick)
    assert read_as(MONITOR, form).seen["indicators[0].likelihood"].content == content


# -- blocks ----------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_block_in_which_nothing_was_typed_is_not_in_the_data() -> None:
    form = draft(HUBEI, {"annual_goals": [{"statement": "甲", "indicators": []}]})
    form.say(*place(form, "annual_goals[2].statement"), "丙")
    reading = read_as(HUBEI, form)
    assert reading.sizes["annual_goals"] == 2
    assert [reading.seen[f"annual_goals[{n}].statement"].content for n in (0, 1)] == ["甲", "丙"]
    assert "annual_goals[2].statement" not in reading.seen


@pytest.mark.slow
def test_a_block_that_lacks_its_label_is_said() -> None:
    goals = [
        {"statement": f"目标之{n}", "indicators": [{"level1": "产出指标", "level2": "数量指标", "name": "甲"}]}
        for n in (1, 2)
    ]
    form = draft(HUBEI, {"annual_goals": goals})
    form.delete_row(place(form, "annual_goals[1].statement")[0])
    reading = read_as(HUBEI, form)
    assert reading.sizes["annual_goals"] == 2
    assert [label for _, label in told(reading, Oddity.MISSING)] == ["年度目标"]


def test_blocks_are_told_apart_by_what_stands_down_their_left() -> None:
    rows = [
        {"level1": "产出指标", "level2": "数量指标", "name": "甲"},
        {"level1": "产出指标", "level2": "质量指标", "name": "乙"},
    ]
    form = draft(
        QINGHAI, {"core_functions": [{"name": "督导", "indicators": rows}, {"name": "统计", "indicators": rows}]}
    )
    expected = data_of(FORMS[QINGHAI], read_as(QINGHAI, form))
    form.merges = []
    assert data_of(FORMS[QINGHAI], read_as(QINGHAI, form)) == expected
    for line in form.lines:  # and repeated on each row
        spine = line.pieces.get(1)
        if spine is not None and spine.placed is not None and spine.placed.look is Look.SPINE:
            last = spine
        elif line.placed is not None and line.placed.record:
            line.pieces[1] = Piece(last.cell, None)
    assert data_of(FORMS[QINGHAI], read_as(QINGHAI, form)) == expected


# -- what is left over -----------------------------------------------------------------------------------------------


def test_a_text_that_goes_on_below_is_joined_and_said() -> None:
    form = draft(HUNAN, {"goal": {"expected": "甲", "actual": "乙"}})
    row, column = place(form, "goal.expected")
    form.insert_row(row + 1)
    form.say(row + 1, column, "还有")
    reading = read_as(HUNAN, form)
    assert reading.seen["goal.expected"].content == "甲\n还有"
    assert told(reading, Oddity.MOVED) == [(f"B{row + 1}", "还有")]


def test_covered_copies_are_said_and_hidden_values_are_not_read() -> None:
    form = draft(HUNAN, {"unit_name": "某局"})
    row, column = place(form, "unit_name")
    form.say(row, column + 1, "某局")
    form.say(row, column + 2, "另一个局")
    reading = read_as(HUNAN, form)
    assert reading.seen["unit_name"].content == "某局"
    assert [text for _, text in told(reading, Oddity.COPY)] == ["某局"]
    assert [text for _, text in told(reading, Oddity.OUTSIDE)] == ["另一个局"]


PROJECTS = [{"name": name, "category": "特定目标", "year_budget": amount} for name, amount in (("甲", 1.5), ("乙", 2))]


@pytest.mark.slow
@pytest.mark.parametrize("amount", ["3.50", "3.5万元", Decimal("3.5")])
def test_a_total_of_ones_own_below_a_table_is_no_row_of_it(amount: str | Decimal) -> None:
    form = draft(HUBEI, {"projects": PROJECTS})
    row, column = place(form, "projects[2].name")
    form.say(row, column, "合  计")
    put(form, "projects[2].year_budget", amount)
    reading = read_as(HUBEI, form)
    assert reading.sizes["projects"] == 2
    assert not any(path.startswith("projects[2]") for path in reading.seen)
    assert [text for _, text in told(reading, Oddity.OUTSIDE)] == ["合  计", str(amount)]


@pytest.mark.parametrize(
    ("name", "amount"), [("合计", Decimal("3.6")), ("丙", Decimal("3.5")), ("合计", "另行安排"), ("合计", Decimal(0))]
)
def test_what_only_looks_like_a_total_is_a_row(name: str, amount: str | Decimal) -> None:
    form = draft(HUBEI, {"projects": PROJECTS})
    row, column = place(form, "projects[2].name")
    form.say(row, column, name)
    put(form, "projects[2].year_budget", amount)
    reading = read_as(HUBEI, form)
    assert reading.sizes["projects"] == 3
    assert not told(reading, Oddity.OUTSIDE)


def test_a_row_that_was_moved_is_read_and_said() -> None:
    form = draft(HUNAN, {"unit_name": "某局"})
    row, _ = place(form, "unit_name")
    line = form.lines[row - 1]
    form.delete_row(row)
    form.insert_row(len(form.lines) + 1, Line(line.pieces))
    reading = read_as(HUNAN, form)
    assert reading.seen["unit_name"].content == "某局"
    assert told(reading, Oddity.MOVED) == [(f"A{len(form.lines)}", "预算部门名称")]


def test_two_forms_below_each_other_are_not_read_as_one_without_a_word() -> None:
    form = draft(HUNAN, {"unit_name": "某局"})
    first = len(form.lines)
    form.lines += [Line(dict(line.pieces)) for line in draft(HUNAN, {"unit_name": "另一个局"}).lines]
    form.merges += [Box(b.row + first, b.column, b.last_row + first, b.last_column) for b in form.merges]
    reading = read_as(HUNAN, form)
    assert len(told(reading, Oddity.OUTSIDE)) > 10


@pytest.mark.parametrize(("text", "told_of"), [("项目支出\n情况", False), ("项目支出说明", True)])
def test_a_label_down_the_left_may_stand_again_on_the_next_page(text: str, told_of: bool) -> None:  # noqa: FBT001
    form = draft(HUBEI, {"projects": PROJECTS})
    row, _ = place(form, "projects[1].name")
    form.say(row, 1, text)
    reading = read_as(HUBEI, out_of_place(form))
    assert reading.sizes["projects"] == 2
    assert bool(told(reading, Oddity.OUTSIDE)) is told_of


# -- signatures ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [HUNAN, HENAN])
@pytest.mark.parametrize("line", ["单位负责人：钱立　填表人：孙悦", "（公章）", "2024年1月9日"])
def test_what_is_signed_below_a_form_is_no_stray_text__quiet(line: str, name: str) -> None:
    form = draft(name)
    form.insert_row(len(form.lines) + 1)
    form.say(len(form.lines), 1, line)
    assert told(read_as(name, form), Oddity.OUTSIDE) == []


def test_a_name_next_to_a_signature_is_no_stray_text_but_a_remark_is() -> None:
    form = draft(HUNAN)
    form.insert_row(len(form.lines) + 1)
    form.say(len(form.lines), 1, "单位负责人：")
    form.say(len(form.lines), 4, "钱立")
    form.insert_row(len(form.lines) + 1)
    form.say(len(form.lines), 1, "含追加 20 万元")
    assert [text for _, text in told(read_as(HUNAN, form), Oddity.OUTSIDE)] == ["含追加 20 万元"]


def test_several_values_after_a_label_are_read_by_their_columns_else_in_their_order() -> None:
    form = form_of(f"""{HEAD}
- row:
  - {{at: A, label: 计划执行期}}
  - {{at: B, field: since, type: text}}
  - {{at: C, field: until, type: text}}
  - {{at: D, field: by, type: text}}
  - {{at: E, label: 金额}}
  - {{at: F, field: amount, type: money}}
""")
    data = {"since": "春季", "until": "秋季", "by": "某局"}
    pattern = compile_pattern(layout(form))

    def read_after(alter: Callable[[Draft], None]) -> tuple[object, ...]:
        draft = draft_of(form, data)
        alter(draft)
        seen = read(pattern, draft.grid()).seen
        return tuple(seen[path].content if path in seen else None for path in data)

    def lose_the_second(draft: Draft) -> None:
        draft.insert_row(1)
        del draft.lines[3].pieces[3]

    assert read_after(lambda draft: draft.insert_column(2)) == ("春季", "秋季", "某局")
    assert read_after(lambda draft: draft.insert_column(1)) == ("春季", "秋季", "某局")
    assert read_after(lose_the_second) == ("春季", None, "某局")
