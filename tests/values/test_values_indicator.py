from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.model.value import (
    DateValue,
    FrequencyValue,
    Kind,
    MonthsValue,
    NumberValue,
    Op,
    RangeValue,
    WordValue,
    Wordy,
    figure_of,
)
from perfxl.values import indicator
from perfxl.values.indicator import Phrase, parse_indicator
from perfxl.values.vocabulary import OPERATORS
from support.effort import examples

# The kinds of values that five departments typed, and what others type; long sentences are in our own words.
NUMBERS = """
100% | | 100 | %
5460 | | 5460 |
>300 | > | 300 |
≥560个 | >= | 560 | 个
≥30人次 | >= | 30 | 人次
≥18所 | >= | 18 | 所
≥5年 | >= | 5 | 年
6年 | | 6 | 年
≤10% | <= | 10 | %
>=95% | >= | 95 | %
＞９５％ | > | 95 | %
＞＝９５％ | >= | 95 | %
≧95% | >= | 95 | %
=> 95 % | >= | 95 | %
大于等于95% | >= | 95 | %
不低于95% | >= | 95 | %
达到95% | >= | 95 | %
达到95%以上 | >= | 95 | %
超过95%以上 | >= | 95 | %
98%以上 | >= | 98 | %
95%及以上 | >= | 95 | %
95%（含）以上 | >= | 95 | %
不少于3次 | >= | 3 | 次
至少3次 | >= | 3 | 次
95%以下 | <= | 95 | %
15日内 | <= | 15 | 日
3个月内 | <= | 3 | 个月
不超过5% | <= | 5 | %
控制在5%以内 | <= | 5 | %
≤15日内 | <= | 15 | 日
5%左右 | ~ | 5 | %
达到95%左右 | ~ | 95 | %
约100人 | ~ | 100 | 人
=100% | = | 100 | %
不足5次 | < | 5 | 次
100余人 | > | 100 | 人
98%（含98%）以上 | >= | 98 | %
5个（含5个）以上 | >= | 5 | 个
3%（含本数）以内 | <= | 3 | %
≮95% | >= | 95 | %
≯5% | <= | 5 | %
1000元/生·年 | | 1000 | 元/生·年
3000元/月 | | 3000 | 元/月
95+ | >= | 95 |
≥90分 | >= | 90 | 分
100百分比 | | 100 | %
2个百分点 | | 2 | 百分点
5‰ | | 5 | ‰
百分之九十五以上 | >= | 95 | %
≥百分之90 | >= | 90 | %
百分之百 | | 100 | %
百分百 | | 100 | %
-5% | | -5 | %
−5% | | -5 | %
0 | | 0 |
≥0 | >= | 0 |
1 | | 1 |
0.95 | | 0.95 |
11,800人 | | 11800 | 人
12,345.6万元 | | 12345.6 | 万元
1.2万人 | | 1.2 | 万人
90万 | | 90 | 万
5百万元 | | 5 | 百万元
2023.5万元 | | 2023.5 | 万元
200个/次 | | 200 | 个/次
200元/人·年 | | 200 | 元/人·年
≤3次/年 | <= | 3 | 次/年
5㎡ | | 5 | ㎡
5m2 | | 5 | m2
三次 | | 3 | 次
两个 | | 2 | 个
二十三人 | | 23 | 人
三万人 | | 3 | 万人
三百万元 | | 300 | 万元
5个学校 | | 5 | 个
18所学校 | | 18 | 所
≥30名教师 | >= | 30 | 名
完成5次培训 | | 5 | 次
满意度≥90% | >= | 90 | %
师生满意度达到90%以上 | >= | 90 | %
合格率100% | | 100 | %
不合格率≤5% | <= | 5 | %
100%。 | | 100 | %
24个月 | | 24 | 个月
2023 | | 2023 |
2023.55 | | 2023.55 |
≥2023.1 | >= | 2023.1 |
"""

