"""P01–P06: weights and scores. (The total of all weights, P01, is an expression of the form.)"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from perfxl.model.finding import Finding, Severity
from perfxl.model.form import Form, Rule
from perfxl.model.grid import CellKind
from perfxl.model.record import generic
from perfxl.rules.case import Case
from perfxl.rules.completion import pairs
from perfxl.rules.rows import Row, rows, used
from perfxl.rules.scoring import SURPASSED, direction, earned, surpassed, usual_points
from perfxl.rules.words import cents, figure, short
from perfxl.values.label_text import key as letters
from perfxl.values.label_text import points as printed_points

_CENT = Decimal("0.01")
_BANDS = (
    (re.compile("部分(?:达成|完成)"), Decimal("0.6"), Decimal("0.8"), "部分达成"),
    (re.compile("(?:未|没有|未能)(?:达成|完成)"), Decimal(0), Decimal("0.6"), "未达成"),
    (re.compile("(?:全部|已|已全部)?达成(?!率|度)"), Decimal("0.8"), Decimal(1), "达成"),
)
"""What an actual value begins with, and which part of the weight its score may be: from, below (the last: at most)."""
_PROBLEMS = re.compile("问题|不足|不够|偏差较大|滞后|未(?:能|达|完成|实现|按)|困难|欠缺|偏低|有待")
_NO_PROBLEM = re.compile("(?:无|没有|不存在|未发现|未出现).{0,4}(?:问题|不足|偏差|困难)|解决.{0,6}(?:问题|困难)")


def levels(case: Case, rule: Rule) -> Iterator[Finding]:
    """P01: yield each 一级 whose weights are not the points in its caption, or those that the form gives it."""
    groups: dict[str, list[Row]] = {}
    for row in rows(case, rule.over):
        groups.setdefault(row.text("level1"), []).append(row)
    if not any(row.number("weight") for found in groups.values() for row in found):
        return
    table = case.form.table(rule.over)
    known = {group.value: printed_points(group.text) for group in table.groups}
    for level in dict.fromkeys([*groups, *known]):
        found = groups.get(level, [])
        own = next((points for row in found if (points := _caption(row)) is not None), None)
        points = own or known.get(level) or (usual_points(level, groups) if found else "")
        if not level or not points or not all(row.sound("weight") for row in found):
            continue
        wanted, total = Decimal(points), sum((row.number("weight") or Decimal(0) for row in found), Decimal(0))
        if cents(wanted) == cents(total):
            continue
        where = "标题" if own is not None else "表样" if known.get(level) else "一般"
        gap = figure(abs(total - wanted))
        yield case.finding(
            rule.code,
            found[0].at("level1") if found else rule.over,
            f"{level}{where}为 {figure(wanted)} 分、各行合计 {figure(total)} 分，相差 {gap} 分",
            rule=rule,
            severity=Severity.ERROR if own is not None else Severity.WARNING,
            value=total,
            expected=wanted,
            related=[row.at("weight") for row in found],
        )


def _caption(row: Row) -> str | None:
    """Return the points that a row's 一级 has in its caption on the sheet."""
    seen = row.case.sighting(row.at("level1"))
    text = seen.cell.value if seen is not None and seen.cell is not None else None
    return printed_points(text) if isinstance(text, str) else None


def fund_scores(form: Form) -> tuple[str, ...]:
    """Return the rows outside growing tables that are scored by their rate: ``funds.total``."""
    found = (path.removesuffix(".rate") for path in form.fields if path.endswith(".rate") and "[]" not in path)
    return tuple(row for row in found if {f"{row}.score", f"{row}.weight"} <= form.fields.keys())


def beyond(case: Case, rule: Rule) -> Iterator[Finding]:
    """P02: yield scores below 0 or above their weights."""
    for row in rows(case, rule.over):
        yield from _beyond(case, rule, row.path, row.name, row.number("score"))
    for path in fund_scores(case.form):
        yield from _beyond(case, rule, path, "预算执行率", case.typed_over(f"{path}.score"))


def _beyond(case: Case, rule: Rule, row: str, name: str, score: Decimal | None) -> Iterator[Finding]:
    weight = case.number(f"{row}.weight")
    if score is None or weight is None or 0 <= score <= weight:
        return
    wrong = f"大于分值 {figure(weight)}" if score > weight else "小于 0"
    message = f"{name}的得分 {figure(score)} {wrong}，请核对得分和分值"
    expected = max(weight, Decimal(0)) if score > weight else Decimal(0)
    yield case.finding(
        rule.code, f"{row}.score", message, rule=rule, value=score, expected=expected, related=(f"{row}.weight",)
    )


