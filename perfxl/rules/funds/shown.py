"""Computed cells that show something else than the data hold, though their formulas are up to date.

A formula leaves out what is typed as text, and rows that were put in outside it; what it shows is printed and filed.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from perfxl.expr.evaluate import concrete
from perfxl.model.field_type import Type
from perfxl.model.finding import Finding, Severity
from perfxl.model.path import generic, row_of
from perfxl.rules.case import Case
from perfxl.rules.rule import Rule
from perfxl.rules.words import number_or_text, quantity
from perfxl.values.bind import agree


class Shown(NamedTuple):
    """A computed cell that shows ``value`` where the data hold ``right``; ``texts`` are the numbers that it leaves out."""

    path: str
    value: Decimal | str | None
    right: Decimal | str | None
    texts: tuple[str, ...]
    message: str


def shown_otherwise(case: Case, *, percentages: bool) -> Iterator[Shown]:
    """Yield the computed cells of percentages, or all others, whose formula gives something else than the data hold."""
    for path, given in case.given.items():
        field, stated = case.form.fields[generic(path)], case.bound.stated.get(path)
        texts = case.left_out(path)
        if (field.type is Type.PERCENT) is not percentages or not case.sound(path) or not agree(given.value, stated):
            continue
        if texts or case.stamped:
            right = number_or_text(case.record[path])
            yield Shown(path, number_or_text(stated), right, texts, _message(case, path, texts))


def _message(case: Case, path: str, texts: tuple[str, ...]) -> str:
    kind = case.form.fields[generic(path)].type
    shown = quantity(case.bound.stated.get(path), kind)
    right = quantity(case.record[path], kind)
    if texts:
        cells = "、".join(filter(None, (case.seen_from(text, path) for text in texts)))
        return f"{case.name(path)}显示的 {shown} 没有算上 {cells} 里写成文字的数，系统按 {right} 计算；请把那里改填数字"
    if rows := _without_formula(case, path):
        return (
            f"{case.name(path)}显示的 {shown} 没有算上 {'、'.join(rows)}：插入的行没有公式，系统按 {right} 计算；"
            "请取消工作表保护（没有密码），把上一行的公式复制过去"
        )
    return (
        f"{case.name(path)}显示的 {shown} 与按填报算出的 {right} 不一致，公式可能改过，或没有包括新增的行；请恢复公式"
    )


def _without_formula(case: Case, path: str) -> list[str]:
    """Return the cells that a computed one reads and that are blank on the sheet, though what they should show is known."""
    formula = case.form.fields[generic(path)].formula
    read = concrete(formula, case.record, row_of(path)) if formula is not None else ()
    blank = (at for at in read if (seen := case.sighting(at)) is not None and seen.cell is None)
    lacking = (at for at in blank if case.form.fields[generic(at)].computed and case.record[at] is not None)
    return [cell for at in lacking if (cell := case.seen_from(at, path)) is not None]


def percentages_left_out(case: Case, rule: Rule) -> Iterator[Finding]:
    """Yield, as findings of a rule, the percentages that show something else than the data hold."""
    for path, shown, right, texts, message in shown_otherwise(case, percentages=True):
        yield rule.at(case, path, message, severity=Severity.WARNING, value=shown, expected=right, related=texts)
