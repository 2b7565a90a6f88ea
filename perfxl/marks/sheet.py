"""Marks on one worksheet: painted cells, rules that keep the paint visible, the room a note takes."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from perfxl.marks.rows import SheetRows, seen
from perfxl.model.address import Box, cell_name, parse_cell
from perfxl.model.finding import Severity
from perfxl.model.remembered import if_short
from perfxl.package.draft import PackageDraft
from perfxl.package.splice import Malformed, Node, cell_text, emptied, quoted

ORDER = (
    "sheetPr",
    "dimension",
    "sheetViews",
    "sheetFormatPr",
    "cols",
    "sheetData",
    "sheetCalcPr",
    "sheetProtection",
    "protectedRanges",
    "scenarios",
    "autoFilter",
    "sortState",
    "dataConsolidate",
    "customSheetViews",
    "mergeCells",
    "phoneticPr",
    "conditionalFormatting",
    "dataValidations",
    "hyperlinks",
    "printOptions",
    "pageMargins",
    "pageSetup",
    "headerFooter",
    "rowBreaks",
    "colBreaks",
    "customProperties",
    "cellWatches",
    "ignoredErrors",
    "smartTags",
    "drawing",
    "legacyDrawing",
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
)
"""The children of a worksheet as the schema wants them (ECMA-376 part 1, CT_Worksheet)."""

# Always true, and a name tag with the fill that the mark covers: programs that save the workbook anew keep the text in
# a formula, and move it along with the cells when rows are put in.
_RULE = 'LEN("perfxl.{}")&gt;0'
_RULE_TAG = re.compile(r"perfxl\.\w+(?: ([^\"]+))?\"")
_LONGEST_TEXT = 255  # characters of a text in a formula
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\s[^<>]*?\bref\s*=\s*[\"']([A-Z]+[0-9]+:[A-Z]+[0-9]+)[\"']")
_PRIORITY = re.compile(rb"<(?:\w+:)?cfRule\s(?:[^<>]*?\s)?priority\s*=\s*[\"'](\d+)[\"']")
_HEIGHT = re.compile(rb"\sht\s*=\s*[\"']([\d.]+)[\"']")
_SHORT, _FORMS = 200_000, 32
"""Bytes after a sheet's rows of which rules and merges are remembered, the same in all returns of a form; of how many."""
_DEFAULT_WIDTH = 8.43
_DEFAULT_HEIGHT = 15.0
_TALLEST = 409.0


class RestoredFormula(NamedTuple):
    """A formula without ``=`` and its result as a number, None for a blank."""

    text: str
    value: str | None


