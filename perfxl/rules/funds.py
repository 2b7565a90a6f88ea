"""M01, M03, M07: figures typed where the form computes them. M08, M09: what the execution of a budget calls for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from perfxl.expr.evaluate import concrete, evaluate, references, summands
from perfxl.expr.rounding import rounding_of
from perfxl.model.expression import Binary, Call, Expr, Field, Function, Operator
from perfxl.model.finding import Finding, Severity
from perfxl.model.form import Form, Rule, Stage
from perfxl.model.reading import Oddity
from perfxl.model.record import generic, row_of
from perfxl.model.value import Type
from perfxl.rules.case import Case
from perfxl.rules.expression import POINT
from perfxl.rules.labels import NOTHING
from perfxl.rules.rows import rows
from perfxl.rules.words import cents, figure, money, percent

_MOVED = Decimal("0.1")
_LOW = Decimal("0.9")
_HUNDREDTH = Decimal("0.01")
RATE = ".rate"
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
    """M03: yield the shares that were typed over their formulas and are not part ÷ total, or that do not make 100%."""
    wrong = False
    for path, typed, right in _typed_over(case, rule.over, Type.PERCENT):
        if abs(typed - right) > POINT:
            wrong = True
            yield case.finding(
                rule.code,
                path,
                f"{case.name(path)}填的是 {percent(typed)}，按金额计算是 {percent(right)}，{_apart(typed, right)}",
                rule=rule,
                value=typed,
                expected=right,
            )
    # Whoever corrects a wrong share has corrected the sum of them, too.
    if not wrong:
        yield from _together(case, rule)


def _together(case: Case, rule: Rule) -> Iterator[Finding]:
    """Yield a finding where the shares of all parts of one total were typed and do not print 100.00 ± 0.01."""
    typed = {path: share for path, share, _ in _typed_over(case, rule.over, Type.PERCENT)}
    wholes: dict[tuple[str, ...], dict[str, str]] = {}
    for path in typed:
        sides = _division(case.form.fields[generic(path)].formula)
        if sides is not None:
            (part, *_), whole = concrete(sides[0], case.record, row_of(path)), _parts(case, sides[1])
            if part in whole:
                wholes.setdefault(whole, {})[part] = path
    for whole, paths in wholes.items():
        if any(case.record[part] is not None and part not in paths for part in whole) or len(paths) == 1:
            continue
        printed = sum((cents(typed[path] * 100) for path in paths.values()), Decimal(0))
        if abs(printed - 100) > _HUNDREDTH:
            first = next(iter(paths.values()))
            names = "、".join(case.form.fields[generic(path)].parts[-2] for path in paths.values())
            message = f"{names}的占比加起来是 {printed:f}%，应为 100.00%，请按金额重新计算各项占比"
            yield case.finding(rule.code, first, message, rule=rule, value=printed / 100, related=paths.values())


def _parts(case: Case, whole: Expr) -> tuple[str, ...]:
    """Return what a total is the sum of: by the formula of its field, or a sum that is written out."""
    match whole:
        case Field(path):
            formula = case.form.fields[path].formula
            return _parts(case, formula) if formula is not None else ()
        case Call(Function.SUM, _):
            return concrete(whole, case.record)
        case _:
            return ()


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
    """M07: yield the rates that are not what was spent ÷ what there was to spend, and what was spent of nothing."""
    for path, above, below in rates_of(case.form, rule.over):
        spent, budget = evaluate(above, case.record), evaluate(below, case.record)
        if not isinstance(spent, Decimal) or not isinstance(budget, Decimal):
            continue
        if not case.sound(*concrete(above, case.record), *concrete(below, case.record)):
            continue
        if budget > 0:
            yield from _rate(case, rule, path)
        elif budget == 0 and spent > 0:
            yield _of_nothing(case, rule, path, (above, below), spent)
        elif budget == 0:
            yield from _nothing_of_nothing(case, rule, path, below)


def rates_of(form: Form, over: str) -> Iterator[tuple[str, Expr, Expr]]:
    """Yield the rates at or below a path, outside growing tables: path, what was spent, what there was to spend."""
    for path in form.computed:
        parts = _division(form.fields[path].formula)
        if parts is not None and (path == over or path.startswith(f"{over}.")) and path.endswith(RATE):
            yield path, *parts


def _division(formula: Expr | None) -> tuple[Expr, Expr] | None:
    """Return the two sides of a formula that is a rounded division, None for another one."""
    match formula:
        case Call(Function.ROUND, (Binary(Operator.DIVIDE, above, below), _)) | Binary(Operator.DIVIDE, above, below):
            return above, below
        case _:
            return None


def _rate(case: Case, rule: Rule, path: str) -> Iterator[Finding]:
    typed, right = case.typed_over(path), case.number(path)
    if typed is not None and right is not None and abs(typed - right) > POINT:
        yield case.finding(
            rule.code,
            path,
            f"{case.name(path)}填的是 {percent(typed)}，按执行数除以预算数计算是 {percent(right)}，{_apart(typed, right)}",
            rule=rule,
            value=typed,
            expected=right,
            related=_read_by(case, path),
        )


def _of_nothing(case: Case, rule: Rule, path: str, sides: tuple[Expr, Expr], spent: Decimal) -> Finding:
    at = sides[0].path if isinstance(sides[0], Field) else path
    wanted = "和".join(case.form.fields[name].parts[-1] for name in references(sides[1]))
    name = case.name(at) if at != path else "执行数"
    return case.finding(
        rule.code,
        at,
        f"{name}有 {money(spent)}，{wanted}却是 0，没有预算不应有执行，请补填预算数或核对执行数",
        rule=rule,
        severity=Severity.WARNING if case.form.stage is Stage.MONITORING else None,
        value=spent,
        expected=Decimal(0),
        related=_read_by(case, path),
    )


def _nothing_of_nothing(case: Case, rule: Rule, path: str, below: Expr) -> Iterator[Finding]:
    row = path.removesuffix(RATE)
    first = f"{row}.initial"
    typed, initial = case.typed_over(path), case.number(first)
    if typed is not None and typed not in _ACCEPTED:
        message = f"预算数和执行数都是 0，{case.name(path)}却填了 {percent(typed)}，应留空或填“—”"
        yield case.finding(rule.code, path, message, rule=rule, value=typed, related=_read_by(case, path))
    elif row.endswith(".total") and initial is not None and initial > 0 and first not in references(below):
        message = f"年初预算数有 {money(initial)}，全年预算数和全年执行数却都是 0，无法计算执行率，请核对并说明原因"
        related = (first, *_read_by(case, path))
        yield case.finding(rule.code, path, message, severity=Severity.WARNING, related=related)


def _read_by(case: Case, path: str) -> tuple[str, ...]:
    formula = case.form.fields[path].formula
    return concrete(formula, case.record) if formula is not None else ()


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
