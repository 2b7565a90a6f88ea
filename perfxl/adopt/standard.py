"""The rules that come with what was recognised, each where it applies; the author deletes what does not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from perfxl.forms.definition.build import build
from perfxl.forms.definition.language import (
    BandSpec,
    BlockBand,
    CellSpec,
    CommonSpec,
    FormSpec,
    MatrixBand,
    RowBand,
    RuleSpec,
    SectionBand,
    TableBand,
    UseRules,
)
from perfxl.forms.definition.problem import Place, Problems
from perfxl.model.field_type import Type
from perfxl.model.form import Form, FormRule
from perfxl.rules.catalog import CATALOG
from perfxl.rules.unfit import unfit

_FIRST = 2
"""The lines that rules are told apart by begin here; what is wrong with the form itself is said of the first."""
_ADDS_UP = re.compile(r"(?:SUM\([^()]+\)|[^-*/()+,]+(?:\+[^-*/()+,]+)+)")
"""A formula that only adds up."""
_LISTS = {
    "indicators": "指标名称、指标值的写法",
    "national": "全国统一的一级、二级指标齐不齐",
    "completion": "完成值、完成情况、偏差原因",
    "points": "分值合计、得分与完成情况",
}


def about(rule: RuleSpec | UseRules) -> str:
    """Return what a rule that comes with a form is about, for the comment above it."""
    if isinstance(rule, UseRules):
        return f"{rule.over} 是指标表：{_LISTS.get(rule.use, rule.use)}"
    return f"{rule.over or rule.at}：{CATALOG[rule.code].title}"


def with_rules(spec: FormSpec, common: CommonSpec) -> FormSpec:
    """Return a definition with the standard rules that it can run: of a shared list those codes that it has all for."""
    rules = {number: replace(rule, place=Place(number)) for number, rule in enumerate(_candidates(spec.bands), _FIRST)}
    problems = Problems("")
    form = build(replace(spec, rules=tuple(rules.values())), common, "", problems)
    wrong = {problem.line for problem in problems.found}
    if wrong - rules.keys():
        return spec
    rules = {number: rule for number, rule in rules.items() if number not in wrong}
    if wrong:
        form = build(replace(spec, rules=tuple(rules.values())), common, "", Problems(""))
    fit = (
        _fitting(rule, [asked for asked in form.rules if asked.line == number], form) for number, rule in rules.items()
    )
    return replace(spec, rules=tuple(replace(rule, place=spec.place) for rule in fit if rule is not None))


def _fitting(rule: RuleSpec | UseRules, asked: Sequence[FormRule], form: Form) -> RuleSpec | UseRules | None:
    """Return a rule as far as the form has what it reads: a shared list without the codes that it lacks something for."""
    lacking = [one.code for one in asked if any(unfit(replace(form, rules=(one,))))]
    if not lacking:
        return rule
    if isinstance(rule, UseRules) and len(lacking) < len(asked):
        return replace(rule, without=tuple(lacking))
    return None


def _candidates(bands: Sequence[BandSpec], prefix: str = "") -> Iterator[RuleSpec | UseRules]:
    yield from _of_total(bands)
    for band in bands:
        match band:
            case SectionBand():
                yield from _candidates(band.bands, prefix)
            case BlockBand():
                yield from _candidates(band.bands, f"{prefix}{band.block}.")
            case RowBand():
                yield from _of_sums(band, prefix)
            case MatrixBand():
                yield from _of_matrix(f"{prefix}{band.matrix}")
            case TableBand():
                yield from _of_table(band, f"{prefix}{band.table}", band.columns)
                if band.beside is not None:
                    yield from _of_table(band, f"{prefix}{band.beside.table}", band.beside.columns)
            case _:
                pass


def _of_matrix(path: str) -> Iterator[RuleSpec]:
    for code in ("M01", "M03", "M07", "V01", "M13", "M10"):
        yield RuleSpec(code=code, over=path)


def _of_sums(band: RowBand, prefix: str) -> Iterator[RuleSpec]:
    """Yield that the sums of money in a row are those of their parts; those of one total together."""
    sums = [
        cell.field for cell in band.row if cell.field and cell.type is Type.MONEY and _ADDS_UP.fullmatch(cell.formula)
    ]
    for over in dict.fromkeys(f"{prefix}{name.rpartition('.')[0] or name}" for name in sums):
        yield RuleSpec(code="M01", over=over)


def _of_total(bands: Sequence[BandSpec]) -> Iterator[RuleSpec]:
    """Yield the rules about the points of the whole form, where it adds them up."""
    cells = {cell.field for band in bands if isinstance(band, RowBand) for cell in band.row}
    if "total.weight" in cells:
        yield RuleSpec(
            code="P01",
            must="total.weight = 100",
            at="total.weight",
            want="分值合计为 100",
            say="分值合计 {left}，应为 {right}，相差 {gap}",
        )
    if {"total.weight", "total.score"} <= cells:
        yield RuleSpec(code="P05", over="total")


def _of_table(band: TableBand, path: str, columns: Sequence[CellSpec]) -> Iterator[RuleSpec | UseRules]:
    fields = {cell.field for cell in _leaves(columns)}
    if not fields & {"level2", "name"} or "target" not in fields:
        if not (band.groups or band.printed):
            yield RuleSpec(code="M13", over=path)
        return
    yield UseRules(use="indicators", over=path)
    yield UseRules(use="national", over=path)
    if "actual" in fields:
        yield UseRules(use="completion", over=path)
    if {"weight", "score"} <= fields:
        yield UseRules(use="points", over=path)


def _leaves(cells: Sequence[CellSpec]) -> list[CellSpec]:
    return [leaf for cell in cells for leaf in (_leaves(cell.columns) if cell.columns else [cell])]
