"""Several sources of one unit merged into one form, as its definition says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct, field

from perfxl.model.carry import Only, RowTake
from perfxl.model.form import Form
from perfxl.model.roster import name_key
from perfxl.model.value import Value
from perfxl.year.carry.fitting import UnfitValue, fitted, matched, same
from perfxl.year.carry.lines import CarryLine, CarrySheet
from perfxl.year.carry.notes import NotCarried, noted
from perfxl.year.carry.outcome import CarryInput, Held, Merged, NoteKind
from perfxl.year.carry.taking import MergedSource, Taken
from perfxl.year.carry.words import sheet_of


def merge(form: Form, given: Sequence[CarryInput], year: int | None) -> Merged:
    """Return what ``form`` takes over from some sources of one unit (for project forms: of one project).

    Rows are the same where their keys are equal inside their parents; what two sources say differently is told, and the
    earlier stage counts. Nothing is added up.
    """
    ordered = sorted(given, key=lambda one: _standing(one.returned.definition, form))
    sources = [MergedSource.of(number, one, year) for number, one in enumerate(ordered)]
    work = _Merging(form, CarrySheet(form))
    for source in sources:
        for one in source.values(source.given.carry.takes):
            work.put(work.sheet.root, one)
        for rows in source.given.carry.tables:
            if rows.adds:
                work.add(source, rows)
    # What only completes rows comes when all rows are there.
    for source in sources:
        for rows in source.given.carry.tables:
            if not rows.adds:
                work.complete(source, rows)
    record, held, paths = work.sheet.record()
    return Merged(record, held, tuple(noted(form, record, paths, found) for found in work.found))


def _standing(source: Form, form: Form) -> tuple[bool, str, int]:
    """Return how far down a source's word counts: in the form's own chain what was approved, then the earlier stage."""
    return source.chain.name != form.chain.name, source.chain.name, source.chain.standing(source.stage)


class _Merging(Struct):
    form: Form
    sheet: CarrySheet
    found: list[NotCarried] = field(default_factory=list)
    homes: dict[tuple[int, str, str], CarryLine] = field(default_factory=dict)
    """The new row that a source's row has become: by source, new table, row."""

    def put(self, line: CarryLine, one: Taken, *, named: bool = False) -> None:
        """Let a value stand in its place, unless it cannot, or another source's does; ``named``: rows go by it."""
        if one.key in line.printed:
            return
        value = fitted(one.value, self.form.fields[one.take.path])
        if isinstance(value, UnfitValue):
            self.tell(NoteKind.DROPPED, one, value.why, line)
            return
        held = line.held.get(one.key)
        if held is None:
            line.held[one.key] = Held(value, one.origin, one.take.locked)
        elif named or self.agree(one, held.value, value):
            # What any source has approved that says the same is approved.
            line.held[one.key] = Held(held.value, held.origin, held.locked or one.take.locked)
        else:
            self.tell(NoteKind.CONFLICT, one, "", line, held)

    def agree(self, one: Taken, held: Value, value: Value) -> bool:
        """Tell whether two sources say the same; that a unit's name says 汇总 or 本级 is no difference."""
        if one.take.path == self.form.unit_path and isinstance(held, str) and isinstance(value, str):
            return name_key(held) == name_key(value)
        return same(held, value)

    # -- rows -----------------------------------------------------------------------------------------------------------

    def add(self, source: MergedSource, rows: RowTake) -> None:
        """Take over the rows of a source, each as one row: one that is there already, else a new one.

        Of several with the same keys each goes to the one that says nothing else and most of the same, those with
        conflicts (which are told) in their order. One that may be either of two different rows is not taken over.
        """
        above = rows.table.rpartition("[].")[0]
        sure: list[tuple[int, str, list[Taken], CarryLine]] = []
        left: list[tuple[str, list[Taken], CarryLine]] = []
        for row in source.rows(rows):
            values = source.values(rows.takes, rows.table, row)
            match = source.match(rows, row, values)
            if rows.only is Only.OWN and self.printed(rows, match):
                continue
            parent = self.homes.get((source.number, above, _outer(row))) if above else self.sheet.root
            if parent is None:
                self.lose(rows, values, "所在的一项没有带入")
                continue
            line = self.free(source, rows, match, values, parent)
            if line is None or _conflicts(line, values):
                left.append((row, values, parent))
            else:
                sure.append((_agreements(line, values), row, values, parent))
        # Those of which most is known choose first: what is left for the others may then be no question any more.
        for _, row, values, parent in sorted(sure, key=lambda one: -one[0]):
            match = source.match(rows, row, values)
            line = self.free(source, rows, match, values, parent)
            if line is None or _conflicts(line, values):
                left.append((row, values, parent))
            elif count := self.doubtful(source, rows, match, values, parent):
                self.lose(rows, values, f"名称相同的有 {count} 行，内容不同，分不清是哪一行")
            else:
                self.settle(source, rows, row, values, line)
        for row, values, parent in left:
            line = self.free(source, rows, source.match(rows, row, values), values, parent)
            if line is None:
                line = CarryLine({one.key: matched(one.value) for one in values}, brought=(source.number, _outer(row)))
                self.sheet.insert(parent, rows.table, line)
            self.settle(source, rows, row, values, line)

    def free(
        self, source: MergedSource, rows: RowTake, match: Mapping[str, str], values: Sequence[Taken], parent: CarryLine
    ) -> CarryLine | None:
        """Return the row with some keys that is not yet one of the source's: of several the one that differs least."""
        lines = parent.below.get(rows.table.rpartition("[].")[2], ())
        free = [line for line in lines if source.number not in line.takers and line.is_like(match)]
        return min(free, key=lambda line: (_conflicts(line, values), -_agreements(line, values)), default=None)

    def doubtful(
        self, source: MergedSource, rows: RowTake, match: Mapping[str, str], values: Sequence[Taken], parent: CarryLine
    ) -> int:
        """Return how many different rows a row of a source may be, 0 where it is known which, or all the same."""
        lines = parent.below.get(rows.table.rpartition("[].")[2], ())
        free = [line for line in lines if source.number not in line.takers and line.is_like(match)]
        said = [one for one in values if one.key not in rows.match and one.value is not None]
        fits = [line for line in free if not _conflicts(line, values)]
        most = max((_agreements(line, values) for line in fits), default=0)
        best = [line for line in fits if _agreements(line, values) == most]
        different = any(line.below for line in best) or any(not _alike(best[0], line) for line in best[1:])
        return len(best) if said and len(best) > 1 and different else 0

    def settle(self, source: MergedSource, rows: RowTake, row: str, values: Iterable[Taken], line: CarryLine) -> None:
        """Let a row of a source be a row of the new form."""
        line.takers.add(source.number)
        self.homes[source.number, rows.table, row] = line
        for one in values:
            self.put(line, one, named=one.key in rows.match)

    def complete(self, source: MergedSource, rows: RowTake) -> None:
        """Let a source's rows complete those that are there: where several are alike, only with what all of them say."""
        alike: dict[tuple[int, ...], list[list[Taken]]] = defaultdict(list)
        places: dict[tuple[int, ...], list[CarryLine]] = {}
        for row in source.rows(rows):
            values = source.values(rows.takes, rows.table, row)
            match = source.match(rows, row, values)
            values = [one for one in values if one.key not in rows.match]
            if rows.only is Only.PRINTED and not self.printed(rows, match):
                continue
            lines = [line for line in self.candidates(source, rows, row) if line.is_like(match)]
            if len(lines) == 1:
                self.homes[source.number, rows.table, row] = lines[0]
            if not lines:
                self.lose(rows, values, f"{sheet_of(self.form)}里没有名称相同的一行")
            elif values:
                place = tuple(map(id, lines))
                places[place] = lines
                alike[place].append(values)
        for place, sources in alike.items():
            if all(_agree(sources[0], values) for values in sources):
                for line in places[place]:
                    for one in sources[0]:
                        self.put(line, one)
            else:
                for values in sources:
                    self.lose(rows, values, f"名称相同的有 {len(sources)} 行，内容不同，分不清是哪一行")

    def printed(self, rows: RowTake, match: Mapping[str, str]) -> bool:
        """Tell whether the new form prints a row."""
        return any(line.printed and line.is_like(match) for line in self.sheet.root.rows(rows.table))

    def candidates(self, source: MergedSource, rows: RowTake, row: str) -> list[CarryLine]:
        """Return the rows that a source's row may complete: those in its parent, all where its parent is not known."""
        above, _, name = rows.table.rpartition("[].")
        home = self.homes.get((source.number, above, _outer(row))) if above else None
        lines = home.below.get(name, ()) if home is not None else self.sheet.root.rows(rows.table)
        return [line for line in lines if line.printed or rows.only is not Only.PRINTED]

    # -- notes ----------------------------------------------------------------------------------------------------------

    def lose(self, rows: RowTake, values: Iterable[Taken], why: str) -> None:
        """Tell of the values of a row that finds none."""
        for one in values:
            if one.key not in rows.match:
                self.tell(NoteKind.UNMATCHED, one, why)

    def tell(
        self, kind: NoteKind, one: Taken, why: str, line: CarryLine | None = None, held: Held | None = None
    ) -> None:
        self.found.append(NotCarried(kind, one, why, line, held))


def _outer(row: str) -> str:
    """Return the row that a row stands in: ``goals[1].indicators[0]`` → ``goals[1]``."""
    return row.rpartition("].")[0] + "]" if "]." in row else ""


def _conflicts(line: CarryLine, values: Iterable[Taken]) -> int:
    """Count the values that a row has otherwise."""
    return sum(one.key in line.held and not same(line.held[one.key].value, one.value) for one in values)


def _agreements(line: CarryLine, values: Iterable[Taken]) -> int:
    """Count the values that a row has, too."""
    return sum(one.key in line.held and same(line.held[one.key].value, one.value) for one in values)


def _alike(one: CarryLine, other: CarryLine) -> bool:
    """Tell whether two rows say the same, so that either may be taken for the other."""
    return one.held.keys() == other.held.keys() and all(same(h.value, other.held[k].value) for k, h in one.held.items())


def _agree(ones: Sequence[Taken], others: Sequence[Taken]) -> bool:
    """Tell whether two rows of a source give the same."""
    by_key = {other.key: other.value for other in others}
    return by_key.keys() == {one.key for one in ones} and all(same(one.value, by_key[one.key]) for one in ones)
