"""Findings that only follow from others are left out: one mistake, one finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from perfxl.model.finding import Finding
from perfxl.rules.case import Case

_SAME_CELL: Mapping[str, frozenset[str]] = {
    "M05": frozenset({"M07"}),
    "P05": frozenset({"P01"}),
    "S05": frozenset({"M01", "M03", "M07", "P02", "P03", "P05"}),
    "V17": frozenset({"V15"}),
}
"""Code → codes that say more about the same cell: no budget at all, a sum of weights that is wrong by itself, …"""

_UNREADABLE = frozenset({"V02", "V03", "S06", "S10"})
"""Codes of values that cannot be read."""

_SAME_ROW: Mapping[str, frozenset[str]] = {
    "M08": frozenset({"M10"}),
    "M09": frozenset({"M10"}),
    "P03": frozenset({"P02"}),
    "P04": frozenset({"P02"}),
    "P06": frozenset({"P02", "C04"}),
}
"""Code → codes that make it idle in the same row: points lost where a score is impossible."""


def without_knock_ons(case: Case, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings without those that others explain, and without repetitions; the order stays."""
    found = list(dict.fromkeys(findings))
    cells = {(finding.code, finding.path) for finding in found}
    rows = {(finding.code, _row(finding)) for finding in found if finding.path}
    unreadable = {finding.cell for finding in found if finding.code in _UNREADABLE}
    beyond = sum((_gap(finding) for finding in found if finding.code == "P02"), Decimal(0))
    kept = [
        finding
        for finding in found
        if not any((code, finding.path) in cells for code in _SAME_CELL.get(finding.code, ()) if finding.path)
        and not any((code, _row(finding)) in rows for code in _SAME_ROW.get(finding.code, ()) if finding.path)
        # Typed over the printed text of a cell: what is there to be corrected is the value.
        and not (finding.code == "S02" and finding.cell in unreadable)
        # A total that is right but for the points above their weights: whoever corrects those has corrected it.
        and not (finding.code == "P05" and beyond and _gap(finding) == -beyond)
    ]
    return tuple(_explained_total(case, kept))


def _row(finding: Finding) -> str:
    return (finding.path or "").rpartition(".")[0]


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
