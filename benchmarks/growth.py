"""Growth: ten times as many rows, files or findings cost ten times as much, and a batch takes no more memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from benchmarks.figures import Figure, Run, processor, run
from benchmarks.files import pile, sample
from perfxl.api import generate
from perfxl.forms.definition.load import load_forms
from perfxl.receive.library import Library
from perfxl.receive.pipeline import process
from perfxl.reporting.document import submission_json

ROOM = "growth"
GROWING, FILES = "hubei-dept-goal", "jilin-dept-self-eval"
STEPS = (10, 100, 1000, 10_000)


@cache
def rows(count: int) -> tuple[float, bytes]:
    """Return what a return with so many rows in its growing table takes in the middle and as JSON, and its bytes."""
    data = sample(GROWING)
    given = data["projects"][0]
    data["projects"] = [{**given, "name": f"项目{n}", "total_budget": 0, "year_budget": 0} for n in range(count)]
    workbook = generate(load_forms()[GROWING], data=data)
    library = Library.of(load_forms())
    return processor(lambda: submission_json(process(workbook, "a", library))), workbook


@cache
def faults(count: int) -> tuple[float, int]:
    """Return what a return takes of which so many rows are wrong, and how many findings there are."""
    data = sample(GROWING)
    given = data["projects"][0]
    data["projects"] = [{**given, "name": f"项目{n}", "total_budget": None, "year_budget": None} for n in range(count)]
    workbook = generate(load_forms()[GROWING], data=data)
    library = Library.of(load_forms())
    found = 0

    def work() -> None:
        nonlocal found
        submission = process(workbook, "a", library)
        submission_json(submission)
        found = len(submission.findings)

    return processor(work), found


@cache
def files(count: int) -> Run:
    """Return what the command takes for so many files."""
    with tempfile.TemporaryDirectory() as scratch:
        paths = pile(Path(scratch) / "returned", count, only=FILES)
        return run("-m", "perfxl", "import", str(paths[0].parent), "-o", f"{scratch}/out", "--quiet", fine=(0, 1))


@cache
def alone(count: int) -> Run:
    """Return what the command itself takes for so many files, which others read."""
    return run("-m", "benchmarks.alone", f"{count}")


def figures(*, short: bool) -> Iterator[Figure]:
    last = 2 if short else len(STEPS)
    rows(1)
    for count in STEPS[:last]:
        yield Figure(ROOM, f"{count} rows", rows(count)[0])
    for count in STEPS[:last]:
        took, found = faults(count)
        yield Figure(ROOM, f"{count} rows with faults, {found} findings", took)
    for count in STEPS[:last]:
        took_ = files(count)
        yield Figure(ROOM, f"{count} files", took_.milliseconds)
        yield Figure(ROOM, f"{count} files: largest process", took_.megabytes, "MB")
    for count in STEPS[:last]:
        took_ = alone(count)
        yield Figure(ROOM, f"{count} files in the command alone", took_.milliseconds)
        yield Figure(ROOM, f"{count} files in the command alone: largest process", took_.megabytes, "MB")
