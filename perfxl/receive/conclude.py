"""The end of a run: what there is to tell of the whole pile, and the files that tell it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from itertools import chain
from pathlib import Path

from msgspec import Struct

from perfxl.model.error import reason_of
from perfxl.model.finding import Severity
from perfxl.model.submission import Source, Submission
from perfxl.outputs import write_whole, writing_whole
from perfxl.receive.gist import GistPacking
from perfxl.receive.naming import FINDINGS, REPORT, SUMMARY
from perfxl.receive.pile import Pile, Results
from perfxl.reporting.overview import Outcome, Overview, Standing, overview
from perfxl.rules.versions import missing
from perfxl.spool import Derived, Spool


class Batch(Struct, frozen=True):
    """A run that is done: an overview of it, and its results in the order of the inputs, without their records.

    Results and overview lie on the disk and are read as they are asked for. ``outcomes`` are what the overview is made
    of, in the order of the inputs. ``said`` are submissions of no file read:
    what was passed over, who is missing.
    """

    overview: Overview
    results: Sequence[Results]
    outcomes: Sequence[Outcome]
    said: tuple[Submission, ...]

    @property
    def submissions(self) -> Sequence[Submission]:
        return Derived(self.results, lambda results: results.submission)


def conclude(pile: Pile, executor: Executor | None = None) -> Batch:
    """Settle a pile and sum it up; ``executor`` marks. What goes wrong in summing up is noted in the pile's ``faults``.

    Raises OSError where the disk does not take what is noted of the returns.
    """
    results: Spool[Results] = Spool(GistPacking(pile.forms), pile.shelf.folder)
    for one in pile.settle(executor):
        results.add(one)
    passed_over = pile.found.passed_over
    outcomes = Derived(results, _outcome)
    try:
        view = overview(outcomes, roster=pile.request.roster, passed_over=passed_over)
    except OSError:
        raise
    except Exception as error:  # noqa: BLE001 - which files there are and what is wrong with them can still be told
        pile.faults.append(error)
        outcomes = Derived(results, _bare_outcome)
        view = overview(outcomes)
    late = tuple(
        Submission(Source("", "", 0, ""), (), (missing(line.unit),))
        for line in view.units
        if line.standing is Standing.MISSING
    )
    return Batch(view, results, outcomes, (*passed_over, *late))


def _outcome(results: Results) -> Outcome:
    return Outcome(results.submission, results.filed, results.document, results.marked)


def _bare_outcome(results: Results) -> Outcome:
    return Outcome(results.submission, (), results.document, results.marked)


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
    from perfxl.reporting.findings import findings_csv  # noqa: PLC0415 - what only checks writes nothing
    from perfxl.reporting.page import bare_page, pieces  # noqa: PLC0415 - likewise
    from perfxl.reporting.summary import summary  # noqa: PLC0415 - likewise

    faults: list[Exception] = []
    contents: tuple[tuple[str, Callable[[], Iterable[bytes]]], ...] = (
        (FINDINGS, lambda: findings_csv(chain(batch.submissions, batch.said))),
        (SUMMARY, lambda: summary(batch.overview, batch.outcomes, batch.said)),
        (REPORT, lambda: (piece.encode(errors="replace") for piece in pieces(batch.overview))),
    )
    for name, content in contents:
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
