"""What each cell of a sheet is for: printed, to be filled in, computed, a frame in which nothing is asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from perfxl.adopt.captions import Caption, in_format, in_text, places_in, several_in
from perfxl.adopt.evidence import Evidence, evidence_of
from perfxl.adopt.form_words import wording
from perfxl.adopt.mark import Mark
from perfxl.adopt.sheet import Cell, Sheet
from perfxl.model.field_type import Type
from perfxl.values.label_text import flat

_NOTHING = {"—", "——", "-", "--", "/", "//", "×", "\\"}
"""What forms print where a row has no value (compared after NFKC)."""

_SAMPLE_LINE = re.compile(r"(?:(?:年度|长期|中期|总体|绩效)?(?:目标|任务|问题|措施|职能|职责))?\d{0,2}[:.、]?|[….。]+")

_OPEN_END = re.compile(r"(?:人|单位|部门|主体|名称|日期|电话|时间)(?:公章|盖章|签章|签字|签名)?$")
"""How labels end at the top and the foot of a form that ask for who fills it in, and when."""
_MEASURE = re.compile(r"(?:金额|计量|货币)单位$")


class Kind(StrEnum):
    """What a cell is for. FRAME: a box in which nothing is asked for; VOID: no cell of the form."""

    LABEL = "label"
    CAPTION = "caption"
    INPUT = "input"
    COMPUTED = "computed"
    FRAME = "frame"
    VOID = "void"


class Spot(Struct, frozen=True, eq=False):
    """A cell of the grid with what it is for. ``text`` is what it prints; ``typed`` was left out as somebody's data."""

    cell: Cell
    kind: Kind
    text: str = ""
    caption: Caption | None = None
    typed: bool = False
    counted: bool = False
    why: str = ""
    """What shows, on a sheet without locks, that it is asked for or only drawn; "" where only its frame and the labels around it do."""

    @property
    def mark(self) -> Mark | None:
        """The mark that settles the one value that stands here."""
        return self.cell.marks[0] if len(self.cell.marks) == 1 else None

    @property
    def places(self) -> tuple[Caption, ...]:
        """The captions of several values that marks put into one cell."""
        return places_in(self.text) if len(self.cell.marks) > 1 else ()

    @property
    def role(self) -> Kind:
        """What it is for as its neighbours show it: of a column's cells one mark settles all."""
        return Kind.INPUT if self.mark is not None and self.kind is Kind.COMPUTED else self.kind

    @property
    def top(self) -> int:
        return self.cell.box.row

    @property
    def bottom(self) -> int:
        return self.cell.box.last_row

    @property
    def left(self) -> int:
        return self.cell.box.column

    @property
    def right(self) -> int:
        return self.cell.box.last_column

    @property
    def height(self) -> int:
        return self.bottom - self.top + 1

    @property
    def width(self) -> int:
        return self.right - self.left + 1

    @property
    def place(self) -> tuple[int, int]:
        return self.top, self.left

    @property
    def printed(self) -> bool:
        return self.kind in {Kind.LABEL, Kind.CAPTION}

    @property
    def asked(self) -> bool:
        """Whether a value stands here, typed or computed."""
        return self.kind in {Kind.INPUT, Kind.CAPTION, Kind.COMPUTED}


class Grid(Struct, frozen=True):
    """The spots of a sheet by (row, column), covered places too."""

    sheet: Sheet
    spots: Mapping[tuple[int, int], Spot]

    def at(self, row: int, column: int) -> Spot:
        return self.spots[row, column]

    def places(self, spot: Spot) -> tuple[Caption, ...]:
        """Return the captions of several values in one cell, () where it is no such cell."""
        if spot.places:
            return spot.places
        may_hold = spot.kind is Kind.LABEL and (not self.sheet.told or not spot.cell.style.locked)
        return several_in(spot.text) if may_hold else ()

    def is_corner(self, spot: Spot) -> bool:
        """Tell whether a blank is the corner of a table: heads on its right, labels below it, none of its own on its left."""
        right, below = self.spots.get((spot.top, spot.right + 1)), self.spots.get((spot.bottom + 1, spot.left))
        left = self.spots.get((spot.top, spot.left - 1))
        alone = left is None or not left.printed or left.bottom > spot.bottom
        return alone and right is not None and below is not None and right.printed and below.printed

    def row(self, row: int, first: int, last: int) -> list[Spot]:
        """Return the spots that a row has in some columns, left to right, those from above too."""
        found: list[Spot] = []
        column = first
        while column <= last:
            spot = self.spots[row, column]
            found.append(spot)
            column = max(spot.right, column) + 1
        return found