TEXTS = """
启动 得到提升 装备水平提升 打造精品课程 保证校舍安全 无校舍安全事故 学校设施设备环保达标 是 否 零投诉
不低于国家规定的标准 不低于国家相关标准 国家标准以上 按年度计划100%开展 学校100%全覆盖 100%全覆盖 保持占比50%的目标
每年开展优课评比活动 完成本年度课后服务工作 每位学生掌握“1＋1”项技能 推进“十四五”项目建设
5年规划 2期工程 1号楼 3级 3类设备 5A 第3名 前3名 一级 一次性 一批 一流 三公经费 两会 百百人 ① 5² 3个月度计划
3项未完成 5个以上下 零 三
1＋1 1:15 1：15 1/3 5x 12.3.4 95.% .5 007 027-8888 4,3 1,0000 100，200 11，800人 ≥ >=
约95%以上 不低于95%左右 控制在5%以上 ≥3-5天 大于5且小于10 ≥95%且≥90% 10-5 5%-10人 5%-100次 近100人 增长5%
100%（含） 98%（含98%） 3个/好 每生每年600元 ≥90%-95% 第四季度前 每周五天 5日前
2023年 2023年度 2023-2025年 2023.12 2023年2月30日 13月 13-24月 11月-次年3月 2023年3月至2024年2月
2月1次 每年1-2次 每年不超过2次
""".split()  # noqa: SIM905 - read as words

WORDS: dict[Wordy, str] = {
    Kind.NONE: "无 - — —— ／ / \\ － 不适用 N/A",
    Kind.GRADE: "充分 合理 有效 完整 良好 合规 规范 完备 健全 优秀 达成 部分达成 未达成",
    Kind.DURATION: "长期 常年 持续",
}


@pytest.mark.parametrize("line", NUMBERS.strip().splitlines())
def test_number(line: str) -> None:
    text, op, value, unit = (part.strip() for part in line.split("|"))
    assert parse_indicator(text) == NumberValue(
        text, op=Op(op) if op else None, value=Decimal(value), unit=unit or None
    )


@pytest.mark.parametrize("text", [*TEXTS, "5 4 3", "12 000人", "100\n200", "100%\n3次"])
def test_undecidable_is_text(text: str) -> None:
    assert parse_indicator(text) == WordValue(text)


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in WORDS.items() for text in texts.split()])
def test_word(kind: Wordy, text: str) -> None:
    assert parse_indicator(text) == WordValue(text, kind)


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("≥95%且≤100%", 95, 100, "%"),
        ("≤100%，≥95%", 95, 100, "%"),
        ("1.5-2倍", "1.5", 2, "倍"),
        ("3-5天", 3, 5, "天"),
        ("3－5天", 3, 5, "天"),
        ("5%至10%", 5, 10, "%"),
        ("控制在5%～10%之间", 5, 10, "%"),
        ("95—100", 95, 100, None),
        ("13-24个月", 13, 24, "个月"),
        ("-5%-5%", -5, 5, "%"),
        ("±5%以内", -5, 5, "%"),
    ],
)
def test_range(text: str, low: str, high: str, unit: str | None) -> None:
    assert parse_indicator(text) == RangeValue(text, low=Decimal(low), high=Decimal(high), unit=unit)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("10-11月份", 10, 11),
        ("5月--10月", 5, 10),
        ("5月至10月", 5, 10),
        ("五月—十月", 5, 10),
        ("11-3月", 11, 3),
        ("2023年1月-12月", 1, 12),
        ("上半年", 1, 6),
        ("下半年", 7, 12),
        ("第一季度", 1, 3),
        ("4季度", 10, 12),
    ],
)
def test_months(text: str, first: int, last: int) -> None:
    assert parse_indicator(text) == MonthsValue(text, from_month=first, to_month=last)


@pytest.mark.parametrize(
    ("text", "op", "date"),
    [
        ("2024年12月底前", Op.AT_MOST, "2024-12-31"),
        ("2024年2月底前完成", Op.AT_MOST, "2024-02-29"),
        ("2024年12月31日前", Op.AT_MOST, "2024-12-31"),
        ("2024年12月前", Op.AT_MOST, "2024-12"),
        ("2024年12月", None, "2024-12"),
        ("2024年底前", Op.AT_MOST, "2024-12-31"),
        ("2024年度内", Op.AT_MOST, "2024-12-31"),
        ("2024年底", None, "2024-12"),
        ("2024-03", None, "2024-03"),
        ("2024/3/1", None, "2024-03-01"),
        ("20241231前", Op.AT_MOST, "2024-12-31"),
    ],
)
def test_date(text: str, op: Op | None, date: str) -> None:
    assert parse_indicator(text) == DateValue(text, op=op, date=date)


