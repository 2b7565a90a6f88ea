"""A pile of returns: each read as it comes, all settled among each other, the results put where they belong.

Settling starts from the documents as they were written, whoever read the files and when: a run that was killed and
went on, and one that did it all at once, come to the same end.
"""

from __future__ import annotations

import errno
import os
import pickle
from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from msgspec import Struct, field
from msgspec.structs import replace

from perfxl.model.finding import Finding
from perfxl.model.form import Form
from perfxl.model.submission import Source, Submission
from perfxl.package.limits import Limits
from perfxl.receive.attachments import attachments, by_itself
from perfxl.receive.examine import (
    Examined,
    Verdict,
    Work,
    examine,
    failed,
    mark_again,
    perform,
    source_of,
    verdict,
)
from perfxl.receive.gist import Gist, GistPacking, Noted
from perfxl.receive.inputs import FoundInputs, Input
from perfxl.receive.request import Request
from perfxl.receive.run import Job, Lost, explain, run
from perfxl.reporting.document import submission_json
from perfxl.reporting.overview import Filed
from perfxl.reporting.reread import NoSubmission, reread
from perfxl.rules.budget import in_all
from perfxl.rules.group import FormSums
from perfxl.rules.together import CODES as SUMS
from perfxl.rules.together import together
from perfxl.rules.versions import X03, Place, Ruling, Version, rule_on
from perfxl.spool import Again, Spool, picked

ROOM, WITHOUT_ROOM = 100_000, 20
"""Findings of a whole pile that lists have room for, and those of each return of which there is no room for all."""
SETTLED = SUMS | {X03.code}
"""Codes that come from comparing returns with each other; they are found anew whenever a pile is settled."""


class Results(Struct, frozen=True):
    """A settled return: its number among the inputs, its submission, the names of its results ("": there is none).

    The submission is without its records; ``filed`` is what there is to tell of each form at a glance.
    """

    number: int
    submission: Submission
    filed: tuple[Filed, ...]
    document: str
    marked: str


class Shelf(Protocol):
    """Where documents and marked copies are kept while a pile is worked through."""

    def kept(self, number: int) -> bytes | None:
        """Return an input's document that need not be made again if its bytes are those that the document tells of."""

    def put(self, number: int, outcome: Examined) -> None:
        """Keep what was read from an input. Raises OSError."""

    def amend(self, number: int, document: bytes) -> None:
        """Keep another document of an input, its marked copy as it is. Raises OSError."""

    def get(self, number: int) -> bytes:
        """Return an input's document. Raises OSError."""

    @property
    def folder(self) -> Path | None:
        """Where there is room on the disk for what a run notes; None for wherever the system has some."""

    def names(self, number: int) -> tuple[str, str]:
        """Return the names of an input's document and marked copy, "" where there is none."""


class Desk:
    """A shelf that is gone with the run, for a pile that is only looked at."""

    def __init__(self) -> None:
        self._outcomes: Spool[Examined] = Spool()
        self._places: dict[int, int] = {}

    def kept(self, number: int) -> bytes | None:
        del number
        return None

    def put(self, number: int, outcome: Examined) -> None:
        self.keep(number, replace(outcome, marked=None, noted=None))

    def keep(self, number: int, outcome: Examined) -> None:
        """Keep all of an outcome. Raises OSError."""
        self._places[number] = self._outcomes.add(outcome)

    def outcome(self, number: int) -> Examined:
        """Return what was kept last of an input."""
        return self._outcomes[self._places[number]]

    def amend(self, number: int, document: bytes) -> None:
        self.keep(number, replace(self.outcome(number), document=document))

    def get(self, number: int) -> bytes:
        return self.outcome(number).document

    @property
    def folder(self) -> Path | None:
        return None

    def names(self, number: int) -> tuple[str, str]:
        del number
        return "", ""


