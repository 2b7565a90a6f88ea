"""A pile of returns: each read as it comes, all settled among each other, the results put where they belong.

Settling starts from the documents as they were written, whoever read the files and when: a run that was killed and
went on, and one that did it all at once, come to the same end.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from typing import Protocol

from perfxl.model.finding import Finding
from perfxl.model.form import Form
from perfxl.model.submission import Submission
from perfxl.receive.examine import (
    Outcome,
    Verdict,
    documented,
    examine,
    failed,
    outcome_of,
    verdict,
    with_copy,
)
from perfxl.receive.inputs import Found, Input
from perfxl.receive.library import library
from perfxl.receive.request import Request
from perfxl.receive.run import Reading, Work, run
from perfxl.report.reread import NoSubmission, reread
from perfxl.rules.group import Part
from perfxl.rules.together import CODES as SUMS
from perfxl.rules.together import parts_of, together
from perfxl.rules.versions import CODE as VERSIONS
from perfxl.rules.versions import Place, Ruling, Version, rule_on, versions

SETTLED = SUMS | {VERSIONS}
"""Codes that come from comparing returns with each other; they are found anew whenever a pile is settled."""


@dataclass(frozen=True, slots=True)
class Results:
    """A settled return: its number among the inputs, its submission, the names of its results ("": there is none)."""

    number: int
    submission: Submission
    document: str
    marked: str


class Shelf(Protocol):
    """Where documents and marked copies are kept while a pile is worked through."""

    def kept(self, number: int, sha256: str) -> bytes | None:
        """Return an input's document where it need not be read again."""

    def put(self, number: int, outcome: Outcome) -> None:
        """Keep what was read from an input. Raises OSError."""

    def amend(self, number: int, document: bytes) -> None:
        """Keep another document of an input, its marked copy as it is. Raises OSError."""

    def get(self, number: int) -> bytes:
        """Return an input's document. Raises OSError."""

    def names(self, number: int) -> tuple[str, str]:
        """Return the names of an input's document and marked copy, "" where there is none."""


@dataclass(slots=True)
class Desk:
    """A shelf in memory, for a pile that is only looked at."""

    outcomes: dict[int, Outcome] = field(default_factory=dict)

    def kept(self, number: int, sha256: str) -> bytes | None:
        del number, sha256
        return None

    def put(self, number: int, outcome: Outcome) -> None:
        self.outcomes[number] = replace(outcome, marked=None)

    def amend(self, number: int, document: bytes) -> None:
        self.outcomes[number] = replace(self.outcomes[number], document=document)

    def get(self, number: int) -> bytes:
        return self.outcomes[number].document

    def names(self, number: int) -> tuple[str, str]:
        del number
        return "", ""


@dataclass(frozen=True, slots=True)
class Step:
    """One input done: what became of it, and whether it was done before (``kept``)."""

    item: Input
    verdict: Verdict
    kept: bool


