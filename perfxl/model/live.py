"""What a workbook watches by itself while it is filled in: the live half of a form's rules."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TypeAlias

from msgspec import Struct, field

from perfxl.model.expression import Expr
from perfxl.model.finding import Severity


class LiveRule(Struct, frozen=True):
    """An expression that must hold, for the whole form or for each row of a table or block (``each``, generic).

    ``at`` is the generic path of the cell that turns red, ``want`` says in an officer's words what must hold. ``say``
    is the message with {left}, {right} and {gap}; ``sides`` are the figures that these are, None where they are the two
    sides of the condition. ``summed``: both sides are money, so a gap that the rounding of the summed figures explains
    is a warning (RULES, Tolerance).
    """

    code: str
    severity: Severity
    must: Expr
    at: str
    want: str
    each: str = ""
    say: str = ""
    summed: bool = False
    sides: tuple[Expr, Expr] | None = None
    left: bool = False
    """Whether what breaks it is still to be filled in, and no mistake yet."""


class LivePoints(Struct, frozen=True):
    """The weights of the rows of a 一级 add up to its points: the form's own, else those in its caption (产出指标(50分))."""

    code: str
    severity: Severity
    table: str
    points: Mapping[str, Decimal] = field(default_factory=dict)


class Band(Struct, frozen=True):
    """The part of the weight that a score may be where the actual value begins with one of some words.

    From ``low`` to below ``high``; the highest band holds its upper end too. ``unless``: what makes a word another one
    when it follows (达成 and 率).
    """

    name: str
    words: tuple[str, ...]
    low: Decimal
    high: Decimal
    unless: tuple[str, ...] = ()

    @property
    def highest(self) -> bool:
        return self.high == 1

    def is_said(self, text: str) -> bool:
        """Tell whether a text begins with one of the words."""
        return any(
            text.startswith(word) and not text.startswith(tuple(word + more for more in self.unless))
            for word in self.words
        )

    def holds(self, score: Decimal, weight: Decimal) -> bool:
        """Tell whether a score lies in the band."""
        low, high = self.low * weight, self.high * weight
        return low <= score and (score <= high if self.highest else score < high)


class LiveBands(Struct, frozen=True):
    """The scores of a table's rows lie in the bands of what their actual values say."""

    code: str
    severity: Severity
    table: str
    want: str
    bands: tuple[Band, ...]


class LiveMissed(Struct, frozen=True):
    """Targets missed or far surpassed are explained, as far as they are figures like ``≥95%``.

    ``severity`` is how grave a target missed without a reason is; one surpassed is a warning. ``surpassed``: the
    multiple of the target above which a reason is asked for.
    """

    code: str
    severity: Severity
    table: str
    want: str
    surpassed: Decimal


class LiveEarned(Struct, frozen=True):
    """Scores are what the figures earn, as far as they are figures like ``≥95%``.

    ``reverse``: the form's way with indicators of which less is better. ``surpassed``: the multiple of the target above
    which a lower score is allowed.
    """

    code: str
    severity: Severity
    table: str
    want: str
    reverse: str
    surpassed: Decimal


Live: TypeAlias = LiveRule | LivePoints | LiveBands | LiveMissed | LiveEarned


def about(live: Live) -> str:
    """Return the path (generic) of the table whose rows something watched is about, else of the cell that turns red."""
    return live.each or live.at if isinstance(live, LiveRule) else live.table
