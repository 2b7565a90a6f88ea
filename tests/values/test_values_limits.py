"""Each limit of what is read from a text: just at it, just below and just above."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from perfxl.model.grid import CellKind, GridCell
from perfxl.model.value import DateValue, Kind, NumberValue
from perfxl.values.dates import from_1904, read_date, read_year
from perfxl.values.display_text import rounded
from perfxl.values.double import at_15_digits
from perfxl.values.indicator import parse_indicator
from perfxl.values.spelling import counted

NAME = "学" * 14
"""The longest text in front of a word for a rate that is read as the indicator's name."""


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("1" * 48, Kind.NUMBER),
        ("1" * 49, Kind.TEXT),
        (f"{NAME}率95%", Kind.NUMBER),
        (f"学{NAME}率95%", Kind.TEXT),
        ("1,000人", Kind.NUMBER),
        ("1,00人", Kind.TEXT),
        ("1000,000人", Kind.TEXT),
        ("0人", Kind.NUMBER),
        ("01人", Kind.TEXT),
        ("0.5%", Kind.NUMBER),
        ("90-90%", Kind.RANGE),
        ("90-89%", Kind.TEXT),
        ("90人-95%", Kind.TEXT),
        ("≥1且≤1个", Kind.RANGE),
        ("≥2且≤1个", Kind.TEXT),
        ("≥1且≥2个", Kind.TEXT),
        ("12月底前", Kind.DATE),
        ("13月底前", Kind.TEXT),
        ("0月底前", Kind.TEXT),
        ("1月31日前", Kind.DATE),
        ("1月32日前", Kind.TEXT),
        ("1月0日前", Kind.TEXT),
        ("1月1日前", Kind.DATE),
        ("2月29日前", Kind.DATE),
        ("2月30日前", Kind.TEXT),
        ("2023年2月29日前", Kind.TEXT),
        ("2024年2月29日前", Kind.DATE),
        ("1899年12月前", Kind.TEXT),
        ("1900年12月前", Kind.DATE),
        ("2099年12月前", Kind.DATE),
        ("2100年12月前", Kind.TEXT),
        ("第4季度", Kind.MONTHS),
        ("第5季度", Kind.TEXT),
        ("第0季度", Kind.TEXT),
        ("1-12月", Kind.MONTHS),
        ("1-13月", Kind.TEXT),
        ("1899年", Kind.NUMBER),
        ("1900年", Kind.TEXT),
        ("2100年", Kind.TEXT),
        ("2101年", Kind.NUMBER),
        ("2023.12", Kind.TEXT),
        ("2023.13", Kind.NUMBER),
        ("每月1次", Kind.FREQUENCY),
        ("每6个月1次", Kind.FREQUENCY),
        ("每7个月1次", Kind.TEXT),
    ],
)
def test_what_an_indicator_value_is(text: str, kind: Kind) -> None:
    assert parse_indicator(text).kind is kind


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("2024年2月底前", "2024-02-29"),
        ("2023年2月底前", "2023-02-28"),
        ("2024年11月底前", "2024-11-30"),
        ("2024年12月31日前", "2024-12-31"),
        ("2024年底前", "2024-12-31"),
        ("2024年12月", "2024-12"),
    ],
)
def test_the_last_day_of_a_month(text: str, last: str) -> None:
    value = parse_indicator(text)
    assert isinstance(value, DateValue)
    assert value.date == last


@pytest.mark.parametrize(
    ("text", "value"), [("百分之百", 100), ("百分之九十五", 95), ("二十一人", 21), ("一百零一人", 101)]
)
def test_numbers_in_words(text: str, value: int) -> None:
    read = parse_indicator(text)
    assert isinstance(read, NumberValue)
    assert read.value == Decimal(value)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1900-01-01", dt.date(1900, 1, 1)),
        ("1899-12-31", None),
        ("2100-12-31", dt.date(2100, 12, 31)),
        ("2101-01-01", None),
        ("2024-02-29", dt.date(2024, 2, 29)),
        ("2023-02-29", None),
        ("20241231", dt.date(2024, 12, 31)),
        ("20241301", None),
        ("2024年4月30日", dt.date(2024, 4, 30)),
        ("2024年4月31日", None),
    ],
)
def test_what_a_date_is(text: str, day: dt.date | None) -> None:
    assert read_date(text).value == day


@pytest.mark.parametrize(
    ("text", "year"),
    [("1899", None), ("1900", 1900), ("2100", 2100), ("2101", None), ("二〇二四", 2024), ("一八九九", None)],
)
def test_what_a_year_is(text: str, year: int | None) -> None:
    assert read_year(text).value == year


@pytest.mark.parametrize(
    ("text", "number"),
    [("十", 10), ("一百零五", 105), ("二百一十", 210), ("十百", None), ("零百", None), ("百", None), ("三五", None)],
)
def test_what_chinese_numerals_count(text: str, number: int | None) -> None:
    assert counted(text) == number


@pytest.mark.parametrize(
    ("double", "shown"),
    [
        (1.2e17, "120000000000000000"),
        (9.99999999999999e20, "999999999999999000000"),
        (1e21, "1E+21"),
        (-1e20, "-100000000000000000000"),
        (6558.5100000000002, "6558.51"),
        (0.1 + 0.2, "0.3"),
        (-0.0, "0"),
    ],
)
def test_a_double_is_written_out_up_to_21_digits(double: float, shown: str) -> None:
    assert str(at_15_digits(double)) == shown


@pytest.mark.parametrize(
    ("code", "value", "counted"),
    [
        ("yyyy/m/d", Decimal(0), Decimal(1462)),
        ("yyyy/m/d", Decimal("43845.5"), Decimal("45307.5")),
        ("h:mm", Decimal("0.5"), Decimal("0.5")),
        ("General", Decimal(1), Decimal(1)),
        ("yyyy/m/d", "无", "无"),
    ],
)
def test_days_counted_from_1904(code: str, value: Decimal | str, counted: Decimal | str) -> None:
    kind = CellKind.TEXT if isinstance(value, str) else CellKind.NUMBER
    assert from_1904(GridCell(1, 1, kind, value, code)) == GridCell(1, 1, kind, counted, code)


def test_numbers_of_any_length_are_rounded_in_their_last_places() -> None:
    assert rounded(Decimal("9" * 40 + ".5"), 0) == Decimal(10) ** 40
    assert rounded(Decimal("0.125"), 2) == Decimal("0.13")
