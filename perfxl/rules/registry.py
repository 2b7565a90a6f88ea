"""Which check of perfxl's own stands behind a code that a form names, and what a form must have for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import TypeAlias

from perfxl.model.finding import Finding
from perfxl.model.form import Form, Rule, Table
from perfxl.model.value import Type
from perfxl.rules import completion, funds, goals, indicators, points, sums, targets
from perfxl.rules.case import Case
from perfxl.rules.catalog import CATALOG

Check: TypeAlias = Callable[[Case, Rule], Iterator[Finding]]
Lack: TypeAlias = Callable[[Form, Rule], str]
"""What a form lacks for a check that one of its rules names, "" where nothing."""


def declared(case: Case, rule: Rule) -> Iterator[Finding]:
    """Yield nothing: the finding comes from elsewhere, from the cells or from another form; the form has the rule."""
    del case, rule
    yield from ()


def _columns(*keys: str) -> Lack:
    def lack(form: Form, rule: Rule) -> str:
        over = rule.over
        tables = [band.path for band in form.flat() if isinstance(band, Table)]
        if over not in tables:
            return f"可增行的表（{'、'.join(tables) or '这张表没有'}）"
        wanting = [key for key in keys if f"{over}[].{key}" not in form.fields]
        return f"列 {'、'.join(wanting)}" if wanting else ""

    return lack


def _fund_row(*keys: str) -> Lack:
    def lack(form: Form, rule: Rule) -> str:
        found = funds.fund_rows(form, rule.over)
        if not found:
            return "有 budget 的资金行"
        wanting = [key for key in keys if not any(f"{row}.{key}" in form.fields for row in found)]
        return "、".join(wanting)

    return lack


def _computed(*kinds: Type) -> Lack:
    def lack(form: Form, rule: Rule) -> str:
        fields = (form.fields[path] for path in form.computed if _under(path, rule.over))
        return "" if any(field.type in kinds for field in fields) else "由公式计算的项"

    return lack


def _amounts(form: Form, rule: Rule) -> str:
    fields = (field for path, field in form.fields.items() if _under(path, rule.over))
    return "" if any(field.type is Type.MONEY for field in fields) else "金额"


def _goal(form: Form, rule: Rule) -> str:
    return "、".join(path for path in completion.result_of(rule.over) if path not in form.fields)


def _rates(form: Form, rule: Rule) -> str:
    return "" if any(funds.rates_of(form, rule.over)) else "由公式计算的执行率（rate）"


def _listed(form: Form, rule: Rule) -> str:
    if goals.statement(form, rule.over) is None:
        return "写有文字的块"
    return "" if rule.at in form.fields else "列出各目标的那一项（at）"


def _under(path: str, over: str) -> bool:
    return path == over or path.startswith((f"{over}.", f"{over}["))


_KNOWN: Mapping[str, tuple[Check, Lack]] = MappingProxyType(
    {
        "M01": (funds.totals, _computed(Type.MONEY)),
        "M03": (funds.shares, _computed(Type.PERCENT)),
        "M07": (funds.rates, _rates),
        "M08": (funds.unmoved, _fund_row("initial", "executed")),
        "M09": (funds.unexplained, _fund_row("rate")),
        "M10": (sums.slipped, _amounts),
        "V11": (targets.bare, _columns("name", "target")),
        "V12": (targets.units, _columns("name", "target")),
        "V13": (targets.strict, _columns("name", "target")),
        "V14": (targets.percentages, _columns("name", "target")),
        "V15": (targets.vague, _columns("level1", "name", "target")),
        "V16": (targets.nothing, _columns("name", "target")),
        "V17": (targets.countless, _columns("level2", "name", "target")),
        "V18": (targets.past, _columns("name", "target", "prev1")),
        "G01": (indicators.goals, _columns("name")),
        "G02": (goals.listed, _listed),
        "G03": (indicators.misplaced, _columns("level1", "level2")),
        "G04": (indicators.nameless, _columns("name", "target")),
        "G05": (indicators.repeated, _columns("level2", "name", "target")),
        "G06": (indicators.overloaded, _columns("name")),
        "G07": (indicators.lacking, _columns("level1", "name")),
        "C01": (declared, _columns("level1", "level2", "name", "target")),
        "C02": (declared, _columns("name", "target", "actual")),
        "C03": (completion.unlike, _columns("name", "target", "actual")),
        "C04": (completion.unexplained, _columns("name", "target", "actual")),
        "C05": (completion.copied, _columns("name", "target", "actual")),
        "C06": (completion.costless, _columns("name", "target", "actual")),
        "C07": (completion.parroted, _goal),
        "P01": (points.levels, _columns("level1", "weight")),
        "P02": (points.beyond, _columns("weight", "score")),
        "P03": (points.computed, _columns("name", "target", "actual", "weight", "score")),
        "P04": (points.banded, _columns("name", "actual", "weight", "score")),
        "P05": (points.summed, _computed(Type.NUMBER)),
        "P06": (points.unexplained, _columns("name", "weight", "score", "reason")),
    }
)

COMPARED = ("M05", "X04")
"""Codes of rules that hold figures against those of another form."""

CHECKS: Mapping[str, Check] = MappingProxyType({code: check for code, (check, _) in _KNOWN.items()})
"""The check behind each code that a form's rule can name without an expression."""


def unknown(form: Form) -> tuple[tuple[int, str, str], ...]:
    """Return the rules of a form that perfxl cannot run: (line, what is wrong, what to do), in the form's order."""
    return tuple(found for rule in form.rules if (found := _wrong(form, rule)) is not None)


def _wrong(form: Form, rule: Rule) -> tuple[int, str, str] | None:
    if rule.code not in CATALOG:
        return rule.line, f"没有代码 {rule.code}", "代码见 perfxl rules"
    if rule.must is not None:
        return None
    if rule.pairs:
        remedy = f"可以写 pairs 的代码：{'、'.join(COMPARED)}"
        return None if rule.code in COMPARED else (rule.line, f"{rule.code} 不能与另一张表核对", remedy)
    if rule.code not in _KNOWN:
        remedy = f"写成式子（must），或删去这一条；可以直接写 over 的代码：{'、'.join(_KNOWN)}"
        return rule.line, f"{rule.code} 不是对着表或项审核的规则", remedy
    lack = _KNOWN[rule.code][1](form, rule)
    if lack:
        return rule.line, f"{rule.code} 审核“{rule.over}”，那里缺少{lack}", "改正 over，或删去这一条"
    return None
