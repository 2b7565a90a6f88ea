"""All checks of one form of a return."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from perfxl.model.address import parse_cell
from perfxl.model.finding import Finding, Severity
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
    return on_a_sheet(sorted(found, key=_place), case.sheet, more)


def _all(case: Case) -> Iterator[Finding]:
    for path in case.missing:
        yield left_blank(case, path, rule_in(case.form, case.form.fields[generic(path)].missing))
    for rule in CATALOG.values():
        if rule.always is not None:
            yield from rule.always(case)
    for asked in case.form.rules:
        rule = rule_in(case.form, asked.code)
        if asked.must is not None:
            yield from expression.findings(case, asked, rule)
        elif rule.named is not None and not asked.pairs:  # pairs are held against another form (perfxl.rules.beside)
            yield from rule.named.check(case, asked)


def _place(finding: Finding) -> tuple[int, int, str]:
    return (*(parse_cell(finding.cell) if finding.cell else (0, 0)), finding.code)


def left_blank(case: Case, path: str, rule: Rule) -> Finding:
    """Return the finding on a required cell that is blank."""
    row = row_of(path)
    # A name that the form prints was not chosen by the unit: perhaps it has nothing to do with it (G04).
    printed = rule is G04 and row and printed_row(case.form, case.record, row) is not None
    return rule.at(case, path, f"{case.name(path)}没有填写", severity=Severity.WARNING if printed else None)
