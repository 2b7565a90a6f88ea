"""Which rows say which labels, and where the heads of columns stand on the sheet."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping

from msgspec import Struct

from perfxl.align.lines import Lines, Spot
from perfxl.align.row_states import FAR, Item, Pattern, Sign, StateKind

_DEPTH = 3
"""Rows on the sheet in which the next row of a group of heads is looked for: somebody may have inserted some."""


class Match(Struct, frozen=True):
    """The items of a state found in a row: item number → spot; ``guessed`` are those taken for a reworded head."""

    spots: Mapping[int, Spot]
    guessed: tuple[int, ...] = ()


_NOTHING = Match({})


class Heads(Struct, frozen=True):
    """Column heads found on the sheet, in the rows ``first`` to ``last``.

    ``columns`` is the reach of each on the sheet by its column in the layout; ``at`` the column of the layout by column
    of the sheet. ``complete`` heads end the table before them.
    """

    first: int
    last: int
    columns: Mapping[int, tuple[int, int]]
    at: Mapping[int, int]
    complete: bool


class LabelledSheet:
    """A sheet's lines seen through a form's pattern: labels by row, matches by state, heads."""

    def __init__(self, pattern: Pattern, lines: Lines) -> None:
        self.pattern = pattern
        self.lines = lines
        self.order = sorted(lines.rows)
        self._shift = min((spot.column for spots in lines.rows.values() for spot in spots), default=1) - pattern.left
        self.copies = self._copies()
        self.says = {row: self._labels(row) for row in self.order}
        self._meant = {
            row: {state for sign in signs for state in pattern.states_of.get(sign, ())}
            for row, signs in self.says.items()
        }
        self._matches: dict[tuple[int, int], Match] = {}
        self.heads = {first: self._find_heads(states) for first, states in pattern.heads.items()}
        ends = [(under, end) for found in self.heads.values() for h in found for under, (_, end) in h.columns.items()]
        self.right = max(ends, default=None)
        self._ends = sorted(
            (heads.last, heads.first) for found in self.heads.values() for heads in found if heads.complete
        )

    def _copies(self) -> frozenset[Spot]:
        """Heads and vertical labels that stand below themselves: "fill down" after unmerging.

        A value may read like a label: a vertical label is copied down its own column, heads are copied several at once.
        """
        spines = {text for sign in self.pattern.spines for text in sign.keys}
        merged_down = self.pattern.merged_down
        homes: dict[str, int] = {}
        found: set[Spot] = set()
        said: set[tuple[int, str]] = set()
        above = 0
        for row in self.order:
            known = [spot for spot in self.lines.rows[row] if spot.key in merged_down]
            again = [spot for spot in known if (spot.column, spot.key) in said]
            for spot in known:
                if spot.key in spines:
                    homes.setdefault(spot.key, spot.column)
            # Heads further down stand at the top of a page.
            heads = [spot for spot in again if spot.key not in spines and row == above + 1]
            found.update(spot for spot in again if homes.get(spot.key) == spot.column)
            found.update(heads if len(heads) > 1 else ())
            said, above = {(spot.column, spot.key) for spot in known}, row
        return frozenset(found)

    def _labels(self, row: int) -> dict[Sign, list[Spot]]:
        pattern = self.pattern
        found: dict[Sign, list[Spot]] = {}
        for spot in self.lines.rows[row]:
            if spot in self.copies:
                continue
            for sign in pattern.by_key.get(spot.key) or pattern.by_key.get(spot.bare, ()):
                found.setdefault(sign, []).append(spot)
            for sign in pattern.patterns:
                if sign.reads(spot.flat) is not None:
                    found.setdefault(sign, []).append(spot)
            for sign in _leading(pattern, spot):
                if spot not in found.setdefault(sign, []):
                    found[sign].append(spot)
        return found

    def match(self, row: int, state: int) -> Match:
        """Find the items of a state in a row; equal labels are taken in order."""
        if state not in self._meant[row]:
            return _NOTHING
        if (row, state) not in self._matches:
            self._matches[row, state] = self._match(row, state)
        return self._matches[row, state]

    def _match(self, row: int, state: int) -> Match:
        items, says = self.pattern.states[state].items, self.says[row]
        spots = self._in_order(row, items) if len({item.sign for item in items}) < len(items) else {}
        for number, item in enumerate(items):
            spot = next((spot for spot in says.get(item.sign, ()) if spot not in spots.values()), None)
            if spot is not None and number not in spots:
                spots[number] = spot
        head = self.pattern.states[state].kind is StateKind.HEAD
        if not head or not max(2, len(items) / 2) <= len(spots) < len(items):
            return Match(spots)
        guessed = self._guess(row, items, spots)
        return Match({**spots, **guessed}, tuple(guessed))

    def _in_order(self, row: int, items: tuple[Item, ...]) -> dict[int, Spot]:
        """Equal labels in one row: as many as can be in the order of the form, near to where they stand on it."""
        says, spots = self.says[row], self.lines.rows[row]
        best: list[list[tuple[float, dict[int, Spot]]]] = [[(0.0, {})] * (len(spots) + 1)]
        for number, item in enumerate(items):
            line: list[tuple[float, dict[int, Spot]]] = [(0.0, {})]
            for index, spot in enumerate(spots):
                ways = [best[-1][index + 1], line[index]]
                if spot in says.get(item.sign, ()):
                    apart = abs(spot.column - self._shift - item.box.column)
                    score, pairs = best[-1][index]
                    ways.append((score + 1 - min(apart, 50) / 1000, {**pairs, number: spot}))
                line.append(max(ways, key=lambda way: way[0]))
            best.append(line)
        return best[-1][-1][1]

    def _guess(self, row: int, items: tuple[Item, ...], spots: Mapping[int, Spot]) -> dict[int, Spot]:
        """Reworded heads are accepted only where as many texts as heads are unknown between known neighbours."""
        known = {spot for found in self.says[row].values() for spot in found} | self.copies
        guessed: dict[int, Spot] = {}
        run: list[int] = []
        start = 0
        for number in range(len(items) + 1):
            if number < len(items) and number not in spots:
                run.append(number)
                continue
            stop = spots[number].column if number < len(items) else FAR
            between = [
                spot
                for spot in self.lines.rows[row]
                if start < spot.column < stop and spot.key and not spot.key.isdigit() and spot not in known
            ]
            if run and len(between) == len(run):
                guessed.update(zip(run, between, strict=True))
            run, start = [], spots[number].last_column if number < len(items) else FAR
        return guessed

    def _find_heads(self, states: tuple[int, ...]) -> tuple[Heads, ...]:
        """Find all places of a group of heads; what a repetition lacks stays as it was, the unit's own columns too."""
        items = self.pattern.states[states[0]].items
        found: list[Heads] = []
        before: Mapping[int, tuple[int, int]] = {}
        strange: list[int] = []
        for index, row in enumerate(self.order):
            spots = self.match(row, states[0]).spots
            if not spots or 2 * len(spots) < len(items):
                continue
            rows = self._group(index, states)
            placed = [
                (self.pattern.states[state].items[number].under, spot)
                for state, at in rows.items()
                for number, spot in self.match(at, state).spots.items()
            ]
            extents = {under: (spot.column, spot.last_column) for under, spot in placed if under is not None}
            if any(under in before and before[under][0] == extent[0] for under, extent in extents.items()):
                extents = {**before, **extents}
            else:
                strange = []
            before = extents
            known = {spot for _, spot in placed}
            strange += [
                spot.column
                for at in set(rows.values())
                for spot in self.lines.rows[at]
                if spot not in known and spot not in self.copies
            ]
            starts = {spot.column for spot in known} | {first for first, _ in extents.values()}
            columns = _reach(extents, sorted(starts), strange)
            at = {
                column: under
                for under, (begin, end) in sorted(columns.items(), key=lambda entry: -entry[1][0])
                for column in range(begin, end + 1)
            }
            found.append(Heads(row, max(rows.values()), columns, at, 2 * len(spots) > len(items)))
        return tuple(found)

    def _group(self, index: int, states: tuple[int, ...]) -> dict[int, int]:
        """The rows of a group of heads by state, from its first row on; flattened ones stand in one row."""
        rows = {states[0]: self.order[index]}
        for state in states[1:]:
            for at in range(index, min(index + _DEPTH, len(self.order))):
                if 2 * len(self.match(self.order[at], state).spots) >= len(self.pattern.states[state].items):
                    rows[state] = self.order[at]
                    index = at
                    break
        return rows

    def above(self, head: int, row: int) -> Heads | None:
        """Return the heads of a group that stand nearest above a row."""
        found = self.heads[head]
        at = bisect_right(found, row - 1, key=lambda heads: heads.last)
        return found[at - 1] if at else None

    def heads_again(self, row: int, head: int) -> bool:
        """Tell whether a row may be heads that come again: half of the first ones, or nothing but some of those below.

        A row of a table in which a text reads like a head or two is none.
        """
        first, *below = self.pattern.heads[head]
        if 2 * len(self.match(row, first).spots) >= len(self.pattern.states[first].items):
            return True
        spots = {spot for state in below for spot in self.match(row, state).spots.values()}
        return spots.issuperset(self.lines.rows[row])

    def over(self, row: int) -> int:
        """Return the first row of the last complete heads above a row: a table is over when others stand between."""
        at = bisect_right(self._ends, (row - 1, FAR))
        return max((first for _, first in self._ends[max(0, at - 2) : at]), default=0)

    def under(self, row: int, heads: Heads) -> dict[int, Spot]:
        """Bind the spots of a row to the columns that they begin in; one that lies over most columns is a remark."""
        bound: dict[int, Spot] = {}
        at, many = heads.at, max(2.0, len(heads.columns) / 2)
        for spot in self.lines.rows[row]:
            if spot in self.copies:
                continue
            under = at.get(spot.column)
            if spot.column == spot.last_column:
                if under is not None:
                    bound.setdefault(under, spot)
                continue
            over = list(dict.fromkeys(at[c] for c in range(spot.column, spot.last_column + 1) if c in at))
            if len(over) > 1 and len(over) > min(len(heads.columns) - 1, many):
                continue
            if under is not None or len(over) == 1:
                bound.setdefault(over[0], spot)
        return bound


def _leading(pattern: Pattern, spot: Spot) -> list[Sign]:
    """The labels that a spot begins with, its own value behind a colon."""
    return [sign for sign in pattern.inline if sign.leads(spot)] if spot.before else []


def _reach(extents: Mapping[int, tuple[int, int]], starts: list[int], others: list[int]) -> dict[int, tuple[int, int]]:
    """A column reaches from its head to the next known one, unless another text stands between in the heads' rows."""
    columns = {}
    for under, (first, last) in extents.items():
        following = next((start for start in starts if start > first), last + 1)
        end = min([max(last, following - 1), *(other - 1 for other in others if other > last)])
        columns[under] = (first, max(end, last))
    return columns
