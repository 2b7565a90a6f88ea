"""What a workbook watches by itself while it is filled in: the live half of a form's rules."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from perfxl.model.expression import Expr
from perfxl.model.finding import Severity


@dataclass(frozen=True, slots=True)
class LiveRule:
    """An expression that must hold, for the whole form or for each row of a table or block (``each``, generic).

    ``at`` is the generic path of the cell that turns red, ``want`` says in an officer's words what must hold. ``say``
    is the message with {left}, {right} and {gap}, "" where the two sides are not figures to be shown. ``summed``: both
    sides are money, so a gap that the rounding of the summed figures explains is a warning (RULES, Tolerance).
    """

    code: str
    severity: Severity
    must: Expr
    at: str
    want: str
    each: str = ""
    say: str = ""
    summed: bool = False
    left: bool = False
    """Whether what breaks it is still to be filled in, and no mistake yet."""


@dataclass(frozen=True, slots=True)
class LivePoints:
    """P01 by 一级: the weights of its rows add up to the points in its printed caption (产出指标(50分))."""

    table: str


@dataclass(frozen=True, slots=True)
class LiveScores:
    """C04, P03, P04 for the rows of a table, as far as their values are figures like ``≥95%``.

    ``missed``: how grave a target missed without a reason is. ``reverse``: the form's way with indicators of which less
    is better. ``surpassed``: the multiple of the target above which a reason is asked for.
    """

    table: str
    codes: frozenset[str]
    missed: Severity
    reverse: str
    surpassed: Decimal


Live: TypeAlias = LiveRule | LivePoints | LiveScores
