"""What the text in a cell's XML stands for."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.model.grid import CellKind, Content
from perfxl.readers.cell_value import read_value
from perfxl.values.double import at_15_digits
from support.effort import examples


def value(written_type: str, text: str) -> tuple[CellKind, Content]:
    return read_value(written_type, text, ("甲", "乙"))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("6558.5100000000002", "6558.51"),
        ("0.92469999999999997", "0.9247"),
        ("2023", "2023"),
        ("007", "7"),
        ("190.00", "190"),
        ("1E+3", "1000"),
        ("1.2345e2", "123.45"),
        ("-0", "0"),
        (" 12.5\n", "12.5"),
        (".5", "0.5"),
        ("5.", "5"),
        ("+7", "7"),
        ("430407199001011234", "430407199001011000"),
        ("1E-400", "0"),
        ("1E-99999999999999999999", "0"),
    ],
)
def test_number_is_its_double_at_15_digits(text: str, number: str) -> None:
    kind, found = value("n", text)
    assert kind is CellKind.NUMBER
    assert str(found) == number


@pytest.mark.parametrize("text", ["1E+999", "-1E+999999999", "1E+99999999999999999999", "9" * 400])
def test_number_that_no_cell_can_hold_is_an_error_cell(text: str) -> None:
    assert value("n", text) == (CellKind.ERROR, "#NUM!")


@pytest.mark.parametrize("text", ["NaN", "Infinity", "1_000", "12,5", "１２", "0x10", "约100", "--1"])
def test_what_is_no_number_is_text(text: str) -> None:
    assert value("n", text) == (CellKind.TEXT, text)


@settings(max_examples=examples(200))
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_double_keeps_15_digits(double: float) -> None:
    _, found = value("n", repr(double))
    assert isinstance(found, Decimal)
    assert float(found) == float(f"{double:.15g}")


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_money_comes_back_to_the_cent(money: Decimal) -> None:
    """Whatever double a program made of it: 17 digits are enough to name every double."""
    assert value("n", f"{float(money):.17g}") == (CellKind.NUMBER, money)


@pytest.mark.parametrize(
    ("written_type", "text", "expected"),
    [
        ("s", "1", (CellKind.TEXT, "乙")),
        ("str", " 文字 ", (CellKind.TEXT, " 文字 ")),
        ("str", "第一行_x000D_\n第二行", (CellKind.TEXT, "第一行\r\n第二行")),
        ("inlineStr", "100", (CellKind.TEXT, "100")),
        ("b", "1", (CellKind.BOOLEAN, True)),
        ("b", "false", (CellKind.BOOLEAN, False)),
        ("e", "#REF!", (CellKind.ERROR, "#REF!")),
        ("n", "", (CellKind.BLANK, None)),
        ("b", " ", (CellKind.BLANK, None)),
        ("later", "3", (CellKind.NUMBER, Decimal(3))),
        ("later", "三", (CellKind.TEXT, "三")),
    ],
)
def test_each_type(written_type: str, text: str, expected: tuple[CellKind, Content]) -> None:
    assert value(written_type, text) == expected


@pytest.mark.parametrize(
    ("text", "serial"),
    [
        ("2024-01-16", "45307"),
        ("2024-01-16T12:00:00Z", "45307.5"),
        ("1900-01-01", "1"),
        ("1900-03-01", "61"),
    ],
)
def test_iso_date_is_a_serial_number(text: str, serial: str) -> None:
    assert value("d", text) == (CellKind.NUMBER, Decimal(serial))


def test_date_that_is_none_is_text() -> None:
    assert value("d", "2024-13-45") == (CellKind.TEXT, "2024-13-45")


@pytest.mark.parametrize("text", ["2", "-1", "甲"])
def test_lost_shared_string_is_an_error(text: str) -> None:
    assert value("s", text) == (CellKind.ERROR, "#REF!")


def test_shared_string_without_number_is_blank() -> None:
    assert value("s", " ") == (CellKind.BLANK, None)


@settings(max_examples=examples(200))
@given(st.from_regex(r"-?[0-9]{0,16}\.[0-9]{1,16}|-?0\.0{0,12}[0-9]{1,4}", fullmatch=True))
def test_a_number_that_is_taken_as_it_is_written_is_what_its_double_shows(text: str) -> None:
    kind, content = value("n", text)
    assert (kind, str(content)) == (CellKind.NUMBER, str(at_15_digits(float(text))))
