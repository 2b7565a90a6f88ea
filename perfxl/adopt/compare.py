"""What a generated blank still differs in from the original: printed words, merges, places to be filled in, formats, widths."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct

from perfxl.adopt.captions import several_in
from perfxl.adopt.fonts import font_in
from perfxl.adopt.grid import Grid, Kind, Spot, grid_of
from perfxl.adopt.marked import marked_sheet
from perfxl.adopt.reasons import label_of
from perfxl.adopt.sheet import Sheet
from perfxl.adopt.typed import typed_on
from perfxl.forms.printed_text import HOLE
from perfxl.model.address import cell_name, column_letter, parse_cell
from perfxl.values.label_text import flat

_NARROWER = 1.5
"""Widths that differ by less, in characters, look the same."""


class Aspect(StrEnum):
    """In what two cells differ, as people call it."""

    TEXT = "印的字"
    MERGE = "合并"
    INPUT = "填写"
    FORMAT = "数字格式"
    WIDTH = "列宽"
    FONT = "字体"


class Difference(NamedTuple):
    """A difference: where, in what, how it is in the original and in the generated blank, which label leads there."""

    place: str
    aspect: Aspect
    original: str
    generated: str
    label: str = ""


class Comparison(Struct, frozen=True):
    """How far two sheets are the same: of all cells that are a label, a merge's corner or an input, those equal in all three."""

    cells: int
    equal: int
    differences: tuple[Difference, ...]

    @property
    def percentage(self) -> float:
        return 100 * self.equal / self.cells if self.cells else 100.0


class _Seen(NamedTuple):
    """What counts of a cell."""

    text: str
    merge: str
    asked: bool


_NOTHING = _Seen("", "", asked=False)


def compared(original: Sheet, generated: Sheet) -> Comparison:
    """Compare two sheets cell by cell; what somebody has typed into the original does not count."""
    grids = _grid(original), _grid(generated)
    one, other = map(_cells, grids)
    places = sorted(one.keys() | other.keys())
    equal = sum(one.get(place) == other.get(place) for place in places)
    found = [
        difference
        for place in places
        for difference in _differences(place, one.get(place, _NOTHING), other.get(place, _NOTHING))
    ]
    formats = _joined((*_formats(original, generated), *_fonts(original, generated)))
    told = (
        each if each.aspect is Aspect.TEXT else each._replace(label=_label(each.place, grids))
        for each in (*found, *formats)
    )
    return Comparison(len(places), equal, (*told, *_widths(original, generated)))


def _grid(sheet: Sheet) -> Grid:
    sheet = marked_sheet(sheet).sheet
    return grid_of(sheet, typed_on(sheet).instead)


def _label(place: str, grids: Sequence[Grid]) -> str:
    """Return the printed text that leads to a cell in the original, else in the generated blank."""
    at = parse_cell(place.partition(":")[0])
    labels = (label_of(grid, grid.spots[at]) for grid in grids if at in grid.spots)
    return next((label for label in labels if label), "")


def _joined(found: Iterable[Difference]) -> Iterator[Difference]:
    """Yield the same difference in cells below each other once, as G21:G38."""
    by_column = sorted(found, key=lambda one: parse_cell(one.place)[::-1])
    runs: list[list[Difference]] = []
    for one in by_column:
        row, column = parse_cell(one.place)
        last = runs[-1][-1] if runs else None
        if last is not None and last[1:] == one[1:] and parse_cell(last.place) == (row - 1, column):
            runs[-1].append(one)
        else:
            runs.append([one])
    for first, *rest in runs:
        yield first._replace(place=f"{first.place}:{rest[-1].place}") if rest else first


def _cells(grid: Grid) -> Mapping[tuple[int, int], _Seen]:
    told = grid.sheet.told
    found: dict[tuple[int, int], _Seen] = {}
    for place, spot in grid.spots.items():
        if spot.place != place or (spot.kind is Kind.COMPUTED and spot.cell.box.single):
            continue
        merge = "" if spot.cell.box.single else spot.cell.box.range_name
        corner = not told and spot.kind is Kind.INPUT and grid.is_corner(spot)
        seen = _Seen(_text(spot), merge, _asked(spot) and not corner)
        if any(seen):
            found[place] = seen
    return found


def _asked(spot: Spot) -> bool:
    return spot.kind in {Kind.INPUT, Kind.CAPTION} or bool(spot.places or several_in(spot.text))


def _text(spot: Spot) -> str:
    """Return what a cell prints, without places, blanks and figures of a year that is filled in."""
    text = spot.caption.text.replace(HOLE, "") if spot.caption is not None else spot.text
    return re.sub(r"[_\s]|年月日$", "", re.sub(r"(?<=[(（])20\d\d(?=年)", "", flat(text)))


def _differences(place: tuple[int, int], one: _Seen, other: _Seen) -> Iterator[Difference]:
    name = cell_name(*place)
    if one.text != other.text:
        yield Difference(name, Aspect.TEXT, one.text or "（没有）", other.text or "（没有）")
    if one.merge != other.merge:
        yield Difference(name, Aspect.MERGE, one.merge or "（不合并）", other.merge or "（不合并）")
    if one.asked != other.asked:
        yield Difference(name, Aspect.INPUT, _said(asked=one.asked), _said(asked=other.asked))


def _said(*, asked: bool) -> str:
    return "要填" if asked else "不填"


def _formats(original: Sheet, generated: Sheet) -> Iterator[Difference]:
    """Yield the number formats that differ where both have one."""
    for place, cell in original.cells.items():
        other = generated.cells.get(place)
        if other is None or cell.box[:2] != place or cell.text or other.text:
            continue
        formats = cell.style.format, other.style.format
        if formats[0] != formats[1] and "General" not in formats:
            yield Difference(cell.box.name, Aspect.FORMAT, *formats)


def _fonts(original: Sheet, generated: Sheet) -> Iterator[Difference]:
    """Yield the fonts that differ of what both print, and of framed cells; one that no form can have does not count."""
    for place, cell in original.cells.items():
        other = generated.cells.get(place)
        if other is None or cell.box != other.box or cell.box[:2] != place or not (cell.text or cell.style.boxed):
            continue
        found, made = font_in(cell.style), font_in(other.style)
        if found.over(made) != made:
            yield Difference(cell.box.name, Aspect.FONT, str(found), str(made))


def _widths(original: Sheet, generated: Sheet) -> Iterator[Difference]:
    for column, width in sorted(original.widths.items()):
        other = generated.widths.get(column)
        if other is not None and column <= original.columns and abs(width - other) > _NARROWER:
            yield Difference(f"{column_letter(column)} 列", Aspect.WIDTH, f"{width:.1f}", f"{other:.1f}")
