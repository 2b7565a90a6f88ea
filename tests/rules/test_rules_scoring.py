"""Whether targets are reached and what they earn, value by value."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.rules.rows import IndicatorRow, wording
from perfxl.rules.scoring import Direction, alike, comparable, direction, earned, reached, surpassed, usual_points
from perfxl.values.indicator import parse_indicator
from support.cases import case_of
from support.effort import examples
from support.tinyforms import EVALUATION

UP, DOWN = Direction.UP, Direction.DOWN


@pytest.mark.parametrize(
    ("target", "actual", "way", "answer"),
    [
        ("≥95%", "95%", UP, True),
        ("≥95%", "94.9%", UP, False),
        ("≥95%", "98", UP, True),
        ("≥95%", "0.98", UP, None),
        ("≥95%", "0", UP, False),
        ("≤90万元", "85万元", DOWN, True),
        ("≤90万元", "95万元", DOWN, False),
        ("≥18个", "18人", UP, None),
        (">300人", "300人", UP, None),
        (">300人", "301人", UP, True),
        ("=12次", "12次", UP, True),
        ("=12次", "11次", UP, False),
        ("=12次", "13次", UP, None),
        ("约12次", "12次", None, True),
        ("约12次", "11次", None, None),
        ("10-20个", "15个", UP, True),
        ("10-20个", "9个", UP, False),
        ("10-20个", "15-25个", UP, None),
        ("10-20个", "5-10个", UP, None),
        ("10-20个", "5-9个", UP, False),
        ("10-20个", "20-25个", UP, None),
        ("10-20个", "21-25个", UP, False),
        ("10-20个", "10-20个", UP, True),
        ("≥10个", "12-15个", UP, True),
        ("≥10个", "8-15个", UP, None),
        ("≥10个", "10-15个", UP, True),
        ("≥10个", "5-10个", UP, None),
        ("≥10个", "5-9个", UP, False),
        ("=10个", "10-15个", UP, None),
        ("=10个", "5-9个", UP, False),
        ("≤10个", "5-10个", DOWN, True),
        ("≤10个", "10-15个", DOWN, None),
        ("≤10个", "11-15个", DOWN, False),
        ("<10个", "10个", DOWN, None),
        ("<10个", "9.9个", DOWN, True),
        ("≤10个", "10.1个", DOWN, False),
        ("≤10个", "10.1个", None, None),
        ("12月底前", "11月", UP, True),
        ("2023年6月底前", "2023年7月2日", UP, False),
        ("2023年6月底前", "2023年6月30日", UP, True),
        ("2023年6月底前", "2023年6月", UP, True),
        ("2023年6月底前", "2023年7月", UP, False),
        ("2023年6月", "2023年6月", UP, True),
        ("2023年6月", "2023年5月31日", UP, True),
        ("12月底前", "12月", UP, True),
        ("11月底前", "12月", UP, False),
        ("2023年6月", "2023年7月", UP, None),
        ("12月", "2023年7月", UP, None),
        ("10-11月份", "10-11月份", UP, True),
        ("10-11月份", "10-12月份", UP, None),
        ("每月1次", "每月2次", UP, True),
        ("每月2次", "每月1次", UP, False),
        ("每月1次", "每周1次", UP, None),
        ("效果良好", "效果良好", UP, True),
        ("效果良好", "达成", UP, True),
        ("效果良好", "较好", UP, None),
        ("效果良好", "未达成", UP, False),
        ("效果良好", "部分达成年度指标并具有一定效果", UP, False),
        ("无", "无", UP, None),
        ("每月2次", "每月2次", UP, True),
    ],
)
def test_reached(target: str, actual: str, way: Direction | None, answer: bool | None) -> None:  # noqa: FBT001 - the expected answer
    assert reached(parse_indicator(target), parse_indicator(actual), way) is answer


@pytest.mark.parametrize(
    ("target", "actual", "way", "reverse", "score"),
    [
        ("≥80场次", "60场次", UP, "", "7.5"),
        ("≥80场次", "90场次", UP, "", "10"),
        ("≤100万元", "110万元", DOWN, "", "9"),
        ("≤100万元", "110万元", DOWN, "linear", "9"),
        ("≤100万元", "125万元", DOWN, "ratio", "8"),
        ("≤100万元", "300万元", DOWN, "linear", "0"),
        ("10-20个", "15个", UP, "", "10"),
        ("10-20个", "5个", UP, "", None),
        ("≤0起", "1起", DOWN, "", None),
        ("良好", "良好", UP, "", None),
        ("≥80场次", "八成", UP, "", None),
    ],
)
def test_earned(target: str, actual: str, way: Direction, reverse: str, score: str | None) -> None:
    found = earned(parse_indicator(target), parse_indicator(actual), way, Decimal(10), reverse)
    assert found == (None if score is None else Decimal(score))


@given(st.integers(1, 10**6), st.integers(0, 10**6), st.sampled_from([UP, DOWN]), st.sampled_from(["linear", "ratio"]))
@settings(max_examples=examples(80))
def test_a_score_lies_between_nothing_and_the_weight_and_is_full_only_when_reached(
    target: int, actual: int, way: Direction, reverse: str
) -> None:
    sign = "≥" if way is UP else "≤"
    wanted, got = parse_indicator(f"{sign}{target}个"), parse_indicator(f"{actual}个")
    score = earned(wanted, got, way, Decimal(10), reverse)
    assert score is not None
    assert 0 <= score <= 10
    assert (score == 10) is (reached(wanted, got, way) is True)


@pytest.mark.parametrize(
    ("columns", "way"),
    [
        ({"target": "≥95%", "level2": "成本指标"}, UP),
        ({"target": "95万元", "level2": "成本指标"}, DOWN),
        ({"target": "95万元", "level2": "经济成本指标"}, DOWN),
        ({"target": "95万元", "level1": "成本指标"}, DOWN),
        ({"target": "<5%", "name": "合格率"}, DOWN),
        ({"target": "95%", "name": "合格率"}, UP),
        ({"target": "=95%", "name": "合格率"}, UP),
        ({"target": "5%", "name": "失学率"}, None),
        ({"target": "≤5%", "name": "失学率"}, DOWN),
        ({"target": "约5%", "name": "合格率"}, None),
    ],
)
def test_direction(columns: dict[str, str], way: Direction | None) -> None:
    typed = {f"indicators[0].{key}": value for key, value in {"name": "甲", **columns}.items()}
    row = IndicatorRow.of(case_of(EVALUATION, typed), "indicators[0]")
    target = row.value("target")
    assert target is not None
    assert direction(row, target) is way


@pytest.mark.parametrize(
    ("target", "actual", "equal"),
    [
        ("≥18个", "18个", True),
        ("≥18个", "18", True),
        ("≥18个", "19个", False),
        ("长期", "长 期", True),
        ("优秀", "良好", False),
    ],
)
def test_alike(target: str, actual: str, equal: bool) -> None:  # noqa: FBT001 - the expected answer
    assert alike(parse_indicator(target), parse_indicator(actual)) is equal


def test_surpassed_is_for_positive_targets_of_which_more_is_better() -> None:
    limit = Decimal("1.3")
    assert surpassed(parse_indicator("≥10个"), parse_indicator("14个"), UP, limit)
    assert not surpassed(parse_indicator("≥10个"), parse_indicator("13个"), UP, limit)
    assert not surpassed(parse_indicator("≥0个"), parse_indicator("13个"), UP, limit)
    assert not surpassed(parse_indicator("≤10个"), parse_indicator("14个"), DOWN, limit)
    assert not surpassed(parse_indicator("≥10个"), parse_indicator("14人"), UP, limit)


def test_nothing_is_comparable_with_nothing() -> None:
    assert not comparable(parse_indicator("无"), parse_indicator("无"))


@pytest.mark.parametrize(
    ("target", "actual", "can_be_told"),
    [
        # a bare number up to 1 next to a percentage above 1 may be a share
        ("≥95%", "1", False),
        ("≥95%", "1.01", True),
        ("≥95%", "0.01", False),
        ("≥95%", "0", True),
        ("≥1%", "0.5", True),
        ("≥1.01%", "0.5", False),
        ("0.5-1%", "0.5", True),
        ("0.5-2%", "0.5", False),
        ("0.95", "95%", False),
        # ... and next to a bare number that is about a hundred times as large: half to twice
        ("≥196", "0.98", False),
        ("≥196.01", "0.98", True),
        ("≥49", "0.98", False),
        ("≥48.99", "0.98", True),
        ("49-196", "0.98", False),
        ("48-196", "0.98", True),
        ("49-197", "0.98", True),
        ("≥100", "1", True),
        ("0", "0", True),
        ("≥98个", "0.98", True),
        ("≥98", "0.98个", True),
    ],
)
def test_a_bare_fraction_may_be_a_percentage(target: str, actual: str, *, can_be_told: bool) -> None:
    assert comparable(parse_indicator(target), parse_indicator(actual)) is can_be_told


@pytest.mark.parametrize("name", ["1、入学率", "（一）入学率", "1.入学率", "入 学率"])
def test_names_are_alike_but_for_numbers_in_front_and_blanks(name: str) -> None:
    assert wording(name) == "入学率"


def test_a_figure_in_front_is_no_number_of_a_list() -> None:
    assert wording("1.5倍以上增长") == "15倍以上增长"


@pytest.mark.parametrize(
    ("level", "levels", "points"),
    [
        ("产出指标", {"产出指标", "效益指标"}, "50"),
        ("效益指标", {"效益指标"}, "30"),
        ("满意度指标", {"满意度指标"}, "10"),
        ("产出指标", {"产出指标", "成本指标"}, "40"),
        ("成本指标", {"产出指标", "成本指标"}, "20"),
        ("满意度指标", {"满意度指标", "成本指标"}, "10"),
        ("管理效率", {"管理效率"}, ""),
    ],
)
def test_the_usual_points_of_a_first_level(level: str, levels: set[str], points: str) -> None:
    assert usual_points(level, levels) == points


@pytest.mark.parametrize(
    ("target", "actual"), [("12月底前", "12月"), ("≥5个", "长期"), ("长期", "5个"), ("良好", "良好")]
)
def test_only_figures_earn_by_a_rule(target: str, actual: str) -> None:
    assert earned(parse_indicator(target), parse_indicator(actual), UP, Decimal(10), "linear") is None
