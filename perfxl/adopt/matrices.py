"""Matrices: heads above, labels on the left, neither grows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import field, replace

from perfxl.adopt.draft import Draft, at, look_of_field
from perfxl.adopt.fields import limited, source
from perfxl.adopt.grid import Kind, Spot
from perfxl.adopt.growing import table_name
from perfxl.adopt.heads import Head, Heads, own_spots
from perfxl.adopt.keys import Keys, known_key, named_key
from perfxl.adopt.types import type_of
from perfxl.forms.definition.language import (
    ALWAYS,
    NOT_ASKED,
    BandSpec,
    CellSpec,
    MatrixBand,
    MatrixGroup,
    MatrixRow,
)
from perfxl.forms.printed_text import words
from perfxl.model.field_type import Type
from perfxl.model.form import Look
from perfxl.model.lazy_dataclass import dataclass

_MONEY = re.compile(r"资金|预算|金额|收入|支出|经费|拨款|决算|执行")
_ASKED = {Kind.INPUT, Kind.COMPUTED, Kind.CAPTION}


def matrix(draft: Draft, heads: Heads, rows: Sequence[int]) -> tuple[BandSpec, ...]:
    """Return the matrix below some heads; the labels of its rows stand below the first."""
    leaves = heads.leaves
    about = " ".join((*draft.above, *(leaf.spot.text for leaf in leaves)))
    settled = _settled(draft, heads, rows)
    name = settled.name or draft.keys.give("funds" if _MONEY.search(about) else "", "matrix")
    path = draft.path(name)
    columns = _columns(draft, heads, rows, settled)
    labels = heads.leaves[0].spot
    keys = Keys(set(settled.rows.values()))
    found: list[MatrixRow | MatrixGroup] = []
    group = _Group(None, "")
    for row in rows:
        parts = draft.grid.row(row, labels.left, labels.right)
        label = parts[-1]
        if len(parts) > 1 and parts[0].top == row:
            found += group.closed(draft, path)
            group = _Group(
                parts[0], known_key(parts[0].text) or known_key(re.sub(r"构成|情况", "", words(parts[0].text)))
            )
        elif len(parts) == 1:
            found += group.closed(draft, path)
            group = _Group(None, "")
        key = settled.rows.get(row) or keys.give(group.inside(named_key(label.text)), group.inside("r") or "r")
        made = _row(draft, row, columns, f"{path}.{key}", MatrixRow(label=draft.printed(label.text), field=key))
        (group.rows if group.spot is not None else found).append(made)
    found += group.closed(draft, path)
    called = table_name(draft, "资金情况" if name.startswith("funds") else "情况表")
    return (MatrixBand(matrix=name, name=called, head=heads.specs(draft, columns), rows=tuple(found)),)


@dataclass(slots=True)
class _Group:
    """Rows of a matrix that share a label on their left, while they are read."""

    spot: Spot | None
    key: str
    rows: list[MatrixRow] = field(default_factory=list)

    def inside(self, name: str) -> str:
        return f"{self.key}.{name}" if self.key and name else name

    def closed(self, draft: Draft, path: str) -> list[MatrixGroup]:
        if self.spot is None:
            return []
        inside = self.key and all(row.field.startswith(f"{self.key}.") for row in self.rows)
        names = f"{path.rpartition('.')[2]}.{self.key}" if inside else ""
        return [MatrixGroup(group=draft.printed(self.spot.text), at=at(self.spot), rows=tuple(self.rows), names=names)]


@dataclass(slots=True)
class _Settled:
    """What marks say of a matrix: its name, those of its rows by their number, those of its columns by their left edge."""

    name: str = ""
    rows: dict[int, str] = field(default_factory=dict)
    columns: dict[int, str] = field(default_factory=dict)
    agree: bool = True


def _settled(draft: Draft, heads: Heads, rows: Sequence[int]) -> _Settled:
    """Return what the marks in a matrix settle: ``matrix.row.column``, the row of one name or several."""
    found = _Settled()
    kinds: dict[int, Type] = {}
    for leaf in heads.leaves:
        for spot in own_spots(draft.grid, rows, leaf.spot):
            if spot.mark is None:
                continue
            said = draft.settled(spot)
            name, *row, column = said.split(".") if "." in said else (said, "")
            kind = kinds.setdefault(leaf.spot.left, spot.mark.type) if spot.mark.type is not None else None
            found.agree &= (
                bool(row)
                and (found.name or name) == name
                and found.rows.setdefault(spot.top, ".".join(row)) == ".".join(row)
                and found.columns.setdefault(leaf.spot.left, column) == column
                and kind == spot.mark.type
            )
            found.name = found.name or name
    found.agree &= len(set(found.rows.values())) == len(found.rows)
    return found


def fits_marks(draft: Draft, heads: Heads, rows: Sequence[int]) -> bool:
    """Tell whether the names in the marks of some rows are those of a matrix."""
    return _settled(draft, heads, rows).agree


def _columns(draft: Draft, heads: Heads, rows: Sequence[int], settled: _Settled) -> dict[Spot, CellSpec]:
    """Return the columns with a value, by their heads; the first has the labels of the rows."""
    keys = Keys(set(settled.columns.values()))
    first = heads.leaves[0].spot
    found: dict[Spot, CellSpec] = {first: CellSpec(at=at(first), look=_corner(first))}
    for head in heads.heads:
        for leaf in head.leaves():
            if leaf.spot is first:
                continue
            spots = own_spots(draft.grid, rows, leaf.spot)
            spot = _typical(spots)
            key = settled.columns.get(leaf.spot.left) or keys.give(_wanted(draft, leaf, head, keys), "c")
            label = (
                f"{head.spot.text}{leaf.spot.text}"
                if head is not leaf and len(words(leaf.spot.text)) < 5
                else leaf.spot.text
            )
            guessed = type_of(spot, label)
            look = look_of_field(spot, long=guessed.type is Type.TEXT) if spot.kind is not Kind.CAPTION else None
            if guessed.type is Type.PERCENT and spot.cell.style.align == "right":
                look = Look.FIGURE
            cell = CellSpec(at=at(leaf.spot), field=key, type=guessed.type, look=look, name=_called(draft, leaf))
            cell = replace(limited(cell, spot, guessed), required=NOT_ASKED, formula="")
            typed = {one.cell.value for one in spots if one.kind is Kind.INPUT}
            found[leaf.spot] = cell if len(typed) == 1 else replace(cell, preset=None)
    return found


def _typical(spots: Sequence[Spot]) -> Spot:
    """Return the cell of a column that shows what it is: one whose mark says its type, else the first that is asked for."""
    marked = next((one for one in spots if one.mark is not None and one.mark.type is not None), None)
    return marked or next((one for one in spots if one.kind in _ASKED), spots[0])


def _corner(spot: Spot) -> Look | None:
    """Labels stand as the corner does: on the left where it does."""
    return Look.NOTE if spot.cell.style.align in {"left", "", "general"} else None


def _called(draft: Draft, leaf: Head) -> str:
    return {"prev1": "上年", "prev2": "前年"}.get(_year_key(draft, leaf), "")


def _year_key(draft: Draft, leaf: Head) -> str:
    found = re.fullmatch(r"\{year-([12])\}年度?", draft.printed(leaf.spot.text))
    return f"prev{found[1]}" if found else ""


def _wanted(draft: Draft, leaf: Head, head: Head, keys: Keys) -> str:
    key = _year_key(draft, leaf) or named_key(leaf.spot.text)
    if key and key in keys.taken and head is not leaf:
        above = known_key(head.spot.text)
        return f"{above}_{key}" if above else key
    return key


def _row(draft: Draft, row: int, columns: dict[Spot, CellSpec], path: str, made: MatrixRow) -> MatrixRow:
    """Return a row with its own formulas and the columns in which it has no value."""
    omit: list[str] = []
    formulas: dict[str, str] = {}
    cells: dict[str, CellSpec] = {}
    for head, column in columns.items():
        if column.field is None:
            continue
        spot = draft.grid.at(row, head.left)
        place = f"{path}.{column.field}"
        if spot.kind in {Kind.FRAME, Kind.VOID, Kind.LABEL}:
            omit.append(column.field)
            continue
        draft.note(spot, place, type_of(spot, head.text))
        if spot.kind is Kind.COMPUTED:
            formulas[column.field] = source(spot)
        elif spot.mark is not None and spot.mark.required:
            cells[column.field] = CellSpec(required=ALWAYS)
    return MatrixRow(label=made.label, field=made.field, omit=tuple(omit), formulas=formulas, cells=cells)
