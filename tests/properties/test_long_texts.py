"""Texts as long as a cell can hold, in every field of every form: a file takes a second at most."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cache
from random import Random

import pytest
from msgspec.structs import replace

from perfxl.forms.data import from_data
from perfxl.forms.definition.load import load_forms, shipped
from perfxl.forms.layout.place import place_live
from perfxl.model.layout import Layout, PlacedCell, Role
from perfxl.model.path import generic
from perfxl.receive.examine import with_copy
from perfxl.reporting.document import submission_json
from perfxl.writer.write import write
from support import corpus

LONGEST = 32_767
"""Characters that a cell can hold."""
_PATIENCE = 1.0
"""Seconds of reading, checking and marking one file."""
_PIECES = (
    "了",
    "一",
    "明显",
    "1",
    "1,",
    "\n",
    " ",
    "　",
    "（",
    "(",
    "目标1：",
    "。",
    "率和",
    "≥",
    "是",
    "1-",
    "\n1、",
    "因",
)
_SAMPLED = 6
"""Files with one long text in the quick test."""
_OF_EACH_FIELD = 2
"""Pieces that are tried in each field alone; in all fields together each of them is."""


@cache
def _filled(form: str) -> Layout:
    data = json.loads((shipped() / form / "sample.json").read_text(encoding="utf-8"), parse_float=Decimal)
    record, _ = from_data(load_forms()[form], data)
    return place_live(load_forms()[form], record, year=int(data.get("year") or 2024))


def _paths(form: str) -> list[str]:
    """Return the fields of a form, those of growing tables once."""
    return list(dict.fromkeys(generic(c.source) for c in _filled(form).cells if c.field is not None and not c.option))


def _seconds(form: str, paths: list[str], piece: str) -> float:
    """Return what a filled form takes with long texts in the first cell of some fields."""
    left = set(paths)
    cells: list[PlacedCell] = []
    for cell in _filled(form).cells:
        path = generic(cell.source)
        if cell.field is None or cell.option or path not in left:
            cells.append(cell)
        else:
            left.remove(path)
            cells.append(replace(cell, role=Role.INPUT, text="", value=(piece * LONGEST)[:LONGEST]))
    data = write([replace(_filled(form), cells=tuple(cells))])
    start = time.process_time()
    submission, _ = with_copy(data, corpus.read(data))
    submission_json(submission)
    return time.process_time() - start


def _too_long(files: Iterable[tuple[str, list[str], str]]) -> list[tuple[str, list[str], str]]:
    """Return the files that take too long each of three times: a machine may be busy."""
    return [file for file in files if all(_seconds(*file) > _PATIENCE for _ in range(3))]


def _alone(form: str) -> Iterator[tuple[str, list[str], str]]:
    """Yield the form with each of its fields, and some of the pieces in it."""
    for path in _paths(form):
        yield from ((form, [path], piece) for piece in Random(path).sample(_PIECES, _OF_EACH_FIELD))


@pytest.mark.slow
@pytest.mark.parametrize("form", load_forms())
def test_long_texts_take_no_time__one_piece(form: str) -> None:
    piece = Random(form).choice(_PIECES)
    assert not _too_long([(form, _paths(form), piece)])


@pytest.mark.slow
def test_a_long_text_takes_no_time__sampled() -> None:
    assert not _too_long(Random(3).sample([file for form in load_forms() for file in _alone(form)], _SAMPLED))


@pytest.mark.slow
@pytest.mark.parametrize("form", load_forms())
def test_long_texts_take_no_time(form: str) -> None:
    assert not _too_long((form, _paths(form), piece) for piece in _PIECES)


@pytest.mark.slow
@pytest.mark.parametrize("form", load_forms())
def test_a_long_text_takes_no_time(form: str) -> None:
    assert not _too_long(_alone(form))
