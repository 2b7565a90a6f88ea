"""Marking: a marked copy beside openpyxl's load and save of the same file, and what each of them loses.

The files are samples on our own blanks and rich returns of ``tests/corpus``. Each round marks another return, of which
another text is typed and a row made higher, that was just read: what is remembered by content helps as far as it does in a pile.
"Kept" counts the parts of the return that stand in the outcome byte for byte, "lost" those that are not there any more
under any name of their kind.
"""

from __future__ import annotations

import gc
import io
import re
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from benchmarks.figures import Figure, compare_each
from benchmarks.files import filled, loaded, saved
from perfxl.forms.definition.load import load_forms
from perfxl.model.submission import Submission
from perfxl.package.limits import DEFAULT
from perfxl.package.package import Package
from perfxl.receive.copies import marked_copy
from perfxl.receive.library import Library
from perfxl.receive.pipeline import read_and_check
from perfxl.receive.request import Request
from perfxl.rules.accepted import NOTHING_ACCEPTED

ROOM = "marking"
CORPUS = Path(__file__).resolve().parent.parent / "tests" / "corpus"
SAMPLES = ("hunan-dept-self-eval", "henan-dept-goal", "hubei-dept-goal")
CLOSED = {"packed-signed", "packed-strict"}
"""Returns that are not marked themselves."""


_ROUNDS = 9
_ROW = re.compile(rb"(<(?:\w+:)?row)(?=[\s/>])([^<>]*?)(/?>)")
_HEIGHT = re.compile(rb"\s(?:ht|customHeight)=\"[^\"]*\"")
_PLAIN = re.compile(r"[^&<>\"'\s]+")
"""A text that stands in XML as it is."""


def figures(*, short: bool) -> Iterator[Figure]:
    warnings.simplefilter("ignore")
    library, request = Library.of(load_forms()), Request()
    files = {name: filled(name) for name in SAMPLES}
    files |= {path.stem: path.read_bytes() for path in sorted(CORPUS.glob("*.xlsx")) if path.stem not in CLOSED}
    for name, data in list(files.items())[: 4 if short else None]:
        submission, sheets = read_and_check(data, f"{name}.xlsx", library, request, NOTHING_ACCEPTED)
        ours, theirs = marked_copy(data, submission, sheets).data, saved(loaded(data))
        parts = _parts(data)
        losses = f"openpyxl {_kept(parts, _parts(theirs))}"
        pair = compare_each(_rounds(data, submission, library, request))
        yield pair.figure(ROOM, f"{name} {_kept(parts, _parts(ours))}", losses, 0.04)


def _rounds(
    data: bytes, submission: Submission, library: Library, request: Request
) -> Iterator[tuple[Callable[[], object], Callable[[], object]]]:
    """Yield marking, and loading and saving, of one return after another, each of which was just read."""
    values = (value for one in submission.forms for value in one.record.values.values())
    texts = [value for value in values if isinstance(value, str) and _PLAIN.fullmatch(value)]
    for number in range(1, _ROUNDS + 2):
        other = _other(data, max(texts, key=len), number)
        read = read_and_check(other, "other.xlsx", library, request, NOTHING_ACCEPTED)
        gc.collect()  # what openpyxl has left behind is not cleared away while ours is measured
        yield partial(marked_copy, other, *read), partial(_saved_again, other)


def _other(data: bytes, text: str, number: int) -> bytes:
    """Return a return with another text in the place of one, and sheets of which the first row is higher or lower."""
    package = Package.open(data, DEFAULT)
    sheets = {name: package.read(name) for name in package.names if name.startswith("xl/worksheets/sheet")}
    strings = {name: package.read(name) for name in package.names if name.lower() == "xl/sharedstrings.xml"}
    other = {name: _ROW.sub(partial(_higher, number), part, count=1) for name, part in sheets.items()} | strings
    new = f"{text}（第{number}稿）".encode()
    return package.rebuilt({name: part.replace(text.encode(), new) for name, part in other.items()})


def _higher(number: int, row: re.Match[bytes]) -> bytes:
    return b'%b%b ht="30.%02d" customHeight="1"%b' % (row[1], _HEIGHT.sub(b"", row[2]), number, row[3])


def _saved_again(data: bytes) -> bytes:
    return saved(loaded(data))


def _parts(data: bytes) -> Mapping[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _kept(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> str:
    """Say how many parts are as they were and how many are gone, of all."""
    same = sum(after.get(name) == content for name, content in before.items())
    gone = Counter(name.rpartition("/")[0] for name in before) - Counter(name.rpartition("/")[0] for name in after)
    return f"({same}/{len(before)} kept, {gone.total()} lost)"
