"""Masters for tests, and what a document of Word says: its paragraphs, its tables, the faces of its runs."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import docx
from docx.oxml.ns import qn
from lxml import etree

from perfxl.documents.masters.paper import TableCell, package, paragraph, table, table_row

SCHEMA = Path(__file__).resolve().parent.parent / "schemas" / "word.xsd"


def small_master(*texts: str, rows: Sequence[Sequence[str]] = ()) -> bytes:
    """Return a master with some paragraphs, and a table below them."""
    widths = [1000] * max((len(row) for row in rows), default=1)
    made = [table_row(widths, [TableCell(text, len(widths) // len(row)) for text in row]) for row in rows]
    return package("".join(map(paragraph, texts)) + (table(widths, made) + paragraph("") if rows else ""), "")


def paragraphs(document: bytes) -> list[str]:
    """Return the text of each paragraph outside of tables."""
    return [one.text for one in docx.Document(io.BytesIO(document)).paragraphs]


def grid(document: bytes, number: int = 0) -> list[list[str]]:
    """Return the texts of a table, cell by cell of its grid: a merged cell's text in each."""
    return [[cell.text for cell in row.cells] for row in docx.Document(io.BytesIO(document)).tables[number].rows]


def root(document: bytes, part: str = "word/document.xml") -> Any:
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        return etree.fromstring(archive.read(part))


def merges(document: bytes, column: int, number: int = 0) -> list[str]:
    """Return how the cells of one column of a table's grid are merged down, row by row: restart, continue or ""."""
    found = []
    for row in list(root(document).iter(qn("w:tbl")))[number].findall(qn("w:tr")):
        cells = [cell for cell in row.findall(qn("w:tc")) for _ in range(_span(cell))]
        merge = cells[column].find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
        found.append("" if merge is None else merge.get(qn("w:val"), "continue"))
    return found


def _span(cell: Any) -> int:
    span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
    return 1 if span is None else int(span.get(qn("w:val")))


def faceless(document: bytes) -> list[str]:
    """Return the texts of runs that do not say which Chinese face they are in."""
    return [
        "".join(run.itertext())
        for run in root(document).iter(qn("w:r"))
        if (faces := run.find(f"{qn('w:rPr')}/{qn('w:rFonts')}")) is None or not faces.get(qn("w:eastAsia"))
    ]


@cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(SCHEMA))


def faults(document: bytes) -> list[str]:
    """Return what the schemas of ECMA-376 have to say against the parts of a document."""
    found = []
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            part = etree.fromstring(archive.read(name))
            if name.startswith("word/") and name.endswith(".xml") and not _schema().validate(part):
                found += [f"{name}: {error.message}" for error in _schema().error_log]
    return found
