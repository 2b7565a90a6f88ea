"""What the page shows: an overview, with all that is counted and looked up in it."""

from __future__ import annotations

from array import array

from msgspec import Struct

from perfxl.model.finding import Severity
from perfxl.model.submission import Unit
from perfxl.reporting.chart import grade_chart, rule_chart
from perfxl.reporting.digest import Chapters, Digest, digest, lead, listed
from perfxl.reporting.overview import Overview, Standing, UnitLine
from perfxl.reporting.wording import SEVERITY_SYMBOLS, STANDING_NAMES, STANDING_SYMBOLS


class Tile(Struct, frozen=True):
    """A figure in the heading; a click on it sets a filter (``field``, ``value``) and goes to ``target``."""

    word: str
    count: int
    target: str
    symbol: str = ""
    style: str = ""
    field: str = ""
    value: str = ""


class Whose:
    """Whose each return is: its units by their places in the overview."""

    def __init__(self, overview: Overview) -> None:
        self._units = overview.units
        self._first = array("i", [-1]) * len(overview.returns)
        self._others: dict[int, list[int]] = {}
        self._alone = bytearray(len(overview.returns))

    def add(self, place: int, line: UnitLine) -> None:
        """Add the next unit of the overview."""
        for number in dict.fromkeys((*line.returns, *line.superseded)):
            if self._first[number] < 0:
                self._first[number] = place
                self._alone[number] = len(line.returns) == 1
            else:
                self._others.setdefault(number, []).append(place)

    def unit(self, number: int) -> Unit:
        """Return the first unit of a return, one without a name where none is known."""
        place = self._first[number]
        return Unit() if place < 0 else self._units[place].unit

    def alone(self, number: int) -> bool:
        """Tell whether a unit's name says which of the returns is meant."""
        return bool(self._alone[number])

    def units(self, number: int) -> list[int]:
        """Return the places of all units of a return."""
        first = self._first[number]
        return [] if first < 0 else [first, *self._others.get(number, ())]


class Contents(Struct, frozen=True):
    """All that is counted and looked up in an overview to be shown."""

    overview: Overview
    digest: Digest
    whose: Whose
    chapters: Chapters
    missing: int

    @classmethod
    def of(cls, overview: Overview) -> Contents:
        told = digest(overview)
        whose, chapters = Whose(overview), Chapters(overview, told.waiting)
        missing = 0
        for place, line in enumerate(overview.units):
            whose.add(place, line)
            chapters.add(place, line)
            missing += line.standing is Standing.MISSING
        chapters.end()
        return cls(overview, told, whose, chapters, missing)

    def variables(self) -> dict[str, object]:
        """Return what the template is given besides the rows of its tables."""
        overview, told = self.overview, self.digest
        return {
            "overview": overview,
            "lead": lead(overview, told.standings),
            "groups": groups(overview, told),
            "kinds": [(title, when, count) for (title, when), count in told.kinds.items()],
            "missing": self.missing,
            "count": {standing.value: told.standings.get(standing, 0) for standing in Standing},
            "rules": told.rules,
            "bars": rule_chart(told.rules),
            "scored": [(each, grade_chart(each)) for each in told.scores],
            "chapters": self.chapters,
            "standing": Standing,
            "severity": Severity,
        }


def groups(overview: Overview, told: Digest) -> list[tuple[str, list[Tile]]]:
    """Return the figures of the heading: units, files, findings."""
    expected, missing = listed(overview) if overview.expected else (0, 0)
    units = [
        Tile("应报", expected, "units"),
        Tile("已报", expected - missing, "units", field="status", value="returned"),
        _of_standing(Standing.MISSING, missing, "units"),
    ]
    files = [_of_standing(standing, count, "returns") for standing, count in told.standings.items()]
    findings = [
        Tile(
            severity.chinese,
            told.findings[severity],
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
