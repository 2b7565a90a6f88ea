"""From explained rows to values by path: every value with the cell that it was seen in."""

from __future__ import annotations

import re
from decimal import Decimal

from msgspec import Struct, field

from perfxl.align.captions import CaptionPiece
from perfxl.align.fit import is_no_value
from perfxl.align.lines import Lines, Spot
from perfxl.align.repetition import Repetition
from perfxl.align.row_states import Explained, Item, Pattern, Side, State, StateColumn, StateKind, ticked
from perfxl.model.address import Box
from perfxl.model.grid import CellKind, Content
from perfxl.model.reading import Sighting
from perfxl.values.label_text import flat, key, level, part


class Gathered(Struct):
    """What was seen so far: values by path, numbers of rows, cells of labels, the years that printed texts tell with a cell each."""

    pattern: Pattern
    lines: Lines
    seen: dict[str, Sighting] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    years: dict[int, str] = field(default_factory=dict)
    continued: list[Spot] = field(default_factory=list)
    """Texts that go on in a second row."""
    merged: dict[object, tuple[Spot, str]] = field(default_factory=dict)
    """By group or goal the first row that may belong to another one, and the text of the group that it was put in."""
    own_levels: dict[Spot, bool] = field(default_factory=dict)
    """一级 and 二级 that the form does not print, and whether a row has them."""
    repetitions: int = 0
    """How many blocks began so far; ``used`` are the numbers of those in which something was typed."""
    used: set[int] = field(default_factory=set)
    _block: Repetition | None = None
    _before: Repetition | None = None
    _titled: tuple[int, Spot] | None = None
    _levels: dict[str, tuple[Spot, str]] = field(default_factory=dict)
    _homeless: bool = False
    """Whether the 一级 of the row is known from its 二级 alone, the cell that had it being gone."""
    _spread: dict[str, Spot] = field(default_factory=dict)

    def add(self, row: Explained) -> None:
        """See what stands in one row."""
        state = self.pattern.states[row.state]
        self._enter(state, row)
        if state.block and state.kind is StateKind.HEAD and row.moved and row.labels:
            spot = min(row.labels.values(), key=lambda spot: spot.column)
            self.merged[spot] = spot, self._block.title if self._block is not None else ""
        if self._block is not None and not self._block.title and row.labels:
            number, spot = min(row.labels.items(), key=lambda label: label[1].column)
            self._block.entitle(state.items[number].sign, spot)
            doubt = self._before.doubt_before(self._block) if self._before is not None else None
            if self._before is not None and doubt is not None:
                self.merged[self._before.path, self._before.number] = doubt, self._before.title
        for number, spot in row.labels.items():
            self._label(state.items[number], spot)
        for number, (box, held) in row.beside.items():
            self._see(state.items[number].path, box, held, held.cell.value if held is not None else None)
        for number, places in row.further.items():
            for (path, _), (box, held) in zip(state.items[number].further, places, strict=True):
                self._see(path, box, held, held.cell.value if held is not None else None)
        if state.kind is StateKind.TABLE:
            for side in state.sides:
                self._table_row(row, state, side)
        else:
            for column in state.columns:
                self._below_head(row, state, column)

    def add_piece(self, piece: CaptionPiece) -> None:
        """See the value of a caption that stands in one cell with others; some only say what the form prints."""
        if piece.item.path:
            content = _inside(piece.item, piece.spot) if piece.item.inside else _behind(piece.spot)
            self.seen[piece.item.path] = Sighting(piece.spot.box, piece.spot.cell, content)

    def close(self) -> None:
        """End the last block. A year that is said in the title only is read there."""
        self._leave()
        line = self.seen.get(self.pattern.year)
        if self._titled is not None and (line is None or is_blank(line.content)):
            year, spot = self._titled
            if self.pattern.year:
                self.seen[self.pattern.year] = Sighting(spot.box, spot.cell, Decimal(year))
            elif not self.years:
                self.years[year] = spot.box.name

    # -- blocks -----------------------------------------------------------------------------------------------------

    def _enter(self, state: State, row: Explained) -> None:
        if state.spine is not None:
            self._spine(state.spine, row)
            return
        name = self._block.path if self._block is not None else ""
        if state.block != name or row.again:
            self._leave()
            self._block = self._begin(state.block) if state.block else None

    def _begin(self, path: str) -> Repetition:
        self._levels.clear()
        self._spread.clear()
        self.repetitions += 1
        return Repetition(path, self.sizes.get(path, 0))

    def _leave(self) -> None:
        """A block in which nothing was typed is not in the data: the next one takes its number."""
        block, self._block = self._block, None
        self._before = block or self._before
        if block is None:
            return
        if block.used:
            self.sizes[block.path] = block.number + 1
            if block.printed:
                self.numbers[f"{block.path}[{block.number}]"] = block.printed
            self.used.add(self.repetitions)
        else:
            prefix = f"{block.path}[{block.number}]"
            for path in [path for path in self.seen if path.startswith(prefix)]:
                del self.seen[path]

    def _spine(self, item: Item, row: Explained) -> None:
        """Begin a block where the value down its left changes: merged, in the first row only, or repeated on each."""
        path = item.path.rpartition("[]")[0]
        column = row.reach.get(item.under if item.under is not None else -1, 0)
        spot = row.under.get(item.under if item.under is not None else -1) or self.lines.tall.get((row.row, column))
        box = spot.box if spot is not None else self._covering(row.row, column)
        same = self._block is not None and self._block.path == path
        if spot is None and same and self._block is not None and (box == self._block.box or box.row == box.last_row):
            return
        if same and self._block is not None and spot is not None:
            held = self._block.spine
            if held is spot or (held is not None and held.flat == spot.flat and spot.box.last_row == spot.row):
                return
        self._leave()
        self._block = self._begin(path)
        self._block.spine, self._block.box = spot, box
        self._see(item.path, box, spot, _inside(item, spot) if spot else None)

    def _covering(self, row: int, column: int) -> Box:
        """Return the extent of the cell that covers a place, blank or not."""
        covering = (box for box in self.lines.boxes.values() if box.holds(row, column))
        return next(covering, Box(row, column, row, column))

    def _path(self, path: str) -> str:
        block = self._block
        return path.replace(f"{block.path}[]", f"{block.path}[{block.number}]", 1) if block is not None else path

    # -- single values ----------------------------------------------------------------------------------------------

    def _label(self, item: Item, spot: Spot) -> None:
        if item.opens:
            self.places.setdefault(item.opens, spot.box.name)
            self.places.setdefault(self._path(item.opens), spot.box.name)
        read = item.sign.reads(spot.flat)
        said = read.groupdict() if read is not None else {}
        if year := said.get("year") or said.get("later"):
            if item.sign.offset is not None:
                self.years.setdefault(int(year) - item.sign.offset, spot.box.name)
            if item.sign.offset is None or said.get("later"):
                self._titled = int(year), spot
        if item.inside:
            self._see(item.path, spot.box, spot, _inside(item, spot))
        elif item.path and item.sign.leads(spot):
            self._see(item.path, spot.box, spot, _behind(spot))

    def _see(self, path: str, box: Box, spot: Spot | None, content: Content) -> None:
        if self._block is not None and not is_blank(content):
            self._block.used = True
        self.seen[self._path(path)] = Sighting(box, spot.cell if spot is not None else None, content)

    def _below_head(self, row: Explained, state: State, column: StateColumn) -> None:
        """See a value of a fixed row under its column head; text continued in a second row is joined."""
        spot, first = row.under.get(column.under), row.reach.get(column.under)
        path = self._path(column.path)
        before = self.seen.get(path)
        if spot is None:
            if first is not None and before is None:
                self._see(column.path, self.lines.box(row.row, first), None, None)
        elif before is None or before.cell is None or state.kind is not StateKind.BELOW:
            self._see(column.path, spot.box, spot, spot.cell.value)
        else:
            self.continued.append(spot)
            self.seen[path] = Sighting(before.box, before.cell, f"{before.content}\n{spot.cell.value}")

    # -- growing tables ---------------------------------------------------------------------------------------------

    def _table_row(self, row: Explained, state: State, side: Side) -> None:
        under, reach = row.under, row.reach
        self._see_levels(row, side)
        used = any(
            not is_no_value(self.pattern, column, under[column.under])
            for column in side.telling
            if column.under in under
        )
        spread = {column.path: self._see_spread(row, side, column) for column in side.spreading}
        if not used:
            return
        table = self._path(side.table)
        index = self.sizes.get(table, 0)
        self.sizes[table] = index + 1
        if self._block is not None:
            self._block.used = True
        self._look_for_parting(row, state, side)
        place = self._path(side.opening).replace(f"{table}[]", f"{table}[{index}]", 1)
        for column, key_of in side.keyed:
            spot = under.get(column.under)
            content = self._content(state, column, spot) if spot is not None else None
            if column.level:
                spot, content = self._levels.get(column.path, (None, None))
                if spot in self.own_levels:
                    self.own_levels[spot] = True
            elif column.spread:
                spot = spread[column.path]
                content = spot.cell.value if spot is not None else None
            elif column.option:
                options = side.options[column.path]
                if column is not options[0]:
                    continue
                spot, content = ticked(row, options)
            if spot is not None:
                self.seen[place + key_of] = Sighting(spot.box, spot.cell, content)
            elif (first := reach.get(column.under)) is not None:
                self.seen[place + key_of] = Sighting(self.lines.box(row.row, first), None, content)

    def _content(self, state: State, column: StateColumn, spot: Spot) -> Content:
        """What stands in a row's cell; a printed counter in front of a name (指标1：…) is none of it."""
        if column.names and state.marks and any(sign.reads(spot.before) for sign in state.marks if spot.before):
            return _behind(spot)
        return spot.cell.value

    def _see_levels(self, row: Explained, side: Side) -> None:
        """The merge that covers the row, else the last text above; another 一级 clears the 二级."""
        for depth, column in enumerate(side.levels):
            spot = row.under.get(column.under) or self._tall(row, column)
            held = self._levels.get(column.path)
            if spot is None or (held is not None and held[0] is spot and not self._homeless):
                continue  # nothing new
            text = level(spot.text)
            if held is not None and held[1] != text:
                for below in side.levels[depth + 1 :]:
                    self._levels.pop(below.path, None)
            self._levels[column.path] = spot, text
            if key(text) not in self.pattern.levels:
                self.own_levels.setdefault(spot, False)
        self._bring_home(row, side)

    def _bring_home(self, row: Explained, side: Side) -> None:
        """Where the 一级 went with the row that had it, the 二级 says which it was."""
        if len(side.levels) < 2:
            return
        above, below = side.levels[:2]
        if row.under.get(above.under) or self._tall(row, above):
            self._homeless = False
            return
        held, own = self._levels.get(above.path), self._levels.get(below.path)
        home = self.pattern.homes.get(key(own[1])) if own is not None else None
        if own is not None and home is not None and held is not None and key(held[1]) != key(home):
            self._homeless = True
            self._levels[above.path] = own[0], home

    def _see_spread(self, row: Explained, side: Side, column: StateColumn) -> Spot | None:
        """Its own cell, the merge that covers the row, else the text above where the form prints one text for both."""
        spot = row.under.get(column.under) or self._tall(row, column)
        if spot is None:
            named = row.under.get(side.naming.under) if side.naming is not None else None
            levels = [self._levels[c.path][1] for c in side.levels if c.path in self._levels]
            known = [named.key] if named is not None else []
            known += [key(levels[-1])] if levels else []
            wanted = next(
                (self.pattern.spread[text].get(column.path) for text in known if text in self.pattern.spread), ""
            )
            above = self._spread.get(column.path)
            return above if above is not None and wanted == key(above.text) else None
        self._spread[column.path] = spot
        return spot

    # -- groups and goals that may have become one ------------------------------------------------------------------

    def _look_for_parting(self, row: Explained, state: State, side: Side) -> None:
        """A row that says nothing of its group, below a merge that does: somebody inserted it between two groups.

        Where groups are known by their first rows alone, no row says more, and there is nothing to doubt.
        """
        named = row.under.get(side.naming.under) if side.naming is not None else None
        spot = named or min(row.under.values(), key=lambda spot: spot.column)
        block = self._block
        if state.spine is not None and block is not None and block.spine is not None:
            if self._is_below(row, state.spine.under, block.spine):
                self.merged.setdefault(block.spine, (spot, block.spine.text))
                return
        elif block is not None and side.levels:
            level1 = self._levels.get(side.levels[0].path)
            if level1 is not None:
                block.meet(level1[1], spot)
        for column in side.levels[self._homeless :]:
            held = self._levels.get(column.path)
            if held is not None and self._is_below(row, column.under, held[0]):
                self.merged.setdefault(held[0], (spot, held[1]))
                return

    def _is_below(self, row: Explained, under: int | None, group: Spot) -> bool:
        """Tell whether a row stands below the merge of its group, with a blank where another one may be meant."""
        if under is None or under in row.under or under not in row.reach:
            return False
        at = (row.row, row.reach[under])
        if self.lines.tall.get(at) is group:
            return False
        return group.box.last_row > group.row or self.lines.box(*at).last_row > row.row

    def _tall(self, row: Explained, column: StateColumn) -> Spot | None:
        first = row.reach.get(column.under)
        spot = self.lines.tall.get((row.row, first)) if first is not None else None
        return spot if spot is not None and spot.column == first else None


def _inside(item: Item, spot: Spot) -> Content:
    """The value inside a label's own cell; the whole of it where the printed text is gone."""
    cell = spot.cell
    if cell.kind is not CellKind.TEXT or not isinstance(cell.value, str):
        return cell.value
    read = item.sign.reads(flat(cell.value))
    return part(cell.value, *read.span("value")) if read is not None else cell.value


def _behind(spot: Spot) -> str:
    """The value behind a label and its colon, as typed."""
    behind = spot.text
    for _ in range(1 + behind.count("其中：") + behind.count("其中:")):
        behind = re.split("[:：]", behind, maxsplit=1)[-1]
    return behind.strip()


def is_blank(content: Content) -> bool:
    """Tell whether nothing stands there, or blanks only."""
    return content is None or (isinstance(content, str) and not content.strip())
