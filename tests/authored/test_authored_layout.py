"""Forms of other provinces and trades, written from docs/authoring.md: filled in, read back, with planted mistakes."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from authored_returns import authored, cell_of, changed, read, said, with_row_inserted

from perfxl.api import generate
from perfxl.model.record import to_data

EQUIPMENT: dict[str, Any] = {
    "school": "示例小学",
    "year": 2024,
    "stage": "小学",
    "items": [
        {"kind": "信息化设备", "code": "020004", "wanted": "4000 流明", "count": 3, "price": 0.85, "urgency": "急需"},
        {"kind": "体育器材", "code": "040009", "count": 12, "price": 0.2, "urgency": "一般"},
        {"kind": "图书资料", "code": "030010", "wanted": "精装", "count": 40, "price": 0.01},
    ],
    "reason": "原有设备已到使用年限。",
    "filler": "王某",
    "phone": "0731-0000000",
    "filled": "2024-03-05",
}


@pytest.mark.slow
def test_a_plan_of_equipment_is_read_as_it_was_filled_in() -> None:
    form = authored("school-equipment-plan")
    submission = read(form, changed(form, EQUIPMENT, {}))
    data: dict[str, Any] = to_data(form, submission.forms[0].record)
    assert not said(submission)
    assert [item["title"] for item in data["items"]] == [
        "文件柜（信息化设备004型）",
        "模型（体育器材009型）",
        "挂图（图书资料010型）",
    ]
    assert str(data["total"]) == "5.35"
    assert (data["filler"], data["phone"], str(data["filled"])) == ("王某", "0731-0000000", "2024-03-05")


@pytest.mark.slow
def test_mistakes_in_a_plan_of_equipment_are_found_at_their_cells() -> None:
    form = authored("school-equipment-plan")
    planted = {
        "items[0].code": ("029999", "V03"),  # no such code
        "items[1].code": ("030010", "V03"),  # of another kind
        "items[2].code": ("030025", "V03"),  # not to be chosen any more
    }
    typed = {path: value for path, (value, _) in planted.items()}
    submission = read(form, changed(form, EQUIPMENT, typed))
    wanted = {(code, cell_of(form, EQUIPMENT, path)) for path, (_, code) in planted.items()}
    assert {found for found in said(submission) if found[0] == "V03"} == wanted
    texts = " ".join(finding.message for finding in submission.findings if finding.code == "V03")
    assert "清单里没有这一项" in texts
    assert "不属于第 7 行的大类“体育器材”" in texts
    assert "只用到 2023 年，这张表是 2024 年度的" in texts


@pytest.mark.slow
def test_other_mistakes_in_a_plan_of_equipment() -> None:
    form = authored("school-equipment-plan")
    submission = read(form, changed(form, EQUIPMENT, {"items[0].count": 300, "items[1].kind": None, "stage": "大学"}))
    at = {path: cell_of(form, EQUIPMENT, path) for path in ("items[0].amount", "items[1].kind", "stage")}
    assert said(submission) >= {
        ("M05", at["items[0].amount"]),
        ("V01", at["items[1].kind"]),
        ("V03", at["stage"]),
    }


@pytest.mark.slow
def test_a_row_inserted_into_a_plan_of_equipment_is_read() -> None:
    form = authored("school-equipment-plan")
    typed: dict[str, Any] = {"kind": "体育器材", "code": "040010", "count": 2, "price": 1.5}
    submission = read(form, with_row_inserted(form, EQUIPMENT, "items[1]", typed))
    data: dict[str, Any] = to_data(form, submission.forms[0].record)
    assert [item["code"] for item in data["items"]] == ["020004", "040009", "040010", "030010"]
    assert data["items"][2]["title"] == "挂图（体育器材010型）"
    assert str(data["total"]) == "8.35"


@pytest.mark.slow
def test_the_lists_of_a_plan_stand_on_a_hidden_sheet() -> None:
    book = openpyxl.load_workbook(io.BytesIO(generate(authored("school-equipment-plan"), year=2024)))
    lists = book["_perfxl_lists"]
    assert lists.sheet_state == "veryHidden"
    assert lists.max_row == 2001
    sources = {one.formula1 for one in book.worksheets[0].data_validations.dataValidation if one.type == "list"}
    assert any(source.startswith("OFFSET(") and "$C" in source for source in sources)
    ended = [name for name in book.defined_names if name.endswith("_2024")]
    assert [book.defined_names[name].attr_text.rpartition("$")[2] for name in ended] == ["1921"]


# -- 陕西: goals of a whole department, the national form of 2015 -----------------------------------------------------

GOAL: dict[str, Any] = {
    "year": 2024,
    "unit_name": "示例市图书馆",
    "tasks": [
        {"name": "馆藏建设", "content": "采购图书和数字资源。", "fiscal": 120.5, "other": 20},
        {"name": "读者服务", "content": "延长开放时间，办讲座。", "fiscal": 60, "other": 0},
    ],
    "goal": "新增图书三万册，全年开放三百三十天，读者满意。",
    "indicators": [
        {"level1": "产出指标", "level2": "数量指标", "name": "新增图书", "target": "≥30000册"},
        {"level1": "产出指标", "level2": "时效指标", "name": "上架及时率", "target": "≥95%"},
        {"level1": "效益指标", "level2": "社会效益指标", "name": "到馆人次增长", "target": "≥5%"},
        {"level1": "满意度指标", "level2": "服务对象满意度指标", "name": "读者满意度", "target": "≥90%"},
    ],
    "filler": "李某",
    "phone": "029-0000000",
    "day": "2024-01-16",
}


def test_the_goals_of_a_department_are_read_as_they_were_filled_in() -> None:
    form = authored("shaanxi-dept-goal")
    submission = read(form, generate(form, data=GOAL))
    data: dict[str, Any] = to_data(form, submission.forms[0].record)
    assert not said(submission)
    assert str(data["amounts"]["total"]) == "200.5"
    assert [row["target"].text for row in data["indicators"]] == ["≥30000册", "≥95%", "≥5%", "≥90%"]
    assert (data["filler"], data["phone"], str(data["day"])) == ("李某", "029-0000000", "2024-01-16")


def test_mistakes_in_the_goals_of_a_department_are_found_at_their_cells() -> None:
    form = authored("shaanxi-dept-goal")
    planted: dict[str, tuple[Any, str]] = {
        "tasks[0].fiscal": (-1, "V04"),
        "tasks[1].other": (None, "V01"),
        "goal": (None, "V01"),
        "indicators[1].target": (None, "G04"),
        "amounts.fiscal": (100, "S04"),
        "unit_name": ("待填", "S10"),
    }
    submission = read(form, changed(form, GOAL, {path: value for path, (value, _) in planted.items()}))
    found = said(submission)
    for path, (_, code) in planted.items():
        assert (code, cell_of(form, GOAL, path)) in found, (path, found)


def test_a_task_inserted_into_the_goals_of_a_department_is_read() -> None:
    form = authored("shaanxi-dept-goal")
    typed: dict[str, Any] = {"name": "古籍保护", "content": "修复古籍。", "fiscal": 30, "other": 1}
    submission = read(form, with_row_inserted(form, GOAL, "tasks[0]", typed))
    data: dict[str, Any] = to_data(form, submission.forms[0].record)
    assert [row["name"] for row in data["tasks"]] == ["馆藏建设", "古籍保护", "读者服务"]
    assert str(data["amounts"]["total"]) == "231.5"
    assert data["goal"] == GOAL["goal"]


# -- 广西: results of the units of a department -----------------------------------------------------------------------

RESULTS: dict[str, Any] = {
    "year": 2024,
    "department": "示例区农业农村局",
    "full": 80,
    "units": [
        {"name": "农技站", "budget": 100, "rate": 0.9, "input_score": 40, "output_score": 30},
        {"name": "种子站", "budget": 300, "rate": 0.98, "input_score": 45, "output_score": 32.5, "remark": "无"},
    ],
    "filler": "张某",
    "auditor": "赵某",
}


def test_the_results_of_units_are_weighed_by_their_budgets() -> None:
    form = authored("guangxi-summary")
    submission = read(form, generate(form, data=RESULTS))
    data: dict[str, Any] = to_data(form, submission.forms[0].record)
    assert not said(submission)
    assert (str(data["total"]["budget"]), str(data["total"]["rate"])) == ("400", "0.96")
    assert str(data["total"]["input_score"]) == "42.5"


def test_mistakes_in_the_results_of_units_are_found_at_their_cells() -> None:
    form = authored("guangxi-summary")
    planted: dict[str, tuple[Any, str]] = {
        "units[0].rate": (1.2, "V04"),
        "units[0].output_score": (None, "V01"),
        "units[1].name": ("农技站", "V06"),
        "units[1].input_score": (58, "P02"),
    }
    submission = read(form, changed(form, RESULTS, {path: value for path, (value, _) in planted.items()}))
    found = said(submission)
    at = {path: cell_of(form, RESULTS, path) for path in planted} | {
        "P02": cell_of(form, RESULTS, "units[1].output_score")
    }
    assert {("V04", at["units[0].rate"]), ("V01", at["units[0].output_score"]), ("P02", at["P02"])} <= found
    assert "V06" in {code for code, _ in found}


def test_a_unit_inserted_into_the_results_is_read() -> None:
    form = authored("guangxi-summary")
    typed: dict[str, Any] = {"name": "植保站", "budget": 100, "rate": 0.5, "input_score": 30, "output_score": 20}
    submission = read(form, with_row_inserted(form, RESULTS, "units[0]", typed))
    data: dict[str, Any] = to_data(form, submission.forms[0].record)
    assert [row["name"] for row in data["units"]] == ["农技站", "植保站", "种子站"]
    assert str(data["total"]["rate"]) == "0.868"


# -- months: a fixed table with printed columns and subtotals ---------------------------------------------------------

PARTS = ("general", "fund", "capital", "social", "upper", "business", "own")


def _months() -> dict[str, Any]:
    months: dict[str, Any] = {}
    for month in range(1, 13):
        figures = {part: round(100 + 7 * number + 3.25 * month, 2) for number, part in enumerate(PARTS)}
        months[f"m{month}"] = {**figures, "sum": round(sum(figures.values()), 2)}
    return {"year": 2024, "unit_name": "示例局", "months": months, "head_of": "甲", "filler": "乙", "day": "2025-01-05"}


def test_a_year_by_months_is_read_as_it_was_filled_in() -> None:
    form, filled = authored("monthly-statistics"), _months()
    submission = read(form, generate(form, data=filled))
    data: dict[str, Any] = to_data(form, submission.forms[0].record)
    assert not said(submission)
    whole = sum(filled["months"][f"m{month}"]["sum"] for month in range(1, 13))
    assert float(data["months"]["year"]["sum"]) == round(whole, 2)
    assert {path: data["months"]["m7"][path] for path in PARTS} == {
        path: pytest.approx(filled["months"]["m7"][path]) for path in PARTS
    }


@pytest.mark.slow
def test_mistakes_in_a_year_by_months_are_found_at_their_cells() -> None:
    form, filled = authored("monthly-statistics"), _months()
    slipped = round(filled["months"]["m3"]["fund"] * 10000, 2)
    planted: dict[str, tuple[Any, str]] = {
        "months.m3.fund": (slipped, "M10"),
        "months.m5.sum": (1, "M06"),
        "months.m8.own": (None, "V01"),
        "months.m9.upper": ("约三百", "V02"),
        "months.q4.general": (5, "S04"),
    }
    submission = read(form, changed(form, filled, {path: value for path, (value, _) in planted.items()}))
    found = said(submission)
    for path, (_, code) in planted.items():
        assert (code, cell_of(form, filled, path)) in found, (path, found)


@pytest.mark.slow
def test_printed_columns_are_no_data_and_are_watched() -> None:
    form, filled = authored("monthly-statistics"), _months()
    book = openpyxl.load_workbook(io.BytesIO(generate(form, data=filled)))
    sheet = book.worksheets[0]
    assert [sheet[f"{letter}6"].value for letter in "BCD"] == ["1 月", "1", "万元"]
    sheet["D6"] = "元"
    saved = io.BytesIO()
    book.save(saved)
    submission = read(form, saved.getvalue())
    assert ("S08", "D6") in {(finding.code, finding.cell) for finding in submission.findings}
    assert len(submission.forms[0].record.values) == len(read(form, generate(form, data=filled)).forms[0].record.values)
