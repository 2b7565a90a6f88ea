"""Findings as people read them: the same one in many cells is one entry."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec import Struct

from perfxl.model.finding import Finding, FixKind, Severity
from perfxl.rules.words import told


class ReportEntry(Struct, frozen=True):
    """Findings with equal code, severity and message, in the order in which they were found; at least one."""

    findings: tuple[Finding, ...]

    @property
    def code(self) -> str:
        return self.findings[0].code

    @property
    def severity(self) -> Severity:
        return self.findings[0].severity

    @property
    def message(self) -> str:
        return self.findings[0].message

    @property
    def label(self) -> str:
        """The label where it is one, else ""; likewise what was typed, what was expected, what is suggested."""
        return self._one(lambda finding: finding.label or "")

    @property
    def typed(self) -> str:
        return self._one(lambda finding: told(finding.value, finding.unit))

    @property
    def expected(self) -> str:
        return self._one(lambda finding: told(finding.expected, finding.unit))

    @property
    def suggestion(self) -> str:
        return self._one(
            lambda finding: told(finding.fix.value, finding.unit) if finding.fix.kind is FixKind.SUGGESTED else ""
        )

    def _one(self, text: Callable[[Finding], str]) -> str:
        if len(self.findings) == 1:
            return text(self.findings[0])
        different = {text(finding) for finding in self.findings}
        return different.pop() if len(different) == 1 else ""


def entries(findings: Iterable[Finding]) -> list[ReportEntry]:
    """Return the findings as entries, in the order of the first of each."""
    equal: dict[tuple[str, Severity, str], list[Finding]] = {}
    for finding in findings:
        equal.setdefault((finding.code, finding.severity, finding.message), []).append(finding)
    return [ReportEntry(tuple(group)) for group in equal.values()]


def places(findings: Iterable[Finding], most: int | None = None) -> str:
    """Return the cells of findings sheet by sheet: ``自评表!H12、H13；附表!B2``.

    Where there are more than ``most`` of them, the first ones are named and all are counted.
    """
    listed = list(findings)
    if len(listed) == 1 and most != 0:
        return "!".join(filter(None, (listed[0].sheet, listed[0].cell)))
    sheets: dict[str, dict[str, None]] = {}
    for finding in listed:
        cells = sheets.setdefault(finding.sheet or "", {})
        if finding.cell:
            cells[finding.cell] = None
    count = sum(map(len, sheets.values()))
    room = count if most is None else most
    parts = []
    for sheet, cells in sheets.items():
        if room > 0 or not cells:
            parts.append("!".join(filter(None, (sheet, "、".join(list(cells)[:room])))))
        room -= len(cells)
    return "；".join(parts) + (f"等 {count} 处" if room < 0 else "")
