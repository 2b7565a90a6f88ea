"""The columns of a matrix: what their cells have in common, what each row has of its own, and which only print texts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import Enum
from typing import Any

from msgspec import Struct, field
from msgspec.structs import fields, replace

from perfxl.adopt.draft import look_of_field
from perfxl.adopt.fields import limited
from perfxl.adopt.grid import Grid, Kind, Spot
from perfxl.adopt.heads import Heads, own_spots
from perfxl.adopt.types import TypeGuess, type_of
from perfxl.forms.definition.language import CellSpec
from perfxl.model.field_type import Type
from perfxl.model.form import Look
from perfxl.values.label_text import flat

_OWN = ("min", "max", "length", "choices", "preset", "hint", "required", "caption")
"""What a row may say of its own cell."""
_USUAL = {one.name: one.default for one in fields(CellSpec) if one.name in _OWN} | {"choices": ()}


class Printed(Enum):
    """What the cells of a column print: nothing, some of them a text, each its text, the numbers of the rows."""

    NOTHING = 0
    SOME = 1
    ALL = 2
    NUMBERED = 3


def printed_in(grid: Grid, rows: Sequence[int], head: Spot) -> Printed:
    """Return what the cells of some rows print below a head."""
    spots = own_spots(grid, rows, head)
    if _numbered(spots):
        return Printed.NUMBERED
    labels = sum(spot.kind is Kind.LABEL for spot in spots)
    return Printed.NOTHING if not labels else Printed.ALL if labels == len(spots) else Printed.SOME


def _numbered(spots: Sequence[Spot]) -> bool:
    """Tell whether cells hold 1, 2, 3 … as figures or as text; one by itself says nothing."""
    if len(spots) < 2 or any(spot.kind not in {Kind.LABEL, Kind.INPUT} or spot.height > 1 for spot in spots):
        return False
    values = (spot.cell.value for spot in spots)
    said = [f"{value:f}" if isinstance(value, Decimal) else flat(str(value or "")) for value in values]
    return said == [str(number) for number in range(1, len(spots) + 1)]


def labels_of(grid: Grid, heads: Heads, rows: Sequence[int]) -> Spot:
    """Return the head of the column that has the labels of the rows: the first that prints texts and does not only count."""
    found = (leaf.spot for leaf in heads.leaves if printed_in(grid, rows, leaf.spot) in {Printed.SOME, Printed.ALL})
    return next(found, heads.leaves[0].spot)


def is_matrix(grid: Grid, heads: Heads, rows: Sequence[int]) -> bool:
    """Tell whether some rows are those of a matrix: each has its label, and below some head stand values.

    A further column prints in each row, or in some of them instead of a value. Labels below the head that the labels have
    are those of a second list on the right: then each row stands by itself.
    """
    labels = labels_of(grid, heads, rows)
    if not all(any(spot.kind is Kind.LABEL for spot in grid.row(row, labels.left, labels.right)) for row in rows):
        return False
    valued = False
    for leaf in heads.leaves:
        printed = printed_in(grid, rows, leaf.spot)
        if leaf.spot is labels or printed is Printed.NUMBERED:
            continue
        spots = own_spots(grid, rows, leaf.spot)
        texts = [spot for spot in spots if spot.kind is Kind.LABEL]
        if any(spot.height > 1 or grid.places(spot) for spot in texts):
            return False
        if printed is Printed.ALL and flat(leaf.spot.text) == flat(labels.text):
            return False
        if printed is Printed.SOME and 2 * len(texts) > len(spots):
            return False
        valued = valued or any(spot.asked for spot in spots)
    return valued


class MatrixColumn(Struct, frozen=True):
    """A column: its head with what all its cells have in common; by row what differs, and what was taken for each cell."""

    spec: CellSpec
    own: Mapping[int, CellSpec] = field(default_factory=dict)
    guesses: Mapping[int, TypeGuess] = field(default_factory=dict)


def column_of(named: CellSpec, spots: Sequence[Spot], label: str, units: Mapping[int, str]) -> MatrixColumn:
    """Return a column of values; ``named`` is its head with its name, ``units`` what the rows print as their unit."""
    asked = [spot for spot in spots if spot.asked]
    guesses = {spot.top: _guessed(spot, label, units.get(spot.top, "")) for spot in asked or spots}
    specs = {
        spot.top: replace(limited(_captioned(spot), spot, guesses[spot.top]), formula="") for spot in asked or spots
    }
    typical = _typical(asked or spots, guesses)
    kind = guesses[typical.top].type
    alike = [specs[spot.top] for spot in asked if guesses[spot.top].type is kind and spot.kind is not Kind.COMPUTED]
    head = replace(named, type=kind, look=_look(typical, kind))
    common = {key: _common([getattr(spec, key) for spec in alike], key) for key in _OWN}
    head = replace(head, **common)
    own: dict[int, CellSpec] = {}
    for spot in asked:
        spec = specs[spot.top]
        wanted = common if guesses[spot.top].type is kind else _USUAL
        differing: dict[str, Any] = {key: getattr(spec, key) for key in _OWN if getattr(spec, key) != wanted[key]}
        if spot.kind is Kind.COMPUTED:
            differing = {}
        if guesses[spot.top].type is not kind:
            differing["type"] = guesses[spot.top].type
        if differing:
            own[spot.top] = CellSpec(**differing)
    return MatrixColumn(head, own, guesses)


def _captioned(spot: Spot) -> CellSpec:
    return CellSpec(caption=spot.caption.text if spot.caption is not None else "")


def _guessed(spot: Spot, label: str, unit: str) -> TypeGuess:
    """Return the type of a cell: as its head says it, where that says nothing as the row's unit does (人, 万元, %)."""
    guessed = type_of(spot, label)
    if guessed.type is Type.TEXT and unit:
        by_unit = type_of(spot, f"{re.sub(r'[（(].*', '', label)}（{unit}）")
        return by_unit if by_unit.type.numeric else guessed
    return guessed


def _typical(spots: Sequence[Spot], guesses: Mapping[int, TypeGuess]) -> Spot:
    """Return the cell that shows what a column is: one whose mark says its type, else the first of the type that most have."""
    marked = next((one for one in spots if one.mark is not None and one.mark.type is not None), None)
    if marked is not None:
        return marked
    ((most, _),) = Counter(guesses[spot.top].type for spot in spots).most_common(1)
    return next(spot for spot in spots if guesses[spot.top].type is most)


def _look(spot: Spot, kind: Type) -> Look | None:
    if kind is Type.PERCENT and spot.cell.style.align == "right":
        return Look.FIGURE
    return look_of_field(spot, long=kind is Type.TEXT) if spot.kind is not Kind.CAPTION else None


def _common(values: Sequence[Any], key: str) -> Any:
    """Return what the head says of some cells: what all have, what most have where each has something to say itself."""
    usual = _USUAL[key]
    if not values or any(value == usual for value in values):
        return values[0] if values and all(value == values[0] for value in values) else usual
    return values[0] if key != "preset" or all(value == values[0] for value in values) else usual
