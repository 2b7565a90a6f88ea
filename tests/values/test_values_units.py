from __future__ import annotations

import pytest

from perfxl.values.indicator import parse_indicator
from perfxl.values.units import adds_up, countable_unit, same_measure, unit_of


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("≥18个", "18"),
        ("≥95%", "97%"),
        ("≥95%", "97"),
        ("≥30名", "32人"),
        ("3-5天", "4日"),
        ("12月底前", "11月"),
        ("10-11月", "10月"),
        ("良好", "效果良好"),
        ("长期", "已建立"),
        ("每月1次", "每月2次"),
        ("无", "无"),
    ],
)
def test_same(a: str, b: str) -> None:
    assert same_measure(parse_indicator(a), parse_indicator(b))
    assert same_measure(parse_indicator(b), parse_indicator(a))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("≥95%", "18个"),
        ("≥30人", "30人次"),
        ("≥1.2万人", "12000人"),
        ("≥5%", "5个百分点"),
        ("≥18个", "良好"),
        ("12月底前", "15日内"),
        ("每月1次", "12次"),
        ("每月1次", "每年1次"),
        ("无", "18个"),
        ("无", "良好"),
    ],
)
def test_different(a: str, b: str) -> None:
    assert not same_measure(parse_indicator(a), parse_indicator(b))
    assert not same_measure(parse_indicator(b), parse_indicator(a))


@pytest.mark.parametrize(
    ("words", "unit"),
    [
        ("个", "个"),
        ("万人次", "万人次"),
        ("万", "万"),
        ("百分比", "%"),
        ("个百分点", "百分点"),
        ("所学校", "所"),
        ("万名教师", "万名"),
        ("元/人·年", "元/人·年"),
        ("年规划", None),
        ("个月后", None),
        ("个以上", None),
        ("全覆盖", None),
        ("/次", None),
    ],
)
def test_unit_of(words: str, unit: str | None) -> None:
    assert unit_of(words) == unit


def test_what_chinese_numerals_may_count() -> None:
    assert countable_unit("万元") == "万元"
    assert countable_unit("%") == "%"
    assert countable_unit("级") is None
    assert countable_unit("名教师") is None


@pytest.mark.parametrize("unit", ["个", "所", "万元", "元", "万人次", "万", "公里", "万平方米", "吨"])
def test_counts_amounts_and_sizes_add_up(unit: str) -> None:
    assert adds_up(unit)


@pytest.mark.parametrize("unit", ["%", "天", "百分点", "元/人·年", "分", None])
def test_shares_spans_and_rates_do_not(unit: str | None) -> None:
    assert not adds_up(unit)
