"""What shows on a sheet without locks that a cell is asked for, or that it is only drawn: each time with the reason.

Passes over the sheet: cells that show it by themselves (a data validation, a formula that reads them); the grounds, that is colour and
frame, in which those stand and in which labels stand; the rows that go on alike below a head. What nothing is said of here is
left to the frames and labels around it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from itertools import chain, islice

from msgspec import Struct, field

from perfxl.adopt.captions import in_text, several_in
from perfxl.adopt.formulas import cells_read
from perfxl.adopt.grounds import (
    Ground,
    colour_of,
    column_numbers,
    counted_up,
    ground_of,
    head_above,
    is_blank,
    labels_leading,
    like,
)
from perfxl.adopt.sheet import Cell, Limit, Sheet
from perfxl.values.label_text import flat

_FEW = 3
"""From so many cells on a way of showing inputs is the sheet's own, not chance."""
_MOST = 0.8
"""Which part of the sure inputs stand on a colour where a sheet shows its inputs by it."""
_LED = 0.5
"""Which part of a ground's cells a label has to lead to where texts on it are typed."""
_SHARE = 0.125
"""Which part of a ground's cells has to hold no text, or one from a list, where texts on it are typed."""
_NUMBERED = 3
_EXAMPLE = re.compile(
    r"[（(\[【]?(?:填写|填报)?(?:示例|样例|范例|举例|例)[）)\]】]?(?:[:：\d一]|$)|example", re.IGNORECASE
)
"""How the first cell of a row of examples begins."""
_CONDITION = "custom"
"""A validation by a formula, which forbids as often as it asks."""
_LENGTH = "textLength"
_SAYS_NOTHING = {"", "any"}
"""Validations that only show a prompt: heads have those, too."""

Place = tuple[int, int]


class Evidence(Struct):
    """The cells that are asked for, that are only drawn or printed, and in which somebody has typed; with the reason."""

    asked: dict[Place, str] = field(default_factory=dict)
    drawn: dict[Place, str] = field(default_factory=dict)
    typed: dict[Place, str] = field(default_factory=dict)


def evidence_of(sheet: Sheet) -> Evidence:
    """Return what shows of the cells of a sheet by their first place; nothing where locks say what is asked for."""
    return Evidence() if sheet.told else _Weighed(sheet).evidence()


