"""The live half of a form's rules: what its workbook watches while it is filled in.

A rule that is an expression is watched as it stands. A check of perfxl's own has an expression here that says the same
where one can; docs/selfcheck.md names the rest with the reason, and the tests hold both halves against each other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType

from perfxl.expr.evaluate import references
from perfxl.expr.parse import parse
from perfxl.expr.scope import Scope
from perfxl.model.expression import Binary, Call, Expr, Negate, Operator
from perfxl.model.finding import Severity
from perfxl.model.form import Form, Rule, Stage
from perfxl.model.live import Live, LivePoints, LiveRule, LiveScores
from perfxl.model.value import Type

ONLY_AT_IMPORT: Mapping[str, str] = MappingProxyType(
    {
        "M01": "表里的合计由公式算出并已锁定；公式被改成数的，审核时才看得出",
        "M03": "占比由公式算出并已锁定",
        "M10": "金额不平时已经标红，是不是小数点错位要审核时才推算",
        "M12": "空白按 0 计入合计只是说明，不是差错",
        "P05": "总分由公式算出并已锁定",
    }
)
"""Codes of the kinds M and P that have no live half by themselves, with the reason."""

WARNINGS = frozenset({"M03", "M08", "M09", "M10", "M11"})
"""Codes of expressions that are warnings where the form does not say otherwise."""
_MOVED, _LOW, _SURPASSED = Decimal("0.1"), Decimal("0.9"), Decimal("1.3")
_HOLE = re.compile(r"(?<!\s)\s*+\{\w+\}\s*+")
_SCORED = frozenset({"C04", "P03", "P04"})


def live(form: Form) -> tuple[Live, ...]:
    """Return what a form's workbook watches, in the order of the form's rules; nothing for a form that is issued."""
    if form.issued:
        return ()
    found: list[Live] = []
    for rule in form.rules:
        if rule.must is not None:
            found.append(_of_expression(form, rule))
        elif rule.code in _TWINS:
            found += _TWINS[rule.code](form, rule)
    return (*found, *_scores(form))


def _of_expression(form: Form, rule: Rule) -> LiveRule:
    if rule.must is None:
        raise ValueError(rule.code)
    divides = _divides(rule.must)
    return LiveRule(
        code=rule.code,
        severity=rule.severity or _usual(rule.code),
        must=rule.must,
        at=rule.at,
        want=rule.want or _HOLE.sub("", rule.say.partition("，")[0]),
        each=rule.each,
        say="" if divides else rule.say,
        summed=_of_money(form, rule.must) and not divides,
    )


def _usual(code: str) -> Severity:
    """Return how grave a rule is where the form does not say: as the catalogue of perfxl.rules has it."""
    return Severity.WARNING if code in WARNINGS else Severity.ERROR


def _divides(expr: Expr) -> bool:
    """Tell whether an expression is about shares: their two sides are no amounts to be shown."""
    match expr:
        case Binary(operator, left, right):
            return operator is Operator.DIVIDE or _divides(left) or _divides(right)
        case Negate(operand):
            return _divides(operand)
        case Call(_, arguments):
            return any(map(_divides, arguments))
        case _:
            return False


def _of_money(form: Form, must: Expr) -> bool:
    """Tell whether all figures that an expression reads are money."""
    types = [form.fields[path].type for path in references(must)]
    return all(kind is Type.MONEY for kind in types if kind.numeric)


def _twin(
    form: Form, rule: Rule, must: str, at: str, want: str, *, each: str = "", severity: Severity = Severity.ERROR
) -> LiveRule:
    """Return a rule written as an author would write it; names are looked for in the row that ``at`` lies in."""
    row = f"{each}[]" if each else at.rpartition(".")[0]
    expr = parse(must, Scope({path: field.type for path, field in form.fields.items()}, row))
    return LiveRule(rule.code, rule.severity or severity, expr, at, want, each)


# -- money -------------------------------------------------------------------------------------------------------------


def _fund_rows(form: Form, over: str, *keys: str) -> Iterator[tuple[str, str, str]]:
    """Yield the rows at or below a path that have these figures: path, the key of its budget, the row's own words."""
    for budget in ("budget", "initial"):
        found = [path.removesuffix(f".{budget}") for path in form.fields if path.endswith(f".{budget}")]
        rows = [row for row in found if "[" not in row and (row == over or row.startswith(f"{over}."))]
        rows = [row for row in rows if all(f"{row}.{key}" in form.fields for key in keys)]
        if rows:
            yield from ((row, budget, form.groups.get(row, row).rpartition(" › ")[2]) for row in rows)
            return


def _name(form: Form, path: str) -> str:
    return form.fields[path].parts[-1].replace("\n", "")


def _rates(form: Form, rule: Rule) -> Iterator[LiveRule]:
    severity = Severity.WARNING if form.stage is Stage.MONITORING else Severity.ERROR
    for row, budget, name in _fund_rows(form, rule.over, "executed", "rate"):
        spent, planned = _name(form, f"{row}.executed"), _name(form, f"{row}.{budget}")
        yield _twin(
            form,
            rule,
            f"IF({budget} = 0, executed <= 0, TRUE)",
            f"{row}.executed",
            f"{name}的{planned}是 0 时，{spent}也应是 0",
            severity=severity,
        )
        if row.endswith(".total") and budget == "budget":
            yield _twin(
                form,
                rule,
                "IF(AND(budget = 0, executed = 0), initial <= 0, TRUE)",
                f"{row}.rate",
                f"年初有预算，{planned}和{spent}却都是 0 的，请核对并说明原因",
                severity=Severity.WARNING,
            )


