"""Findings in the officer's words, as notes and the list quote them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from perfxl.model.finding import Finding, Shown
from perfxl.rules.words import told

_LONGEST = 500


def shown(value: Shown, unit: str) -> str:
    """Return a value as people write it: 6558.50万元, 是, ≥560个; long texts are cut."""
    return clipped(told(value, unit))


def clipped(text: str) -> str:
    """Return a text, cut where it is longer than anyone reads in a note."""
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def paragraphs(findings: Sequence[Finding], remedies: Mapping[str, str]) -> list[str]:
    """Return what a note says about the findings of one cell: what is wrong, what it should be, what to do."""
    lines: list[str] = []
    for finding in findings:
        lines.append(f"{finding.severity.chinese} {finding.code}  {clipped(finding.message)}")
        if expected := shown(finding.expected, finding.unit):
            lines.append(f"应为：{expected}")
        if finding.related:
            lines.append(f"相关单元格：{related(finding)}")
        if remedy := remedies.get(finding.code):
            lines.append(f"处理：{clipped(remedy)}")
    return lines


def related(finding: Finding) -> str:
    """Return the cells that a finding also concerns, without the sheet where it is its own."""
    own = f"{finding.sheet}!"
    return "、".join(place.removeprefix(own) for place in finding.related)
