"""Figures and texts as messages quote them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from perfxl.model.field_type import Type
from perfxl.model.finding import Shown
from perfxl.rules.words import (
    cents,
    figure,
    money,
    number_or_text,
    percent,
    points_apart,
    quantity,
    quoted,
    short,
    shown,
    told,
)
from perfxl.values.indicator import parse_indicator


@pytest.mark.parametrize(
    ("value", "printed"), [("1.005", "1.01"), ("1.004", "1.00"), ("-1.005", "-1.01"), ("10", "10.00")]
)
def test_money_has_two_decimals(value: str, printed: str) -> None:
    assert money(Decimal(value)) == printed
    assert cents(Decimal(value)) == Decimal(printed)


@pytest.mark.parametrize(
    ("value", "printed"),
    [("10", "10"), ("100.00", "100"), ("9.50", "9.5"), ("0.05", "0.05"), ("0", "0"), ("1E+2", "100")],
)
def test_figures_have_no_needless_zeros(value: str, printed: str) -> None:
    assert figure(Decimal(value)) == printed


@pytest.mark.parametrize(
    ("value", "printed"), [("0.9247", "92.47%"), ("0.92475", "92.48%"), ("0.924749", "92.47%"), ("1", "100%")]
)
def test_shares_are_percentages_of_two_decimals(value: str, printed: str) -> None:
    assert percent(Decimal(value)) == printed


def test_shares_differ_by_points() -> None:
    assert points_apart(Decimal("0.5"), Decimal("0.515")) == points_apart(Decimal("0.515"), Decimal("0.5"))
    assert points_apart(Decimal("0.5"), Decimal("0.515")) == "1.5 个百分点"


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (None, "万元", ""),
        (True, "", "是"),
        (False, "", "否"),
        (Decimal("0.9556"), "%", "95.56%"),
        (Decimal("0.9556"), "", "0.9556"),
        (Decimal("0.9556"), "万元", "0.96万元"),
        (Decimal(1200), "万元", "1200.00万元"),
        (Decimal("1E+3"), "", "1000"),
        (Decimal("1E+399"), "", f"1{'0' * 399}"),
        (Decimal("1E+400"), "万元", "1E+400"),
        ("某局", "%", "某局"),
        (parse_indicator("≥560个"), "", "≥560个"),
    ],
)
def test_values_as_people_read_them(value: Shown, unit: str, said: str) -> None:
    assert told(value, unit) == said


def test_numbers_are_quoted_as_their_field_is_printed() -> None:
    value = Decimal("0.5")
    assert [shown(value, kind) for kind in (Type.MONEY, Type.PERCENT, Type.NUMBER)] == ["0.50", "50%", "0.5"]
    assert [quantity(one, Type.MONEY) for one in (value, None, "约五百")] == ["0.50", "空白", "“约五百”"]


def test_long_texts_are_cut_and_quotation_marks_inside_become_single() -> None:
    assert short("甲" * 30) == "甲" * 30
    assert short("甲" * 31) == "甲" * 29 + "…"
    assert quoted("他说“好”\n第二行") == "“他说‘好’ 第二行”"


def test_a_finding_holds_numbers_and_texts() -> None:
    assert number_or_text(Decimal(1)) == 1
    assert number_or_text("某局") == "某局"
    assert number_or_text(dt.date(2024, 1, 16)) is number_or_text(None) is None
