"""All checks of one form of a return."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from perfxl.expr.evaluate import references
from perfxl.model.address import parse_cell
from perfxl.model.finding import Finding, Severity
from perfxl.model.form import FormRule
from perfxl.model.path import generic, row_of
from perfxl.rules import expression
from perfxl.rules.budget import More, gathered, on_a_sheet
from perfxl.rules.case import Case, printed_row
from perfxl.rules.catalog import CATALOG
from perfxl.rules.indicators import G04
from perfxl.rules.knockon import without_knock_ons
from perfxl.rules.own import rule_in
from perfxl.rules.rule import Rule


def check(case: Case) -> tuple[Finding, ...]:
    """Return what there is to say about a return, knock-on findings left out.

    First what concerns no single cell, then by row and column; in one cell by code; last how many more there are of a
    code that has very many. Raises nothing, whatever was typed.
    """
    more: More = Counter()
    found = without_knock_ons(case, gathered(_all(case), more))
    return _by_sheet(case, sorted(found, key=_place), more)


def _by_sheet(case: Case, found: Sequence[Finding], more: More) -> tuple[Finding, ...]:
    """Return the findings of each sheet in its order, those about none first, as many as are told of one."""
    names = [name for name, _ in case.sheets]
    order = {name: number for number, name in enumerate(names)}
    told: list[Finding] = []
    for number, name in enumerate(names):
        own = [one for one in found if order.get(one.sheet or "", 0) == number]
        told += on_a_sheet(own, name, more if number == 0 else Counter())
    return tuple(told)


def _all(case: Case) -> Iterator[Finding]:
    # What a sheet that is not there makes wrong elsewhere is told once.
    gone = lost_paths(case)
    yield from elsewhere_than(gone, _every(case, gone))


def elsewhere_than(gone: frozenset[str], found: Iterable[Finding]) -> Iterator[Finding]:
    """Yield the findings that are about none of some fields (generic paths), nor of a table or group of them."""
    for finding in found:
        path = generic(finding.path) if gone and finding.path else ""
        if not path or not any(one == path or one.startswith((f"{path}.", f"{path}[")) for one in gone):
            yield finding


def _every(case: Case, gone: frozenset[str]) -> Iterator[Finding]:
    for path in case.missing:
        yield left_blank(case, path, rule_in(case.form, case.form.fields[generic(path)].missing))
    for rule in CATALOG.values():
        if rule.always is not None:
            yield from rule.always(case)
    for asked in case.form.rules:
        if gone and _reads(asked, gone):
            continue
        rule = rule_in(case.form, asked.code)
        if asked.must is not None:
            yield from expression.findings(case, asked, rule)
        elif rule.named is not None and not asked.pairs:  # pairs are held against another form (perfxl.rules.beside)
            yield from rule.named.check(case, asked)


def lost_paths(case: Case) -> frozenset[str]:
    """Return the fields (generic paths) on the sheets that did not come back, with all that are computed from them."""
    form = case.form
    if not case.lost:
        return frozenset()
    gone = {number for number, sheet in enumerate(form.sheets) if sheet.name in case.lost}
    found = {path for path in form.fields if form.part_of(path) in gone}
    for path in form.computed:
        formula = form.fields[path].formula
        if formula is not None and not found.isdisjoint(references(formula)):
            found.add(path)
    return frozenset(found)


def _reads(asked: FormRule, gone: frozenset[str]) -> bool:
    """Tell whether a rule reads any of some fields: in its expression, or among those that it is over."""
    named = {*(references(asked.must) if asked.must is not None else ()), asked.over, asked.each, asked.at} - {""}
    return any(path == one or path.startswith((f"{one}.", f"{one}[")) for path in gone for one in named)


def _place(finding: Finding) -> tuple[int, int, str]:
    return (*(parse_cell(finding.cell) if finding.cell else (0, 0)), finding.code)


def left_blank(case: Case, path: str, rule: Rule) -> Finding:
    """Return the finding on a required cell that is blank."""
    row = row_of(path)
    # A name that the form prints was not chosen by the unit: perhaps it has nothing to do with it (G04).
    printed = rule is G04 and row and printed_row(case.form, case.record, row) is not None
    return rule.at(case, path, f"{case.name(path)}没有填写", severity=Severity.WARNING if printed else None)