@pytest.mark.parametrize(
    ("text", "op", "month"),
    [
        ("12月底前", Op.AT_MOST, 12),
        ("9月 底前", Op.AT_MOST, 9),
        ("于12月31日前完成", Op.AT_MOST, 12),
        ("十二月底前", Op.AT_MOST, 12),
        ("年底前", Op.AT_MOST, 12),
        ("年内", Op.AT_MOST, 12),
        ("12月", None, 12),
        ("三月份", None, 3),
    ],
)
def test_month_without_year(text: str, op: Op | None, month: int) -> None:
    assert parse_indicator(text) == DateValue(text, op=op, month=month)


@pytest.mark.parametrize(
    ("text", "times", "per"),
    [
        ("每月1次", 1, "月"),
        ("每学期2次", 2, "学期"),
        ("每季度一次", 1, "季度"),
        ("每季1次", 1, "季度"),
        ("每年不少于2次", 2, "年"),
        ("每年开展2次以上", 2, "年"),
        ("每两年1次", 1, "两年"),
        ("半年一次", 1, "半年"),
        ("每两个月一次", 1, "两个月"),
        ("每个季度1次", 1, "季度"),
        ("一年一次", 1, "年"),
        ("≥4次/年", 4, "年"),
        ("每周十二次", 12, "周"),
    ],
)
def test_frequency(text: str, times: int, per: str) -> None:
    assert parse_indicator(text) == FrequencyValue(text, times=Decimal(times), per=per)


@pytest.mark.parametrize("typed", ["　≥95%\n", "\u200b≥95%\ufeff", "\n\n　\n\n≥95%  \n　 "])
def test_ends_are_trimmed(typed: str) -> None:
    assert parse_indicator(typed) == parse_indicator("≥95%")


def test_inner_line_break_stays_in_the_text() -> None:
    assert parse_indicator("≥95\n% ").text == "≥95\n%"
    assert figure_of(parse_indicator("≥95\n% ")) == 95


def test_prose_is_text_without_a_look() -> None:
    assert parse_indicator("5" * 49).kind is Kind.TEXT
    assert parse_indicator("5" * 48).kind is Kind.NUMBER


_SIGNS = {
    "": None,
    "≥": Op.AT_LEAST,
    "<=": Op.AT_MOST,
    "不超过": Op.AT_MOST,
    "＞": Op.MORE,
    "低于": Op.LESS,
    "约": Op.ABOUT,
}


@settings(max_examples=examples(60))
@given(
    sign=st.sampled_from(sorted(_SIGNS)),
    value=st.decimals(0, 99_999, places=2).filter(lambda d: not 1900 <= d <= 2100),
    unit=st.sampled_from(["", "%", "个", "人次", "万元", "个工作日", "元/份"]),
    wide=st.booleans(),
)
def test_any_number_reads_back(sign: str, value: Decimal, unit: str, wide: bool) -> None:  # noqa: FBT001 - drawn
    text = f"{sign}{value:,}{unit}"
    if wide:
        text = "".join(chr(ord(c) + 0xFEE0) if c in "0123456789.%/" else c for c in text)
    assert parse_indicator(text) == NumberValue(text, op=_SIGNS[sign], value=value, unit=unit or None)


_PIECES = [
    *"0123456789年月日前内底每次个人%％≥≤<>=-—~至.,，。 \n/·三十百万第约",
    "以上",
    "以内",
    "百分之",
    "季度",
    "满意度",
]


@settings(max_examples=examples(300))
@given(st.lists(st.sampled_from(_PIECES), max_size=10).map("".join))
def test_never_raises_and_keeps_the_text(typed: str) -> None:
    read = parse_indicator(typed)
    assert read.text == typed.strip()
    assert not isinstance(read, RangeValue) or read.low <= read.high
    assert not isinstance(read, DateValue) or (read.date is None) != (read.month is None)


PHRASES = {name: phrase for name, phrase in vars(indicator).items() if isinstance(phrase, Phrase)}


@pytest.mark.slow
@pytest.mark.parametrize("name", PHRASES)
@settings(max_examples=examples(30))
@given(data=st.data())
def test_what_a_phrase_needs_stands_in_all_that_it_says(name: str, data: st.DataObject) -> None:
    phrase = PHRASES[name]
    found = phrase.pattern.fullmatch(data.draw(st.from_regex(phrase.pattern.pattern, fullmatch=True)))
    assert found is not None
    operators = {OPERATORS[said] for group, said in found.groupdict().items() if group in {"op1", "op2"}}
    if operators in ({Op.AT_LEAST, Op.AT_MOST}, set()):  # two of one kind are no range
        assert phrase.fullmatch(found[0]) is not None
