"""A batch at a glance: who has returned what, who is missing, what became of each file. What report.html shows.

Everything stands in the order in which a clerk goes through it: what needs hands first.
"""

from __future__ import annotations

import datetime as dt
from array import array
from collections.abc import Iterable, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from perfxl.model.finding import Finding, Severity
from perfxl.model.period import spoken_period
from perfxl.model.roster import Roster, code_key, name_key
from perfxl.model.submission import FormReturn, Status, Submission, Unit
from perfxl.rules.accepted import project
from perfxl.rules.grade import total_score
from perfxl.spool import Derived, Spool
from perfxl.values.label_text import NamesIn

_ATTACHED = "F11"


class Standing(StrEnum):
    """Where a return or a unit stands, in the order of attention.

    Only units can be missing; only returns can be superseded, or attached to one that is read.
    """

    MISSING = "missing"
    UNREADABLE = "unreadable"
    REJECTED = "rejected"
    WARNED = "warned"
    PASSED = "passed"
    SUPERSEDED = "superseded"
    ATTACHED = "attached"


ATTENTION = tuple(Standing)
"""The order in which tables have their rows."""


class Filed(Struct, frozen=True):
    """One form in a return: title, year, unit, project, the total before rounding where the form is scored.

    ``superseded_by`` is the file that holds the later version, None where this one counts. ``supervisor`` is what a form
    about a project says of the department above the unit. ``unexpected``: it is not what is being collected.
    """

    title: str
    year: int | None
    unit: Unit
    project: str = ""
    score: Decimal | None = None
    superseded_by: str | None = None
    supervisor: str = ""
    unexpected: bool = False
    part: str = ""
    """Which part of the year it is about, in Chinese, "" for the whole."""

    @property
    def when(self) -> str:
        """The time that it is about as people speak of it: 2024年度, 2024年一季度; "" where nothing tells."""
        return spoken_period(self.year, self.part)


class Return(Struct, frozen=True):
    """A returned file. ``document`` and ``marked`` are its results by name, relative to the page ("": there is none)."""

    file: str
    standing: Standing
    forms: tuple[Filed, ...]
    findings: tuple[Finding, ...]
    document: str = ""
    marked: str = ""
    modified: dt.datetime | None = None

    def count(self, severity: Severity) -> int:
        return sum(finding.severity is severity for finding in self.findings)


class UnitLine(Struct, frozen=True):
    """A unit: where it stands, its returns that count and those that later ones replaced, by number in the overview.

    ``listed``: it is in the roster, or there is none. ``guessed``: a file is held to be its own by its name alone.
    """

    unit: Unit
    standing: Standing
    returns: tuple[int, ...] = ()
    superseded: tuple[int, ...] = ()
    listed: bool = True
    guessed: bool = False


class Overview(Struct, frozen=True):
    """A batch. ``expected``: there is a roster, so that it is known who is missing. ``passed_over`` says which and why.

    Returns and units of a run that is under way are not held in memory: each is made as it is asked for.
    """

    returns: Sequence[Return]
    units: Sequence[UnitLine]
    expected: bool = False
    passed_over: tuple[str, ...] = ()

    def in_memory(self) -> Overview:
        """Return it with all that there is to tell held in memory."""
        return replace(self, returns=tuple(self.returns), units=tuple(self.units))


class Outcome(Struct, frozen=True):
    """A submission, what each of its forms is, and the names of its results ("": there is none)."""

    submission: Submission
    forms: tuple[Filed, ...]
    document: str = ""
    marked: str = ""

    @classmethod
    def of(cls, submission: Submission, document: str = "", marked: str = "") -> Outcome:
        """Return the outcome of a submission that has its records."""
        return cls(submission, tuple(map(filed, submission.forms)), document, marked)


def overview(
    outcomes: Sequence[Outcome],
    *,
    roster: Roster | None = None,
    passed_over: Iterable[Submission] = (),
) -> Overview:
    """Put a batch together.

    With a roster its units come in its order within each standing, then those that are not in it. A file that names no
    unit is counted for the one unit of the roster whose name or code is in the file's name.
    """
    ranks = bytes(ATTENTION.index(return_of(one).standing) for one in outcomes)
    order = array("I", sorted(range(len(ranks)), key=ranks.__getitem__))
    returns = Derived(outcomes, return_of, order)
    return Overview(
        returns,
        _units(returns, roster),
        roster is not None,
        tuple(finding.message for submission in passed_over for finding in submission.findings),
    )


def filed(returned: FormReturn) -> Filed:
    """Return what a form of a return is, at a glance."""
    form = returned.definition
    return Filed(
        form.title,
        returned.year,
        returned.unit,
        project(returned),
        total_score(form, returned.record),
        returned.superseded_by,
        _text(returned, form.supervisor_path) if form.many else "",
        part=returned.period.part_shown,
    )


def is_attached(submission: Submission) -> bool:
    """Tell whether a file is no return but comes with one."""
    return not submission.forms and any(finding.code == _ATTACHED for finding in submission.findings)


def return_of(outcome: Outcome) -> Return:
    """Return what there is to tell of a file at a glance."""
    submission = outcome.submission
    odd = submission.unexpected
    forms = tuple(
        replace(one, unexpected=True) if form.sheet in odd else one
        for one, form in zip(outcome.forms, submission.forms, strict=False)
    )
    if outcome.forms and all(form.superseded_by for form in outcome.forms):
        standing = Standing.SUPERSEDED
    elif submission.unreadable:
        standing = Standing.UNREADABLE
    elif is_attached(submission):
        standing = Standing.ATTACHED
    else:
        standing = _examined(submission)
    return Return(
        submission.source.file,
        standing,
        forms,
        submission.findings,
        outcome.document,
        outcome.marked,
        submission.source.modified,
    )