class Worksheet:
    """A worksheet to be marked. Only the rows that are asked for are taken in down to their cells (None: all)."""

    def __init__(self, draft: PackageDraft, part: str, places: Collection[tuple[int, int]] | None) -> None:
        self.draft = draft
        self.part = part
        source = draft.read(part)
        rows = SheetRows.of(source)
        after = rows.after if rows else source
        self._merges = _merges(after)
        self._anchors: dict[tuple[int, int], Box] = {}
        wanted = None if places is None else {self.anchor(*place).row for place in places}
        self.markup = draft.markup(part, lambda sheet: seen(sheet, rows, wanted))
        if self.markup.root.name != "worksheet" or not (data := self.markup.root.child("sheetData")):
            raise Malformed(part)
        self._data = data
        self._rows = _numbered(data.children, lambda node: _decimal(node.attributes.get("r")))
        self._cells: dict[int, dict[int, Node]] = {}
        self._starts = rows.starts if rows else {number: node.start for number, node in self._rows.items()}
        self._numbers = sorted(self._starts)
        columns = self.markup.root.child("cols")
        self._columns = [_span(node) for node in columns.children] if columns else []

    def anchor(self, row: int, column: int) -> Box:
        """Return the merged area that a cell lies in, or the cell itself."""
        known = self._anchors.get((row, column))
        if known is None:
            # As Box.holds has it: of some forms there are hundreds to be asked for every marked cell.
            own = (box for box in self._merges if box[0] <= row <= box[2] and box[1] <= column <= box[3])
            known = self._anchors[row, column] = next(own, Box(row, column, row, column))
        return known

    def cells(self, row: int) -> dict[int, Node]:
        """Return the cells of a row by column."""
        known = self._cells.get(row)
        if known is None:
            node = self._rows.get(row)
            known = self._cells[row] = _numbered(node.children, _column) if node else {}
        return known

    def format(self, row: int, column: int) -> int:
        """Return the format that a cell has, or would have if it were there: its row's or its column's."""
        if cell := self.cells(row).get(column):
            return _decimal(cell.attributes.get("s")) or 0
        line = self._rows.get(row)
        if line and line.attributes.get("customFormat") in {"1", "true"}:
            return _decimal(line.attributes.get("s")) or 0
        width = next((node for first, last, node in self._columns if first <= column <= last), None)
        return (_decimal(width.attributes.get("style")) or 0) if width else 0

    def formats(self) -> Iterable[tuple[int, int, int]]:
        """Yield row, column and format of every cell that is there."""
        for row in self._rows:
            for column, cell in self.cells(row).items():
                yield row, column, _decimal(cell.attributes.get("s")) or 0

    def paint(self, formats: Mapping[tuple[int, int], int]) -> None:
        """Give cells their formats; cells and rows that are not there are put in where they belong."""
        by_row: dict[int, dict[int, int]] = {}
        for (row, column), number in sorted(formats.items()):
            by_row.setdefault(row, {})[column] = number
        for row, columns in by_row.items():
            if node := self._rows.get(row):
                self._paint_row(node, row, columns)
                continue
            xml = f'<row r="{row}">{"".join(_new_cell(row, *item) for item in columns.items())}</row>'
            at = bisect_right(self._numbers, row)
            if at < len(self._numbers):
                start = self._starts[self._numbers[at]]
                self.markup.replace(start, start, self.markup.named(xml))
            else:
                self.markup.append(self._data, xml)
        self._widen(formats)

    def compute(self, row: int, column: int, number: int, formula: RestoredFormula) -> None:
        """Put a formula in the place of what a cell holds, in a format. Raises Malformed where there is no cell."""
        cell = self.cells(row).get(column)
        if cell is None:
            raise Malformed(cell_name(row, column))
        kind, value = ("", formula.value) if formula.value is not None else (' t="str"', "")
        xml = f'<c r="{cell_name(row, column)}" s="{number}"{kind}><f>{cell_text(formula.text)}</f><v>{value}</v></c>'
        self.markup.remove(cell)
        self.markup.before(cell, xml)

    def _paint_row(self, node: Node, row: int, columns: Mapping[int, int]) -> None:
        cells = self.cells(row)
        for column, number in columns.items():
            if cell := cells.get(column):
                self.markup.set(cell, s=str(number))
                continue
            following = min((other for other in cells if other > column), default=None)
            if following is None:
                self.markup.append(node, _new_cell(row, column, number))
            else:
                self.markup.before(cells[following], _new_cell(row, column, number))
        first, _, last = node.attributes.get("spans", "").partition(":")
        if first.isdecimal() and last.isdecimal():
            spans = f"{min(int(first), *columns)}:{max(int(last), *columns)}"
            if spans != node.attributes["spans"]:
                self.markup.set(node, spans=spans)

    def _widen(self, places: Collection[tuple[int, int]]) -> None:
        """Let the stated dimension hold the new cells too: some readers stop at it."""
        node = self.markup.root.child("dimension")
        stated = _box(node.attributes.get("ref", "")) if node else None
        if node is None or stated is None or not places:
            return
        rows, columns = {row for row, _ in places}, {column for _, column in places}
        wider = Box(
            min(stated.row, *rows),
            min(stated.column, *columns),
            max(stated.last_row, *rows),
            max(stated.last_column, *columns),
        )
        if wider != stated:
            self.markup.set(node, ref=wider.range_name)

    def add_rules(self, areas: Mapping[tuple[Severity, str], Sequence[Box]], formats: Mapping[Severity, int]) -> None:
        """Lay rules over the marked areas, in front of all others: a rule's fill covers that of a cell's own format.

        ``areas`` by severity and the fill that is covered, in words ("" for none).
        """
        xml = ""
        for priority, ((severity, words), boxes) in enumerate(areas.items(), start=1):
            places = " ".join(box.range_name for box in boxes)
            tag = quoted(f"{severity} {words}".rstrip())
            formula = _RULE.format(tag if len(tag) < _LONGEST_TEXT - len("perfxl.") else severity)
            xml += (
                f'<conditionalFormatting sqref="{places}"><cfRule type="expression" dxfId="{formats[severity]}" '
                f'priority="{priority}"><formula>{formula}</formula></cfRule></conditionalFormatting>'
            )
        # Rules of the later version count along: those in extensions too.
        stated = _priorities(self.markup.data)
        if stated and min(number for _, _, number in stated) <= len(areas):
            for start, stop, number in stated:
                self.markup.replace(start, stop, b"%d" % (number + len(areas)))
        if first := self.markup.root.child("conditionalFormatting"):
            self.markup.before(first, xml)
        else:
            self.markup.place(xml, "conditionalFormatting", ORDER)
        # Our blanks are printed without their fills: marks are to be seen on paper.
        setup = self.markup.root.child("pageSetup")
        if setup is not None and setup.attributes.get("blackAndWhite") in {"1", "true"}:
            self.markup.set(setup, blackAndWhite="0")

    def take_rules_off(self) -> list[tuple[Box, str]] | None:
        """Take our rules off and return where they lay with the fills that they covered; None where there is none."""
        covered: list[tuple[Box, str]] = []
        found = False
        for block in self.markup.root.every("conditionalFormatting"):
            rules = [node for node in block.children if node.name == "cfRule"]
            ours = {rule: tag for rule in rules for node in rule.children if (tag := _RULE_TAG.search(node.text))}
            found = found or bool(ours)
            places = [box for place in block.attributes.get("sqref", "").split() if (box := _box(place))]
            covered += [(box, tag[1]) for tag in ours.values() if tag[1] for box in places]
            if ours and len(ours) == len(rules):
                self.markup.remove(block)
            else:
                for rule in ours:
                    self.markup.remove(rule)
        return covered if found else None

    def extent(self, box: Box, width: int, height: int) -> tuple[int, int, int, int]:
        """Return where a note beside an area ends: (column, pixels into it, row, pixels into it), counted from 0."""
        column, rest = box.last_column, width
        while rest > (size := self._width(column + 1)):
            column, rest = column + 1, rest - size
        row, down = max(box.row - 2, 0), height
        while down > (size := self._height(row + 1)):
            row, down = row + 1, down - size
        return column, rest, row, down

    def _width(self, column: int) -> int:
        node = next((node for first, last, node in self._columns if first <= column <= last), None)
        width = _measure(node, "width") if node else None
        return max(round((width or self._default("defaultColWidth", _DEFAULT_WIDTH)) * 7 + 5), 8)

    def _height(self, row: int) -> int:
        data, start = self.markup.data, self._starts.get(row, -1)
        stated = _HEIGHT.search(data, start, data.index(b">", start)) if start >= 0 else None
        height = min(float(stated[1]), _TALLEST) if stated else self._default("defaultRowHeight", _DEFAULT_HEIGHT)
        return max(round(height * 4 / 3), 4)

    def _default(self, name: str, otherwise: float) -> float:
        node = self.markup.root.child("sheetFormatPr")
        return (_measure(node, name) if node else None) or otherwise


