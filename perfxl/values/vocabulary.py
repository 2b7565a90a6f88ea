"""The words of indicator values: operators before and after a number, grades, durations."""

from __future__ import annotations

from typing import Final

from perfxl.model.value import Op

OPERATORS: Final = {
    word: op
    for op, words in {
        Op.AT_LEAST: """
            ≥ >= => ≧ ⩾ ≥= ≮ 大于等于 大于或等于 高于等于 高于或等于 多于等于 多于或等于 等于或大于
            不低于 不少于 不小于 不下于 不得低于 不得少于 不得小于 至少 最少 最低
            达到 达 达到或超过 应达到 须达到 需达到 已达到 已达
        """,
        Op.AT_MOST: """
            ≤ <= =< ≦ ⩽ ≤= ≯ 小于等于 小于或等于 低于等于 低于或等于 少于等于 少于或等于 等于或小于
            不高于 不超过 不超 不多于 不大于 不得高于 不得超过 不得大于 不得多于 控制在 至多 最多 最高 不突破
        """,
        Op.MORE: "> 大于 高于 多于 超过 超",
        Op.LESS: "< 小于 低于 少于 不足 不到 不满",
        Op.EQUAL: "= 等于 为",
        Op.ABOUT: "~ ≈ 约 大约 约为",
    }.items()
    for word in words.split()
}
"""What stands before a number."""

SUFFIXES: Final = {
    word: op
    for op, words in {
        Op.AT_LEAST: "以上 及以上 或以上 之上 (含)以上 以上(含) +",
        Op.AT_MOST: "以下 及以下 或以下 之下 以内 之内 内 (含)以下 以下(含) (含)以内 以内(含)",
        Op.ABOUT: "左右 上下",
    }.items()
    for word in words.split()
}
"""What stands behind a number with its unit."""

REACHING: Final = frozenset({"达到", "达", "应达到", "须达到", "需达到", "已达到", "已达", "控制在"})
"""Operators that 左右 takes over: 达到95%左右 is about 95%."""

_GRADES = """
    充分 合理 有效 完整 完善 完备 健全 齐全 规范 合规 合法 科学 准确 及时 安全 稳定 明确 明显 显著 较明显 较显著
    优秀 优良 优 良好 良 较好 好 中 中等 一般 较差 差 高 较高 较低 低
    合格 基本合格 不合格 达标 基本达标 部分达标 未达标 不达标 达成 全部达成 基本达成 部分达成 未达成
    完成 已完成 全部完成 基本完成 部分完成 未完成 满意 很满意 非常满意 比较满意 较满意 基本满意 不满意
"""
GRADES: Final = frozenset(_GRADES.split())

_DURATIONS = "长期 持续 常年 全年 永久 终身 长效 中长期 中期 短期 长期有效 长期持续 持续有效"
DURATIONS: Final = frozenset(_DURATIONS.split())
