from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.model.words import compact, half_width, trim
from perfxl.values.spelling import counted, spelled, splits_number
from support.effort import examples


def _chinese(number: int) -> str:
    words = ""
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            words += "零一二三四五六七八九"[digit] + name
        elif words and not words.endswith("零"):
            words += "零"
    return words.rstrip("零") or "零"


def test_trim_takes_every_kind_of_blank_from_the_ends_only() -> None:
    assert trim("\u3000\xa0\u200b\n 甲　乙 \ufeff\t") == "甲　乙"


def test_half_width_leaves_signs_that_only_look_like_digits() -> None:
    assert half_width("（９５．５％）～￥－") == "(95.5%)~¥-"
    assert half_width("①5²㎡") == "①5²㎡"


def test_blanks_between_digits_are_told() -> None:
    assert splits_number("12 000")
    assert splits_number("5\n4")
    assert not splits_number("≥ 95 %")
    assert compact("≥ 95 %\u200b") == "≥95%"


@settings(max_examples=examples(100))
@given(st.integers(0, 9999))
def test_counted_reads_every_number(number: int) -> None:
    assert counted(_chinese(number)) == number


@pytest.mark.parametrize(("text", "number"), [("十", 10), ("十五", 15), ("两百零五", 205), ("三千", 3000)])
def test_counted(text: str, number: int) -> None:
    assert counted(text) == number


@pytest.mark.parametrize("text", ["", "百", "百百", "十百", "三五", "二〇二四", "个", "3"])
def test_what_counts_nothing(text: str) -> None:
    assert counted(text) is None


def test_spelled() -> None:
    assert spelled("二〇二四") == 2024
    assert spelled("二十") is None
    assert spelled("") is None
