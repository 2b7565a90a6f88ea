from __future__ import annotations

from decimal import Decimal

import pytest

from perfxl.values.display_text import plain, rounded, shown


@pytest.mark.parametrize(
    ("number", "code", "text"),
    [
        ("100", "General", "100"),
        ("1E+2", "General", "100"),
        ("6.50", "0.00", "6.5"),
        ("0.95", "0%", "95%"),
        ("0.9534", "0%", "95.34%"),
        ("0.953333333333333", "0.00%", "95.3333%"),
        ("1", "0%", "100%"),
        ("560", '0"个"', "560个"),
        ("560", '"≥"0"个"', "≥560个"),
        ("-560", '"≥"0"个"', "-560个"),
        ("560", '0\\ "个"', "560 个"),
        ("65585", '0!.0,"万元"', "65585"),
        ("45307", 'yyyy"年"m"月"d"日"', "2024年1月16日"),
        ("45307", 'm"月"d"日"', "1月16日"),
        ("45307", "mmm-yy", "2024年1月"),
        ("-1", "yyyy-mm-dd", "-1"),
        ("0.0520833333333333", "h:mm", "1:15"),
        ("1.5", "[h]:mm:ss", "36:00"),
        ("0.000011574", "mm:ss", "0:00:01"),
        ("1E+20", "h:mm", "100000000000000000000"),
        ("430", "000000", "000430"),
        ("0.07", "00%", "7%"),
        ("4.5", "000", "4.5"),
        ("13812345678", "0", "13812345678"),
    ],
)
def test_shown(number: str, code: str, text: str) -> None:
    assert shown(Decimal(number), code) == text


def test_rounded_is_half_up() -> None:
    assert rounded(Decimal("0.9246505"), 6) == Decimal("0.924651")
    assert rounded(Decimal("-0.5"), 0) == -1
    assert rounded(Decimal(5), 2) == 5
    assert str(rounded(Decimal("0.5000000001"), 6)) == "0.5"
    assert rounded(Decimal("12345678901234567890123456789.125"), 2) == Decimal("12345678901234567890123456789.13")


def test_plain() -> None:
    assert [plain(Decimal(number)) for number in ("1E+3", "0.10", "-0.0", "100", "1E-7")] == [
        "1000",
        "0.1",
        "0",
        "100",
        "0.0000001",
    ]
