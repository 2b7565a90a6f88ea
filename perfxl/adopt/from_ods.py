"""How the sheets of an OpenDocument spreadsheet look: its styles, validations and page (ODF 1.3, Part 3)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from perfxl.adopt.laying import MOST_COLUMNS
from perfxl.adopt.limits import Validation, limit_of, print_area
from perfxl.adopt.page_lines import page_line
from perfxl.adopt.sheet import MOST_LOOKS, PLAIN, Limit, Looks, Paper, Style
from perfxl.model.grid import Book
from perfxl.package.limits import Limits
from perfxl.package.package import Package
from perfxl.package.scan import scan
from perfxl.readers.identify import CONTENT
from perfxl.readers.ods import STYLES
from perfxl.readers.ods_content import formula_text
from perfxl.readers.ods_styles import Styles, read_styles

_MOST_PARENTS: Final = 20
_SIDES: Final = ("left", "right", "top", "bottom")
_CELLS: Final = frozenset({"table-cell", "covered-table-cell"})
_LENGTH = re.compile(r"(?P<number>\d{1,6}(?:\.\d{1,9})?)(?P<unit>cm|mm|in|pt|pc|px)")
_CENTIMETRES: Final = {
    "cm": Decimal(1),
    "mm": Decimal("0.1"),
    "in": Decimal("2.54"),
    "pt": Decimal("2.54") / 72,
    "pc": Decimal("2.54") / 6,
    "px": Decimal("2.54") / 96,
}
_POINTS = Decimal(72) / Decimal("2.54")
_DIGITS: Final = {
    **dict.fromkeys(("DejaVu Sans", "Verdana"), Decimal("0.636")),
    **dict.fromkeys(("Arial", "Liberation Sans", "Helvetica", "Microsoft YaHei", "微软雅黑"), Decimal("0.556")),
    **dict.fromkeys(("Calibri", "Carlito", "等线"), Decimal("0.507")),
}
"""How wide a digit of a face is, of its size: columns are as wide as so many digits of the usual face."""
_CLOSE = Decimal("0.02")
"""By how much of its size a digit may differ from those of known faces."""
_HALF = Decimal("0.5")
"""A digit of the faces that forms are set in, 宋体 and its kin."""
_PADDING = Decimal("0.71")
_FIVE_PIXELS = Decimal("2.54") * 5 / 96
_OWN_DEFAULT, _NEAR = Decimal("2.258"), Decimal("0.01")
"""Centimetres: how wide LibreOffice makes columns of a sheet that it has begun itself."""
_USUAL_DIGITS: Final = (Decimal(9), Decimal("8.8888"), Decimal("9.1429"))
"""How wide, in digits, Excel and WPS make columns that nobody has set, where a sheet says so itself."""
_BASE_DIGITS = 8
"""Else they are as wide as so many digits and five pixels."""
_REST_OF_SHEET = 500
"""So many columns alike are those beyond the form, which nobody has set."""
_USUAL_SIZE = Decimal(10)
_LINES: Final = frozenset({"header", "footer"})
_CODES: Final = {
    "region-left": "&L",
    "region-center": "&C",
    "region-right": "&R",
    "page-number": "&P",
    "page-count": "&N",
    "s": " ",
    "date": "&D",
    "time": "&T",
    "file-name": "&F",
    "sheet-name": "&A",
    "title": "&F",
}
"""Parts and fields of a line, with the codes that Office Open XML has for them."""
_LONGER_THAN_A4 = Decimal(36)
"""Centimetres: the longer side of A4 is 29.7, that of A3 42."""
_ALIGNS: Final = {"start": "left", "left": "left", "center": "center", "end": "right", "right": "right"}
_TYPES: Final = {"decimal-number": "decimal", "whole-number": "whole", "date": "date", "time": "time"}
_TYPE = re.compile(r"cell-content-is-(?P<type>decimal-number|whole-number|date|time)\(\)")
_IN_LIST = re.compile(r"cell-content-is-in-list\((?P<what>.*)\)", re.DOTALL)
_WORD = re.compile(r'"([^"]*)"')
_BETWEEN = re.compile(r"-is-between\((?P<first>[^,;()]*)[,;](?P<second>[^,;()]*)\)")
_COMPARED = re.compile(r"cell-content(?:-text-length)?\(\)(?P<sign>[<>]=?|!?=)(?P<value>\S+)")
_OPERATORS: Final = {
    "<": "lessThan",
    "<=": "lessThanOrEqual",
    ">": "greaterThan",
    ">=": "greaterThanOrEqual",
    "=": "equal",
    "!=": "notEqual",
}


def looks_of_ods(package: Package, book: Book, limits: Limits) -> Iterator[Looks]:
    """Yield the looks of each sheet of a spreadsheet, in the order of its sheets. Raises Unreadable."""
    styles = _Styles(Styles())
    for part in (STYLES, CONTENT):
        if part in package:
            data = package.read(part)
            read_styles(data, styles.codes, limits)
            scan(data, limits, styles.opened, styles.closed, styles.read)
    reader = _Reader(styles, book)
    scan(package.read(CONTENT), limits, reader.opened, reader.closed, reader.read)
    found = dict(reader.found)
    for grid in book.sheets:
        yield replace(found.get(grid.name, Looks()), printed=print_area(grid))


class _Styles(Struct):
    """What styles say, by family and name: their properties by name, with what they take over from others."""

    codes: Styles
    own: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    parents: dict[tuple[str, str], str] = field(default_factory=dict)
    layouts: dict[str, str] = field(default_factory=dict)
    """The page layouts of master pages."""
    masters: dict[str, str] = field(default_factory=dict)
    """The master pages of the styles of sheets."""
    shown: set[tuple[str, str]] = field(default_factory=set)
    """Master pages with what they print: ``header``, ``footer``."""
    made: dict[str, Style] = field(default_factory=dict)
    faces: dict[str, str] = field(default_factory=dict)
    """The fonts that styles refer to by a name of the file's own."""
    lines: dict[tuple[str, str], str] = field(default_factory=dict)
    """What master pages print at the top and the foot, with the codes of Office Open XML."""
    _at: tuple[str, str] = ("", "")
    _around: str = ""
    _field: int = 0
    """How deep the field is that is being read, the number of a page say: what it shows by now is none of the text."""

    def opened(self, depth: int, element: str, attributes: Mapping[str, str]) -> None:
        if depth < 3:
            return
        said = _local(attributes)
        if depth == 3:
            self._at = (said.get("family", element), said.get("name", ""))
            if element in {"style", "default-style"} and "parent-style-name" in said:
                self.parents[self._at] = said["parent-style-name"]
            if self._at[0] == "table" and "master-page-name" in said:
                self.masters[self._at[1]] = said["master-page-name"]
            if element == "font-face":
                self.faces[said.get("name", "")] = said.get("font-family", "").strip("'\"")
            if element == "master-page":
                self.layouts[said.get("name", "")] = said.get("page-layout-name", "")
        elif element.endswith("-properties"):
            inside = f"{self._around}-" if depth > 4 else ""
            own = self.own.setdefault(self._at, {})
            own |= {f"{inside}{name}": value for name, value in said.items()}
        elif depth == 4:
            self._around = element
            if self._at[0] == "master-page" and said.get("display") != "false":
                self.shown.add((self._at[1], element))
        elif self._at[0] == "master-page" and self._around in _LINES:
            self._append(_CODES.get(element, ""))
            if element in _CODES and not element.startswith("region-"):
                self._field = depth

    def closed(self, depth: int, _: str) -> None:
        if depth == self._field:
            self._field = 0
        elif depth == 4:
            self._around = ""

    def read(self, text: str) -> None:
        if self._at[0] == "master-page" and self._around in _LINES and not self._field:
            self._append(text.strip("\n").replace("&", "&&"))

    def _append(self, piece: str) -> None:
        key = self._at[1], self._around
        self.lines[key] = self.lines.get(key, "") + piece

    def properties(self, family: str, name: str) -> dict[str, str]:
        """Return the properties of a style and of those that it is made from."""
        found: dict[str, str] = {}
        for _ in range(_MOST_PARENTS):
            found = self.own.get((family, name), {}) | found
            if (family, name) not in self.parents:
                break
            name = self.parents[family, name]
        return self.own.get((family, ""), {}) | found

    def style(self, name: str) -> Style:
        """Return the style of a cell."""
        if name not in self.made:
            said = self.properties("table-cell", name)
            self.made[name] = replace(_style(said, self.codes.code(name)), face=self._face(said))
        return self.made[name]

    def _face(self, said: Mapping[str, str]) -> str:
        """Return the name of the font: that of Chinese letters, where a style has one of their own."""
        name = said.get("font-name-asian") or said.get("font-name") or ""
        return self.faces.get(name, name) or said.get("font-family", "").strip("'\"")

    def digit(self, rest: Decimal | None) -> Decimal:
        """Return how many centimetres wide a digit of the usual face is.

        ``rest`` is how wide the columns are that nobody has set. Where a workbook came from Excel or WPS they are so many digits
        wide, of the face that stood in for the usual one on the machine that has saved it.
        """
        said = self.properties("table-cell", "Default")
        size = _length(said.get("font-size", ""), Decimal(1)) or _USUAL_SIZE * _CENTIMETRES["pt"]
        usual = size * _DIGITS.get(said.get("font-name", "").rstrip("0123456789"), _HALF)
        if rest is None or abs(rest - _OWN_DEFAULT) < _NEAR:
            return usual
        may_be = [(rest - _FIVE_PIXELS) / _BASE_DIGITS, *(rest / digits for digits in _USUAL_DIGITS)]
        faces = (_HALF, *_DIGITS.values())
        away, digit = min((min(abs(one / size - face) for face in faces), one) for one in may_be)
        return digit if away <= _CLOSE else usual

    def paper(self, name: str) -> Paper:
        """Return how a sheet of some style is printed."""
        master = self.masters.get(name, "")
        said = self.properties("page-layout", self.layouts.get(master, ""))
        landscape = said.get("print-orientation") == "landscape"
        sides = [_length(said.get(f"page-{side}", ""), Decimal(1)) or Decimal(0) for side in ("width", "height")]
        large = max(sides) > _LONGER_THAN_A4
        lines = (page_line(self.lines.get((master, band), "")) for band in ("header", "footer"))
        margins = []
        for side in _SIDES:
            margin = _length(said.get(f"margin-{side}", ""), Decimal(1))
            if margin is None:
                return Paper(landscape, (), large, *lines)
            band = {"top": "header", "bottom": "footer"}.get(side, "")
            inside = said.get(f"{band}-style-min-height", "") if (master, band) in self.shown else ""
            margins.append((margin + (_length(inside, Decimal(1)) or 0)).quantize(Decimal("0.1")))
        return Paper(landscape, tuple(margins), large, *lines)


