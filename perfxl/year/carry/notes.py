"""What was found while merging, as notes: with the place in the finished form, its label, and the sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from perfxl.model.form import Form
from perfxl.model.path import generic
from perfxl.model.record import Record
from perfxl.model.value import Value
from perfxl.rules.labels import BETWEEN, heads, label_at, row_name
from perfxl.year.carry.lines import Line
from perfxl.year.carry.outcome import Given, Note, NoteKind, Origin
from perfxl.year.carry.words import differs, does_not_fit, has_no_row, said


@dataclass(frozen=True, slots=True)
class Found:
    """A value that was not carried over: the field it was meant for, the new row and the key in it if it has one.

    ``value`` is what could not be carried, or what stands there instead of ``other``, and then ``instead`` is where that
    came from. ``row`` is the row of the source.
    """

    kind: NoteKind
    field: str
    line: Line | None
    key: str
    value: Value
    other: Value
    why: str
    origin: Origin
    instead: Origin | None
    given: Given
    row: str


def noted(form: Form, record: Record, paths: Mapping[int, str], found: Found) -> Note:
    """Return the note; ``paths`` has the rows of the finished form by the id of their line, "" for the form itself."""
    row = paths.get(id(found.line)) if found.line is not None else None
    if row is None:
        path, label = found.field, _label(form, found)
    else:
        path = f"{row}.{found.key}" if row else found.key
        label = label_at(form, record, path)
    return Note(found.kind, path, label, found.value, found.other, _message(form, label, found), found.origin)


def _label(form: Form, found: Found) -> str:
    """Return the label of a value that has no row: its table, the source's row by name, the column."""
    table = found.field.rpartition("[].")[0]
    returned = found.given.returned
    named = row_name(returned.definition, returned.record, found.row) if found.row else found.given.entry.project
    return BETWEEN.join(filter(None, (form.groups.get(table, ""), named, *heads(form, form.fields[found.field]))))


def _message(form: Form, label: str, found: Found) -> str:
    kind = form.fields[found.field].type
    value = said(found.value, kind)
    match found.kind:
        case NoteKind.CONFLICT:
            instead = found.instead or found.origin
            return differs(label, value, instead, said(found.other, kind), found.origin)
        case NoteKind.UNMATCHED:
            source = found.given.returned.definition
            wanted = source.fields[generic(found.origin.cells[0][0])].parts[-1] if found.origin.cells else label
            return has_no_row(label, value, found.origin, wanted, found.why)
        case NoteKind.DROPPED:
            return does_not_fit(label, value, found.origin, found.why)
