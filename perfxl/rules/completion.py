"""C03–C07: how far the targets were reached. (C02, an actual value left blank, is a required cell's own finding.)"""

from __future__ import annotations

import re
from collections.abc import Iterator

from perfxl.model.finding import Finding, Severity
from perfxl.model.form import Form, Rule
from perfxl.model.record import generic
from perfxl.model.value import IndicatorValue, Kind, Op
from perfxl.rules.case import Case
from perfxl.rules.rows import Row, used
from perfxl.rules.scoring import (
    QUANTITIES,
    RATIOS,
    SURPASSED,
    Direction,
    alike,
    comparable,
    direction,
    reached,
    surpassed,
)
from perfxl.rules.words import percent, short
from perfxl.values.label_text import key as letters
from perfxl.values.units import PERCENT, same_measure

_ASKED = {True: "请核对完成值，确实如此的写明原因", False: "请核对完成值"}
_ENOUGH = 2
"""Rows from which on it is odd that each actual value equals its target."""
_MEANINGFUL = 10
"""Characters from which on two equal texts are a copy, not a coincidence."""
_COUNTER = re.compile(
    r"(?:^|(?<=[\n\r。；;]))[^\S\n\r]*+(?:目标|任务|职能)?[（(]?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})[)）]?[.、．:：]"
)
_DIGIT = re.compile("[0-9]")


def pairs(case: Case, table: str) -> Iterator[tuple[Row, IndicatorValue, IndicatorValue]]:
    """Yield the rows in use that have a target and an actual value, with both."""
    for row in used(case, table):
        target, actual = row.value("target"), row.value("actual")
        if target is not None and actual is not None:
            yield row, target, actual


def unlike(case: Case, rule: Rule) -> Iterator[Finding]:
    """C03: yield actual values that are of another kind or unit than their targets."""
    for row, target, actual in pairs(case, rule.over):
        severity = _apart(target, actual)
        if severity is not None:
            message = (
                f"{row.name}的目标是“{short(target.text)}”，完成值是“{short(actual.text)}”，种类或单位不同，无法比较，"
                "请按目标的写法和单位填写"
            )
            yield case.finding(
                rule.code,
                row.at("actual"),
                message,
                rule=rule,
                severity=severity,
                value=actual,
                expected=target,
                related=(row.at("target"),),
            )


def _apart(target: IndicatorValue, actual: IndicatorValue) -> Severity | None:
    if target.kind is Kind.NONE or comparable(target, actual):
        return None
    if actual.kind is Kind.NONE and (target.value == 0 or target.op in {Op.AT_MOST, Op.LESS}):
        # 无 is a good answer to how many accidents there were.
        return None
    if {target.kind, actual.kind} <= QUANTITIES and not same_measure(target, actual):
        return (
            Severity.ERROR
            if PERCENT in {target.unit, actual.unit} and not _ratios(target, actual)
            else Severity.WARNING
        )
    prose = [value for value in (target, actual) if value.kind is Kind.TEXT and _DIGIT.search(value.text)]
    # The figure may be in there: nobody can tell without reading it.
    return None if prose else Severity.WARNING


def _ratios(target: IndicatorValue, actual: IndicatorValue) -> bool:
    return {target.unit, actual.unit} <= RATIOS


def unexplained(case: Case, rule: Rule) -> Iterator[Finding]:
    """C04: yield indicators that missed their targets, or went far beyond them, where no reason is given."""
    limit = SURPASSED if rule.limit is None else rule.limit
    for row, target, actual in pairs(case, rule.over):
        if row.reason or not row.sound("reason"):
            continue
        way = direction(row, target)
        said = f"{row.name}的完成值“{short(actual.text)}”"
        if reached(target, actual, way) is False:
            severity = rule.severity or (Severity.ERROR if row.has("reason") else Severity.WARNING)
            missed = "高于" if way is Direction.DOWN and target.op is None else "没有达到"
            message = f"{said}{missed}指标值“{short(target.text)}”，没有说明原因，{_ASKED[row.has('reason')]}"
        elif surpassed(target, actual, way, limit):
            severity = Severity.WARNING
            message = (
                f"{said}超过指标值“{short(target.text)}”的 {percent(limit)}，没有说明原因，{_ASKED[row.has('reason')]}"
            )
        else:
            continue
        yield case.finding(
            rule.code,
            row.at("actual"),
            message,
            severity=severity,
            value=actual,
            expected=target,
            related=(row.at("target"), row.at("reason")),
        )


def copied(case: Case, rule: Rule) -> Iterator[Finding]:
    """C05: yield once where every actual value equals its target."""
    count = 0
    for row in used(case, rule.over):
        target, actual = row.value("target"), row.value("actual")
        if target is None or actual is None or not alike(target, actual):
            return
        count += 1
    if count >= _ENOUGH:
        message = f"{count} 个指标的实际完成值全部等于年度指标值，请核实填的是不是实际完成的数"
        yield case.finding(rule.code, rule.over, message, rule=rule)


def costless(case: Case, rule: Rule) -> Iterator[Finding]:
    """C06: yield once where all was reached though nothing was spent."""
    path = _executed(case.form)
    if path is None or case.number(path) != 0:
        return
    found = list(pairs(case, rule.over))
    if not found or not all(reached(target, actual, direction(row, target)) for row, target, actual in found):
        return
    explained = any(row.reason for row in used(case, rule.over))
    message = f"{case.form.fields[path].parts[-1]}是 0，{len(found)} 个指标却全部达到目标"
    yield case.finding(
        rule.code,
        path,
        message + ("，请核对所写的原因" if explained else "，没有说明原因"),
        rule=rule,
        severity=Severity.WARNING if explained else Severity.ERROR,
        value=case.number(path),
        related=[row.at("actual") for row, _, _ in found],
    )


def _executed(form: Form) -> str | None:
    """Return the field that says what was spent in all: that of the total row, or the only one."""
    found = [path for path in form.fields if path.endswith(".executed") and "[]" not in path]
    return next((path for path in found if path.endswith(".total.executed")), found[0] if len(found) == 1 else None)


def parroted(case: Case, rule: Rule) -> Iterator[Finding]:
    """C07: yield a result that repeats the goal word for word, but for numbering, punctuation and blanks."""
    goal, result = result_of(rule.over)
    wanted, got = case.record[goal], case.record[result]
    if not isinstance(wanted, str) or not isinstance(got, str) or not case.sound(goal, result):
        return
    said = _words(wanted)
    if len(said) >= _MEANINGFUL and said == _words(got):
        names = [case.form.fields[generic(path)].parts[-1] for path in (result, goal)]
        message = f"“{names[0]}”与“{names[1]}”的文字相同，请写明实际完成了什么、完成到什么程度"
        yield case.finding(rule.code, result, message, rule=rule, value=got, related=(goal,))


def result_of(over: str) -> tuple[str, str]:
    """Return the fields of a goal and of its result: of a group both, of a single field that and the form's result."""
    return (over, "goal_result") if over == "annual_goal" else (f"{over}.expected", f"{over}.actual")


def _words(text: str) -> str:
    return letters(_COUNTER.sub("", text))