def _local(attributes: Mapping[str, str]) -> dict[str, str]:
    return {name.rpartition(":")[2]: value for name, value in attributes.items()}


def _length(text: str, scale: Decimal) -> Decimal | None:
    """Return a length in centimetres times a scale, None for what is none."""
    found = _LENGTH.fullmatch(text)
    if found is None:
        return None
    return Decimal(found["number"]) * _CENTIMETRES[found["unit"]] * scale


def _style(said: Mapping[str, str], code: str) -> Style:
    whole = said.get("border", "none")
    sides = frozenset(side for side in _SIDES if said.get(f"border-{side}", whole) not in {"none", "hidden", ""})
    points = _length(said.get("font-size", ""), _POINTS)
    weight = said.get("font-weight", "")
    return Style(
        format=code,
        size=PLAIN.size if points is None else float(round(points, 1)),
        bold=weight == "bold" or (weight.isdigit() and int(weight) >= 600),
        align=_ALIGNS.get(said.get("text-align", ""), "") if said.get("text-align-source") == "fix" else "",
        sides=sides,
        locked=said.get("cell-protect", "protected") not in {"none", "formula-hidden"},
        fill=said.get("background-color", "transparent").replace("transparent", ""),
    )


class _Reader:
    """Handlers over ``spreadsheet/{content-validations,table}``: what cells, rows and columns refer to."""

    def __init__(self, styles: _Styles, book: Book) -> None:
        self.found: list[tuple[str, Looks]] = []
        self._styles = styles
        self._book = book
        self._rules: dict[str, Validation] = {}
        self._rule = ""
        self._help: list[str] | None = None
        self._name = self._table = ""
        self._guarded = False
        self._depth = 0
        self._row = self._column = self._rows = 0
        self._row_style = ""
        self._columns: dict[int, str] = {}
        self._reset()

    def _reset(self) -> None:
        self._cells: dict[tuple[int, int], Style] = {}
        self._limits: dict[tuple[int, int], Limit] = {}
        self._limit_of: dict[str, Limit] = {}
        self._centimetres: dict[int, Decimal] = {}
        self._rest: Decimal | None = None
        self._heights: dict[int, float] = {}
        self._exact: set[int] = set()
        self._columns = {}
        self._row = self._column = 0

    def opened(self, depth: int, element: str, attributes: Mapping[str, str]) -> None:
        if element == "content-validation":
            said = _local(attributes)
            self._rule = said.get("name", "")
            self._rules[self._rule] = _rule(said.get("condition", ""))
        elif element == "help-message" and self._rule:
            self._help = []
        elif element == "table" and not self._depth:
            said = _local(attributes)
            self._reset()
            self._depth = depth
            self._name, self._table = said.get("name", ""), said.get("style-name", "")
            self._guarded = said.get("protected") == "true"
        elif not self._depth:
            return
        elif element == "table-column":
            self._open_column(_local(attributes))
        elif element == "table-row":
            self._open_row(_local(attributes))
        elif element in _CELLS and self._rows:
            self._open_cell(_local(attributes))

    def _open_column(self, said: Mapping[str, str]) -> None:
        count = _count(said, "number-columns-repeated")
        own = self._styles.properties("table-column", said.get("style-name", ""))
        width = _length(own.get("column-width", ""), Decimal(1))
        for column in range(self._column + 1, min(self._column + count, MOST_COLUMNS) + 1):
            self._columns[column] = said.get("default-cell-style-name", "")
            if width is not None:
                self._centimetres[column] = width
        self._column += count
        if count >= _REST_OF_SHEET:
            self._rest = width

    def _open_row(self, said: Mapping[str, str]) -> None:
        self._row += self._rows
        self._rows = _count(said, "number-rows-repeated")
        self._column = 0
        self._row_style = said.get("default-cell-style-name", "")
        own = self._styles.properties("table-row", said.get("style-name", ""))
        height = _length(own.get("row-height", ""), _POINTS)
        if height is not None and self._rows < MOST_LOOKS:
            rows = range(self._row + 1, self._row + self._rows + 1)
            self._heights |= dict.fromkeys(rows, float(round(height, 2)))
            if own.get("use-optimal-row-height") != "true":
                self._exact |= set(rows)

    def _open_cell(self, said: Mapping[str, str]) -> None:
        first = self._column + 1
        self._column += _count(said, "number-columns-repeated")
        if self._column > MOST_COLUMNS or self._row + self._rows > MOST_LOOKS:
            return
        rule = self._rules.get(said.get("content-validation-name", ""))
        for column in range(first, self._column + 1):
            name = said.get("style-name") or self._row_style or self._columns.get(column, "")
            for row in range(self._row + 1, self._row + self._rows + 1):
                self._cells[row, column] = self._styles.style(name)
                if rule is not None:
                    self._limits[row, column] = self._limit(said["content-validation-name"], rule)

    def _limit(self, name: str, rule: Validation) -> Limit:
        if name not in self._limit_of:
            grid = next((one for one in self._book.sheets if one.name == self._name), self._book.sheets[0])
            self._limit_of[name] = limit_of(rule, self._book, grid)
        return self._limit_of[name]

    def read(self, text: str) -> None:
        if self._help is not None:
            self._help.append(text)

    def closed(self, depth: int, element: str) -> None:
        if element == "help-message" and self._help is not None:
            self._rules[self._rule] = self._rules[self._rule]._replace(prompt="".join(self._help).strip())
            self._help = None
        elif element == "p" and self._help is not None:
            self._help.append("\n")
        elif element == "content-validation":
            self._rule = ""
        elif self._depth and depth == self._depth:
            paper = self._styles.paper(self._table)
            digit = self._styles.digit(self._rest)
            widths = {column: max(float(width / digit - _PADDING), 0.1) for column, width in self._centimetres.items()}
            looks = Looks(*(self._cells, self._limits, widths, self._heights, paper, self._guarded), exact=self._exact)
            self.found.append((self._name, looks))
            self._depth = self._rows = 0


def _count(said: Mapping[str, str], name: str) -> int:
    """Return how often something stands. Raises ValueError for what is no number."""
    return max(int(said.get(name, "1")), 1)


def _rule(condition: str) -> Validation:
    """Return a validation from its condition (19.605)."""
    condition = condition.partition(":")[2] if re.match(r"\w+:", condition) else condition
    listed = _IN_LIST.fullmatch(condition)
    if listed is not None:
        words = _WORD.findall(listed["what"])
        return Validation("list", first=f'"{",".join(words)}"' if words else formula_text(listed["what"]))
    typed = _TYPE.search(condition)
    kind = _TYPES[typed["type"]] if typed is not None else "textLength" if "text-length" in condition else "custom"
    between = _BETWEEN.search(condition)
    if between is not None:
        return Validation(kind if condition else "any", "between", between["first"].strip(), between["second"].strip())
    compared = _COMPARED.search(condition)
    if compared is not None:
        return Validation(kind, _OPERATORS[compared["sign"]], compared["value"])
    return Validation(kind if condition else "any", "custom")
