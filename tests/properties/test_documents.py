"""Reports and notices of whatever units may have typed: nothing is lost, nothing is made up, Word can open them."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.documents.master import fill
from perfxl.documents.signs import without_signs
from perfxl.documents.values import ReportSection, contents
from perfxl.forms.definition.load import shipped
from perfxl.model.field_type import Type
from perfxl.model.path import generic
from perfxl.model.record import Record
from support.effort import examples
from support.filings import forms
from support.filled import record
from support.words import faceless, faults, grid, merges, paragraphs, root

REPORT, TABLE = "hunan-self-eval-report", "hunan-dept-self-eval"
MASTER = shipped() / REPORT / "report.docx"


def drawn(form: str, seed: int) -> Record:
    return record(forms()[form], Random(seed), most=8)


@pytest.mark.slow
@settings(max_examples=examples(16), deadline=None)
@given(st.integers(0, 10**6))
def test_a_report_says_all_that_was_typed_and_nothing_that_was_not(seed: int) -> None:
    report, table = drawn(REPORT, seed), drawn(TABLE, seed)
    values = contents(forms()[REPORT], report)
    document = fill(Path(MASTER), {**values, "table": ReportSection(contents(forms()[TABLE], table))})
    said = paragraphs(document)
    whole = "\n".join(said)
    assert not re.search(r"None|Undefined|[{}]", re.sub(r"[{}]", "", whole) if _braces(report) else whole)
    assert not re.search(r"[^\d]万元", whole)
    assert not re.search(r"占(支出总额|总支出的)?[，；。]", whole)
    for path, value in report.values.items():
        if isinstance(value, str) and forms()[REPORT].fields[generic(path)].type is Type.TEXT and "." not in path:
            for line in (line.strip(" \t\u3000") for line in value.splitlines()):
                assert line in whole
    assert faceless(document) == []
    assert faults(document) == []
    text = "".join(root(document).itertext())
    assert without_signs(text) == text


def _braces(record: Record) -> bool:
    return any(isinstance(value, str) and re.search("[{}]", value) for value in record.values.values())


@pytest.mark.slow
@settings(max_examples=examples(16), deadline=None)
@given(st.integers(0, 10**6))
def test_the_table_has_each_row_once_and_its_merges_are_whole(seed: int) -> None:
    table = drawn(TABLE, seed)
    document = fill(
        Path(MASTER), {**contents(forms()[REPORT], Record()), "table": ReportSection(contents(forms()[TABLE], table))}
    )
    cells = grid(document)
    rows = table.sizes.get("indicators", 0)
    first = next(number for number, row in enumerate(cells) if row[1] == "一级指标") + 1
    assert len(cells) == first + rows + 1
    names = [table[f"{row}.name"] for row in table.rows("indicators")]
    assert [row[3].strip() for row in cells[first:-1]] == [str(name or "").strip() for name in names]
    for column in (1, 2):
        before = ""
        for merge in merges(document, column)[first:-1]:
            assert merge != "continue" or before in {"restart", "continue"}
            assert not (before == "restart" and merge != "continue")
            before = merge
    assert (
        len(
            {row.find(f"{qn('w:trPr')}/{qn('w:trHeight')}").get(qn("w:val")) for row in root(document).iter(qn("w:tr"))}
        )
        == 1
    )