class _Gists:
    """What of the returns settling needs, on the disk: documents are decoded once, and no pile is held in memory."""

    def __init__(self, returns: int, forms: Mapping[str, Form], folder: Path | None) -> None:
        self._gists: Spool[Gist] = Spool(GistPacking(forms), folder)
        self._versions: Spool[Version] = Spool(folder=folder)
        self._parts: Spool[tuple[FormSums, ...]] = Spool(folder=folder)
        self._places, self._parts_places = array("q", [-1]) * returns, array("q", [-1]) * returns
        self._first_version, self._end_of_versions = array("Q", [0]) * returns, array("Q", [0]) * returns
        self._wholes = self._loose = False

    def __contains__(self, number: int) -> bool:
        return self._places[number] >= 0

    def put(self, number: int, noted: Noted) -> None:
        """Take what settling needs of a return. Raises OSError."""
        self._first_version[number] = len(self._versions)
        for version in noted.versions:
            self._versions.add(replace(version, place=(number, version.place[1])))
        self._end_of_versions[number] = len(self._versions)
        self._parts_places[number] = self._parts.add_packed(noted.parts)
        self._wholes |= noted.has_whole
        self._loose |= noted.loose
        self._places[number] = self._gists.add_packed(noted.gist)

    def drop(self, number: int) -> None:
        """Forget a return: it has come to something else."""
        self._places[number] = -1

    def __getitem__(self, number: int) -> Gist:
        return self._gists[self._places[number]]

    def __iter__(self) -> Iterator[tuple[int, Gist]]:
        return ((number, self[number]) for number in range(len(self._places)) if number in self)

    @property
    def submissions(self) -> Iterable[tuple[int, Submission]]:
        """The returns by number, as they are before anything is said of them beside others; none where each is a form."""
        return Again(lambda: ((number, by_itself(gist.submission)) for number, gist in self)) if self._loose else ()

    @property
    def versions(self) -> Sequence[Version]:
        """The forms that could have another version."""
        found = array("Q")
        for number, (first, end) in enumerate(zip(self._first_version, self._end_of_versions, strict=True)):
            if number in self:
                found.extend(range(first, end))
        return picked(self._versions, found)

    def parts(self, replaced: Collection[Place]) -> Iterable[FormSums]:
        """Return the forms that count in sums, without those that another one replaces; none where nothing is a sum."""

        def found() -> Iterator[FormSums]:
            for number, place in enumerate(self._parts_places):
                if number in self:
                    odd = self[number].submission.unexpected
                    for index, part in enumerate(self._parts[place]):
                        if (number, index) not in replaced and part.sheet not in odd:
                            yield part

        return Again(found) if self._wholes else ()


class _Said(Struct, frozen=True):
    """What is said of a return beside others: which of its forms count, by number, sums, whose attachment it is."""

    rulings: Mapping[int, Ruling] = field(default_factory=dict)
    told: Sequence[Finding] = ()
    attached: Finding | None = None


class PileStep(Struct, frozen=True):
    """One input done: what became of it, and whether it was done before (``kept``)."""

    item: Input
    verdict: Verdict
    kept: bool


