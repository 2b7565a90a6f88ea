"""Growing tables: a head, and equal empty rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from perfxl.adopt.draft import Draft, at, look_of_field, noted
from perfxl.adopt.fields import limited
from perfxl.adopt.fonts import head_heights, own_font, usual_height
from perfxl.adopt.grid import Kind, Spot
from perfxl.adopt.guess import Sure
from perfxl.adopt.heads import Head, Heads, marked_or, own_spots
from perfxl.adopt.keys import Keys, known_key, named_key, table_key
from perfxl.adopt.types import TypeGuess, type_of
from perfxl.forms.definition.language import BandSpec, CellSpec, TableBand
from perfxl.forms.printed_text import words
from perfxl.model.field_type import Type
from perfxl.values.label_text import flat

_SERIAL = re.compile(r"序号|编号|^No\.?$", re.IGNORECASE)
_INDICATORS = re.compile(r"指标(名称)?$|^(一|二|三)级指标")
_LINE, _AIR = 15.0, 5.25
_MOST_ROWS = 1000
_FEW, _MANY = 20, 200
"""A table of so many blank rows is one that was framed generously: its blank is set with fewer."""


def growing(draft: Draft, heads: Heads, rows: Sequence[int]) -> tuple[BandSpec, ...]:
    """Return the growing table below some heads."""
    leaves = heads.leaves
    indicators = any(_INDICATORS.search(flat(leaf.spot.text)) for leaf in leaves)
    wanted = table_key(leaves[0].spot.text) or table_key(leaves[min(1, len(leaves) - 1)].spot.text)
    wanted = wanted or ("indicators" if indicators else known_key(draft.above[-1] if draft.above else ""))
    name = draft.table_name(heads.above(rows), wanted, "table")
    columns = columns_of(draft, heads, rows, name, indicator=indicators)
    for leaf in leaves:
        for row in rows:
            column_of = columns[leaf.spot].field or ""
            draft.paths.setdefault((row, leaf.spot.left), f"{draft.path(name)}.{column_of}" if column_of else "")
    noted(draft, heads.top, columns)
    count = len(rows) + (draft.grid.sheet.cut if rows[-1] == draft.grid.sheet.rows else 0)
    if count > _MANY:
        draft.remark(
            leaves[0].spot,
            f"原表在这里留了 {count} 行空行，空白表改留 {_FEW} 行，填报单位可以自己增行；要多留就改 rows",
        )
        count = _FEW
    return (
        TableBand(
            table=name,
            name=table_name(draft, "明细"),
            columns=heads.specs(draft, columns),
            rows=count,
            lines=lines_of(draft, rows[0]),
            height=usual_height(draft.grid.sheet, rows),
            head_heights=head_heights(draft.grid.sheet, heads.top, heads.bottom),
        ),
    )


def without_heads(band: BandSpec) -> BandSpec:
    """Return a growing table whose heads are printed elsewhere: its columns go by what those say."""
    if not isinstance(band, TableBand):
        return band
    columns = tuple(replace(column, label=None, name=words(column.label or "")) for column in band.columns)
    return replace(band, columns=columns, own_heads=False, head_heights=())


def table_name(draft: Draft, what: str) -> str:
    """Return what a table is called in messages where no section's label says it."""
    return "" if draft.above else what


def lines_of(draft: Draft, row: int) -> Decimal:
    """Return how many lines high the rows of a table are."""
    height = draft.grid.sheet.heights.get(row)
    lines = 1.0 if height is None else round((height - _AIR) / _LINE, 1)
    return Decimal(str(min(max(lines, 1.0), 27.0))) if lines >= 2 else Decimal(1)


def columns_of(draft: Draft, heads: Heads, rows: Sequence[int], table: str, *, indicator: bool) -> dict[Spot, CellSpec]:
    """Return the columns of a table by their heads: names, types and limits from the cells in the first row, or the marked."""
    keys = Keys(draft.settled_below(draft.path(table)))
    found: dict[Spot, CellSpec] = {}
    for head, leaf in _with_parents(heads):
        spot = marked_or(own_spots(draft.grid, rows, leaf.spot), draft.grid.at(rows[0], leaf.spot.left))
        path = draft.path(table)
        if _SERIAL.search(flat(leaf.spot.text)) and spot.kind in {Kind.COMPUTED, Kind.FRAME}:
            key = keys.give("no", "c")
            draft.note(spot, f"{path}.{key}", TypeGuess(Type.INTEGER, Sure.CERTAIN, "序号一列，自动编号"))
            draft.serials.add(f"{path}.{key}")
            found[leaf.spot] = CellSpec(at=at(leaf.spot), field=key, serial=True, font=own_font([spot]))
            continue
        key = draft.settled(spot, path) or keys.give(_wanted(leaf, head, keys), "c")
        found[leaf.spot] = column(
            draft, spot, ColumnPlace(leaf.spot, key, f"{path}.{key}", _label(leaf, head)), indicator=indicator
        )
    return found


class ColumnPlace(Struct, frozen=True):
    """A column that is looked at: its head, its name in the data and that which formulas have for it, its label."""

    head: Spot
    key: str
    path: str
    label: str


def column(draft: Draft, spot: Spot, place: ColumnPlace, *, indicator: bool, level: int = 0) -> CellSpec:
    """Return a column of a growing table as one of its cells shows it."""
    guessed = type_of(spot, place.label, indicator=indicator, level=level > 0)
    if spot.kind in {Kind.FRAME, Kind.LABEL} and not level and not spot.cell.marks:
        guessed = type_of(replace(spot, kind=Kind.INPUT), place.label, indicator=indicator)
    draft.note(spot, place.path, guessed)
    named = CellSpec(at=at(place.head), field=place.key, type=guessed.type, level=level, font=own_font([spot]))
    cell = limited(named, spot, guessed)
    if level:
        return replace(cell, preset=None, formula="", choices=(), min=None, max=None)
    return replace(cell, preset=None, look=look_of_field(spot, long=guessed.type is Type.TEXT))


def _wanted(leaf: Head, head: Head, keys: Keys) -> str:
    """Return the name for a column: its head's, with that of the head above where that is taken."""
    key = named_key(leaf.spot.text)
    if key and key in keys.taken and head is not leaf:
        above = known_key(head.spot.text)
        return f"{above}_{key}" if above else key
    return key


def _label(leaf: Head, head: Head) -> str:
    return leaf.spot.text if head is leaf or len(words(leaf.spot.text)) > 2 else f"{head.spot.text}{leaf.spot.text}"


def _with_parents(heads: Heads) -> list[tuple[Head, Head]]:
    """Return each leaf with the topmost head that it stands below."""
    return [(head, leaf) for head in heads.heads for leaf in head.leaves()]
