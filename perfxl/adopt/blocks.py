"""Blocks that repeat as a whole: 目标1, 目标2 … each with the same rows below it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from perfxl.adopt.draft import Area, Draft, at
from perfxl.adopt.fonts import head_heights
from perfxl.adopt.grid import Grid, Kind, Spot
from perfxl.adopt.heads import Head, Heads, heads_of
from perfxl.adopt.keys import Keys, block_key, known_key
from perfxl.adopt.levels import rows_without_heads
from perfxl.adopt.types import type_of
from perfxl.forms.definition.decode import Scalar
from perfxl.forms.definition.language import BandSpec, BlockBand, CellSpec, HeadBand, TableBand
from perfxl.forms.printed_text import HOLE, words
from perfxl.model.field_type import Type
from perfxl.values.label_text import flat

_NUMBER = re.compile(r"\d+")
_PRINTED = {Kind.LABEL, Kind.CAPTION}
Inside = Callable[[Draft, Area], tuple[BandSpec, ...]]


class Repetition(Struct, frozen=True):
    """Rows that repeat: so many times, so many rows each, below the numbered cell."""

    first: Spot
    count: int
    size: int

    @property
    def next(self) -> int:
        return self.first.top + self.count * self.size

    @property
    def spine(self) -> bool:
        """Whether the numbered cell stands down the left of all its rows."""
        return self.first.height == self.size > 1


def repetition(grid: Grid, area: Area) -> Repetition | None:
    """Return the blocks with which an area begins, None where it begins with none.

    The first cell is numbered 1, cells that are the same with 2, 3 … follow at equal distances, and what stands between
    them has the same columns, roles and words.
    """
    first = grid.at(area.top, area.left)
    if first.kind not in _PRINTED or first.top != area.top or first.left != area.left:
        return None
    stem = _stem(first)
    if "#" not in stem or _number(first) != 1:
        return None
    starts = [area.top]
    for row in range(area.top + 1, area.bottom + 1):
        spot = grid.at(row, area.left)
        if spot.top == row and spot.kind is first.kind and _stem(spot) == stem and _number(spot) == len(starts) + 1:
            starts.append(row)
    if len(starts) < 2:
        return None
    size = starts[1] - area.top
    count = 1
    while count < len(starts) and starts[count] == area.top + count * size and _same(grid, area, size, count):
        count += 1
    return Repetition(first, count, size) if count >= 2 else None


def block(draft: Draft, area: Area, found: Repetition, inside: Inside) -> BlockBand:
    """Return the blocks as the language writes them; ``inside`` reads the bands of one."""
    stem = re.sub(r"\d.*", "", flat(found.first.text or (found.first.caption.text if found.first.caption else "")))
    own = area._replace(bottom=area.top + found.size - 1)
    name = draft.table_name(own, block_key(stem) or known_key(stem), "block")
    outer_keys, outer_prefix, outer_above = draft.keys, draft.prefix, draft.above
    draft.keys, draft.prefix, draft.above = Keys(draft.settled_below(name)), name, (*outer_above, stem)
    last = area.top + found.size - 1
    made = BlockBand(block=name, name="" if outer_above else stem, count=found.count, bands=())
    try:
        if found.spine:
            made = replace(made, spine=_spine(draft, found.first), bands=_rows(draft, area, found))
        else:
            bands = inside(draft, Area(area.top, last, area.left, area.right))
            made = replace(made, bands=_numbered(bands, _stem(found.first)))
    finally:
        draft.keys, draft.prefix, draft.above = outer_keys, outer_prefix, outer_above
    _repeat_paths(draft, area, found)
    return made


def block_with_heads(draft: Draft, area: Area) -> tuple[tuple[BandSpec, ...], int] | None:
    """Return heads and the blocks below them whose tables have none of their own, and the next row; None for others."""
    heads = heads_of(draft.grid, area)
    if heads is None or heads.bottom >= area.bottom:
        return None
    below = Area(heads.bottom + 1, area.bottom, area.left, area.right)
    found = repetition(draft.grid, below)
    if found is None or not found.spine:
        return None
    made = block(draft, below, found, lambda _draft, _area: ())
    names: dict[Spot, CellSpec] = {}
    table = next((band for band in made.bands if isinstance(band, TableBand)), None)
    for leaf in heads.leaves:
        names[leaf.spot] = CellSpec(at=at(leaf.spot), names=_named(made, table, leaf.spot))
    high = head_heights(draft.grid.sheet, heads.top, heads.bottom)
    return (HeadBand(heads=heads.specs(draft, names), head_heights=high), made), found.next


def _named(made: BlockBand, table: TableBand | None, head: Spot) -> str:
    """Return what a head above blocks is about: the column of the table that ends where it ends, else the spine."""
    for column in table.columns if table is not None else ():
        if column.field is not None and column.at is not None and column.at.columns.last == head.right:
            return f"{made.block}[].{table.table if table else ''}[].{column.field}"
    return f"{made.block}[].{made.spine.field if made.spine is not None else ''}"


def _spine(draft: Draft, spot: Spot) -> CellSpec:
    """Return the cell down the left of a block."""
    text = spot.caption.text if spot.caption is not None else spot.text
    caption = _NUMBER.sub("{n}", text, count=1)
    if HOLE not in caption:
        caption += HOLE
    guessed = type_of(spot, text)
    key = draft.name(spot, "name", "name")
    draft.note(spot, draft.path(key), guessed)
    kind = guessed.type if spot.caption is not None else Type.TEXT
    stem = words(caption.replace(HOLE, ""))
    return CellSpec(at=at(spot), caption=caption, field=key, name=stem, type=kind)


def _rows(draft: Draft, area: Area, found: Repetition) -> tuple[BandSpec, ...]:
    """Return the table in a block whose heads stand above all blocks."""
    grid = draft.grid
    left = found.first.right + 1
    row = area.top - 1
    spots = grid.row(row, left, area.right)
    heads = Heads(tuple(Head(spot) for spot in spots), row, row)
    inside = range(area.top, area.top + found.size)
    name = draft.table_name(heads.above(inside), "indicators", "indicators")
    return (rows_without_heads(draft, heads, inside, name),)


def _repeat_paths(draft: Draft, area: Area, found: Repetition) -> None:
    """Give the cells of the later blocks the names of the first one's."""
    for row in range(area.top, area.top + found.size):
        for column in range(area.left, area.right + 1):
            path = draft.paths.get((row, column))
            guess = draft.guesses.get((row, column))
            for number in range(1, found.count):
                place = (row + number * found.size, column)
                if path is not None:
                    draft.paths[place] = path
                if guess is not None:
                    draft.guesses[place] = guess