class Pile:
    """The inputs of one run with what was asked for."""

    def __init__(self, found: Found, request: Request, shelf: Shelf) -> None:
        self.found = found
        self.request = request
        self.shelf = shelf
        self.unwritten: list[tuple[Input, OSError]] = []
        self._numbers = {item.name: number for number, item in enumerate(found.inputs)}

    @property
    def forms(self) -> Mapping[str, Form]:
        return library(self.request.templates).forms

    def read(self, executor: Executor | None = None, work: Work = examine) -> Iterator[Step]:
        """Read every input that has not been done before, in any order; yield each as soon as its results are there.

        A disk that does not take a result is noted in ``unwritten``; the others go on.
        """
        steps: list[Step] = []
        for reading, outcome in run(self._readings(steps), self.request, executor, work):
            yield from _drained(steps)
            yield self._put(reading.item, outcome)
        yield from _drained(steps)

    def _readings(self, steps: list[Step]) -> Iterator[Reading]:
        """Yield what has to be read; what is refused unread or was done before becomes a step at once."""
        for number, item in enumerate(self.found.inputs):
            data = item.read(self.request.limits)
            if isinstance(data, Finding):
                steps.append(self._put(item, failed(item.name, b"", data)))
                continue
            document = self.shelf.kept(number, hashlib.sha256(data).hexdigest())
            before = self._submission(document) if document is not None else None
            if before is None:
                yield Reading(item, data)
            else:
                steps.append(Step(item, verdict(_settled(before, ())), kept=True))

    def _put(self, item: Input, outcome: Outcome) -> Step:
        try:
            self.shelf.put(self._numbers[item.name], outcome)
        except OSError as error:
            self.unwritten.append((item, error))
        return Step(item, outcome.verdict, kept=False)

    def _submission(self, document: bytes) -> Submission | None:
        try:
            return reread(document, self.forms)
        except NoSubmission:
            return None

    def settle(self) -> Iterator[Results]:
        """Compare the returns with each other; yield each in the order of the inputs, with what that has to say of it."""
        rulings = rule_on(list(self._versions()))
        told: dict[str, list[Finding]] = defaultdict(list)
        for file, finding in together(self._parts(rulings), self.forms):
            told[file].append(finding)
        for number, submission in self._submissions():
            own = [rulings.get((number, index)) for index in range(len(submission.forms))]
            settled = _settled(submission, own, told.get(submission.source.file, ()))
            if settled != submission:
                self._amend(number, submission, settled)
            document, marked = self.shelf.names(number)
            yield Results(number, settled, document, marked)

    def _versions(self) -> Iterator[Version]:
        for number, submission in self._submissions():
            yield from versions(number, submission, self.forms)

    def _parts(self, rulings: Mapping[Place, Ruling]) -> Iterator[Part]:
        """Yield what sums over units need of the forms that count."""
        for number, submission in self._submissions():
            own = [rulings.get((number, index)) for index in range(len(submission.forms))]
            yield from parts_of(_settled(submission, own), self.forms)

    def _submissions(self) -> Iterator[tuple[int, Submission]]:
        lost = {item.name for item, _ in self.unwritten}
        for number, item in enumerate(self.found.inputs):
            if item.name in lost:
                continue
            try:
                yield number, reread(self.shelf.get(number), self.forms)
            except OSError as error:
                self.unwritten.append((item, error))

    def _amend(self, number: int, before: Submission, settled: Submission) -> None:
        """Write a return's results again; its marked copy only where the officer has something else to put right."""
        item, document = self.found.inputs[number], documented(settled, self.forms)
        try:
            data = item.read(self.request.limits) if _sums(before) != _sums(settled) else b""
            if data and not isinstance(data, Finding):
                own = tuple(finding for finding in settled.findings if finding.code != VERSIONS)
                _, copy = with_copy(data, replace(settled, findings=own), self.forms)
                self.shelf.put(number, outcome_of(settled, document, copy))
            else:
                self.shelf.amend(number, document)
        except OSError as error:
            self.unwritten.append((item, error))


def _settled(submission: Submission, rulings: Sequence[Ruling | None], told: Iterable[Finding] = ()) -> Submission:
    """Return a submission with what is said of it beside others, and nothing of what an earlier run said."""
    by = [ruling.superseded_by if ruling else None for ruling in rulings] or [None] * len(submission.forms)
    forms = tuple(
        form if form.superseded_by == file else replace(form, superseded_by=file)
        for form, file in zip(submission.forms, by, strict=True)
    )
    # What was found beside submissions accepted earlier has a cell: it stays.
    own = tuple(finding for finding in submission.findings if finding.code not in SETTLED or finding.cell)
    return Submission(submission.source, forms, (*own, *(ruling.finding for ruling in rulings if ruling), *told))


def _sums(submission: Submission) -> list[Finding]:
    return [finding for finding in submission.findings if finding.code in SUMS]


def _drained(steps: list[Step]) -> Iterator[Step]:
    yield from steps
    steps.clear()
