"""A form placed on a sheet: every cell with its place, role and path.

The writer writes it, the reader aligns a sheet with it; neither knows the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct, field
from msgspec.structs import replace

from perfxl.model.address import Box
from perfxl.model.code_list import CodeList
from perfxl.model.font import Font
from perfxl.model.form import Caption, Cover, Field, Look, Page
from perfxl.model.live import Live
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


class PlacedCell(Struct, frozen=True):
    """A cell of the layout, merged over its box.

    ``path`` is concrete (``indicators[3].weight``; rows counted as placed, blank ones too) for a cell with a field; for
    a label it is generic: the column that it heads or the group that it opens. ``value`` is what stands there already:
    a preset, a prefilled or a computed value. ``caption`` is the printed text around the value in the same cell, as it
    stands there. ``template`` is the definition's text of a label or caption that has holes in it (``长期目标{n}：``,
    ``{year-1}年``, ``目标{n}：____``), "" where it has none. ``option`` is the choice that a tick in this cell means. ``source`` is
    the path with rows counted as in the record that was placed, "" in rows that the record does not have.
    """

    box: Box
    role: Role
    look: Look
    text: str = ""
    aliases: tuple[str, ...] = ()
    path: str = ""
    field: Field | None = None
    value: Value = None
    caption: Caption | None = None
    template: str = ""
    option: str = ""
    source: str = ""
    origin: str = ""
    fixed: bool = False
    others: tuple[PlacedCell, ...] = ()
    """The fields whose captions follow in the same cell; its ``text`` is all of it."""
    until: str | None = None
    """What begins the next caption in the same cell, "" behind the last; None where the cell has no more than one."""
    parts: tuple[Box, ...] = ()
    """The pieces in which it is printed where a page ends within it, each with its text; () where it is whole."""
    font: Font | None = None
    """Its own font, None where it is set as its look is by itself."""

    def moved_down(self, rows: int) -> PlacedCell:
        """Return the same cell so many rows further down."""
        parts = tuple(part.moved_down(rows) for part in self.parts)
        others = tuple(other.moved_down(rows) for other in self.others)
        return replace(self, box=self.box.moved_down(rows), parts=parts, others=others)


class PlacedRow(Struct, frozen=True):
    """A row of the layout; ``band`` counts kinds of rows (all rows of a table are one kind).

    ``lines`` is its least height in lines of text, ``stated`` the height in points that its form states, 0 where it states
    none. ``height`` is in points, 0 before the sheet is set out; where it is not ``fixed``, the row follows what is typed
    into it.

    ``table`` is the generic path of the growing table that a head or table row belongs to
    (``annual_goals[].indicators``), ``record`` the concrete row (``annual_goals[0].indicators[2]``). ``beside`` and
    ``beside_record`` are the same of a second table whose rows stand on the right of it. ``block`` is the generic path
    of the repeated block that a row is part of (``annual_goals``), rows of all its repetitions have equal ``band``.
    """

    number: int
    lines: float
    kind: RowKind
    band: int
    table: str = ""
    record: str = ""
    beside: str = ""
    beside_record: str = ""
    block: str = ""
    height: Decimal = Decimal(0)
    fixed: bool = True
    kept: bool = False
    """Whether it stands on the page of the row before it."""
    stated: float = 0.0
    fold: int = 0
    """How deep the row may be folded away while it is blank, 0 where it stays."""


class Stamp(Struct, frozen=True):
    """The identity of a generated workbook's sheet, written into it in several places."""

    form: str
    version: str
    digest: str
    year: int | None
    unit: Unit
    part: int = 0
    """Which of a form's several sheets it is, from 1; 0 where the form stands on one."""


class Layout(Struct, frozen=True):
    """One sheet of a workbook to be written, or to be compared with one that came back."""

    sheet: str
    title: str
    stamp: Stamp
    money: str
    widths: tuple[Decimal, ...]
    page: Page
    rows: tuple[PlacedRow, ...]
    cells: tuple[PlacedCell, ...]
    many: bool = False
    """Whether a unit may hand in several of it, one for each project."""
    issued: bool = False
    """Whether the bureau issues the sheet filled in: every cell locked, nothing to be typed."""
    breaks: tuple[int, ...] = ()
    """Rows after which a page ends, so that no block is cut that fits on a page."""
    scale: int = 100
    """The percentage at which the sheet is one page wide."""
    origin: tuple[int, int] = (1, 1)
    """The row and column in which the form begins."""
    lists: Mapping[str, CodeList] = field(default_factory=dict)
    """The lists that its choices are from, by name."""
    cover: Cover | None = None
    contents: bool = False
    notes: tuple[str, ...] = ()
    """What is printed on sheets of their own, see perfxl.model.form.Form."""
    live: tuple[Live, ...] = ()
    """What the sheet watches by itself while it is filled in."""

    def moved_down(self, rows: int) -> Layout:
        """Return the same layout so many rows further down a sheet."""
        if not rows:
            return self
        return replace(
            self,
            rows=tuple(replace(row, number=row.number + rows) for row in self.rows),
            cells=tuple(cell.moved_down(rows) for cell in self.cells),
            breaks=tuple(row + rows for row in self.breaks),
        )

    @property
    def values(self) -> Iterator[PlacedCell]:
        """Yield each value that a cell has a place for: one cell may have several."""
        for cell in self.cells:
            if cell.field is not None:
                yield cell
                yield from cell.others

    @property
    def repeated_heads(self) -> tuple[int, int] | None:
        """The first and last row of the heads to be printed on every page after their own.

        These are the last heads of a table, unless they repeat with a block. A sheet repeats its heads to the end: those
        of a table that others follow would stand above the wrong columns.
        """
        heads = [row for row in self.rows if row.kind is RowKind.HEAD and row.table]
        if not heads or heads[-1].block:
            return None
        rows = [row.number for row in heads if row.table == heads[-1].table]
        return rows[0], rows[-1]
