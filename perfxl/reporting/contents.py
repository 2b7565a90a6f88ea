"""What the page's template is given: an overview, with all that is counted and looked up in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from msgspec import Struct

from perfxl.model.finding import Severity
from perfxl.model.submission import Unit
from perfxl.reporting.chart import grade_chart, rule_chart
from perfxl.reporting.digest import Chapter, by_rule, by_standing, by_unit, counting, lead, scores
from perfxl.reporting.overview import Overview, Return, Standing
from perfxl.reporting.wording import SEVERITY_SYMBOLS, STANDING_NAMES, STANDING_SYMBOLS

_MOST = 200
"""Entries of one return that are written out; the rest stand in findings.csv."""


class Tile(Struct, frozen=True):
    """A figure in the heading; a click on it sets a filter (``field``, ``value``) and goes to ``target``."""

    word: str
    count: int
    target: str
    symbol: str = ""
    style: str = ""
    field: str = ""
    value: str = ""


def contents(overview: Overview) -> dict[str, object]:
    """Return the template's variables; returns and units go by their numbers in the overview."""
    rules = by_rule(overview)
    kinds = Counter((form.title, form.when) for each in overview.returns for form in each.forms)
    numbers = {kind: number for number, kind in enumerate(kinds)}
    lines: dict[int, list[int]] = {}
    for place, line in enumerate(overview.units):
        for number in dict.fromkeys((*line.returns, *line.superseded)):
            lines.setdefault(number, []).append(place)

    def who(number: int) -> Unit:
        return overview.units[lines[number][0]].unit if number in lines else Unit()

    def alone(number: int) -> bool:
        """Tell whether a unit's name says which of the returns is meant."""
        return number in lines and len(overview.units[lines[number][0]].returns) == 1

    def kinds_of(returned: Return) -> str:
        return _listed(numbers[form.title, form.when] for form in returned.forms)

    def units_of(number: int) -> str:
        return _listed(lines.get(number, ()))

    def tally(chapter: Chapter, severity: Severity) -> int:
        return sum(overview.returns[number].count(severity) for number in chapter.returns)

    return {
        "overview": overview,
        "lead": lead(overview),
        "groups": groups(overview),
        "kinds": [(title, when, count) for (title, when), count in kinds.items()],
        "missing": [line for line in overview.units if line.standing is Standing.MISSING],
        **{standing.value: _standing(overview, standing) for standing in (Standing.UNREADABLE, Standing.REJECTED)},
        "rules": rules,
        "bars": rule_chart(rules),
        "scored": [(each, grade_chart(each)) for each in scores(overview)],
        "chapters": by_unit(overview),
        "standing": Standing,
        "severity": Severity,
        "most": _MOST,
        "who": who,
        "alone": alone,
        "kinds_of": kinds_of,
        "units_of": units_of,
        "tally": tally,
    }


def _standing(overview: Overview, standing: Standing) -> list[tuple[int, Return]]:
    return [(number, each) for number, each in enumerate(overview.returns) if each.standing is standing]


def _listed(numbers: Iterable[int]) -> str:
    return " ".join(map(str, dict.fromkeys(numbers)))


def groups(overview: Overview) -> list[tuple[str, list[Tile]]]:
    """Return the figures of the heading: units, files, findings."""
    expected = [line for line in overview.units if line.listed]
    missing = sum(line.standing is Standing.MISSING for line in expected)
    units = [
        Tile("应报", len(expected), "units"),
        Tile("已报", len(expected) - missing, "units", field="status", value="returned"),
        _of_standing(Standing.MISSING, missing, "units"),
    ]
    files = [_of_standing(standing, count, "returns") for standing, count in by_standing(overview.returns).items()]
    found = Counter(finding.severity for _, each in counting(overview) for finding in each.findings)
    findings = [
        Tile(
            severity.chinese,
            found[severity],
            "findings",
            SEVERITY_SYMBOLS[severity],
            f"lv-{severity.value}",
            "level",
            severity.value,
        )
        for severity in Severity
    ]
    shown = [("单位（家）", units)] if overview.expected else []
    return [*shown, ("文件（份）", files), ("审核意见（处）", findings)]


def _of_standing(standing: Standing, count: int, target: str) -> Tile:
    return Tile(
        STANDING_NAMES[standing],
        count,
        target,
        STANDING_SYMBOLS[standing],
        f"st-{standing.value}",
        "status",
        standing.value,
    )
