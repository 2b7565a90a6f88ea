"""Other copies of a form next to the one that is adopted: what differs is filled in, what agrees is printed.

A blank settles every cell that it has. Two filled copies settle what differs; what agrees is printed only where they are
of different units, and never where it answers a label: another unit's data must not stand in a blank.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from msgspec import Struct

from perfxl.adopt.captions import in_text, several_in
from perfxl.adopt.form_words import is_value
from perfxl.adopt.judge import Judge
from perfxl.adopt.sheet import Cell, Sheet
from perfxl.adopt.typed import Typed, typed_on
from perfxl.values.label_text import flat

_SHORTEST_LABEL = 3


class Paired(Struct, frozen=True):
    """A sheet and a copy of it, row by row; ``blank``: nothing is typed in the copy, ``other``: it is another unit's."""

    copy: Sheet
    rows: dict[int, int]
    texts: frozenset[str]
    blank: bool
    other: bool

    def cell(self, cell: Cell) -> Cell | None:
        """Return the cell of the copy that stands where a cell of the sheet stands, None where it has no such row."""
        row = self.rows.get(cell.box.row)
        found = self.copy.cells.get((row, cell.box.column)) if row is not None else None
        return found if found is not None and (found.box.row, found.box.column) == (row, cell.box.column) else None


def typed_next_to(sheet: Sheet, copies: Sequence[Sheet], levels: frozenset[str]) -> Typed:
    """Return what somebody has typed on a sheet, as its copies show it; without copies as ``typed_on`` does."""
    own = typed_on(sheet, levels)
    if not copies:
        return own
    judged = Judge.of(sheet, levels)
    paired = [_paired(sheet, judged, copy, levels) for copy in copies]
    filled = judged.filled()
    instead: dict[tuple[int, int], str] = {}
    left: list[tuple[str, str]] = []
    for cell in sheet.anchors():
        place = cell.box[:2]
        said = own.instead.get(place)
        if not (cell.formula or cell.marks or (sheet.told and cell.style.locked)):
            found = _settled(cell, judged, paired, filled=filled)
            said = said if found is None else found
        if said is None or (said == cell.text and cell.text):
            continue
        instead[place] = said
        if cell.text and flat(said) != flat(cell.text):
            left.append((cell.box.name, cell.text))
    return Typed(instead, tuple(left))


def _settled(cell: Cell, judged: Judge, paired: Sequence[Paired], *, filled: bool) -> str | None:
    """Return what is printed of a cell as its copies show it, None where they do not say: a blank first, then differences."""
    agreed = False
    for pair in sorted(paired, key=lambda one: not one.blank):
        other = pair.cell(cell)
        if other is None or other.formula:
            continue
        if cell.text and flat(other.text) == flat(cell.text):
            if pair.blank:
                return cell.text
            agreed = agreed or (filled and pair.other and not judged.answers(cell) and not is_value(cell.text))
            continue
        if pair.blank and _has_places(other.text):
            return other.text
        if pair.blank and other.value is not None:
            continue
        if _differs(cell, other) and not _is_label(cell.text, judged, pair) and (filled or not _has_places(cell.text)):
            return judged.words.captions(cell.text) if cell.text else ""
    return cell.text if agreed else None


def _differs(cell: Cell, other: Cell) -> bool:
    """Tell whether a text was typed into one of two cells; figures that differ are seen to be such by themselves."""
    return bool(cell.text) or (cell.value is None and other.value is not None)


def _has_places(text: str) -> bool:
    return bool(text) and (in_text(text) is not None or bool(several_in(text)))


def _is_label(text: str, judged: Judge, pair: Paired) -> bool:
    """Tell whether a text that the copy has elsewhere is the form's own: rows that are not each other's were compared."""
    said = flat(text)
    return len(said) >= _SHORTEST_LABEL and said in pair.texts and judged.words.is_word(text)


def _paired(sheet: Sheet, judged: Judge, copy: Sheet, levels: frozenset[str]) -> Paired:
    texts = frozenset(flat(cell.text) for cell in copy.anchors() if cell.text)
    other = Judge.of(copy, levels)
    units = judged.unit(), other.unit()
    return Paired(
        copy, _rows(sheet, copy), texts, not other.filled(), bool(units[0] and units[1]) and units[0] != units[1]
    )


def _rows(sheet: Sheet, copy: Sheet) -> dict[int, int]:
    """Return the row of the copy for each row of a sheet: by the texts that both have, in order."""
    both = {flat(cell.text) for cell in sheet.anchors()} & {flat(cell.text) for cell in copy.anchors()}
    found: dict[int, int] = {}
    signs = _signs(sheet, both), _signs(copy, both)
    for kind, start, end, first, last in SequenceMatcher(None, *signs, autojunk=False).get_opcodes():
        if kind == "equal" or (kind == "replace" and end - start == last - first):
            found |= {row + 1: first + row - start + 1 for row in range(start, end)}
    return found


def _signs(sheet: Sheet, both: set[str]) -> list[tuple[tuple[int, str], ...]]:
    rows: list[list[tuple[int, str]]] = [[] for _ in range(sheet.rows)]
    for cell in sheet.anchors():
        if cell.text and flat(cell.text) in both:
            rows[cell.box.row - 1].append((cell.box.column, flat(cell.text)))
    return [tuple(row) for row in rows]


def copy_of(sheet: Sheet, sheets: Sequence[Sheet]) -> Sheet | None:
    """Return the sheet of another workbook that is a copy of a sheet: of its name, else the one that says most of its texts."""
    named = next((one for one in sheets if one.name == sheet.name), None)
    own = {flat(cell.text) for cell in sheet.anchors() if cell.text}
    best = named or max(sheets, key=lambda one: _shared(own, one), default=None)
    return best if best is not None and 2 * _shared(own, best) >= min(len(own), _count(best)) else None


def _shared(own: set[str], sheet: Sheet) -> int:
    return len(own & {flat(cell.text) for cell in sheet.anchors() if cell.text})


def _count(sheet: Sheet) -> int:
    return len({flat(cell.text) for cell in sheet.anchors() if cell.text})
