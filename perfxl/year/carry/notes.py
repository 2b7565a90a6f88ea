"""What was found while merging, as notes: with the place in the finished form, its label, and the sentence."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from perfxl.model.form import Form
from perfxl.model.path import generic
from perfxl.model.record import Record
from perfxl.rules.labels import BETWEEN, heads, label_at, row_name
from perfxl.year.carry.lines import CarryLine
from perfxl.year.carry.outcome import Held, Note, NoteKind
from perfxl.year.carry.taking import Taken
from perfxl.year.carry.words import differs, does_not_fit, has_no_row, said


class NotCarried(Struct, frozen=True):
    """A value that was not carried over, and why; the new row that it was meant for, if it has one.

    ``held`` is what stands in its place instead.
    """

    kind: NoteKind
    taken: Taken
    why: str
    line: CarryLine | None = None
    held: Held | None = None


def noted(form: Form, record: Record, paths: Mapping[int, str], found: NotCarried) -> Note:
    """Return the note; ``paths`` has the rows of the finished form by the id of their line, "" for the form itself."""
    taken, held = found.taken, found.held
    row = paths.get(id(found.line)) if found.line is not None else None
    if row is None:
        path, label = taken.take.path, _label(form, taken)
    else:
        path = f"{row}.{taken.key}" if row else taken.key
        label = label_at(form, record, path)
    value, other = (taken.value, None) if held is None else (held.value, taken.value)
    return Note(found.kind, path, label, value, other, _message(form, label, found), taken.origin)


def _label(form: Form, taken: Taken) -> str:
    """Return the label of a value that has no row: its table, the source's row by name, the column."""
    table = taken.take.path.rpartition("[].")[0]
    returned = taken.given.returned
    named = row_name(returned.definition, returned.record, taken.row) if taken.row else taken.given.entry.project
    return BETWEEN.join(filter(None, (form.groups.get(table, ""), named, *heads(form, form.fields[taken.take.path]))))


def _message(form: Form, label: str, found: NotCarried) -> str:
    taken, kind = found.taken, form.fields[found.taken.take.path].type
    value = said(taken.value, kind)
    if found.held is not None:
        return differs(label, said(found.held.value, kind), found.held.origin, value, taken.origin)
    if found.kind is NoteKind.DROPPED:
        return does_not_fit(label, value, taken.origin, found.why)
    source, cells = taken.given.returned.definition, taken.origin.cells
    wanted = source.fields[generic(cells[0][0])].parts[-1] if cells else label
    return has_no_row(label, value, taken.origin, wanted, found.why)
