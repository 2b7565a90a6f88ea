"""What comes of carrying over: values with where they came from, and what there is to say of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from perfxl.model.record import Record
from perfxl.model.submission import FormReturn
from perfxl.model.value import Value
from perfxl.model.carry import Carry
from perfxl.model.form import Form
from perfxl.year.sources import Entry


@dataclass(frozen=True, slots=True)
class Given:
    """A source: where it stands, its form, what was filed on it, what is to be taken of it."""

    entry: Entry
    form: Form
    returned: FormReturn
    carry: Carry


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value came from: the source (``教育/a.json#mof-project-goal``), its workbook, sheet and cells by path.

    A cell is None where the document does not name it. ``hint`` says it in Chinese, for the new cell.
    """

    source: str
    file: str
    sheet: str
    cells: tuple[tuple[str, str | None], ...]
    hint: str


@dataclass(frozen=True, slots=True)
class Held:
    """A value in its new place. ``locked``: it was approved."""

    value: Value
    origin: Origin
    locked: bool = False


class NoteKind(StrEnum):
    """What there is to say: two sources differ, a value finds no row, a value cannot stand in its new place."""

    CONFLICT = "conflict"
    UNMATCHED = "unmatched"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was not carried, or not alone. ``path`` is the place in the new form, generic where it has no row.

    ``value`` is what stands there or could not, ``other`` what another source says; ``origin`` is where ``value`` came
    from, ``against`` where ``other`` did.
    """

    kind: NoteKind
    path: str
    label: str
    value: Value
    other: Value
    message: str
    origin: Origin
    against: Origin | None = None


@dataclass(frozen=True, slots=True)
class Merged:
    """A form's new values: the record, each carried value by its path, the notes in the order of the sources."""

    record: Record
    held: Mapping[str, Held]
    notes: tuple[Note, ...]
