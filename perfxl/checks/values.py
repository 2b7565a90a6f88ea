"""V01–V05, V10, S06, S10: what stands in single cells, whatever the form."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from perfxl.checks.case import Case, missing
from perfxl.checks.words import figure
from perfxl.intake.coerce import Coerced, Problem
from perfxl.model.finding import APPLIED, NO_FIX, Finding, Fix, FixKind, Shown
from perfxl.model.form import Field
from perfxl.model.record import generic, row_of
from perfxl.model.value import Type

import datetime as dt
from decimal import Decimal

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
        found = _REMARKS[remark.problem](case, path, field, remark)
        if found is not None:
            yield found
    yield from _required(case)
    yield from _limits(case)


def _required(case: Case) -> Iterator[Finding]:
    for path in missing(case.form, case.reading, case.bound):
        field = case.form.fields[generic(path)]
        row = f"“{case.row_name(row_of(path))}”的" if row_of(path) else ""
        yield case.finding(field.missing, path, f"{row}{field.parts[-1]}没有填写")


def _limits(case: Case) -> Iterator[Finding]:
    for path, value in case.record.values.items():
        field = case.form.fields[generic(path)]
        if field.computed:
            continue
        name = field.parts[-1]
        if isinstance(value, Decimal):
            if field.minimum is not None and value < field.minimum:
                yield case.finding("V04", path, f"{name}是 {figure(value)}，不能小于 {figure(field.minimum)}", value=value)
            elif field.maximum is not None and value > field.maximum:
                yield case.finding("V04", path, f"{name}是 {figure(value)}，不能大于 {figure(field.maximum)}", value=value)
        elif isinstance(value, str) and field.length is not None and len(value) > field.length:
            message = f"{name}有 {len(value)} 个字，超过 {field.length} 个字的限制，请精简"
            yield case.finding("V05", path, message, value=value)


def _unreadable(case: Case, path: str, field: Field, remark: Coerced) -> Finding:
    wanted = _WANTED.get(field.type, "内容").format(money=case.form.money)
    because = f"：{remark.reason}" if remark.reason else ""
    message = f"{field.parts[-1]}填的是“{_short(remark.typed)}”{because}，这里应填{wanted}"
    fix = NO_FIX
    if remark.suggestion is not None:
        fix = Fix(FixKind.SUGGESTED, _shown(remark.suggestion))
    return case.finding("V02", path, message, value=remark.typed, fix=fix)


def _not_offered(case: Case, path: str, field: Field, remark: Coerced) -> Finding:
    offered = "、".join(choice.value for choice in field.choices)
    message = f"{field.parts[-1]}填的是“{_short(remark.typed)}”，只能从这几项中选：{offered}"
    return case.finding("V03", path, message, value=remark.typed, expected=offered)


def _normalised(case: Case, path: str, field: Field, remark: Coerced) -> Finding:
    message = f"{field.parts[-1]}已按规范识别：{remark.reason}"
    value = case.record[path]
    return case.finding("V10", path, message, value=remark.typed, expected=_shown(value), fix=APPLIED)


def _error_cell(case: Case, path: str, field: Field, remark: Coerced) -> Finding | None:
    name = field.parts[-1]
    if field.computed:
        if path in case.unsound:
            return None
        from perfxl.model.finding import Severity  # noqa: PLC0415

        message = f"{name}显示为 {remark.typed}，系统已重新计算，请恢复原来的公式"
        return case.finding("S06", path, message, severity=Severity.WARNING, value=remark.typed)
    return case.finding("S06", path, f"{name}显示为 {remark.typed}，请重新填写", value=remark.typed)


def _placeholder(case: Case, path: str, field: Field, remark: Coerced) -> Finding:
    message = f"{field.parts[-1]}还是“{_short(remark.typed)}”，请换成实际内容"
    return case.finding("S10", path, message, value=remark.typed)


_REMARKS: Mapping[Problem, Callable[[Case, str, Field, Coerced], Finding | None]] = {
    Problem.UNREADABLE: _unreadable,
    Problem.NOT_OFFERED: _not_offered,
    Problem.NORMALISED: _normalised,
    Problem.ERROR_CELL: _error_cell,
    Problem.PLACEHOLDER: _placeholder,
}


def _short(typed: Shown) -> str:
    text = figure(typed) if isinstance(typed, Decimal) else str(typed)
    return text if len(text) <= 30 else f"{text[:29]}…"


def _shown(value: object) -> Shown:
    if isinstance(value, dt.date):
        return value.isoformat()
    return value  # type: ignore[return-value] # every other kind of value can be quoted as it is
