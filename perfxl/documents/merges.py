"""Cells merged down a column: equal 一级, and equal 二级 inside them, whatever else a table's row holds.

A row of a master's table stands for all rows of a form's; which of its cells go on with a group is known only when it is
filled in. The cells carry signs then (:mod:`perfxl.documents.signs`).
"""

from __future__ import annotations

from collections.abc import Iterator

from docx.oxml.ns import qn
from lxml import etree

from perfxl.documents.signs import MORE

_BEFORE_MERGE = tuple(map(qn, ("w:cnfStyle", "w:tcW", "w:gridSpan", "w:hMerge")))
"""What stands before the merge among the properties of a cell (CT_TcPr)."""


def merge_down(tree: etree._Element) -> None:
    """Merge the cells of all tables in a document that carry signs: those that go on with a group lose their text."""
    for table in tree.iter(qn("w:tbl")):
        rows = [dict(_cells(row)) for row in table.iterchildren(qn("w:tr"))]
        for above, row in zip([{}, *rows], [*rows], strict=False):
            for column, cell in row.items():
                start = above.get(column)
                if MORE in _text(cell) and start is not None:
                    if not _merged(start):
                        _merge(start, "restart")
                    _merge(cell, "continue")
        for row in rows:
            for cell in row.values():
                if _merged(cell) == "continue" and MORE in _text(cell):
                    _empty(cell)


def _cells(row: etree._Element) -> Iterator[tuple[int, etree._Element]]:
    """Yield the cells of a row with the column of the table's grid that each begins at."""
    column = 0
    for cell in row.iterchildren(qn("w:tc")):
        yield column, cell
        span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
        column += int(span.get(qn("w:val"), "1")) if span is not None else 1


def _text(cell: etree._Element) -> str:
    return "".join(text.text or "" for text in cell.iter(qn("w:t")))


def _merged(cell: etree._Element) -> str:
    found = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
    return "" if found is None else found.get(qn("w:val"), "continue")


def _merge(cell: etree._Element, how: str) -> None:
    properties = cell.find(qn("w:tcPr"))
    if properties is None:
        properties = etree.Element(qn("w:tcPr"))
        cell.insert(0, properties)
    for old in properties.findall(qn("w:vMerge")):
        properties.remove(old)
    place = sum(1 for one in properties if one.tag in _BEFORE_MERGE)
    merge = etree.Element(qn("w:vMerge"))
    merge.set(qn("w:val"), how)
    properties.insert(place, merge)


def _empty(cell: etree._Element) -> None:
    """Leave one paragraph without text: a cell must have one."""
    first, *others = list(cell.iterchildren(qn("w:p")))
    for paragraph in others:
        cell.remove(paragraph)
    for run in list(first.iterchildren(qn("w:r"))):
        first.remove(run)
