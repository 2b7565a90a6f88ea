"""Required cells that were left blank: raised by the code that the form's field has for it (V01, G04, C02)."""

from __future__ import annotations

from perfxl.model.finding import Finding, Severity
from perfxl.model.path import row_of
from perfxl.rules.case import Case, printed_row
from perfxl.rules.indicators import G04
from perfxl.rules.rule import Rule


def left_blank(case: Case, path: str, rule: Rule) -> Finding:
    """Return the finding on a required cell that is blank."""
    row = row_of(path)
    # A name that the form prints was not chosen by the unit: perhaps it has nothing to do with it (G04).
    printed = rule is G04 and row and printed_row(case.form, case.record, row) is not None
    return rule.at(case, path, f"{case.name(path)}没有填写", severity=Severity.WARNING if printed else None)
