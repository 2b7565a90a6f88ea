"""The workbook of a form that was merged: as ``generate`` would write it, with what was approved closed, and origins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from perfxl.forms.outgoing import Outgoing, Own
from perfxl.model.form import Form, Table
from perfxl.model.layout import Layout, PlacedCell, Role
from perfxl.model.path import generic, row_of
from perfxl.writer.write import write
from perfxl.year.carry.outcome import Held, Merged


@dataclass(frozen=True, slots=True)
class Made:
    """A workbook: its bytes, and the cell of each carried value by path; "" where nothing on the sheet stands for it."""

    data: bytes
    cells: Mapping[str, str]


def make(form: Form, merged: Merged, *, year: int | None, unit_code: str | None) -> Made:
    """Return the workbook of a merged form; the same arguments give the same bytes."""
    layout = laid_out(form, merged, year=year, unit_code=unit_code)
    placed = {cell.source: cell.box.name for cell in layout.cells if cell.source in merged.held}
    cells = {path: placed.get(path) or _merged_into(layout, path) for path in merged.held}
    return Made(write([layout]), cells)


def laid_out(form: Form, merged: Merged, *, year: int | None, unit_code: str | None) -> Layout:
    """Return the sheet of a merged form."""
    layout = Outgoing.holding(form, merged.record, year).layout(Own(code=unit_code))
    printed = _printed(form)
    return replace(layout, cells=tuple(_carried(cell, merged.held.get(cell.source), printed) for cell in layout.cells))


def _carried(cell: PlacedCell, held: Held | None, printed: frozenset[str]) -> PlacedCell:
    if held is None or cell.field is None:
        return cell
    role = cell.role
    if role is Role.PRINTED and not held.locked and cell.text not in printed:
        role = Role.INPUT  # a 一级 of the unit's own: only what is printed or approved is closed
    return replace(cell, role=role, origin=held.origin.hint, fixed=held.locked)


def _printed(form: Form) -> frozenset[str]:
    """Return the 一级 and 二级 that a form prints."""
    tables = [band for band in form.flat() if isinstance(band, Table)]
    groups = {text for table in tables for group in table.groups for text in (group.text, *group.below)}
    return frozenset(groups | {text for table in tables for row in table.printed for text in row.levels})


def _merged_into(layout: Layout, path: str) -> str:
    """Return the cell of a 一级, a 二级, a text that is merged down over the row of a path; "" where there is none."""
    row, key = row_of(path), path.rpartition(".")[2]
    line = next((cell.box.row for cell in layout.cells if row and row_of(cell.source) == row), None)
    if line is None:
        return ""
    over = [cell for cell in layout.cells if cell.field is not None and cell.box.row <= line <= cell.box.last_row]
    own = [cell for cell in over if generic(cell.path) == generic(path)]
    # Tables side by side may share their 一级.
    shared = [cell for cell in over if cell.field is not None and cell.field.level and cell.field.key == key]
    return next((cell.box.name for cell in (*own, *shared)), "")
