from __future__ import annotations

from decimal import Decimal

import pytest

from perfxl.values.numeral import read_numeral


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("190.00", "190.00", ""),
        ("152,186.4　", "152186.4", ""),
        ("６５５８．５１", "6558.51", ""),
        ("￥1,000", "1000", ""),
        ("人民币100万元", "100", "万元"),
        ("6558.50 万元", "6558.50", "万元"),
        ("-5", "-5", ""),
        ("＋5%", "5", "%"),
        ("200元/人", "200", "元/人"),
        ("007", "7", ""),
        ("1" * 40, "1" * 40, ""),
        (f"{'1' * 34}万元整整整整", "1" * 34, "万元整整整整"),
        (f" {'1' * 40} ", "1" * 40, ""),
    ],
)
def test_number(text: str, value: str, unit: str) -> None:
    read = read_numeral(text)
    assert read is not None
    assert (read.value, read.unit, read.doubt) == (Decimal(value), unit, "")


@pytest.mark.parametrize(
    ("text", "value"), [("152 186.4", "152186.4"), ("5\n4", "54"), ("（100）", "-100"), ("12。5", "12.5")]
)
def test_doubt(text: str, value: str) -> None:
    read = read_numeral(text)
    assert read is not None
    assert read.value == Decimal(value)
    assert read.doubt


@pytest.mark.parametrize(
    "text",
    [
        "约100",
        "一百",
        "12.3.4",
        "1,0000",
        "12,34",
        "190.",
        "--5",
        "1E+3",
        "5-6",
        "",
        "①",
        "1" * 41,
        f"{'1' * 35}万元整整整整",
    ],
)
def test_no_number(text: str) -> None:
    assert read_numeral(text) is None


def test_changes_are_named() -> None:
    read = read_numeral("￥１,000 ")
    assert read is not None
    assert read.changes == ("全角字符已转为半角", "空格已去掉", "千位分隔符已去掉", "“¥”已去掉")
