"""Draw how time and memory grow with rows, findings and files: ``python docs/growth_chart.py``.

Reads ``docs/growth.json``, which ``python benchmarks/run.py growth --json docs/growth.json`` writes, and writes
``docs/pictures/growth.svg``. Both axes are logarithmic: what grows as its cause runs along the thin lines.
"""

from __future__ import annotations

import json
import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import NamedTuple, TypeAlias

FIGURES, CHART = Path("docs/growth.json"), Path("docs/pictures/growth.svg")
_NAME = re.compile(
    r"(?P<count>\d+) (?P<what>rows with faults|rows|files in the command alone|files)(?P<memory>: largest process)?"
)
_COLORS = {
    "rows": "#1f5fa8",
    "rows with faults": "#b3541e",
    "files": "#2c7a3f",
    "files in the command alone": "#7a2c75",
}
_WIDTH, _HEIGHT, _LEFT, _TOP, _RIGHT, _BELOW = 440, 300, 80, 36, 24, 44
_COUNTS = (1, 4)
"""The powers of ten from which and to which counts are shown."""

Points: TypeAlias = Mapping[str, Sequence[tuple[float, float]]]


class _Panel(NamedTuple):
    """A chart: where it begins, its title and unit, the powers of ten of its values, what it shows."""

    at: int
    title: str
    powers: tuple[int, int]
    points: Points

    def x(self, count: float) -> float:
        share = (math.log10(count) - _COUNTS[0]) / (_COUNTS[1] - _COUNTS[0])
        return self.at + _LEFT + share * (_WIDTH - _LEFT - _RIGHT)

    def y(self, value: float) -> float:
        share = (math.log10(value) - self.powers[0]) / (self.powers[1] - self.powers[0])
        return _HEIGHT - _BELOW - share * (_HEIGHT - _TOP - _BELOW)


def main() -> None:
    """Draw the chart."""
    times, sizes = _read(json.loads(FIGURES.read_text(encoding="utf-8")))
    panels = (_Panel(0, "processor time, ms", (1, 6), times), _Panel(_WIDTH, "largest process, MB", (1, 3), sizes))
    drawn = "\n".join(line for panel in panels for line in _drawn(panel))
    CHART.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {2 * _WIDTH} {_HEIGHT}" font-family="sans-serif" '
        f'font-size="12" fill="#333"><rect width="100%" height="100%" fill="#fff"/>\n{drawn}\n</svg>\n',
        encoding="utf-8",
    )


def _read(figures: Sequence[Mapping[str, object]]) -> tuple[Points, Points]:
    """Return milliseconds and megabytes by what they are about."""
    times: dict[str, list[tuple[float, float]]] = defaultdict(list)
    sizes: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for figure in figures:
        if found := _NAME.match(str(figure["name"])):
            kind = sizes if found["memory"] else times
            kind[found["what"]].append((int(found["count"]), float(str(figure["ours"]))))
    return times, sizes


def _drawn(panel: _Panel) -> Iterator[str]:
    left, right = panel.x(10 ** _COUNTS[0]), panel.x(10 ** _COUNTS[1])
    low, high = panel.y(10 ** panel.powers[0]), panel.y(10 ** panel.powers[1])
    yield f'<text x="{left:.0f}" y="20" font-size="14">{escape(panel.title)}</text>'
    for power in range(panel.powers[0], panel.powers[1] + 1):
        y = panel.y(10**power)
        yield f'<path d="M{left:.0f} {y:.1f}H{right:.0f}" stroke="#ddd"/>'
        yield f'<text x="{left - 6:.0f}" y="{y + 4:.1f}" text-anchor="end">{10**power:,}</text>'
    for power in range(_COUNTS[0], _COUNTS[1] + 1):
        x = panel.x(10**power)
        yield f'<path d="M{x:.1f} {low:.0f}V{high:.0f}" stroke="#ddd"/>'
        yield f'<text x="{x:.1f}" y="{low + 18:.0f}" text-anchor="middle">{10**power:,}</text>'
    # As many times as much: from decade to decade of what is measured.
    steps = panel.powers[1] - panel.powers[0]
    for power in range(panel.powers[0] - steps, panel.powers[1]):
        first, last = max(power, panel.powers[0]), min(power + _COUNTS[1] - _COUNTS[0], panel.powers[1])
        if first < last:
            begin, end = (panel.x(10 ** (_COUNTS[0] + at - power)) for at in (first, last))
            yield f'<path d="M{begin:.1f} {panel.y(10**first):.1f}L{end:.1f} {panel.y(10**last):.1f}" stroke="#eee"/>'
    for number, (what, points) in enumerate(panel.points.items()):
        color = _COLORS[what]
        line = " ".join(f"{panel.x(count):.1f},{panel.y(value):.1f}" for count, value in points)
        yield f'<polyline points="{line}" fill="none" stroke="{color}" stroke-width="2"/>'
        yield from (
            f'<circle cx="{panel.x(count):.1f}" cy="{panel.y(value):.1f}" r="3" fill="{color}"/>'
            for count, value in points
        )
        yield f'<text x="{left + 8:.0f}" y="{high + 16 + 16 * number:.0f}" fill="{color}">{what}</text>'


if __name__ == "__main__":
    main()
