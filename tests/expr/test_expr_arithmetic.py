"""Reckoning at its limits: what Excel can hold, six decimals of a comparison, 15 digits of a result."""

from __future__ import annotations

from decimal import Decimal

import pytest

from perfxl.expr.arithmetic import binary, finite, rounded, settled, total
from perfxl.model.expression import Operator

LARGEST, BEYOND = Decimal("9.9E308"), Decimal("1E309")


def test_numbers_are_held_up_to_308_places() -> None:
    assert finite(LARGEST) == settled(LARGEST) == rounded(LARGEST, 2) == total([LARGEST]) == LARGEST
    assert finite(BEYOND) is settled(BEYOND) is total([BEYOND]) is None
    assert binary(Operator.MULTIPLY, LARGEST, Decimal(10)) is None
    assert binary(Operator.ADD, LARGEST, Decimal(0)) == LARGEST
    assert binary(Operator.DIVIDE, LARGEST, Decimal(0)) is None
    assert binary(Operator.LESS, -LARGEST, LARGEST) is None


@pytest.mark.parametrize(
    ("gap", "sign"),
    [("0.0000004", 0), ("-0.0000004", 0), ("0.0000005", 1), ("-0.0000005", -1), ("0.01", 1), ("-0.01", -1), ("0", 0)],
)
def test_six_decimals_of_a_difference_count(gap: str, sign: int) -> None:
    left, right = Decimal("6558.51") + Decimal(gap), Decimal("6558.51")
    assert [binary(operator, left, right) for operator in Operator if operator.compares] == [
        {
            Operator.EQUAL: sign == 0,
            Operator.UNEQUAL: sign != 0,
            Operator.LESS: sign < 0,
            Operator.AT_MOST: sign <= 0,
            Operator.MORE: sign > 0,
            Operator.AT_LEAST: sign >= 0,
        }[operator]
        for operator in Operator
        if operator.compares
    ]


@pytest.mark.parametrize(
    ("number", "places", "wanted"),
    [
        ("0.005", 2, "0.01"),
        ("0.0049999999999999999999999999", 2, "0.00"),
        ("-0.005", 2, "-0.01"),
        ("2.5", 0, "3"),
        ("-2.5", 0, "-3"),
        ("1." + "4" + "9" * 28, 0, "1"),  # 30 digits: each counts
        ("1." + "4" + "9" * 29, 0, "2"),  # a third of three halves
        ("1E36", 2, "1E36"),
        ("1E37", 2, "1E37"),
        ("1E38", 2, "1E38"),
    ],
)
def test_halves_are_rounded_away_from_nothing(number: str, places: int, wanted: str) -> None:
    assert rounded(Decimal(number), places) == Decimal(wanted)


@pytest.mark.parametrize(
    ("number", "held"),
    [
        ("123456789012345", "123456789012345"),
        ("1234567890123455", "1234567890123460"),
        ("1234567890123454.9", "1234567890123450"),
        ("0.1234567890123455", "0.123456789012346"),
        ("1.10", "1.1"),
        ("-0", "0"),
    ],
)
def test_a_result_has_15_digits_and_no_zeros_behind(number: str, held: str) -> None:
    assert str(settled(Decimal(number))) == held