def _unmoved(form: Form, rule: Rule) -> Iterator[LiveRule]:
    limit = _MOVED if rule.limit is None else rule.limit
    for row, _, name in _fund_rows(form, rule.over, "initial", "budget", "executed"):
        yield _twin(
            form,
            rule,
            "IF(AND(initial > 0, budget > 0, ROUND(budget, 2) = ROUND(executed, 2)), "
            f"ABS(budget - initial) <= {limit} * initial, TRUE)",
            f"{row}.budget",
            f"{name}的全年预算数与年初预算数相差超过 {limit:.0%}、又与全年执行数分毫不差的，请核对并说明原因",
            severity=Severity.WARNING,
        )


def _slow(form: Form, rule: Rule) -> Iterator[LiveRule]:
    limit = _LOW if rule.limit is None else rule.limit
    reasons = [path.replace("[]", "") for path in form.fields if path.endswith("[].reason")]
    for row, _, name in _fund_rows(form, rule.over, "rate"):
        held = f"rate >= {limit}"
        given = f"COUNTA({', '.join(reasons)}) > 0"
        must = f"OR({held}, {given})" if reasons else held
        want = f"{name}的执行率低于 {limit:.0%} 的，要写明原因"
        yield _twin(form, rule, must, f"{row}.rate", want, severity=Severity.WARNING)


# -- goals and indicators ----------------------------------------------------------------------------------------------


def _says_nothing(key: str) -> str:
    """The condition that a filled cell says that there is nothing."""
    words = ("无", "-", "—", "——", "/")
    tests = [f'{key} = "{word}"' for word in words]
    return f"OR({', '.join(tests)})"


def _in_use(condition: str) -> str:
    return f"IF(ISBLANK(name), TRUE, IF({_says_nothing('name')}, TRUE, {condition}))"


def _goals(form: Form, rule: Rule) -> Iterator[LiveRule]:
    above, bracket, last = rule.over.rpartition("[]")
    names = f"{rule.over}[].name".replace("[]", "")
    if not bracket:
        started = _twin(form, rule, f"COUNTA({names}) > 0", f"{rule.over}[].name", "至少填一个三级指标")
        yield replace(started, left=True)
        return
    texts = [
        path
        for path, field in form.fields.items()
        if path.startswith(f"{above}[].") and "[]" not in path[len(above) + 2 :] and field.type is Type.TEXT
    ]
    for path in texts[:1]:
        key = path.rpartition(".")[2]
        inner = last.removeprefix(".")
        must = f'IF(ISBLANK({key}), TRUE, IF({key} = "无", TRUE, COUNTA({inner}.name) > 0))'
        yield _twin(form, rule, must, path, "写了目标的，下面至少要填一个三级指标", each=above)


def _nameless(form: Form, rule: Rule) -> Iterator[LiveRule]:
    keys = [key for key in ("target", "actual", "weight", "score") if f"{rule.over}[].{key}" in form.fields]
    must = f"IF(ISBLANK(name), COUNTA({', '.join(keys)}) = 0, TRUE)"
    yield _twin(form, rule, must, f"{rule.over}[].name", "填了指标值的行，要有三级指标的名称", each=rule.over)


# -- points ------------------------------------------------------------------------------------------------------------


def _levels(form: Form, rule: Rule) -> Iterator[LivePoints]:
    table = form.table(rule.over)
    if any("分" in group.text for group in table.groups):
        yield LivePoints(rule.over)


def _beyond(form: Form, rule: Rule) -> Iterator[LiveRule]:
    yield _twin(
        form,
        rule,
        "AND(score >= 0, score <= weight)",
        f"{rule.over}[].score",
        "得分在 0 和本行分值之间",
        each=rule.over,
    )


def _lost(form: Form, rule: Rule) -> Iterator[LiveRule]:
    must = _in_use(f"IF(ISBLANK(reason), score >= weight, OR(NOT({_says_nothing('reason')}), score >= weight))")
    yield _twin(form, rule, must, f"{rule.over}[].reason", "得分低于分值的，要写明原因", each=rule.over)


def _scores(form: Form) -> Iterator[LiveScores]:
    """The rules that read figures out of texts, together for each table: they share what is read."""
    for table in dict.fromkeys(rule.over for rule in form.rules if rule.code in _SCORED):
        rules = {rule.code: rule for rule in form.rules if rule.code in _SCORED and rule.over == table}
        missed, scored = rules.get("C04"), rules.get("P03")
        has_reason = f"{table}[].reason" in form.fields
        severity = Severity.ERROR if has_reason else Severity.WARNING
        yield LiveScores(
            table=table,
            codes=frozenset(rules),
            missed=missed.severity or severity if missed is not None else severity,
            reverse=scored.reverse if scored is not None else "",
            surpassed=next((r.limit for r in (missed, scored) if r is not None and r.limit is not None), _SURPASSED),
        )


_TWINS: Mapping[str, Callable[[Form, Rule], Iterator[Live]]] = MappingProxyType(
    {
        "M07": _rates,
        "M08": _unmoved,
        "M09": _slow,
        "G01": _goals,
        "G04": _nameless,
        "P01": _levels,
        "P02": _beyond,
        "P06": _lost,
    }
)