class Pile:
    """The inputs of one run with what was asked for."""

    def __init__(self, found: FoundInputs, request: Request, shelf: Shelf) -> None:
        self.found = found
        self.request = request
        self.shelf = shelf
        self.unwritten: list[tuple[Input, OSError]] = []
        self.changed: list[Input] = []
        """Files that are not those any more that were read; their marked copies stand as they were."""
        self.faults: list[Exception] = []
        """What went wrong in comparing the returns: perfxl's own fault, for which each return still has its results."""
        self._gists = _Gists(len(found.inputs), request.library.forms, shelf.folder)
        self._packed = pickle.dumps(request)

    @property
    def forms(self) -> Mapping[str, Form]:
        return self.request.library.forms

    def read(self, executor: Executor | None = None, work: Work = examine) -> Iterator[PileStep]:
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
                yield self._put(number, failed(_lost(self.found.inputs[number], self.request.limits), finding))
            elif outcome is None:
                yield PileStep(self.found.inputs[number], before.pop(number), kept=True)
            else:
                yield self._put(number, outcome)

    def _calls(self, work: Work, before: dict[int, Verdict]) -> Iterator[Job[Examined | None]]:
        """Yield what is to be done; ``before`` gets what became of those files that may be done already."""
        for number, item in enumerate(self.found.inputs):
            if item.refused is not None:
                continue
            document = self.shelf.kept(number)
            sha256 = ""
            if document is not None and self._recalls(number, document):
                known = self._gists[number].submission
                before[number], sha256 = verdict(_settled(known, _Said())), known.source.sha256
            yield Job(number, perform, (work, self._packed, item, sha256), item.size)

    def _put(self, number: int, outcome: Examined) -> PileStep:
        item = self.found.inputs[number]
        self._gists.drop(number)
        try:
            self.shelf.put(number, outcome)
        except OSError as error:
            self.unwritten.append((item, error))
        else:
            if outcome.noted is not None:
                with suppress(OSError):  # its document is there to be read
                    self._gists.put(number, outcome.noted)
        return PileStep(item, outcome.verdict, kept=False)

    def _recalls(self, number: int, document: bytes) -> bool:
        """Take what an earlier run wrote of an input; tell whether it can be used."""
        try:
            self._gists.put(number, Noted.of(reread(document, self.forms)))
        except NoSubmission:
            return False
        return True

    def settle(self, executor: Executor | None = None) -> Iterator[Results]:
        """Compare the returns with each other; yield each in the order of the inputs, with what that has to say of it.

        Raises OSError where the disk does not take what is noted of them meanwhile.
        """
        self._read_the_rest()
        rulings: Mapping[Place, Ruling] = {}
        told: Mapping[str, Sequence[Finding]] = {}
        attached: Mapping[int, Finding] = {}
        try:
            rulings = rule_on(self._gists.versions)
            told = self._told(rulings)
            attached = attachments(self._gists.submissions, self.request.roster)
        except Exception as error:  # noqa: BLE001 - what is said of returns beside each other is not all that is said
            self.faults.append(error)
        room = ROOM
        for number, whole in self._gists:
            gist = _within(whole, room)
            room -= len(gist.submission.findings)
            own = {index: rulings[number, index] for index in range(len(gist.filed)) if (number, index) in rulings}
            said = _Said(own, told.get(gist.submission.source.file, ()), attached.get(number))
            settled = _settled(gist.submission, said)
            if settled != gist.submission:
                self._amend(number, said, executor)
            now = zip(gist.filed, settled.forms, strict=True)
            seen = tuple(replace(one, superseded_by=form.superseded_by) for one, form in now)
            yield Results(number, settled, seen, *self.shelf.names(number))

    def _told(self, rulings: Mapping[Place, Ruling]) -> Mapping[str, Sequence[Finding]]:
        """Return what the sums over units say, by file; forms that another return replaces do not count."""
        replaced = {place for place, ruling in rulings.items() if ruling.superseded_by is not None}
        told: dict[str, list[Finding]] = defaultdict(list)
        for file, finding in together(self._gists.parts(replaced), self.forms):
            told[file].append(finding)
        return told

    def _read_the_rest(self) -> None:
        """Note what settling needs of every return whose results are there."""
        lost = {item.name for item, _ in self.unwritten}
        for number, item in enumerate(self.found.inputs):
            if item.name in lost:
                self._gists.drop(number)
            elif number not in self._gists:
                document = self._document(number)
                if document is not None:
                    self._gists.put(number, Noted.of(document))

    def _document(self, number: int) -> Submission | None:
        """Return what was read of an input, None where its document cannot be read."""
        try:
            return self._submission(number)
        except OSError as error:
            self.unwritten.append((self.found.inputs[number], error))
        except NoSubmission:  # somebody has written over it since
            self.unwritten.append((self.found.inputs[number], OSError(errno.EIO, os.strerror(errno.EIO))))
        return None

    def _submission(self, number: int) -> Submission:
        return reread(self.shelf.get(number), self.forms)

    def _amend(self, number: int, said: _Said, executor: Executor | None) -> None:
        """Write a return's results again; its marked copy only where the officer has something else to put right."""
        try:
            before = self._submission(number)
            settled = _settled(before, said)
            document = submission_json(settled)
            outcome = self._marked_again(number, document, executor) if _sums(before) != _sums(settled) else None
            if outcome is not None:
                self.shelf.put(number, outcome)
            else:
                self.shelf.amend(number, document)
        except OSError as error:
            self.unwritten.append((self.found.inputs[number], error))
        except Exception as error:  # noqa: BLE001 - the return keeps the results that it has
            self.faults.append(error)

    def _marked_again(self, number: int, document: bytes, executor: Executor | None) -> Examined | None:
        item = self.found.inputs[number]
        arguments = (mark_again, self._packed, item, document, frozenset({X03.code}))
        call: Job[Examined | None] = Job(number, perform, arguments, item.size)
        ((_, outcome),) = run([call], executor, self.request.limits)
        if outcome is None or isinstance(outcome, Lost):
            self.changed.append(item)
            return None
        return outcome


def _within(gist: Gist, room: int) -> Gist:
    """Return a gist without most of its findings where there is no room for them."""
    findings = gist.submission.findings
    if len(findings) <= max(room, WITHOUT_ROOM):
        return gist
    settled = tuple(finding for finding in findings if _is_settled(finding))
    return replace(
        gist, submission=replace(gist.submission, findings=(*in_all(_own(findings), WITHOUT_ROOM), *settled))
    )


def _lost(item: Input, limits: Limits) -> Source:
    """Return what there is to say of a file that its worker was lost on: it is hashed here, and not looked into."""
    source = source_of(item.name)
    return source if item.slices else replace(source, sha256=item.hashed(limits), bytes=item.size)


def _settled(submission: Submission, said: _Said) -> Submission:
    """Return a submission with what is said of it beside others, and nothing of what an earlier run said."""
    if said.attached is not None:
        return Submission(submission.source, (), (said.attached,))
    alone = by_itself(submission)
    by = {index: ruling.superseded_by for index, ruling in said.rulings.items()}
    forms = tuple(replace(form, superseded_by=by.get(index)) for index, form in enumerate(alone.forms))
    rulings = (ruling.finding for ruling in said.rulings.values())
    return Submission(alone.source, forms, (*_own(alone.findings), *rulings, *said.told))


def _own(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(finding for finding in findings if not _is_settled(finding))


def _is_settled(finding: Finding) -> bool:
    """Tell whether a finding comes from settling; what was found beside submissions accepted earlier has a cell."""
    return finding.code in SETTLED and not finding.cell


def _sums(submission: Submission) -> list[Finding]:
    return [finding for finding in submission.findings if finding.code in SUMS]
