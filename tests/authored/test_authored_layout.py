"""Forms of other provinces and trades, written from docs/authoring.md: filled in, read back, with planted mistakes."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
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


def test_other_mistakes_in_a_plan_of_equipment() -> None:
    form = authored("school-equipment-plan")
    submission = read(form, changed(form, EQUIPMENT, {"items[0].count": 300, "items[1].kind": None, "stage": "大学"}))
    at = {path: cell_of(form, EQUIPMENT, path) for path in ("items[0].amount", "items[1].kind", "stage")}
    assert said(submission) >= {
        ("M05", at["items[0].amount"]),
        ("V01", at["items[1].kind"]),
        ("V03", at["stage"]),
    }


def test_a_row_inserted_into_a_plan_of_equipment_is_read() -> None:
    form = authored("school-equipment-plan")
    typed: dict[str, Any] = {"kind": "体育器材", "code": "040010", "count": 2, "price": 1.5}
    submission = read(form, with_row_inserted(form, EQUIPMENT, "items[1]", typed))
    data: dict[str, Any] = to_data(form, submission.forms[0].record)
    assert [item["code"] for item in data["items"]] == ["020004", "040009", "040010", "030010"]
    assert data["items"][2]["title"] == "挂图（体育器材010型）"
    assert str(data["total"]) == "8.35"


def test_the_lists_of_a_plan_stand_on_a_hidden_sheet() -> None:
    book = openpyxl.load_workbook(io.BytesIO(generate(authored("school-equipment-plan"), year=2024)))
    lists = book["_perfxl_lists"]
    assert lists.sheet_state == "veryHidden"
    assert lists.max_row == 2001
    sources = {one.formula1 for one in book.worksheets[0].data_validations.dataValidation if one.type == "list"}
    assert any(source.startswith("OFFSET(") and "$C" in source for source in sources)
    ended = [name for name in book.defined_names if name.endswith("_2024")]
    assert [book.defined_names[name].attr_text.rpartition("$")[2] for name in ended] == ["1921"]
