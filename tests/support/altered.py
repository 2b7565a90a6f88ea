"""Filled forms that somebody changed: made, read back, compared with what was typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import Any

from perfxl.align.pattern import compile_pattern
from perfxl.align.read import read
from perfxl.api import layout
from perfxl.forms.compute import compute
from perfxl.forms.data import from_data
from perfxl.forms.definition.load import load_forms
from perfxl.forms.layout.place import place
from perfxl.model.form import Form
from perfxl.model.grid import Book, Grid
from perfxl.model.layout import Layout
from perfxl.model.reading import Oddity, Reading
from perfxl.model.record import to_data
from perfxl.readers.book import read_book
from perfxl.values.bind import bind
from perfxl.writer.write import write
from support.draft import Draft
from support.filled import record
from support.mutants import Mutation

FORMS = load_forms()
PATTERNS = {name: compile_pattern(place(form)) for name, form in FORMS.items()}
TELLING = frozenset({Oddity.MISSING, Oddity.REWORDED, Oddity.MERGED, Oddity.OUTSIDE})
"""What a person is told to look at."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one altered sheet: which alterations were made, what was read of it, what should have been."""

    form: str
    made: tuple[str, ...]
    grid: Grid
    reading: Reading
    data: dict[str, Any]
    expected: dict[str, Any]

    @property
    def exact(self) -> bool:
        return self.data == self.expected

    @property
    def said(self) -> bool:
        return any(notice.oddity in TELLING for notice in self.reading.notices)

    def __str__(self) -> str:
        return f"{self.form} after {' + '.join(self.made)}: {differences(self.expected, self.data)}"


@lru_cache(maxsize=64)
def sheet(form: str, seed: int) -> tuple[Layout, Grid, dict[str, Any]]:
    """Return a form filled at random, as laid out, as it stands in the workbook, and its data."""
    data = to_data(FORMS[form], record(FORMS[form], Random(f"{form} {seed}"), most=12))
    placed = layout(FORMS[form], data=data)
    return placed, written(placed), data


def written(placed: Layout) -> Grid:
    """Return a layout as it stands in its workbook."""
    book = read_book(write([placed]))
    assert isinstance(book, Book)
    return book.sheets[0]


def draft_of(form: Form, data: Mapping[str, Any]) -> Draft:
    """Return a form with its data as a sheet to be edited."""
    placed = layout(form, data=data)
    same = (form.digest, repr(data))
    if same not in _WRITTEN:
        _WRITTEN[same] = written(placed)
    return Draft.of(placed, _WRITTEN[same], data)


_WRITTEN: dict[tuple[str, str], Grid] = {}
"""Forms with data as they stand in their workbooks: each is written once."""


def data_of(form: Form, reading: Reading) -> dict[str, Any]:
    """Return the data of a reading, computed fields worked out."""
    bound = bind(form, reading)
    return to_data(form, compute(form, bound.record, bound.unreadable).record)


def altered(form: str, seed: int, mutations: Sequence[Mutation]) -> Outcome:
    """Fill a form at random, do these alterations to it where they can be done, and read it."""
    draft = Draft.of(*sheet(form, seed // 16))
    rng = Random(f"{form} {seed}")
    made = tuple(mutation.__name__ for mutation in mutations if mutation(draft, rng))
    grid = draft.grid()
    reading = read(PATTERNS[form], grid)
    data = data_of(FORMS[form], reading)
    expected = to_data(FORMS[form], compute(FORMS[form], from_data(FORMS[form], draft.data)[0]).record)
    return Outcome(form, made, grid, reading, data, expected)


def differences(expected: object, found: object, path: str = "") -> list[str]:
    """Return where two pieces of data differ, a few places only."""
    told: list[str] = []
    if isinstance(expected, dict) and isinstance(found, dict):
        for key in [*expected, *(key for key in found if key not in expected)]:
            told += differences(expected.get(key), found.get(key), f"{path}.{key}")
    elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        for number, (one, other) in enumerate(zip(expected, found, strict=True)):
            told += differences(one, other, f"{path}[{number}]")
    elif expected != found:
        told.append(f"{path}: {str(expected)[:60]!r} was read as {str(found)[:60]!r}")
    return told[:5]
