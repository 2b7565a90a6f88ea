"""M01, M03, M07: figures typed where the form computes them. M08, M09: what the execution of a budget calls for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from perfxl.checks.case import NOTHING, Case
from perfxl.checks.expression import POINT, rounding_of
from perfxl.checks.rows import rows
from perfxl.checks.words import cents, figure, money, percent
from perfxl.expr.evaluate import summands
from perfxl.model.finding import Finding, Severity
from perfxl.model.form import Form, Rule, Stage
from perfxl.model.reading import Oddity
from perfxl.model.record import generic, row_of
from perfxl.model.value import Type

_MOVED = Decimal("0.1")
_LOW = Decimal("0.9")
_ACCEPTED = frozenset({Decimal(0), Decimal(1)})
"""What may stand as the rate of 0 out of 0."""
_EXPLAINS = re.compile("原因|因为|由于|因.{0,12}(?:未|推迟|调整|滞后)|偏差|结转|结余|未支付|尚未支付|未执行|进度滞后")


def fund_rows(form: Form, over: str) -> tuple[str, ...]:
    """Return the rows of figures at or below a path that have a budget: ``funds.total``, ``funds.fiscal`` …"""
    found = (path.removesuffix(".budget") for path in form.fields if path.endswith(".budget") and "[]" not in path)
    return tuple(row for row in found if row == over or row.startswith(f"{over}."))


def totals(case: Case, rule: Rule) -> Iterator[Finding]:
    """M01: yield the totals that were typed over their formulas and are not the sum of their rows."""
    for path, typed, right in _typed_over(case, rule.over, Type.MONEY):
        formula = case.form.fields[generic(path)].formula
        gap = abs(cents(typed) - cents(right))
        if not gap or formula is None:
            continue
        printed = summands(formula, case.record, row_of(path))
        name = case.name(path)
        yield case.finding(
            rule.code,
            path,
            f"{name}填的是 {money(typed)}，各项之和是 {money(right)}，相差 {money(gap)}",
            rule=rule,
            severity=Severity.WARNING if gap <= rounding_of(printed) else Severity.ERROR,
            value=typed,
            expected=right,
        )


def shares(case: Case, rule: Rule) -> Iterator[Finding]:
    """M03: yield the shares that were typed over their formulas and are not part ÷ total."""
    for path, typed, right in _typed_over(case, rule.over, Type.PERCENT):
        if abs(typed - right) > POINT:
            name = case.name(path)
            yield case.finding(
                rule.code,
                path,
                f"{name}填的是 {percent(typed)}，按金额计算是 {percent(right)}，{_apart(typed, right)}",
                rule=rule,
                value=typed,
                expected=right,
            )


def _typed_over(case: Case, over: str, kind: Type) -> Iterator[tuple[str, Decimal, Decimal]]:
    """Yield the computed fields at or below a path that hold an officer's figure: path, his figure, the right one."""
    for path in case.form.computed:
        if case.form.fields[path].type is not kind or not (path == over or path.startswith((f"{over}.", f"{over}["))):
            continue
        for at in case.record.paths(path):
            typed, right = case.typed_over(at), case.number(at)
            if typed is not None and right is not None:
                yield at, typed, right


def rates(case: Case, rule: Rule) -> Iterator[Finding]:
    """M07: yield the rates that are not executed ÷ budget, and what was executed of no budget."""
    for row in fund_rows(case.form, rule.over):
        budget, executed = case.number(f"{row}.budget"), case.number(f"{row}.executed")
        if budget is None or executed is None:
            continue
        if budget > 0:
            yield from _rate(case, rule, row)
        elif budget == 0 and executed > 0:
            monitoring = Severity.WARNING if case.form.stage is Stage.MONITORING else None
            yield case.finding(
                rule.code,
                f"{row}.executed",
                f"全年预算数是 0，全年执行数却有 {money(executed)}，没有预算不应有执行",
                rule=rule,
                severity=monitoring,
                value=executed,
                expected=Decimal(0),
                related=(f"{row}.budget",),
            )
        elif budget == 0:
            yield from _nothing_of_nothing(case, rule, row)


