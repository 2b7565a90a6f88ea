"""What is told of a batch besides its lines: it in one sentence, findings by rule and by unit, scores by form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from msgspec import Struct

from perfxl.model.finding import Finding, Severity
from perfxl.reporting.overview import Overview, Return, Standing, UnitLine
from perfxl.reporting.wording import STANDING_NAMES
from perfxl.rules.grade import GRADES, grade, is_total
from perfxl.rules.own import remedies, title_of

_CENT = Decimal("0.01")


class RuleLine(Struct, frozen=True):
    """One rule and where it was broken: ``returns`` has each return's number in the overview with its findings."""

    code: str
    title: str
    remedy: str
    counts: Mapping[Severity, int]
    returns: tuple[tuple[int, tuple[Finding, ...]], ...]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


class Chapter(Struct, frozen=True):
    """The findings of one unit, or of a file whose unit is unknown (``line`` is None): its returns by number."""

    line: UnitLine | None
    returns: tuple[int, ...]


class Scores(Struct, frozen=True):
    """The totals of all returns of one form and period: how many of each grade, their mean, the lowest, the highest.

    A total that is none (below 0, above 100) has its findings and is left out here.
    """

    title: str
    when: str
    grades: Mapping[str, int]
    mean: Decimal
    lowest: Decimal
    highest: Decimal

    @property
    def total(self) -> int:
        return sum(self.grades.values())


def counting(overview: Overview) -> list[tuple[int, Return]]:
    """Return the returns that count, those that were not replaced, with their numbers."""
    return [(n, each) for n, each in enumerate(overview.returns) if each.standing is not Standing.SUPERSEDED]


def lead(overview: Overview) -> str:
    """Return the batch in one sentence."""
    returned = by_standing(overview.returns)
    files = "，".join(f"{STANDING_NAMES[standing]} {count} 份" for standing, count in returned.items() if count)
    received = f"收到 {len(overview.returns)} 份文件" + (f"：{files}" if files else "")
    if not overview.expected:
        return f"{received}。"
    expected = [line for line in overview.units if line.listed]
    missing = sum(line.standing is Standing.MISSING for line in expected)
    return f"应报 {len(expected)} 家，已报 {len(expected) - missing} 家，未报 {missing} 家。{received}。"


def by_standing(returns: Sequence[Return]) -> Mapping[Standing, int]:
    """Return how many files stand where, the good news first."""
    found = Counter(each.standing for each in returns)
    order = (Standing.PASSED, Standing.WARNED, Standing.REJECTED, Standing.UNREADABLE, Standing.SUPERSEDED)
    attached = {Standing.ATTACHED: found[Standing.ATTACHED]} if found[Standing.ATTACHED] else {}
    return {**{standing: found[standing] for standing in order}, **attached}


def by_rule(overview: Overview) -> list[RuleLine]:
    """Return the rules that were broken, those with the most errors first, then the most warnings."""
    found: dict[str, dict[int, list[Finding]]] = {}
    for number, returned in counting(overview):
        for finding in returned.findings:
            found.setdefault(finding.code, {}).setdefault(number, []).append(finding)
    lines = [_rule_line(code, returns) for code, returns in found.items()]
    return sorted(lines, key=lambda line: (*(-line.counts[severity] for severity in Severity), line.code))


def _rule_line(code: str, returns: Mapping[int, Sequence[Finding]]) -> RuleLine:
    counts = Counter(finding.severity for findings in returns.values() for finding in findings)
    said = [finding for findings in returns.values() for finding in findings]
    return RuleLine(
        code,
        title_of(said, code),
        remedies(said).get(code, ""),
        {severity: counts[severity] for severity in Severity},
        tuple((number, tuple(findings)) for number, findings in returns.items()),
    )


def by_unit(overview: Overview) -> list[Chapter]:
    """Return who has findings: first the files whose unit is unknown, then the units in their order."""
    waiting = {number for number, each in counting(overview) if each.findings}
    chapters: list[Chapter] = []
    for line in overview.units:
        own = tuple(number for number in line.returns if number in waiting)
        waiting.difference_update(own)
        if own:
            chapters.append(Chapter(line, own))
    return [*(Chapter(None, (number,)) for number in sorted(waiting)), *chapters]


def scores(overview: Overview) -> list[Scores]:
    """Return the totals by form and period, in the order in which the forms come."""
    totals: dict[tuple[str, int, str], list[Decimal]] = {}
    for _, returned in counting(overview):
        for form in returned.forms:
            if form.score is not None and is_total(form.score) and not form.superseded_by:
                totals.setdefault((form.title, form.year or 0, form.when), []).append(form.score)
    return [
        _scores(title, when, found) for (title, _, when), found in sorted(totals.items(), key=lambda one: one[0][:2])
    ]


def _scores(title: str, when: str, totals: Sequence[Decimal]) -> Scores:
    counts = Counter(map(grade, totals))
    mean = (sum(totals, Decimal(0)) / len(totals)).quantize(_CENT, ROUND_HALF_UP)
    grades = {name: counts[name] for name, _ in GRADES}
    return Scores(title, when, grades, mean, min(totals), max(totals))


def main_points(findings: Iterable[Finding], most: int) -> str:
    """Return what a return must correct, in the titles of the rules: its errors, the most frequent first."""
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    counts = Counter(finding.code for finding in errors)
    titles = [title_of(errors, code) or code for code, _ in counts.most_common()]
    more = f"等 {len(titles)} 类" if len(titles) > most else ""
    return "、".join(titles[:most]) + more
