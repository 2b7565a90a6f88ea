"""The sheets in ``content.xml`` of an OpenDocument spreadsheet."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping

from msgspec import Struct, field

from perfxl.model.address import MAX_COLUMN, MAX_ROW, Box
from perfxl.model.grid import CellKind, Content, Grid, GridCell, Unseen
from perfxl.model.regex import deferred
from perfxl.package.limits import Limits
from perfxl.package.scan import scan
from perfxl.package.unreadable import Unreadable, UnreadableReason, check_count, check_length
from perfxl.readers.cell_value import read_value
from perfxl.readers.merges import Merges
from perfxl.readers.ods_styles import Styles
from perfxl.readers.styles import BUILT_IN, GENERAL

_PASSED_OVER = {"annotation", "shapes", "forms", "tracked-changes", "content-validations", "ruby-text", "note", "frame"}
_CELLS = {"table-cell", "covered-table-cell"}
_HIDDEN = frozenset({"collapse", "filter"})
_BLANKS = deferred(r"[ \t\r\n]+")
_FORMULA_BEGINNING = deferred(r"(?:[a-zA-Z]+:)?=")
_FORMULA_PIECE = deferred(r"\"(?:[^\"]++|\"\")*+\"|\[(?P<reference>[^\[\]]*+)\]|(?P<parted>;)")
_FORMULA_CELL = deferred(r"(?P<sheet>\$?(?:'(?:[^']++|'')++'|[^.:']+))?\.(?P<cell>[^:]+)")
_DURATION = deferred(r"P(?:(\d{1,6})D)?T(\d{1,6})H(\d{1,6})M(\d{1,6}(?:\.\d{1,12})?)S")
_DATE, _TIME, _PERCENT = BUILT_IN[14], BUILT_IN[21], BUILT_IN[9]


class OdsSheets(Struct):
    """What was read: the sheets in the order of their tabs, names for all of them, links."""

    sheets: list[Grid] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    external_links: bool = False


def read_content(data: bytes, styles: Styles, limits: Limits) -> OdsSheets:
    """Read the sheets. Raises Unreadable, also where the document is no spreadsheet."""
    reader = _Reader(styles, limits)
    scan(data, limits, reader.opened, reader.closed, reader.read)
    if not reader.found.sheets:
        raise Unreadable(UnreadableReason.DAMAGED, "文件里没有工作表")
    return reader.found


class _Reader:
    """Handlers over ``spreadsheet/table/table-row/table-cell/p``; rows and columns stand in groups or by themselves."""

    def __init__(self, styles: Styles, limits: Limits) -> None:
        self.found = OdsSheets()
        self._styles = styles
        self._limits = limits
        self._passing = 0
        """Depth of the element that is passed over with all in it, 0 where none is."""
        self._table: Mapping[str, str] | None = None
        self._cells: dict[tuple[int, int], GridCell] = {}
        self._merges = Merges(limits)
        self._names: dict[str, str] = {}
        self._columns: list[tuple[int, str]] = []
        self._hidden_rows: set[int] = set()
        self._hidden_columns: set[int] = set()
        self._row_hidden = False
        self._row = self._column = self._rows = self._used = 0
        self._line: list[GridCell] = []
        self._cell: dict[str, str] | None = None
        self._paragraphs: list[str] = []
        self._in_paragraph = 0

    def opened(self, depth: int, element: str, attributes: Mapping[str, str]) -> None:
        if self._passing:
            return
        if element in _PASSED_OVER or (element == "table" and self._table is not None):
            self._passing = depth
        elif self._cell is not None:
            self._open_text(depth, element, attributes)
        elif element in _CELLS:
            self._cell = {key: value for key, value in attributes.items() if key != "calcext:value-type"}
            self._cell = {key.rpartition(":")[2]: value for key, value in self._cell.items()}
            if attributes.get("calcext:value-type") == "error":
                self._cell["value-type"] = "error"
            self._paragraphs.clear()
        else:
            self._open_around(element, {key.rpartition(":")[2]: value for key, value in attributes.items()})

    def _open_around(self, element: str, attributes: Mapping[str, str]) -> None:
        match element:
            case "table":
                self._table = attributes
                self._cells, self._names, self._columns = {}, {}, []
                self._hidden_rows, self._hidden_columns = set(), set()
                self._merges = Merges(self._limits)
                self._row = self._column = 0
            case "table-column":
                last = (self._columns[-1][0] if self._columns else 0) + _count(attributes, "number-columns-repeated")
                first = self._columns[-1][0] if self._columns else 0
                if attributes.get("visibility") in _HIDDEN:
                    self._hidden_columns.update(range(first + 1, min(last, MAX_COLUMN) + 1))
                self._columns.append((last, attributes.get("default-cell-style-name", "")))
                check_count(len(self._columns), self._limits)
            case "table-row":
                self._rows = _count(attributes, "number-rows-repeated")
                self._row_hidden = attributes.get("visibility") in _HIDDEN
                self._column = 0
                self._line = []
            case "table-source":
                self.found.external_links = True
            case "named-expression" | "named-range":
                names = self.found.names if self._table is None else self._names
                names[attributes["name"]] = attributes.get("expression") or attributes.get("cell-range-address", "")
                check_count(len(names), self._limits)

    def _open_text(self, depth: int, element: str, attributes: Mapping[str, str]) -> None:
        if element == "p" and not self._in_paragraph:
            self._in_paragraph = depth
            self._paragraphs.append("")
        elif self._in_paragraph:
            if element == "s":
                count = next((int(value) for key, value in attributes.items() if key.endswith(":c")), 1)
                self._add(" " * min(max(count, 0), self._limits.max_text + 1))
            elif element in {"tab", "line-break"}:
                self._add("\t" if element == "tab" else "\n")

    def read(self, text: str) -> None:
        if self._in_paragraph and not self._passing:
            self._add(_BLANKS.sub(" ", text))

    def _add(self, text: str) -> None:
        self._paragraphs[-1] = check_length(self._paragraphs[-1] + text, self._limits)

    def closed(self, depth: int, element: str) -> None:
        if self._passing:
            self._passing = 0 if depth == self._passing else self._passing
        elif depth == self._in_paragraph:
            self._in_paragraph = 0
        elif element in _CELLS and self._cell is not None:
            self._close_cell(self._cell)
            self._cell = None
        elif element == "table-row":
            self._close_row()
        elif element == "table":
            self._close_table()

    def _close_cell(self, cell: Mapping[str, str]) -> None:
        row, column = self._row + 1, self._column + 1
        repeated = _count(cell, "number-columns-repeated")
        self._column += repeated
        rows, columns = _count(cell, "number-rows-spanned"), _count(cell, "number-columns-spanned")
        if rows > 1 or columns > 1:
            last_row, last_column = min(row + rows - 1, MAX_ROW), min(column + columns - 1, MAX_COLUMN)
            self._merges.add(Box(row, column, last_row, last_column))
        written = cell.get("formula")
        kind, value = _value(cell, check_length("\n".join(self._paragraphs), self._limits))
        if written is None and (value is None or value == ""):
            return
        formula = None if written is None else check_length(formula_text(written), self._limits)
        for place in range(column, min(column + repeated, MAX_COLUMN + 1)):
            code = _shown(cell.get("value-type", ""), self._styles.code(cell.get("style-name") or self._default(place)))
            self._line.append(GridCell(row, place, kind, value, code, formula))
            check_count(self._used + len(self._line), self._limits)

    def _default(self, column: int) -> str:
        number = bisect_left(self._columns, (column, ""))
        return self._columns[number][1] if number < len(self._columns) else ""

    def _close_row(self) -> None:
        if self._line:
            for row in range(self._row + 1, min(self._row + self._rows, MAX_ROW) + 1):
                self._used += len(self._line)
                check_count(self._used, self._limits)
                if self._row_hidden:
                    self._hidden_rows.add(row)
                self._cells.update({(row, cell.column): cell._replace(row=row) for cell in self._line})
        self._row += self._rows

    def _close_table(self) -> None:
        table, self._table = self._table or {}, None
        name = table.get("name", "")
        if name.startswith("'file:"):  # what was read last from another file, kept beside the sheets
            self.found.external_links = True
            return
        hidden = table.get("style-name", "") in self._styles.hidden
        unseen = Unseen(frozenset(self._hidden_rows), frozenset(self._hidden_columns))
        self.found.sheets.append(Grid(name, self._cells, tuple(self._merges.found), hidden, self._names, unseen=unseen))
        check_count(len(self.found.sheets), self._limits)


def _count(attributes: Mapping[str, str], name: str) -> int:
    """Return how often something stands; a sheet has only so many rows. Raises ValueError for what is no number."""
    return min(max(int(attributes.get(name, "1")), 1), MAX_ROW)


def _value(cell: Mapping[str, str], text: str) -> tuple[CellKind, Content]:
    match cell.get("value-type"):
        case "float" | "percentage" | "currency":
            return read_value("n", cell.get("value", ""), ())
        case "date":
            return read_value("d", cell.get("date-value", ""), ())
        case "time":
            found = _DURATION.fullmatch(cell.get("time-value", ""))
            if found is None:
                return CellKind.TEXT, text
            days, hours, minutes, seconds = (float(part or 0) for part in found.groups())
            return read_value("n", repr(days + hours / 24 + minutes / 1440 + seconds / 86400), ())
        case "boolean":
            return CellKind.BOOLEAN, cell.get("boolean-value") == "true"
        case "error":
            return CellKind.ERROR, text or "#VALUE!"
        case "string":
            return CellKind.TEXT, text or cell.get("string-value", "")
        case _:
            return (CellKind.TEXT, text) if text else (CellKind.BLANK, None)


def _shown(kind: str, code: str) -> str:
    """Return the code of a cell; where its style leaves it open, what kind of number it is says enough."""
    if kind == "percentage" and "%" not in code:
        return _PERCENT
    if code == GENERAL and kind in {"date", "time"}:
        return _DATE if kind == "date" else _TIME
    return code


def formula_text(written: str) -> str:
    """Return a formula without ``=`` as somebody would type it: ``of:=SUM([.A1:.B2];[$其他.C3])`` → ``SUM(A1:B2,其他!C3)``."""
    begun = _FORMULA_BEGINNING.match(written)
    return _FORMULA_PIECE.sub(_typed, written[begun.end() :] if begun else written)


def _typed(found: re.Match[str]) -> str:
    if found["parted"]:
        return ","
    if found["reference"] is None:
        return found[0]
    return ":".join(filter(None, (_cell(part) for part in found["reference"].split(":"))))


def _cell(written: str) -> str:
    found = _FORMULA_CELL.fullmatch(written)
    if found is None:
        return written
    sheet = (found["sheet"] or "").removeprefix("$")
    return f"{sheet}!{found['cell']}" if sheet else found["cell"]
