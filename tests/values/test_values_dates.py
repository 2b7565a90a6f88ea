from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.values.dates import read_date, read_year, serial_date
from support.effort import examples

DAY = dt.date(2024, 1, 16)


@pytest.mark.parametrize(
    "text",
    ["2024年1月16日", "2024年01月16号", "2024.1.16", "2024/1/16", "2024-01-16", "2024-01-16 00:00:00", "2024年1月16"],
)
def test_full_date_is_no_correction(text: str) -> None:
    read = read_date(text)
    assert (read.value, read.reason) == (DAY, "")


@pytest.mark.parametrize("text", ["２０２４年１月１６日", "2024 年 1 月 16 日", "20240116", "二〇二四年一月十六日"])
def test_odd_spelling_is_noted(text: str) -> None:
    read = read_date(text)
    assert read.value == DAY
    assert read.reason


@pytest.mark.parametrize("text", ["24年1月16日", "24.1.16", "16/1/2024", "1/16/2024"])
def test_doubtful_date_is_a_guess(text: str) -> None:
    read = read_date(text)
    assert (read.value, read.guess) == (None, DAY)
    assert read.reason


@pytest.mark.parametrize(
    "text",
    [
        "2024年1月",
        "1月16日",
        "2024年2月30日",
        "20241301",
        "5/6/2024",
        "16/16/2024",
        "1124-01-16",
        "昨天",
        "2024.1-16",
        "",
    ],
)
def test_no_date(text: str) -> None:
    read = read_date(text)
    assert (read.value, read.guess) == (None, None)
    assert read.reason


@pytest.mark.parametrize("text", ["2024", "2024年", "2024年度", "（2024年度）", "( 2024 年度 )", "(2024年)"])
def test_year(text: str) -> None:
    assert (read_year(text).value, read_year(text).reason) == (Decimal(2024), "")


@pytest.mark.parametrize("text", ["２０２４年", "二〇二四年度"])
def test_year_in_other_digits_is_noted(text: str) -> None:
    assert read_year(text).value == 2024
    assert read_year(text).reason


def test_two_digit_year_is_a_guess() -> None:
    assert (read_year("24年").value, read_year("24年").guess) == (None, Decimal(2024))


@pytest.mark.parametrize("text", ["YYYY年度", "202年", "20245", "1024年", "2024年1月", "（2024年度", "", "年"])
def test_no_year(text: str) -> None:
    assert read_year(text).value is None
    assert read_year(text).reason


@settings(max_examples=examples(60))
@given(st.dates(dt.date(1900, 3, 1), dt.date(2100, 12, 31)), st.floats(0, 0.99))
def test_serial_numbers_count_days(day: dt.date, time: float) -> None:
    serial = Decimal((day - dt.date(1899, 12, 30)).days) + Decimal(time)
    assert serial_date(serial) == day


def test_serial_numbers_before_the_leap_day_that_never_was() -> None:
    assert serial_date(Decimal(1)) == dt.date(1900, 1, 1)
    assert serial_date(Decimal(59)) == dt.date(1900, 2, 28)
    assert serial_date(Decimal(60)) is None
    assert serial_date(Decimal(61)) == dt.date(1900, 3, 1)


def test_the_last_day_has_24_hours() -> None:
    assert serial_date(Decimal(2958465)) == serial_date(Decimal("2958465.99999")) == dt.date(9999, 12, 31)


@pytest.mark.parametrize("serial", ["0", "0.99999", "-1", "2958466", "1E+30", "NaN", "Infinity"])
def test_no_serial_number(serial: str) -> None:
    assert serial_date(Decimal(serial)) is None
