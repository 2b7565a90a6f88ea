"""What a notice lists: the findings of a return as people read them, as many as two pages hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil

from perfxl.model.finding import Finding, Severity
from perfxl.reporting.entries import ReportEntry, entries, places
from perfxl.reporting.typeset import columns, visible
from perfxl.rules.own import remedies
from perfxl.year.notices.outcome import Notice, Point

ROOM = 43
"""Lines of two pages (22 each) that are counted on."""
_FIXED = 9
"""Lines of headings, gaps, what introduces the warnings, who says it."""
KEPT = 6
"""Lines that are kept for warnings where there are any."""
_LINE, _TITLE_LINE = 54, 40
"""Columns in a line of text, one character held back, and in one of a title."""
_OPENING, _TO_DO = 108, 166
"""Columns of the opening and of what to do, the names in them not counted."""
_PLACES, _MESSAGE, _SUGGESTION, _REMEDY = 8, 240, 60, 160
"""Cells that are named one by one; characters of a text."""


_ASKS = "请"


def points(findings: Iterable[Finding], severity: Severity) -> tuple[Point, ...]:
    """Return the findings of a severity, those alike as one, in the order of the first of each.

    What to do is said where a code comes up first, and where the message does not ask for it itself.
    """
    said: set[str] = set()
    found = []
    for entry in entries(finding for finding in findings if finding.severity is severity):
        remedy = "" if entry.code in said else _remedy(entry)
        said.add(entry.code)
        found.append(
            Point(
                place=_clipped(places(entry.findings, _PLACES), _MESSAGE),
                message=_clipped(entry.message, _MESSAGE),
                suggestion=_clipped(entry.suggestion, _SUGGESTION),
                remedy=remedy,
                count=len(entry.findings),
            )
        )
    return tuple(found)


def _remedy(entry: ReportEntry) -> str:
    remedy = _clipped(remedies(entry.findings).get(entry.code, ""), _REMEDY)
    return "" if _ASKS in entry.message else remedy


def _clipped(text: str, most: int) -> str:
    """Return a text on one line, without the stop at its end, cut where it is too long."""
    line = visible(text).strip().rstrip("。")
    return line if len(line) <= most else f"{line[: most - 1]}…"


def fitting(notice: Notice) -> tuple[int, int]:
    """Return how many errors and how many warnings two pages hold; errors go first, some lines are kept for warnings."""
    errors, warnings = notice.errors, notice.warnings
    room = ROOM - _around(notice)
    kept = min(KEPT, sum(map(lines, warnings)))
    first = _fit(errors, room - kept)
    left = room - sum(map(lines, errors[:first])) - (first < len(errors))
    return first, _fit(warnings, left)


def _around(notice: Notice) -> int:
    """Return how many lines a notice takes besides its points: by the names in its title, its opening, what to do."""
    longest = max((columns(form.title) for form in notice.forms), default=0)
    title = 1 + ceil((longest + 16) / _TITLE_LINE)
    opening = ceil((columns(notice.form + notice.project + notice.file) + _OPENING) / _LINE)
    to_do = ceil((columns(notice.marked) + _TO_DO) / _LINE)
    return _FIXED + ceil(title * 1.25) + opening + to_do


def _fit(listed: Sequence[Point], room: int) -> int:
    """Return how many points a room of lines holds; one line is needed to say that there are more."""
    used = 0
    for number, point in enumerate(listed):
        used += lines(point)
        if used + (number + 1 < len(listed)) > room:
            return number
    return len(listed)


def lines(point: Point) -> int:
    """Return how many lines a point takes, set in by two characters."""
    text = f"　　00.{point.place}：{point.message}。"
    if point.suggestion:
        text += f"建议改为：{point.suggestion}。"
    if point.remedy:
        text += f"处理办法：{point.remedy}。"
    return ceil(columns(text) / _LINE)
