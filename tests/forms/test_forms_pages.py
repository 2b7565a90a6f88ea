"""Pages: blocks, heads and low merged cells stay whole; all else ends by itself."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from perfxl.forms.layout.pages import page_breaks, scale
from perfxl.model.form import Page
from perfxl.model.layout import Layout, PlacedRow, RowKind, Stamp
from perfxl.model.submission import Unit

ROOM = Decimal("719.7")
"""Points that are counted on down an A4 page, upright, with the margins that a form has if it says nothing."""


def sheet(*rows: PlacedRow) -> Layout:
    stamp = Stamp("sample", "1", "0", None, Unit(None, None))
    numbered = tuple(replace(row, number=number) for number, row in enumerate(rows, start=1))
    return Layout("样", "样", stamp, "万元", (Decimal(40), Decimal(40)), Page(), numbered, ())


def rows(count: int, height: int, *, table: str = "", block: str = "") -> list[PlacedRow]:
    kind = RowKind.TABLE if table else RowKind.FIXED
    return [PlacedRow(0, Decimal(height), kind, 1, table, block=block)] * count


def head(height: int = 30, *, table: str = "rows", block: str = "") -> PlacedRow:
    return PlacedRow(0, Decimal(height), RowKind.HEAD, 1, table, block=block)


def test_a_block_that_fits_on_a_page_begins_on_a_new_one__ok() -> None:
    assert page_breaks(sheet(*rows(20, 20), *rows(20, 20)), [(21, 40)]) == (20,)


def test_a_block_that_still_fits_stays__ok() -> None:
    assert page_breaks(sheet(*rows(15, 20), *rows(20, 20)), [(16, 35)]) == ()


def test_a_block_longer_than_a_page_begins_anew_only_where_little_is_left() -> None:
    assert page_breaks(sheet(*rows(25, 20), *rows(50, 20)), [(26, 75)]) == (25,)
    assert page_breaks(sheet(*rows(10, 20), *rows(50, 20)), [(11, 60)]) == ()


def test_heads_above_the_first_block_go_with_it() -> None:
    above = [*rows(22, 20), head(table="goals[].rows")]
    assert page_breaks(sheet(*above, *rows(20, 20, table="goals[].rows", block="goals")), [(24, 43)]) == (22,)


def test_a_low_merged_cell_is_not_cut() -> None:
    long = sheet(*rows(60, 20))
    assert page_breaks(long, (), [(34, 37)]) == (33,)
    assert page_breaks(long, (), [(36, 37)]) == ()
    assert page_breaks(long, (), [(2, 60)]) == ()


def test_a_wide_sheet_is_scaled_to_the_width_of_the_page() -> None:
    assert scale(Page(), [Decimal(40)] * 2) == 100
    assert scale(Page(), [Decimal(60)] * 2) < 80
    assert scale(Page(landscape=True), [Decimal(60)] * 2) == 100


@given(
    before=st.lists(st.integers(18, 120), max_size=30),
    blocks=st.lists(st.lists(st.integers(18, 60), min_size=1, max_size=20), min_size=1, max_size=6),
)
def test_no_block_that_fits_on_a_page_is_cut(before: list[int], blocks: list[list[int]]) -> None:
    placed = [row for height in before for row in rows(1, height)]
    spans = []
    for heights in blocks:
        spans.append((len(placed) + 1, len(placed) + len(heights)))
        placed += [row for height in heights for row in rows(1, height, table="goals[].rows", block="goals")]
    breaks = page_breaks(sheet(*placed), spans)
    assert list(breaks) == sorted(set(breaks))
    ends: set[int] = set()
    used = Decimal(0)
    for number, row in enumerate(placed, start=1):
        if number - 1 in breaks or used + row.height > ROOM:
            ends.add(number - 1)
            used = Decimal(0)
        used += row.height
    for (first, last), heights in zip(spans, blocks, strict=True):
        assert sum(heights) > ROOM or not ends & set(range(first, last))


class TestRepeatedHeads:
    def test_the_last_table_repeats_its_heads__ok(self) -> None:
        assert sheet(*rows(2, 20), head(), head(), *rows(9, 20, table="rows")).repeated_heads == (3, 4)

    def test_a_table_that_others_follow_does_not(self) -> None:
        first = [head(table="tasks"), *rows(30, 20, table="tasks")]
        assert sheet(*first, head(), *rows(3, 20, table="rows")).repeated_heads == (32, 32)

    def test_heads_in_a_block_do_not(self) -> None:
        first = [head(table="tasks"), *rows(30, 20, table="tasks")]
        again = [head(table="goals[].rows", block="goals"), *rows(3, 20, table="goals[].rows", block="goals")]
        assert sheet(*first, *again).repeated_heads is None
