"""A definition whose formulas are still marks of cells, with the formulas in the rule language."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from perfxl.adopt.draft import Draft
from perfxl.adopt.formulas import Translator, names_cells
from perfxl.adopt.sheet import UNKNOWN
from perfxl.expr.check import sort_of
from perfxl.expr.parse import parse
from perfxl.expr.scope import Scope
from perfxl.forms.compute import order
from perfxl.forms.definition.bands import Bands
from perfxl.forms.definition.decode import Scalar
from perfxl.forms.definition.entries import Where
from perfxl.forms.definition.fields import Fields
from perfxl.forms.definition.language import (
    NOT_ASKED,
    BandSpec,
    CellSpec,
    CommonSpec,
    MatrixBand,
    MatrixGroup,
    MatrixRow,
)
from perfxl.forms.definition.problem import Problems
from perfxl.model.address import parse_cell
from perfxl.model.expression import ExpressionError
from perfxl.model.form import Columns

_ROUNDS = 5


class Formulas(Struct):
    """The formulas of a sheet: as Excel has them by place, and those that could not be said."""

    excel: Mapping[tuple[int, int], str]
    said: dict[tuple[int, int], str] = field(default_factory=dict)
    lost: set[tuple[int, int]] = field(default_factory=set)

    def of(self, mark: str) -> str:
        """Return what the formula with a mark (``=D7``) says, "" where it could not be said."""
        place = parse_cell(mark.removeprefix("="))
        return "" if place in self.lost else self.said.get(place, "")


def resolved(draft: Draft, bands: Sequence[BandSpec], common: CommonSpec) -> tuple[BandSpec, ...]:
    """Return bands with their formulas said; what cannot be said is left out and remarked on.

    Each formula is tried by itself: whatever the language refuses costs only its own cell.
    """
    sheet = draft.grid.sheet
    excel = {cell.box[:2]: cell.formula for cell in sheet.anchors() if cell.formula}
    marked = {cell.box[:2]: mark for cell in sheet.anchors() for mark in cell.marks if mark.formula}
    excel |= {place: mark.formula for place, mark in marked.items()}
    translator = Translator.of(_own_places(draft), draft.scopes)
    formulas = Formulas(excel)
    for place, formula in excel.items():
        if place in marked and not names_cells(formula):
            formulas.said[place] = formula
            continue
        said = translator.translated(place, formula) if place in draft.paths else None
        if said is None:
            formulas.lost.add(place)
        else:
            formulas.said[place] = said
    made = _filled(tuple(bands), formulas.of)
    by_path: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for place, path in draft.paths.items():
        by_path[path].append(place)
    for _ in range(_ROUNDS):
        refused = _refused(made, common, draft.grid.sheet.columns)
        if not refused:
            break
        for path in refused:
            formulas.lost |= {place for place in by_path[path] if place in excel}
        made = _filled(tuple(bands), formulas.of)
    remarked: set[str] = set()
    for place in sorted(formulas.lost):
        spot = draft.grid.at(*place)
        called = draft.paths.get(place)
        if place in marked:
            draft.mistakes.append(
                f"{spot.cell.box.name} 的“{marked[place].text}”里的算式用不上：里面的名称要是这张表里已有的，"
                "写法见《怎样编写表样》的“算式”，或者像 Excel 公式那样写单元格，如 C5+C6"
            )
        elif called is None:
            draft.remark(spot, "这一格是公式，没有读进表样；要用请自己在表样里加上")
        elif called not in draft.serials and called not in remarked:
            remarked.add(called)
            whole = "（这一列下面各格也是）" if called and len(by_path[called]) > 1 else ""
            what = "的公式读不出来" if excel[place] == UNKNOWN else f"公式 ={excel[place]} 用算式写不出"
            draft.remark(spot, f"{what}{whole}，改为由单位填写；要计算请自己写 formula")
    return tuple(_simple(band) for band in made)


def _own_places(draft: Draft) -> dict[tuple[int, int], str]:
    """Return the paths at the first cell of each value."""
    return {place: path for place, path in draft.paths.items() if path and draft.grid.at(*place).place == place}


def _filled(spec: Any, say: Callable[[str], str]) -> Any:
    """Return a construct with all marks in it replaced by what they stand for."""
    if isinstance(spec, tuple):
        return tuple(_filled(item, say) for item in spec)
    if not isinstance(spec, Struct) or isinstance(spec, Scalar):
        return spec
    changed: dict[str, Any] = {}
    for name in spec.__struct_fields__:
        value = getattr(spec, name)
        if name == "formula" and isinstance(value, str) and value.startswith("="):
            changed[name] = say(value)
        elif name == "formulas":
            said = {key: say(mark) if mark.startswith("=") else mark for key, mark in value.items()}
            changed[name] = {key: text for key, text in said.items() if text}
        elif isinstance(value, tuple) or (isinstance(value, Struct) and name in {"spine", "beside"}):
            changed[name] = _filled(value, say)
    made = replace(spec, **changed) if changed else spec
    return replace(made, required=NOT_ASKED) if isinstance(made, CellSpec) and made.formula and made.required else made


def _refused(bands: Sequence[BandSpec], common: CommonSpec, columns: int) -> set[str]:
    """Return the values (as formulas name them) whose formula the language refuses, by sort or because it runs in circles."""
    found = Fields(Problems(""))
    Bands(Problems(""), common, found).build(bands, Where((), Columns(1, columns)))
    types = found.types()
    refused: set[str] = set()
    for path, pending in found.pending.items():
        if not pending.formula:
            continue
        try:
            parsed = parse(pending.formula, Scope(types, pending.row))
        except ExpressionError:
            refused.add(path)
            continue
        given = sort_of(parsed)
        if given is not None and given is not pending.field.type.traits.sort:
            refused.add(path)
    if not refused:
        refused |= set(order(found.built()).circular)
    return {path.replace("[]", "") for path in refused}


# -- as an author would write them ----------------------------------------------------------------------------------


def _simple(band: Any) -> Any:
    """Return a band with the formulas of its matrices written once: for a column, a group, as a sum of rows."""
    if isinstance(band, MatrixBand):
        return _simple_matrix(band)
    if hasattr(band, "bands"):
        return replace(band, bands=tuple(_simple(inner) for inner in band.bands))
    return band


def _simple_matrix(band: MatrixBand) -> MatrixBand:
    rows = [row for item in band.rows for row in (item.rows if isinstance(item, MatrixGroup) else (item,))]
    columns = [cell.field for cell in _leaves(band.head) if cell.field is not None]
    common: dict[str, str] = {}
    for column in columns:
        own = {row.formulas.get(column, "") for row in rows if column not in row.omit}
        if len(own) == 1 and "" not in own:
            common[column] = own.pop()
    head = tuple(_with_formulas(cell, common) for cell in band.head)
    items = tuple(
        _simple_group(item, band.matrix, columns, common)
        if isinstance(item, MatrixGroup)
        else _summed(_without(item, common), band.matrix, columns, common)
        for item in band.rows
    )
    return replace(band, head=head, rows=items)


def _leaves(cells: Sequence[CellSpec]) -> list[CellSpec]:
    return [leaf for cell in cells for leaf in (_leaves(cell.columns) if cell.columns else [cell])]


def _with_formulas(cell: CellSpec, common: Mapping[str, str]) -> CellSpec:
    if cell.columns:
        return replace(cell, columns=tuple(_with_formulas(inner, common) for inner in cell.columns))
    return replace(cell, formula=common.get(cell.field or "", "") or cell.formula)


def _without(row: MatrixRow, common: Mapping[str, str]) -> MatrixRow:
    return replace(row, formulas={key: text for key, text in row.formulas.items() if key not in common})


def _simple_group(group: MatrixGroup, matrix: str, columns: Sequence[str], above: Mapping[str, str]) -> MatrixGroup:
    rows = [_without(row, above) for row in group.rows]
    shared = {
        column: rows[0].formulas[column]
        for column in columns
        if len(rows) > 1 and column in rows[0].formulas and len({row.formulas.get(column) for row in rows}) == 1
    }
    done = {**above, **shared}
    made = tuple(_summed(_without(row, shared), matrix, columns, done) for row in rows)
    return replace(group, rows=made, formulas=shared)


def _summed(row: MatrixRow, matrix: str, columns: Sequence[str], above: Mapping[str, str]) -> MatrixRow:
    """Return a row all of whose values are sums of the same rows as a sum row."""
    wanted = [column for column in columns if column not in row.omit and column not in above]
    parts: set[tuple[str, ...]] = set()
    for column in wanted:
        text = row.formulas.get(column, "")
        inside = text.removeprefix("SUM(").removesuffix(")") if text.startswith("SUM(") else ""
        names = [name.strip() for name in inside.split(",")] if inside else []
        start, end = f"{matrix}.", f".{column}"
        if not names or not all(name.startswith(start) and name.endswith(end) for name in names):
            return row
        parts.add(tuple(name.removeprefix(start).removesuffix(end) for name in names))
    if len(parts) != 1:
        return row
    return replace(row, sum=parts.pop(), formulas={k: v for k, v in row.formulas.items() if k not in wanted})
