"""The workbook of a form that was merged: as ``generate`` would write it, with what was approved closed, and origins."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from perfxl.forms.outgoing import Outgoing, Own
from perfxl.forms.periods import part_values
from perfxl.model.form import Form, Table
from perfxl.model.layout import Layout, PlacedCell, Role
from perfxl.model.path import generic, row_of
from perfxl.model.period import Period
from perfxl.model.record import Record
from perfxl.model.submission import Unit
from perfxl.writer.write import write
from perfxl.year.carry.outcome import Held, Merged


class Made(Struct, frozen=True):
    """A workbook: its bytes, and the cell of each carried value by path; "" where nothing on the sheet stands for it.

    Of a form on several sheets it is a cell with its sheet: ``附表2!C9``.
    """

    data: bytes
    cells: Mapping[str, str]


def make(form: Form, merged: Merged, *, period: Period, unit: Unit) -> Made:
    """Return the workbook of a merged form; the same arguments give the same bytes.

    ``unit`` is whose it is: its name stands on the form where no source has one there.
    """
    name = None if form.unit_path in merged.held else unit.name
    record = Record({**merged.record.values, **part_values(form, period)}, merged.record.sizes)
    layouts: list[Layout] = []
    cells = dict.fromkeys(merged.held, "")
    for layout in Outgoing.holding(form, record, period.year).layouts(Own(name, unit.code)):
        places = _places(layout, merged.held)
        layouts.append(_with_origins(form, layout, places, merged.held))
        sheet = f"{layout.sheet}!" if layout.stamp.part else ""
        cells |= {path: f"{sheet}{cell}" for path, cell in places.items() if cell}
    return Made(write(layouts), cells)


def _with_origins(form: Form, layout: Layout, places: Mapping[str, str], carried: Mapping[str, Held]) -> Layout:
    """Return a sheet with where its values came from."""
    held: dict[str, list[Held]] = defaultdict(list)
    for path, name in places.items():
        held[name].append(carried[path])
    printed = _printed(form)
    for cell in layout.cells:
        if cell.source in carried:  # a choice of ticks has several cells
            held[cell.box.name] = held.get(cell.box.name) or [carried[cell.source]]
    cells = tuple(_carried(cell, held.get(cell.box.name, ()), printed) for cell in layout.cells)
    return replace(layout, cells=cells)


def _carried(cell: PlacedCell, held: Sequence[Held], printed: frozenset[str]) -> PlacedCell:
    """Return a cell with where its value came from; of one that is merged down, that of the first of its rows."""
    if not held or cell.field is None:
        return cell
    fixed, role = any(one.locked for one in held), cell.role
    if role is Role.PRINTED and not fixed and cell.text not in printed:
        role = Role.INPUT  # a 一级 of the unit's own: only what is printed or approved is closed
    return replace(cell, role=role, origin=held[0].origin.hint, fixed=fixed)


def _printed(form: Form) -> frozenset[str]:
    """Return the 一级 and 二级 that a form prints."""
    tables = [band for band in form.flat() if isinstance(band, Table)]
    groups = {text for table in tables for group in table.groups for text in (group.text, *group.below)}
    return frozenset(groups | {text for table in tables for row in table.printed for text in row.levels})


def _places(layout: Layout, paths: Iterable[str]) -> dict[str, str]:
    """Return the cell of each path; "" where nothing on the sheet stands for it.

    A 一级, a 二级, a text that is merged down stands for all rows beside it, also where tables side by side share it.
    """
    own: dict[str, str] = {}
    lines: dict[str, int] = {}
    tall: dict[str, list[PlacedCell]] = defaultdict(list)
    for cell in layout.values:
        if cell.field is None:
            continue
        if cell.source not in own or (cell.option and cell.option == cell.value):
            own[cell.source] = cell.box.name
        if cell.box.row == cell.box.last_row:
            lines.setdefault(row_of(cell.source), cell.box.row)
        if cell.field.level or cell.field.spread:
            tall[cell.field.key].append(cell)
    found: dict[str, str] = {}
    for path in paths:
        row = row_of(path)
        line = lines.get(row, 0) if row else 0
        over = [cell for cell in tall[path.rpartition(".")[2]] if cell.box.row <= line <= cell.box.last_row]
        # Of two tables side by side with a column of the same name, its own.
        over.sort(key=lambda cell: generic(cell.path) != generic(path))
        found[path] = own.get(path) or (over[0].box.name if over else "")
    return found
