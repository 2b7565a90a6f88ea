"""How codes and numbers must look, and what may stand once only: at import, and what the workbook watches."""

from __future__ import annotations

import pytest

from perfxl.forms.definition.load import parse
from perfxl.model.live import LiveRule
from perfxl.rules.live import live
from perfxl.rules.run import check
from support.cases import Typed, case_of
from support.tinyforms import PURCHASE as FORM
from support.tinyforms import PURCHASE_TEXT as TEXT
from support.tinyforms import SOUND as RETURNS

SOUND = RETURNS[FORM.id]


def found(changes: dict[str, Typed]) -> list[tuple[str, str]]:
    case = case_of(FORM, {**SOUND, **changes})
    return [(one.code, one.path or "") for one in check(case) if one.code in {"V02", "V04", "V05", "V06"}]


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({}, []),
        ({"code": "12430000AB12345C7X"}, [("V02", "code")]),
        ({"unit_name": "局"}, [("V02", "unit_name")]),
        ({"unit_name": "局" * 2}, []),
        ({"unit_name": "局" * 20}, []),
        ({"unit_name": "局" * 21}, [("V05", "unit_name")]),
        ({"post": "41000"}, [("V02", "post")]),
        ({"post": "4100000"}, [("V02", "post")]),
        ({"post": "410000"}, []),
        ({"price": 12.345}, [("V04", "price")]),
        ({"items[0].share": 0.3055}, [("V04", "items[0].share")]),
        ({"items[1].no": "CG1"}, [("V02", "items[1].no")]),
        ({"items[1].no": "cg01"}, [("V06", "items[0].no"), ("V06", "items[1].no")]),
        ({"items[1].method": "公开招标"}, [("V06", "items[0].name"), ("V06", "items[1].name")]),
        ({"items[2].name": "电脑"}, []),  # the method is blank
    ],
)
def test_what_is_not_as_the_form_wants_it_is_told_at_its_cell(
    changes: dict[str, Typed], wanted: list[tuple[str, str]]
) -> None:
    assert sorted(found(changes)) == sorted(wanted)


def test_messages_say_what_is_wanted_and_where_the_other_row_is() -> None:
    case = case_of(FORM, {**SOUND, "code": "123", "items[1].no": "CG01", "post": "41000", "price": 12.345})
    said = {one.path: one.message for one in check(case)}
    assert said["code"] == "统一社会信用代码填的是“123”，应是 18 位的统一社会信用代码，校验码相符，请核对"
    assert said["post"] == "邮编填的是“41000”，有 5 个字，应是 6 个字，请核对"
    assert said["price"] == "单价填的是“12.345”，应最多 2 位小数，请核对"
    assert f"（{case.cell('items[1].no')}）" in said["items[0].no"]
    case = case_of(FORM, {**SOUND, "items[1].no": "cg01"})
    assert f"（{case.cell('items[1].no')}）" in {one.path: one.message for one in check(case)}["items[0].no"]


def test_the_workbook_watches_all_of_it() -> None:
    watched = [(one.code, one.at, one.each, one.want) for one in live(FORM) if isinstance(one, LiveRule)]
    assert watched == [
        ("V02", "unit_name", "", "单位名称不少于 2 个字"),
        ("V02", "code", "", "统一社会信用代码是 18 位的统一社会信用代码，校验码相符"),
        ("V02", "post", "", "邮编是 6 个字"),
        ("V04", "price", "", "单价最多 2 位小数"),
        ("V02", "items[].no", "items", "编号写成 CG## 的样子（# 是数字）"),
        ("V04", "items[].share", "items", "比例最多 1 位小数"),
        ("V06", "items[].no", "items", "编号各行不相同"),
        ("V06", "items[].name", "items", "名称、方式各行不相同"),
        ("V01", "reserved", "", "预留比例按要求填写"),
        ("V07", "reserved", "", "预留比例不需要填的留空"),
        ("V01", "people[].from_unit", "people", "单位按要求填写"),
        ("V07", "people[].no", "people", "编号不需要填的留空"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("length: 2-20", "length: 20-2", 14, "length 不对"),
        ("length: 2-20", "length: 0", 14, "length 不对"),
        ("length: 2-20", "length: 二十", 14, "不是字数"),
        ("length: =6", "length: =6, unique: true", 19, "unique 不起作用"),
        ("pattern: 统一社会信用代码", "pattern: 信用代码", 16, "既不是现成的一种"),
        ("type: money, decimals: 2", "type: money, pattern: 邮编", 21, "不是文本，不能有 pattern"),
        ("type: money, decimals: 2", "type: integer, decimals: 2", 21, "不能有这样的 decimals"),
        ("unique: [name, method]", "unique: [name, methods]", 23, "不是这张表的列"),
        ("required: \"for_small = '是'\"", "required: reserved", 34, "不是可以成立或不成立的式子"),
        ("required: \"for_small = '是'\"", "required: \"small = '是'\"", 34, "没有“small”这一栏"),
        ("required: \"for_small = '是'\"", "required: true", 34, "不能写 blank"),
        ("length: =6", "length: =6, preset: '41000A', pattern: 邮编", 19, "不符合 pattern"),
    ],
)
def test_what_cannot_be_meant_is_refused_at_its_line(old: str, new: str, line: int, says: str) -> None:
    assert old in TEXT
    form, problems = parse(TEXT.replace(old, new, 1), "form.yaml")
    assert form is None
    assert [(problem.line, says in problem.message) for problem in problems] == [(line, True)], problems
