"""A batch: one file → one outcome, mapped over any executor, merged in the order of the files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

from perfxl.batch.crew import outcomes
from perfxl.batch.inputs import Input, collect
from perfxl.batch.journal import Journal, fingerprint
from perfxl.batch.outputs import FINDINGS, SUMMARY, candidates, digest, overwritten, stems, write_whole
from perfxl.batch.work import UNREADABLE, Outcome, Work, writing_failed
from perfxl.forms.load import load_forms
from perfxl.model.finding import Severity
from perfxl.model.submission import Submission
from perfxl.pipeline import Asked
from perfxl.report.document import Data
from perfxl.report.findings import findings_csv, summary_json
from perfxl.report.stored import stored

Told = Callable[[int, int], None]
"""Is called as outcomes come in: how many files are done, and how many there are."""


class WouldOverwrite(Exception):  # noqa: N818 - it names what would happen
    """Outputs would replace inputs; carries those inputs."""

    def __init__(self, inputs: Sequence[Path]) -> None:
        self.inputs = tuple(inputs)
        super().__init__("、".join(map(str, inputs)))


@dataclass(frozen=True)
class Batch:
    """What came of a batch, in the order of the files; ``faults`` says what could not be written."""

    outcomes: tuple[Outcome, ...]
    faults: tuple[str, ...] = ()

    @cached_property
    def submissions(self) -> tuple[tuple[Submission, tuple[Data, ...]], ...]:
        """All submissions with the data of their forms, files that were passed over among them."""
        return tuple(stored(outcome.document) for outcome in self.outcomes)

    @property
    def returns(self) -> tuple[Submission, ...]:
        """The submissions of the files that somebody handed in."""
        pairs = zip(self.outcomes, self.submissions, strict=True)
        return tuple(submission for outcome, (submission, _) in pairs if not outcome.input.passed_over)

    def exit_code(self, fail_on: Severity = Severity.ERROR) -> int:
        """Return 3 where something could not be read or written, 1 where a return has grave findings, else 0."""
        findings = [finding for submission, _ in self.submissions for finding in submission.findings]
        if self.faults or not UNREADABLE.isdisjoint(finding.code for finding in findings):
            return 3
        grave = {Severity.ERROR, fail_on}
        return 1 if any(finding.severity in grave for finding in findings) else 0


@dataclass(frozen=True, slots=True)
class Means:
    """How a batch is worked off; what comes out does not hang on it.

    ``executor`` is any of ``concurrent.futures``; without one, ``jobs`` processes are started where that pays.
    """

    executor: Executor | None = None
    jobs: int = 1
    told: Told = lambda _done, _all: None


_ALONE = Means()


def check_all(
    paths: Sequence[Path], *, folders: Sequence[Path] = (), asked: Asked | None = None, means: Means = _ALONE
) -> Batch:
    """Read and check files and folders of returns, and write nothing.

    ``folders`` hold form definitions beside the shipped ones. Raises FileNotFoundError for a path that is not there,
    DefinitionError where a form definition is broken; what is wrong with a file is in the Batch.
    """
    asked = asked or Asked()
    work = Work(tuple(folders), fingerprint(load_forms(*folders), asked), asked)
    tasks = dict.fromkeys(collect(paths), "")
    done: list[Outcome] = []
    for outcome in outcomes(work, tasks, means.executor, means.jobs):
        done.append(outcome)
        means.told(len(done), len(tasks))
    return Batch(_in_order(tasks, done))


def import_all(
    paths: Sequence[Path],
    output: Path,
    *,
    folders: Sequence[Path] = (),
    asked: Asked | None = None,
    means: Means = _ALONE,
    force: bool = False,
) -> Batch:
    """Read and check files and folders of returns, and write what comes of each and of all together.

    What an earlier run has done is not done again unless ``force``. Raises as ``check_all``, and WouldOverwrite where
    an output would replace an input; what could not be written is in the Batch.
    """
    asked = asked or Asked()
    state = fingerprint(load_forms(*folders), asked)
    journal = Journal.load(output)
    inputs = _inputs(paths, output, journal)
    named = stems(inputs)
    replaced = overwritten(output, [name for stem in named.values() for name in candidates(stem)], inputs)
    if replaced:
        raise WouldOverwrite(replaced)
    for path in journal.outdated(named):
        with suppress(OSError):
            path.unlink()
    done = [] if force else [found for each in inputs if (found := journal.find(each, named[each], state)) is not None]
    known = {outcome.input for outcome in done}
    tasks = {each: stem for each, stem in named.items() if each not in known}
    faults: list[str] = []
    try:
        for outcome in outcomes(Work(tuple(folders), state, asked, output), tasks, means.executor, means.jobs):
            done.append(outcome)
            means.told(len(done), len(inputs))
            faults += [outcome.fault, _attempt(partial(journal.note, outcome, state))]
    finally:  # an interrupted run too leaves word of what it has done
        faults.append(_attempt(journal.save))
    batch = Batch(_in_order(inputs, done))
    faults += _reports(batch, output, journal)
    return Batch(batch.outcomes, tuple(dict.fromkeys(filter(None, faults))))


def _inputs(paths: Sequence[Path], output: Path, journal: Journal) -> tuple[Input, ...]:
    """The files of a batch, without the results of earlier runs where outputs and inputs share a folder."""
    inside = {output.resolve()} - {path.resolve() for path in paths}
    return collect(paths, lambda path: path.resolve() in inside or journal.is_own(path))


def _in_order(inputs: Iterable[Input], done: Iterable[Outcome]) -> tuple[Outcome, ...]:
    by_input = {outcome.input: outcome for outcome in done}
    return tuple(by_input[each] for each in inputs)


def _reports(batch: Batch, output: Path, journal: Journal) -> list[str]:
    """Write what is about all files together; return what went wrong."""
    files = {
        FINDINGS: findings_csv(submission for submission, _ in batch.submissions),
        SUMMARY: summary_json(batch.returns),
    }
    journal.batch = {name: digest(content) for name, content in files.items()}
    wrong = [_attempt(partial(write_whole, output / name, content)) for name, content in files.items()]
    return [*wrong, _attempt(journal.save)]


def _attempt(action: Callable[[], None]) -> str:
    """Do what writes something; return what went wrong, "" where nothing did."""
    try:
        action()
    except OSError as error:
        return writing_failed(error)
    return ""
