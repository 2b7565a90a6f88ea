from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.reporting.typeset import breaks, columns, padded, visible, wrap
from support.effort import examples

LINES = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cf", "Zl", "Zp"))) | st.text("预算数，。（）“”a1. %—")
WIDTHS = st.integers(2, 60)


def test_numbers_stay_whole_and_punctuation_stays_behind() -> None:
    assert wrap("合计 867.51 与全年预算数 867.50 相差 0.01。", 20) == [
        "合计 867.51 与全年预",
        "算数 867.50 相差",
        "0.01。",
    ]


def test_a_line_begins_with_no_full_stop_and_ends_with_no_opening_bracket() -> None:
    assert wrap("预算数，执行数", 6) == ["预算", "数，执", "行数"]
    assert wrap("预算（万元）", 6) == ["预算", "（万", "元）"]


def test_what_alone_is_wider_than_a_line_is_cut() -> None:
    assert wrap("abcdefgh", 3) == ["abc", "def", "gh"]
    assert wrap("1数，", 3) == ["1", "数", "，"]


@pytest.mark.parametrize(("text", "lines"), [("", [""]), ("预算", ["预算"]), ("预算  ", ["预算"])])
def test_what_fits_is_one_line(text: str, lines: list[str]) -> None:
    assert wrap(text, 4) == lines


@settings(max_examples=examples(150))
@given(LINES, WIDTHS)
def test_lines_fit_and_lose_nothing(text: str, width: int) -> None:
    starts = breaks(text, width)
    assert starts == sorted(set(starts))
    assert all(0 < start < len(text) for start in starts)
    lines = wrap(text, width)
    assert all(columns(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@settings(max_examples=examples(150))
@given(LINES, st.integers(60, 80))
def test_what_fits_is_never_broken(text: str, width: int) -> None:
    if columns(text) <= width:
        assert breaks(text, width) == []


def test_columns_and_padding() -> None:
    assert columns("预算 1.5") == 8
    assert columns("e\u0301") == 1
    assert padded("预算", 6) == "预算  "
    assert padded("预算数", 4) == "预算数"


def test_nothing_steers_the_terminal() -> None:
    assert visible("自评\x1b[31m表\x07\u202e\udcff.xlsx") == "自评�[31m表���.xlsx"
    assert visible("第一行\r\n第二行\t完") == "第一行  第二行 完"


def test_ordinary_text_is_left_alone() -> None:
    text = "　年度目标 ≥95%（万元）› ①"
    assert visible(text) == text


@given(st.text())
def test_what_is_visible_is_one_line_and_stays_so(text: str) -> None:
    once = visible(text)
    assert len(once.splitlines()) <= 1
    assert visible(once) == once
