"""From what was seen on a sheet to typed values: the record as typed, and what there is to say about each cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from perfxl.model.form import Form
from perfxl.model.grid import CellKind
from perfxl.model.path import generic
from perfxl.model.reading import Reading, Sighting
from perfxl.model.record import Record
from perfxl.model.value import Value
from perfxl.values.coerce import Coerced, Problem, Typed, coerce


@dataclass(frozen=True, slots=True)
class Bound:
    """What was typed into a form.

    ``record`` holds the values of input fields; ``stated`` those that stood in computed fields (typed or cached);
    ``remarks`` the cells with something to report, by path; ``unreadable`` the paths of input fields whose value could
    not be read (a computed one is worked out anew, whatever stands there).
    """

    record: Record
    stated: Mapping[str, Value]
    remarks: Mapping[str, Coerced]
    unreadable: frozenset[str]


_UNREADABLE = frozenset({Problem.UNREADABLE, Problem.NOT_OFFERED, Problem.ERROR_CELL, Problem.PLACEHOLDER})


def bind(form: Form, reading: Reading, *, date1904: bool = False) -> Bound:
    """Coerce every sighting of a reading to its field's type."""
    values: dict[str, Value] = {}
    stated: dict[str, Value] = {}
    remarks: dict[str, Coerced] = {}
    unreadable: set[str] = set()
    for path, sighting in reading.seen.items():
        field = form.fields[generic(path)]
        coerced = coerce(_typed(sighting), field.type, field.choices, form.money, date1904=date1904)
        if coerced.problem is not Problem.NONE and not (coerced.problem is Problem.NORMALISED and _within(sighting)):
            remarks[path] = coerced
        if coerced.problem in _UNREADABLE and not field.computed:
            unreadable.add(path)
        if coerced.value is not None:
            (stated if field.computed else values)[path] = coerced.value
    return Bound(Record(values, reading.sizes), stated, remarks, frozenset(unreadable))


def _within(sighting: Sighting) -> bool:
    """Tell whether a value is a part of its cell's text: that it is no number cell is the caption's doing."""
    cell = sighting.cell
    return cell is not None and cell.kind is CellKind.TEXT and sighting.content != cell.value


def _typed(sighting: Sighting) -> Typed:
    """The cell's value, or the text inside a caption or behind a label."""
    cell, content = sighting.cell, sighting.content
    if cell is None or content is None:
        return Typed(CellKind.BLANK, None)
    if content == cell.value and not isinstance(content, str):
        return Typed(cell.kind, content, cell.format)
    return Typed(cell.kind if cell.kind is CellKind.ERROR else CellKind.TEXT, content)
