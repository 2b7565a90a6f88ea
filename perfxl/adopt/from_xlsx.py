"""How the sheets of an Office Open XML workbook look (.xlsx, .xlsm): styles, validations, page (ECMA-376 Part 1, 18.3, 18.8)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Final

from msgspec import Struct, field

from perfxl.adopt.laying import MOST_COLUMNS
from perfxl.adopt.limits import Validation, limit_of, places_of, print_area
from perfxl.adopt.page_lines import page_line
from perfxl.adopt.sheet import MOST_LOOKS, PLAIN, Limit, Looks, Paper, Style
from perfxl.model.address import Box, parse_cell
from perfxl.model.grid import Book, Grid
from perfxl.package.limits import Limits
from perfxl.package.outline import read_outline
from perfxl.package.package import Package
from perfxl.package.scan import is_true, scan, whole
from perfxl.package.unreadable import check_count
from perfxl.readers.styles import GENERAL, read_formats
from perfxl.readers.xlsx import part_of

_SIDES: Final = ("left", "right", "top", "bottom")
_FORMULAS: Final = frozenset({"formula1", "formula2", "sqref"})
_INCH = Decimal("2.54")
_PADDING = 0.71
"""What a width in the file has beside its characters."""
_A3: Final = "8"
"""The number of a size of paper (18.3.1.63)."""


def looks_of_xlsx(package: Package, part: str, book: Book, limits: Limits) -> Iterator[Looks]:
    """Yield the looks of each sheet of the workbook whose main part is ``part``, in the order of its sheets.

    A sheet whose part is not there or damaged has none. Raises Unreadable over a limit.
    """
    relations = package.relations(part)
    styles_part = part_of(package, relations, {"styles"})
    styles = _styles(package.read(styles_part), limits) if styles_part else ()
    by_id = {relation.id: relation.target for relation in relations if relation.kind == "worksheet"}
    for entry, grid in zip(read_outline(package.read(part), limits).sheets, book.sheets, strict=True):
        reader = _Reader(styles, book, grid)
        target = by_id.get(entry.relation, "")
        if entry.hidden or grid.damaged or target not in package:
            yield Looks()
            continue
        scan(package.read(target), limits, reader.opened, reader.closed, reader.read)
        yield reader.looks()


def _styles(data: bytes, limits: Limits) -> tuple[Style, ...]:
    """Return the styles of cells by the index that cells carry."""
    reader = _StyleReader(limits)
    scan(data, limits, reader.opened)
    codes = read_formats(data, limits)
    return tuple(
        Style(
            format=codes[number] if number < len(codes) else GENERAL,
            size=reader.size(found.font),
            bold=found.font in reader.bold,
            face=reader.faces.get(found.font, ""),
            align=found.align,
            sides=frozenset(reader.borders.get(found.border, ())),
            locked=found.locked,
            fill=reader.fills.get(found.fill, ""),
        )
        for number, found in enumerate(reader.found)
    )


class _Record(Struct):
    """A style as it is written: the fonts, borders and fills that it refers to by number."""

    font: int
    border: int
    fill: int
    align: str = ""
    locked: bool = True


class _StyleReader(Struct):
    """Handlers over ``styleSheet/{fonts,borders,fills,cellXfs}``, told by depth."""

    limits: Limits
    sizes: dict[int, float] = field(default_factory=dict)
    bold: set[int] = field(default_factory=set)
    faces: dict[int, str] = field(default_factory=dict)
    borders: dict[int, list[str]] = field(default_factory=dict)
    fills: dict[int, str] = field(default_factory=dict)
    found: list[_Record] = field(default_factory=list)
    _section: str = ""
    _number: int = -1

    def size(self, font: int) -> float:
        return self.sizes.get(font, PLAIN.size)

    def opened(self, depth: int, element: str, attributes: Mapping[str, str]) -> None:
        if depth == 2:
            self._section, self._number = element, -1
        elif depth == 3:
            self._number += 1
            check_count(self._number, self.limits)
            if self._section == "cellXfs" and element == "xf":
                font, border, fill = (whole(attributes.get(name), 0) for name in ("fontId", "borderId", "fillId"))
                self.found.append(_Record(font, border, fill))
        elif depth == 4 and self._section == "fonts":
            self._font(element, attributes.get("val"))
        elif depth == 4 and self._section == "borders":
            side = {"start": "left", "end": "right"}.get(element, element)
            if side in _SIDES and attributes.get("style", "none") != "none":
                self.borders.setdefault(self._number, []).append(side)
        elif depth == 4 and self._section == "fills" and attributes.get("patternType", "none") != "none":
            self.fills[self._number] = attributes["patternType"]
        elif depth == 5 and self._section == "fills" and element == "fgColor" and self._number in self.fills:
            self.fills[self._number] = " ".join(f"{name}={value}" for name, value in sorted(attributes.items()))
        elif depth == 4 and self._section == "cellXfs" and self.found:
            if element == "alignment":
                align = attributes.get("horizontal", "")
                self.found[-1].align = "" if align == "general" else align
            elif element == "protection":
                self.found[-1].locked = "locked" not in attributes or is_true(attributes["locked"])

    def _font(self, element: str, value: str | None) -> None:
        if element == "sz":
            size = _number(value)
            self.sizes[self._number] = PLAIN.size if size is None else float(size)
        elif element == "name":
            self.faces[self._number] = value or ""
        elif element == "b" and (value is None or is_true(value)):
            self.bold.add(self._number)


class _Reader(Struct):
    """Handlers over a worksheet: what its cells, rows and columns refer to, its validations, how it is printed."""

    styles: tuple[Style, ...]
    book: Book
    grid: Grid
    cells: dict[tuple[int, int], Style] = field(default_factory=dict)
    limits: dict[tuple[int, int], Limit] = field(default_factory=dict)
    widths: dict[int, float] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)
    exact: set[int] = field(default_factory=set)
    rest: float = 0.0
    margins: tuple[Decimal, ...] = ()
    landscape: bool = False
    large: bool = False
    lines: dict[str, str] = field(default_factory=dict)
    guarded: bool = False
    _row: int = 0
    _column: int = 0
    _rule: dict[str, str] | None = None
    _pieces: list[str] | None = None
    _line: str = ""

    def opened(self, depth: int, element: str, attributes: Mapping[str, str]) -> None:
        if depth == 4 and element == "c":
            self._cell(attributes)
        elif depth == 3 and element == "row":
            self._row, self._column = whole(attributes.get("r"), self._row + 1), 0
            height = _number(attributes.get("ht"))
            if height is not None:
                self.heights[self._row] = float(height)
                if is_true(attributes.get("customHeight")):
                    self.exact.add(self._row)
        elif depth == 2 and element == "sheetFormatPr" and is_true(attributes.get("customHeight")):
            self.rest = float(_number(attributes.get("defaultRowHeight")) or 0)
        elif depth == 3 and element == "col":
            self._columns(attributes)
        elif element == "dataValidation":
            self._rule = dict(attributes)
        elif element in _FORMULAS and self._rule is not None:
            self._pieces = []
        elif depth == 2 and element == "sheetProtection":
            self.guarded = is_true(attributes.get("sheet"))
        elif depth == 2 and element == "pageSetup":
            self.landscape = attributes.get("orientation") == "landscape"
            self.large = attributes.get("paperSize") == _A3
        elif depth == 3 and element in {"oddHeader", "oddFooter"}:
            self._line, self._pieces = element, []
        elif depth == 2 and element == "pageMargins":
            margins = [_number(attributes.get(side)) for side in _SIDES]
            found = tuple((margin * _INCH).quantize(Decimal("0.1")) for margin in margins if margin)
            self.margins = found if len(found) == len(_SIDES) else ()

    def _cell(self, attributes: Mapping[str, str]) -> None:
        place = attributes.get("r", "")
        row, self._column = parse_cell(place.upper()) if place else (self._row, self._column + 1)
        style = whole(attributes.get("s"), 0)
        if self._column <= MOST_COLUMNS and row <= MOST_LOOKS:
            self.cells[row, self._column] = self.styles[style] if 0 <= style < len(self.styles) else PLAIN

    def _columns(self, attributes: Mapping[str, str]) -> None:
        width = _number(attributes.get("width"))
        if width is None or not is_true(attributes.get("customWidth")):
            return
        first = whole(attributes.get("min"), 1)
        for column in range(max(first, 1), min(whole(attributes.get("max"), first), MOST_COLUMNS) + 1):
            self.widths[column] = float(width) - _PADDING

    def read(self, text: str) -> None:
        if self._pieces is not None:
            self._pieces.append(text)

    def closed(self, _: int, element: str) -> None:
        if element == self._line and self._pieces is not None:
            self.lines[element] = page_line("".join(self._pieces))
            self._line, self._pieces = "", None
        if self._rule is None:
            return
        if element in _FORMULAS and self._pieces is not None:
            self._rule[element] = "".join(self._pieces).strip()
            self._pieces = None
        elif element == "dataValidation":
            self._limit(self._rule)
            self._rule = None

    def _limit(self, said: Mapping[str, str]) -> None:
        rule = Validation(
            said.get("type", "any"),
            said.get("operator", ""),
            said.get("formula1", ""),
            said.get("formula2", ""),
            said.get("prompt", "").replace("_x000a_", "\n"),
        )
        limit = limit_of(rule, self.book, self.grid)
        for area in said.get("sqref", "").upper().split():
            first, _, last = area.partition(":")
            try:
                box = Box(*parse_cell(first), *parse_cell(last or first))
            except ValueError:  # whole columns: such a validation says nothing of a form's inputs
                continue
            self.limits |= dict.fromkeys(places_of(box), limit)

    def looks(self) -> Looks:
        """Return the looks of the sheet, once all of it was read."""
        lines = (self.lines.get(name, "") for name in ("oddHeader", "oddFooter"))
        paper = Paper(self.landscape, self.margins, self.large, *lines)
        printed = print_area(self.grid)
        return Looks(
            *(self.cells, self.limits, self.widths, self.heights, paper, self.guarded, printed, self.exact, self.rest)
        )


def _number(text: str | None) -> Decimal | None:
    """Return the number that an attribute states, None for what is none."""
    try:
        number = Decimal(text or "")
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
