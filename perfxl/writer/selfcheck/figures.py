"""Figures in indicator values, read by a formula: ``≥95%``, ``560个``, ``≤ 1,200 万元``.

The reader of returns knows far more ways to write a value (perfxl.values.indicator). A formula knows an operator, a
number and a unit; with dates, spans, frequencies and words it leaves the judgement to the import.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from perfxl.model.value import IndicatorValue, Value

_SPELLINGS = (
    (" ", ""),
    ("　", ""),
    (",", ""),
    ("，", ""),
    (">=", "≥"),
    ("<=", "≤"),
    ("＞", ">"),
    ("＜", "<"),
    ("％", "%"),
)
_OPERATORS = "≥≤><="
_DIGITS = "0123456789."
_LONGEST = 15
_DOUBTFUL = "0123456789.年月日天周季时前后内外以上下左右每约近不未无至到起止；;/／～~-—(（、"
"""Signs in a unit that make a value more than a figure: a date, a span, a frequency, a sentence."""
DOUBT = "?"
"""The unit of a value that is more than a figure."""
_ROWS = f"ROW($1:${_LONGEST})"


class Parts(NamedTuple):
    """What the formulas give for a value: its text, operator, length and value of the number, unit."""

    text: str
    sign: str
    length: int
    number: Decimal | None
    unit: str


def spelled(cell: str) -> str:
    """Return the formula of a cell's text without blanks and separators, operators in one spelling."""
    text = f'{cell}&""'
    for old, new in _SPELLINGS:
        text = f'SUBSTITUTE({text},"{old}","{new}")'
    return text


def operator(text: str) -> str:
    """Return the formula of the operator that a spelled text begins with, ``""`` for none."""
    return f'IF(AND(LEN({text})>0,ISNUMBER(FIND(LEFT({text}),"{_OPERATORS}"))),LEFT({text}),"")'


def digits(text: str, sign: str) -> str:
    """Return the formula of how many signs the number has that follows the operator; both are cells."""
    sought = f'FIND(MID({text}&"x",LEN({sign})+{_ROWS},1),"{_DIGITS}")'
    return f"{_LONGEST}-SUMPRODUCT(MAX(ISERROR({sought})*({_LONGEST + 1}-{_ROWS})))"


def number(text: str, sign: str, length: str) -> str:
    """Return the formula of the number, ``""`` where there is none."""
    return f'IFERROR(VALUE(MID({text},LEN({sign})+1,{length})),"")'


def unit(text: str, sign: str, length: str) -> str:
    """Return the formula of what follows the number; ``?`` where that makes the value more than a figure."""
    rest = f"MID({text},LEN({sign})+{length}+1,20)"
    doubtful = f'SUMPRODUCT(--ISNUMBER(FIND(MID("{_DOUBTFUL}",ROW($1:${len(_DOUBTFUL)}),1),{rest})))>0'
    return f'IF({doubtful},"{DOUBT}",{rest})'


def taken_apart(value: Value) -> Parts:
    """Return what the formulas give for a value."""
    return _apart(value.text if isinstance(value, IndicatorValue) else "" if value is None else str(value))


@lru_cache(maxsize=4096)
def _apart(text: str) -> Parts:
    for old, new in _SPELLINGS:
        text = text.replace(old, new)
    sign = text[0] if text and text[0] in _OPERATORS else ""
    rest = text[len(sign) :]
    length = next((n for n, letter in enumerate(f"{rest[:_LONGEST]}x") if letter not in _DIGITS), 0)
    typed, behind = rest[:length], rest[length : length + 20]
    number = Decimal(typed) if typed.count(".") <= 1 and typed.strip(".") else None
    doubtful = any(letter in behind for letter in _DOUBTFUL)
    return Parts(text, sign, length, number, DOUBT if doubtful else behind)
