"""What comes of carrying over: values with where they came from, and what there is to say of them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from perfxl.model.carry import Carry
from perfxl.model.record import Record
from perfxl.model.submission import FormReturn
from perfxl.model.value import Value
from perfxl.year.sources import SourceForm


class CarryInput(Struct, frozen=True):
    """A source: where it stands, what was filed, what is to be taken of it."""

    entry: SourceForm
    returned: FormReturn
    carry: Carry


class Origin(Struct, frozen=True):
    """Where a value came from: the source (``教育/a.json#mof-project-goal``), its workbook, its sheet, its cells by path.

    A cell is None where the document does not name it. ``said`` is the place as people speak of it: 2024 年申报表 H32.
    ``computed``: the value was worked out from what stands there.
    """

    source: str
    file: str
    sheet: str
    cells: tuple[tuple[str, str | None], ...]
    said: str
    computed: bool = False

    @property
    def hint(self) -> str:
        """What the officer reads at the new cell."""
        return f"由 {self.said} 算出。" if self.computed else f"取自 {self.said}。"


class Held(Struct, frozen=True):
    """A value in its new place. ``locked``: it was approved."""

    value: Value
    origin: Origin
    locked: bool = False


class NoteKind(StrEnum):
    """What there is to say: two sources differ, a value finds no row, a value cannot stand in its new place."""

    CONFLICT = "conflict"
    UNMATCHED = "unmatched"
    DROPPED = "dropped"


class Note(Struct, frozen=True):
    """Something that was not carried over. ``path`` is its place in the new form, generic where it has no row there.

    ``value`` is what was carried, or could not be; ``other`` what another source says instead. ``origin`` is where the
    value came from that was not carried.
    """

    kind: NoteKind
    path: str
    label: str
    value: Value
    other: Value
    message: str
    origin: Origin


class Merged(Struct, frozen=True):
    """What a form takes over: the values with the rows that they need, each with its origin, and the notes."""

    record: Record
    held: Mapping[str, Held]
    notes: tuple[Note, ...]
