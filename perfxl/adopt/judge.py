"""Which texts of a sheet its form prints, and which are answers that somebody has typed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from msgspec import Struct

from perfxl.adopt.captions import in_text, year_and_part_in
from perfxl.adopt.form_words import FormWords, asks, is_personal, is_sample, is_value, named, wording
from perfxl.adopt.formulas import counted_cells
from perfxl.adopt.glossary import WHOLE
from perfxl.adopt.grounds import column_numbers
from perfxl.adopt.sheet import Cell, Sheet
from perfxl.model.address import Box
from perfxl.model.field_type import Type
from perfxl.values.label_text import flat, key

_TELLING = re.compile(r"说明|备注|注[:：]|须知|填写|填报|填列|请|是指|标准|依据|公式|解释|要求")
"""What is in texts that tell how a form is filled in."""
_PRINTED_COLUMN = 2
"""From so many further texts in a column on the form prints it."""
_UNITS = {"unit_name", "implementing_unit"}
_ANSWERED = {"name", "target", "actual", "reason", "basis", "content", "purpose", "remark", "weight", "score", "amount"}
_ANSWERED |= {
    "initial",
    "budget",
    "executed",
    "forecast",
    "prev1",
    "prev2",
    "expected",
    "goal_result",
    "result",
    "theme",
}
"""Heads below which answers stand."""
_TOLD_AT_LENGTH = {
    "goal",
    "annual_goal",
    "long_term_goal",
    "mid_goal",
    "expected",
    "actual",
    "goal_result",
    "functions",
}
_TOLD_AT_LENGTH |= {"tasks", "problems", "measures", "reason", "organization"}
"""Heads right below which an answer stands."""
_LONG_NUMBER = 10**6
_HAN = re.compile(r"[一-龥]")
_TOTAL = re.compile(r"^(?:金额|资金|支出|收入|经费|预算|分值|得分)?(?:合计|总计|小计|总额|总分)$")
_EVIDENCE = 3
_NAME_PLACE = "　　　　"
_SHORT = 16
_TITLE_ROWS = 3


class Judge(Struct, frozen=True):
    """Tells of each text of a sheet whether the form prints it."""

    sheet: Sheet
    words: FormWords
    counted: frozenset[tuple[int, int]] = frozenset()
    """The places of which formulas make sums: no text is printed there."""
    numbers: frozenset[tuple[int, int]] = frozenset()
    """The places of the figures that number the columns of a table."""

    @classmethod
    def of(cls, sheet: Sheet, levels: frozenset[str]) -> Judge:
        """Return the judge of a sheet; ``levels`` are the names of 一级 and 二级 that forms print."""
        formulas = {cell.box[:2]: cell.formula for cell in sheet.anchors() if cell.formula}
        return cls(sheet, FormWords.of(levels), counted_cells(formulas), frozenset(column_numbers(sheet)))

    def knows_the_language(self) -> bool:
        """Tell whether the sheet is in Chinese: of others no word is known, and only looks tell what is printed."""
        texts = [cell.text for cell in self.sheet.anchors() if cell.text]
        return 2 * sum(bool(_HAN.search(text)) for text in texts) >= len(texts)

    def filled(self) -> bool:
        """Tell whether the sheet is filled in: an answer, a text where others leave a blank, or several values."""
        values = 0
        for cell in self.sheet.anchors():
            if cell.value is None or cell.marks:
                continue
            if self.answers(cell) or self._typed_by_itself(cell):
                return True
            said = flat(cell.text)
            if cell.text and is_value(cell.text) and said[:1] in "≥≤><=":
                values += 1
            if (
                not cell.text
                and cell.box[:2] not in self.numbers
                and self._below(cell.box) in _ANSWERED - {"weight", "score", "name"}
            ):
                values += 1
        return values >= _EVIDENCE

    def _typed_by_itself(self, cell: Cell) -> bool:
        """Tell whether a cell shows by itself that somebody has typed into it.

        A telephone or another long number; a text that no form prints in a cell that is open, where others are closed,
        or that stands in a table in the place of a blank.
        """
        if not cell.text:
            return isinstance(cell.value, Decimal) and abs(cell.value) >= _LONG_NUMBER and not self._closed(cell)
        if is_personal(cell.text) and not self._closed(cell):
            return True
        if self._closed(cell) or self.words.is_printed(cell.text):
            return False
        if cell.box[:2] in self.counted:
            return True
        return self._in_place_of_a_blank(cell) or (self.sheet.told and not self._is_of_a_group(cell))

    def _is_of_a_group(self, cell: Cell) -> bool:
        """Tell whether a text names a group of rows, 二级 say, or stands in a column with those that do."""
        column = cell.box.column
        others = [
            self.sheet.cells[row, column]
            for row in (cell.box.row - 1, cell.box.last_row + 1)
            if (row, column) in self.sheet.cells
        ]
        return any(one.text and one.box[1::2] == cell.box[1::2] and self._groups(one) for one in (cell, *others))

    def _groups(self, cell: Cell) -> bool:
        """Tell whether a cell is merged down over rows that go on apart on its right."""
        right = self.sheet.cells.get((cell.box.row, cell.box.last_column + 1))
        return right is not None and right.box.last_row < cell.box.last_row

    def _closed(self, cell: Cell) -> bool:
        return self.sheet.told and cell.style.locked

    def _in_place_of_a_blank(self, cell: Cell) -> bool:
        """Tell whether a text stands below a head where the cell above or below it is blank, and others in its row are.

        In the first column labels of rows stand, too: there the whole next row has to be blank.
        """
        if not cell.style.boxed or cell.box.row != cell.box.last_row or not self._headed(cell):
            return False
        own = self._row(cell.box.row)
        if own[0].box != cell.box and self._alone_among_blanks(cell):
            return True
        if not any(_open(one) and not self._is_corner(one, 2) for one in own if one.box != cell.box):
            return False
        if own[0].box == cell.box:
            other = self._row(cell.box.row + 1)
            return [one.box[1::2] for one in own] == [one.box[1::2] for one in other] and all(map(_open, other))
        column = [*self._along(cell, -1), *self._along(cell, 1)]
        texts = sum(bool(one.text) and not self.words.is_word(one.text) for one in column)
        return self._blanks(cell, column) > texts

    def _alone_among_blanks(self, cell: Cell) -> bool:
        """Tell whether a text is the only one in a column of blanks, but for words of forms."""
        own = self._row(cell.box.row)
        under = [self._under(one) for one in own]
        if all(one.text for one in own) and all(one is None or _open(one) for one in under):
            return False  # a row of heads
        if self._heads_columns(cell) and any(self._is_corner(one, 2) for one in own):
            return False
        column = [*self._along(cell, -1), *self._along(cell, 1)]
        others = any(one.text and not self.words.is_word(one.text) for one in column)
        return self._blanks(cell, column) >= _PRINTED_COLUMN and not others

    def _blanks(self, cell: Cell, column: Sequence[Cell]) -> int:
        """Return how many cells of a column are blanks, in the section of a cell only; nobody fills in the corner of a table."""
        section = self._row(cell.box.row)[0].box
        first, last = (section.row, section.last_row) if section.row < section.last_row else (1, self.sheet.rows)
        inside = (one for one in column if first <= one.box.row <= last)
        return sum(_blank(one) and not self._is_corner_of_blanks(one) for one in inside)

    def _is_corner(self, cell: Cell, fewest: int) -> bool:
        """Tell whether a cell is the corner of a table: on its right stand nothing but heads, and under each a place for a value."""
        heads = [one for one in self._row(cell.box.row) if one.box.column > cell.box.last_column]
        return len(heads) >= fewest and all(one.text and self._heads_columns(one) for one in heads)

    def _is_corner_of_blanks(self, cell: Cell) -> bool:
        """Tell whether a blank is a corner right above whose heads' values nothing else stands."""
        heads = [one for one in self._row(cell.box.row) if one.box.column > cell.box.last_column]
        under = [self._under(one) for one in heads]
        return bool(heads) and all(one.text for one in heads) and all(one is not None and _open(one) for one in under)

    def _heads_columns(self, cell: Cell) -> bool:
        """Tell whether below a text is a place for a value in all its columns: right below it, or below narrower heads.

        The row of a total and the numbers of the columns may stand between them.
        """
        row = cell.box.last_row + 1
        while row <= self.sheet.rows:
            places = (self.sheet.cells[row, column] for column in range(cell.box.column, cell.box.last_column + 1))
            below = list(dict.fromkeys(places))
            if len(below) > 1:
                return all(one.text and self._heads_columns(one) for one in below)
            (one,) = below
            wider = one.box[1::2] != cell.box[1::2]
            if _takes_a_value(one) or not one.style.boxed:
                return one.style.boxed and not wider
            if one.box[:2] not in self.numbers and not _is_between(one, wider=wider):
                return False
            row = one.box.last_row + 1
        return False

    def _along(self, cell: Cell, step: int) -> Iterator[Cell]:
        """Yield the boxed cells above or below a cell in the same columns, as far as they go."""
        row = cell.box.row + step
        while (one := self.sheet.cells.get((row, cell.box.column))) is not None:
            if one.box[1::2] != cell.box[1::2] or not one.style.boxed:
                return
            yield one
            row = one.box.row - 1 if step < 0 else one.box.last_row + 1

    def _row(self, row: int) -> list[Cell]:
        """Return the boxed cells of a row, each once."""
        found = (self.sheet.cells[row, column] for column in range(1, self.sheet.columns + 1) if row <= self.sheet.rows)
        return [cell for cell in dict.fromkeys(found) if cell.style.boxed]

    def _headed(self, cell: Cell) -> bool:
        """Tell whether a boxed text stands above a cell in the same columns, however many rows further up."""
        for row in range(cell.box.row - 1, 0, -1):
            above = self.sheet.cells[row, cell.box.column]
            if above.box[1::2] != cell.box[1::2] or not above.style.boxed:
                return False
            if above.text:
                return True
        return False

    def answers(self, cell: Cell) -> bool:
        """Tell whether a cell holds an answer to the label on its left."""
        left = self.sheet.cells.get((cell.box.row, cell.box.column - 1))
        if left is None or not asks(left.text) or self._among_heads(left, cell):
            return any(self.words.segments_answered(cell.text))
        if cell.text and (is_sample(cell.text) or in_text(cell.text) is not None):
            return False
        return not (cell.text and self.words.is_word(cell.text))

    def _among_heads(self, left: Cell, cell: Cell) -> bool:
        """Tell whether a label and what stands on its right are heads of a table: below both is a blank in their columns.

        Labels that alternate with what else stands in a row are none of heads: there answers stand between them. A label over
        more rows than the head on its right names the rows below that, too.
        """
        right = [one for one in self._row(cell.box.row) if one.box.column > left.box.last_column]
        named = len(right) > 1 and all(one.text for one in right)
        if left.box.last_row > cell.box.last_row and named and all(map(self._heads_columns, right)):
            return True
        if not (self._heads_columns(left) and self._heads_columns(cell)):
            return False
        own = self._row(cell.box.row)
        if any(not one.text or is_value(one.text) or is_personal(one.text) for one in own):
            return False
        words_at = [self.words.is_word(one.text) for one in own]
        return not (all(words_at[::2]) and not any(words_at[1::2]))

    def _under(self, cell: Cell) -> Cell | None:
        """Return the boxed cell right below another in the same columns, None where there is none."""
        found = self.sheet.cells.get((cell.box.last_row + 1, cell.box.column))
        return found if found is not None and found.box[1::2] == cell.box[1::2] and found.style.boxed else None

    def labels_nothing(self, cell: Cell) -> bool:
        """Tell whether a text of a sheet that seems blank is an answer for all that: on its left a label, itself no label.

        A label has a blank on its right or below it. A column of several such texts is one that the form prints, and so is
        what tells how the form is filled in.
        """
        if not cell.text or not cell.style.boxed or self._closed(cell) or self.words.is_printed(cell.text):
            return False
        if self._below_goal(cell):
            return True
        left = self.sheet.cells.get((cell.box.row, cell.box.column - 1))
        right = self.sheet.cells.get((cell.box.row, cell.box.last_column + 1))
        if left is None or not left.text or not left.style.boxed or _TELLING.search(flat(left.text)):
            return False
        if right is not None and right.style.boxed and _open(right):
            return False
        under = self._under(cell)
        leads = (under is not None and _open(under)) or self._heads_columns(cell)
        if leads and self._may_be_heads(self._row(cell.box.row)):
            return False
        alike = sum(
            1 for step in (-1, 1) for one in self._along(cell, step) if one.text and not self.words.is_word(one.text)
        )
        return alike < _PRINTED_COLUMN and not _TELLING.search(cell.text)

    def _may_be_heads(self, row: Sequence[Cell]) -> bool:
        """Tell whether the cells of a row may be heads of what stands below: all are texts, not labels with answers between them.

        Two cells alone are a label and its answer rather; and where labels and blanks alternate below, they do so here.
        """
        row = [one for one in row if one.text or not self._is_corner(one, 2)]
        under = [self._under(one) for one in row]
        alternate = all(one is not None and _open(one) for one in under[1::2]) and not any(
            one is not None and _open(one) for one in under[::2]
        )
        return all(one.text for one in row) and len(row) > 2 and not (alternate and len(row) % 2 == 0)

    def _below_goal(self, cell: Cell) -> bool:
        """Tell whether right above a text stands a head that asks for a goal or for what came of it, over this cell alone."""
        above = self.sheet.cells.get((cell.box.row - 1, cell.box.column))
        if above is None or above.box[1::2] != cell.box[1::2] or not above.text:
            return False
        return named(re.sub(r"[（(].*", "", above.text, flags=re.DOTALL)) in _TOLD_AT_LENGTH

    def unit(self) -> str:
        """Return the name of the unit that has filled in the sheet, "" where none is seen."""
        for cell in self.sheet.anchors():
            left = self.sheet.cells.get((cell.box.row, cell.box.column - 1))
            if cell.text and left is not None and named(left.text) in _UNITS:
                return flat(cell.text)
        return ""

    def printed(self, cell: Cell) -> str:
        """Return what the form prints of a cell, "" for nothing."""
        text = cell.text
        found = in_text(text)
        if year_and_part_in(text) or (found is not None and found.type is Type.YEAR and len(text.strip()) <= _SHORT):
            return text
        if not text or is_personal(text):
            return self.words.captions(text)
        if found is not None and not re.search(r"[\d一-龥]", re.split(r"[：:]", text.strip())[-1].strip("年月日元万 ")):
            return text
        if self._is_answer(cell):
            return self.words.captions(text)
        if self.words.stands(text):
            return text
        if found is not None and self.words.is_word(re.sub(r"[_\s\u3000]+", "", text)):
            return text
        captions = self.words.captions(text)
        return captions or (self.words.title(text) if cell.box.row <= _TITLE_ROWS else "")

    def _is_answer(self, cell: Cell) -> bool:
        """Tell whether a text stands where answers stand: beside a label that asks, below a head for answers."""
        if named(cell.text) or key(cell.text) in WHOLE or _TOTAL.search(wording(cell.text)):
            return False
        return self.answers(cell) or self._below(cell.box) in _ANSWERED

    def _below(self, box: Box) -> str:
        """Return the name of the head that a cell stands below, "" where it stands below none."""
        for row in range(box.row - 1, 0, -1):
            above = self.sheet.cells[row, box.column]
            if above.box.column != box.column and above.box.last_column > box.last_column:
                return ""
            if above.text:
                name = named(above.text) or WHOLE.get(key(above.text), "")
                if name:
                    return name
        return ""


def _is_between(cell: Cell, *, wider: bool) -> bool:
    """Tell whether a cell may stand between a head and its values: a total's label over several columns, a stroke."""
    said = wording(cell.text)
    return bool(cell.text) and (bool(wider and _TOTAL.search(said)) or not said)


def _takes_a_value(cell: Cell) -> bool:
    """Tell whether a value stands in a cell once the form is filled in; what it shows till then may be an example."""
    return _open(cell) or bool(cell.text and is_sample(cell.text))


def _blank(cell: Cell) -> bool:
    return cell.value is None and not cell.formula and not cell.marks


def _open(cell: Cell) -> bool:
    """Tell whether a cell holds nothing but what a formula gives, or a mark: a value stands there once the form is filled in."""
    return cell.value is None
