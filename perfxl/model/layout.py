"""A form placed on a sheet: every cell with its place, role and path. The writer writes it, the reader aligns with it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from perfxl.model.address import Box
from perfxl.model.form import Field, Look, Page
from perfxl.model.submission import Unit
from perfxl.model.value import Value


class Role(StrEnum):
    """What a cell is for. PRINTED is a value that the form prints itself: a 一级, the number of a row."""

    LABEL = "label"
    INPUT = "input"
    COMPUTED = "computed"
    PRINTED = "printed"


class RowKind(StrEnum):
    """What a row is for the reader: a row that stands once, a head of columns, a row of a growing table."""

    FIXED = "fixed"
    HEAD = "head"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class PlacedCell:
    """A cell of the layout, merged over its box.

    ``path`` is concrete (``indicators[3].weight``; rows counted as placed, blank ones too) for a cell with a field; for a
    label it is generic: the column that it heads or the group that it opens. ``value`` is what stands there already:
    a preset, a prefilled or a computed value.
    """

    box: Box
    role: Role
    look: Look
    text: str = ""
    aliases: tuple[str, ...] = ()
    path: str = ""
    field: Field | None = None
    value: Value = None


@dataclass(frozen=True, slots=True)
class PlacedRow:
    """A row of the layout: its height in points; ``band`` counts rows of one kind (all rows of a table have one number).

    ``table`` is the generic path of the growing table that a head or table row belongs to, ``record`` the concrete row.
    """

    number: int
    height: Decimal
    kind: RowKind
    band: int
    table: str = ""
    record: str = ""


@dataclass(frozen=True, slots=True)
class Stamp:
    """The identity of a generated workbook's sheet, written into it in several places."""

    form: str
    version: str
    digest: str
    year: int | None
    unit: Unit


@dataclass(frozen=True, slots=True)
class Layout:
    """One sheet of a workbook to be written, or to be compared with one that came back."""

    sheet: str
    title: str
    stamp: Stamp
    money: str
    widths: tuple[Decimal, ...]
    page: Page
    rows: tuple[PlacedRow, ...]
    cells: tuple[PlacedCell, ...]
