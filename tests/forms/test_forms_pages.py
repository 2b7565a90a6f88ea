"""Pages: nothing is cut where it need not be, no page is nearly empty, what fits on one page stands on one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import accumulate, pairwise
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from perfxl.api import layout
from perfxl.forms.definition.load import load_forms
from perfxl.forms.layout import pages
from perfxl.forms.layout.pages import SAFE, PagedSheet, Pages, parted, parts
from perfxl.forms.layout.resize import tables
from perfxl.forms.layout.row_heights import count_lines, paragraphs, settings
from perfxl.forms.layout.set_out import set_out
from perfxl.model.address import Box
from perfxl.model.form import Form, Look, Page
from perfxl.model.layout import Layout, PlacedCell, PlacedRow, Role, RowKind, Stamp
from perfxl.model.submission import Unit

ALL = load_forms()
ROOM = 800.0
HEAD = PlacedRow(0, 1, RowKind.HEAD, 1, "rows")
FIXED = PlacedRow(0, 1, RowKind.FIXED, 1)
TABLE = PlacedRow(0, 1, RowKind.TABLE, 1, "rows", "rows[0]")


def sheet(
    rows: Sequence[PlacedRow],
    *,
    merged: Sequence[PlacedCell] = (),
    blocks: Sequence[tuple[int, int]] = (),
    heads: tuple[int, int] = (0, 0),
    wild: Sequence[int] = (),
) -> PagedSheet:
    numbered = [replace(row, number=number) for number, row in enumerate(rows, start=1)]
    return PagedSheet(numbered, merged, blocks, heads, frozenset(wild), frozenset(wild))


def ends(made: PagedSheet, height: float = 20.0, lines: int = 1) -> tuple[int, ...]:
    return parted(made, [height] * len(made.rows), {cell.box: lines for cell in made.merged}, ROOM).ends


def merged(first: int, last: int, role: Role = Role.INPUT) -> PlacedCell:
    return PlacedCell(Box(first, 1, last, 1), role, Look.TEXT, "字")


class TestWherePagesEnd:
    def test_what_fits_on_one_page_stands_on_one__ok(self) -> None:
        assert ends(sheet([FIXED] * 39)) == ()

    def test_the_last_page_is_not_left_with_a_row(self) -> None:
        (end,) = ends(sheet([FIXED] * 42))
        assert 42 - end >= 8

    def test_heads_stay_with_the_row_below(self) -> None:
        made = sheet([*[FIXED] * 37, HEAD, HEAD, *[TABLE] * 30])
        assert ends(made)[0] == 37

    def test_a_block_that_fits_on_a_page_begins_on_a_new_one(self) -> None:
        assert ends(sheet([FIXED] * 60, blocks=[(26, 60)])) == (25,)

    def test_the_heads_of_a_block_stay_with_its_rows(self) -> None:
        block = [replace(FIXED, block="goals"), replace(HEAD, block="goals"), *[replace(TABLE, block="goals")] * 60]
        found = ends(sheet([*[FIXED] * 36, *block], blocks=[(37, 98)]))
        assert not {37, 38} & set(found)

    def test_a_text_in_a_merged_cell_is_not_cut(self) -> None:
        assert ends(sheet([FIXED] * 60, merged=[merged(30, 45)]), lines=8)[0] not in range(34, 41)

    def test_a_text_longer_than_a_page_is_cut_somewhere(self) -> None:
        assert ends(sheet([FIXED] * 60, merged=[merged(1, 60)]), lines=80)

    def test_a_spine_is_parted_where_both_parts_hold_its_text(self) -> None:
        (end,) = ends(sheet([TABLE] * 60, merged=[merged(10, 60, Role.LABEL)]), lines=4)
        assert 13 <= end <= 56

    def test_a_spine_beside_repeated_heads_is_parted_where_its_text_has_room_below_them(self) -> None:
        made = [*[FIXED] * 19, HEAD, HEAD, *[TABLE] * 39]
        spine = merged(20, 60, Role.LABEL)
        assert ends(sheet(made, merged=[spine]), lines=25) == (39,)
        assert ends(sheet(made, merged=[spine], heads=(20, 21)), lines=25) != (39,)

    def test_repeated_heads_take_their_room(self) -> None:
        rows = [HEAD, *[TABLE] * 78]
        assert len(ends(sheet(rows))) == 2
        assert len(ends(sheet(rows, heads=(1, 1)))) == 2
        assert len(ends(sheet([HEAD, *[TABLE] * 76], heads=(1, 1)))) == 1

    def test_texts_of_no_stated_length_get_room_to_grow(self) -> None:
        """A page that is full as printed is too small for them once they are filled in."""
        rows = sheet([FIXED] * 24 + [TABLE] * 12 + [FIXED] * 24)
        table = frozenset(range(25, 37))
        (end,) = ends(replace(rows, open_rows=table, endless=table))
        assert end < ends(replace(rows, open_rows=table))[0] < ends(rows)[0]
        assert end * 20 + 30 * max(end - 24, 0) <= ROOM

    def test_rows_that_may_grow_to_any_height_let_pages_end_by_themselves(self) -> None:
        made = [*[TABLE] * 45, *[FIXED] * 10]
        assert ends(sheet(made)) != ()
        assert ends(sheet(made, wild=range(1, 46))) == ()

    def test_what_stands_below_them_begins_on_a_page_of_its_own(self) -> None:
        assert ends(sheet([*[TABLE] * 30, *[FIXED] * 20], wild=range(1, 31))) == (30,)
        found = ends(sheet([*[TABLE] * 30, *[FIXED] * 60], wild=range(1, 31)))
        assert found[0] == 30
        assert len(found) == 2


def plainly(made: PagedSheet, heights: Sequence[float], lines: Mapping[Box, int]) -> Pages:
    """Part a sheet by trying every page for every row: what ``parted`` finds with most of them left out."""
    top, bottom = made.heads
    reach = [0.0, *accumulate(heights)]
    grown = [0.0, *accumulate(made.growth(row.number) for row in made.rows)]
    dear = pages._ends(made, reach, lines, ROOM)  # noqa: SLF001 - what is searched is the same
    again = reach[bottom] - reach[top - 1] if bottom else 0.0
    best: list[tuple[float, tuple[int, ...]]] = [(0.0, ())]
    for end in range(1, len(heights) + 1):
        found: tuple[float, tuple[int, ...]] = (inf, ())
        for start, (before, earlier) in enumerate(best):
            used = reach[end] - reach[start] + (again if 0 < bottom <= start else 0.0)
            if used > ROOM * SAFE and start < end - 1:
                continue
            lack = (used + grown[end] - grown[start]) / ROOM - SAFE
            last = end == len(heights)
            page = pages._of_page(used / ROOM, lack, len(earlier) + 1, last=last)  # noqa: SLF001
            cost = before + page + (0.0 if last else dear[end])
            if cost < found[0]:
                found = cost, (*earlier, end)
        best.append(found)
    return Pages(best[-1][1][:-1], best[-1][0])


@given(st.data())
def test_pages_left_out_of_the_search_are_never_the_best(data: st.DataObject) -> None:
    kinds = data.draw(st.lists(st.sampled_from([FIXED, TABLE, TABLE, HEAD]), min_size=1, max_size=70))
    heads = data.draw(st.sampled_from([(0, 0), (2, 3)])) if len(kinds) > 4 else (0, 0)
    kinds[slice(heads[0] - 1, heads[1])] = [HEAD] * 2 if heads[1] else []
    number = st.integers(1, len(kinds))
    pairs = st.tuples(number, number).map(sorted)
    cells = [
        merged(first, last, data.draw(st.sampled_from(list(Role))))
        for first, last in data.draw(st.lists(pairs, max_size=6))
        if first < last
    ]
    blocks = [(first, last) for first, last in data.draw(st.lists(pairs, max_size=2))]
    open_rows = data.draw(st.sets(number))
    made = replace(sheet(kinds, merged=cells, blocks=blocks, heads=heads), open_rows=frozenset(open_rows))
    heights = [20.0 if kind is HEAD else data.draw(st.sampled_from([13.5, 20.25, 60.0, 400.0])) for kind in kinds]
    lines = {cell.box: data.draw(st.integers(0, 9)) for cell in cells}
    found, plain = parted(made, heights, lines, ROOM), plainly(made, heights, lines)
    assert found.ends == plain.ends
    assert found.cost == plain.cost


@given(
    before=st.lists(st.integers(18, 120), max_size=30),
    blocks=st.lists(st.lists(st.integers(18, 60), min_size=1, max_size=20), min_size=1, max_size=6),
)
def test_pages_hold_what_they_are_given(before: list[int], blocks: list[list[int]]) -> None:
    heights = [*map(float, before), *(float(height) for block in blocks for height in block)]
    spans, row = [], len(before)
    for block in blocks:
        spans.append((row + 1, row + len(block)))
        row += len(block)
    found = parted(sheet([FIXED] * len(heights), blocks=spans), heights, {}, ROOM).ends
    assert list(found) == sorted(set(found))
    for start, end in pairwise((0, *found, len(heights))):
        assert sum(heights[start:end]) <= ROOM


@given(st.integers(1, 50), st.integers(1, 50), st.sets(st.integers(1, 100), max_size=5))
def test_the_parts_of_a_box_are_the_box(first: int, rows: int, cut: set[int]) -> None:
    box = Box(first, 2, first + rows - 1, 3)
    found = parts(box, sorted(cut))
    assert [row for part in found for row in range(part.row, part.last_row + 1)] == list(
        range(box.row, box.last_row + 1)
    )
    assert all(part.last_row in cut for part in found[:-1])
    assert {(part.column, part.last_column) for part in found} == {(2, 3)}


class TestSettings:
    @given(st.lists(st.decimals(3, 60, places=1), min_size=1, max_size=20), st.booleans())
    def test_each_is_closer_than_the_one_before(self, widths: list[Decimal], landscape: bool) -> None:  # noqa: FBT001
        found = settings(tuple(widths), Page(landscape))
        assert found[0].widths == tuple(widths)
        for loose, close in pairwise(found):
            assert close.air < loose.air
            assert close.scale <= loose.scale
            assert close.room >= loose.room
            assert all(wider >= width for width, wider in zip(loose.widths, close.widths, strict=True))

    def test_none_is_printed_smaller_than_can_be_read(self) -> None:
        assert settings((Decimal(40), Decimal(40)), Page())[-1].scale >= 0.85

    def test_a_form_that_is_wider_still_is_printed_as_small_as_it_must(self) -> None:
        found = settings((Decimal(80), Decimal(80)), Page())
        assert len({(each.scale, each.widths) for each in found}) == 1
        assert found[0].scale < 0.7


def placed(form: Form, *, twice: bool = False) -> Layout:
    rows = {table: 6 for table in tables(form) if not table.endswith(("goals", "core_functions"))} if twice else None
    return layout(form, year=2024, rows=rows)


@pytest.mark.parametrize("twice", [False, True], ids=["blank", "doubled"])
@pytest.mark.parametrize("form", ALL.values(), ids=list(ALL))
def test_every_form_stands_on_its_pages(form: Form, twice: bool) -> None:  # noqa: FBT001 - the two blanks
    made = placed(form, twice=twice)
    assert made.scale >= 85
    for end in made.breaks:
        assert made.rows[end - 1].kind is not RowKind.HEAD
        for cell in made.cells:
            if cell.box.row <= end < cell.box.last_row and cell.role in {Role.LABEL, Role.PRINTED}:
                whole = cell.field is not None and cell.field.level != 1
                assert whole or cell.parts, cell
    for cell in made.cells:
        assert not cell.parts or (cell.parts[0].row, cell.parts[-1].last_row) == (cell.box.row, cell.box.last_row)


ONE_PAGE = ("hunan-dept-self-eval", "jilin-project-self-eval", "mof-project-goal", "mof-project-self-eval")


@pytest.mark.parametrize("name", ONE_PAGE)
def test_forms_of_one_page_stand_on_one(name: str) -> None:
    assert placed(ALL[name]).breaks == ()
    assert placed(ALL[name], twice=True).breaks != ()


@pytest.mark.parametrize("form", ALL.values(), ids=list(ALL))
def test_printed_lines_are_broken_where_the_form_breaks_them(form: Form) -> None:
    """A label of several printed lines has them as they are, whatever the sheet's columns are."""
    made = placed(form)
    for cell in made.cells:
        if cell.role is Role.LABEL and "\n" in cell.text and cell.look is not Look.TITLE:
            wide = paragraphs(cell.text)
            assert count_lines(wide, (cell.box.column, cell.box.last_column), made.widths) == len(wide), cell.text


