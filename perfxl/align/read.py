"""One sheet read as one form: every value with its cell, and what was strange about the structure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterator

from msgspec import Struct, field

from perfxl.align.by_place import by_place
from perfxl.align.captions import CaptionPiece, parted
from perfxl.align.explain import explain
from perfxl.align.gather import Gathered, is_blank
from perfxl.align.heads import LabelledSheet
from perfxl.align.lines import Lines, Spot, lines
from perfxl.align.row_states import Explained, Item, Pattern, State, StateKind
from perfxl.align.totals import take_out_totals
from perfxl.model.grid import CellKind, Grid
from perfxl.model.reading import Oddity, Reading, ReadingNotice
from perfxl.model.words import is_dash
from perfxl.values.label_text import is_signature


def read(pattern: Pattern, grid: Grid) -> Reading:
    """Read a sheet as a form: by place where its printed text is untouched, else aligned with the form.

    Confidence is 0–1: labels found × cells explained.
    """
    return read_lines(pattern, lines(grid))


def read_lines(pattern: Pattern, rows: Lines) -> Reading:
    """Read the lines of a sheet as a form, as ``read`` does.

    A cell that holds several captions is parted only where nothing else stands for those behind its first one: they may
    be words of a text.
    """
    alone, pieces = parted(pattern.captions, rows)
    if not pieces:
        return _read(pattern, alone, pieces)
    seen = _read(pattern, rows, ()).seen
    paths = {piece.item.path for piece in pieces}
    held = {path for path in paths if path in seen and not is_blank(seen[path].content)}
    return _read(pattern, *parted(pattern.captions, rows, held))


def _read(pattern: Pattern, rows: Lines, pieces: tuple[CaptionPiece, ...]) -> Reading:
    explained = by_place(pattern, rows)
    if explained is not None:
        return _reading(pattern, rows, explained, frozenset(), pieces)
    sheet = LabelledSheet(pattern, rows)
    return _reading(pattern, rows, explain(sheet), sheet.copies, pieces)


def _reading(
    pattern: Pattern,
    rows: Lines,
    explained: tuple[Explained, ...],
    copies: frozenset[Spot],
    pieces: tuple[CaptionPiece, ...],
) -> Reading:
    gathered = Gathered(pattern, rows)
    account = _Account(pattern, rows, set(copies))
    for row in explained:
        gathered.add(row)
        account.add(row, gathered.repetitions)
    gathered.close()
    for piece in pieces:
        gathered.add_piece(piece)
        account.found.add((piece.state, piece.number))
    totals = take_out_totals(gathered)
    notices = (
        *account.notices,
        *account.lacking(gathered.seen),
        *account.lacking_in(gathered.used),
        *account.outside(gathered),
        *(ReadingNotice(Oddity.OUTSIDE, seen.name, str(seen.content)) for seen in totals),
        *account.copied(),
    )
    return Reading(
        seen=gathered.seen,
        sizes=gathered.sizes,
        places=gathered.places,
        notices=notices,
        confidence=account.confidence(),
        years=gathered.years,
        numbers=gathered.numbers,
    )


class _Account(Struct):
    """Which of the form's labels were found, which of the sheet's cells explained, and what was strange."""

    pattern: Pattern
    rows: Lines
    used: set[Spot]
    found: set[tuple[int, int]] = field(default_factory=set)
    first: dict[int, str] = field(default_factory=dict)
    repeated: dict[int, dict[tuple[int, int], str]] = field(default_factory=lambda: defaultdict(dict))
    """The labels found in each repetition of a block, with their cells."""
    spines: set[Spot] = field(default_factory=set)
    notices: list[ReadingNotice] = field(default_factory=list)

    def add(self, row: Explained, repetition: int) -> None:
        state = self.pattern.states[row.state]
        self.spines.update(row.marks, row.labels.values())
        self.used.update(row.labels.values(), row.marks)
        if state.printed:
            self.used.update(spot for under, spot in row.under.items() if state.explains(under, spot))
        else:
            self.used.update(row.under.values())
        if row.beside:
            self.used.update(spot for _, spot in row.beside.values() if spot is not None)
            self.found.update((row.state, number) for number in row.beside if state.items[number].inside)
        if row.further:
            self.used.update(spot for places in row.further.values() for _, spot in places if spot is not None)
        self.found.update((row.state, number) for number in row.labels)
        for number, spot in row.labels.items():
            self.first.setdefault(row.state, spot.box.name)
            if state.block:
                self.repeated[repetition][row.state, number] = spot.box.name
            if number in row.guessed:
                label = state.items[number].sign.text
                self.notices.append(ReadingNotice(Oddity.REWORDED, spot.box.name, spot.text, label))
        if row.moved and row.labels and not (state.block and state.kind is StateKind.HEAD):
            spot = min(row.labels.values(), key=lambda spot: spot.column)
            self.notices.append(ReadingNotice(Oddity.MOVED, spot.box.name, spot.text))

    def lacking(self, seen: Container[str]) -> Iterator[ReadingNotice]:
        """Yield what the form needs and the sheet lacks: the labels of a row, or some of them, together."""
        for number, state in enumerate(self.pattern.states):
            items = [item for n, item in enumerate(state.items) if (number, n) not in self.found]
            items = [item for item in items if not (item.inside and item.path in seen)]
            text = "、".join(item.sign.text for item in items if _needed(state, item))
            if text:
                yield ReadingNotice(Oddity.MISSING, self.first.get(number), text, text)

    def lacking_in(self, used: Container[int]) -> Iterator[ReadingNotice]:
        """Yield the labels that one repetition of a block lacks, though others have them."""
        for repetition, found in self.repeated.items():
            block = self.pattern.states[next(iter(found))[0]].block
            for number, state in enumerate(self.pattern.states):
                if state.block != block or repetition not in used or state.kind is StateKind.HEAD:
                    continue
                items = [n for n, item in enumerate(state.items) if item.path and (number, n) not in found]
                text = "、".join(state.items[n].sign.text for n in items if (number, n) in self.found)
                if text:
                    yield ReadingNotice(Oddity.MISSING, next(iter(found.values())), text, text)

    def outside(self, gathered: Gathered) -> Iterator[ReadingNotice]:
        """Yield what stands outside every field, and where a text goes on below its cell."""
        for spot in gathered.continued:
            yield ReadingNotice(Oddity.MOVED, spot.box.name, spot.text)
        for spot, group in gathered.merged.values():
            yield ReadingNotice(Oddity.MERGED, spot.box.name, spot.text, group)
        idle = {spot for spot, has_row in gathered.own_levels.items() if not has_row}
        above: dict[int, str] = {}
        for row in self.rows.rows.values():
            strays = {spot for spot in row if spot not in self.used or spot in idle}
            signed = bool(strays) and len(strays) == len(row) and is_signature(row[0].flat)
            for spot in row:
                if spot in self.spines:
                    above[spot.column] = spot.flat
                if spot not in strays:
                    continue
                # A label down the left stands again where a page begins within its rows.
                again = above.get(spot.column) == spot.flat
                if spot.text and not (signed or again or is_dash(spot.flat)):
                    yield ReadingNotice(Oddity.OUTSIDE, spot.box.name, spot.text)
        for cell in self.rows.hidden:
            yield ReadingNotice(Oddity.OUTSIDE, cell.name, "" if cell.value is None else str(cell.value))

    def copied(self) -> Iterator[ReadingNotice]:
        """Yield covered cells of merges that hold a copy."""
        for cell in self.rows.copies:
            yield ReadingNotice(Oddity.COPY, cell.name, "" if cell.value is None else str(cell.value))

    def confidence(self) -> float:
        wanted = sum(len(state.items) for state in self.pattern.states)
        spots = [spot for row in self.rows.rows.values() for spot in row if not _is_dash(spot)]
        explained = sum(spot in self.used for spot in spots)
        return round(len(self.found) / max(1, wanted) * explained / max(1, len(spots)), 3)


def _is_dash(spot: Spot) -> bool:
    """Tell whether a cell holds a dash alone: what is flat only then is not made so to see that most hold none."""
    value = spot.cell.value
    plain = "一" <= value[:1] <= "鿿" if isinstance(value, str) else spot.cell.kind is CellKind.NUMBER
    return not plain and is_dash(spot.flat)


def _needed(state: State, item: Item) -> bool:
    """Tell whether data hangs on a label: a title or a line above a list may go."""
    return bool(item.path or item.under is not None or state.columns)
