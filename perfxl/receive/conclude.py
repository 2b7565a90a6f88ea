"""The end of a run: what there is to tell of the whole pile, and the files that tell it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from pathlib import Path

from msgspec import Struct

from perfxl.model.error import reason_of
from perfxl.model.finding import Severity
from perfxl.model.submission import Source, Submission
from perfxl.outputs import write_whole, writing_whole
from perfxl.receive.naming import FINDINGS, REPORT, SUMMARY
from perfxl.receive.pile import Pile, Results
from perfxl.reporting.findings import findings_csv
from perfxl.reporting.overview import Outcome, Overview, Standing, overview
from perfxl.reporting.summary import summary_json
from perfxl.rules.versions import missing


class Batch(Struct, frozen=True):
    """A run that is done: an overview of it, and its results in the order of the inputs, without their records.

    ``said`` are submissions of no file read: what was passed over, who is missing.
    """

    overview: Overview
    results: tuple[Results, ...]
    said: tuple[Submission, ...]

    @property
    def submissions(self) -> tuple[Submission, ...]:
        return tuple(results.submission for results in self.results)


def conclude(pile: Pile, executor: Executor | None = None) -> Batch:
    """Settle a pile and sum it up; ``executor`` marks. What goes wrong in summing up is noted in the pile's ``faults``."""
    results = tuple(pile.settle(executor))
    passed_over = pile.found.passed_over
    try:
        outcomes = [Outcome(one.submission, one.filed, one.document, one.marked) for one in results]
        view = overview(outcomes, roster=pile.request.roster, passed_over=passed_over)
    except Exception as error:  # noqa: BLE001 - which files there are and what is wrong with them can still be told
        pile.faults.append(error)
        view = overview([Outcome(one.submission, (), one.document, one.marked) for one in results])
    late = tuple(
        Submission(Source("", "", 0, ""), (), (missing(line.unit),))
        for line in view.units
        if line.standing is Standing.MISSING
    )
    return Batch(view, results, (*passed_over, *late))


def troubles(pile: Pile) -> Iterator[str]:
    """Yield what there is to say of results that are not as they should be: files that were changed, disks that are full."""
    for item in pile.changed:
        yield f"“{item.name}”在核对期间被改动或移走，标注件没有更新，请重新导入"
    why: dict[str, list[str]] = {}
    for item, error in pile.unwritten:
        why.setdefault(reason_of(error), []).append(item.name)
    for reason, names in why.items():
        many = f"等 {len(names)} 个文件" if len(names) > 1 else ""
        yield f"“{names[0]}”{many}的结果写不了：{reason}"


def exit_code(submissions: Iterable[Submission], fail_on: Severity = Severity.ERROR) -> int:
    """Return 3 where a file could not be read at all, 1 where one is rejected, else 0; ``fail_on`` warnings too."""
    code = 0
    for submission in submissions:
        if submission.unreadable:
            return 3
        failed = submission.count(Severity.ERROR) or (fail_on is Severity.WARNING and submission.count(fail_on))
        code = 1 if failed else code
    return code


def write_batch(batch: Batch, output: Path) -> list[Exception]:
    """Write the files about the whole batch; return what went wrong in making one, which does not stop the others.

    Raises OSError.
    """
    from perfxl.reporting.page import bare_page, pieces  # noqa: PLC0415 - what only checks writes no page

    faults: list[Exception] = []
    for name, content in (
        (FINDINGS, lambda: findings_csv((*batch.submissions, *batch.said))),
        (SUMMARY, lambda: [summary_json(batch.overview, batch.submissions, batch.said)]),
        (REPORT, lambda: (piece.encode(errors="replace") for piece in pieces(batch.overview))),
    ):
        try:
            with writing_whole(output / name) as file:
                file.writelines(content())
        except OSError:
            raise
        except Exception as error:  # noqa: BLE001 - each of the files says something by itself
            faults.append(error)
            if name == REPORT:
                write_whole(output / name, bare_page(batch.overview).encode(errors="replace"))
    return faults