def grid_of(
    sheet: Sheet,
    typed: Mapping[tuple[int, int], str],
    counted: frozenset[tuple[int, int]] = frozenset(),
    evidence: Evidence | None = None,
) -> Grid:
    """Return a sheet with the role of each cell; ``typed`` is what is printed instead where somebody's data stands.

    Where the sheet is protected and has open cells these say what is filled in. Else it is what holds no text and
    stands in a box, and what ``evidence`` says. ``counted`` are the places of which formulas make sums: numbers stand there.
    """
    evidence = evidence_of(sheet) if evidence is None else evidence
    made: dict[int, Spot] = {}
    spots: dict[tuple[int, int], Spot] = {}
    for place, cell in sheet.cells.items():
        if id(cell) not in made:
            own = cell.box[:2]
            spot = _typed(cell, typed[own]) if own in typed else _weighed(_spot(cell, sheet), evidence)
            made[id(cell)] = replace(spot, counted=True) if cell.box[:2] in counted else spot
        spots[place] = made[id(cell)]
    ends = {id(spot): caption for spot in spots.values() if (caption := _open_end(spot, spots, sheet)) is not None}
    for place, spot in spots.items():
        if id(spot) in ends:
            spots[place] = replace(spot, kind=Kind.CAPTION, caption=ends[id(spot)])
    return Grid(sheet, _joined(spots, sheet))


def _open_end(spot: Spot, spots: Mapping[tuple[int, int], Spot], sheet: Sheet) -> Caption | None:
    """Return the caption that a label without a frame is by itself: ``填表人：``, and no place for the answer on its right."""
    text = spot.text.rstrip()
    if spot.kind is not Kind.LABEL or spot.cell.style.boxed or spot.cell.marks or not text.endswith(("：", ":")):
        return None
    right = spots.get((spot.top, spot.right + 1))
    said = wording(text)
    if (sheet.told and spot.cell.style.locked) or (right is not None and right.kind in {Kind.INPUT, Kind.COMPUTED}):
        return None
    return in_text(f"{text}　　") if _OPEN_END.search(said) and not _MEASURE.search(said) else None


def _joined(spots: dict[tuple[int, int], Spot], sheet: Sheet) -> dict[tuple[int, int], Spot]:
    """Make one spot of the pieces of a label that a page's end has cut: right below each other, the same columns and text.

    A page's end cuts all cells that stand across it, from the left edge on: equal texts elsewhere are texts of their own.
    """
    found = dict(spots)
    cut: set[tuple[int, int]] = set()
    for row, column in sorted(spots, key=lambda place: place[::-1]):
        if column > 1 and (row, column - 1) not in cut:
            continue
        above, here = found[row, column], found.get((row + 1, column))
        if here is None or here is above or above.left != column or above.bottom != row or here.top != row + 1:
            continue
        alike = (above.left, above.right, flat(above.text)) == (here.left, here.right, flat(here.text))
        if (
            not alike
            or here.kind is not Kind.LABEL
            or above.kind is not Kind.LABEL
            or max(above.height, here.height) < 2
        ):
            continue
        box = above.cell.box._replace(last_row=here.bottom)
        whole = replace(above, cell=replace(above.cell, box=box))
        for inside in range(box.row, min(box.last_row, sheet.rows) + 1):
            for covered in range(box.column, min(box.last_column, sheet.columns) + 1):
                found[inside, covered] = whole
        cut |= {(row, covered) for covered in range(box.column, box.last_column + 1)}
    return found


