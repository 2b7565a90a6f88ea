"""Which rows say which labels, and where the heads of columns stand on the sheet."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from perfxl.intake.lines import Lines, Spot
from perfxl.intake.pattern import Item, Pattern, Sign, StateKind

FAR = 1 << 30


@dataclass(frozen=True, slots=True)
class Match:
    """The items of a state found in a row: item number → spot; ``guessed`` are those taken for a reworded head."""

    spots: Mapping[int, Spot]
    guessed: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Heads:
    """Column heads found on the sheet: their row, the columns' reach, and whether they are complete enough to end a table."""

    row: int
    columns: Mapping[str, tuple[int, int]]
    complete: bool


class Sheet:
    """A sheet's lines seen through a form's pattern: labels by row, matches by state, heads."""

    def __init__(self, pattern: Pattern, lines: Lines) -> None:
        self.pattern = pattern
        self.lines = lines
        self.order = sorted(lines.rows)
        self.copies = self._copies()
        self.says = {row: self._labels(row) for row in self.order}
        self._matches: dict[tuple[int, int], Match] = {}
        self.heads = {
            number: self._find_heads(number)
            for number, state in enumerate(pattern.states)
            if state.kind is StateKind.HEAD
        }

    def _copies(self) -> frozenset[Spot]:
        """Heads and vertical labels that stand below themselves: "fill down" after unmerging.

        A value may read like a label: a vertical label is copied down its own column, heads are copied several at once.
        """
        spines = {text for sign in self.pattern.spines for text in sign.keys}
        homes: dict[str, int] = {}
        found: set[Spot] = set()
        for above, row in zip([0, *self.order], self.order, strict=False):
            said = {(spot.column, spot.key) for spot in self.lines.rows.get(above, ())}
            again = [
                spot
                for spot in self.lines.rows[row]
                if spot.key in self.pattern.merged_down and (spot.column, spot.key) in said
            ]
            for spot in self.lines.rows[row]:
                if spot.key in spines:
                    homes.setdefault(spot.key, spot.column)
            heads = [spot for spot in again if spot.key not in spines]
            found.update(spot for spot in again if homes.get(spot.key) == spot.column)
            found.update(heads if len(heads) > 1 else ())
        return frozenset(found)

    def _labels(self, row: int) -> dict[Sign, list[Spot]]:
        pattern = self.pattern
        found: dict[Sign, list[Spot]] = {}
        for spot in self.lines.rows[row]:
            if spot in self.copies:
                continue
            for sign in pattern.by_key.get(spot.key, ()):
                found.setdefault(sign, []).append(spot)
            if spot.stem and spot.stem != spot.key:
                for sign in pattern.by_key.get(spot.stem, ()):
                    if sign in pattern.inline:
                        found.setdefault(sign, []).append(spot)
            for sign in pattern.patterns:
                if sign.pattern is not None and sign.pattern.fullmatch(spot.flat):
                    found.setdefault(sign, []).append(spot)
        return found

    def match(self, row: int, state: int) -> Match:
        """Find the items of a state in a row; equal labels are taken in order."""
        if (row, state) not in self._matches:
            self._matches[row, state] = self._match(row, state)
        return self._matches[row, state]

    def _match(self, row: int, state: int) -> Match:
        items, says = self.pattern.states[state].items, self.says[row]
        spots: dict[int, Spot] = {}
        for number, item in enumerate(items):
            free = (spot for spot in says.get(item.sign, ()) if spot not in spots.values())
            spot = next(free, None)
            if spot is not None:
                spots[number] = spot
        if self.pattern.states[state].kind is not StateKind.HEAD or not max(2, len(items) / 2) <= len(spots) < len(
            items
        ):
            return Match(spots)
        guessed = self._guess(row, items, spots)
        return Match({**spots, **guessed}, tuple(guessed))

    def _guess(self, row: int, items: tuple[Item, ...], spots: Mapping[int, Spot]) -> dict[int, Spot]:
        """A reworded head is accepted only where it stands alone between known neighbours."""
        known = {spot for found in self.says[row].values() for spot in found}
        last = len(items) - 1
        guessed = {}
        for number in range(1, last + 1):
            if number in spots or number - 1 not in spots or (number < last and number + 1 not in spots):
                continue
            stop = spots[number + 1].column if number < last else FAR
            between = [
                spot
                for spot in self.lines.rows[row]
                if spots[number - 1].last_column < spot.column < stop and spot.key and spot not in known
            ]
            if len(between) == 1:
                guessed[number] = between[0]
        return guessed

    def _find_heads(self, state: int) -> tuple[Heads, ...]:
        """Find every row that is this head; columns missing in a repetition stay as they were."""
        items = self.pattern.states[state].items
        found: list[Heads] = []
        before: dict[str, tuple[int, int]] = {}
        for row in self.order:
            spots = self.match(row, state).spots
            if not spots or 2 * len(spots) < len(items):
                continue
            extents = {items[n].path: (spot.column, spot.last_column) for n, spot in spots.items()}
            if any(name in before and before[name][0] == extent[0] for name, extent in extents.items()):
                extents = before | extents
            before = extents
            starts = sorted({first for first, _ in extents.values()})
            columns = {}
            for name, (first, last) in extents.items():
                following = next((start for start in starts if start > first), last + 1)
                columns[name] = (first, max(last, following - 1))
            found.append(Heads(row, columns, 2 * len(spots) > len(items)))
        return tuple(found)

    def above(self, head: int, row: int) -> Heads | None:
        """Return the heads of a state that stand nearest above a row."""
        found = self.heads[head]
        at = bisect_right(found, row - 1, key=lambda heads: heads.row)
        return found[at - 1] if at else None

    def under(self, row: int, columns: Mapping[str, tuple[int, int]], but: Iterable[Spot] = ()) -> dict[str, Spot]:
        """Bind the spots of a row to the columns that they begin in; one that lies over most columns is a remark."""
        bound: dict[str, Spot] = {}
        for spot in self.lines.rows[row]:
            over = [
                name for name, (first, last) in columns.items() if spot.column <= last and spot.last_column >= first
            ]
            wide = len(over) > 1 and len(over) > min(len(columns) - 1, max(2, len(columns) / 2))
            if over and not wide and spot not in but and spot not in self.copies:
                begins = [name for name in over if columns[name][0] <= spot.column]
                if begins or len(over) == 1:
                    bound.setdefault((begins or over)[0], spot)
        return bound
