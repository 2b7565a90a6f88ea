"""The catalogue of finding codes: what each means, with an example and what to do.

Codes are stable, for users search for them: a code may be added, none changes its meaning.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from perfxl.rules.rule import Rule
from perfxl.rules.texts import batch, completion, files, funds, goals, points, structure, values

__all__ = ["CATALOG", "Rule", "rule"]

_GROUPS = (files, structure, values, funds, goals, completion, points, batch)

CATALOG: Mapping[str, Rule] = MappingProxyType({entry.code: entry for group in _GROUPS for entry in group.RULES})
"""Every rule by its code: files first, then structure, values, funds, goals, completion, points, batch."""


def rule(code: str) -> Rule:
    """Return the rule of a code, in capitals as printed. Raises KeyError for a code that is not in the catalogue."""
    return CATALOG[code]
