from __future__ import annotations

import pytest

from perfxl.model.words import is_dash
from perfxl.values.label_text import NamesIn, bare, flat, is_note, is_signature, key, level, part, points


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("年度预算申请\n（万元）", "年度预算申请万元"),
        ("年 初　预 算 数：", "年初预算数"),
        ("項目支出績效自評表", "项目支出绩效自评表"),
        ("１-７月执行数", "17月执行数"),
    ],
)
def test_spellings_of_one_label_have_one_key(typed: str, said: str) -> None:
    assert key(typed) == said


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("中期目标（2024年—2026年）", "中期目标"),
        ("中期目标(20XX年-20XX+n年)", "中期目标"),
        ("全年预算数（单位：万元）", "全年预算数"),
        ("资金情况(万元)", "资金情况"),
        ("其他资金（上级补助）", "其他资金上级补助"),
        ("部门(单位)名称", "部门单位名称"),
        ("满意度指标（10分）", "满意度指标10分"),
    ],
)
def test_years_and_units_of_money_behind_a_label_are_none_of_it(typed: str, said: str) -> None:
    assert bare(typed) == said


@pytest.mark.parametrize(
    ("typed", "alone"), [("—", True), ("－", True), ("--", True), ("/", True), ("-3", False), ("√", False)]
)
def test_a_dash_says_nothing(typed: str, *, alone: bool) -> None:
    assert is_dash(flat(typed)) is alone


def test_different_labels_have_different_keys() -> None:
    assert key("年初预算数") != key("全年预算数")


@pytest.mark.parametrize(
    ("typed", "stands"),
    [
        ("产出指标\n(50分)", "产出指标"),
        ("效益指标（30分）", "效益指标"),
        ("满意 度指标", "满意度指标"),
        ("績效指標", "績效指標"),
        ("績效指標（50分）", "績效指標"),
        ("績效(產出)指標(50分)", "績效(產出)指標"),
        ("产出指标﹙50分﹚", "产出指标"),
    ],
)
def test_a_level_stands_as_typed_without_its_points(typed: str, stands: str) -> None:
    assert level(typed) == stands


def test_points_are_read_from_a_caption() -> None:
    assert points("产出指标（50分）") == "50"
    assert points("产出指标") is None


def test_a_part_of_a_text_is_given_as_typed() -> None:
    typed = "目标 1 ：　保障 运转，\n推进工作。 "
    assert part(typed, flat(typed).index(":") + 1, len(flat(typed))) == "保障 运转，\n推进工作。"
    assert part("（2023 年度）", 1, 5) == "2023"
    assert part("目标1：", 4, 4) == ""


@pytest.mark.parametrize(
    "line",
    [
        "单位负责人：钱立　　填表人：孙悦",
        "填表人:张某",
        "联系电话：0595-80000006",
        "填报单位（盖章）：",
        "（公章）",
        "财务负责人（签字）：",
        "2024年1月9日",
        "　　年　月　日",
        "填报日期：2024年1月9日",
        "附件2",
        "附表4－11",
        "附件三：",
    ],
)
def test_what_stands_under_a_signed_form_is_known(line: str) -> None:
    assert is_signature(flat(line))


@pytest.mark.parametrize(
    "line",
    ["含追加 20 万元", "填报单位：某局", "时间紧", "负责人变动", "2024年1月9日拨付", "盖章后生效", "附件2已另报"],
)
def test_other_lines_are_no_signatures__quiet(line: str) -> None:
    assert not is_signature(flat(line))


@pytest.mark.parametrize("line", ["注：金额以万元为单位", "填表人：张某", "（备注）：无", "审核人:李某"])
def test_remarks_are_told(line: str) -> None:
    assert is_note(flat(line))


@pytest.mark.parametrize("line", ["备注", "注册教师人数", "填报人", "审核通过率"])
def test_what_is_no_remark(line: str) -> None:
    assert not is_note(flat(line))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("青溪区教育局自评表.pdf", ["教育局"]),
        ("青溪区教育局第一小学自评表", ["第一小学"]),  # the longest
        ("青溪区 教育局（汇总）", ["教育局"]),
        ("第一", []),
        ("甲乙", []),  # too short to say anything
        ("甲乙丙", ["三个字"]),
        ("430407", ["代码"]),
        ("同名单位", ["一", "二"]),
        ("无" * 294 + "青溪区教育局", ["教育局"]),  # 300 characters are looked at
        ("无" * 295 + "青溪区教育局", []),
    ],
)
def test_the_longest_name_in_a_text(text: str, found: list[str]) -> None:
    names = NamesIn(
        [
            ("青溪区教育局", "教育局"),
            ("青溪区教育局第一小学", "第一小学"),
            ("甲乙", "两个字"),
            ("甲乙丙", "三个字"),
            ("430407", "代码"),
            ("同名单位", "一"),
            ("同名单位", "二"),
        ]
    )
    assert names.longest(text) == found
