"""Measure words (计量单位): which words are units, which of them mean the same, and what may be compared.

Three kinds, because of what may follow a number:

- *counting* words may take a noun along: ``18所学校`` is 18 所;
- *other* words stand alone: ``5年规划`` is no five years, ``2期工程`` no two terms;
- a *scale* (万, 亿 …) stands before either or alone and stays part of the unit: ``1.2万人`` is 1.2 万人.
"""

from __future__ import annotations

import re
from typing import Final

from perfxl.model.regex import deferred
from perfxl.model.value import FrequencyValue, IndicatorValue, Kind, Quantity

_COUNTING = (
    "个 名 人 位 所 家 户 项 次 场 件 套 台 条 座 处 栋 幢 间 辆 艘 架 份 篇 本 册 部 张 幅 枚 块 片 棵 株 头 只 匹 "
    "尾 羽 盏 根 支 把 口 眼 面 门 节 堂 讲 集 期次 例 宗 起 单 笔 款 组 队 对 户次 人次 场次 批次 班次 班 台次 "
    "件次 项次 家次 课次 节次 期班 台套"
)
_TIMES = (
    "个工作日 工作日 个自然日 日 天 天次 个月 个季度 季度 个学期 学期 个学年 学年 个年度 年度 年 周 个星期 小时 分钟 "
    "秒 课时 学时 个课时 个学时 人天 人日 工日"
)
_SIZES = (
    "分 元 角 美元 平方米 平米 平方公里 平方千米 立方米 立方 方 公顷 亩 米 公里 千米 厘米 毫米 延米 公斤 千克 克 斤 "
    "吨 升 毫升 千瓦 千瓦时 度 兆瓦 倍 成 折 摄氏度 分贝 学分 标箱 "
    "m ㎡ m² m2 m³ m3 km km² km2 ㎞ cm mm kg ㎏ g t L ml kW kWh GB MB TB Mbps Gbps ℃ °C dB "
    "批 期 轮 届 类 种 页 字"
)

# With a Chinese numeral many a measure word is something else: 一级, 一流, 一批, 二类, 三期.
_SPELLED = (
    "个 名 人 位 所 家 户 项 次 场 件 套 台 条 座 处 份 篇 人次 场次 天 日 周 个月 年 个工作日 学期 小时 元 倍 亩"
)

_ADDED = (
    "元 角 美元 平方米 平米 平方公里 平方千米 立方米 立方 方 公顷 亩 米 公里 千米 延米 公斤 千克 斤 吨 升 "
    "㎡ m² m2 m³ m3 km ㎞ kg ㎏ t L kWh 千瓦时 标箱 批 期 轮 届 类 种 页 字 人天 人日 工日"
)

COUNTING: Final = frozenset(_COUNTING.split())
ADDED: Final = COUNTING | frozenset(_ADDED.split())
"""Units of what several units' figures make together; days, degrees and amounts per head have no sum."""
MEASURES: Final = COUNTING | frozenset(_TIMES.split()) | frozenset(_SIZES.split())
SPELLED: Final = frozenset(_SPELLED.split())
_SCALE = deferred("十万|百万|千万|[万亿千百]")
# What would make a sentence of the noun is kept out: 5个以上, 3次未通过, 2项已完成.
_NOUN = deferred(r"[^\W\d_a-zA-Z以上下内外前后底起未不无没及和与或并且的在为已达完每约左右余多至到超等]{1,6}")
_PER: Final = frozenset({"月", "季", "生", "生均", "人均", "学位", "村", "校", "户均"})
"""What an amount may be per, beside the units: 元/月, 元/生·年."""
_LONGEST = max(map(len, MEASURES))
TIMES: Final = ("场次", "批次", "次", "场", "期", "轮", "回", "批", "遍", "届")
"""What a frequency counts: 每月1次, 每年两期."""

PERCENT: Final = "%"
_RATIOS: Final = {"%": PERCENT, "百分比": PERCENT, "‰": "‰", "百分点": "百分点", "个百分点": "百分点"}
_SAME: Final = (
    frozenset({"人", "名", "位"}),
    frozenset({"日", "天"}),
    frozenset({"平方米", "平米", "㎡", "m²", "m2"}),
    frozenset({"立方米", "立方", "方", "m³", "m3"}),
    frozenset({"公里", "千米", "km", "㎞"}),
    frozenset({"公斤", "千克", "kg", "㎏"}),
    frozenset({"季度", "个季度"}),
    frozenset({"学期", "个学期"}),
    frozenset({"工作日", "个工作日"}),
    frozenset({"台套", "台/套", "套/台"}),
)
_CALENDAR: Final = frozenset({Kind.DATE, Kind.MONTHS})
_WORDS: Final = frozenset({Kind.TEXT, Kind.GRADE, Kind.DURATION})


def unit_of(words: str) -> str | None:
    """Return the unit that the words behind a number begin with, None where they are no unit or say more than a noun.

    百分比 is ``%``, 个百分点 is 百分点; others stay as typed: 所学校 → 所, 元/人·年 → 元/人·年, 年规划 → None.
    """
    if words in MEASURES:
        return words
    if ratio := _RATIOS.get(words):
        return ratio
    first, *per = re.split("[/·]", words)
    if _is_measure(first) and all(part in _PER or _is_measure(part) for part in per):
        return words
    for length in range(_LONGEST + 2, 0, -1):
        if _is_measure(words[:length]):
            counts = _unscaled(words[:length]) in COUNTING
            return words[:length] if counts and _NOUN.fullmatch(words, length) else None
    return None


def countable_unit(words: str) -> str | None:
    """Return the unit that words behind Chinese numerals are, None where they may be something else than a count."""
    if words == "元" or _unscaled(words) in SPELLED:
        return words
    return _RATIOS.get(words)


def _is_measure(word: str) -> bool:
    return word in MEASURES or (word != "" and (_unscaled(word) or "元") in MEASURES)


def _unscaled(word: str) -> str:
    return _SCALE.sub("", word, count=1) if _SCALE.match(word) else word


def adds_up(unit: str | None) -> bool:
    """Tell whether figures of a unit can be added: counts, amounts, areas, lengths, weights; 12万元 and 3所, not 95% or 5天."""
    return unit is not None and (_unscaled(unit) or "元") in ADDED


def same_unit(a: str | None, b: str | None) -> bool:
    """Tell whether two units are one; a missing unit matches any. 人 and 名 are one, 人 and 人次 or 万人 are not."""
    return a is None or b is None or a == b or any(a in group and b in group for group in _SAME)


def same_measure(a: IndicatorValue, b: IndicatorValue) -> bool:
    """Tell whether two indicator values are of one kind and unit, so that one can stand for the other (C03, V18).

    Families of kinds count, since nobody is wrong who answers 12月底前 with 11月 or 良好 with 效果良好: number and
    range by unit; date and months; text, grade and duration. A frequency goes with a frequency of the same period.
    ``无`` goes with ``无`` only.
    """
    if isinstance(a, Quantity) and isinstance(b, Quantity):
        return same_unit(a.unit, b.unit)
    if isinstance(a, FrequencyValue) and isinstance(b, FrequencyValue):
        return a.per == b.per
    kinds = {a.kind, b.kind}
    return len(kinds) == 1 or kinds <= _CALENDAR or kinds <= _WORDS
