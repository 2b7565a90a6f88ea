"""What every planted mistake and every case at a limit is told, word for word: ``tests/golden/messages.txt``.

``--update-golden`` writes the page anew. Read it aloud: whoever would telephone for a sentence has found a fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from test_rules_limits import LIMITS
from test_rules_plantings import PLANTINGS, planted, row

from perfxl.model.finding import Finding, Shown
from perfxl.model.value import IndicatorValue
from perfxl.rules.run import check
from support.cases import case_of
from support.tinyforms import EVALUATION, SOUND

MORE = (
    *(row(1, target=target, actual="96%") for target in ("≥95", "95", "≥0.95", "0.95", "1", "≥1", "100")),
    *(row(0, name="培训次数", target=target, actual="3次") for target in ("2", "≥2", "0.5", "1")),
)
"""Further changes of the sound self-evaluation of which the words are of interest."""


def lines(found: tuple[Finding, ...]) -> Iterator[str]:
    for one in found:
        values = f"{shown(one.value)} → {shown(one.expected)}" if one.expected is not None else shown(one.value)
        yield f"{one.code} {one.severity.chinese} {one.cell or '—'} {one.label or '—'}：{one.message}"
        more = [values and f"填报值 {values}", one.fix.kind.value, ", ".join(one.related)]
        yield f"    {' | '.join(filter(None, more))}"


def shown(value: Shown) -> str:
    return value.text if isinstance(value, IndicatorValue) else "" if value is None else str(value)


def page() -> str:
    told: dict[str, None] = {}
    for planting in PLANTINGS:
        told |= dict.fromkeys(["\n".join(lines(planted(planting)))])
    for limit in LIMITS:
        for value in limit.said:
            typed = {**SOUND[limit.form.id], **(limit.given or {}), limit.typed or limit.at: value}
            found = check(case_of(limit.form, typed, stamped=limit.stamped))
            told |= dict.fromkeys(["\n".join(lines(tuple(one for one in found if one.code == limit.code)))])
    for changes in MORE:
        found = check(case_of(EVALUATION, {**SOUND[EVALUATION.id], **changes}))
        told |= dict.fromkeys(["\n".join(lines(found))])
    return "\n\n".join(filter(None, told)) + "\n"


def test_what_is_told(same_text: Callable[[str, str], None]) -> None:
    same_text("messages", page())