def _examined(submission: Submission) -> Standing:
    if submission.status is Status.REJECTED:
        return Standing.REJECTED
    return Standing.WARNED if submission.count(Severity.WARNING) else Standing.PASSED


def _text(returned: FormReturn, path: str) -> str:
    text = returned.record[path]
    return text if isinstance(text, str) else ""


_KeptLine: TypeAlias = tuple[str | None, str | None, int, tuple[int, ...], tuple[int, ...], bool, bool]
"""A line of a unit as it lies on the disk: of structs each would name its class there, which costs most of the reading."""


def _unit_line(kept: _KeptLine) -> UnitLine:
    name, code, rank, returns, superseded, listed, guessed = kept
    return UnitLine(Unit(name, code), ATTENTION[rank], returns, superseded, listed, guessed)


class _Tallies:
    """What has come from each unit while files are counted, by number in the order in which the units were met.

    They are found by code, else by name; equal names with different codes are two units. A name that stands once in the
    roster is enough, whatever code comes with it (S09 says what differs).
    """

    def __init__(self, roster: Roster | None) -> None:
        self._units: Spool[Unit] = Spool()
        self._coded = bytearray()
        self._by_code: dict[str, int] = {}
        self._by_name: dict[str, int] = {}
        self._namesakes: dict[int, list[int]] = {}
        """All units of a name, by the first one; there are some where it has several."""
        self._guessed: set[int] = set()
        self._whose, self._returns, self._standings, self._superseded = array("I"), array("I"), bytearray(), bytearray()
        """What was counted: whose it is, the return's number, where that stands, whether another one replaces it."""
        self._expected = 0
        names: list[tuple[str, int]] = []
        for expected in roster.units if roster else ():
            number = self.add(Unit(expected.name, expected.code))
            names += [(name, number) for name in (expected.name, expected.code) if name]
        self._expected = len(self._units)
        self._names = NamesIn(names)

    def add(self, unit: Unit) -> int:
        number = self._units.add(unit)
        self._coded.append(bool(unit.code))
        if unit.code:
            self._by_code.setdefault(code_key(unit.code), number)
        if unit.name:
            first = self._by_name.setdefault(name_key(unit.name), number)
            if first != number:
                self._namesakes.setdefault(first, [first]).append(number)
        return number

    def of(self, unit: Unit) -> int | None:
        if unit.code and code_key(unit.code) in self._by_code:
            return self._by_code[code_key(unit.code)]
        first = self._by_name.get(name_key(unit.name)) if unit.name else None
        if first is None:
            return None
        namesakes = self._namesakes.get(first, [first])
        if len(namesakes) == 1 and first < self._expected:
            return first
        return next((number for number in namesakes if not (unit.code and self._coded[number])), None)

    def named_in(self, text: str) -> int | None:
        """Return the unit of the roster whose name or code stands in a text: the longest one, None in doubt."""
        found = self._names.longest(text)
        return found[0] if len(found) == 1 else None

    def count(self, unit: int, number: int, standing: Standing, *, superseded: bool = False) -> None:
        self._whose.append(unit)
        self._returns.append(number)
        self._standings.append(ATTENTION.index(standing))
        self._superseded.append(superseded)

    def guess(self, unit: int, number: int, standing: Standing) -> None:
        self._guessed.add(unit)
        self.count(unit, number, standing)

    def lines(self, *, expected: bool) -> Sequence[UnitLine]:
        """Return what there is to tell of each unit, in the order of attention. ``expected``: there is a roster."""
        lines: Spool[_KeptLine] = Spool()
        ranks = bytearray()
        counted = array("I", sorted(range(len(self._whose)), key=self._whose.__getitem__))
        at = 0
        for number, unit in enumerate(self._units):
            begin = at
            while at < len(counted) and self._whose[counted[at]] == number:
                at += 1
            line = self._line(number, unit, counted[begin:at], listed=number < self._expected or not expected)
            rank = ATTENTION.index(line.standing)
            lines.add((unit.name, unit.code, rank, line.returns, line.superseded, line.listed, line.guessed))
            ranks.append(rank)
        return Derived(lines, _unit_line, array("I", sorted(range(len(ranks)), key=ranks.__getitem__)))

    def _line(self, number: int, unit: Unit, counted: Sequence[int], *, listed: bool) -> UnitLine:
        found = {ATTENTION[self._standings[one]] for one in counted if not self._superseded[one]}
        order = (Standing.REJECTED, Standing.WARNED, Standing.PASSED, Standing.UNREADABLE)
        standing = next((each for each in order if each in found), Standing.MISSING)
        counting = dict.fromkeys(self._returns[one] for one in counted if not self._superseded[one])
        superseded = dict.fromkeys(self._returns[one] for one in counted if self._superseded[one])
        return UnitLine(unit, standing, tuple(counting), tuple(superseded), listed, number in self._guessed)


def _units(returns: Sequence[Return], roster: Roster | None) -> Sequence[UnitLine]:
    tallies = _Tallies(roster)
    for number, returned in enumerate(returns):
        named = [form for form in returned.forms if (form.unit.name or form.unit.code) and not form.unexpected]
        for form in named:
            unit = tallies.of(form.unit)
            unit = tallies.named_in(form.supervisor) if unit is None else unit
            unit = tallies.add(form.unit) if unit is None else unit
            tallies.count(unit, number, returned.standing, superseded=bool(form.superseded_by))
        apart = returned.standing is Standing.ATTACHED or any(form.unexpected for form in returned.forms)
        owner = None if named or apart else tallies.named_in(returned.file)
        if owner is not None:
            tallies.guess(owner, number, returned.standing)
    return tallies.lines(expected=roster is not None)
