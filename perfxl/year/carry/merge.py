"""Several sources of one unit merged into one form, as its definition says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from perfxl.expr.evaluate import concrete, evaluate
from perfxl.model.carry import NEW_YEAR, Only, RowTake, Take
from perfxl.model.expression import Field
from perfxl.model.form import Form, Stage
from perfxl.model.record import Record
from perfxl.model.value import Value
from perfxl.year.carry.fitting import Unfit, fitted, matched, same
from perfxl.year.carry.lines import Line, Sheet
from perfxl.year.carry.notes import Found, noted
from perfxl.year.carry.outcome import Given, Held, Merged, NoteKind, Origin
from perfxl.year.carry.words import place_of, sheet_of

_FIRST = (Stage.APPROVAL, Stage.DECLARATION, Stage.MONITORING, Stage.SELF_EVALUATION, Stage.REPORT)
"""Whose word counts where sources differ: what was approved, then what was declared, then what was monitored."""


def merge(form: Form, given: Sequence[Given], year: int | None) -> Merged:
    """Return what ``form`` takes over from some sources of one unit (for project forms: of one project).

    Rows are the same where their keys are equal inside their parents; what two sources say differently is told, and the
    earlier stage counts. Nothing is added up.
    """
    ordered = sorted(given, key=lambda one: _FIRST.index(one.returned.definition.stage))
    work = _Merging(form, year, Sheet(form))
    for number, one in enumerate(ordered):
        for value in work.values(one, one.carry.takes, "", ""):
            work.put(work.sheet.root, value)
        for rows in one.carry.tables:
            if rows.adds:
                work.add(number, one, rows)
    # What only completes rows comes when all rows are there.
    for number, one in enumerate(ordered):
        for rows in one.carry.tables:
            if not rows.adds:
                work.complete(number, one, rows)
    record, held, paths = work.sheet.record()
    return Merged(record, held, tuple(noted(form, record, paths, found) for found in work.found))


@dataclass(frozen=True, slots=True)
class _Value:
    """A value on its way: what takes it, its key in the new row, the source's row in words, where it came from."""

    take: Take
    key: str
    value: Value
    origin: Origin
    given: Given
    row: str


