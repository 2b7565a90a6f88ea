"""What the text in a cell's XML stands for."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from perfxl.model.grid import CellKind, Content
from perfxl.model.regex import deferred
from perfxl.package.scan import is_true, whole
from perfxl.package.strings import unescape
from perfxl.values.double import at_15_digits, number_of

_NUMBER = deferred(r"[+-]?(?:\d++(?:\.\d*+)?|\.\d++)(?:[eE][+-]?\d++)?", re.ASCII)
_EXACT = deferred(r"-?(?:0|[1-9][0-9]*)\.[0-9]*[1-9]")
"""A number that a double has at its 15 digits just as it is written, where they are no more than these."""
ERRORS: Final = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
"""The errors by the numbers that binary files have for them."""
LOST = "#REF!"
"""What stands in a cell of which the file has lost the text."""
_DAY_SECONDS = 86_400
_EPOCH: Final = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - sheets know no zones


def read_value(written_type: str, text: str, strings: Sequence[str]) -> tuple[CellKind, Content]:
    """Return what a cell holds, from its type attribute (``n s str inlineStr b e d``) and the text of its value.

    A cell of an unknown type is read as a number if it looks like one, else as text. A shared string that is not
    there is an error cell: the officer's text is lost, which must not look like a blank.
    """
    if written_type == "s":
        return _shared(text.strip(), strings)
    if written_type == "str":
        return CellKind.TEXT, unescape(text)
    if written_type == "inlineStr":
        return CellKind.TEXT, text  # decoded already, as the texts of rich strings are
    return _value(written_type, text.strip())


def _value(written_type: str, text: str) -> tuple[CellKind, Content]:
    if not text:
        return CellKind.BLANK, None
    match written_type:
        case "b":
            return CellKind.BOOLEAN, is_true(text)
        case "e":
            return CellKind.ERROR, text
        case "d":
            return _date(text)
        case _:
            return _number(text)


def _shared(text: str, strings: Sequence[str]) -> tuple[CellKind, Content]:
    if not text:
        return CellKind.BLANK, None
    return shared_text(whole(text, -1), strings)


def shared_text(index: int, strings: Sequence[str]) -> tuple[CellKind, Content]:
    """Return a shared string by its number, an error where there is none."""
    return (CellKind.TEXT, strings[index]) if 0 <= index < len(strings) else (CellKind.ERROR, LOST)


def _number(text: str) -> tuple[CellKind, Content]:
    """Return a number as Excel has it: the nearest double, at the 15 digits that it shows."""
    if len(text) <= 15 and text.isascii() and text.isdigit():
        return CellKind.NUMBER, Decimal(text)
    if len(text) <= 15 and _EXACT.fullmatch(text):
        return CellKind.NUMBER, Decimal(text)
    if not _NUMBER.fullmatch(text):
        return CellKind.TEXT, text
    return number_of(float(text))


def _date(text: str) -> tuple[CellKind, Content]:
    """Return an ISO date and time as the serial number, counted from 1900, that others have in its place, else the text."""
    try:
        moment = dt.datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return CellKind.TEXT, text
    days = (moment - _EPOCH).total_seconds() / _DAY_SECONDS
    if days < 61:
        days -= 1  # Excel counts a 29 February 1900
    return CellKind.NUMBER, at_15_digits(days)
