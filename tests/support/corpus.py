"""The corpus of rich returns (``tests/corpus``): its files, what is wrong in them, and reading them once more."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from lxml import etree

from perfxl.forms.definition.load import load_forms
from perfxl.model.address import cell_name, parse_cell
from perfxl.model.finding import Finding, Severity
from perfxl.model.grid import Book
from perfxl.model.submission import Submission
from perfxl.readers.book import read_book
from perfxl.receive.library import Library
from perfxl.receive.pipeline import process
from support.handmade import MAIN, RELATIONS, zipped
from support.packages import parts

FOLDER = Path(__file__).resolve().parent.parent / "corpus"
FILES = {path.name: path.read_bytes() for path in sorted(FOLDER.glob("*.xls*"))}
CLOSED = ("packed-signed.xlsx", "packed-strict.xlsx")
"""Those that must not be marked."""
OPEN = tuple(name for name in FILES if name not in CLOSED)


class Cell(NamedTuple):
    """A cell as its part writes it: type, formula with its attributes, value; no style."""

    type: str
    formula: str | None
    value: str | None


@cache
def library() -> Library:
    return Library.of(load_forms())


@cache
def read(data: bytes, name: str = "return.xlsx") -> Submission:
    return process(data, name, library())


@cache
def book(data: bytes) -> Book:
    found = read_book(data)
    assert isinstance(found, Book), found
    return found


def findings(data: bytes) -> list[Finding]:
    """Return what is wrong, and as much again made up: on cells of all sheets, blank, covered and far-off ones too."""
    made_up = []
    for grid in book(data).sheets:
        places = [*list(grid.cells)[::9], (2, 40), (3, 3), (400, 2)]
        places += [(merge.last_row, merge.last_column) for merge in grid.merges[::5]]
        for number, (row, column) in enumerate(places):
            severity = Severity.ERROR if number % 2 else Severity.WARNING
            made_up.append(Finding("M06", severity, "合计与各项之和不等", grid.name, cell_name(row, column)))
    return [*read(data).findings, *made_up]


@cache
def cells(data: bytes) -> dict[str, dict[str, Cell]]:
    """Return all cells by sheet, read with lxml; those that hold nothing are left out."""
    inside = parts(data)
    return {name: dict(_cells(etree.fromstring(inside[part]))) for name, part in sheet_parts(data).items()}


def sheet_parts(data: bytes) -> dict[str, str]:
    """Return the names of the worksheets' parts by sheet."""
    inside = parts(data)
    targets = {entry.get("Id"): entry.get("Target") for entry in etree.fromstring(inside["xl/_rels/workbook.xml.rels"])}
    sheets = etree.fromstring(inside["xl/workbook.xml"]).iter(f"{{{MAIN}}}sheet")
    return {
        sheet.get("name"): posixpath.join("/xl", targets[sheet.get(f"{{{RELATIONS}}}id")]).lstrip("/")
        for sheet in sheets
    }


def _cells(root: Any) -> Iterator[tuple[str, Cell]]:
    for cell in root.iter(f"{{{MAIN}}}c"):
        formula, value = cell.find(f"{{{MAIN}}}f"), cell.find(f"{{{MAIN}}}v")
        item = cell.find(f"{{{MAIN}}}is")
        written = None if formula is None else f"{sorted(formula.attrib.items())} {formula.text}"
        content = value.text if value is not None else None if item is None else "".join(item.itertext())
        if written is not None or content is not None:
            yield cell.get("r"), Cell(cell.get("t", "n"), written, content)


def fills(data: bytes) -> dict[str, dict[str, str]]:
    """Return by sheet and cell the fill of each cell that has one, as its part writes it."""
    inside = parts(data)
    styles = etree.fromstring(inside["xl/styles.xml"])
    written = [
        "".join(f"{etree.QName(node).localname}{sorted(node.attrib.items())}" for node in fill.iter(etree.Element))
        for fill in styles.iterfind(f"{{{MAIN}}}fills/{{{MAIN}}}fill")
    ]
    of_format = [int(entry.get("fillId", "0")) for entry in styles.iterfind(f"{{{MAIN}}}cellXfs/{{{MAIN}}}xf")]
    return {
        name: {
            cell.get("r"): written[of_format[int(cell.get("s"))]]
            for cell in etree.fromstring(inside[part]).iter(f"{{{MAIN}}}c")
            if of_format[int(cell.get("s", "0"))]
        }
        for name, part in sheet_parts(data).items()
    }


def typed(data: bytes, sheet: str, cell: str, text: str) -> bytes:
    """Return a workbook after a text was typed into a cell, and nothing else done."""
    part = sheet_parts(data)[sheet]
    inside: dict[str, str | bytes] = dict(parts(data))
    root = etree.fromstring(inside[part])
    number, column = parse_cell(cell)
    listed = root.find(f"{{{MAIN}}}sheetData")
    row = _child(listed, "row", str(number), lambda node: int(node.get("r")) - number)
    node = _child(row, "c", cell, lambda node: parse_cell(node.get("r"))[1] - column)
    for child in list(node):
        node.remove(child)
    node.set("t", "inlineStr")
    etree.SubElement(etree.SubElement(node, f"{{{MAIN}}}is"), f"{{{MAIN}}}t").text = text
    inside[part] = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return zipped(inside)


def _child(parent: Any, name: str, place: str, behind: Callable[[Any], int]) -> Any:
    """Return a row or cell by its place, put in where it is not there."""
    node = next((node for node in parent if behind(node) == 0), None)
    if node is None:
        node = etree.Element(f"{{{MAIN}}}{name}", r=place)
        parent.insert(sum(1 for other in parent if behind(other) < 0), node)
    return node
