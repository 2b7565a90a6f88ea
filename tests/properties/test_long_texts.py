"""Texts as long as a cell can hold, in every field of every form: a file takes a second at most."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache
from random import Random

import pytest

from perfxl.forms.data import from_data
from perfxl.forms.definition.load import load_forms, shipped
from perfxl.forms.layout.place import place
from perfxl.model.layout import Layout, Role
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
_SAMPLED = 24
"""Files in the quick test."""


@cache
def _filled(form: str) -> Layout:
    data = json.loads((shipped() / form / "sample.json").read_text(encoding="utf-8"), parse_float=Decimal)
    record, _ = from_data(load_forms()[form], data)
    return place(load_forms()[form], record, year=int(data.get("year") or 2024))


def _files() -> Iterator[tuple[str, str, str]]:
    """Yield forms with each of their fields and each of the pieces that are repeated in it."""
    for form in load_forms():
        paths = dict.fromkeys(generic(c.source) for c in _filled(form).cells if c.field is not None and not c.option)
        for path in paths:
            yield from ((form, path, piece) for piece in _PIECES)


_FILES = list(_files())


def _seconds(form: str, path: str, piece: str) -> float:
    layout, text = _filled(form), (piece * LONGEST)[:LONGEST]
    cells = list(layout.cells)
    number = next(
        n for n, cell in enumerate(cells) if cell.field is not None and not cell.option and generic(cell.source) == path
    )
    cells[number] = replace(cells[number], role=Role.INPUT, text="", value=text)
    data = write([replace(layout, cells=tuple(cells))])
    start = time.process_time()
    submission, _ = with_copy(data, corpus.read(data))
    submission_json(submission)
    return time.process_time() - start


def test_long_texts_take_no_time__sampled() -> None:
    chosen = Random(3).sample(_FILES, _SAMPLED)
    assert not [file for file in chosen if _seconds(*file) > _PATIENCE]


@pytest.mark.slow
@pytest.mark.parametrize("form", load_forms())
def test_long_texts_take_no_time(form: str) -> None:
    files = [file for file in _FILES if file[0] == form]
    assert not [file for file in files if _seconds(*file) > _PATIENCE]