def test_a_row_that_is_higher_than_what_is_typed_into_it_keeps_its_height() -> None:
    made = placed(ALL["henan-dept-goal"])
    printed = {cell.box.row: cell for cell in made.cells if cell.role is Role.PRINTED and len(cell.text) > 60}
    rows = {row.number: row for row in made.rows}
    assert all(rows[row].fixed for row in printed)
    assert not any(row.fixed for row in made.rows if row.table == "tasks" and row.kind is RowKind.TABLE)


@pytest.mark.parametrize("name", ["hunan-dept-self-eval", "mof-project-self-eval", "jilin-dept-self-eval"])
def test_a_label_higher_than_its_rows_leaves_the_rows_in_use_free_to_grow(name: str) -> None:
    table = [row for row in layout(ALL[name], year=2024).rows if row.kind is RowKind.TABLE]
    assert not [row.number for row in table if row.fixed and not row.fold]


def test_setting_out_twice_is_setting_out_once() -> None:
    made = placed(ALL["hubei-dept-goal"])
    again = set_out(replace(made, widths=ALL["hubei-dept-goal"].widths))
    assert again == made


class TestRepeatedHeads:
    @staticmethod
    def made(*rows: PlacedRow) -> Layout:
        stamp = Stamp("sample", "1", "0", None, Unit(None, None))
        numbered = tuple(replace(row, number=number) for number, row in enumerate(rows, start=1))
        return Layout("样", "样", stamp, "万元", (Decimal(40), Decimal(40)), Page(), numbered, ())

    def test_the_last_table_repeats_its_heads__ok(self) -> None:
        assert self.made(FIXED, FIXED, HEAD, HEAD, *[TABLE] * 9).repeated_heads == (3, 4)

    def test_a_table_that_others_follow_does_not(self) -> None:
        first = [replace(HEAD, table="tasks"), *[replace(TABLE, table="tasks")] * 30]
        assert self.made(*first, HEAD, *[TABLE] * 3).repeated_heads == (32, 32)

    def test_heads_in_a_block_do_not(self) -> None:
        first = [replace(HEAD, table="tasks"), *[replace(TABLE, table="tasks")] * 30]
        again = [replace(each, table="goals[].rows", block="goals") for each in (HEAD, TABLE, TABLE)]
        assert self.made(*first, *again).repeated_heads is None