def deselect(draft: PackageDraft, part: str) -> None:
    """Take a sheet out of the group of selected ones: what is typed into one of a group is typed into all."""
    if not draft.mentions(part, b"tabSelected"):
        return
    markup = draft.markup(part, lambda sheet: emptied(sheet, "sheetData"))
    views = (view for child in markup.root.children if child.name != "sheetData" for view in child.every("sheetView"))
    for view in views:
        if view.attributes.get("tabSelected") in {"1", "true"}:
            markup.set(view, tabSelected="0")


def _new_cell(row: int, column: int, number: int) -> str:
    return f'<c r="{cell_name(row, column)}" s="{number}"/>'


def _numbered(nodes: Sequence[Node], number_of: Callable[[Node], int | None]) -> dict[int, Node]:
    """Return rows or cells by number; one that does not say its own comes behind the one in front of it."""
    found: dict[int, Node] = {}
    reached = 0
    for node in nodes:
        reached = number_of(node) or reached + 1
        found[reached] = node
    return found


def _column(cell: Node) -> int | None:
    try:
        return parse_cell(cell.attributes["r"].upper())[1]
    except (KeyError, ValueError):
        return None


def _span(node: Node) -> tuple[int, int, Node]:
    return _decimal(node.attributes.get("min")) or 1, _decimal(node.attributes.get("max")) or 0, node


def _priorities(data: bytes) -> list[tuple[int, int, int]]:
    """Return the priorities of all rules of a sheet: from where to where each stands, and the number."""
    first = data.rfind(b"<", 0, max(data.find(b"cfRule"), 0))
    if first < 0:
        return []
    rest = data[first:]
    found = _rules(rest)
    return [(first + start, first + stop, number) for start, stop, number in found]


@if_short(_SHORT, _FORMS)
def _rules(rest: bytes) -> Sequence[tuple[int, int, int]]:
    return [(*found.span(1), int(found[1])) for found in _PRIORITY.finditer(rest)]


@if_short(_SHORT, _FORMS)
def _merges(data: bytes) -> Sequence[Box]:
    # Found ahead of the parse: which rows are wanted depends on them.
    found = (_box(place.decode()) for place in _MERGE.findall(data))
    return [box for box in found if box]


@lru_cache(maxsize=4096)  # the merges of a form are those of all its returns
def _box(reference: str) -> Box | None:
    first, _, last = reference.partition(":")
    try:
        return Box(*parse_cell(first), *parse_cell(last or first))
    except ValueError:
        return None


def _decimal(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() else None


def _measure(node: Node, name: str) -> float | None:
    try:
        return min(float(node.attributes[name]), 1000.0)
    except (KeyError, ValueError):
        return None
