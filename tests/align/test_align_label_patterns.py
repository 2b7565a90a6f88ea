from __future__ import annotations

import pytest

from perfxl.align.label_patterns import sign_of
from perfxl.align.row_states import Sign
from perfxl.model.address import Box
from perfxl.model.field_type import Type
from perfxl.model.form import Caption, Field, Look
from perfxl.model.layout import PlacedCell, Role
from perfxl.values.label_text import flat


def caption(before: str, after: str, kind: Type, template: str = "") -> Sign:
    field = Field("x", ("x",), kind)
    cell = PlacedCell(
        Box(1, 1, 1, 1), Role.INPUT, Look.LISTED, field=field, caption=Caption(before, after), template=template
    )
    return sign_of(cell)


def label(text: str, *aliases: str, look: Look = Look.LABEL, template: str = "") -> Sign:
    return sign_of(PlacedCell(Box(1, 1, 1, 1), Role.LABEL, look, text, aliases, template=template))


def inside(sign: Sign, typed: str) -> str | None:
    found = sign.reads(flat(typed))
    return None if found is None else found["value"] or ""


FUNDS = caption("其中：一般公共预算：", "万元", Type.MONEY)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("其中：一般公共预算：6463.09万元", "6463.09"),
        ("一般公共预算 6463.09", "6463.09"),
        ("其中: 一般公共预算：　　万元", ""),
        ("一般公共预算：无", "无"),
        ("一般公共预算收入", None),
        ("一般公共预算收入 12 万元", None),
    ],
)
def test_an_amount_inside_its_caption(typed: str, value: str | None) -> None:
    assert inside(FUNDS, typed) == value


@pytest.mark.parametrize(
    ("typed", "value"),
    [("（ 2023年度）", "2023"), ("2023年度", "2023"), ("(　年度)", ""), ("二〇二三年度", "二〇二三"), ("上年度", None)],
)
def test_a_year_inside_its_caption(typed: str, value: str | None) -> None:
    assert inside(caption("（", "年度）", Type.YEAR), typed) == value


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("目标1：做好", "做好"),
        ("目标一、做好", "做好"),
        ("目标：做好", "做好"),
        ("目标12 做好", "做好"),
        ("目标3：", ""),
        ("目标明确", None),
    ],
)
def test_a_text_behind_a_counter(typed: str, value: str | None) -> None:
    sign = caption("目标1：", "", Type.TEXT, template="目标{n}：____")
    assert inside(sign, typed) == value
    assert sign.open


def test_a_counter_may_be_any_number_or_none() -> None:
    sign = label("年度目标1：", template="年度目标{n}：")
    assert all(sign.reads(flat(typed)) for typed in ("年度目标1：", "年度目标 12", "年度目标：", "年度目标二："))
    assert not sign.reads(flat("年度目标1：做好"))


def test_a_year_head_has_four_digits_or_none() -> None:
    sign = label("2022年", template="{year-2}年")
    read = sign.reads("2022年")
    assert read is not None
    assert (read["year"], sign.offset) == ("2022", -2)
    assert sign.reads("年")
    assert not sign.reads("近两年")
    assert not sign.reads("")


def test_a_title_may_stand_between_other_words() -> None:
    sign = label("部门整体支出绩效目标批复表", look=Look.TITLE, template="{year}年部门整体支出绩效目标批复表")
    read = sign.reads(flat("湟源县 2024年部门整体支出绩效目标批复表（教育局）"))
    assert read is not None
    assert read["year"] == "2024"
    assert sign.reads("部门整体支出绩效目标批复表")
    assert not sign.reads("部门整体支出绩效目标申报表")


def test_a_label_is_known_by_its_aliases_too() -> None:
    sign = label("预算部门名称", "部门名称")
    assert sign.keys == {"预算部门名称", "部门名称"}
    assert sign.text == "预算部门名称"


def test_two_holes_of_one_kind_in_a_text() -> None:
    sign = label("2022年至2023年", template="{year-2}年至{year-1}年")
    read = sign.reads("2022年至2023年")
    assert read is not None
    assert read["year"] == "2022"
