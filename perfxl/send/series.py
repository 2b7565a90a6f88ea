"""One workbook for each of many units: rendered once for all that differ in a few values only."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

from perfxl.forms.outgoing import Outgoing, Own
from perfxl.model import stamp
from perfxl.model.layout import Layout
from perfxl.send.shapes import SentForm, Shape, UnitSheet, cells_once
from perfxl.writer.content import Content
from perfxl.writer.plate import DifferingCell, Plate, UnfitPlate
from perfxl.writer.write import sheet_names, write

_MOST_PLATES = 200


class Series:
    """The workbooks of some forms, a sheet each, for one unit after the other.

    The first workbook of each shape is rendered, the others of that shape are made from its bytes. ``contact`` is who
    answers questions.
    """

    def __init__(self, outgoing: Sequence[Outgoing], contact: str = "") -> None:
        self._outgoing = outgoing
        self._contact = contact
        self._first: _Rendering | None = None
        self._press: _Press | None = None

    @property
    def sheets(self) -> int:
        """How many forms there are."""
        return len(self._outgoing)

    def workbook(self, owns: Sequence[Own]) -> bytes:
        """Return a unit's workbook, ``owns`` what is its own in each form; the same bytes as if it were rendered.

        What workbooks have in common is looked at when there is a second.
        """
        if self._press is not None:
            return self._press.workbook(owns)
        if self._first is None:
            filled = zip(self._outgoing, owns, strict=True)
            layouts = [layout for outgoing, own in filled for layout in outgoing.layouts(own)]
            self._first = _Rendering(owns, layouts, write(layouts, self._contact))
            return self._first.data
        press = _Press([SentForm.of(one) for one in self._outgoing], self._contact, self._first)
        self._press, self._first = press, None
        return press.workbook(owns)


class _Rendering(NamedTuple):
    """A workbook that was rendered: for whom, the layouts of its sheets."""

    owns: Sequence[Own]
    layouts: Sequence[Layout]
    data: bytes


class _Unit(NamedTuple):
    """A unit's sheets, and what of them stands in slots of a plate: texts, figures and dates, then stamps."""

    sheets: Sequence[UnitSheet]
    contents: Sequence[Content]
    stamps: Sequence[str]

    @property
    def shape(self) -> Shape | None:
        """What other workbooks must have in common with this one; None where none can."""
        shapes = [sheet.shape for sheet in self.sheets]
        texts = [content for content in self.contents if isinstance(content, str)]
        # Equal texts are one shared string.
        return None if None in shapes else (*shapes, *map(texts.index, texts))


class _Cut(NamedTuple):
    """The first workbook of a shape, to be cut up when there is a second, and where others differ from it."""

    data: bytes
    spots: Sequence[DifferingCell]
    stamps: Sequence[str]


class _Press:
    """Makes the workbooks of a series but for the first, which it was given."""

    def __init__(self, forms: Sequence[SentForm], contact: str, first: _Rendering) -> None:
        self._forms = forms
        self._contact = contact
        self._plates: dict[Shape, Plate | _Cut | None] = {}
        self._keep(self._unit(first.owns), first)

    def workbook(self, owns: Sequence[Own]) -> bytes:
        unit = self._unit(owns)
        plate = self._plate(unit.shape)
        if plate is not None:
            try:
                return plate.press([*unit.contents, *unit.stamps])
            except UnfitPlate:
                pass
        rendering = self._rendered(owns, unit)
        self._keep(unit, rendering)
        return rendering.data

    def _unit(self, owns: Sequence[Own]) -> _Unit:
        sheets = [form.sheet(own) for form, own in zip(self._forms, owns, strict=True)]
        contents = [free.content for sheet in sheets for free in sheet.free]
        stamps = (one for form, sheet in zip(self._forms, sheets, strict=True) for one in form.stamps(sheet.stamp))
        return _Unit(sheets, contents, list(dict.fromkeys(map(stamp.encode, stamps))))

    def _rendered(self, owns: Sequence[Own], unit: _Unit) -> _Rendering:
        filled = zip(self._forms, unit.sheets, strict=True)
        layouts = [layout for form, sheet in filled for layout in form.outgoing.placed(sheet.record, sheet.own)]
        return _Rendering(owns, layouts, write(layouts, self._contact))

    def _keep(self, unit: _Unit, rendering: _Rendering) -> None:
        """Remember the first workbook of a shape."""
        shape = unit.shape
        if shape is None or shape in self._plates:
            return
        if len(self._plates) >= _MOST_PLATES:
            self._plates.clear()
        self._plates[shape] = _Cut(rendering.data, _spots(rendering.layouts, unit.sheets), unit.stamps)

    def _plate(self, shape: Shape | None) -> Plate | None:
        """Return the plate of a shape; the first workbook of one is cut up when there is a second."""
        if shape is None:
            return None
        kept = self._plates.get(shape)
        if isinstance(kept, _Cut):
            try:
                kept = Plate.cut(kept.data, kept.spots, kept.stamps)
            except UnfitPlate:
                kept = None
            self._plates[shape] = kept
        return kept


def _spots(layouts: Sequence[Layout], sheets: Sequence[UnitSheet]) -> list[DifferingCell]:
    names = iter(zip(sheet_names(layouts), map(cells_once, layouts), strict=True))
    spots: list[DifferingCell] = []
    for sheet in sheets:
        where = {path: (name, cells) for name, own in islice(names, sheet.count) for path, cells in own.items()}
        for free in sheet.free:
            name, cells = where[free.path]
            spots.append(DifferingCell(name, cells[free.number].box.name))
    return spots
