"""What is wrong with the rules of a form: those that say nothing, and those that the sheet and the import take differently."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec.structs import replace

from perfxl.expr.evaluate import evaluate
from perfxl.forms.compute import compute
from perfxl.model.expression import Expr
from perfxl.model.form import Form, FormRule
from perfxl.model.live import LiveRule
from perfxl.model.path import generic, tables_in
from perfxl.model.record import Record
from perfxl.model.value import Value
from perfxl.rules.expression import HOLE, judge
from perfxl.rules.live import live
from perfxl.trial.attempts import attempts
from perfxl.trial.fault import ASK, Fault

_TRIES: Final = 200
_BOTH: Final = 40
"""Records on which both halves of a rule are tried."""


def idle_rules(form: Form) -> Iterator[Fault]:
    """Yield the rules with a condition of their own that random data never breaks, or always."""
    for rule in form.rules:
        seen = _seen(form, rule, rule.must) if rule.must is not None else {True, False}
        if not seen:
            yield Fault(
                rule.line, f"规则 {rule.code} 怎么填都没有结果，从来审核不到", "检查 must 用到的各项，有没有总是空白的"
            )
        elif seen == {True}:
            message = f"规则 {rule.code} 怎么填都成立，什么也审核不出来"
            yield Fault(rule.line, message, "检查 must 的大于、小于和各项允许填的范围；用不着的删去")
        elif seen == {False}:
            message = f"规则 {rule.code} 怎么填都不成立，每份表都会有这条意见"
            yield Fault(rule.line, message, "检查 must 的大于、小于和各项允许填的范围")


def _seen(form: Form, rule: FormRule, must: Expr) -> set[bool]:
    """Return whether a rule was seen to hold, and to be broken."""
    seen: set[bool] = set()
    for record, row in attempts(form, rule, must, _TRIES):
        if evaluate(must, record, row) is not None:
            seen.add(judge(must, form, record, row) is None)
        if len(seen) == 2:
            break
    return seen


def speechless_rules(form: Form) -> Iterator[Fault]:
    """Yield the rules whose message has a place for a figure where nothing is printed, because none was compared."""
    for rule in form.rules:
        holes = dict.fromkeys(HOLE.findall(rule.say))
        if rule.must is None or not holes:
            continue
        broken = (judge(rule.must, form, record, row) for record, row in attempts(form, rule, rule.must, _BOTH))
        if any(breach is not None and breach.gap is None for breach in broken):
            places = "、".join(f"{{{hole}}}" for hole in holes)
            yield Fault(
                rule.line, f"规则 {rule.code} 不成立时，say 里的 {places} 没有数可写", "删去它，直接写明哪里不对"
            )


def two_minds(form: Form) -> Iterator[Fault]:
    """Yield the rules of which 填报自检 says something else than the import does, on random data or on a blank row."""
    for rule in form.rules:
        watched = live(replace(form, rules=(rule,)))
        if rule.must is None or len(watched) != 1 or not isinstance(watched[0], LiveRule):
            continue
        there = watched[0].must
        if rule.each and evaluate(there, _blank_row(form, rule.each), _first_row(rule.each)) is False:
            yield Fault(rule.line, f"规则 {rule.code} 在没有填的行上，填报自检就说有误，交回后却不说", ASK)
            continue
        for record, row in attempts(form, rule, rule.must, _BOTH):
            sheet, imported = evaluate(there, record, row) is False, judge(rule.must, form, record, row) is not None
            if sheet is not imported:
                said = "填报自检说有误，交回后却不说" if sheet else "填报自检不说，交回后却说有误"
                yield Fault(rule.line, f"规则 {rule.code} 两处说得不一样：同样的数，{said}", ASK)
                break


def _first_row(table: str) -> str:
    return f"{table}[]".replace("[]", "[0]")


def _blank_row(form: Form, table: str) -> Record:
    """Return a record with one row of a table in which nothing was typed: what stands in each row of it is there."""
    row = _first_row(table)
    values: dict[str, Value] = {
        f"{row}.{field.key}": field.preset
        for path, field in form.fields.items()
        if path == f"{generic(row)}.{field.key}" and field.preset is not None
    }
    return compute(form, Record(values, {inner: 1 for inner, _ in tables_in(f"{row}.")})).record
