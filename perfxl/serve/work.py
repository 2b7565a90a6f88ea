"""What workers do for the pages: each a call of what the commands call, on values that can be sent to another process.

The server itself never looks into a file that was handed in.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from perfxl.api import generate
from perfxl.forms.named import form_named
from perfxl.forms.stock import load_forms
from perfxl.model.grid import Book
from perfxl.page.desk import Checked, check, lost
from perfxl.page.view import view
from perfxl.readers.book import read_book
from perfxl.receive.examine import examine
from perfxl.receive.inputs import Input
from perfxl.receive.request import Request
from perfxl.reporting.overview import filed
from perfxl.reporting.reread import NoSubmission, reread
from perfxl.serve.shown import Pair, pairs
from perfxl.serve.uploads import Upload

__all__ = [
    "Checked",
    "Looked",
    "Wanted",
    "check",
    "generated",
    "lay_out",
    "look",
    "lost",
    "mark",
    "strange",
    "warm",
]


class Looked(Struct, frozen=True):
    """A return to be looked at: its findings and its sheets as HTML, what was read of each form."""

    html: str
    forms: tuple[tuple[str, tuple[Pair, ...]], ...]


class Wanted(Struct, frozen=True):
    """A workbook that a program asks for."""

    form: str
    year: int | None
    period: str | None
    unit: str | None
    code: str | None
    data: dict[str, object] | None


def warm() -> int:
    """Load what every check needs, and return how many forms there are."""
    return len(load_forms())


def look(item: Input, document: bytes, request: Request) -> Looked:
    """Return what there is to see of a return: its document as an import wrote it, its sheets as they lie there.

    Raises NoSubmission where the document is none.
    """
    submission = reread(document, request.library.forms)
    data = item.read(request.limits)
    book = read_book(data, request.limits) if isinstance(data, bytes) else data
    sheets = book.sheets if isinstance(book, Book) else ()
    html = view(submission, tuple(map(filed, submission.forms)), sheets, "r0")
    return Looked(html, tuple((one.sheet, tuple(pairs(one))) for one in submission.forms))


def strange(documents: Sequence[Path], templates: Sequence[Path]) -> list[str]:
    """Return what is wrong with each of some files as a result of an import, "" for one that is in order."""
    forms = load_forms(*templates)
    said = []
    for path in documents:
        try:
            reread(path.read_bytes(), forms)
        except NoSubmission as error:
            said.append(str(error))
        else:
            said.append("")
    return said


def lay_out(files: Sequence[Upload]) -> tuple[Path, list[str]]:
    """Put files that were handed in into folders of their own, under their names. Raises OSError."""
    names = [upload.name.rpartition("/")[2] for upload in files]
    place = files[0].path.parent / "in"
    for number, (upload, name) in enumerate(zip(files, names, strict=True)):
        folder = place / str(number)
        folder.mkdir(parents=True)
        upload.path.rename(folder / name)
    return place, names


def mark(folder: Path, name: str, request: Request) -> bytes | None:
    """Return the marked copy of the one file in a folder, None where there is nothing to mark."""
    outcome = examine(request, Input(folder / "0" / name, name, name))
    return outcome.marked if outcome is not None else None


def generated(wanted: Wanted, templates: Sequence[Path]) -> bytes:
    """Return the workbook that a program asks for. Raises UnknownFormError, DefinitionError, DataError, PeriodError."""
    form = form_named(load_forms(*templates), wanted.form)
    return generate(
        form, year=wanted.year, period=wanted.period, unit=wanted.unit, unit_code=wanted.code, data=wanted.data
    )
