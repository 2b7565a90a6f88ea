"""One sheet read as one form: every value with the cell that it was seen in, and what was strange about the structure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from perfxl.intake.align import How, Step, align
from perfxl.intake.heads import FAR, Heads, Sheet
from perfxl.intake.lines import Lines, Spot, lines
from perfxl.intake.pattern import Item, Pattern, Sign, State, StateKind
from perfxl.intake.text import level
from perfxl.model.address import Box
from perfxl.model.grid import CellKind, Content, Grid, GridCell
from perfxl.model.reading import Notice, Oddity, Reading, Sighting


def read(pattern: Pattern, grid: Grid) -> Reading:
    """Align a sheet with a form and bind its cells to the form's paths. Confidence is 0–1: labels found × cells explained."""
    sheet = Sheet(pattern, lines(grid))
    reader = _Reader(pattern, sheet)
    for step in align(sheet):
        reader.step(step)
    return reader.result()


@dataclass(slots=True)
class _Reader:
    pattern: Pattern
    sheet: Sheet
    seen: dict[str, Sighting] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)
    used: set[Spot] = field(default_factory=set)
    found: set[tuple[int, int]] = field(default_factory=set)
    reached: set[int] = field(default_factory=set)
    levels: dict[str, tuple[Spot | None, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.used.update(self.sheet.copies)

    @property
    def lines(self) -> Lines:
        return self.sheet.lines

    def step(self, step: Step) -> None:
        state, row = self.pattern.states[step.state], step.row
        self.reached.add(step.state)
        if step.how in {How.AGAIN, How.MOVED}:
            first = self.lines.rows[row][0]
            self.notices.append(Notice(Oddity.MOVED, first.box.name, str(first.cell.value or "")))
        match = self.sheet.match(row, step.state)
        heads = self.sheet.above(state.head, row) if state.head >= 0 and state.kind is not StateKind.HEAD else None
        columns = heads.columns if heads else {}
        marks = [*match.spots.values(), *self.spines(row, columns)]
        self.used.update(marks)
        for number, spot in match.spots.items():
            item = state.items[number]
            self.found.add((step.state, number))
            if item.opens:
                self.places.setdefault(item.opens, spot.box.name)
            if item.path and state.kind is not StateKind.HEAD:
                self.on_right(row, item, spot, marks)
        for number in match.guessed:
            spot = match.spots[number]
            self.notices.append(
                Notice(Oddity.REWORDED, spot.box.name, str(spot.cell.value), state.items[number].sign.text)
            )
        if heads is None:
            return
        bound = self.sheet.under(row, columns, but=marks)
        self.used.update(bound.values())
        if state.kind is StateKind.TABLE:
            self.table_row(row, state, heads, bound)
        else:
            self.under(row, state, heads, bound)

    def spines(self, row: int, columns: Mapping[str, tuple[int, int]]) -> list[Spot]:
        """The vertical labels in a row; what stands under a column head is a value, whatever it says."""
        says = self.sheet.says[row]
        return [
            spot
            for sign in self.pattern.spines
            for spot in says.get(sign, ())
            if not any(first <= spot.column <= last for first, last in columns.values())
        ]

    # -- values -----------------------------------------------------------------------------------------------------

    def on_right(self, row: int, item: Item, label: Spot, marks: Iterable[Spot]) -> None:
        """See a value in its label's own cell, else beside it: blanks are passed over, the next label stops."""
        inside = _inside(item.sign, label)
        if inside is not None:
            self.seen[item.path] = Sighting(label.box, label.cell, inside)
            return
        stop = min((mark.column for mark in marks if mark.column > label.column), default=FAR)
        spots = (s for s in self.lines.rows[row] if label.last_column < s.column < stop and s.key != label.key)
        spot = next(spots, None)
        if spot is None:
            self.seen[item.path] = Sighting(self.box(row, label.last_column + 1), None, None)
        else:
            self.used.add(spot)
            self.seen[item.path] = Sighting(spot.box, spot.cell, spot.cell.value)

    def under(self, row: int, state: State, heads: Heads, bound: Mapping[str, Spot]) -> None:
        """See the values of a fixed row under their column heads; text continued in a second row is joined."""
        for column, path in state.columns:
            if column not in heads.columns:
                continue
            spot = bound.get(column)
            if spot is None:
                if path not in self.seen:
                    self.seen[path] = Sighting(self.box(row, heads.columns[column][0]), None, None)
                continue
            before = self.seen.get(path)
            content = spot.cell.value
            box, cell = spot.box, spot.cell
            if before is not None and before.cell is not None:
                self.notices.append(Notice(Oddity.MOVED, spot.box.name, str(spot.cell.value)))
                content, box, cell = f"{before.content}\n{spot.cell.value}", before.box, before.cell
            self.seen[path] = Sighting(box, cell, content)

    def table_row(self, row: int, state: State, heads: Heads, bound: Mapping[str, Spot]) -> None:
        fields = dict(state.columns)
        by_path = {fields[name]: spot for name, spot in bound.items() if name in fields}
        self.see_levels(row, state, heads, by_path)
        if not any(path not in state.levels for path in by_path):
            return
        index = self.sizes.get(state.table, 0)
        self.sizes[state.table] = index + 1
        for column, path in state.columns:
            to = path.replace("[]", f"[{index}]", 1)
            if path in state.levels:
                spot, text = self.levels.get(path, (None, ""))
                place = self.box(row, heads.columns[column][0]) if column in heads.columns else None
                box = spot.box if spot is not None else place
                if box is not None:
                    self.seen[to] = Sighting(box, spot.cell if spot else None, text or None)
            elif path in by_path:
                spot = by_path[path]
                self.seen[to] = Sighting(spot.box, spot.cell, spot.cell.value)
            elif column in heads.columns:
                self.seen[to] = Sighting(self.box(row, heads.columns[column][0]), None, None)

    def see_levels(self, row: int, state: State, heads: Heads, bound: Mapping[str, Spot]) -> None:
        """The merge that covers the row, else the last text above; another 一级 clears the 二级."""
        columns = {path: column for column, path in state.columns}
        for depth, path in enumerate(state.levels):
            spot = bound.get(path)
            column = columns[path]
            if spot is None and column in heads.columns:
                first = heads.columns[column][0]
                tall = self.lines.tall.get((row, first))
                spot = tall if tall is not None and tall.column == first else None
            if spot is None:
                continue
            text = level(str(spot.cell.value))
            if self.levels.get(path, (None, ""))[1] != text:
                for below in state.levels[depth:]:
                    self.levels.pop(below, None)
            self.levels[path] = (spot, text)

    def box(self, row: int, column: int) -> Box:
        return self.lines.boxes.get((row, column)) or Box(row, column, row, column)

    def blank_below(self, state: State) -> None:
        """Nothing was typed in a row below heads: its places are known all the same."""
        heads = self.sheet.above(state.head, FAR)
        for column, path in state.columns if heads is not None else ():
            if column in heads.columns:
                self.seen[path] = Sighting(self.box(heads.row + 1, heads.columns[column][0]), None, None)

    # -- the whole --------------------------------------------------------------------------------------------------

    def result(self) -> Reading:
        states = self.pattern.states
        for number, state in enumerate(states):
            if number in self.reached:
                continue
            if state.items:
                text = "、".join(item.sign.text.replace("{}", "") for item in state.items)
                self.notices.append(Notice(Oddity.MISSING, None, text, text))
            elif state.kind is StateKind.BELOW:
                self.blank_below(state)
        spots = [spot for row in self.lines.rows.values() for spot in row]
        for spot in spots:
            if spot not in self.used:
                self.notices.append(Notice(Oddity.OUTSIDE, spot.box.name, _shown(spot.cell)))
        for cell in self.lines.copies:
            self.notices.append(Notice(Oddity.COPY, cell.name, _shown(cell)))
        wanted = sum(len(state.items) for state in states)
        explained = sum(spot in self.used for spot in spots)
        confidence = round(len(self.found) / max(1, wanted) * explained / max(1, len(spots)), 3)
        return Reading(self.seen, self.sizes, self.places, tuple(self.notices), confidence)


def _inside(sign: Sign, label: Spot) -> Content:
    """The value inside a label's own cell; None where the cell holds the label only."""
    cell = label.cell
    if sign.pattern is not None:
        if cell.kind is not CellKind.TEXT:
            return cell.value
        found = sign.pattern.fullmatch(label.flat)
        return found[1] if found is not None and found.lastindex else None
    if label.key not in sign.keys and isinstance(cell.value, str):
        return re.split("[:：]", cell.value, maxsplit=1)[-1].strip()
    return None


def _shown(cell: GridCell) -> str:
    return "" if cell.value is None else str(cell.value)