def _rate(case: Case, rule: Rule, row: str) -> Iterator[Finding]:
    path = f"{row}.rate"
    typed, right = case.typed_over(path), case.number(path)
    if typed is not None and right is not None and abs(typed - right) > POINT:
        yield case.finding(
            rule.code,
            path,
            f"执行率填的是 {percent(typed)}，按执行数除以预算数计算是 {percent(right)}，{_apart(typed, right)}",
            rule=rule,
            value=typed,
            expected=right,
            related=(f"{row}.executed", f"{row}.budget"),
        )


def _nothing_of_nothing(case: Case, rule: Rule, row: str) -> Iterator[Finding]:
    path, related = f"{row}.rate", (f"{row}.initial", f"{row}.budget", f"{row}.executed")
    typed, initial = case.typed_over(path), case.number(f"{row}.initial")
    if typed is not None and typed not in _ACCEPTED:
        message = f"预算数和执行数都是 0，执行率却填了 {percent(typed)}，应留空或填“—”"
        yield case.finding(rule.code, path, message, rule=rule, value=typed, related=related)
    elif row.endswith(".total") and initial is not None and initial > 0:
        message = f"年初预算数有 {money(initial)}，全年预算数和全年执行数却都是 0，无法计算执行率，请核对并说明原因"
        yield case.finding(rule.code, path, message, severity=Severity.WARNING, related=related)


def unmoved(case: Case, rule: Rule) -> Iterator[Finding]:
    """M08: yield budgets that were executed to the cent though they moved far from what they were at first."""
    limit = _MOVED if rule.limit is None else rule.limit
    for row in fund_rows(case.form, rule.over):
        initial, budget, executed = (case.number(f"{row}.{key}") for key in ("initial", "budget", "executed"))
        if initial is None or budget is None or executed is None or initial <= 0 or budget <= 0:
            continue
        moved = (budget - initial) / initial
        if cents(budget) != cents(executed) or abs(moved) <= limit:
            continue
        way = "增加" if moved > 0 else "减少"
        yield case.finding(
            rule.code,
            f"{row}.budget",
            f"全年预算数与全年执行数都是 {money(budget)}，分毫不差，比年初预算数 {money(initial)} {way} "
            f"{percent(abs(moved))}，超过 {percent(limit)}，请说明调整的原因和依据",
            rule=rule,
            value=budget,
            related=(f"{row}.initial", f"{row}.executed"),
        )


def unexplained(case: Case, rule: Rule) -> Iterator[Finding]:
    """M09: yield rates that are low where nothing on the sheet says why."""
    limit = _LOW if rule.limit is None else rule.limit
    for row in fund_rows(case.form, rule.over):
        rate = case.number(f"{row}.rate")
        if rate is not None and rate < limit and not _explained(case):
            yield case.finding(
                rule.code,
                f"{row}.rate",
                f"执行率是 {percent(rate)}，低于 {percent(limit)}，表中没有说明原因",
                rule=rule,
                value=rate,
                expected=limit,
                related=(f"{row}.executed", f"{row}.budget"),
            )


def _explained(case: Case) -> bool:
    """Tell whether a reason stands in a column for reasons, or words of one in any text, also outside the fields."""
    tables = {path.partition("[]")[0] for path in case.form.fields if path.endswith("].reason")}
    if any(row.reason for table in tables for row in rows(case, table)):
        return True
    texts = [value for value in case.record.values.values() if isinstance(value, str) and value not in NOTHING]
    texts += [notice.text for notice in case.reading.notices if notice.oddity is Oddity.OUTSIDE]
    return any(_EXPLAINS.search(text) for text in texts)


def _apart(typed: Decimal, right: Decimal) -> str:
    return f"相差 {figure(cents(abs(typed - right) * 100))} 个百分点"
