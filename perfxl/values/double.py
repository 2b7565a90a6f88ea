"""Doubles as a cell holds them: at the 15 digits that a spreadsheet shows."""

from __future__ import annotations

import math
from decimal import Decimal

from perfxl.model.grid import CellKind, Content

_SHOWN_IN_FULL = 20
"""Up to this power of ten a number is written out: a telephone or card number is no 1.2E+17."""


def number_of(double: float) -> tuple[CellKind, Content]:
    """Return a double as a cell holds it: at 15 digits; ``#NUM!``, as Excel has it, for what is no number."""
    if not math.isfinite(double):
        return CellKind.ERROR, "#NUM!"
    return CellKind.NUMBER, at_15_digits(double)


def at_15_digits(double: float) -> Decimal:
    """Return a finite double at 15 significant digits: 6558.5100000000002 is 6558.51."""
    value = Decimal(f"{double or 0.0:.15g}")  # or: no minus zero
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent > 0 and value.adjusted() <= _SHOWN_IN_FULL:
        return Decimal(int(value))
    return value
