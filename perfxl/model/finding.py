"""Findings: what a check has to say about a return."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from msgspec import Struct

from perfxl.model.value import IndicatorValue

Shown: TypeAlias = str | Decimal | bool | IndicatorValue | None
"""A value as a finding quotes it: what was typed, or what was expected."""


class Severity(StrEnum):
    """How grave a finding is: an error sends the workbook back, a warning is looked at, an info is kept."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def chinese(self) -> str:
        """What people call it."""
        return {Severity.ERROR: "错误", Severity.WARNING: "警告", Severity.INFO: "提示"}[self]


class FixKind(StrEnum):
    """What became of a remedy."""

    NONE = "none"
    APPLIED = "applied"
    SUGGESTED = "suggested"


class Fix(Struct, frozen=True):
    """A remedy: applied (already in the data), suggested (``value`` to be confirmed), or none."""

    kind: FixKind = FixKind.NONE
    value: Shown = None


NO_FIX = Fix()
APPLIED = Fix(FixKind.APPLIED)


class Finding(Struct, frozen=True):
    """One finding.

    ``cell`` is like ``C9`` or None; ``related`` holds ``sheet!cell`` names; ``message`` is plain Chinese. ``unit`` is
    what people read numbers of ``value``, ``expected`` and ``fix`` in: ``%`` (they are fractions), 万元, "" for neither.
    ``title`` and ``remedy`` are those of a code of the form's own; what the catalogue says is not repeated.
    """

    code: str
    severity: Severity
    message: str
    sheet: str | None = None
    cell: str | None = None
    path: str | None = None
    label: str | None = None
    value: Shown = None
    expected: Shown = None
    fix: Fix = NO_FIX
    related: tuple[str, ...] = ()
    unit: str = ""
    title: str = ""
    remedy: str = ""
