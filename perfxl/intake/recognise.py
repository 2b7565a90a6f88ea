"""Which form a sheet is: by the stamp that perfxl wrote into it, else by its own labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from perfxl.intake.lines import lines
from perfxl.intake.pattern import Pattern
from perfxl.intake.read import read
from perfxl.model import stamp as stamps
from perfxl.model.grid import Book, CellKind, Grid
from perfxl.model.layout import Stamp
from perfxl.model.reading import Reading

ACCEPT = 0.6
"""Confidence from which a sheet without a stamp is taken for a form."""
MARGIN = 0.1
"""How far the runner-up must be behind."""
_TRIED = 3
_WORTH_TRYING = 0.4


@dataclass(frozen=True, slots=True)
class Candidate:
    """A form tried on a sheet."""

    form: str
    reading: Reading


def stamp_of(book: Book, grid: Grid) -> Stamp | None:
    """Return the stamp of a sheet: its own defined name, else what the hidden sheet or the properties say of its name."""
    own = grid.names.get(stamps.NAME)
    found = stamps.decode(own) if own else None
    return found or _by_name(book).get(grid.name)


def _by_name(book: Book) -> dict[str, Stamp]:
    """The stamps that name their sheet; a workbook with one stamp has it for its first visible sheet, if renamed."""
    pairs: list[tuple[str, str]] = []
    number = 1
    while (line := book.properties.get(f"{stamps.NAME}{number}")) is not None:
        pairs.append((book.properties.get(f"{stamps.NAME}{number}_sheet", ""), line))
        number += 1
    for grid in book.sheets:
        if is_own(grid):
            rows = {row for row, _ in grid.cells}
            for row in sorted(rows):
                name, line = grid.cells.get((row, 1)), grid.cells.get((row, 2))
                if name is not None and line is not None and line.kind is CellKind.TEXT:
                    pairs.append((str(name.value), str(line.value)))
    known = {name: found for name, line in reversed(pairs) if (found := stamps.decode(line)) is not None}
    visible = [grid for grid in book.sheets if not grid.hidden and not is_own(grid)]
    names = {grid.name for grid in visible}
    if len(known) == 1 and len(visible) == 1 and not names & known.keys():
        return {visible[0].name: next(iter(known.values()))}
    return known


def is_own(grid: Grid) -> bool:
    """Tell whether a sheet is the hidden one that perfxl keeps its identity in."""
    return grid.name == stamps.NAME


def rank(patterns: Mapping[str, Pattern], grid: Grid) -> tuple[Candidate, ...]:
    """Try the forms that share the most labels with a sheet; return them with the best first."""
    said = {text for row in lines(grid).rows.values() for spot in row for text in (spot.key, spot.stem)}
    votes = sorted(
        ((len(said & pattern.by_key.keys()) / max(1, len(pattern.by_key)), form) for form, pattern in patterns.items()),
        key=lambda vote: (-vote[0], vote[1]),
    )
    tried = [Candidate(form, read(patterns[form], grid)) for share, form in votes[:_TRIED] if share >= _WORTH_TRYING]
    return tuple(sorted(tried, key=lambda candidate: (-candidate.reading.confidence, candidate.form)))


