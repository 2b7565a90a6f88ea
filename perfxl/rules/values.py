"""V01–V05, V10, S06, S10: what stands in single cells, whatever the form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from perfxl.model.finding import APPLIED, NO_FIX, Finding, Fix, FixKind, Severity, Shown
from perfxl.model.record import generic, row_of
from perfxl.model.value import Type, Value
from perfxl.rules.case import Case, limit, missing, printed_row
from perfxl.rules.words import figure, short
from perfxl.values.coerce import Coerced, Problem

_WANTED = {
    Type.MONEY: "数字（单位{money}）",
    Type.PERCENT: "百分数，如 95%",
    Type.NUMBER: "数字",
    Type.INTEGER: "整数",
    Type.YEAR: "四位数的年度，如 2024",
    Type.DATE: "日期，如 2024-1-16",
    Type.TICK: "✔ 或留空",
}


def check(case: Case) -> Iterator[Finding]:
    """Yield what there is to say about each cell by itself."""
    for path, remark in case.bound.remarks.items():
        field = case.form.fields[generic(path)]
        if field.computed and remark.problem is not Problem.ERROR_CELL:
            # What was typed over a formula is judged by S04 and by the rule for that figure.
            continue
        found = _REMARKS[remark.problem](case, path, remark)
        if found is not None:
            yield found
    yield from _required(case)
    yield from _limits(case)


def _required(case: Case) -> Iterator[Finding]:
    for path in missing(case.form, case.reading, case.bound):
        field, row = case.form.fields[generic(path)], row_of(path)
        # A name that the form prints was not chosen by the unit: perhaps it has nothing to do with it (G04).
        printed = field.missing == "G04" and row and printed_row(case.form, case.record, row) is not None
        severity = Severity.WARNING if printed else None
        yield case.finding(field.missing, path, f"{case.name(path)}没有填写", severity=severity)


def _limits(case: Case) -> Iterator[Finding]:
    for path, value in case.record.values.items():
        field = case.form.fields[generic(path)]
        if field.computed:
            continue
        if isinstance(value, Decimal):
            end = limit(value, field.minimum, field.maximum)
            if end is not None:
                wrong = "小于" if value < end else "大于"
                message = f"{case.name(path)}是 {figure(value)}，不能{wrong} {figure(end)}"
                yield case.finding("V04", path, message, value=value)
        elif isinstance(value, str) and field.length is not None and len(value) > field.length:
            over = len(value) - field.length
            message = f"{case.name(path)}有 {len(value)} 个字，超过 {field.length} 个字的限制，多 {over} 个字，请精简"
            yield case.finding("V05", path, message, value=value)


def _unreadable(case: Case, path: str, remark: Coerced) -> Finding:
    field = case.form.fields[generic(path)]
    wanted = _WANTED.get(field.type, "内容").format(money=case.form.money)
    because = f"：{remark.reason}" if remark.reason else ""
    message = f"{case.name(path)}填的是“{_quoted(remark.typed)}”{because}，这里应填{wanted}"
    fix = NO_FIX
    if remark.suggestion is not None:
        fix = Fix(FixKind.SUGGESTED, _shown(remark.suggestion))
    return case.finding("V02", path, message, value=remark.typed, fix=fix)


def _not_offered(case: Case, path: str, remark: Coerced) -> Finding:
    offered = "、".join(choice.value for choice in case.form.fields[generic(path)].choices)
    message = f"{case.name(path)}填的是“{_quoted(remark.typed)}”，只能从这几项中选：{offered}"
    return case.finding("V03", path, message, value=remark.typed, expected=offered)


def _normalised(case: Case, path: str, remark: Coerced) -> Finding:
    message = f"{case.name(path)}已按规范识别：{remark.reason}"
    return case.finding("V10", path, message, value=remark.typed, expected=_shown(case.bound.record[path]), fix=APPLIED)


def _error_cell(case: Case, path: str, remark: Coerced) -> Finding | None:
    name = case.name(path)
    if not case.form.fields[generic(path)].computed:
        return case.finding("S06", path, f"{name}显示为 {remark.typed}，请重新填写", value=remark.typed)
    if path in case.unsound:
        return None
    message = f"{name}显示为 {remark.typed}，系统已重新计算，请恢复原来的公式"
    return case.finding("S06", path, message, severity=Severity.WARNING, value=remark.typed)


def _placeholder(case: Case, path: str, remark: Coerced) -> Finding:
    message = f"{case.name(path)}还是“{_quoted(remark.typed)}”，请换成实际内容"
    return case.finding("S10", path, message, value=remark.typed)


_REMARKS: Mapping[Problem, Callable[[Case, str, Coerced], Finding | None]] = {
    Problem.UNREADABLE: _unreadable,
    Problem.NOT_OFFERED: _not_offered,
    Problem.NORMALISED: _normalised,
    Problem.ERROR_CELL: _error_cell,
    Problem.PLACEHOLDER: _placeholder,
}


def _quoted(typed: Shown) -> str:
    return short(figure(typed) if isinstance(typed, Decimal) else str(typed))


def _shown(value: Value) -> Shown:
    return value.isoformat() if isinstance(value, dt.date) else value
