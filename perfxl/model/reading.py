"""A sheet read as a form: what was seen where, and what was strange about the structure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import NamedTuple

from msgspec import Struct, field

from perfxl.model.address import Box
from perfxl.model.grid import Content, Grid, GridCell


class Sighting(Struct, frozen=True):
    """Where a value was looked for, and what stood there.

    ``cell`` is None where the place is blank. ``content`` is what belongs to the field: the cell's value, or the part
    of its text behind a label or inside a caption.
    """

    box: Box
    cell: GridCell | None
    content: Content

    @property
    def name(self) -> str:
        return self.box.name


class Oddity(Enum):
    """What may be strange about a sheet's structure; the checks turn it into findings."""

    MISSING = "missing"
    REWORDED = "reworded"
    MOVED = "moved"
    MERGED = "merged"
    """Two groups of rows, or two goals, may have become one: nothing on the sheet parts them."""
    COPY = "copy"
    OUTSIDE = "outside"


class ReadingNotice(Struct, frozen=True):
    """One oddity: the cell (None where there is none), the text there, the label that the form has for it.

    Of rows that may belong to another group, ``label`` is the group that they were taken for.
    """

    oddity: Oddity
    cell: str | None
    text: str
    label: str = ""


class Reading(Struct, frozen=True):
    """A sheet read as a form. Confidence is 0–1: labels found × cells explained.

    ``seen`` is by concrete path, rows of growing tables counted as they are used; ``sizes`` has their numbers.
    ``places`` are the cells of labels that stand for a group of fields, by its path. ``years`` are the years that
    printed texts with a computed year tell (``({year}年度)``, ``{year-1}年``), each with the first cell that does.
    ``numbers`` are those that stand in the labels of blocks (年度目标4), by path: blocks left blank are not in the data, so
    their places in the data are others.
    """

    seen: Mapping[str, Sighting]
    sizes: Mapping[str, int]
    places: Mapping[str, str]
    notices: tuple[ReadingNotice, ...]
    confidence: float
    years: Mapping[int, str] = field(default_factory=dict)
    numbers: Mapping[str, int] = field(default_factory=dict)
    parts: tuple[SheetReading, ...] = ()
    """How each of the sheets was read where the form stands on several, in the form's order; () where it is one."""

    def sheet_of(self, path: str) -> str:
        """Return the sheet on which a path was seen; "" where the form stands on one, or it was not seen."""
        here = (one.sheet for one in self.parts if path in one.reading.seen or path in one.reading.places)
        return next(here, "")

    @property
    def year(self) -> int | None:
        """The year that the printed texts tell, None where none does or they disagree."""
        return next(iter(self.years)) if len(self.years) == 1 else None


class SheetReading(NamedTuple):
    """How one of a form's several sheets was read: its name, its number from 0 in the form."""

    sheet: str
    part: int
    reading: Reading


def read_together(parts: Sequence[SheetReading]) -> Reading:
    """Return how a form that stands on several sheets was read; the least certain of them is how certain all is."""
    readings = [one.reading for one in parts]
    return Reading(
        seen={path: seen for one in readings for path, seen in one.seen.items()},
        sizes={table: size for one in readings for table, size in one.sizes.items()},
        places={path: cell for one in readings for path, cell in one.places.items()},
        notices=tuple(notice for one in readings for notice in one.notices),
        confidence=min(one.confidence for one in readings),
        years={year: cell for one in reversed(readings) for year, cell in one.years.items()},
        numbers={path: number for one in readings for path, number in one.numbers.items()},
        parts=tuple(parts),
    )


class Sheets(Struct, frozen=True):
    """The sheets of a return: those that are forms, as they were read, in their order; the others that hold something.

    ``grids`` are all of them as they came.
    """

    readings: tuple[Reading, ...]
    others: tuple[str, ...] = ()
    grids: tuple[Grid, ...] = ()


class Candidate(Struct, frozen=True):
    """A form tried on a sheet; ``version`` is the older one of it that was tried, "" for the newest."""

    form: str
    reading: Reading
    version: str = ""
    part: int = 0
    """Which of the form's several sheets it was tried as, from 1; 0 where it stands on one."""
