"""A definition in the making: where each value stands, what was guessed for it, what the author has to know."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from perfxl.adopt.grid import Grid, Spot
from perfxl.adopt.guess import Guess, Remark, Sure
from perfxl.adopt.keys import Keys
from perfxl.adopt.mark import Mark
from perfxl.adopt.types import TypeGuess
from perfxl.forms.definition.language import At, CellSpec
from perfxl.forms.printed_text import words
from perfxl.model.form import Columns, Look

_YEAR = re.compile(r"(?<!\d)20\d\d(?=年)")
_FURTHEST = 9
"""How many years a printed one may be away from the form's to be meant as one before or after it."""


class Area(NamedTuple):
    """A part of the sheet: rows and columns, ends included."""

    top: int
    bottom: int
    left: int
    right: int


class ColumnName(NamedTuple):
    """A column of a table: its name in the data, and its head."""

    name: str
    called: str


@dataclass(slots=True)
class Draft:
    """What comes together while a sheet is read.

    ``paths``: the name of the value at each place, as formulas write it (``indicators.target``). ``prefix`` is the block
    that is being read, ``above`` the labels that stand above.
    """

    grid: Grid
    year: int | None
    paths: dict[tuple[int, int], str] = field(default_factory=dict)
    scopes: dict[tuple[int, int], str] = field(default_factory=dict)
    """What the names of the values around begin with, which stand in a row by itself: nothing, or the block's name."""
    guesses: dict[tuple[int, int], Guess] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    mistakes: list[str] = field(default_factory=list)
    """What is wrong with the marks."""
    keys: Keys = field(init=False)
    left: int = 1
    """The first column of the form."""
    prefix: str = ""
    above: tuple[str, ...] = ()
    lists: dict[tuple[int, int], str] = field(default_factory=dict)
    """What the names of captions begin with that stand in some columns below a label for all of them."""
    serials: set[str] = field(default_factory=set)
    """The values that number rows: their formulas need not be said."""
    columns: list[tuple[int, dict[tuple[int, int], ColumnName]]] = field(default_factory=list)
    """The columns of the growing tables read so far, by the columns of the sheet, with the row of their heads."""

    def path(self, name: str) -> str:
        return f"{self.prefix}.{name}" if self.prefix else name

    def __post_init__(self) -> None:
        self.keys = Keys(self.settled_below(""))

    def name(self, spot: Spot, wanted: str, spare: str) -> str:
        """Return the name of the value in a spot: the one that its mark says, else the wanted one, or the next to it."""
        return self.settled(spot) or self.keys.give(wanted, spare)

    def settled(self, spot: Spot, within: str | None = None) -> str:
        """Return the name that a spot's mark gives its value within a block or table, "" where none says one there."""
        return self.named(spot.mark, within)

    def named(self, mark: Mark | None, within: str | None = None) -> str:
        """Return the name that a mark gives its value within a block or table, "" where none says one there."""
        return below(mark.name, self.prefix if within is None else within) if mark is not None else ""

    def settled_below(self, path: str) -> set[str]:
        """Return the names that marks give within a block or table, which nothing else may have."""
        marks = (mark for cell in self.grid.sheet.anchors() for mark in cell.marks)
        return {name for mark in marks if (name := below(mark.name, path))}

    def listed(self, mark: Mark) -> bool:
        """Tell whether a mark is in a table or block within what is being read."""
        return any(below(table, self.prefix) for table in mark.tables)

    def table_name(self, area: Area, wanted: str, spare: str) -> str:
        """Return the name of the table or block in an area: the one that marks in it say, else as ``name`` does."""
        rows = range(area.top, area.bottom + 1)
        spots = (spot for row in rows for spot in self.grid.row(row, area.left, area.right))
        marks = (mark for spot in spots for mark in spot.cell.marks)
        inside = (name for mark in marks for table in mark.tables if (name := below(table, self.prefix)))
        return next(inside, "") or self.keys.give(wanted, spare)

    def note(self, spot: Spot, path: str, guessed: TypeGuess) -> None:
        """Note what a spot was taken for."""
        self.paths[spot.place] = path
        self.guesses[spot.place] = Guess(guessed.type.traits.chinese, guessed.sure, guessed.why, path)

    def doubt(self, spot: Spot, what: str, why: str, path: str = "") -> None:
        """Note a guess that has to be looked at."""
        self.guesses[spot.place] = Guess(what, Sure.UNSURE, why, path)

    def remark(self, spot: Spot | None, text: str) -> None:
        self.remarks.append(Remark(spot.cell.box.name if spot is not None else "", text))

    def printed(self, text: str) -> str:
        """Return a printed text for the definition: years near the form's become holes."""
        year = self.year

        def hole(found: re.Match[str]) -> str:
            away = int(found[0]) - (year or 0)
            return "{year%s}" % (f"{away:+d}" if away else "") if abs(away) <= _FURTHEST else found[0]

        text = text.replace("{", "{{").replace("}", "}}")
        return _YEAR.sub(hole, text) if year is not None else text


def below(name: str, prefix: str) -> str:
    """Return a name within a block or table, "" where it is not in it."""
    if not prefix:
        return name
    return name.removeprefix(f"{prefix}.") if name.startswith(f"{prefix}.") else ""


def noted(draft: Draft, top: int, columns: Mapping[Spot, CellSpec]) -> None:
    """Note the columns of a table, by their heads, for the totals below it."""
    names = {
        (head.left, head.right): ColumnName(column.field, words(head.text))
        for head, column in columns.items()
        if column.field is not None
    }
    draft.columns.append((top, names))


def at(spot: Spot) -> At:
    """Return the columns of a spot."""
    return At(Columns(spot.left, spot.right))


def look_of_label(spot: Spot) -> Look | None:
    """Return how a printed text looks where it is not the usual box with the text in its middle."""
    style = spot.cell.style
    if not style.boxed:
        return {"center": Look.CAPTION, "right": Look.PLAIN_RIGHT}.get(style.align, Look.PLAIN)
    return Look.NOTE if style.align in {"left", "", "general"} else None


def look_of_field(spot: Spot, *, long: bool) -> Look | None:
    """Return how a place to be filled in looks where it is not the usual one of its type."""
    style = spot.cell.style
    if spot.caption is not None:
        if not style.boxed:
            return {"center": Look.CAPTION, "right": Look.PLAIN_RIGHT}.get(style.align, Look.PLAIN)
        return Look.HEAD if style.align == "center" else Look.LISTED if style.align == "left" else None
    if not style.boxed:
        return Look.PLAIN
    return Look.SHORT if long and style.align == "center" else None
