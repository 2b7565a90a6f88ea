"""How many findings are told of a return, and at what length: enough to put it right, never as many as it has cells.

The first of a code on a sheet are told one by one, of the rest how many there are. What was typed stands in the finding
about it once in full; where the same long text is typed again, or there are very many, its beginning will do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from msgspec.structs import replace

from perfxl.model.finding import Finding, Severity, Shown
from perfxl.model.value import IndicatorValue

ON_A_SHEET = 200
"""Findings of one code on one sheet that are told one by one."""
IN_ALL = 2_000
"""Findings of a return that are."""
GATHERED = 5_000
"""Findings of one code on one sheet that are put in order at all; of those beyond it is known only how many."""
_LONG, _SHORT = 200, 100
"""Characters from which a text is long, and those that are left of one."""
_TYPED = 1_000_000
"""Characters of long texts that the findings of a return quote in full, together."""
_LONGEST_MESSAGE = 1_000
_GRAVITY = (Severity.ERROR, Severity.WARNING, Severity.INFO)

More: TypeAlias = Counter[tuple[str, Severity]]
"""How many findings there are by code and severity that are not told one by one."""


def gathered(findings: Iterable[Finding], more: More) -> Iterator[Finding]:
    """Pass the findings about one sheet on; those beyond all measure are only counted, in ``more``."""
    count: Counter[str] = Counter()
    for finding in findings:
        count[finding.code] += 1
        if count[finding.code] <= GATHERED:
            yield finding
        else:
            more[finding.code, finding.severity] += 1


def on_a_sheet(findings: Iterable[Finding], sheet: str, more: More) -> tuple[Finding, ...]:
    """Return the findings about one sheet, in their order, with how many more there are of a code; ``more`` are others."""
    count: Counter[tuple[str, Severity]] = Counter()
    told: list[Finding] = []
    left: More = Counter(more)
    for finding in findings:
        kind = finding.code, finding.severity
        count[kind] += 1
        if count[kind] <= ON_A_SHEET:
            told.append(finding)
        else:
            left[kind] += 1
    return (*told, *_rest(left, sheet))


def in_all(findings: Sequence[Finding], most: int = IN_ALL) -> tuple[Finding, ...]:
    """Return the findings about a return, in their order, at most so many, the gravest of them; how many more there are.

    Long texts in them are shortened where they are many.
    """
    if len(findings) <= most:
        return tuple(_shortened(findings))
    by_severity = sorted(range(len(findings)), key=lambda number: _GRAVITY.index(findings[number].severity))
    told = sorted(by_severity[:most])
    more: More = Counter((findings[number].code, findings[number].severity) for number in by_severity[most:])
    return tuple(_shortened((*(findings[number] for number in told), *_rest(more, None))))


def _rest(more: More, sheet: str | None) -> Iterator[Finding]:
    for (code, severity), count in sorted(more.items()):
        message = f"同样的问题另有 {count} 处，没有一一列出；改正列出的各处时请一并检查"
        yield Finding(code, severity, message, sheet=sheet)


def _shortened(findings: Iterable[Finding]) -> Iterator[Finding]:
    seen: set[str] = set()
    room = _TYPED

    def short(value: Shown) -> Shown:
        nonlocal room
        text = value.text if isinstance(value, IndicatorValue) else value
        if not isinstance(text, str) or len(text) <= _LONG:
            return value
        if text not in seen and len(text) <= room:
            seen.add(text)
            room -= len(text)
            return value
        cut = f"{text[:_SHORT]}…（共 {len(text)} 字）"
        return replace(value, text=cut) if isinstance(value, IndicatorValue) else cut

    for finding in findings:
        value, expected = short(finding.value), short(finding.expected)
        message = finding.message
        if len(message) > _LONGEST_MESSAGE:
            message = f"{message[: _LONGEST_MESSAGE - 1]}…"
        same = value is finding.value and expected is finding.expected and message is finding.message
        yield finding if same else replace(finding, value=value, expected=expected, message=message)
