"""A pile of returns takes no more memory than a pile of a few: each lies on the disk, and in memory only where."""

from __future__ import annotations

import gc
import tracemalloc
from functools import cache
from pathlib import Path

import pytest
from msgspec.structs import replace

from perfxl.forms.stock import load_forms
from perfxl.model.record import Record
from perfxl.model.submission import By, FormReturn, Source, Submission, Unit
from perfxl.receive.conclude import conclude, write_batch
from perfxl.receive.examine import Examined, outcome_of
from perfxl.receive.gist import noted
from perfxl.receive.importing import gather
from perfxl.receive.inputs import Input
from perfxl.receive.request import Request
from perfxl.reporting import cells, rows
from perfxl.rules.funds.totals import M01
from support.pile import contents

FORM = "hunan-self-eval-report"
FINDINGS = 6
MOST = 2_000
"""Bytes that a return may take: its name and where it lies, where its results are, its unit while units are counted."""


@cache
def submission() -> Submission:
    form = load_forms()[FORM]
    found = [M01.finding(f"第 {number} 处相差 0.01", sheet="表", cell=f"C{number}") for number in range(FINDINGS)]
    returned = FormReturn(form, form.version, "表", By.STAMP, 1.0, 2024, Unit("某局", "1"), Record())
    return Submission(Source("a.xlsx", "0" * 64, 1, "xlsx"), (returned,), tuple(found))


def read(request: Request, item: Input, known: str = "") -> Examined:
    """Return what became of a file that nobody has to read: a return of a unit of its own."""
    del request, known
    own = item.name.removesuffix(".xlsx")
    like = submission()
    forms = (replace(like.forms[0], unit=Unit(f"青溪区第{own}局", own)),)
    found = replace(like, source=replace(like.source, file=item.name, sha256=own.zfill(64)), forms=forms)
    outcome = outcome_of(found)
    return replace(outcome, marked=b"PK" + own.encode(), noted=noted(found, outcome.document))


def taken(count: int, place: Path) -> int:
    """Return the bytes that the import of so many returns takes at its height."""
    given = place / "in"
    given.mkdir(parents=True)
    for number in range(count):
        (given / f"{number:05}.xlsx").touch()
    gc.collect()
    tracemalloc.start()
    try:
        pile, folder = gather([given], place / "out", Request())
        for _ in pile.read(work=read):
            pass
        assert write_batch(conclude(pile), place / "out") == pile.faults == []
        folder.close()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_return_takes_hardly_any_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # What is kept in memory up to some number is no matter of how many returns there are.
    monkeypatch.setattr("perfxl.spool.IN_MEMORY", 10_000)
    monkeypatch.setattr(rows, "AT_ONCE", 5)
    plain_text, plain_unit = cells.text.__wrapped__, cells.unit.__wrapped__
    for room in (cells, rows):
        monkeypatch.setattr(room, "text", plain_text)
        monkeypatch.setattr(room, "unit", plain_unit)
    taken(5, tmp_path / "warm")
    few, many = 30, 130
    grown = taken(many, tmp_path / "many") - taken(few, tmp_path / "few")
    assert grown / (many - few) < MOST
    assert len(contents(tmp_path / "many" / "out")) == 2 * many + 4  # the journal, and three about the whole
