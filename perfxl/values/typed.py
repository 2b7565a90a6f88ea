"""What stood on the sheet for a field, and what became of it."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from perfxl.model.finding import Shown
from perfxl.model.grid import CellKind, Content
from perfxl.model.value import Value


class CellProblem(StrEnum):
    """What is to be said about a cell; beside each the code of the rule catalogue."""

    NONE = "none"
    UNREADABLE = "unreadable"  # V02
    NOT_OFFERED = "not_offered"  # V03
    NORMALISED = "normalised"  # V10
    ERROR_CELL = "error_cell"  # S06
    PLACEHOLDER = "placeholder"  # S10
    RECALCULATED = "recalculated"  # S05
    NO_RESULT = "no_result"  # V02


class Typed(Struct, frozen=True):
    """What was on the sheet for one field: kind and content as in a grid's cell, ``format`` its number format code."""

    kind: CellKind
    content: Content
    format: str = "General"


class Coerced(Struct, frozen=True):
    """The value of a field, None where it is blank or unreadable.

    Where there is a problem, ``typed`` quotes what was typed and ``reason`` is a plain-Chinese half sentence of what is
    wrong or was normalised; ``suggestion`` is an unsafe remedy, to be confirmed by the officer.
    """

    value: Value
    problem: CellProblem = CellProblem.NONE
    typed: Shown = None
    suggestion: Value = None
    reason: str = ""


BLANK = Coerced(None)


def normalised(value: Value, typed: Shown, reason: str) -> Coerced:
    """Return a value that was put right, ``reason`` says how; nothing to be said where there is no reason."""
    return Coerced(value, CellProblem.NORMALISED, typed, reason=reason) if reason else Coerced(value)


def unreadable(typed: Shown, reason: str, suggestion: Value = None) -> Coerced:
    """Return what is not of its field's type."""
    return Coerced(None, CellProblem.UNREADABLE, typed, suggestion, reason)
