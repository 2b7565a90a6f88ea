"""Matrices: heads above, labels on the left, neither grows."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from perfxl.adopt.draft import Draft, at
from perfxl.adopt.fields import source
from perfxl.adopt.fonts import head_heights, own_font, own_height
from perfxl.adopt.grid import Kind, Spot
from perfxl.adopt.growing import table_name
from perfxl.adopt.heads import Head, Heads, own_spots
from perfxl.adopt.keys import Keys, known_key, named_key
from perfxl.adopt.matrix_columns import MatrixColumn, Printed, column_of, labels_of, printed_in
from perfxl.forms.definition.language import (
    BandSpec,
    CellSpec,
    MatrixBand,
    MatrixGroup,
    MatrixRow,
)
from perfxl.forms.printed_text import words
from perfxl.model.field_type import Type
from perfxl.model.form import Look
from perfxl.values.label_text import flat

_MONEY = re.compile(r"资金|预算|金额|收入|支出|经费|拨款|决算|执行")
_UNITS = re.compile(r"(计量)?单位")
NOT_ASKED_TEXT = "—"
"""What the language prints where a row has no value."""


def matrix(draft: Draft, heads: Heads, rows: Sequence[int]) -> tuple[BandSpec, ...]:
    """Return the matrix below some heads: the labels of its rows in one column, in the others values and printed texts."""
    leaves = heads.leaves
    about = " ".join((*draft.above, *(leaf.spot.text for leaf in leaves)))
    settled = _settled(draft, heads, rows)
    name = settled.name or draft.keys.give(_name(draft, about), "matrix")
    path = draft.path(name)
    labels = labels_of(draft.grid, heads, rows)
    columns = _columns(draft, heads, rows, settled, labels)
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
        height = own_height(draft.grid.sheet, row, row)
        bare = MatrixRow(label=draft.printed(label.text), field=key, height=height)
        made = _row(draft, row, columns, f"{path}.{key}", bare)
        (group.rows if group.spot is not None else found).append(made)
    found += group.closed(draft, path)
    called = table_name(draft, "资金情况" if name.startswith("funds") else "情况表")
    head = heads.specs(draft, {spot: column.spec for spot, column in columns.items()})
    high = head_heights(draft.grid.sheet, heads.top, heads.bottom)
    return (MatrixBand(matrix=name, name=called, head=head, rows=tuple(found), head_heights=high),)


def _name(draft: Draft, about: str) -> str:
    """Return the name of a matrix by what it is about: the first about money is funds, a further one has its section's name."""
    if not _MONEY.search(about):
        return ""
    section = known_key(draft.above[-1]) if draft.above and "funds" in draft.keys.taken else ""
    return section or "funds"


class _Group(Struct):
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


class _Settled(Struct):
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


def _columns(
    draft: Draft, heads: Heads, rows: Sequence[int], settled: _Settled, labels: Spot
) -> dict[Spot, MatrixColumn]:
    """Return the columns by their heads; that below ``labels`` has the labels of the rows."""
    keys = Keys(set(settled.columns.values()))
    units = _units(draft, heads, rows, labels)
    found: dict[Spot, MatrixColumn] = {}
    for head in heads.heads:
        for leaf in head.leaves():
            spots = own_spots(draft.grid, rows, leaf.spot)
            if leaf.spot is labels:
                found[labels] = MatrixColumn(CellSpec(at=at(labels), look=_look_of_labels([labels, *spots])))
                continue
            printed = printed_in(draft.grid, rows, leaf.spot)
            if printed is Printed.NUMBERED:
                found[leaf.spot] = MatrixColumn(CellSpec(at=at(leaf.spot), serial=True))
                continue
            key = settled.columns.get(leaf.spot.left) or keys.give(_wanted(draft, leaf, head, keys), "c")
            if printed is Printed.ALL:
                found[leaf.spot] = MatrixColumn(CellSpec(at=at(leaf.spot), prints=key, look=_look_of_texts(spots[0])))
                continue
            label = (
                f"{head.spot.text}{leaf.spot.text}"
                if head is not leaf and len(words(leaf.spot.text)) < 5
                else leaf.spot.text
            )
            named = CellSpec(at=at(leaf.spot), field=key, name=_called(draft, leaf))
            found[leaf.spot] = column_of(named, spots, label, units)
    return {head: _set_as(column, own_spots(draft.grid, rows, head)) for head, column in found.items()}


def _set_as(column: MatrixColumn, spots: Sequence[Spot]) -> MatrixColumn:
    """Return a column with the font that most of its cells have."""
    return replace(column, spec=replace(column.spec, font=own_font(spots)))


def _units(draft: Draft, heads: Heads, rows: Sequence[int], labels: Spot) -> dict[int, str]:
    """Return the unit that each row prints in a column 单位, 计量单位, by the number of the row."""
    for leaf in heads.leaves:
        if leaf.spot is not labels and _UNITS.fullmatch(flat(leaf.spot.text)):
            spots = own_spots(draft.grid, rows, leaf.spot)
            return {spot.top: spot.text for spot in spots if spot.kind is Kind.LABEL}
    return {}


def _look_of_labels(spots: Sequence[Spot]) -> Look | None:
    """Return how the corner and the labels below it stand: on the left where most of them do."""
    left = sum(spot.cell.style.align in {"left", "", "general"} for spot in spots)
    return Look.NOTE if 2 * left > len(spots) else None


def _look_of_texts(spot: Spot) -> Look | None:
    """Return how the texts of a printed column stand."""
    return Look.NOTE if spot.cell.style.align == "left" else None


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


def _row(draft: Draft, row: int, columns: dict[Spot, MatrixColumn], path: str, made: MatrixRow) -> MatrixRow:
    """Return a row with its own formulas, what it prints, the columns in which it has no value, and what differs in it."""
    omit: list[str] = []
    formulas: dict[str, str] = {}
    texts: dict[str, str] = {}
    cells: dict[str, CellSpec] = {}
    for head, column in columns.items():
        spec, spot = column.spec, draft.grid.at(row, head.left)
        if spec.prints and spot.text:
            texts[spec.prints] = draft.printed(spot.text)
        if spec.field is None:
            continue
        if not spot.asked:
            if spot.text == NOT_ASKED_TEXT:
                omit.append(spec.field)
            else:
                texts[spec.field] = draft.printed(spot.text)
            continue
        draft.note(spot, f"{path}.{spec.field}", column.guesses[row])
        if spot.kind is Kind.COMPUTED:
            formulas[spec.field] = source(spot)
        if row in column.own:
            cells[spec.field] = column.own[row]
    return replace(made, omit=tuple(omit), formulas=formulas, texts=texts, cells=cells)