def computed(case: Case, rule: Rule) -> Iterator[Finding]:
    """P03: yield scores that are not what the figures earn: of indicators with figures, and of the fund row."""
    limit = SURPASSED if rule.limit is None else rule.limit
    for row, target, actual in pairs(case, rule.over):
        weight, score = row.number("weight"), row.number("score")
        if weight is None or score is None:
            continue
        way = direction(row, target)
        right = earned(target, actual, way, weight, rule.reverse)
        lowered = right is not None and score <= right and surpassed(target, actual, way, limit)
        if right is None or lowered or not _off(case, row.at("score"), score, right):
            continue
        said = f"目标“{short(target.text)}”、完成“{short(actual.text)}”、分值 {figure(weight)} 分"
        message = f"{row.name}的得分是 {figure(score)}，按{said}计算应为 {figure(cents(right))}，"
        yield case.finding(
            rule.code,
            row.at("score"),
            f"{message}相差 {figure(cents(abs(score - right)))}",
            rule=rule,
            value=score,
            expected=cents(right),
            related=(row.at("target"), row.at("actual"), row.at("weight")),
        )
    for path in fund_scores(case.form):
        yield from _fund_score(case, rule, path)


def _fund_score(case: Case, rule: Rule, row: str) -> Iterator[Finding]:
    path = f"{row}.score"
    typed, right = case.typed_over(path), case.number(path)
    if typed is not None and right is not None and _off(case, path, typed, right):
        message = f"预算执行率的得分填的是 {figure(typed)}，按执行率和分值计算应为 {figure(cents(right))}，"
        yield case.finding(
            rule.code,
            path,
            f"{message}相差 {figure(cents(abs(typed - right)))}",
            rule=rule,
            value=typed,
            expected=cents(right),
            related=(f"{row}.rate", f"{row}.weight"),
        )


def _off(case: Case, path: str, score: Decimal, right: Decimal) -> bool:
    """Tell whether a score is off by more than half of its last typed place, and by more than 0.01."""
    seen = case.sighting(path)
    typed = (
        seen.cell.value if seen is not None and seen.cell is not None and seen.cell.kind is CellKind.NUMBER else None
    )
    figures = typed if isinstance(typed, Decimal) else score
    exponent = figures.as_tuple().exponent
    place = Decimal(1).scaleb(min(exponent, 0)) if isinstance(exponent, int) else _CENT
    return abs(score - right) > max(place / 2, _CENT)


def banded(case: Case, rule: Rule) -> Iterator[Finding]:
    """P04: yield scores that lie outside the band of what the actual value says: 达成, 部分达成, 未达成."""
    for row in used(case, rule.over):
        actual, weight, score = row.value("actual"), row.number("weight"), row.number("score")
        if actual is None or weight is None or score is None:
            continue
        said = letters(actual.text)
        band = next((band for band in _BANDS if band[0].match(said)), None)
        if band is None:
            continue
        _, low, high, name = band
        whole = high == 1
        least, most = low * weight, high * weight
        if least <= score < most or (whole and score == most) or weight == 0:
            continue
        upper = f"不高于 {figure(most)}" if whole else f"低于 {figure(most)}"
        span = f"{upper}" if low == 0 else f"不低于 {figure(least)}、{upper}"
        message = f"{row.name}完成值是“{name}”，分值 {figure(weight)}，得分应{span}，填的是 {figure(score)}"
        yield case.finding(
            rule.code, row.at("score"), message, rule=rule, value=score, related=(row.at("actual"), row.at("weight"))
        )


def summed(case: Case, rule: Rule) -> Iterator[Finding]:
    """P05: yield totals that were typed over their formulas and are not the sum."""
    for path in case.form.computed:
        if not path.startswith(f"{rule.over}."):
            continue
        typed, right = case.typed_over(path), case.number(path)
        if typed is None or right is None or cents(typed) == cents(right):
            continue
        name = case.form.fields[generic(path)].parts[-1]
        gap = figure(cents(abs(typed - right)))
        message = f"总分一行的{name}填的是 {figure(typed)}，各项合计是 {figure(right)}，相差 {gap}"
        yield case.finding(rule.code, path, message, rule=rule, value=typed, expected=right)


def unexplained(case: Case, rule: Rule) -> Iterator[Finding]:
    """P06: yield points that were lost without a reason, and full marks beside reported problems."""
    for row in used(case, rule.over):
        weight, score = row.number("weight"), row.number("score")
        if weight is None or score is None or not row.sound("reason"):
            continue
        if score < weight and not row.reason:
            lost = figure(weight - score)
            message = f"{row.name}的得分 {figure(score)} 低于分值 {figure(weight)}，扣了 {lost} 分，没有说明原因，请写明原因和改进措施"
            yield case.finding(
                rule.code, row.at("reason"), message, rule=rule, related=(row.at("score"), row.at("weight"))
            )
        elif score == weight != 0 and _reports_problems(row.reason):
            message = f"{row.name}写了“{short(row.reason)}”，却得了满分 {figure(score)}，请核对"
            yield case.finding(
                rule.code,
                row.at("score"),
                message,
                severity=Severity.WARNING,
                value=score,
                related=(row.at("reason"),),
            )


def _reports_problems(reason: str) -> bool:
    return _PROBLEMS.search(_NO_PROBLEM.sub("", reason)) is not None
