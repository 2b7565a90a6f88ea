"""Which form a sheet is: by the stamp that perfxl wrote into it, else by its own labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

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

    ``patterns`` are by form, those of older versions by ``form@version``. A sheet that says no form's labels gives none.
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
        form, _, version = name.partition(AT)
        candidate = Candidate(form, read_lines(patterns[name], rows), version)
        if candidate.reading.confidence == 1:
            return (candidate,)
        known = best.get(form)
        if known is None or _fits_better(candidate, known):
            best[form] = candidate
    return tuple(sorted(best.values(), key=lambda candidate: (-candidate.reading.confidence, candidate.form)))


def best_edition(patterns: Mapping[str, Pattern], form: str, grid: Grid) -> Candidate:
    """Return a form tried by that of its versions which a sheet fits best; of those that fit alike by the newest."""
    rows = lines(grid)
    best: Candidate | None = None
    for name, pattern in patterns.items():
        known, _, version = name.partition(AT)
        if known == form:
            candidate = Candidate(form, read_lines(pattern, rows), version)
            best = candidate if best is None or _fits_better(candidate, best) else best
    if best is None:
        raise KeyError(form)
    return best


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
