"""How the same thing is typed differently: blanks, full-width characters, Chinese numerals."""

from __future__ import annotations

import re
from typing import Final

_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufe0e\ufe0f\ufeff"
_BLANKS = "".join(chr(code) for code in range(0x3001) if chr(code).isspace()) + _INVISIBLE
_BLANK = re.compile(f"[{_BLANKS}]+")
_BLANK_IN_NUMBER = re.compile(f"[0-9.,][{_BLANKS}]+[0-9.,]")

# Not Unicode's NFKC: that would make 1 of ①, 52 of 5² and m2 of ㎡.
_HALF_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    ord(wide): ord(narrow)
    for wide, narrow in {
        "　": " ",
        "￥": "¥",
        "〜": "~",
        "∼": "~",
        "−": "-",
        "﹣": "-",
        "﹪": "%",
        "﹥": ">",
        "﹤": "<",
        "﹦": "=",
        "﹢": "+",
        "﹐": ",",
    }.items()
}

_DIGITS: Final = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS: Final = {"十": 10, "百": 100, "千": 1000}


def trim(text: str) -> str:
    """Return the text without blanks at its ends: half- and full-width, line breaks, zero-width characters."""
    return text.strip(_BLANKS)


def half_width(text: str) -> str:
    """Return the text with full-width letters, digits, signs and blanks made half-width; all else stays."""
    return text if text.isascii() else text.translate(_HALF_WIDTH)


def compact(text: str) -> str:
    """Return the text without any blanks."""
    return _BLANK.sub("", text)


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
