"""Marking: a marked copy beside openpyxl's load and save of the same file, and what each of them loses.

The files are samples on our own blanks and rich returns of ``tests/corpus``. "Kept" counts the parts of the return that
stand in the outcome byte for byte, "lost" those that are not there any more under any name of their kind.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from benchmarks.figures import Figure, compare
from benchmarks.files import filled, loaded, saved
from perfxl.forms.definition.load import load_forms
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
        pair = compare(partial(marked_copy, data, submission, sheets), partial(_saved_again, data), 3)
        yield pair.figure(ROOM, f"{name} {_kept(parts, _parts(ours))}", losses, 0.04)


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
