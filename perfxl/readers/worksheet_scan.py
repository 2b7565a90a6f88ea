"""The cells and merges of a worksheet part, element by element, however it is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from msgspec import Struct

from perfxl.model.address import MAX_COLUMN, MAX_ROW, Box, column_number, parse_cell
from perfxl.model.grid import ALL_SEEN, CellKind, GridCell, Unseen
from perfxl.model.regex import deferred
from perfxl.package.limits import Limits
from perfxl.package.scan import scan, whole
from perfxl.package.strings import RichText
from perfxl.package.unreadable import check_count, check_length
from perfxl.readers.cell_value import read_value
from perfxl.readers.merges import Merges
from perfxl.readers.styles import BUILT_IN, GENERAL
from perfxl.values.dates import from_1904
from perfxl.values.formulas.shared import SharedFormula

_DATE_FORMAT = BUILT_IN[14]
_TRUE = frozenset({"1", "true", "on"})
_DRAWN_COLUMNS = 1_000
"""Columns of which the widths are kept: those that anybody draws."""
_NOT_APART = (b'"shared"', b'"array"', b'"dataTable"', b"<?", b"<!")
"""What stands in rows, as a rule, of which not each reads by itself as it does among the others: not worth a try."""
_FIRST_ROW = deferred(rb"\s*(<(?:[A-Za-z0-9]{1,20}:)?row )")
_WIDEST, _DIGITS = 255.0, 8
"""The widest column of a workbook in characters, and the digits of a width that are looked at."""


class Shared(Struct, frozen=True):
    """What all sheets of a workbook refer to."""

    strings: Sequence[str] = ()
    formats: Sequence[str] = ()
    """Number format codes by cell style."""
    date1904: bool = False
    """Whether numbers that show a date count days from 1904; a date that is written out depends on no system."""

    def shows_as(self, other: Shared, last_style: int) -> bool:
        """Tell whether cells of styles up to one show their numbers as they do in another workbook."""
        own, used = self.formats, last_style + 1
        return self.date1904 == other.date1904 and used <= len(own) and own[:used] == other.formats[:used]


class WorksheetContent(NamedTuple):
    """Used cells by (row, column) in reading order, and merges as they stand; the columns that say how wide they are."""

    cells: dict[tuple[int, int], GridCell]
    merges: tuple[Box, ...]
    unseen: Unseen = ALL_SEEN
    widths: Mapping[int, float] = MappingProxyType({})
    last_style: int = -1
    """The number of a style beyond which no used cell carries one."""


def read_any_worksheet(data: bytes, shared: Shared, limits: Limits) -> WorksheetContent:
    """Return what a worksheet holds, however its rows are written, as ``read_worksheet`` does."""
    reader = _Reader(shared, limits)
    scan(data, limits, reader.opened, reader.closed, reader.read)
    return reader.content()


def read_apart_rows(rows: bytes, shared: Shared, limits: Limits) -> WorksheetContent:
    """Return what rows hold each of which reads the same by itself, however they are written.

    Such rows say their numbers in order, and their cells only these; nothing is shared among them, and no other element
    is called a row. Raises ValueError or Unreadable where they are not such.
    """
    if any(word in rows for word in _NOT_APART):
        raise ValueError(rows)
    reader = _Reader(shared, limits)
    scan(b"<x><sheetData>" + rows + b"</sheetData></x>", limits, reader.opened, reader.closed, reader.read)
    if not reader.apart or reader.rows != rows.count(row_tag(rows)):
        raise ValueError(rows)
    return reader.content()


def row_tag(rows: bytes) -> bytes:
    """Return what each of some rows begins with where all begin as the first one does."""
    first = _FIRST_ROW.match(rows)
    return first[1] if first else b"<row "


class _Reader:
    """Handlers over ``worksheet/sheetData/row/c/{f,v,is}`` and ``worksheet/mergeCells/mergeCell``, told by depth.

    Depth and not only the name: validations and formats of later versions have an ``f`` of their own.
    """

    def __init__(self, shared: Shared, limits: Limits) -> None:
        self._shared = shared
        self._limits = limits
        self._cells: dict[tuple[int, int], GridCell] = {}
        self._merges = Merges(limits)
        self._arrays: list[Box] = []
        self.apart = True
        """Whether each row reads the same by itself."""
        self.rows = 0
        self._section = ""
        self._row = 0
        self._column = 0
        self._row_hidden = False
        self._hidden_rows: set[int] = set()
        self._hidden_columns: set[int] = set()
        self._widths: dict[int, float] = {}
        self._in_cell = False
        self._in_item = False
        self._written_type = ""
        self._style = 0
        self._last_style = -1
        self._value: str | None = None
        self._formula: str | None = None
        self._share = ""
        self._formulas: dict[str, SharedFormula] = {}
        self._item = RichText(item_depth=5)
        self._pieces: list[str] = []
        self._reading = False

    def opened(self, depth: int, name: str, attributes: Mapping[str, str]) -> None:
        if depth == 4:
            if name == "c" and self._section == "sheetData":
                self._open_cell(attributes)
            else:
                self.apart = False
        elif depth == 5:
            if self._in_cell:
                self._open_part(name, attributes)
        elif depth > 5:
            self._reading = False
            self.apart = self.apart and name != "row"
            if self._in_item:
                self._item.opened(depth, name)
        elif depth == 3:
            self._open_line(name, attributes)
        elif depth == 2:
            self.apart = not self._section
            self._section = name

    def closed(self, depth: int, name: str) -> None:
        if depth == 5:
            if self._reading:
                self._close_text(name)
            elif self._in_item:
                self._in_item = False
                self._value = check_length(self._item.take(), self._limits)
        elif depth == 4:
            if self._in_cell:
                self._close_cell()
        elif self._in_item and depth > 5:
            self._item.closed(depth)

    def read(self, text: str) -> None:
        if self._reading:
            self._pieces.append(text)
        elif self._in_item:
            self._item.read(text)

    def content(self) -> WorksheetContent:
        """Return what was read, once the whole part was."""
        self._mark_arrays()
        return WorksheetContent(
            dict(sorted(self._cells.items())),
            tuple(self._merges.found),
            self._unseen(),
            self._widths,
            self._last_style,
        )

    def _open_line(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "row" and self._section == "sheetData":
            stated, last = whole(attributes.get("r"), 0), self._row
            self._row = _bounded(whole(attributes.get("r"), last + 1), MAX_ROW)
            self.apart = self.apart and stated == self._row > last
            self.rows += 1
            self._row_hidden = attributes.get("hidden") in _TRUE
            self._column = 0
        elif name == "col" and self._section == "cols":
            self._open_columns(attributes)
        elif name == "mergeCell" and self._section == "mergeCells" and (merge := _area(attributes.get("ref", ""))):
            self._merges.add(merge)
        else:
            self.apart = False

    def _open_columns(self, attributes: Mapping[str, str]) -> None:
        first, last = whole(attributes.get("min"), 1), whole(attributes.get("max"), 0)
        if attributes.get("hidden") in _TRUE:
            self._hidden_columns.update(range(max(first, 1), min(last, MAX_COLUMN) + 1))
        elif (width := attributes.get("width", "")).replace(".", "", 1).isdecimal():
            columns = range(max(first, 1), min(last, _DRAWN_COLUMNS) + 1)
            self._widths.update(dict.fromkeys(columns, min(float(width[:_DIGITS]), _WIDEST)))

    def _open_cell(self, attributes: Mapping[str, str]) -> None:
        place = attributes.get("r", "")
        letters = place.rstrip("0123456789")
        if len(letters) < len(place):
            row = _bounded(int(place[len(letters) :]), MAX_ROW)
            self.apart = self.apart and row == self._row
            self._row = row
        # A column that is not stated is the one after the last.
        self._column = column_number(letters.upper()) if letters else _bounded(self._column + 1, MAX_COLUMN)
        self._in_cell = True
        self._written_type = attributes.get("t") or "n"
        self._style = whole(attributes.get("s"), 0)
        self._value = None
        self._formula = None

    def _open_part(self, name: str, attributes: Mapping[str, str]) -> None:
        self._in_item = name == "is"
        self._reading = name in {"v", "f"}
        self.apart = self.apart and attributes.get("t", "normal") == "normal"
        # The other cells of an array or a data table carry no formula element: noted here, marked at the end.
        if name == "f" and attributes.get("t") in {"array", "dataTable"} and ":" in attributes.get("ref", ""):
            self._arrays += filter(None, [_area(attributes["ref"])])
        self._share = attributes.get("si", "") if name == "f" and attributes.get("t") == "shared" else ""

    def _close_text(self, name: str) -> None:
        text = check_length("".join(self._pieces), self._limits)
        self._pieces.clear()
        self._reading = False
        if name == "v":
            self._value = text
        else:
            self._formula = self._shared_formula(text.removeprefix("="))

    def _shared_formula(self, text: str) -> str:
        """Return the formula of a cell: its own, or the one that it shares with others, as it is here."""
        if not self._share:
            return text
        if text:
            self._formulas[self._share] = SharedFormula(text, self._row, self._column)
        written = self._formulas.get(self._share)
        return written.at(self._row, self._column) if written is not None and not text else text

    def _close_cell(self) -> None:
        self._in_cell = False
        if self._value is None and self._formula is None:
            return
        kind, value = read_value(self._written_type, self._value or "", self._shared.strings)
        if self._formula is None and (value is None or value == ""):
            return  # a style only, or a text of no characters
        formats = self._shared.formats
        self._last_style = max(self._last_style, self._style)
        code = formats[self._style] if 0 <= self._style < len(formats) else GENERAL
        if self._written_type == "d" and code == GENERAL and kind is CellKind.NUMBER:
            code = _DATE_FORMAT
        place = (self._row, self._column)
        cell = GridCell(*place, kind, value, code, self._formula)
        self._cells[place] = from_1904(cell) if self._shared.date1904 and self._written_type != "d" else cell
        if self._row_hidden:
            self._hidden_rows.add(self._row)
        check_count(len(self._cells), self._limits)

    def _unseen(self) -> Unseen:
        return Unseen(frozenset(self._hidden_rows), frozenset(self._hidden_columns))

    def _mark_arrays(self) -> None:
        """Give the cells that an array formula fills, but that do not carry it, an empty formula."""
        work = 0
        for box in self._arrays:
            area = (box.last_row - box.row + 1) * (box.last_column - box.column + 1)
            work += min(area, len(self._cells))
            check_count(work, self._limits)
            inside = [
                cell
                for cell in (self._cells.values() if area > len(self._cells) else self._in_box(box))
                if cell.formula is None and box.holds(cell.row, cell.column)
            ]
            for cell in inside:
                self._cells[cell.row, cell.column] = cell._replace(formula="")

    def _in_box(self, box: Box) -> Iterator[GridCell]:
        for row in range(box.row, box.last_row + 1):
            for column in range(box.column, box.last_column + 1):
                if (row, column) in self._cells:
                    yield self._cells[row, column]


def _bounded(number: int, last: int) -> int:
    """Return a row or column number. Raises ValueError where no sheet has it."""
    if not 1 <= number <= last:
        raise ValueError(number)
    return number


@lru_cache(maxsize=4096)  # the merges of a form are those of all its returns
def _area(reference: str) -> Box | None:
    """Return ``B2:D4``, whichever corners it names, as a box; whole rows ``43:43`` and columns ``B:C``, too.

    None for what is no area of a sheet: an array or a merge that cannot be is none.
    """
    first, _, last = reference.upper().replace("$", "").partition(":")
    try:
        (row, column), (last_row, last_column) = _corner(first, 1, 1), _corner(last or first, MAX_ROW, MAX_COLUMN)
    except ValueError:
        return None
    return Box(min(row, last_row), min(column, last_column), max(row, last_row), max(column, last_column))


def _corner(name: str, row: int, column: int) -> tuple[int, int]:
    """Return a corner of an area; of a whole row or column the other number is given. Raises ValueError."""
    if name.isdecimal():
        return _bounded(int(name), MAX_ROW), column
    return (row, column_number(name)) if name.isalpha() else parse_cell(name)
