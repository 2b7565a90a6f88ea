"""Findings that only follow from others are left out: one mistake, one finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from msgspec.structs import replace

from perfxl.model.finding import Finding
from perfxl.model.path import parent_of
from perfxl.rules.case import Case
from perfxl.rules.catalog import CATALOG

_UNREADABLE = frozenset({"V02", "V03", "S06", "S10"})
"""Codes of values that cannot be read."""


def _explaining(finding: Finding) -> frozenset[str]:
    return CATALOG[finding.code].explained_by if finding.code in CATALOG else frozenset()


def _beside(finding: Finding) -> frozenset[str]:
    return CATALOG[finding.code].idle_beside if finding.code in CATALOG else frozenset()


def without_knock_ons(case: Case, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings without those that others explain, and without repetitions; the order stays."""
    found = list(dict.fromkeys(findings))
    cells = {(finding.code, finding.path) for finding in found}
    rows = {(finding.code, parent_of(finding.path)) for finding in found if finding.path}
    unreadable = {(finding.sheet, finding.cell) for finding in found if finding.code in _UNREADABLE}
    beyond = sum((_gap(finding) for finding in found if finding.code == "P02"), Decimal(0))
    kept = [
        finding
        for finding in found
        if not any((code, finding.path) in cells for code in _explaining(finding) if finding.path)
        and not any((code, parent_of(finding.path or "")) in rows for code in _beside(finding))
        # Typed over the printed text of a cell: what is there to be corrected is the value.
        and not (finding.code == "S02" and (finding.sheet, finding.cell) in unreadable)
        # A total that is right but for the points above their weights: whoever corrects those has corrected it.
        and not (finding.code == "P05" and beyond and _gap(finding) == -beyond)
    ]
    return tuple(_explained_total(case, kept))


def _explained_total(case: Case, findings: list[Finding]) -> Iterator[Finding]:
    """Say in the finding on the total of the weights which 一级 are to blame, and leave theirs out if that is all."""
    totals = [finding for finding in findings if finding.code == "P01" and _is_total(case, finding)]
    levels = [finding for finding in findings if finding.code == "P01" and not _is_total(case, finding)]
    if len(totals) != 1 or not levels or _gap(totals[0]) != sum(map(_gap, levels)):
        yield from findings
        return
    because = "；".join(finding.message.rpartition("，")[0] for finding in levels)
    for finding in findings:
        if finding is totals[0]:
            yield replace(finding, message=f"{finding.message}；其中{because}")
        elif finding not in levels:
            yield finding


def _is_total(case: Case, finding: Finding) -> bool:
    return any(rule.code == "P01" and rule.must is not None and rule.at == finding.path for rule in case.form.rules)


def _gap(finding: Finding) -> Decimal:
    value, expected = finding.value, finding.expected
    return value - expected if isinstance(value, Decimal) and isinstance(expected, Decimal) else Decimal(0)
