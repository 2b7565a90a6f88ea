"""How numbers are typed differently: blanks between digits, Chinese numerals."""

from __future__ import annotations

from typing import Final

from perfxl.model.regex import deferred
from perfxl.model.words import BLANKS

_BLANK_IN_NUMBER = deferred(f"[0-9.,][{BLANKS}]+[0-9.,]")

_DIGITS: Final = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS: Final = {"十": 10, "百": 100, "千": 1000}


def splits_number(text: str) -> bool:
    """Tell whether a blank stands between digits: ``5 4 3`` may be three numbers, so it is not read as 543."""
    return _BLANK_IN_NUMBER.search(text) is not None


def counted(text: str) -> int | None:
    """Return what Chinese numerals up to 九千九百九十九 count, else None: 二十三 → 23, 两百零五 → 205."""
    total, digit, below = 0, None, 10_000
    for character in text:
        if (value := _DIGITS.get(character)) is not None:
            if digit:
                return None  # 三五 is no number, nor is 二〇二四: see ``spelled``
            digit = value
        elif (unit := _TENS.get(character)) is not None:
            if unit >= below or (digit == 0 and unit != 10):
                return None  # 十百: the units must fall
            if digit is None and unit != 10:
                return None  # 百: how many?
            total, digit, below = total + (digit or 1) * unit, None, unit
        else:
            return None
    return total + (digit or 0) if text else None


def spelled(text: str) -> int | None:
    """Return the number that Chinese digits spell one by one, else None: 二〇二四 → 2024."""
    number = 0
    for character in text:
        if (value := _DIGITS.get(character)) is None:
            return None
        number = number * 10 + value
    return number if text else None