class _Weighed(Struct, dict=True):
    """A sheet while its cells are weighed."""

    sheet: Sheet

    @cached_property
    def cells(self) -> list[Cell]:
        return [cell for cell in self.sheet.anchors() if not cell.marks]

    @cached_property
    def sure(self) -> dict[Place, str]:
        """The cells that show by themselves that they are asked for."""
        read = cells_read({cell.box[:2]: cell.formula for cell in self.cells if cell.formula})
        limited = [cell for cell in self.cells if not cell.formula and _limits(cell)]
        in_row = Counter(cell.box.row for cell in limited)
        meant = [cell for cell in limited if not self._stray(cell)]
        meant = meant or [cell for cell in limited if in_row[cell.box.row] >= _FEW]
        found = {cell.box[:2]: "设有数据有效性" for cell in meant}
        for cell in self.cells:
            if (
                not cell.formula
                and cell.box[:2] in read
                and not cell.text
                and (cell.value is not None or _looks_meant(cell))
            ):
                found[cell.box[:2]] = "表里的公式要用它"
        return found

    @cached_property
    def labels(self) -> Mapping[Place, Cell]:
        """The labels that lead to cells."""
        return labels_leading(self.sheet)

    @cached_property
    def grounds(self) -> Mapping[Ground, list[Cell]]:
        found: dict[Ground, list[Cell]] = defaultdict(list)
        for cell in self.cells:
            found[ground_of(cell)].append(cell)
        return found

    def _stray(self, cell: Cell) -> bool:
        """Tell whether a validation stands on a cell that shows nothing else: no label before it, few cells like it in its column."""
        if cell.value is not None or _looks_meant(cell):
            return False
        column = chain(self._blanks_like(cell, -1, 0), self._blanks_like(cell, 1, 0))
        if sum(1 for _ in islice(column, _FEW - 1)) == _FEW - 1:
            return False
        return not any(self._labelled(cell, *step) for step in ((-1, 0), (0, -1)))

    def _labelled(self, cell: Cell, rows: int, columns: int) -> bool:
        """Tell whether a label stands above a cell or on its left, past blanks like it."""
        *_, last = (cell, *self._blanks_like(cell, rows, columns))
        other = self.sheet.cells.get((last.box.row + rows, last.box.column + columns))
        return other is not None and bool(other.text) and not _limits(other)

    def _blanks_like(self, cell: Cell, rows: int, columns: int) -> Iterator[Cell]:
        """Yield the blanks with a validation on the same ground that follow a cell in one direction."""
        row, column = cell.box[:2]
        while (other := self.sheet.cells.get((row := row + rows, column := column + columns))) is not None:
            if other.value is not None or not _limits(other) or ground_of(other) != ground_of(cell):
                return
            yield other

    def evidence(self) -> Evidence:
        found = Evidence()
        found.drawn |= self._in_the_colour_of_labels() | self._without_the_colour_of_inputs() | self._row_numbers()
        found.drawn |= self._examples()
        found.asked |= {place: why for place, why in self.sure.items() if place not in found.drawn}
        found.asked |= self._in_the_colour_of_inputs(found)
        for column in _columns_gone_on_with(self.sheet, found):
            found.typed |= dict.fromkeys((cell.box[:2] for cell in column), "样子相同的行，下面的都空着")
        found.asked |= self._in_equal_rows(found)
        found.asked |= self._led_to(found)
        if not found.asked and not any(is_blank(cell) and cell.style.boxed for cell in self.cells):
            found.asked |= self._next_to_labels()
        found.typed = self._typed(found)
        return found

    def _in_the_colour_of_labels(self) -> dict[Place, str]:
        """Return blanks and figures on a ground of colour on which labels stand, and no input for sure, where others do."""
        labels: Counter[str] = Counter()
        sure: Counter[str] = Counter()
        blank: Counter[str] = Counter()
        for cell in self.cells:
            fill = colour_of(cell)
            labels[fill] += bool(cell.text) and cell.box[:2] not in self.sure
            sure[fill] += cell.box[:2] in self.sure
            blank[fill] += cell.value is None and not cell.formula and cell.style.boxed
        found: dict[Place, str] = {}
        for fill, count in labels.items():
            elsewhere = max(sure.total() - sure[fill], blank.total() - blank[fill])
            if not fill or 2 * sure[fill] >= count or elsewhere < _FEW:
                continue
            for cell in self.cells:
                limited = _limits(cell) and cell.limit is not None and cell.limit.kind != _CONDITION
                if colour_of(cell) == fill and not cell.text and not cell.formula and not limited:
                    found[cell.box[:2]] = "底色和印的字一样，要填的格是另一种底色"
        return found

    def _without_the_colour_of_inputs(self) -> dict[Place, str]:
        """Return framed blanks without colour on a sheet that shows nearly all its inputs by one, and prints little on it."""
        sure: Counter[str] = Counter()
        labels: Counter[str] = Counter()
        for cell in self.cells:
            sure[colour_of(cell)] += cell.box[:2] in self.sure
            labels[colour_of(cell)] += bool(cell.text) and cell.box[:2] not in self.sure
        shown = {fill for fill, count in sure.items() if fill and count >= _FEW and labels[fill] <= count}
        if sum(sure[fill] for fill in shown) < max(_MOST * sure.total(), _FEW):
            return {}
        return {
            cell.box[:2]: "要填的格都有底色，这一格没有"
            for cell in self.cells
            if cell.value is None and not cell.formula and not colour_of(cell) and cell.box[:2] not in self.sure
        }

    def _row_numbers(self) -> dict[Place, str]:
        """Return the figures that number columns, and those that number rows: down a column, each one more than the one above."""
        found = dict.fromkeys(column_numbers(self.sheet), "栏的编号")
        columns: dict[int, list[Cell]] = defaultdict(list)
        for cell in self.cells:
            if isinstance(cell.value, Decimal):
                columns[cell.box.column].append(cell)
        for column in columns.values():
            for run in counted_up(column):
                if len(run) >= _NUMBERED and run[0].value in {Decimal(0), Decimal(1)}:
                    found |= dict.fromkeys((one.box[:2] for one in run), "行的编号")
        return found

    def _examples(self) -> dict[Place, str]:
        """Return the cells of rows that say they are an example of how the rows below are filled in."""
        rows = {cell.box.row for cell in self.cells if _EXAMPLE.match(flat(cell.text))}
        return {
            cell.box[:2]: "这一行是填写的例子"
            for cell in self.cells
            if cell.box.row in rows and cell.box.row == cell.box.last_row and not cell.formula
        }

    def _in_the_colour_of_inputs(self, so_far: Evidence) -> dict[Place, str]:
        """Return the blanks without a frame on a ground of colour on which inputs stand.

        On a panel that labels share only those that a label leads to, in a column in which others are asked for.
        """
        found: dict[Place, str] = {}
        for ground, cells in self.grounds.items():
            sure = [cell for cell in cells if cell.box[:2] in so_far.asked]
            if not ground.fill or len(sure) < _FEW:
                continue
            panel = self._is_panel(ground, sure)
            in_column = Counter(cell.box.column for cell in sure)
            for cell in cells:
                place = cell.box[:2]
                if not is_blank(cell) or place in so_far.drawn:
                    continue
                if panel and not (place in self.labels and in_column[cell.box.column] >= _FEW):
                    continue
                found.setdefault(place, "底色和其他要填的格一样")
        return found

    def _is_panel(self, ground: Ground, sure: Sequence[Cell]) -> bool:
        """Tell whether a colour is that of a whole panel: labels stand on it in more rows than inputs do.

        Rows count, not cells: one label leads to a row of a hundred inputs.
        """
        asked = {cell.box[:2] for cell in sure}
        labels = {
            cell.box.row
            for cell in self.cells
            if cell.text and colour_of(cell) == ground.fill and cell.box[:2] not in asked
        }
        return len(labels) > len({cell.box.row for cell in sure})

    def _in_equal_rows(self, so_far: Evidence) -> dict[Place, str]:
        """Return the blanks in rows that go on alike below a head, where others in the row are asked for or computed.

        One row says as much as three alike where it asks for several by itself.
        """
        found: dict[Place, str] = {}
        for first, last in _equal_rows(self.sheet, so_far):
            row = [self.sheet.cells[last, column] for column in range(1, self.sheet.columns + 1)]
            heads = [head_above(self.sheet, first, cell.box.column, so_far.drawn) for cell in row]
            others = [
                head for cell, head in zip(row, heads, strict=True) if cell.box[:2] in so_far.asked or cell.formula
            ]
            if not others:
                continue
            highest = min((head.box.row for head in others if head is not None), default=first)
            for cell, head in zip(row, heads, strict=True):
                if not cell.box.single or cell.value is not None or cell.formula or cell.box[:2] in so_far.drawn:
                    continue
                if head is None or head.box.last_row < highest:
                    continue
                if not (_looks_meant(cell) or _looks_meant(head) or head.style.bold):
                    continue
                for below in range(first, last + 1):
                    found.setdefault((below, cell.box.column), "表头下面相同的行里，别的格要填或者有公式")
        return {place: why for place, why in found.items() if place not in so_far.asked}

    def _led_to(self, so_far: Evidence) -> dict[Place, str]:
        """Return the framed blanks to which a label on another ground leads, on the left or above, past cells like them."""
        found: dict[Place, str] = {}
        for cell in self.cells:
            place = cell.box[:2]
            if cell.value is not None or cell.formula or not cell.style.boxed or place in so_far.drawn:
                continue
            label = self.labels.get(cell.box[:2])
            if label is not None and colour_of(label) != colour_of(cell):
                found.setdefault(place, "左边或上面另一种底色的格里印有说明")
        return {place: why for place, why in found.items() if place not in so_far.asked}

    def _next_to_labels(self) -> dict[Place, str]:
        """Return the blanks below or on the right of labels that are coloured or ask, on a sheet that shows nothing else."""
        found: dict[Place, str] = {}
        for cell in self.cells:
            if not cell.text or not (colour_of(cell) or cell.text.rstrip().endswith((":", "：", "?", "？"))):
                continue
            right = self.sheet.cells.get((cell.box.row, cell.box.last_column + 1))
            below = self.sheet.cells.get((cell.box.last_row + 1, cell.box.column))
            for other in (right, below):
                if other is not None and is_blank(other) and not colour_of(other):
                    found.setdefault(other.box[:2], "左边或上面印有说明，表上没有别的填写的格")
        return found

    def _typed(self, so_far: Evidence) -> dict[Place, str]:
        """Return the texts that somebody has typed: chosen from a list, or on a ground on which nothing is printed."""
        found = dict(so_far.typed)
        for cell in self.cells:
            limit = cell.limit
            if not cell.text or limit is None:
                continue
            if limit.kind == "list" and cell.text.strip() in limit.choices:
                found[cell.box[:2]] = "是下拉列表里的一项"
            elif limit.kind == _LENGTH and _fits(cell.text, limit) and self.labels.get(cell.box[:2]) is not None:
                found[cell.box[:2]] = "限定了填写的字数"
        for ground, cells in self.grounds.items():
            if not (ground.boxed or ground.fill):
                continue
            labels = [self.labels.get(cell.box[:2]) for cell in cells]
            led = sum(label is not None and _sets_off(label, ground) for label in labels)
            values = sum(not cell.text and not cell.formula and cell.box[:2] not in so_far.drawn for cell in cells)
            chosen = sum(cell.box[:2] in so_far.asked for cell in cells if cell.text)
            if led < _LED * len(cells) or values + chosen < _SHARE * len(cells) or self._leads_on(ground, cells):
                continue
            for cell, label in zip(cells, labels, strict=True):
                if cell.text and label is not None and not self._names_rows(cell) and not _has_places(cell.text):
                    found.setdefault(cell.box[:2], "底色和要填的格一样，和印的字不一样")
        return {place: why for place, why in found.items() if place not in so_far.drawn}

    def _leads_on(self, ground: Ground, cells: Sequence[Cell]) -> bool:
        """Tell whether the texts on a ground are labels themselves: on the right of most stands what is asked for, on another."""
        texts = [cell for cell in cells if cell.text and not _limits(cell)]
        right = (self.sheet.cells.get((cell.box.row, cell.box.last_column + 1)) for cell in texts)
        led = (one for one in right if one is not None and colour_of(one) != ground.fill)
        return 2 * sum(bool(one.formula) or ground_of(one) in self.grounds_of_inputs for one in led) > len(texts)

    @cached_property
    def grounds_of_inputs(self) -> set[Ground]:
        """The grounds on which cells stand that show by themselves that they are asked for."""
        sure = Counter(ground_of(cell) for cell in self.cells if cell.box[:2] in self.sure)
        return {ground for ground, count in sure.items() if count >= _FEW}

    def _names_rows(self, cell: Cell) -> bool:
        """Tell whether a text stands in a column of texts only, at the left of cells that are not."""
        column = list(like(self.sheet, cell))
        if len(column) < 2 or any(not one.text for one in column):
            return False
        left = self.sheet.cells.get((cell.box.row, cell.box.column - 1))
        if left is not None and ground_of(left) == ground_of(cell):
            return False
        right = [self.sheet.cells.get((one.box.row, one.box.last_column + 1)) for one in column]
        return any(one is not None and ground_of(one) == ground_of(cell) and not one.text for one in right)


