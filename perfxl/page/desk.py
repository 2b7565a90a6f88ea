"""What the page does with workbooks that are dropped on it: all that an import does, by the same functions.

This module runs in the browser (``worker.js`` calls it); there files lie in memory, and there is one process.
"""

from __future__ import annotations

import gc
import json
import shutil
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import Struct

from perfxl.forms.outgoing import Outgoing, Own
from perfxl.forms.stock import load_forms
from perfxl.model.grid import Book, Grid
from perfxl.outputs import MARKED
from perfxl.package.limits import DEFAULT
from perfxl.page.view import view
from perfxl.readers.book import read_book
from perfxl.receive.examine import Examined, examine, examined_and_read, failed, source_of
from perfxl.receive.inputs import Input
from perfxl.receive.library import Library
from perfxl.receive.naming import stems
from perfxl.receive.pile import Desk, Pile
from perfxl.receive.request import Request
from perfxl.receive.run import Lost, explain
from perfxl.receive.search import find
from perfxl.reporting.document import as_element
from perfxl.reporting.reread import reread
from perfxl.reporting.typeset import visible
from perfxl.writer.write import write

_MOST_CELLS = 200_000
"""Cells of all files of a check that are kept until they are drawn; others are read once more."""

_REHEARSALS = 3
"""Checks of a blank after which a browser is hardly any quicker."""


class Kept(Desk):
    """A shelf in memory that keeps the marked copies too, and the sheets by the names of the files."""

    def __init__(self) -> None:
        super().__init__()
        self.sheets: dict[str, tuple[Grid, ...]] = {}
        self.cells = 0

    def examine(self, request: Request, item: Input, known: str) -> Examined | None:
        """Do as ``examine`` does, and keep the sheets that it read."""
        data = item.read(request.limits)
        if not isinstance(data, bytes):
            return examine(request, item, known)
        outcome, sheets = examined_and_read(request, item.name, data)
        self.cells += sum(len(sheet.cells) for sheet in sheets)
        if sheets and self.cells <= _MOST_CELLS:
            self.sheets[item.name] = sheets
        return outcome

    def put(self, number: int, outcome: Examined) -> None:
        self.keep(number, outcome)


class Checked(Struct, frozen=True):
    """What became of some workbooks: each one's document, what the page shows of it, its marked copy with its name.

    ``passed_over`` says which of the files are no returns, and why.
    """

    documents: tuple[str, ...]
    views: tuple[str, ...]
    marked: tuple[bytes | None, ...]
    names: tuple[str, ...]
    passed_over: tuple[str, ...]

    def told(self) -> str:
        """Return all but the marked copies as JSON."""
        views = ",".join(
            json.dumps({"html": html, "name": name, "marked": copy is not None}, ensure_ascii=False)
            for html, name, copy in zip(self.views, self.names, self.marked, strict=True)
        )
        said = json.dumps(self.passed_over, ensure_ascii=False)
        return f'{{"results":[{",".join(self.documents)}],"views":[{views}],"passed_over":{said}}}'


def prepare() -> int:
    """Make ready what every workbook needs, and return how many forms there are."""
    library = Library.of(load_forms())
    return len([library.patterns[name] for name in library.patterns])


def warm() -> None:
    """Do once what every workbook needs, so that the memory in which it was done can be written down with all that it took."""
    prepare()
    for name in load_forms():
        _try_out(blank(name))
        gc.collect()  # a browser's memory that was taken once is never given back: none is taken for what could have gone
    _sample()


def rehearse() -> Iterator[None]:
    """Check a workbook of nobody's, and write one, step by step: a browser is slow at what it does for the first time."""
    for _ in range(_REHEARSALS):
        _try_out(_sample())
        yield
    blank(next(iter(load_forms())))  # a marked copy of what is no .xlsx is written as a blank is


@cache
def _sample() -> bytes:
    """The blank of the first form."""
    return blank(next(iter(load_forms())))


def _try_out(workbook: bytes) -> None:
    with TemporaryDirectory() as place:
        (Path(place) / "0").mkdir()
        (Path(place) / "0" / "0.xlsx").write_bytes(workbook)
        check(Path(place), ["0.xlsx"])


def check(folder: Path, names: Sequence[str], identity: str = "") -> Checked:
    """Read, check and mark files that lie in a folder, each in one of its own by number: ``0/甲.xlsx``, ``1/甲.xlsx``.

    ``identity`` is what all identities in the views begin with: those of another check on the same page must begin otherwise.
    """
    request, shelf = Request(), Kept()
    pile = Pile(find([folder / str(number) / name for number, name in enumerate(names)], DEFAULT), request, shelf)
    for _ in pile.read(work=shelf.examine):
        pass
    settled = tuple(pile.settle())
    outcomes = [shelf.outcome(results.number) for results in settled]
    inputs = [pile.found.inputs[results.number] for results in settled]
    return Checked(
        tuple(as_element(outcome.document).decode() for outcome in outcomes),
        tuple(
            view(results.submission, results.filed, shelf.sheets.get(one.name) or _sheets(one), f"{identity}r{place}")
            for place, (results, one) in enumerate(zip(settled, inputs, strict=True))
        ),
        tuple(outcome.marked for outcome in outcomes),
        tuple(
            f"{stem}{MARKED}.{outcome.suffix}"
            for stem, outcome in zip(stems([one.result for one in inputs]), outcomes, strict=True)
        ),
        tuple(visible(each.findings[0].message) for each in pile.found.passed_over if each.findings),
    )


def blank(name: str) -> bytes:
    """Return the blank workbook of a form, to be filled in."""
    return write(Outgoing.of(load_forms()[name]).layouts(Own()))


def lost(name: str, why: str, identity: str = "") -> Checked:
    """Return what is said of a file that is lost: ``why`` is the name of a ``Lost``."""
    outcome = failed(source_of(name), explain(Lost[why], DEFAULT))
    submission = reread(outcome.document, {})
    return Checked(
        (as_element(outcome.document).decode(),), (view(submission, (), (), f"{identity}r0"),), (None,), (name,), ()
    )


def clear(folder: Path) -> None:
    """Take away what lies in a folder."""
    shutil.rmtree(folder, ignore_errors=True)


def _sheets(one: Input) -> tuple[Grid, ...]:
    """The sheets of a file, to be drawn; none where it cannot be read."""
    data = one.read(DEFAULT)
    book = read_book(data) if isinstance(data, bytes) else data
    return book.sheets if isinstance(book, Book) else ()
