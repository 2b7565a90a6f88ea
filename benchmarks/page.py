"""report.html of a large batch: what it costs to write, and how large it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from msgspec.structs import replace

from benchmarks.figures import Figure, processor
from benchmarks.files import FORM, filled
from perfxl.forms.definition.load import load_forms
from perfxl.model.submission import Submission, Unit
from perfxl.receive.library import Library
from perfxl.receive.pipeline import process
from perfxl.reporting.overview import Outcome, Overview, overview
from perfxl.reporting.page import pieces

ROOM = "page"
FORMS = (FORM, "jilin-project-self-eval", "henan-dept-goal", "mof-project-monitor")


def batch(count: int) -> Overview:
    """Return a batch of so many returns, each of a unit of its own; every third has nothing to say."""
    library = Library.of(load_forms())
    samples = [process(filled(form), form, library) for form in FORMS]
    return overview([_outcome(samples[number % len(samples)], number) for number in range(count)])


def _outcome(sample: Submission, number: int) -> Outcome:
    file = PurePosixPath("学校", f"{number // 100:02}", f"第{number}中学.xlsx")
    unit = Unit(f"第{number}中学", f"{number:06}")
    forms = tuple(replace(form, unit=unit) for form in sample.forms)
    findings = () if number % 3 == 0 else sample.findings
    source = replace(sample.source, file=str(file), sha256=f"{number:064x}")
    marked = str(file.with_suffix(".marked.xlsx")) if findings else ""
    return Outcome.of(Submission(source, forms, findings), str(file.with_suffix(".json")), marked)


def figures(*, short: bool) -> Iterator[Figure]:
    count = 300 if short else 3000
    view = batch(count)
    size = 0

    def write() -> None:
        nonlocal size
        size = sum(len(piece.encode()) for piece in pieces(view))

    write()
    took = processor(write)
    findings = sum(len(each.findings) for each in view.returns)
    name = f"report.html, {count} returns, {findings} findings"
    yield Figure(ROOM, name, took, most=1000)
    yield Figure(ROOM, name, size / 1e6, "MB", most=3)
