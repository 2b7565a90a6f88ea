"""Figures as a message quotes them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def cents(value: Decimal) -> Decimal:
    """Round money to two decimals, half up, as it is printed and compared (RULES, Tolerance)."""
    return value.quantize(CENT, ROUND_HALF_UP)


def money(value: Decimal) -> str:
    """Return an amount as printed: two decimals, no separators."""
    return f"{cents(value):f}"


def figure(value: Decimal) -> str:
    """Return a number without needless zeros: 10, 9.5."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(value: Decimal) -> str:
    """Return a fraction as a percentage of up to two decimals: 0.9247 → 92.47%."""
    return f"{figure((value * 100).quantize(CENT, ROUND_HALF_UP))}%"