@dataclass(slots=True)
class _Merging:
    form: Form
    year: int | None
    sheet: Sheet
    found: list[Found] = field(default_factory=list)
    homes: dict[tuple[int, str, str], Line] = field(default_factory=dict)
    """The new row that a source's row has become: by source, new table, row."""

    # -- values ---------------------------------------------------------------------------------------------------------

    def values(self, given: Given, takes: Iterable[Take], table: str, row: str) -> list[_Value]:
        """Return what a source has to give, blanks left out; ``row`` is the row of the source that it is about."""
        record = given.returned.record
        if self.year is not None and NEW_YEAR not in given.returned.definition.fields:
            record = Record({**record.values, NEW_YEAR: Decimal(self.year)}, record.sizes)
        found = []
        for take in takes:
            paths = [p for p in concrete(take.value, record, row) if p != NEW_YEAR and record[p] is not None]
            copied = isinstance(take.value, Field)
            value = (
                record[take.value.path_at(row)] if isinstance(take.value, Field) else evaluate(take.value, record, row)
            )
            if value is None:
                continue
            cells = tuple((path, given.returned.cells.get(path)) for path in paths)
            origin = Origin(
                source=given.entry.named,
                file=given.entry.file,
                sheet=given.returned.sheet,
                cells=cells,
                said=place_of(given, cells),
                computed=not copied and [record[path] for path in paths] != [value],
            )
            key = take.path.removeprefix(f"{table}[].") if table else take.path
            found.append(_Value(take, key, value, origin, given, row))
        return found

    def put(self, line: Line, one: _Value, *, named: bool = False) -> None:
        """Let a value stand in its place, unless it cannot, or another source's does; ``named``: rows go by it."""
        if one.key in line.printed:
            return
        value = fitted(one.value, self.form.fields[one.take.path])
        if isinstance(value, Unfit):
            self.tell(NoteKind.DROPPED, one, value.why, line)
            return
        held = line.held.get(one.key)
        if held is None:
            line.held[one.key] = Held(value, one.origin, one.take.locked)
        elif named or same(held.value, value):
            # What any source has approved that says the same is approved.
            line.held[one.key] = Held(held.value, held.origin, held.locked or one.take.locked)
        else:
            self.tell(NoteKind.CONFLICT, one, "", line, held)

    # -- rows -----------------------------------------------------------------------------------------------------------

    def add(self, number: int, given: Given, rows: RowTake) -> None:
        """Take over the rows of a source, each as one row: one that is there already, else a new one.

        Of several with the same keys each goes to the one that says nothing else, the others in their order.
        """
        above = rows.table.rpartition("[].")[0]
        left: list[tuple[str, list[_Value], Line]] = []
        for row in _source_rows(given, rows):
            values = self.values(given, rows.takes, rows.table, row)
            match = _match(given, rows, row, values)
            if rows.only is Only.OWN and self.printed(rows, match):
                continue
            parent = self.homes.get((number, above, _outer(row))) if above else self.sheet.root
            if parent is None:
                self.lose(rows, values, "所在的一项没有带入")
                continue
            line = self.free(number, rows, match, values, parent)
            if line is None or _conflicts(line, values):
                left.append((row, values, parent))
            else:
                self.settle(number, rows, row, values, line)
        for row, values, parent in left:
            line = self.free(number, rows, _match(given, rows, row, values), values, parent)
            if line is None:
                line = Line({one.key: matched(one.value) for one in values}, brought=(number, _outer(row)))
                self.sheet.insert(parent, rows.table, line)
            self.settle(number, rows, row, values, line)

    def free(
        self, number: int, rows: RowTake, match: Mapping[str, str], values: Sequence[_Value], parent: Line
    ) -> Line | None:
        """Return the row with some keys that is not yet one of the source's: of several the one that differs least."""
        lines = parent.below.get(rows.table.rpartition("[].")[2], ())
        free = [line for line in lines if number not in line.takers and line.is_like(match)]
        return min(free, key=lambda line: _conflicts(line, values), default=None)

    def settle(self, number: int, rows: RowTake, row: str, values: Iterable[_Value], line: Line) -> None:
        """Let a row of a source be a row of the new form."""
        line.takers.add(number)
        self.homes[number, rows.table, row] = line
        for one in values:
            self.put(line, one, named=one.key in rows.match)

    def complete(self, number: int, given: Given, rows: RowTake) -> None:
        """Let a source's rows complete those that are there: where several are alike, only with what all of them say."""
        sources: dict[tuple[int, ...], list[list[_Value]]] = defaultdict(list)
        places: dict[tuple[int, ...], list[Line]] = {}
        for row in _source_rows(given, rows):
            values = self.values(given, rows.takes, rows.table, row)
            match = _match(given, rows, row, values)
            values = [one for one in values if one.key not in rows.match]
            if rows.only is Only.PRINTED and not self.printed(rows, match):
                continue
            lines = [line for line in self.candidates(number, rows, row) if line.is_like(match)]
            if len(lines) == 1:
                self.homes[number, rows.table, row] = lines[0]
            if not lines:
                self.lose(rows, values, f"{sheet_of(self.form)}里没有名称相同的一行")
                continue
            place = tuple(map(id, lines))
            places[place] = lines
            sources[place].append(values)
        for place, alike in sources.items():
            filled = [values for values in alike if values]
            if all(_agree(filled[0], values) for values in filled):
                for line in places[place]:
                    for one in filled[0] if filled else ():
                        self.put(line, one)
                continue
            for values in filled:
                self.lose(rows, values, f"名称相同的有 {len(filled)} 行，内容不同，分不清是哪一行")

    def printed(self, rows: RowTake, match: Mapping[str, str]) -> bool:
        """Tell whether the new form prints a row."""
        return any(line.printed and line.is_like(match) for line in self.sheet.root.rows(rows.table))

    def candidates(self, number: int, rows: RowTake, row: str) -> list[Line]:
        """Return the rows that a source's row may complete: those in its parent, all where its parent is not known."""
        above, _, name = rows.table.rpartition("[].")
        home = self.homes.get((number, above, _outer(row))) if above else None
        lines = home.below.get(name, ()) if home is not None else self.sheet.root.rows(rows.table)
        return [line for line in lines if line.printed or rows.only is not Only.PRINTED]

    # -- notes ----------------------------------------------------------------------------------------------------------

    def lose(self, rows: RowTake, values: Iterable[_Value], why: str) -> None:
        """Tell of the values of a row that finds none."""
        for one in values:
            if one.key not in rows.match:
                self.tell(NoteKind.UNMATCHED, one, why)

    def tell(self, kind: NoteKind, one: _Value, why: str, line: Line | None = None, held: Held | None = None) -> None:
        value, other = (one.value, None) if held is None else (held.value, one.value)
        instead = None if held is None else held.origin
        self.found.append(
            Found(kind, one.take.path, line, one.key, value, other, why, one.origin, instead, one.given, one.row)
        )


def _source_rows(given: Given, rows: RowTake) -> list[str]:
    return list(given.returned.record.rows(rows.rows)) if rows.rows else [""]


def _outer(row: str) -> str:
    """Return the row that a row stands in: ``goals[1].indicators[0]`` → ``goals[1]``."""
    return row.rpartition("].")[0] + "]" if "]." in row else ""


def _match(given: Given, rows: RowTake, row: str, values: Iterable[_Value]) -> dict[str, str]:
    """Return what a source's row is found by: values that are taken, else what it has under the same names."""
    taken = {one.key: one.value for one in values}
    return {key: matched(taken.get(key, given.returned.record[f"{row}.{key}"])) for key in rows.match}


def _conflicts(line: Line, values: Iterable[_Value]) -> int:
    """Count the values that a row has otherwise."""
    return sum(one.key in line.held and not same(line.held[one.key].value, one.value) for one in values)


def _agree(ones: Sequence[_Value], others: Sequence[_Value]) -> bool:
    """Tell whether two rows of a source give the same."""
    by_key = {other.key: other.value for other in others}
    return by_key.keys() == {one.key for one in ones} and all(same(one.value, by_key[one.key]) for one in ones)
