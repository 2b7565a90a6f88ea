"""V11–V18: how indicator values are written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import TypeGuard

from perfxl.model.finding import Finding, Severity
from perfxl.model.form import FormRule
from perfxl.model.value import IndicatorValue, Kind, NumberValue, Op, Quantity, ends_of, operator_of
from perfxl.rules.case import Case, is_nothing
from perfxl.rules.needs import columns
from perfxl.rules.rows import IndicatorRow, rows, used
from perfxl.rules.rule import Named, OnlyAtImport, Rule
from perfxl.rules.scoring import meant_percent
from perfxl.rules.watching import READS_WORDS
from perfxl.rules.words import figure, short
from perfxl.values.label_text import flat
from perfxl.values.units import PERCENT, same_measure

_HUNDRED = Decimal(100)
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
_NOT_WORDS = frozenset({Kind.NUMBER, Kind.RANGE, Kind.FREQUENCY, Kind.NONE})
_PURE = re.compile(r"(?:系数|指数|比值|(?<!占)比)$")
"""Names of what is a number without a unit."""
_PERCENTAGES = ("prev2", "prev1", "target", "executed", "forecast", "actual")
_UNIT_IN_NAME = re.compile(r"[(（][^()（）]{1,8}[)）]$")


def _bare(case: Case, asked: FormRule) -> Iterator[Finding]:
    """Yield targets that are a bare number. 100% and 0 need no operator: there is nothing beyond them."""
    for row, target in _targets(case, asked):
        if not _lacks_operator(target):
            continue
        meant = _meant(row, target) if target.unit is None else f"{_sign(row)}{short(target.text)}"
        advice = f"如是“{meant}”请写明" if meant else "请补上“≥”“≤”或“＝”"
        message = f"{row.name}的指标值“{short(target.text)}”没有写比较符号，{advice}"
        yield V11.at(case, row.at("target"), message, asked=asked, value=target)


def _lacks_operator(target: IndicatorValue) -> TypeGuard[NumberValue]:
    if not isinstance(target, NumberValue) or target.op is not None:
        return False
    return not (target.value == 0 or (target.value == _HUNDRED and target.unit == PERCENT))


def _sign(row: IndicatorRow) -> str:
    return "≤" if row.costs else "≥"


V11 = Rule(
    code="V11",
    severities=(Severity.WARNING,),
    title="指标值缺少比较符号",
    meaning="指标值只有一个数，没有写明是不少于、不超过还是等于。填 100% 或 0 的不算。",
    example="指标“培训场次”的指标值填了“12场次”。审核意见：“12场次”没有写明比较方式。",
    remedy="请在数前加上“≥”“≤”或“＝”，例如“≥12场次”。",
    named=Named(needs=columns("name", "target"), check=_bare, live=OnlyAtImport(READS_WORDS)),
)


def _units(case: Case, asked: FormRule) -> Iterator[Finding]:
    """Yield targets without a unit, or with one that does not go with the name."""
    for row, target in _targets(case, asked):
        if not isinstance(target, Quantity):
            continue
        name = _name(row)
        fits, unit = _fitting(name)
        if target.unit is None:
            if _UNIT_IN_NAME.search(name) is not None or _PURE.search(name):
                continue
            # What it probably is has been said where the operator was missed.
            meant = "" if _lacks_operator(target) else _meant(row, target)
            hint = f"疑为“{meant}”，请写明" if meant else f"应以“{unit}”计" if unit else "请补上"
            message = f"没有写计量单位，{hint}"
        elif fits is not None and not fits.search(target.unit):
            message = f"的单位是“{target.unit}”，与指标名称不相称，应以“{unit}”计"
        else:
            continue
        message = f"{row.name}的指标值“{short(target.text)}”{message}"
        yield V12.at(case, row.at("target"), message, asked=asked, value=target)


def _name(row: IndicatorRow) -> str:
    return flat(row.text("name")).rstrip(":：。;；")


def _fitting(name: str) -> tuple[re.Pattern[str] | None, str]:
    """Return the units that go with the name of an indicator, and the one to propose; None and "" where any does."""
    end = _UNIT_IN_NAME.sub("", name)
    return next(((fits, unit) for ends, fits, unit in _FITTING if ends.search(end)), (None, ""))


def _meant(row: IndicatorRow, target: Quantity) -> str:
    """Return what a target without a unit probably is: 0.95 and 95 of a rate are ≥95%, 12 of …次数 is ≥12次."""
    unit = _fitting(_name(row))[1]
    actual = row.value("actual")
    share = meant_percent(target, actual) if actual is not None else None
    if not isinstance(target, NumberValue) or (not unit and share is None):
        return ""
    value = target.value
    if unit == PERCENT or share is not None:
        unit, value = PERCENT, value * _HUNDRED if 0 < value <= 1 else value
    sign = target.op.value if target.op is not None else "" if (value, unit) == (_HUNDRED, PERCENT) else _sign(row)
    return f"{_SIGNS.get(sign, sign)}{figure(value)}{unit}"


_SIGNS = {">=": "≥", "<=": "≤"}


V12 = Rule(
    code="V12",
    severities=(Severity.WARNING,),
    title="计量单位缺失或不符",
    meaning="指标值没有写计量单位，或者单位与指标名称不相称：次数应以次计，人数应以人计，各种率应以 % 计。系数、指数不带单位。",
    example="指标“家访次数”的指标值填了“≥30人次”。审核意见：单位“人次”与“次数”不相称。",
    remedy="请补上或改正计量单位，例如“≥30次”。",
    named=Named(needs=columns("name", "target"), check=_units, live=OnlyAtImport(READS_WORDS)),
)


def _strict(case: Case, asked: FormRule) -> Iterator[Finding]:
    """Yield targets that leave out the figure itself."""
    for row, target in _targets(case, asked):
        if isinstance(target, NumberValue) and target.op in {Op.MORE, Op.LESS}:
            word = "大于" if target.op is Op.MORE else "小于"
            number = f"{figure(target.value)}{target.unit or ''}"
            message = f"{row.name}的指标值“{short(target.text)}”用的是{word}，正好 {number} 不算完成"
            yield V13.at(case, row.at("target"), message, asked=asked, value=target)


V13 = Rule(
    code="V13",
    severities=(Severity.INFO,),
    title="用了大于或小于",
    meaning="指标值用的是大于或小于，恰好等于这个数时不算完成。",
    example="指标值填了“＞300人”。审核意见：用的是大于，正好 300 人不算完成。",
    remedy="确实如此的，不必处理。包括这个数的，请改用“≥”或“≤”。",
    named=Named(needs=columns("name", "target"), check=_strict, live=OnlyAtImport(READS_WORDS)),
)


def _percentages(case: Case, asked: FormRule) -> Iterator[Finding]:
    """Yield percentages outside 0–100, but for names that speak of growth and the like."""
    words = V14.words_in(asked)
    keys = [key for key in _PERCENTAGES if case.has(f"{asked.over}[].{key}")]
    for row in used(case, asked.over):
        for key in keys:
            value = row.value(key)
            if not isinstance(value, Quantity) or value.unit != PERCENT:
                continue
            least, most = ends_of(value)
            wrong = "小于 0" if least < 0 else "大于 100%" if most > _HUNDRED else ""
            if wrong and not any(word in row.text("name") for word in words):
                column = case.form.fields[f"{asked.over}[].{key}"].parts[-1]
                message = f"{row.name}的{column}“{short(value.text)}”{wrong}，请核对小数点和算法"
                yield V14.at(case, row.at(key), message, asked=asked, value=value)


V14 = Rule(
    code="V14",
    severities=(Severity.WARNING,),
    title="百分比超出常规",
    meaning="百分比小于 0 或大于 100%。指标名称中有增长、变动、毛入、完成、超额、巩固、入学等字样的，可以超过。",
    example="指标“设备完好率”的完成值填了“105%”。审核意见：105% 大于 100%。",
    remedy="请核对小数点和计算方法。确实可以超过 100% 的，由审核人员确认。",
    words=("增长", "变动", "毛入", "完成", "超额", "巩固", "入学"),
    named=Named(needs=columns("name", "target"), check=_percentages, live=OnlyAtImport(READS_WORDS)),
)


def _vague(case: Case, asked: FormRule) -> Iterator[Finding]:
    """Yield output targets that only say that something will be done, without a standard to hold it against."""
    verbs = V15.words_in(asked)
    for row, target in _targets(case, asked):
        if target.kind is not Kind.TEXT or not row.text("level1").startswith("产出") or _FIGURE.search(target.text):
            continue
        said = flat(target.text).rstrip("。.;；!！")
        if _ADVERBS.sub("", said).startswith(tuple(verbs)) or _DEGREES.sub("", said[-_TAIL:]).endswith(tuple(verbs)):
            message = f"{row.name}的指标值“{short(target.text)}”没有可以检验的标准，请写明数量、比例或时限"
            yield V15.at(case, row.at("target"), message, asked=asked, value=target)


V15 = Rule(
    code="V15",
    severities=(Severity.WARNING,),
    title="指标值过于笼统",
    meaning="产出指标的指标值只有提升、加强、推进之类的说法，没有能够检验的标准。",
    example="指标“校舍维修”的指标值填了“持续推进”。审核意见：“持续推进”没有可以检验的标准。",
    remedy="请写明数量、比例、时限或其他能够检验的标准，例如“≥8所”“12月底前完工”。",
    words=("提升", "加强", "推进", "促进", "完善", "改善", "提高", "保障", "优化", "强化"),
    named=Named(needs=columns("level1", "name", "target"), check=_vague, live=OnlyAtImport(READS_WORDS)),
)


def _nothing(case: Case, asked: FormRule) -> Iterator[Finding]:
    """Yield rows of 无 that have points, or in which a completion or points are missing: rows to be left out."""
    for row in rows(case, asked.over):
        says = next((key for key in ("name", "target") if _says_nothing(row, key)), None)
        if says is None:
            continue
        points = [key for key in ("weight", "score") if row.has(key)]
        given = [key for key in points if row.number(key)]
        kept = ("actual", *points) if not row.used else ()
        left = [key for key in kept if row.has(key) and case.record[row.at(key)] is None and row.sound(key)]
        if not given and (not left or _alone(row, says)):
            continue
        what = "、".join(case.form.fields[f"{asked.over}[].{key}"].parts[-1] for key in given or left)
        message = f"{row.name}填的是“无”，却有{what}" if given else f"{row.name}填的是“无”，{what}空着"
        yield V16.at(
            case,
            row.at(says),
            f"{message}；没有这项指标的，请把整行清空",
            asked=asked,
            value=_shown(row, says),
            related=[row.at(key) for key in given or left],
        )


def _says_nothing(row: IndicatorRow, key: str) -> bool:
    """Tell whether 无 was typed, not just left blank."""
    value = row.case.record[row.at(key)]
    return value is not None and is_nothing(value)


def _alone(row: IndicatorRow, key: str) -> bool:
    """Tell whether 无 is the name and all that was typed in its row: a plain way to say that there is none."""
    return key == "name" and not any(
        row.has(other) and row.case.record[row.at(other)] is not None
        for other in ("target", "actual", "weight", "score", "reason")
    )


def _shown(row: IndicatorRow, key: str) -> str | IndicatorValue:
    value = row.case.record[row.at(key)]
    return value if isinstance(value, str | IndicatorValue) else ""


V16 = Rule(
    code="V16",
    severities=(Severity.WARNING,),
    title="“无”与同行内容不符",
    meaning="指标填“无”却给了分值，或者一行里填了“无”，完成值、分值却空着。没有指标的行应当整行不填，只在三级指标写“无”也可以。",
    example="三级指标、指标值都填“无”，分值空着。审核意见：这一行没有指标，应整行清空。",
    remedy="没有这项指标的，请把整行清空，分值分到其他指标。有指标的，请填上名称和指标值。",
    named=Named(needs=columns("name", "target"), check=_nothing, live=OnlyAtImport(READS_WORDS)),
)


def _countless(case: Case, asked: FormRule) -> Iterator[Finding]:
    """Yield quantity indicators, and those that count by their name, whose target has no number."""
    for row, target in _targets(case, asked):
        if target.kind in _NOT_WORDS or _FIGURE.search(target.text):
            continue
        if row.text("level2") == "数量指标" or row.counts:
            what = "是数量指标" if row.text("level2") == "数量指标" else "说的是数量或比率"
            message = f"{row.name}{what}，指标值“{short(target.text)}”里没有能够计量的数，请填写带单位的数"
            yield V17.at(case, row.at("target"), message, asked=asked, value=target)


V17 = Rule(
    code="V17",
    severities=(Severity.WARNING,),
    title="数量指标没有数字",
    meaning="数量指标，或者名称以“数”“人次”“率”“面积”等结尾的指标，指标值中没有能够计量的数。",
    example="数量指标“改造校舍”的指标值填了“完成”。审核意见：数量指标应填数字。",
    remedy="请填写带单位的数，例如“≥8所”“≥95%”。不能计量的，请改换名称，或移到质量指标、时效指标。",
    explained_by=frozenset({"V15"}),
    named=Named(needs=columns("level2", "name", "target"), check=_countless, live=OnlyAtImport(READS_WORDS)),
)


def _past(case: Case, asked: FormRule) -> Iterator[Finding]:
    """Yield values of past years that have an operator, or are of another kind or unit than this year's."""
    for row in used(case, asked.over):
        target = row.value("target")
        for key in ("prev2", "prev1"):
            value = row.value(key)
            if value is None or value.kind is Kind.NONE:
                continue
            column = case.form.fields[f"{asked.over}[].{key}"].parts[-1]
            said = f"{row.name}的{column}值“{short(value.text)}”"
            if operator_of(value) is not None:
                message = f"{said}带有比较符号，往年的值请填实际完成的数"
            elif target is not None and target.kind is not Kind.NONE and not same_measure(target, value):
                message = f"{said}与当年的“{short(target.text)}”种类或单位不同，请按同一口径填写"
            else:
                continue
            yield V18.at(case, row.at(key), message, asked=asked, value=value, related=(row.at("target"),))


V18 = Rule(
    code="V18",
    severities=(Severity.WARNING,),
    title="往年值写法不一致",
    meaning=("往年的指标值带有“≥”之类的符号，或者种类、单位与今年的指标值不同。往年值是已经发生的实际数，不应带符号。"),
    example="上年值填“≥280人”，今年的指标值为“≥300人”。审核意见：上年值应填实际数，不带符号。",
    remedy="请填往年的实际完成数，单位与今年的指标值一致。",
    named=Named(needs=columns("name", "target", "prev1"), check=_past, live=OnlyAtImport(READS_WORDS)),
)


def _targets(case: Case, asked: FormRule) -> Iterator[tuple[IndicatorRow, IndicatorValue]]:
    for row in used(case, asked.over):
        target = row.value("target")
        if target is not None:
            yield row, target


RULES = (V11, V12, V13, V14, V15, V16, V17, V18)
