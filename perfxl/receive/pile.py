"""A pile of returns: each read as it comes, all settled among each other, the results put where they belong.

Settling starts from the documents as they were written, whoever read the files and when: a run that was killed and
went on, and one that did it all at once, come to the same end.
"""

from __future__ import annotations

import pickle
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from typing import Protocol

from perfxl.model.finding import Finding
from perfxl.model.form import Form
from perfxl.model.submission import Source, Submission
from perfxl.receive.examine import (
    Outcome,
    Verdict,
    Work,
    documented,
    examine,
    failed,
    mark_again,
    perform,
    source_of,
    verdict,
)
from perfxl.receive.inputs import Found, Input
from perfxl.receive.journal import hashed
from perfxl.receive.library import library
from perfxl.receive.losses import explain
from perfxl.receive.request import Request
from perfxl.receive.run import Call, Lost, run
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

    def kept(self, number: int) -> bytes | None:
        """Return an input's document that need not be made again if its bytes are those that the document tells of."""

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

    def kept(self, number: int) -> bytes | None:
        del number
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
        self.changed: list[Input] = []
        """Files that are not those any more that were read; their marked copies stand as they were."""
        self._packed = pickle.dumps(request)

    @property
    def forms(self) -> Mapping[str, Form]:
        return library(self.request.templates).forms

    def read(self, executor: Executor | None = None, work: Work = examine) -> Iterator[Step]:
        """Read every input that has not been done before, in any order; yield each as soon as its results are there.

        A disk that does not take a result is noted in ``unwritten``; the others go on.
        """
        refused = [(number, item.refused) for number, item in enumerate(self.found.inputs) if item.refused is not None]
        for number, finding in refused:
            yield self._put(number, failed(source_of(self.found.inputs[number].name), finding))
        before: dict[int, Verdict] = {}
        for number, outcome in run(self._calls(work, before), executor, self.request.limits):
            if isinstance(outcome, Lost):
                finding = explain(outcome, self.request.limits)
                yield self._put(number, failed(_lost(self.found.inputs[number]), finding))
            elif outcome is None:
                yield Step(self.found.inputs[number], before[number], kept=True)
            else:
                yield self._put(number, outcome)

    def _calls(self, work: Work, before: dict[int, Verdict]) -> Iterator[Call[Outcome | None]]:
        """Yield what is to be done; ``before`` gets what became of those files that may be done already."""
        for number, item in enumerate(self.found.inputs):
            if item.refused is not None:
                continue
            document = self.shelf.kept(number)
            known = self._submission(document) if document is not None else None
            if known is not None:
                before[number] = verdict(_settled(known, ()))
            sha256 = known.source.sha256 if known is not None else ""
            yield Call(number, perform, (work, self._packed, item, sha256), item.size)

    def _put(self, number: int, outcome: Outcome) -> Step:
        item = self.found.inputs[number]
        try:
            self.shelf.put(number, outcome)
        except OSError as error:
            self.unwritten.append((item, error))
        return Step(item, outcome.verdict, kept=False)

    def _submission(self, document: bytes) -> Submission | None:
        try:
            return reread(document, self.forms)
        except NoSubmission:
            return None

    def settle(self, executor: Executor | None = None) -> Iterator[Results]:
        """Compare the returns with each other; yield each in the order of the inputs, with what that has to say of it."""
        rulings = rule_on(list(self._versions()))
        told: dict[str, list[Finding]] = defaultdict(list)
        for file, finding in together(self._parts(rulings), self.forms):
            told[file].append(finding)
        for number, submission in self._submissions():
            own = [rulings.get((number, index)) for index in range(len(submission.forms))]
            settled = _settled(submission, own, told.get(submission.source.file, ()))
            if settled != submission:
                self._amend(number, submission, settled, executor)
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

    def _amend(self, number: int, before: Submission, settled: Submission, executor: Executor | None) -> None:
        """Write a return's results again; its marked copy only where the officer has something else to put right."""
        item, document = self.found.inputs[number], documented(settled, self.forms)
        outcome = self._marked_again(number, document, executor) if _sums(before) != _sums(settled) else None
        try:
            if outcome is not None:
                self.shelf.put(number, outcome)
            else:
                self.shelf.amend(number, document)
        except OSError as error:
            self.unwritten.append((item, error))

    def _marked_again(self, number: int, document: bytes, executor: Executor | None) -> Outcome | None:
        item = self.found.inputs[number]
        arguments = (mark_again, self._packed, item, document, frozenset({VERSIONS}))
        call: Call[Outcome | None] = Call(number, perform, arguments, item.size)
        ((_, outcome),) = run([call], executor, self.request.limits)
        if outcome is None or isinstance(outcome, Lost):
            self.changed.append(item)
            return None
        return outcome


def _lost(item: Input) -> Source:
    """Return what there is to say of a file that its worker was lost on: it is hashed here, and not looked into."""
    source = source_of(item.name)
    return source if item.slices else replace(source, sha256=hashed(item.path) or "", bytes=item.size)


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
