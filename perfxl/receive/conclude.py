"""The end of a run: what there is to tell of the whole pile, and the files that tell it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

from perfxl.model.finding import Severity
from perfxl.model.submission import Source, Submission
from perfxl.outputs import write_whole, writing_whole
from perfxl.receive.pile import Pile, Results
from perfxl.report.findings import findings_csv
from perfxl.report.overview import Outcome, Overview, Standing, overview
from perfxl.report.page import pieces
from perfxl.report.summary import summary_json
from perfxl.rules.versions import missing

FINDINGS, SUMMARY, REPORT = "findings.csv", "summary.json", "report.html"


@dataclass(frozen=True, slots=True)
class Batch:
    """A run that is done: an overview of it, and its submissions in the order of the inputs, without their records.

    ``said`` are submissions of no file read: what was passed over, who is missing.
    """

    overview: Overview
    submissions: tuple[Submission, ...]
    said: tuple[Submission, ...]


def conclude(pile: Pile, executor: Executor | None = None, tell: Callable[[Results], None] = lambda _: None) -> Batch:
    """Settle a pile and sum it up; ``tell`` gets each return as it is settled, ``executor`` marks. Raises OSError."""
    light: list[Submission] = []

    def outcomes() -> Iterator[Outcome]:
        for results in pile.settle(executor):
            tell(results)
            light.append(results.submission)
            yield Outcome(results.submission, results.filed, results.document, results.marked)

    view = overview(outcomes(), roster=pile.request.roster, passed_over=pile.found.passed_over)
    late = tuple(
        Submission(Source("", "", 0, ""), (), (missing(line.unit),))
        for line in view.units
        if line.standing is Standing.MISSING
    )
    return Batch(view, tuple(light), (*pile.found.passed_over, *late))


def exit_code(submissions: Iterable[Submission], fail_on: Severity = Severity.ERROR) -> int:
    """Return 3 where a file could not be read at all, 1 where one is rejected, else 0; ``fail_on`` warnings too."""
    code = 0
    for submission in submissions:
        if submission.unreadable:
            return 3
        failed = submission.count(Severity.ERROR) or (fail_on is Severity.WARNING and submission.count(fail_on))
        code = 1 if failed else code
    return code


def write_batch(batch: Batch, output: Path) -> None:
    """Write the files about the whole batch. Raises OSError."""
    with writing_whole(output / FINDINGS) as file:
        file.writelines(findings_csv((*batch.submissions, *batch.said)))
    write_whole(output / SUMMARY, summary_json(batch.overview, batch.submissions, batch.said))
    with writing_whole(output / REPORT) as file:
        file.writelines(piece.encode(errors="replace") for piece in pieces(batch.overview))
