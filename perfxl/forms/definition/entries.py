"""Where a band stands, and the places for values in it."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from perfxl.forms.definition.fields import Fields
from perfxl.forms.definition.heads import columns
from perfxl.forms.definition.language import CellSpec, FontSpec
from perfxl.model.field_type import Align, Type
from perfxl.model.font import Font
from perfxl.model.form import Columns, Entry, Look

_LOOKS = {Align.LEFT: Look.TEXT, Align.RIGHT: Look.FIGURE, Align.MIDDLE: Look.SHORT}


class Where(Struct, frozen=True):
    """Where a band stands: the labels above it, the columns it may use, the block that it is in (``goals[]``).

    ``heights`` are those in points that its sheet states for titles, heads and other rows.
    """

    above: tuple[str, ...]
    columns: Columns
    prefix: str = ""
    heights: Mapping[str, float] = field(default_factory=dict)

    def path(self, name: str) -> str:
        return f"{self.prefix}.{name}" if self.prefix else name

    def below(self, name: str) -> Where:
        """Return the same place with one more label above it, where there is one."""
        return replace(self, above=(*self.above, name)) if name else self


def entry(fields: Fields, cell: CellSpec, path: str, parts: tuple[str, ...], row: str) -> Entry:
    """Note the field of a cell, and return the place for its value; ``row`` is where its formula's names begin."""
    fields.add(cell, path, parts, row)
    return Entry(columns(cell), path, look_of(cell), cell.option, font=own_font(cell.font))


def look_of(cell: CellSpec) -> Look:
    """Return how a cell of a row or a column is printed: as it says itself, else by what stands in it."""
    if cell.look is not None:
        return cell.look
    if cell.places:
        return Look.PLAIN
    if cell.field is None or cell.level or cell.serial:
        return Look.LABEL
    return _LOOKS[(cell.type or Type.TEXT).traits.align]


def own_font(spec: FontSpec | None) -> Font | None:
    """Return what a cell says of its own font."""
    return None if spec is None else spec.font
