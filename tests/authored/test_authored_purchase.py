"""政府采购计划: numbers and codes, columns without repetition, cells asked for under a condition, codes of its own."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from authored_returns import authored, cell_of, changed, read, said, with_row_inserted

from perfxl.model.record import to_data
from support.office import Office

PLAN: dict[str, Any] = {
    "year": 2024,
    "unit_name": "示例区财政局",
    "credit_code": "12430000AB12345C76",
    "contact": {"name": "王某", "number": "430105198502281230", "mail": "wang@example.com"},
    "since": "2024-03-01",
    "until": "2024-11-30",
    "items": [
        {
            "name": "办公电脑",
            "code": "A0101",
            "count": 30,
            "price": 0.55,
            "method": "询价",
            "for_small": "是",
            "reserved": 0.4,
        },
        {"name": "档案室修缮", "code": "A1102", "count": 1, "price": 260, "method": "公开招标", "for_small": "否"},
        {"name": "物业服务", "code": "A0801", "count": 12, "price": 1.25, "method": "竞争性磋商", "for_small": "否"},
    ],
    "filler": "李某",
    "filled": "2024-01-20",
}
PLANTED: dict[str, tuple[Any, str]] = {
    "credit_code": ("12430000AB12345C75", "V02"),  # one digit copied wrongly
    "contact.number": ("430105198502281239", "V02"),
    "contact.mail": ("wang@example", "V02"),
    "until": (45323, "V04"),  # 2024-02-01: before it begins
    "items[0].reserved": (None, "V01"),
    "items[1].reserved": (0.3, "V07"),
    "items[1].method": ("询价", "Z01"),
    "items[2].price": (1.255, "V04"),
    "items[2].name": ("办公电脑", "V06"),
}


def unsound() -> bytes:
    return changed(authored("gov-purchase-plan"), PLAN, {path: value for path, (value, _) in PLANTED.items()})


def test_a_plan_is_read_as_it_was_filled_in() -> None:
    form = authored("gov-purchase-plan")
    submission = read(form, changed(form, PLAN, {}))
    data: dict[str, Any] = to_data(form, submission.forms[0].record)
    assert said(submission) == set()
    assert (str(data["total"]), data["open_tenders"], data["number"]) == ("291.5", 1, "2024-5C76")
    assert [item["title"] for item in data["items"]] == ["计算机01", "修缮工程02", "物业服务01"]


def test_mistakes_are_found_at_their_cells() -> None:
    form = authored("gov-purchase-plan")
    submission = read(form, unsound())
    wanted = {(code, cell_of(form, PLAN, path)) for path, (_, code) in PLANTED.items()}
    wanted.add(("V06", cell_of(form, PLAN, "items[0].name")))
    assert said(submission) == wanted
    (own,) = [finding for finding in submission.findings if finding.code == "Z01"]
    assert own.title == "采购方式不合要求"


def test_a_row_that_is_inserted_is_read_and_counted() -> None:
    form = authored("gov-purchase-plan")
    typed: dict[str, Any] = {
        "name": "空调", "code": "A0503", "count": 2, "price": 0.6, "method": "公开招标", "for_small": "是", "reserved": 1
    }  # fmt: skip
    submission = read(form, with_row_inserted(form, PLAN, "items[0]", typed))
    data: dict[str, Any] = to_data(form, submission.forms[0].record)
    assert [item["name"] for item in data["items"]] == ["办公电脑", "空调", "档案室修缮", "物业服务"]
    assert (str(data["total"]), data["open_tenders"]) == ("292.7", 2)
    assert {code for code, _ in said(submission)} == set()


@pytest.mark.client
def test_the_workbook_counts_the_same_mistakes(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "计划.xlsx"
    for data, wanted in ((unsound(), MARKED), (changed(authored("gov-purchase-plan"), PLAN, {}), {})):
        path.write_bytes(data)
        sheet = office.recalculated(path)["填报自检"]
        lines = {int(cell[1:]) for cell in sheet if cell.startswith("A") and isinstance(sheet[cell], Decimal)}
        found = {sheet[f"B{line}"]: sheet[f"C{line}"] for line in lines if sheet[f"C{line}"] != "通过"}
        assert found == wanted


MARKED = {
    "统一社会信用代码是 18 位的统一社会信用代码，校验码相符": "错误 1 处",
    "身份证号是 18 位的身份证号，出生日期存在，校验码相符": "错误 1 处",
    "电子邮箱是电子邮箱地址，如 name@example.com": "错误 1 处",
    "单价最多 2 位小数": "错误 1 处",
    "项目名称各行不相同": "错误 2 处",
    "预留比例按要求填写": "未填 1 格",
    "预留比例不需要填的留空": "错误 1 处",
    "200 万元以上的公开招标": "错误 1 处",
    "执行期止不早于执行期起": "错误 1 处",
}
"""What 填报自检 says of the planted mistakes."""