def _limits(cell: Cell) -> bool:
    """Tell whether a cell's validation says that it is asked for; a text that is none of its list's words is a label."""
    limit = cell.limit
    if limit is None or limit.kind in _SAYS_NOTHING:
        return False
    return not cell.text or (limit.kind == "list" and cell.text.strip() in limit.choices)


def _fits(text: str, limit: Limit) -> bool:
    """Tell whether a text is as long as a validation wants it."""
    return (limit.least is None or limit.least <= len(text)) and (limit.most is None or len(text) <= limit.most)


def _looks_meant(cell: Cell) -> bool:
    """Tell whether a blank looks as if somebody had thought of it: a frame, a colour, a number format."""
    return cell.style.boxed or bool(colour_of(cell)) or cell.style.format != "General"


def _sets_off(label: Cell, ground: Ground) -> bool:
    """Tell whether a label stands on another colour than what it leads to, or without the frame around that."""
    return colour_of(label) != ground.fill or (ground.boxed and not label.style.boxed)


def _has_places(text: str) -> bool:
    return in_text(text) is not None or bool(several_in(text))


def _equal_rows(sheet: Sheet, so_far: Evidence) -> Iterator[tuple[int, int]]:
    """Yield the first and the last row of each run of blank rows that look alike, or of fewer that each ask for several."""
    signs: list[object] = [_sign(sheet, row, so_far) for row in range(1, sheet.rows + 1)]
    first = 1
    for row in range(2, sheet.rows + 2):
        if row <= sheet.rows and signs[row - 1] == signs[first - 1] is not None:
            continue
        if signs[first - 1] is not None and (row - first >= _FEW or _asked_in(sheet, first, so_far) >= _FEW):
            yield first, row - 1
        first = row


