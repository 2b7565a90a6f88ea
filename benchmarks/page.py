"""report.html of a large batch: what it costs to write, how large it is, when Chromium has it ready to be used."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from statistics import median
from typing import TYPE_CHECKING

from msgspec.structs import replace

from benchmarks.figures import Figure, processor
from benchmarks.files import FORM, filled
from perfxl.forms.definition.load import load_forms
from perfxl.model.submission import Submission, Unit
from perfxl.receive.library import Library
from perfxl.receive.pipeline import process
from perfxl.reporting.overview import Outcome, Overview, overview
from perfxl.reporting.page import pieces

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

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
    made = b""

    def write() -> None:
        nonlocal made
        made = b"".join(piece.encode() for piece in pieces(view))

    write()
    took = processor(write)
    findings = sum(len(each.findings) for each in view.returns)
    name = f"report.html, {count} returns, {findings} findings"
    yield Figure(ROOM, name, took, most=1000)
    yield Figure(ROOM, name, len(made) / 1e6, "MB", most=3)
    shown = _shown(made, rounds=1 if short else 5)
    if shown is not None:
        yield Figure(ROOM, f"{name}: painted in Chromium, by the clock", shown, most=2000)


_PAINTED = """
    const done = arguments[arguments.length - 1];
    const look = () => {
        const there = document.querySelector("#findings details") && !document.querySelector("script.packed");
        requestAnimationFrame(there ? () => requestAnimationFrame(() => done()) : look);
    };
    look();
"""
"""Answers two frames after all that is packed was unfolded and the findings stand in the page."""


def _shown(page: bytes, rounds: int) -> float | None:
    """Return the milliseconds from opening a page until its rows are painted; None without Chromium and its driver."""
    program, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not (program and driver):
        return None
    from selenium.webdriver import Chrome, ChromeOptions  # noqa: PLC0415 - not there where only perfxl is installed
    from selenium.webdriver.chrome.service import Service  # noqa: PLC0415 - likewise

    options = ChromeOptions()
    options.binary_location = program
    for word in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1360,1000"):
        options.add_argument(word)
    with tempfile.TemporaryDirectory() as scratch, Chrome(options, Service(driver)) as chrome:
        file = Path(scratch, "report.html")
        file.write_bytes(page)
        return median(_painted(chrome, file) for _ in range(rounds))


def _painted(chrome: Chrome, file: Path) -> float:
    chrome.get("about:blank")
    began = time.perf_counter()
    chrome.get(file.as_uri())
    chrome.execute_async_script(_PAINTED)
    return (time.perf_counter() - began) * 1000
