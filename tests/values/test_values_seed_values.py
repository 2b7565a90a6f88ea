"""Every distinct indicator value of the five filled forms with its reading; those of ``tests/returns`` are all here."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest

from perfxl.model.value import FrequencyValue, IndicatorValue, Kind, MonthsValue, NumberValue, Op, WordValue
from perfxl.values.indicator import parse_indicator

# text | operator | value | unit
NUMBERS = """
100% | | 100 | %
99% | | 99 | %
95% | | 95 | %
90% | | 90 | %
50% | | 50 | %
10% | | 10 | %
≥95% | >= | 95 | %
≥90% | >= | 90 | %
≥80% | >= | 80 | %
≥30% | >= | 30 | %
≥5% | >= | 5 | %
>=98% | >= | 98 | %
>=95% | >= | 95 | %
>=92% | >= | 92 | %
>=90% | >= | 90 | %
≤10% | <= | 10 | %
≤5% | <= | 5 | %
5 | | 5 |
4 | | 4 |
3 | | 3 |
100 | | 100 |
5460 | | 5460 |
4140 | | 4140 |
3120 | | 3120 |
>300 | > | 300 |
>200 | > | 200 |
≥560个 | >= | 560 | 个
≥100次 | >= | 100 | 次
≥200次 | >= | 200 | 次
≥18个 | >= | 18 | 个
≥30人次 | >= | 30 | 人次
≥3560人次 | >= | 3560 | 人次
≥18所 | >= | 18 | 所
≥11800人 | >= | 11800 | 人
≥5年 | >= | 5 | 年
6年 | | 6 | 年
5年 | | 5 | 年
"""

OTHERS: dict[str, IndicatorValue] = {
    "10-11月份": MonthsValue("10-11月份", from_month=10, to_month=11),
    "5月--10月": MonthsValue("5月--10月", from_month=5, to_month=10),
    "每月1次": FrequencyValue("每月1次", times=Decimal(1), per="月"),
    "长期": WordValue("长期", Kind.DURATION),
    "无": WordValue("无", Kind.NONE),
    "-": WordValue("-", Kind.NONE),
}

GRADES = "充分 合理 有效 完整 良好 合规 规范 完备 健全".split()  # noqa: SIM905 - read as words

TEXTS = """
推进“十四五”新建学校项目的建设 持续提升信息技术软硬件水平 保持公办园在园幼儿占比50%的目标
完成每年的教师招聘及培训目标 确保每年完成对学校的督导评估工作 推进区内义务教育优质均衡发展 学校设施设备环保达标
按年度计划100%开展 每年开展全学段优课评比活动 学校100%全覆盖 名师工作室换届 遴选优秀学校的育人模式进行推广
每位学生掌握“1＋1”项运动、艺术技能 开展招生咨询服务，妥善解决各类教学工作家长诉求 装备水平提升 保证校舍安全
无校舍安全事故 适龄儿童顺利入学 启动 完成本年度课后服务工作 打造精品课程 开设心理健康课程 开展与参加体育艺术活动
完成本年教师培训目标 不低于国家规定的标准 得到提升 不低于国家规定标准 不低于国家相关标准
""".split()  # noqa: SIM905 - likewise


def _expected() -> dict[str, IndicatorValue]:
    found = dict(OTHERS)
    for line in NUMBERS.strip().splitlines():
        text, op, value, unit = (part.strip() for part in line.split("|"))
        found[text] = NumberValue(text, op=Op(op) if op else None, value=Decimal(value), unit=unit or None)
    found |= {text: WordValue(text, Kind.GRADE) for text in GRADES}
    return found | {text: WordValue(text) for text in TEXTS}


EXPECTED = _expected()


@pytest.mark.parametrize("text", EXPECTED)
def test_a_value_of_the_seeds(text: str) -> None:
    assert parse_indicator(text) == EXPECTED[text]


def test_the_table_has_every_value_of_the_returns() -> None:
    folder = Path(__file__).parent.parent / "returns"
    found: set[str] = set()
    for file in folder.glob("*.json"):
        _collect(json.loads(file.read_text("utf-8")), found)
    assert found == set(EXPECTED)


_DOCUMENTED = re.compile(r"^\| (?P<texts>[^|]*) \| `(?P<kind>[a-z]+)`", re.MULTILINE)


def test_the_documented_examples_are_read_as_documented() -> None:
    page = (Path(__file__).parents[2] / "docs" / "json.md").read_text("utf-8")
    table = page[page.index("怎样读出来的") : page.index("## `findings`")]
    rows = list(_DOCUMENTED.finditer(table))
    assert {row["kind"] for row in rows} == {kind.value for kind in Kind}
    for row in rows:
        texts = re.findall("`([^`]+)`", row["texts"])
        assert {text: parse_indicator(text).kind.value for text in texts} == dict.fromkeys(texts, row["kind"])


def _collect(tree: object, found: set[str]) -> None:
    if isinstance(tree, dict):
        if "kind" in tree:
            found.add(tree["text"])
        for part in tree.values():
            _collect(part, found)
    elif isinstance(tree, list):
        for part in tree:
            _collect(part, found)