def _columns_gone_on_with(sheet: Sheet, so_far: Evidence) -> Iterator[list[Cell]]:
    """Yield texts below each other that blanks go on with, in rows that look alike and of which blank ones ask for several.

    Whoever fills in such a table begins with its first row: below the last text nothing but blanks stand.
    """
    looks = [_look(sheet, row) for row in range(1, sheet.rows + 1)]
    first = 1
    for row in range(2, sheet.rows + 2):
        if row <= sheet.rows and looks[row - 1] == looks[first - 1]:
            continue
        last = row - 1
        if last - first >= _FEW and _asked_in(sheet, last, so_far) >= _FEW <= _ruled(sheet, first):
            for column in range(1, sheet.columns + 1):
                cells = [sheet.cells[below, column] for below in range(first, last + 1)]
                texts = [cell for cell in cells if cell.text]
                filled = max((cell.box.row for cell in texts), default=last) - first + 1
                if texts and cells[0].box.single and len(cells) - filled >= max(_FEW, filled):
                    yield texts
        first = row


def _ruled(sheet: Sheet, row: int) -> int:
    """Return how many cells of a row have a formula or a validation, which heads of the same look have not."""
    cells = (sheet.cells[row, column] for column in range(1, sheet.columns + 1))
    return sum(
        bool(cell.formula) or (cell.limit is not None and cell.limit.kind not in _SAYS_NOTHING) for cell in cells
    )


def _look(sheet: Sheet, row: int) -> object:
    """Return how a row looks whatever is typed in it: grounds, formulas, validations."""
    cells = (sheet.cells[row, column] for column in range(1, sheet.columns + 1))
    return tuple(
        (cell.box[1::2], ground_of(cell), bool(cell.formula), cell.limit.kind if cell.limit else "") for cell in cells
    )


def _asked_in(sheet: Sheet, row: int, so_far: Evidence) -> int:
    return sum((row, column) in so_far.asked for column in range(1, sheet.columns + 1))


def _sign(sheet: Sheet, row: int, so_far: Evidence) -> object:
    """Return how a row looks, None for one that holds a text or nothing that is asked for or computed."""
    cells = [sheet.cells[row, column] for column in range(1, sheet.columns + 1)]
    meant = [(row, cell.box.column) in so_far.asked or (row, cell.box.column) in so_far.typed for cell in cells]
    if any(cell.text and not known for cell, known in zip(cells, meant, strict=True)):
        return None
    return tuple((ground_of(cell), bool(cell.formula), known) for cell, known in zip(cells, meant, strict=True))
