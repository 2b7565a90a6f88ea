"""Blanks as other people have them: without a trace of perfxl, without locks, spaced out by hand, with stray formats."""

from __future__ import annotations

import io
import json
import re
from functools import cache
from typing import Any

import openpyxl
from openpyxl.styles import Protection
from openpyxl.worksheet.datavalidation import DataValidationList

from perfxl.api import generate
from perfxl.forms.definition.load import load_forms, shipped

YEAR = 2024
FORMS = tuple(sorted(load_forms()))
_LITERAL = re.compile(r'"([^"]*)"')


def sample(form: str) -> Any:
    """Return the data of a shipped form's sample."""
    return json.loads((shipped() / form / "sample.json").read_text(encoding="utf-8"))


@cache
def stripped(form: str, *, filled: bool = False) -> bytes:
    """Return the blank of a shipped form, or its sample, with all taken out that is perfxl's own: sheets, names, colours."""
    data = sample(form) if filled else None
    return without_ours(generate(load_forms()[form], year=YEAR, data=data))


def without_ours(data: bytes) -> bytes:
    """Return a workbook of ours with all taken out that is perfxl's own: sheets, names, colours."""
    return stripped_of(data, openpyxl.load_workbook(io.BytesIO(data), read_only=True).sheetnames[0])


def stripped_of(data: bytes, title: str) -> bytes:
    """Return a workbook of ours with nothing but a sheet of it, without all that is perfxl's own: names, colours."""
    book: Any = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book[title]
    for other in [other for other in book.worksheets if other is not sheet]:
        book.remove(other)
    for name in [*book.defined_names]:
        del book.defined_names[name]
    for name in [name for name in sheet.defined_names if not name.startswith(("Print", "_xlnm"))]:
        del sheet.defined_names[name]
    for name in [*book.custom_doc_props.names]:
        del book.custom_doc_props[name]
    sheet.conditional_formatting = type(sheet.conditional_formatting)()
    book.properties.title = None
    book.properties.creator = "somebody"
    return _saved(book)


@cache
def bare(form: str, *, filled: bool = False) -> bytes:
    """Return a stripped blank or sample without locks and prompts; what its number formats show stands there as text."""
    return bare_of(stripped(form, filled=filled))


def bare_of(data: bytes) -> bytes:
    """Return a stripped workbook without locks and prompts; what its number formats show stands there as text."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book.worksheets[0]
    sheet.protection.sheet = False
    rules = DataValidationList()
    for rule in sheet.data_validations.dataValidation:
        if rule.type == "list":
            rule.prompt = rule.promptTitle = None
            rules.append(rule)
    sheet.data_validations = rules
    for cell in _cells(sheet):
        texts = _LITERAL.findall(cell.number_format)
        if texts and not isinstance(cell.value, str):
            before, after = (texts[0], texts[-1] if len(texts) > 1 else "")
            if not cell.number_format.startswith('"'):
                before, after = "", texts[0]
            day = re.search(r"[yd]", _LITERAL.sub("", cell.number_format))
            cell.value = f"{before}　　　　" if day else f"{before}{_year(cell.value)}{after}"
            cell.number_format = "General"
        cell.protection = Protection(locked=False)
    return _saved(book)


def _year(value: object) -> str:
    return str(value) if isinstance(value, int) else "　　　　"


@cache
def worn(form: str) -> bytes:
    """Return a bare blank with its labels spaced out by hand and formats strewn far below and beside it."""
    book = openpyxl.load_workbook(io.BytesIO(bare(form)))
    sheet = book.worksheets[0]
    for cell in _cells(sheet):
        if isinstance(cell.value, str) and re.fullmatch("[一-龥]{2}", cell.value):
            cell.value = f"{cell.value[0]}    {cell.value[1]}"
        elif isinstance(cell.value, str) and re.fullmatch("[一-龥]{4}", cell.value):
            cell.value = " ".join(cell.value)
    for row in range(sheet.max_row + 1, 300):
        sheet.cell(row, 1).number_format = "0.00"
    sheet.cell(3, sheet.max_column + 3).number_format = "@"
    return _saved(book)


def _cells(sheet: Any) -> list[Any]:
    return [cell for row in sheet.iter_rows() for cell in row if not isinstance(cell, openpyxl.cell.cell.MergedCell)]


def _saved(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@cache
def grid(data: bytes) -> dict[tuple[int, int], tuple[str, bool, str]]:
    """Return every cell that is a label, a merge's corner or an input: its text without blanks, whether it is open, its merge."""
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    merges = {(area.min_row, area.min_col): area.coord for area in sheet.merged_cells.ranges}
    found = {}
    for cell in _cells(sheet):
        text = cell.value if isinstance(cell.value, str) and not cell.value.startswith("=") else ""
        place = (cell.row, cell.column)
        one = ("".join(text.split()), not cell.protection.locked, merges.get(place, ""))
        if any(one):
            found[place] = one
    return found


def equal(one: bytes, other: bytes) -> float:
    """Return the share of cells on either side that are equal in text, role and merge."""
    left, right = grid(one), grid(other)
    places = left.keys() | right.keys()
    return sum(left.get(place) == right.get(place) for place in places) / len(places)


@cache
def texts(data: bytes) -> frozenset[str]:
    """Return the texts that stand in the cells of the first sheet, without blanks."""
    # Read-only, openpyxl reads none of the sheets of rules, which are most of a workbook of ours.
    rows = openpyxl.load_workbook(io.BytesIO(data), read_only=True).worksheets[0].iter_rows(values_only=True)
    found = (value for row in rows for value in row if isinstance(value, str) and not value.startswith("="))
    return frozenset("".join(text.split()) for text in found) - {""}


def without_locks(form: str, data: bytes) -> dict[tuple[int, int], tuple[str, bool, str]]:
    """Return the cells of a blank that has lost its locks, with the locks of the form: what should be found in it."""
    kept, worn_out = grid(stripped(form)), grid(data)
    none = ("", False, "")
    found = {}
    for place in kept.keys() | worn_out.keys():
        one = (worn_out.get(place, none)[0], kept.get(place, none)[1], kept.get(place, none)[2])
        if any(one):
            found[place] = one
    return found


def share(
    wanted: dict[tuple[int, int], tuple[str, bool, str]], found: dict[tuple[int, int], tuple[str, bool, str]]
) -> float:
    """Return the share of cells that are equal; one whose text has become its number format's counts as it is shown."""
    places = wanted.keys() | found.keys()
    same = [_alike(wanted.get(place), found.get(place)) for place in places]
    return sum(same) / len(same)


def _alike(one: tuple[str, bool, str] | None, other: tuple[str, bool, str] | None) -> bool:
    if one is None or other is None:
        return False
    year = re.fullmatch(r"[（(](20\d\d)?年度[)）]", one[0])
    return one == other or (year is not None and not other[0] and one[2] == other[2])
