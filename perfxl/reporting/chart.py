"""Bars for the page: where each begins and how long it is, in pixels."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from perfxl.model.finding import Severity
from perfxl.reporting.digest import RuleLine, Scores
from perfxl.rules.grade import GRADES

_MOST = 12
_LONGEST = 290
_GAP = 8
_SHOWN = (Severity.ERROR, Severity.WARNING)


class ChartPiece(Struct, frozen=True):
    """A part of a bar; ``style`` is the class that colours it."""

    style: str
    x: int
    width: int


class Bar(Struct, frozen=True):
    """A bar: what stands before it (``name``, and ``note`` in small), its pieces, what stands behind it."""

    name: str
    note: str
    y: int
    pieces: tuple[ChartPiece, ...]
    text: str

    @property
    def end(self) -> int:
        return max((piece.x + piece.width for piece in self.pieces), default=0)


class Chart(Struct, frozen=True):
    """Bars below each other; names end at ``label``. ``rest`` is how many are left out."""

    bars: tuple[Bar, ...]
    label: int
    width: int
    step: int = 25
    rest: int = 0

    @property
    def height(self) -> int:
        return len(self.bars) * self.step


def rule_chart(rules: Sequence[RuleLine]) -> Chart:
    """Return a bar for each of the first rules that have errors or warnings, as long as they are many."""
    label, step = 236, 25
    broken = [rule for rule in rules if _count(rule)]
    longest = max(map(_count, broken), default=1)
    bars = []
    for number, rule in enumerate(broken[:_MOST]):
        lengths = [(each.value, _length(rule.counts[each], longest)) for each in _SHOWN if rule.counts[each]]
        text = "，".join(f"{each.chinese} {rule.counts[each]}" for each in _SHOWN if rule.counts[each])
        bars.append(Bar(rule.title, rule.code, number * step, _row(label + _GAP, lengths), text))
    return Chart(tuple(bars), label, 700, step, len(broken) - len(bars))


def grade_chart(scores: Scores) -> Chart:
    """Return a bar for each grade, the best first, with its range, how many have it and their share."""
    label, step = 112, 27
    longest = max(scores.grades.values(), default=1)
    bars = []
    above = ""
    for number, (name, least) in enumerate(GRADES):
        span = f"{least} 以上" if not above else f"{least}～{above}" if least is not None else f"不到 {above}"
        above = str(least)
        count = scores.grades[name]
        row = _row(label + _GAP, [(f"grade{number + 1}", _length(count, longest))])
        bars.append(Bar(name, span, number * step, row, f"{count} 份（{count / scores.total:.0%}）"))
    return Chart(tuple(bars), label, 520, step)


def _count(rule: RuleLine) -> int:
    return sum(rule.counts[severity] for severity in _SHOWN)


def _length(count: int, longest: int) -> int:
    return max(2, round(count * _LONGEST / longest)) if count else 0


def _row(x: int, lengths: Sequence[tuple[str, int]]) -> tuple[ChartPiece, ...]:
    pieces = []
    for style, length in lengths:
        pieces.append(ChartPiece(style, x, length))
        x += length + 1
    return tuple(pieces)
