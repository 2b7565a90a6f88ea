"""The sheets of a workbook as they are written: formulas, the results behind them, merges, links; each read when asked for."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cached_property
from typing import Any, NamedTuple
from zipfile import ZipFile

from lxml import etree

from perfxl.model.address import parse_cell

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


class Held(NamedTuple):
    """A cell: the formula in it without ``=``, "" where there is none; its value or result."""

    formula: str
    value: str | float | None


class Sheet:
    """A worksheet part, and its relations."""

    def __init__(self, part: bytes, strings: list[str], relations: dict[str, str]) -> None:
        self._root = etree.fromstring(part)
        self._strings = strings
        self.relations = relations

    @cached_property
    def cells(self) -> dict[str, Held]:
        return {cell.get("r"): self._held(cell) for cell in self._root.iter(f"{_MAIN}c")}

    def _held(self, cell: Any) -> Held:
        formula, kind = cell.findtext(f"{_MAIN}f") or "", cell.get("t", "n")
        text = cell.findtext(f"{_MAIN}v")
        if kind == "inlineStr":
            return Held(formula, "".join(cell.itertext(f"{_MAIN}t")))
        if kind == "s":
            return Held(formula, self._strings[int(text)])
        if kind == "str":
            return Held(formula, text or None)
        return Held(formula, float(text) if text else None)

    def value(self, name: str) -> str | float | None:
        """Return what stands in a cell, None where nothing does."""
        held = self.cells.get(name)
        return held.value if held is not None else None

    def at(self, row: int, column: int) -> str | float | None:
        return self.grid.get((row, column))

    @cached_property
    def grid(self) -> dict[tuple[int, int], str | float | None]:
        return {parse_cell(name): held.value for name, held in self.cells.items()}

    def rows(self, head: int = 3) -> list[dict[str, Any]]:
        """Return the rows below some heads, down to the first blank one."""
        width = max(column for row, column in self.grid if row == head)
        heads = [str(self.at(head, column)) for column in range(1, width + 1)]
        found = []
        for row in range(head + 1, max(row for row, _ in self.grid) + 2):
            line = [self.at(row, column) for column in range(1, width + 1)]
            if all(value is None for value in line):
                break
            found.append(dict(zip(heads, line, strict=True)))
        return found

    def lines(self) -> Iterator[list[str | float]]:
        """Yield the values of each row, blank cells left out."""
        found: dict[int, list[str | float]] = {}
        for (row, _), value in sorted(self.grid.items()):
            if value is not None:
                found.setdefault(row, []).append(value)
        yield from found.values()

    @property
    def hidden(self) -> set[int]:
        """The rows that are not seen."""
        return {int(row.get("r")) for row in self._root.iter(f"{_MAIN}row") if row.get("hidden") == "1"}

    @property
    def merged(self) -> set[str]:
        return {area.get("ref") for area in self._root.iter(f"{_MAIN}mergeCell")}

    @property
    def links(self) -> dict[str, str]:
        """The cells that lead to files, and where."""
        found = self._root.iter(f"{_MAIN}hyperlink")
        return {
            link.get("ref"): self.relations[link.get(f"{_RELATED}id")] for link in found if link.get(f"{_RELATED}id")
        }

    @property
    def frozen(self) -> str | None:
        """The first cell that moves."""
        pane = self._root.find(f".//{_MAIN}pane")
        return None if pane is None else pane.get("topLeftCell")


class Sheets:
    """A workbook's sheets by name, in their order."""

    def __init__(self, data: bytes) -> None:
        self._package = ZipFile(io.BytesIO(data))
        book = etree.fromstring(self._package.read("xl/workbook.xml"))
        places = self._relations("xl/_rels/workbook.xml.rels")
        self._parts = {
            sheet.get("name"): f"xl/{places[sheet.get(f'{_RELATED}id')]}" for sheet in book.iter(f"{_MAIN}sheet")
        }
        self.names = list(self._parts)
        self._read: dict[str, Sheet] = {}

    def __getitem__(self, name: str) -> Sheet:
        if name not in self._read:
            part = self._parts[name]
            folder, _, file = part.rpartition("/")
            relations = self._relations(f"{folder}/_rels/{file}.rels")
            self._read[name] = Sheet(self._package.read(part), self._strings, relations)
        return self._read[name]

    @cached_property
    def _strings(self) -> list[str]:
        root = etree.fromstring(self._package.read("xl/sharedStrings.xml"))
        return ["".join(item.itertext(f"{_MAIN}t")) for item in root.iter(f"{_MAIN}si")]

    def _relations(self, name: str) -> dict[str, str]:
        if name not in self._package.namelist():
            return {}
        return {one.get("Id"): one.get("Target") for one in etree.fromstring(self._package.read(name))}
