"""C01: indicators held against those that were approved: new, left out, renamed, with another target."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import pytest

from perfxl.forms.definition.load import load_forms
from perfxl.model.record import Record
from perfxl.model.submission import By, FormReturn, Unit
from perfxl.model.value import Value
from perfxl.rules.accepted import AcceptedForm
from perfxl.rules.approved import changed
from perfxl.values.indicator import parse_indicator
from support.cases import Typed, case_of

Row: TypeAlias = tuple[str, str, str, str]
"""一级, 二级, name, target."""

FORMS = load_forms()
SELF, GOAL = FORMS["mof-project-self-eval"], FORMS["mof-project-goal"]
KEYS = ("level1", "level2", "name", "target")
SCHOOLS: Row = ("产出指标", "数量指标", "维修校舍", "≥12所")
PUPILS: Row = ("效益指标", "社会效益指标", "受益学生", "≥3000人")
PARENTS: Row = ("满意度指标", "服务对象满意度指标", "家长满意度", "≥90%")
ALL = (SCHOOLS, PUPILS, PARENTS)


def said(rows: Sequence[Row], approved: Sequence[Row] = ALL) -> list[str]:
    """Return where something is said, and the first words of it."""
    (asked,) = (rule for rule in SELF.rules if rule.code == "C01")
    typed: dict[str, Typed] = {
        f"indicators[{n}].{key}": text for n, row in enumerate(rows) for key, text in zip(KEYS, row, strict=True)
    }
    there: dict[str, Value] = {
        f"annual_indicators[{n}].{key}": parse_indicator(text) if key == "target" else text
        for n, row in enumerate(approved)
        for key, text in zip(KEYS, row, strict=True)
        if text
    }
    record = Record(there, {"annual_indicators": len(approved)})
    other = FormReturn(GOAL, GOAL.version, "表", By.STAMP, 1.0, 2024, Unit("某局"), record)
    found = changed(case_of(SELF, typed), asked, AcceptedForm("申报.xlsx", other))
    return [f"{one.path}: {one.message.partition('，')[0]}" for one in found]


def named(row: Row, name: str) -> Row:
    return row[0], row[1], name, row[3]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (ALL, []),
        ((PARENTS, SCHOOLS, PUPILS), []),
        ((named(SCHOOLS, "1、维修 校舍"), PUPILS, PARENTS), []),
        # the only one that is lacking, where only one is new
        (
            (named(SCHOOLS, "维修学校"), PUPILS, PARENTS),
            ["indicators[0].name: 指标名称“维修学校”与申报时的“维修校舍”不同"],
        ),
        # ... in its 一级 and 二级
        (
            (("产出指标", "质量指标", "维修学校", "≥12所"), PUPILS, PARENTS),
            [
                "indicators[0].name: “维修学校”不在申报的指标里",
                "indicators: 申报的指标“维修校舍”（指标值“≥12所”）在这张表里没有",
            ],
        ),
        # two are new: neither can be told to be the one that is lacking
        (
            (named(SCHOOLS, "维修学校"), named(SCHOOLS, "新建学校"), PUPILS, PARENTS),
            [
                "indicators[0].name: “维修学校”不在申报的指标里",
                "indicators[1].name: “新建学校”不在申报的指标里",
                "indicators: 申报的指标“维修校舍”（指标值“≥12所”）在这张表里没有",
            ],
        ),
        (
            (SCHOOLS, PUPILS, PARENTS, named(SCHOOLS, "新建校舍")),
            ["indicators[3].name: “新建校舍”不在申报的指标里"],
        ),
        ((SCHOOLS, PUPILS), ["indicators: 申报的指标“家长满意度”（指标值“≥90%”）在这张表里没有"]),
        # targets: an operator that one of them does not say is no other one
        (((*SCHOOLS[:3], "12所"), PUPILS, PARENTS), []),
        (((*SCHOOLS[:3], "≥12"), PUPILS, PARENTS), []),
        (((*SCHOOLS[:3], ""), PUPILS, PARENTS), []),
        (
            ((*SCHOOLS[:3], "≥11所"), PUPILS, PARENTS),
            ["indicators[0].target: “维修校舍”的指标值填的是“≥11所”"],
        ),
        (
            ((*SCHOOLS[:3], "≤12所"), PUPILS, PARENTS),
            ["indicators[0].target: “维修校舍”的指标值填的是“≤12所”"],
        ),
        ((), []),
    ],
)
def test_what_is_not_as_approved(rows: Sequence[Row], found: list[str]) -> None:
    assert said(rows) == found


def test_a_renamed_one_is_not_compared_with_another_of_the_same_levels() -> None:
    more = named(SCHOOLS, "新建校舍")
    assert said([named(SCHOOLS, "维修学校"), more, PUPILS, PARENTS], [*ALL, more]) == [
        "indicators[0].name: 指标名称“维修学校”与申报时的“维修校舍”不同"
    ]


def test_of_one_name_in_several_levels_that_of_the_same_counts() -> None:
    twice = ("效益指标", "社会效益指标", "维修校舍", "≥5所")
    assert said([SCHOOLS, twice], [SCHOOLS, twice]) == []
    assert said([twice, SCHOOLS], [SCHOOLS, twice]) == []
    assert said([SCHOOLS, (*twice[:3], "≥12所")], [SCHOOLS, twice]) == [
        "indicators[1].target: “维修校舍”的指标值填的是“≥12所”"
    ]


def test_without_targets_or_indicators_there_is_nothing_to_compare() -> None:
    assert said(ALL, [(*SCHOOLS[:3], ""), PUPILS, PARENTS]) == []
    assert said(ALL, []) == []
