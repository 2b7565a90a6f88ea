"""Words that mean the same wherever they stand: that there is nothing, a tick, 汇总 and 本级; and how a text is spelled.

What is read here from a cell is read so by the reader, the rules and the live half alike. Words of indicator values
(operators, grades, durations) stand in ``perfxl.values.vocabulary``.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

from perfxl.model.regex import deferred

# -- spelling ----------------------------------------------------------------------------------------------------------

_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufe0e\ufe0f\ufeff"
BLANKS: Final = "".join(chr(code) for code in range(0x3001) if chr(code).isspace()) + _INVISIBLE
"""Half- and full-width blanks, line breaks, and characters that take no room."""
_BLANK = deferred(f"[{BLANKS}]+")

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


def trim(text: str) -> str:
    """Return the text without blanks at its ends: half- and full-width, line breaks, zero-width characters."""
    return text.strip(BLANKS)


def compact(text: str) -> str:
    """Return the text without any blanks."""
    return _BLANK.sub("", text)


def half_width(text: str) -> str:
    """Return the text with full-width letters, digits, signs and blanks made half-width; all else stays."""
    return text if text.isascii() else text.translate(_HALF_WIDTH)


def squeezed(text: str) -> str:
    """Return a label or a name as it is compared: NFKC, without blanks: ``（2023 年度）`` → ``(2023年度)``."""
    return compact(text if text.isascii() else unicodedata.normalize("NFKC", text))


# -- nothing -----------------------------------------------------------------------------------------------------------

NOTHING: Final = ("无", "暂无", "不适用", "N/A", "n/a", *"-－–—―─", "--", "——", "──", *"/／\\", "//")
"""What an officer writes where there is nothing to fill in or to report, as it is mostly spelled."""
_WORDS: Final = frozenset({"无", "暂无", "不适用", "N/A", "NA"})
_DASHES: Final = frozenset("-‐‑–—―─")
_SLASHES: Final = frozenset("/\\")
_LONGEST_DASH: Final = 6


@lru_cache(maxsize=1024)
def says_nothing(text: str) -> bool:
    """Tell whether a text says that there is nothing: it is blank, 无 or the like, or a dash or slash alone."""
    said = half_width(compact(text))
    return not said or said.upper() in _WORDS or is_dash(said)


def is_dash(text: str) -> bool:
    """Tell whether a text without blanks is a dash or a slash alone."""
    return 0 < len(text) <= _LONGEST_DASH and (_DASHES.issuperset(text) or _SLASHES.issuperset(text))


# -- ticks -------------------------------------------------------------------------------------------------------------

TICK: Final = "✔"
"""The tick that a workbook offers."""
TICKS: Final = ("✔", "√", "☑", "是")
"""What is a tick beyond doubt (CONTRACT)."""
LIKE_TICKS: Final = ("✓", "✅", "对", "v", "V", "y", "Y", "1")
CROSSES: Final = ("×", "✗", "✘", "☐", "□", "否", "n", "N", "0")
"""What says that something is not ticked. An X may be either."""
_TICKS, _LIKE_TICKS, _CROSSES = map(frozenset, (TICKS, LIKE_TICKS, CROSSES))


def is_tick(text: str) -> bool:
    """Tell whether a text is a tick, or what is typed for one."""
    mark = half_width(compact(text))
    return mark in _TICKS or mark in _LIKE_TICKS


def is_plain_tick(text: str) -> bool:
    """Tell whether a text is a tick beyond doubt."""
    return compact(text) in _TICKS


def is_cross(text: str) -> bool:
    """Tell whether a text says that something is not ticked: a cross, or nothing."""
    return half_width(compact(text)) in _CROSSES or says_nothing(text)


# -- 汇总 and 本级 ------------------------------------------------------------------------------------------------------

WHOLE, OWN = "汇总", "本级"
"""What stands in brackets after the name of a department: it with all its units, or it alone."""
_SCOPE = deferred(rf"\(({WHOLE}|{OWN})\)$")


def scope_of(name: str) -> str:
    """Return 汇总 or 本级 where a unit's name ends in it, "" elsewhere."""
    found = _SCOPE.search(squeezed(name))
    return found[1] if found else ""


def without_scope(name: str) -> str:
    """Return a unit's name as typed, without （汇总） or （本级） at its end."""
    if not scope_of(name):
        return name
    return name[: max(index for index, sign in enumerate(name) if squeezed(sign) == "(")].rstrip(BLANKS)
