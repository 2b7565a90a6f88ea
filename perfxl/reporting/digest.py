"""What is told of a batch besides its lines: it in one sentence, findings by rule and by unit, scores by form."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeAlias

from msgspec import Struct

from perfxl.model.finding import Finding, Severity
from perfxl.reporting.entries import places
from perfxl.reporting.overview import ATTENTION, Filed, Overview, Return, Standing, UnitLine
from perfxl.reporting.wording import STANDING_NAMES
from perfxl.rules.grade import GRADES, grade, is_total
from perfxl.rules.own import remedies, title_of
from perfxl.spool import Derived, Spool

_CENT = Decimal("0.01")
_NAMED = 8
"""Cells of one return that are named where a rule is told of."""
_ORDER = (Standing.PASSED, Standing.WARNED, Standing.REJECTED, Standing.UNREADABLE, Standing.SUPERSEDED)


class RuleRow(Struct, frozen=True):
    """A return in which a rule was broken: its number in the overview, how often, where."""

    number: int
    count: int
    where: str


class RuleLine(Struct, frozen=True):
    """One rule and where it was broken."""

    code: str
    title: str
    remedy: str
    counts: Mapping[Severity, int]
    returns: Sequence[RuleRow]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


class Chapter(Struct, frozen=True):
    """The findings of one unit, or of a file whose unit is unknown (``line`` is None): its returns with their numbers."""

    line: UnitLine | None
    returns: tuple[tuple[int, Return], ...]


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


class Digest(Struct, frozen=True):
    """What a batch comes to, told in one walk over its returns.

    ``kinds`` are the forms by title and time with how often each was filed; ``findings`` those of the returns that count;
    ``ranks`` has where each return stands, ``waiting`` whether it counts and has findings, ``files`` how it is called.
    """

    standings: Mapping[Standing, int]
    kinds: Mapping[tuple[str, str], int]
    findings: Mapping[Severity, int]
    rules: tuple[RuleLine, ...]
    scores: tuple[Scores, ...]
    ranks: bytes
    waiting: bytes
    files: Sequence[str]

    def standing(self, standing: Standing) -> list[int]:
        """Return the numbers of the returns that stand somewhere."""
        rank = ATTENTION.index(standing)
        return [number for number, own in enumerate(self.ranks) if own == rank]


def digest(overview: Overview) -> Digest:
    """Return what a batch comes to."""
    kinds: Counter[tuple[str, str]] = Counter()
    rules, scores = _Rules(), _Totals()
    ranks, waiting = bytearray(), bytearray()
    files: Spool[str] = Spool()
    for number, returned in enumerate(overview.returns):
        kinds.update((form.title, form.when) for form in returned.forms)
        counts = returned.standing is not Standing.SUPERSEDED
        if counts:
            rules.add(number, returned.findings)
            scores.add(returned.forms)
        files.add(returned.file)
        ranks.append(ATTENTION.index(returned.standing))
        waiting.append(counts and bool(returned.findings))
    found = Counter(ATTENTION[rank] for rank in ranks)
    broken = rules.lines()
    findings = {severity: sum(line.counts[severity] for line in broken) for severity in Severity}
    return Digest(standings(found), kinds, findings, broken, scores.scores(), bytes(ranks), bytes(waiting), files)


def standings(found: Mapping[Standing, int]) -> Mapping[Standing, int]:
    """Return how many files stand where, the good news first."""
    attached = {Standing.ATTACHED: found[Standing.ATTACHED]} if found.get(Standing.ATTACHED) else {}
    return {**{standing: found.get(standing, 0) for standing in _ORDER}, **attached}


def lead(overview: Overview, standings: Mapping[Standing, int]) -> str:
    """Return the batch in one sentence."""
    files = "，".join(f"{STANDING_NAMES[standing]} {count} 份" for standing, count in standings.items() if count)
    received = f"收到 {len(overview.returns)} 份文件" + (f"：{files}" if files else "")
    if not overview.expected:
        return f"{received}。"
    expected, missing = listed(overview)
    return f"应报 {expected} 家，已报 {expected - missing} 家，未报 {missing} 家。{received}。"


def listed(overview: Overview) -> tuple[int, int]:
    """Return how many units are expected, and how many of them are missing."""
    found = Counter(line.standing is Standing.MISSING for line in overview.units if line.listed)
    return found.total(), found[True]


class _Rule:
    """What is known of a broken rule while returns are gone through; the places of its rows among all of them."""

    def __init__(self, first: Finding) -> None:
        self.title = title_of((first,), first.code)
        self.remedy = remedies(()).get(first.code, "")
        self.counts: Counter[Severity] = Counter()
        self.rows = array("I")


_KeptRow: TypeAlias = tuple[int, int, str]
"""A row of a rule as it lies on the disk: of a struct each would name its class there, which costs most of the reading."""


def _rule_row(kept: _KeptRow) -> RuleRow:
    return RuleRow(*kept)


class _Rules:
    """The rules that are broken, by code."""

    def __init__(self) -> None:
        self._rules: dict[str, _Rule] = {}
        self._rows: Spool[_KeptRow] = Spool()

    def add(self, number: int, findings: Sequence[Finding]) -> None:
        by_code: dict[str, list[Finding]] = {}
        for finding in findings:
            by_code.setdefault(finding.code, []).append(finding)
        for code, found in by_code.items():
            rule = self._rules.get(code) or self._rules.setdefault(code, _Rule(found[0]))
            rule.remedy = next((finding.remedy for finding in reversed(found) if finding.remedy), rule.remedy)
            rule.counts.update(finding.severity for finding in found)
            rule.rows.append(self._rows.add((number, len(found), places(found, _NAMED))))

    def lines(self) -> tuple[RuleLine, ...]:
        """Return the rules, those with the most errors first, then the most warnings."""
        lines = [
            RuleLine(
                code,
                rule.title,
                rule.remedy,
                {severity: rule.counts[severity] for severity in Severity},
                Derived(self._rows, _rule_row, rule.rows),
            )
            for code, rule in self._rules.items()
        ]
        return tuple(sorted(lines, key=lambda line: (*(-line.counts[severity] for severity in Severity), line.code)))


class _Total:
    """The totals of one form and period so far."""

    def __init__(self, first: Decimal) -> None:
        self.grades: Counter[str] = Counter()
        self.sum = Decimal(0)
        self.lowest = self.highest = first

    def add(self, score: Decimal) -> None:
        self.grades[grade(score)] += 1
        self.sum += score
        self.lowest, self.highest = min(self.lowest, score), max(self.highest, score)


class _Totals:
    """The totals of all returns, by form and period."""

    def __init__(self) -> None:
        self._totals: dict[tuple[str, int, str], _Total] = {}

    def add(self, forms: Iterable[Filed]) -> None:
        for form in forms:
            if form.score is not None and is_total(form.score) and not form.superseded_by:
                about = form.title, form.year or 0, form.when
                total = self._totals.get(about) or self._totals.setdefault(about, _Total(form.score))
                total.add(form.score)

    def scores(self) -> tuple[Scores, ...]:
        """Return them in the order in which the forms come."""
        return tuple(
            Scores(
                title,
                when,
                {name: total.grades[name] for name, _ in GRADES},
                (total.sum / total.grades.total()).quantize(_CENT, ROUND_HALF_UP),
                total.lowest,
                total.highest,
            )
            for (title, _, when), total in sorted(self._totals.items(), key=lambda one: one[0][:2])
        )


class Chapters:
    """Who has findings: first the files whose unit is unknown, then the units in their order, each made as it is asked for."""

    def __init__(self, overview: Overview, waiting: bytes) -> None:
        self._overview = overview
        self._units, self._ends, self._returns = array("i"), array("I"), array("I")
        self._left = bytearray(waiting)

    def add(self, place: int, line: UnitLine) -> None:
        """Add the next unit of the overview."""
        own = [number for number in line.returns if self._left[number]]
        for number in own:
            self._left[number] = False
        if own:
            self._units.append(place)
            self._returns.extend(own)
            self._ends.append(len(self._returns))

    def end(self) -> None:
        """Put the files that no unit has in front, after all units were added."""
        alone = array("I", (number for number, unknown in enumerate(self._left) if unknown))
        self._units = array("i", [-1]) * len(alone) + self._units
        self._ends = array("I", range(1, len(alone) + 1)) + array("I", (end + len(alone) for end in self._ends))
        self._returns = alone + self._returns

    def __len__(self) -> int:
        return len(self._units)

    def __iter__(self) -> Iterator[Chapter]:
        begin = 0
        for place, end in zip(self._units, self._ends, strict=True):
            line = None if place < 0 else self._overview.units[place]
            yield Chapter(line, tuple((number, self._overview.returns[number]) for number in self._returns[begin:end]))
            begin = end


def main_points(findings: Iterable[Finding], most: int) -> str:
    """Return what a return must correct, in the titles of the rules: its errors, the most frequent first."""
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    counts = Counter(finding.code for finding in errors)
    titles = [title_of(errors, code) or code for code, _ in counts.most_common()]
    more = f"等 {len(titles)} 类" if len(titles) > most else ""
    return "、".join(titles[:most]) + more
