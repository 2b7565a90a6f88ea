"""All checks of one form of a return."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from perfxl.model.address import parse_cell
from perfxl.model.finding import Finding
from perfxl.rules import expression, structure, sums, values
from perfxl.rules.budget import More, gathered, on_a_sheet
from perfxl.rules.case import Case
from perfxl.rules.knockon import without_knock_ons
from perfxl.rules.registry import CHECKS


def check(case: Case) -> tuple[Finding, ...]:
    """Return what there is to say about a return, knock-on findings left out.

    First what concerns no single cell, then by row and column; in one cell by code; last how many more there are of a
    code that has very many. Raises nothing, whatever was typed.
    """
    more: More = Counter()
    found = without_knock_ons(case, gathered(_all(case), more))
    return on_a_sheet(sorted(found, key=_place), case.sheet, more)


def _all(case: Case) -> Iterator[Finding]:
    yield from values.check(case)
    yield from structure.check(case)
    yield from sums.blanks(case)
    for rule in case.form.rules:
        if rule.must is not None:
            yield from expression.findings(case, rule)
        elif rule.code in CHECKS:
            yield from CHECKS[rule.code](case, rule)


def _place(finding: Finding) -> tuple[int, int, str]:
    return (*(parse_cell(finding.cell) if finding.cell else (0, 0)), finding.code)