def _stem(spot: Spot) -> str:
    text = spot.caption.text if spot.caption is not None else spot.text
    return _NUMBER.sub("#", flat(text), count=1).rstrip("_")


def _number(spot: Spot) -> int:
    text = spot.caption.text if spot.caption is not None else spot.text
    found = _NUMBER.search(flat(text))
    return int(found[0]) if found is not None and len(found[0]) < 4 else 0


def _same(grid: Grid, area: Area, size: int, number: int) -> bool:
    """Tell whether the rows of a repetition look as those of the first one."""
    start = area.top + number * size
    if start + size - 1 > area.bottom:
        return False
    return all(_shape(grid, area, start + offset) == _shape(grid, area, area.top + offset) for offset in range(size))


def _shape(grid: Grid, area: Area, row: int) -> tuple[object, ...]:
    return tuple(
        (spot.left, spot.right, spot.height if spot.top == row else 0, _role(spot), _words(spot))
        for spot in grid.row(row, area.left, area.right)
    )


def _role(spot: Spot) -> str:
    return "label" if spot.kind is Kind.CAPTION else spot.role.value


def _words(spot: Spot) -> str:
    if spot.kind not in _PRINTED:
        return ""
    text = spot.caption.text if spot.caption is not None else spot.text
    return _NUMBER.sub("#", flat(text)).rstrip("_")


def _numbered(bands: tuple[BandSpec, ...], stem: str) -> tuple[BandSpec, ...]:
    """Put the counter into the texts of a block that are the numbered one."""

    def text(given: str) -> str:
        same = _NUMBER.sub("#", flat(given.replace(HOLE, "")), count=1).rstrip("_") == stem
        return _NUMBER.sub("{n}", given, count=1) if same else given

    changes = {"label": text, "caption": text}
    return tuple(_mapped(band, changes) for band in bands)


def _mapped(spec: Any, changes: Mapping[str, Callable[[str], str]]) -> Any:
    """Return a construct with the texts under some keys changed, in all that it holds."""
    if isinstance(spec, tuple):
        return tuple(_mapped(item, changes) for item in spec)
    if not isinstance(spec, Struct) or isinstance(spec, Scalar):
        return spec
    changed: dict[str, Any] = {}
    for name in spec.__struct_fields__:
        value = getattr(spec, name)
        if name in changes and isinstance(value, str):
            changed[name] = changes[name](value)
        elif isinstance(value, tuple | Struct):
            changed[name] = _mapped(value, changes)
    return replace(spec, **changed)
