"""V11–V18: how indicator values are written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from perfxl.model.finding import Finding
from perfxl.model.form import Rule
from perfxl.model.value import IndicatorValue, Kind, Op
from perfxl.rules.case import Case, is_nothing
from perfxl.rules.rows import Row, rows, used
from perfxl.rules.scoring import QUANTITIES
from perfxl.rules.words import figure, short
from perfxl.values.label_text import flat
from perfxl.values.units import PERCENT, same_measure

_HUNDRED = Decimal(100)
_VAGUE = ("提升", "加强", "推进", "促进", "完善", "改善", "提高", "保障", "优化", "强化")
_BEYOND_HUNDRED = ("增长", "变动", "毛入", "完成", "超额", "巩固", "入学")
_ADVERBS = re.compile(
    "^(?:进一步|持续|不断|逐步|逐年|稳步|有效|明显|显著|大力|全面|切实|积极|着力|继续|有所|得到|得以|较好|更加|基本|地|的)+"
)
_DEGREES = re.compile("(?:明显|显著|有效|持续|不断|进一步|稳步|逐步|有所|得到|得以|了|地)+$")
_TAIL = 40
"""Characters at the end of a target among which the words of degree are looked for."""
_FIGURE = re.compile("[0-9０-９%％]|[一二两三四五六七八九十百千万](?:个|次|人|名|项|所|家|场|件|套|台|份|期)")

_FITTING = (
    (re.compile(r"次数$"), re.compile(r"(?:(?<![人户])次|场|期|批|轮|回)$"), "次"),
    (re.compile(r"人数$"), re.compile(r"(?:人|名|位|人次|户次)$"), "人"),
    (re.compile(r"率$"), re.compile(r"%|‰|百分点$"), "%"),
)
"""What a name ends in, the units that go with it, the one to propose (V12)."""
_UNIT_IN_NAME = re.compile(r"[(（][^()（）]{1,8}[)）]$")


def bare(case: Case, rule: Rule) -> Iterator[Finding]:
    """V11: yield targets that are a bare number. 100% needs no operator."""
    for row, target in _targets(case, rule):
        if target.kind is not Kind.NUMBER or target.op is not None:
            continue
        if target.value == _HUNDRED and target.unit == PERCENT:
            continue
        sign = "≤" if row.costs else "≥"
        message = f"{row.name}的指标值“{short(target.text)}”没有写比较符号，如是“{sign}{short(target.text)}”请写明"
        yield case.finding(rule.code, row.at("target"), message, rule=rule, value=target)


def units(case: Case, rule: Rule) -> Iterator[Finding]:
    """V12: yield targets without a unit, or with one that does not go with the name."""
    for row, target in _targets(case, rule):
        if target.kind not in QUANTITIES:
            continue
        name = flat(row.text("name")).rstrip(":：。;；")
        told = _UNIT_IN_NAME.search(name) is not None
        said = f"{row.name}的指标值“{short(target.text)}”"
        end = _UNIT_IN_NAME.sub("", name)
        wanted = next(((fits, unit) for ends, fits, unit in _FITTING if ends.search(end)), None)
        if target.unit is None:
            message = f"{said}没有写计量单位" + (f"，应以“{wanted[1]}”计" if wanted else "")
            if told:
                continue
        elif wanted is not None and not wanted[0].search(target.unit):
            message = f"{said}的单位是“{target.unit}”，与指标名称不相称，应以“{wanted[1]}”计"
        else:
            continue
        yield case.finding(rule.code, row.at("target"), message, rule=rule, value=target)


def strict(case: Case, rule: Rule) -> Iterator[Finding]:
    """V13: yield targets that leave out the figure itself."""
    for row, target in _targets(case, rule):
        if target.op in {Op.MORE, Op.LESS} and target.value is not None:
            word = "大于" if target.op is Op.MORE else "小于"
            number = f"{figure(target.value)}{target.unit or ''}"
            message = f"{row.name}的指标值“{short(target.text)}”用的是{word}，正好 {number} 不算完成"
            yield case.finding(rule.code, row.at("target"), message, rule=rule, value=target)


def percentages(case: Case, rule: Rule) -> Iterator[Finding]:
    """V14: yield percentages outside 0–100, but for names that speak of growth and the like."""
    words = rule.words or _BEYOND_HUNDRED
    for row in used(case, rule.over):
        if any(word in row.text("name") for word in words):
            continue
        for key in ("prev2", "prev1", "target", "executed", "forecast", "actual"):
            value = row.value(key)
            if value is None or value.unit != PERCENT or value.kind not in QUANTITIES:
                continue
            ends = [number for number in (value.value, value.low, value.high) if number is not None]
            wrong = "小于 0" if min(ends) < 0 else "大于 100%" if max(ends) > _HUNDRED else ""
            if wrong:
                column = case.form.fields[f"{rule.over}[].{key}"].parts[-1]
                message = f"{row.name}的{column}“{short(value.text)}”{wrong}，请核对小数点和算法"
                yield case.finding(rule.code, row.at(key), message, rule=rule, value=value)


def vague(case: Case, rule: Rule) -> Iterator[Finding]:
    """V15: yield output targets that only say that something will be done, without a standard to hold it against."""
    verbs = rule.words or _VAGUE
    for row, target in _targets(case, rule):
        if target.kind is not Kind.TEXT or not row.text("level1").startswith("产出") or _FIGURE.search(target.text):
            continue
        said = flat(target.text).rstrip("。.;；!！")
        if _ADVERBS.sub("", said).startswith(tuple(verbs)) or _DEGREES.sub("", said[-_TAIL:]).endswith(tuple(verbs)):
            message = f"{row.name}的指标值“{short(target.text)}”没有可以检验的标准，请写明数量、比例或时限"
            yield case.finding(rule.code, row.at("target"), message, rule=rule, value=target)


def nothing(case: Case, rule: Rule) -> Iterator[Finding]:
    """V16: yield rows of 无 that have points, or in which a completion or points are missing: rows to be left out."""
    for row in rows(case, rule.over):
        says = next((key for key in ("name", "target") if _says_nothing(row, key)), None)
        if says is None:
            continue
        points = [key for key in ("weight", "score") if row.has(key)]
        given = [key for key in points if row.number(key)]
        kept = ("actual", *points) if not row.used else ()
        left = [key for key in kept if row.has(key) and case.record[row.at(key)] is None and row.sound(key)]
        if not given and not left:
            continue
        what = "、".join(case.form.fields[f"{rule.over}[].{key}"].parts[-1] for key in given or left)
        message = f"{row.name}填的是“无”，却有{what}" if given else f"{row.name}填的是“无”，{what}空着"
        yield case.finding(
            rule.code,
            row.at(says),
            f"{message}；没有这项指标的，请把整行清空",
            rule=rule,
            value=_shown(row, says),
            related=[row.at(key) for key in given or left],
        )


def _says_nothing(row: Row, key: str) -> bool:
    """Tell whether 无 was typed, not just left blank."""
    value = row.case.record[row.at(key)]
    return value is not None and is_nothing(value)


def _shown(row: Row, key: str) -> str | IndicatorValue:
    value = row.case.record[row.at(key)]
    return value if isinstance(value, str | IndicatorValue) else ""


def countless(case: Case, rule: Rule) -> Iterator[Finding]:
    """V17: yield quantity indicators whose target has no number."""
    for row, target in _targets(case, rule):
        if row.text("level2") != "数量指标" or target.kind in {*QUANTITIES, Kind.FREQUENCY, Kind.NONE}:
            continue
        if not _FIGURE.search(target.text):
            message = f"{row.name}是数量指标，指标值“{short(target.text)}”里没有能够计量的数，请填写带单位的数"
            yield case.finding(rule.code, row.at("target"), message, rule=rule, value=target)


def past(case: Case, rule: Rule) -> Iterator[Finding]:
    """V18: yield values of past years that have an operator, or are of another kind or unit than this year's."""
    for row in used(case, rule.over):
        target = row.value("target")
        for key in ("prev2", "prev1"):
            value = row.value(key)
            if value is None or value.kind is Kind.NONE:
                continue
            column = case.form.fields[f"{rule.over}[].{key}"].parts[-1]
            said = f"{row.name}的{column}值“{short(value.text)}”"
            if value.op is not None:
                message = f"{said}带有比较符号，往年的值请填实际完成的数"
            elif target is not None and target.kind is not Kind.NONE and not same_measure(target, value):
                message = f"{said}与当年的“{short(target.text)}”种类或单位不同，请按同一口径填写"
            else:
                continue
            yield case.finding(rule.code, row.at(key), message, rule=rule, value=value, related=(row.at("target"),))


def _targets(case: Case, rule: Rule) -> Iterator[tuple[Row, IndicatorValue]]:
    for row in used(case, rule.over):
        target = row.value("target")
        if target is not None:
            yield row, target