def _weighed(spot: Spot, evidence: Evidence) -> Spot:
    """Return a spot as evidence shows it: asked for though it has no frame, only drawn though it has one."""
    place, cell = spot.place, spot.cell
    if cell.marks or spot.kind not in {Kind.INPUT, Kind.FRAME, Kind.VOID} or cell.text:
        return spot
    if place in evidence.drawn:
        if cell.value is not None:
            return Spot(cell, Kind.LABEL, shown(cell), why=evidence.drawn[place])
        return Spot(cell, Kind.FRAME if cell.style.boxed else Kind.VOID, why=evidence.drawn[place])
    return replace(spot, kind=Kind.INPUT, why=evidence.asked[place]) if place in evidence.asked else spot


def _typed(cell: Cell, instead: str) -> Spot:
    """Return a spot in which somebody's data stands: a place for it, with what the form prints around it."""
    if not instead:
        around = None if cell.text else in_format(cell.style.format)
        return Spot(cell, Kind.INPUT if around is None else Kind.CAPTION, caption=around, typed=True)
    caption = in_text(instead)
    if caption is not None:
        return Spot(cell, Kind.CAPTION, instead, caption, typed=True)
    return Spot(cell, Kind.LABEL, instead)


def _marked(cell: Cell) -> Spot:
    """Return a spot whose author has said what stands there."""
    if len(cell.marks) > 1:
        return Spot(cell, Kind.LABEL, cell.text)
    (mark,) = cell.marks
    if cell.text:
        guessed = in_text(cell.text)
        kind = mark.type or (guessed.type if guessed is not None else Type.TEXT)
        return Spot(cell, Kind.CAPTION, cell.text, Caption(cell.text, kind))
    around = in_format(cell.style.format)
    if around is not None:
        return Spot(cell, Kind.CAPTION, caption=around)
    return Spot(cell, Kind.COMPUTED if mark.formula else Kind.INPUT)


def _spot(cell: Cell, sheet: Sheet) -> Spot:
    if cell.marks:
        return _marked(cell)
    open_ = not cell.style.locked
    may_ask = open_ or not sheet.told
    if cell.formula:
        return Spot(cell, Kind.COMPUTED)
    if may_ask:
        shown = in_format(cell.style.format)
        if shown is not None and not cell.text:
            return Spot(cell, Kind.CAPTION, caption=shown)
    if cell.text:
        return _of_text(cell, may_ask=may_ask)
    if cell.value is not None:
        return _of_number(cell, may_ask=may_ask)
    if sheet.told:
        return Spot(cell, Kind.INPUT if open_ else Kind.FRAME if cell.style.boxed else Kind.VOID)
    return Spot(cell, Kind.INPUT if cell.style.boxed else Kind.VOID)


def _of_text(cell: Cell, *, may_ask: bool) -> Spot:
    if flat(cell.text) in _NOTHING:
        return Spot(cell, Kind.FRAME, cell.text)
    if may_ask and is_sample(cell.text):
        return Spot(cell, Kind.INPUT)
    caption = in_text(cell.text) if may_ask else None
    if caption is not None:
        return Spot(cell, Kind.CAPTION, cell.text, caption)
    return Spot(cell, Kind.LABEL, cell.text)


def is_sample(text: str) -> bool:
    """Tell whether a text of several lines only shows how an answer is set out: 目标1：, 目标2：, ……"""
    lines = [flat(line) for line in text.split("\n") if line.strip()]
    return len(lines) > 1 and all(map(_SAMPLE_LINE.fullmatch, lines)) and bool(re.search(r"\d", lines[0]))


def _of_number(cell: Cell, *, may_ask: bool) -> Spot:
    """A number in a cell that is closed is printed; in an open one it is a preset, or what somebody has typed."""
    if may_ask:
        return Spot(cell, Kind.INPUT)
    return Spot(cell, Kind.LABEL, shown(cell))


def shown(cell: Cell) -> str:
    """Return what a constant shows, as far as its format is a usual one."""
    value = cell.value
    if isinstance(value, Decimal):
        if "%" in cell.style.format:
            return f"{(value * 100).normalize():f}%"
        return f"{value:f}"
    return str(value)


def type_shown(spot: Spot) -> Type | None:
    """Return the type that a spot's caption tells, None where it has none."""
    return spot.caption.type if spot.caption is not None else None
