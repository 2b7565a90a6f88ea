"""Which form a sheet is: by the stamp that perfxl wrote into it, else by its own labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from perfxl.align.lines import Lines, lines
from perfxl.align.own_sheets import is_own
from perfxl.align.read import read_lines
from perfxl.align.row_states import Pattern
from perfxl.model import stamp as stamps
from perfxl.model.form import AT
from perfxl.model.grid import Book, CellKind, Grid
from perfxl.model.layout import Stamp
from perfxl.model.reading import Candidate
from perfxl.values.label_text import key

ACCEPT = 0.6
"""Confidence from which a sheet without a stamp is taken for a form."""
MARGIN = 0.1
"""How far the runner-up must be behind."""
_TRIED = 3
_WORTH_TRYING = 0.4
"""Share of a form's labels that a sheet says, from which it may be that form."""
_WORTH_NAMING = 0.2
"""Share from which a form is named as the nearest one where there is no other."""
_PART = "#"


class PatternName(NamedTuple):
    """What a pattern is of: a form, which of its several sheets (0 where it stands on one), an older version ("" for none)."""

    form: str
    part: int = 0
    version: str = ""

    @classmethod
    def of(cls, name: str) -> PatternName:
        """Take a name apart: ``form``, ``form#2``, ``form@2023``, ``form#2@2023``."""
        sheet, _, version = name.partition(AT)
        form, _, part = sheet.partition(_PART)
        return cls(form, int(part) if part else 0, version)

    def __str__(self) -> str:
        part = f"{_PART}{self.part}" if self.part else ""
        return f"{self.form}{part}{AT if self.version else ''}{self.version}"


def stamp_of(book: Book, grid: Grid) -> Stamp | None:
    """Return the stamp of a sheet: its own defined name, else what hidden sheet or properties say of its name."""
    own = grid.names.get(stamps.NAME)
    found = stamps.decode(own) if own else None
    return found or _by_name(book).get(grid.name)


def _by_name(book: Book) -> dict[str, Stamp]:
    """The stamps that name their sheet; a workbook with one stamp has it for its only visible sheet, if renamed."""
    known: dict[str, Stamp] = {}
    for name, line in (*_in_properties(book), *_on_hidden_sheet(book)):
        found = stamps.decode(line)
        if found is not None:
            known.setdefault(name, found)
    visible = [grid.name for grid in book.sheets if not grid.hidden and not is_own(grid)]
    if len(known) == len(visible) == 1 and visible[0] not in known:
        return {visible[0]: next(iter(known.values()))}
    return known


def _in_properties(book: Book) -> Iterator[tuple[str, str]]:
    number = 1
    while (line := book.properties.get(f"{stamps.NAME}{number}")) is not None:
        yield book.properties.get(f"{stamps.NAME}{number}_sheet", ""), line
        number += 1


def _on_hidden_sheet(book: Book) -> Iterator[tuple[str, str]]:
    for grid in (grid for grid in book.sheets if grid.name == stamps.NAME):
        for row in sorted({row for row, _ in grid.cells}):
            name, line = grid.cells.get((row, 1)), grid.cells.get((row, 2))
            if name is not None and line is not None and line.kind is CellKind.TEXT:
                yield str(name.value), str(line.value)


def rank(patterns: Mapping[str, Pattern], grid: Grid) -> tuple[Candidate, ...]:
    """Try the forms that share the most labels with a sheet; return them with the best first, each by its best version.

    ``patterns`` are by form, those of older versions by ``form@version``, those of the sheets of a form on several by
    ``form#2`` (PatternName); such sheets are tried as forms are. A sheet that says no form's labels gives none.
    Where no form can be meant, the nearest is tried, to be named.
    """
    rows = lines(grid)
    said = _said(rows)
    votes = sorted(
        ((len(said & pattern.by_key.keys()) / max(1, len(pattern.by_key)), name) for name, pattern in patterns.items()),
        key=lambda vote: (-vote[0], vote[1].partition(AT)[0]),
    )
    named = [name for share, name in _of_first(votes, _TRIED) if share >= _WORTH_TRYING]
    named = named or [name for share, name in votes[:1] if share >= _WORTH_NAMING]
    best: dict[str, Candidate] = {}
    for name in named:
        candidate = _tried(name, patterns, rows)
        if candidate.reading.confidence == 1:
            return (candidate,)
        known = best.get(name.partition(AT)[0])
        if known is None or _fits_better(candidate, known):
            best[name.partition(AT)[0]] = candidate
    return tuple(sorted(best.values(), key=lambda one: (-one.reading.confidence, one.form, one.part)))


def best_edition(patterns: Mapping[str, Pattern], form: str, grid: Grid) -> Candidate:
    """Return a form tried by that of its versions, and of its sheets, which a sheet fits best.

    Of those that fit alike it is the newest.
    """
    return _best([name for name in patterns if PatternName.of(name).form == form], patterns, grid)


def best_sheet(patterns: Mapping[str, Pattern], form: str, version: str, grid: Grid) -> Candidate:
    """Return a version of a form ("" for the newest) tried by that of its sheets which a sheet fits best."""
    meant = (name for name in patterns if PatternName.of(name)._replace(part=0) == PatternName(form, 0, version))
    return _best(list(meant), patterns, grid)


def _best(names: Sequence[str], patterns: Mapping[str, Pattern], grid: Grid) -> Candidate:
    rows = lines(grid)
    first, *others = (_tried(name, patterns, rows) for name in names)
    for candidate in others:
        first = candidate if _fits_better(candidate, first) else first
    return first


def _tried(name: str, patterns: Mapping[str, Pattern], rows: Lines) -> Candidate:
    form, part, version = PatternName.of(name)
    return Candidate(form, read_lines(patterns[name], rows), version, part)


def _fits_better(one: Candidate, other: Candidate) -> bool:
    """Tell whether one version fits better than another: the newest gives way only to one that fits better."""
    ahead = one.reading.confidence - other.reading.confidence
    return ahead > 0 or (ahead == 0 and not one.version and bool(other.version))


def _of_first(votes: Sequence[tuple[float, str]], most: int) -> list[tuple[float, str]]:
    """Return the votes for the first few forms, for all versions of them."""
    forms = list(dict.fromkeys(name.partition(AT)[0] for _, name in votes))[:most]
    return [(share, name) for share, name in votes if name.partition(AT)[0] in forms]


def _said(rows: Lines) -> set[str]:
    """The keys of all texts on a sheet, and of what stands before a colon in them."""
    spots = [spot for row in rows.rows.values() for spot in row if isinstance(spot.cell.value, str)]
    return (
        {spot.key for spot in spots}
        | {spot.bare for spot in spots}
        | {key(spot.before) for spot in spots if spot.before}
    )
