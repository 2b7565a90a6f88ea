"""What may be typed into cells, from data validations as workbooks of every format have them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from perfxl.adopt.sheet import MOST_LOOKS, Limit
from perfxl.model.address import Box, parse_cell
from perfxl.model.grid import Book, Grid

_MOST_LIMITED = 20_000
"""Cells of one validation that are looked at; one over whole columns says nothing of a form's inputs."""
_MOST_CHOICES = 5_000
_AREA = re.compile(
    r"(?:(?:'(?P<quoted>[^']+)'|(?P<sheet>[^'!]+))!)?(?P<first>\$?[A-Z]{1,3}\$?\d{1,7})(?::(?P<last>\$?[A-Z]{1,3}\$?\d{1,7}))?"
)
PRINT_AREA = "_xlnm.Print_Area"
_PRINTED = re.compile(r"(\$[A-Z]{1,3}\$\d{1,7}):(\$[A-Z]{1,3}\$\d{1,7})$")
_FROM_BELOW = {"", "between", "greaterThanOrEqual", "greaterThan"}
_FROM_ABOVE = {"lessThanOrEqual", "lessThan"}


class Validation(NamedTuple):
    """A data validation: its kind and operator in the words of Office Open XML, its formulas as typed, what it asks for."""

    kind: str
    operator: str = ""
    first: str = ""
    second: str = ""
    prompt: str = ""


def limit_of(rule: Validation, book: Book, grid: Grid) -> Limit:
    """Return what a validation on a sheet of a workbook lets be typed."""
    if rule.kind == "list":
        return Limit("list", _choices(rule.first, book, grid), prompt=rule.prompt)
    least = _bound(rule.first) if rule.operator in _FROM_BELOW else None
    most = rule.second if rule.operator in {"", "between"} else rule.first if rule.operator in _FROM_ABOVE else ""
    return Limit(rule.kind or "any", (), least, _bound(most), rule.prompt)


def places_of(area: Box) -> Iterator[tuple[int, int]]:
    """Yield the places that a validation stands on as far down as looks are read, none where it stands on whole columns."""
    last = min(area.last_row, MOST_LOOKS)
    if area._replace(last_row=last).area > _MOST_LIMITED or (area.row == 1 and area.area > _MOST_LIMITED):
        return
    for row in range(area.row, last + 1):
        for column in range(area.column, area.last_column + 1):
            yield row, column


def print_area(grid: Grid) -> Box | None:
    """Return what of a sheet is printed, None where it does not say so or says several areas."""
    said = grid.names.get(PRINT_AREA, "").replace(".", "").rpartition("!")[2]
    found = _PRINTED.search(said)
    if found is None or "," in said or ";" in said or " " in said.strip():
        return None
    try:
        return Box(*parse_cell(found[1]), *parse_cell(found[2]))
    except ValueError:
        return None


def _bound(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _choices(source: str, book: Book, grid: Grid) -> tuple[str, ...]:
    """Return what a list offers: words in quotes, or those of the cells that it refers to, by themselves or by a name."""
    text = source.strip().removeprefix("=")
    if text.startswith('"'):
        return _words(word for word in text.strip('"').replace("，", ",").split(","))
    text = grid.names.get(text, "") or book.names.get(text, "") or text
    found = _AREA.fullmatch(text)
    if found is None:
        return ()
    name = found["quoted"] or found["sheet"]
    other = grid if name is None else next((one for one in book.sheets if one.name == name), None)
    try:
        area = Box(*parse_cell(found["first"]), *parse_cell(found["last"] or found["first"]))
    except ValueError:
        return ()
    if other is None or area.area > _MOST_CHOICES:
        return ()
    cells = (other.cells.get(place) for place in places_of(area))
    return _words(str(cell.value) for cell in cells if cell is not None and cell.value is not None)


def _words(said: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.strip() for word in said if word.strip()))
