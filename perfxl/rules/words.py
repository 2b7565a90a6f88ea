"""Figures and texts as a message quotes them."""

from __future__ import annotations

from decimal import Decimal

from perfxl.expr.arithmetic import rounded
from perfxl.model.field_type import Measure, Type
from perfxl.model.finding import Shown
from perfxl.model.value import Value

_INNER = str.maketrans("“”", "‘’")

_LONGEST_ZEROS = 400

QUOTED = 30
"""Characters of what was typed that a message quotes; the rest is in the finding's value."""


def cents(value: Decimal) -> Decimal:
    """Round to two decimals, half up, as money and points are printed and compared (RULES, Tolerance)."""
    return rounded(value, 2)


def money(value: Decimal) -> str:
    """Return an amount as printed: two decimals, no separators."""
    return f"{cents(value):f}"


def figure(value: Decimal) -> str:
    """Return a number without needless zeros: 10, 9.5."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(value: Decimal) -> str:
    """Return a fraction as a percentage of up to two decimals: 0.9247 → 92.47%."""
    return f"{figure(cents(value * 100))}%"


def told(value: Shown, unit: str = "") -> str:
    """Return a value of a finding as people read it: 95.56%, 1200.00万元, 是, ≥560个; nothing for a blank."""
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case Decimal() if abs(value.adjusted()) >= _LONGEST_ZEROS:
            return str(value)  # a double ends at 1E±324; what lies beyond is hostile
        case Decimal() if unit == "%":
            return percent(value)
        case Decimal() if unit:
            return f"{money(value)}{unit}"
        case Decimal():
            return f"{value:f}"
        case str():
            return value
        case _:
            return value.text


def shown(value: Decimal, kind: Type) -> str:
    """Return a number of a field as a message quotes it."""
    match kind.traits.measure:
        case Measure.MONEY:
            return money(value)
        case Measure.SHARE:
            return percent(value)
        case Measure.PLAIN:
            return figure(value)


def points_apart(one: Decimal, other: Decimal) -> str:
    """Return by how much two fractions differ: 1.5 个百分点."""
    return f"{figure(cents(abs(one - other) * 100))} 个百分点"


def quoted(text: str) -> str:
    """Return a text as a message quotes it: short, in quotation marks; those inside it become single ones."""
    return f"“{short(text).translate(_INNER)}”"


def short(text: str) -> str:
    """Return a text in one line, cut to what a message has room for."""
    flat = " ".join(text.split())
    return flat if len(flat) <= QUOTED else f"{flat[: QUOTED - 1]}…"


def quantity(value: Value, kind: Type) -> str:
    """Return a value of a field as a message names it, whatever it is."""
    if not isinstance(value, Decimal):
        return "空白" if value is None else f"“{value}”"
    return shown(value, kind)


def number_or_text(value: Value) -> Decimal | str | None:
    """Return a computed value as a finding holds it."""
    return value if isinstance(value, Decimal | str) else None
