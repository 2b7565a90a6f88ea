"""The catalogue of finding codes, collected from the modules in which each rule is defined with all that belongs to it.

Codes are stable, for users search for them: a code may be added, none changes its meaning.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from perfxl.rules import (
    approved,
    cells,
    completion,
    demands,
    files,
    goals,
    group,
    indicators,
    points,
    report,
    shapes,
    structure,
    targets,
    unit,
    versions,
    years,
)
from perfxl.rules.funds import rates, scale, slips, ties, totals
from perfxl.rules.rule import GROUPS, Rule

__all__ = ["CATALOG", "Rule", "rule"]

_MODULES = (
    *(files, structure, cells, shapes, demands, years, unit, targets),
    *(totals, rates, scale, slips, ties),
    *(indicators, goals, completion, approved, points),
    *(group, versions, report),
)


def _in_order(rules: tuple[Rule, ...]) -> list[Rule]:
    groups = list(GROUPS)
    return sorted(rules, key=lambda rule: (groups.index(rule.code[0]), rule.code))


CATALOG: Mapping[str, Rule] = MappingProxyType(
    {rule.code: rule for rule in _in_order(tuple(rule for module in _MODULES for rule in module.RULES))}
)
"""Every rule by its code: files first, then structure, values, funds, goals, completion, points, batch."""


def rule(code: str) -> Rule:
    """Return the rule of a code, in capitals as printed. Raises KeyError for a code that is not in the catalogue."""
    return CATALOG[code]
